"""A stream that tells open pages when anything changed; each page then looks for itself."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from aiohttp import web

from bot.errors import StoreUnavailable

if TYPE_CHECKING:
    from bot.ports import Bot

#: Seconds between two looks at the bot's revision.
_LOOK = 0.5
#: Looks without news after which a line is sent, so that a dead connection is noticed.
_QUIET = 30


class Live:
    """Serves `/events`: `changed` with the new revision, `down` while the record cannot be reached."""

    def __init__(self, bot: Bot) -> None:
        """`bot` is asked for its revision, and for nothing else."""
        self._bot = bot
        self._leaving = asyncio.Event()
        self._at = 0.0
        self._known: int | None = None
        self._asking = asyncio.Lock()

    async def close(self, _app: web.Application) -> None:
        """End every stream, so that stopping waits for nobody."""
        self._leaving.set()

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Stream until the page goes or we do."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
        )
        await response.prepare(request)
        with suppress(ConnectionError):
            await self._tell(response, request.headers.get("Last-Event-ID") or request.query.get("since", ""))
        return response

    async def _tell(self, response: web.StreamResponse, told: str) -> None:
        quiet = 0
        await response.write(b"retry: 2000\n\n")
        while not self._leaving.is_set():
            now = await self._revision()
            if now != told:
                told, quiet = now, 0
                event = (
                    f"id: {now}\nevent: changed\ndata: {now}\n\n" if now else "event: down\ndata: down\n\n"
                )
                await response.write(event.encode())
            elif (quiet := quiet + 1) % _QUIET == 0:
                await response.write(b": still here\n\n")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._leaving.wait(), _LOOK)

    async def _revision(self) -> str:
        """Return the revision, asked for once for all who wait; empty where the record cannot be reached."""
        async with self._asking:
            now = asyncio.get_running_loop().time()
            if now - self._at >= _LOOK / 2:
                try:
                    self._known = await self._bot.revision()
                except StoreUnavailable:
                    self._known = None
                self._at = now
        return "" if self._known is None else str(self._known)
