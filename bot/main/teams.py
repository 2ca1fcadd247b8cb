"""Build the Teams channel from the settings: where cards are drawn, and who may press there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

from bot.main.platforms import now
from bot.ports import REMEMBERED, Bot, CaseStore, ChatSurface, Keeper, TrailLine
from bot.settings import Settings, Teams

if TYPE_CHECKING:
    from adapters.chat.teams.settings import TeamsSettings

Trail = Callable[[str], Awaitable[Sequence[TrailLine]]]


def teams_names(settings: Settings) -> tuple[str, ...]:
    """Return the lanes of the Teams channels."""
    return tuple(f"teams:{place.name}" for place in settings.teams.places) if settings.teams else ()


async def teams_channels(
    settings: Settings, keeper: Keeper, trail: Trail, stack: AsyncExitStack
) -> dict[str, ChatSurface]:
    """Return the Teams channels by their lanes; what they hold open is closed with `stack`."""
    if settings.teams is None:
        return {}
    from adapters.chat.teams.channel import TeamsChannel  # noqa: PLC0415 as every adapter: only when it is used
    from adapters.chat.teams.connector import Connector  # noqa: PLC0415
    from adapters.chat.teams.known import Known  # noqa: PLC0415
    from adapters.chat.teams.people import People  # noqa: PLC0415

    chosen = teams_settings(settings.teams)
    connector = await stack.enter_async_context(Connector(chosen))
    known = Known(keeper, chosen)
    people = People([person.teams for person in settings.team.people if person.teams], known)
    channels = [
        TeamsChannel(chosen, place, connector=connector, known=known, trail=trail, people=people)
        for place in chosen.places
    ]
    return {channel.name: channel for channel in channels}


def teams_settings(teams: Teams) -> TeamsSettings:
    """Return what the adapter is set to."""
    from adapters.chat.teams.settings import TeamsPlace, TeamsSettings  # noqa: PLC0415

    places = tuple(
        TeamsPlace(
            name=place.name,
            channel=place.channel,
            languages=frozenset(place.languages),
            platforms=frozenset(place.platforms),
            categories=frozenset(category.value for category in place.categories),
            severity=place.severity.value,
            risks=place.risks,
            stub=place.stub,
        )
        for place in teams.places
    )
    return TeamsSettings(
        app_id=teams.app_id,
        secret=teams.secret.get_secret_value() if teams.secret else "",
        tenant=teams.tenant,
        tenants=frozenset({teams.tenant, *teams.tenants}),
        places=places,
        inline=teams.inline,
    )


async def serve_teams(
    bot: Bot,
    store: CaseStore,
    keeper: Keeper,
    settings: Teams,
    stack: AsyncExitStack,
    group: asyncio.TaskGroup,
) -> list[Any]:
    """Return the routes for the public door, where Teams posts to us."""
    from adapters.chat.after import Afterwards  # noqa: PLC0415
    from adapters.chat.granting import Grant  # noqa: PLC0415
    from adapters.chat.teams.app import TeamsApp  # noqa: PLC0415
    from adapters.chat.teams.connector import Connector  # noqa: PLC0415
    from adapters.chat.teams.directory import Directory  # noqa: PLC0415
    from adapters.chat.teams.door import http_routes  # noqa: PLC0415
    from adapters.chat.teams.known import Known  # noqa: PLC0415
    from adapters.chat.teams.tokens import Keys  # noqa: PLC0415
    from adapters.http import client  # noqa: PLC0415

    chosen = teams_settings(settings)
    connector = await stack.enter_async_context(Connector(chosen))
    known, http = Known(keeper, chosen), await stack.enter_async_context(client())
    ids = {name: person.id for person in bot.team.people for name in (person.teams, person.email) if name}
    groups = {group.teams: Grant(group.roles, group.desks) for group in bot.team.groups if group.teams}
    directory = Directory(bot.team, connector, known, chosen, clock=now, ids=ids, groups=groups)
    after = Afterwards()
    stack.push_async_callback(after.finished)

    async def once(name: str) -> bool:
        return await store.once(f"teams:{name}", keep=REMEMBERED)

    group.create_task(directory.warm(), name="teams people")
    app = TeamsApp(bot, chosen, connector, known, directory, clock=now, once=once, after=after)
    return list(http_routes(app, chosen, Keys(http, chosen.cloud, now), once=once, after=after))
