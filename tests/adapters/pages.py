"""Somebody's phone on loopback: it keeps what it was paged, answers what it is told to, or never answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

SECRET = "s3cretpath"


@dataclass
class Phone:
    """What was paged there. `status` is answered; with `silent` nothing is."""

    port: int = 0
    status: int = 200
    silent: bool = False
    paged: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def address(self) -> str:
        """As apprise is told of it."""
        return f"json://user:{SECRET}@127.0.0.1:{self.port}/{SECRET}?rto=60"

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        body = await request.json()
        if self.silent:
            await self.over.wait()
        if self.status == 200:
            self.paged.append(body)
        return web.Response(status=self.status, headers={"Location": "/elsewhere"})


@asynccontextmanager
async def a_phone() -> AsyncIterator[Phone]:
    phone, app = Phone(), web.Application()
    app.router.add_route("*", "/{path:.*}", phone.answer)
    runner = web.AppRunner(app, shutdown_timeout=1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    phone.port = runner.addresses[0][1]
    try:
        yield phone
    finally:
        phone.over.set()
        await runner.cleanup()
