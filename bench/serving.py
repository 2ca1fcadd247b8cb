"""What the children that serve a chat have in common: the product on a record, a door, a way to end."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bench.stage import Stage, connected, demo_settings, temporary_folder
from bot.ports import ChatSurface


@asynccontextmanager
async def house(record: str, *channels: ChatSurface) -> AsyncGenerator[Stage[Any]]:
    """Yield the product on a record; its cards stand in `channels`, else on the console."""
    with temporary_folder() as folder:
        named = {channel.name: channel for channel in channels}
        async with connected(demo_settings(folder), record, channels=named or None) as stage:
            yield stage


@asynccontextmanager
async def served(door: web.Application, path: str) -> AsyncGenerator[None]:
    """Serve on loopback, and say where."""
    runner = web.AppRunner(door, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        tell(url=f"http://127.0.0.1:{runner.addresses[0][1]}{path}")
        yield
    finally:
        await runner.cleanup()


async def told_to_end() -> None:
    """Wait until nobody listens any more."""
    await asyncio.to_thread(sys.stdin.read)


async def nothing(*_: Any) -> Any:
    """Take no hook."""
    raise web.HTTPNotFound


def tell(**words: Any) -> None:
    """Say something to the measuring process."""
    print(json.dumps(words), flush=True)
