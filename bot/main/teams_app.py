"""The Teams app itself: the package it is made from, and what `levelhead check` says of it."""

from __future__ import annotations

from bot.settings import Teams


def teams_package(teams: Teams, url: str) -> tuple[bytes, str]:
    """Return the app's package, a zip, for our public address `url`, and where Teams has to post to us."""
    from adapters.chat.teams.package import endpoint, package  # noqa: PLC0415 as every adapter: only when it is used

    return package(teams.app_id, url), endpoint(url)
