"""A running square to test against: its rules on a file of its own, its door on loopback."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp import web

from adapters.square.web import PREFIX, square_routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from adapters.square.site import Site

TOKEN = "a-token-for-tests"
COMPLAINT = "@brightloaf my rolls were cold"


class Square:
    """A browser's and a program's view of one running square."""

    def __init__(self, site: Site, session: aiohttp.ClientSession, base: str) -> None:
        self.site, self.session, self.base = site, session, base

    async def ask(self, method: str, path: str, **sent: Any) -> tuple[int, Any]:
        async with self.session.request(method, f"{self.base}/square{path}", **sent) as answer:
            is_json = answer.content_type == "application/json"
            return answer.status, await (answer.json() if is_json else answer.text())

    async def reply(self, text: str, to: str | None, key: str = "k1", token: str = TOKEN) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        return await self.ask("POST", "/api/posts", json={"text": text, "in_reply_to": to}, headers=headers)

    async def form(self, path: str, origin: str | None = "", **fields: str) -> tuple[int, str]:
        headers = {} if origin is None else {"Origin": origin or self.base}
        return await self.ask("POST", path, data=fields, headers=headers, allow_redirects=False)

    async def events(self, since: int = 0, limit: int = 100) -> tuple[list[dict[str, Any]], int]:
        status, answer = await self.ask("GET", f"/api/mentions?since={since}&limit={limit}")
        assert status == 200
        return answer["events"], answer["next"]

    async def heard(self, since: int = 0) -> list[tuple[str, str]]:
        return [(event["kind"], event["post"]["id"]) for event in (await self.events(since))[0]]


@asynccontextmanager
async def a_square(site: Site) -> AsyncIterator[Square]:
    door = web.Application(client_max_size=2**20)
    door.add_subapp(PREFIX, square_routes(site, token=TOKEN))
    runner = web.AppRunner(door, shutdown_timeout=1)
    await runner.setup()
    listening = web.TCPSite(runner, "127.0.0.1", 0)
    await listening.start()
    port = runner.addresses[0][1]
    async with aiohttp.ClientSession() as session:
        yield Square(site, session, f"http://127.0.0.1:{port}")
    await runner.cleanup()
