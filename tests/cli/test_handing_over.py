"""Our own server passes from one process to another, as when a command ends just as the bot starts."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import pytest

from adapters.store.embedded import embedded
from bot.errors import StoreUnavailable
from bot.main import wiring
from bot.settings import Settings, load_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(tmp_path, {}, demo=True)


async def test_a_server_that_comes_up_in_anothers_place_is_waited_for(settings: Settings) -> None:
    with tempfile.TemporaryDirectory(prefix="lh-") as name:
        joining = asyncio.create_task(wiring._store(f"unix://{name}/redis.sock", settings))
        await asyncio.sleep(0.02)
        async with embedded(Path(name)):
            store = await joining
            assert await store.count_open() == 0
            await store.aclose()


async def test_a_redis_of_the_operators_that_is_gone_is_told_at_once(tmp_path: Path) -> None:
    url = f"unix://{tmp_path}/none.sock"
    settings = load_settings(tmp_path, {"REDIS_URL": url}, demo=True)
    async with asyncio.timeout(2):
        with pytest.raises(StoreUnavailable, match="cannot be reached"):
            await wiring._store(url, settings)
