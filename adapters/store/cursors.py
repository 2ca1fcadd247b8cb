"""Cursors: where each source is read on, by one process at a time, under a fence that only grows."""

from __future__ import annotations

from datetime import timedelta

from adapters.store.keys import ms
from adapters.store.link import script
from adapters.store.part import Part
from bot.errors import LeaseLost
from bot.ports import Cursor, SourceLease

TAKE, PUT = script("take"), script("put")


class RedisCursors(Part):
    """The `Cursors` port."""

    async def take(self, source: str, *, by: str, lease: timedelta) -> SourceLease | None:
        """Take or keep the right to read `source`; `None` while somebody else has it."""
        args = [by, self._now(), self._now() + ms(lease)]
        fence: int = await self._link.run(TAKE, [self._keys.source(source)], args)
        return SourceLease(source, fence) if fence else None

    async def get(self, source: str) -> Cursor | None:
        """Return where to read on, `None` for a new source."""
        raw: bytes | None = await self._link.send("HGET", self._keys.source(source), "cursor")
        return None if raw is None else raw.decode()

    async def put(self, lease: SourceLease, cursor: Cursor) -> None:
        """Move the cursor; raises `LeaseLost` when a newer reader has taken over."""
        if not await self._link.run(PUT, [self._keys.source(lease.source)], [lease.fence, cursor]):
            raise LeaseLost(f"another process reads {lease.source!r} now; its cursor stands")
