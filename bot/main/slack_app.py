"""The Slack app itself: the manifest it is made from, and what `levelhead check` says of it."""

from __future__ import annotations

from bot.main.platforms import now
from bot.main.slack import slack_settings
from bot.settings import Slack


def slack_manifest(url: str | None) -> str:
    """Return the manifest as JSON: for Socket Mode, or for requests to our public address `url`."""
    from adapters.chat.slack.manifest import manifest_text  # noqa: PLC0415 as every adapter: only when it is used

    return manifest_text(socket=url is None, url=url or "")


async def slack_checks(slack: Slack) -> list[tuple[bool | None, str, str]]:
    """Return whether each thing is well (`None`: worth knowing), its name, and what to do."""
    from adapters.chat.slack.checking import check  # noqa: PLC0415

    return await check(slack_settings(slack), now=now)
