"""The Teams that these tests live in, and the house behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.adapters.msteams import Teams, a_teams
from tests.adapters.msteams_rooms import Room, a_teams_room
from tests.adapters.teams.drawing.teams_houses import a_teams_house
from tests.builders import Watch
from tests.flows.houses import House


@pytest_asyncio.fixture
async def teams() -> AsyncIterator[Teams]:
    async with a_teams() as teams:
        yield teams


@pytest_asyncio.fixture
async def house(embedded_url: str, tmp_path: Path, watch: Watch, teams: Teams) -> AsyncIterator[House]:
    """A house whose lane takes any number of drawings: pace is the channel's own tests' matter."""
    async with a_teams_house(embedded_url, tmp_path, watch, teams) as house:
        for channel in house.parts.channels.values():
            channel.pace = None
        yield house


@pytest_asyncio.fixture
async def room(house: House, teams: Teams) -> AsyncIterator[Room]:
    async with a_teams_room(house, teams) as room:
        yield room
