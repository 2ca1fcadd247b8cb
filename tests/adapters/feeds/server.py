"""A server of one feed on loopback: it serves what the test puts there, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from aiohttp import web

from adapters.platforms.feed import Feed
from bot.domain.keywords import Keywords
from tests.builders import NOON

SAMPLES = Path(__file__).parent


@dataclass
class Server:
    """`pages` by path: the answer, made anew for each request."""

    base: str = ""
    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[web.Request] = field(default_factory=list)

    def serve(self, body: str | bytes, path: str = "/feed", status: int = 200, **headers: str) -> None:
        sent = {"Content-Type": "application/xml", **{k.replace("_", "-"): v for k, v in headers.items()}}
        body = body.encode() if isinstance(body, str) else body
        self.pages[path] = {"body": body, "status": status, "headers": sent}

    def moves(self, path: str, to: str, status: int = 301) -> None:
        self.serve(b"", path, status, Location=to)

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.asked]

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request)
        page = self.pages.get(request.path)
        if page is None:
            return web.Response(status=404)
        etag = page["headers"].get("ETag")
        if etag and request.headers.get("If-None-Match", "").removeprefix("W/") == etag.removeprefix("W/"):
            return web.Response(status=304)
        return web.Response(**page)

    def feed(self, path: str = "/feed", *words: str, name: str = "blogs", **more: Any) -> Feed:
        fields: dict[str, Any] = {
            "name": name, "platform": "blog", "url": self.base + path, "clock": lambda: NOON,
            "keywords": Keywords(words=words) if words else None,
        }  # fmt: skip
        return Feed(**(fields | more))


@asynccontextmanager
async def a_server() -> AsyncIterator[Server]:
    server = Server()
    app = web.Application()
    app.router.add_get("/{path:.*}", server.answer)
    runner = web.AppRunner(app, shutdown_timeout=1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()


def item(text: str = "Brightloaf was late again", **tags: str) -> str:
    """An RSS item; a tag set to "" is left out."""
    fields = {"title": text, "guid": "", "link": "", "pubDate": "", "description": ""} | tags
    return "<item>" + "".join(f"<{t}>{escape(v)}</{t}>" for t, v in fields.items() if v) + "</item>"


def rss(*items: str, head: str = "<title>Bread Blog</title>") -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'
