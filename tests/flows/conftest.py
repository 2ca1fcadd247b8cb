"""The house that the tests of the flows live in."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
import structlog

from tests.builders import Watch
from tests.flows.houses import House, a_house


@pytest_asyncio.fixture
async def house(embedded_url: str, tmp_path: Path, watch: Watch) -> AsyncIterator[House]:
    async with a_house(embedded_url, tmp_path, watch) as house:
        yield house


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Tracebacks with all their variables, as structlog draws them when nobody set it up, take seconds."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**before)
