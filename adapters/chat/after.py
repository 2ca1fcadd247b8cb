"""What is done after a press was acknowledged: counted, so that a process that leaves can wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import structlog

log = structlog.get_logger(__name__)

T = TypeVar("T")


class Afterwards:
    """Work that goes on by itself. Nothing that counts is done here: a press is recorded before."""

    def __init__(self) -> None:
        """Nothing is under way yet."""
        self._tasks: set[asyncio.Task[Any]] = set()
        self._timers: set[asyncio.TimerHandle] = set()

    def later(self, seconds: float, call: Callable[[], None]) -> asyncio.TimerHandle:
        """Call `call` in a while; a process that leaves before does not wait for it, and cancels it."""

        def rings() -> None:
            self._timers.discard(timer)
            call()

        timer = asyncio.get_running_loop().call_later(seconds, rings)
        self._timers.add(timer)
        return timer

    def do(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Start `work`; how it fails is logged, without its words."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("afterwards_failed", exc_info=error)

    async def finished(self) -> None:
        """Wait until nothing is under way; what was to be called later is not."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    @staticmethod
    async def within(task: asyncio.Task[T], seconds: float) -> bool:
        """Return whether `task` is done within so many seconds; it goes on if it is not."""
        done, _ = await asyncio.wait({task}, timeout=max(seconds, 0))
        return bool(done)
