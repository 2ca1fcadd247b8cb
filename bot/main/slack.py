"""Build the Slack channel from the settings: where cards are drawn, and who may press there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

from bot.main.platforms import now
from bot.ports import REMEMBERED, Bot, CaseStore, ChatSurface, TrailLine
from bot.settings import Settings, Slack

if TYPE_CHECKING:
    from adapters.chat.slack.settings import SlackSettings

Trail = Callable[[str], Awaitable[Sequence[TrailLine]]]


def slack_names(settings: Settings) -> tuple[str, ...]:
    """Return the lanes of the Slack channels."""
    return tuple(f"slack:{place.name}" for place in settings.slack.places) if settings.slack else ()


async def slack_channels(settings: Settings, trail: Trail, stack: AsyncExitStack) -> dict[str, ChatSurface]:
    """Return the Slack channels by their lanes; what they hold open is closed with `stack`."""
    if settings.slack is None:
        return {}
    from adapters.chat.slack.channel import SlackChannel  # noqa: PLC0415 as every adapter: only when it is used
    from adapters.chat.slack.web import SlackWeb  # noqa: PLC0415

    chosen = slack_settings(settings.slack)
    web = await stack.enter_async_context(SlackWeb(chosen))
    channels = [SlackChannel(chosen, place, clock=now, client=web, trail=trail) for place in chosen.places]
    return {channel.name: channel for channel in channels}


def slack_settings(slack: Slack) -> SlackSettings:
    """Return what the adapter is set to."""
    from adapters.chat.slack.settings import SlackPlace, SlackSettings  # noqa: PLC0415

    places = tuple(
        SlackPlace(
            name=place.name,
            channel=place.channel,
            languages=frozenset(place.languages),
            platforms=frozenset(place.platforms),
            categories=frozenset(category.value for category in place.categories),
            severity=place.severity.value,
            risks=place.risks,
            stub=place.stub,
        )
        for place in slack.places
    )
    return SlackSettings(
        mode=slack.mode,
        bot_token=slack.bot_token.get_secret_value() if slack.bot_token else "",
        app_token=slack.app_token.get_secret_value() if slack.app_token else "",
        signing_secret=slack.signing_secret.get_secret_value() if slack.signing_secret else "",
        team=slack.team,
        places=places,
    )


async def serve_slack(
    bot: Bot, store: CaseStore, settings: Slack, stack: AsyncExitStack, group: asyncio.TaskGroup,
    stop: asyncio.Event,
) -> list[Any]:  # fmt: skip
    """Listen to Slack: by Socket Mode until `stop`, or return the routes for the public door."""
    from adapters.chat.after import Afterwards  # noqa: PLC0415
    from adapters.chat.granting import Grant  # noqa: PLC0415
    from adapters.chat.slack.app import slack_app  # noqa: PLC0415
    from adapters.chat.slack.directory import Directory  # noqa: PLC0415
    from adapters.chat.slack.door import http_routes  # noqa: PLC0415
    from adapters.chat.slack.socket_mode import run_socket  # noqa: PLC0415
    from adapters.chat.slack.web import SlackWeb  # noqa: PLC0415

    chosen = slack_settings(settings)
    web = await stack.enter_async_context(SlackWeb(chosen))
    ids = {name: person.id for person in bot.team.people for name in (person.slack, person.email) if name}
    groups = {group.slack: Grant(group.roles, group.desks) for group in bot.team.groups if group.slack}
    directory = Directory(bot.team, web, clock=now, ids=ids, groups=groups, workspace=settings.team)
    after = Afterwards()
    stack.push_async_callback(after.finished)

    async def once(name: str) -> bool:
        return await store.once(f"slack:{name}", keep=REMEMBERED)

    app = slack_app(bot, chosen, directory, clock=now, once=once, after=after)
    group.create_task(directory.warm(), name="slack people")
    if chosen.mode == "http":
        return list(http_routes(app, chosen))
    group.create_task(run_socket(app, chosen, stop), name="slack socket")
    return []
