"""What a chat told us a while ago: kept fresh while it is used, and for an hour when the chat is away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import structlog

from bot.errors import PlatformError
from bot.ports import Clock

log = structlog.get_logger(__name__)

T = TypeVar("T")

#: Used as it is; asked again meanwhile, from this age on; used only while the chat is away; never used.
AGAIN, FRESH, STALE = timedelta(minutes=5), timedelta(minutes=10), timedelta(hours=1)
#: A press has three seconds in all, and the record needs most of them.
PATIENCE = 1.0
#: So many answers are kept.
MOST = 10_000


class Unreachable(Exception):
    """The chat did not answer, and what we knew is too old."""


class Memory(Generic[T]):
    """The answers to one question, by what was asked."""

    def __init__(self, ask: Callable[[str], Awaitable[T]], clock: Clock) -> None:
        """`ask` asks the chat; it raises `PlatformError`."""
        self._ask, self._clock = ask, clock
        self._kept: dict[str, tuple[datetime, T]] = {}
        self._asking: dict[str, asyncio.Task[T]] = {}

    async def of(self, key: str) -> T:
        """Return the answer for `key`; raises `Unreachable`."""
        now = self._clock()
        at, known = self._kept.get(key, (None, None))
        if at is not None and now - at < FRESH:
            if now - at >= AGAIN:
                self._start(key)
            return known  # pyright: ignore[reportReturnType] it was kept together with its time
        asking = self._start(key)
        try:
            # Shielded: others may wait for the same answer, and the next press is glad of it.
            return await asyncio.wait_for(asyncio.shield(asking), PATIENCE)
        except (PlatformError, TimeoutError) as failure:
            if at is not None and now - at < STALE:
                return known  # pyright: ignore[reportReturnType]
            raise Unreachable from failure

    def _start(self, key: str) -> asyncio.Task[T]:
        if (asking := self._asking.get(key)) is not None:
            return asking
        asking = self._asking[key] = asyncio.create_task(self._keep(key))
        asking.add_done_callback(lambda done: self._asked(key, done))
        return asking

    async def _keep(self, key: str) -> T:
        answer = await self._ask(key)
        while len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = (self._clock(), answer)
        return answer

    def _asked(self, key: str, done: asyncio.Task[T]) -> None:
        self._asking.pop(key, None)
        if not done.cancelled() and (error := done.exception()) is not None:
            log.warning("directory_failed", error=type(error).__name__)
