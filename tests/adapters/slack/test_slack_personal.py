"""A message of our own to one colleague in Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from adapters.chat.slack.channel import SlackChannel
from adapters.chat.slack.limits import MESSAGE_TEXT
from adapters.chat.slack.web import SlackWeb
from bot.domain.team import Person
from bot.errors import PlatformBusy, PlatformRejected
from tests.adapters.slack.drawing.slack_houses import TEAM_PLACE
from tests.adapters.slacks import Slack
from tests.builders import MANAGER, Watch

ADDRESS = "mark@brightloaf.example"


@pytest_asyncio.fixture
async def channel(slack: Slack, watch: Watch) -> AsyncIterator[SlackChannel]:
    slack.user("U0000MARK", email=ADDRESS)
    settings = slack.settings(places=(TEAM_PLACE,))
    async with SlackWeb(settings) as web:
        yield SlackChannel(settings, TEAM_PLACE, clock=watch, client=web)


def mark(**who: str) -> Person:
    return MANAGER.model_copy(update=who)


def told(slack: Slack) -> list[str]:
    return [message["text"] for message in slack.messages("DU0000MARK")]


@pytest.mark.parametrize("who", [{"slack": "U0000MARK"}, {"email": ADDRESS}])
async def test_a_colleague_is_told_by_their_id_or_their_address(
    slack: Slack, channel: SlackChannel, who: dict[str, str]
) -> None:
    assert await channel.tell(mark(**who), "The channel is gone.")
    assert told(slack) == ["The channel is gone."]
    assert slack.messages("C1") == []


async def test_who_is_known_by_an_id_is_not_looked_up(slack: Slack, channel: SlackChannel) -> None:
    assert await channel.tell(mark(slack="U0000MARK", email="old@brightloaf.example"), "x")
    assert slack.times("users.lookupByEmail") == 0


@pytest.mark.parametrize(
    "changes", [{"deleted": True}, {"is_bot": True}, {"is_stranger": True}, {"is_email_confirmed": False}]
)
async def test_an_address_that_proves_no_colleague_is_told_nothing(
    slack: Slack, channel: SlackChannel, changes: dict[str, Any]
) -> None:
    slack.users["U0000MARK"].update(changes)
    assert not await channel.tell(mark(email=ADDRESS), "The channel is gone.")
    assert slack.times("chat.postMessage") == 0


async def test_what_is_told_pings_nobody_links_nowhere_and_fits(slack: Slack, channel: SlackChannel) -> None:
    nasty = "<!here> <@U1> <https://evil.example|us> *bold* \u202eevil"
    assert await channel.tell(mark(slack="U0000MARK"), nasty + " word" * 2_000)
    (said,) = told(slack)
    assert len(said) <= MESSAGE_TEXT
    assert "&lt;!here&gt;" in said
    assert not {"<", ">", "\u202e"} & set(said)
    assert "*bold*" not in said
    (asked,) = [asked for method, asked in slack.calls if method == "chat.postMessage"]
    assert asked["unfurl_links"] is asked["unfurl_media"] is False


async def test_a_slack_that_cannot_tell_is_no_colleague_who_is_unknown(
    slack: Slack, channel: SlackChannel
) -> None:
    slack.fail_next("users.lookupByEmail", "ratelimited")
    with pytest.raises(PlatformBusy):
        await channel.tell(mark(email=ADDRESS), "x")
    slack.revoke()
    for who in ({"slack": "U0000MARK"}, {"email": ADDRESS}):
        with pytest.raises(PlatformRejected, match="the bot token was revoked"):
            await channel.tell(mark(**who), "x")
    assert "DU0000MARK" not in slack.channels, "nobody has begun a conversation"
