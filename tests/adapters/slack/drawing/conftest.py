"""A Slack, a channel in it, and a house whose cards stand there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.chat.slack.channel import SlackChannel
from adapters.chat.slack.web import SlackWeb
from tests.adapters.slack.drawing.slack_houses import LONG_AGO, TEAM_PLACE, a_slack_house
from tests.adapters.slacks import Slack, a_slack
from tests.builders import Watch
from tests.flows.houses import House


@pytest.fixture(autouse=True)
def quiet() -> None:
    """Let be logged what is logged: some tests look at it."""


@pytest.fixture
def old_watch() -> Watch:
    """A clock that is behind Slack's, which is the machine's."""
    return Watch(LONG_AGO)


@pytest_asyncio.fixture
async def slack() -> AsyncIterator[Slack]:
    async with a_slack() as slack:
        yield slack


@pytest_asyncio.fixture
async def channel(slack: Slack, old_watch: Watch) -> AsyncIterator[SlackChannel]:
    settings = slack.settings(places=(TEAM_PLACE,))
    async with SlackWeb(settings) as web:
        yield SlackChannel(settings, TEAM_PLACE, clock=old_watch, client=web)


@pytest_asyncio.fixture
async def house(embedded_url: str, tmp_path: Path, old_watch: Watch, slack: Slack) -> AsyncIterator[House]:
    async with a_slack_house(embedded_url, tmp_path, old_watch, slack) as house:
        yield house
