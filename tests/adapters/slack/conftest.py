"""The Slack that these tests live in, and the house behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.adapters.slack_rooms import Room, a_room
from tests.adapters.slacks import Slack, a_slack
from tests.builders import Watch
from tests.flows.conftest import quiet
from tests.flows.houses import House, a_house

__all__ = ["quiet"]


@pytest_asyncio.fixture
async def slack() -> AsyncIterator[Slack]:
    async with a_slack() as slack:
        yield slack


@pytest_asyncio.fixture
async def house(embedded_url: str, tmp_path: Path, watch: Watch) -> AsyncIterator[House]:
    async with a_house(embedded_url, tmp_path, watch) as house:
        yield house


@pytest_asyncio.fixture
async def room(house: House, slack: Slack) -> AsyncIterator[Room]:
    async with a_room(house, slack) as room:
        yield room
