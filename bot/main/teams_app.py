"""The Teams app itself: the package it is made from, and what `levelhead check` says of it."""

from __future__ import annotations

from bot.main.platforms import now
from bot.main.teams import teams_settings
from bot.ports import Keeper
from bot.settings import Teams


def teams_package(teams: Teams, url: str) -> tuple[bytes, str]:
    """Return the app's package, a zip, for our public address `url`, and where Teams has to post to us."""
    from adapters.chat.teams.package import endpoint, package  # noqa: PLC0415 as every adapter: only when it is used

    return package(teams.app_id, url), endpoint(url)


async def teams_checks(teams: Teams, keeper: Keeper) -> list[tuple[bool | None, str, str]]:
    """Return whether each thing is well (`None`: worth knowing), its name, and what to do.

    `keeper` has where Teams was heard from last. Raises `StoreUnavailable`.
    """
    from adapters.chat.teams.checking import check  # noqa: PLC0415
    from adapters.chat.teams.known import Known  # noqa: PLC0415

    chosen = teams_settings(teams)
    return await check(chosen, await Known(keeper, chosen).service(), now=now)
