"""A Teams, a channel in it, and a house whose cards stand there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.chat.teams.channel import TeamsChannel
from adapters.chat.teams.connector import Connector
from adapters.chat.teams.known import Known
from tests.adapters.msteams import Teams, a_teams
from tests.adapters.slack.drawing.slack_houses import LONG_AGO
from tests.adapters.slacks import Slack, a_slack
from tests.adapters.teams.drawing.teams_houses import Notebook, a_teams_house
from tests.builders import Watch
from tests.flows.houses import House


@pytest.fixture(autouse=True)
def quiet() -> None:
    """Let be logged what is logged: some tests look at it."""


@pytest.fixture
def old_watch() -> Watch:
    """A clock that is behind the machine's."""
    return Watch(LONG_AGO)


@pytest_asyncio.fixture
async def teams() -> AsyncIterator[Teams]:
    async with a_teams() as teams:
        yield teams


@pytest_asyncio.fixture
async def slack() -> AsyncIterator[Slack]:
    async with a_slack() as slack:
        yield slack


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
def known(teams: Teams, notebook: Notebook) -> Known:
    return Known(notebook, teams.settings())


@pytest_asyncio.fixture
async def connector(teams: Teams) -> AsyncIterator[Connector]:
    async with Connector(teams.settings()) as connector:
        yield connector


@pytest.fixture
def channel(teams: Teams, connector: Connector, known: Known) -> TeamsChannel:
    settings = teams.settings()
    return TeamsChannel(settings, settings.places[0], connector=connector, known=known)


@pytest_asyncio.fixture
async def house(embedded_url: str, tmp_path: Path, old_watch: Watch, teams: Teams) -> AsyncIterator[House]:
    async with a_teams_house(embedded_url, tmp_path, old_watch, teams) as house:
        yield house
