"""The house that the tests of the flows live in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.builders import Watch
from tests.flows.houses import House, a_house


@pytest_asyncio.fixture
async def house(embedded_url: str, tmp_path: Path, watch: Watch) -> AsyncIterator[House]:
    async with a_house(embedded_url, tmp_path, watch) as house:
        yield house
