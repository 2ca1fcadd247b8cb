"""Ask a server how far it is, and wait: without limit while it loads, not for ever while it is silent."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from bot.errors import StoreUnavailable

if TYPE_CHECKING:
    from pathlib import Path

#: Seconds between two looks.
WAITING = 0.05
#: Seconds between two lines that say how far loading is.
TELLING = 5.0
OUR_OWN = "or set REDIS_URL to a Redis of your own"

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


def look(path: Path) -> dict[str, Any] | None:
    """What the server at `path` says about its data; `None` when nobody answers.

    In a thread: the client's asyncio half can swallow a cancellation on Python 3.11 (`asyncio.wait_for`).
    """
    try:
        with _client(path) as client:
            return client.info("persistence")
    except (RedisError, OSError):
        return None


def ask_to_end(path: Path) -> None:
    with suppress(RedisError, OSError), _client(path) as client:
        client.execute_command("SHUTDOWN", "NOSAVE")


def ready(state: dict[str, Any] | None) -> bool:
    return state is not None and state.get("loading") == 0


def _client(path: Path) -> Any:
    return Redis(unix_socket_path=str(path), socket_timeout=2, retry=Retry(NoBackoff(), 0))


class Patience:
    """Waits without limit for one who says "loading", and so many seconds for one who says nothing."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._heard = self._told = time.monotonic()

    async def after(self, state: dict[str, Any] | None, why: str) -> None:
        """Wait a moment. `state` is what the server last said, `why` the reason we wait."""
        now = time.monotonic()
        if state is not None:
            self._heard = now
        elif now - self._heard > self._seconds:
            raise StoreUnavailable(
                f"{why}, and nothing has answered for {self._seconds:g} s; end that process, {OUR_OWN}"
            )
        if now - self._told > TELLING:
            self._told = now
            log.info("store.waiting", why=why, loaded_percent=state and state.get("loading_loaded_perc"))
        await asyncio.sleep(WAITING)
