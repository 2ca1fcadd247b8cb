"""The one connection to the server: runs scripts, keeps to its words when it fails.

Whatever Redis says to that is not an answer becomes `StoreUnavailable`, with what to do about it.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha1
from pathlib import Path
from typing import Any, TypeAlias, cast

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
)
from redis.exceptions import ConnectionError as Disconnected
from redis.exceptions import TimeoutError as TimedOut

from bot.errors import BadSettings, StoreUnavailable

#: Seconds a server may take to answer. A script is done in a millisecond; a slow disk may take its time.
ANSWER = 5.0
#: Seconds to connect, and to wait for one of our own connections to be free.
CONNECT, FREE = 5.0, 20.0
CONNECTIONS = 32

Words: TypeAlias = str | bytes | int | float


@dataclass(frozen=True, slots=True)
class Script:
    """A script that runs on the server, in one step: all of it or nothing."""

    name: str
    source: str
    sha: str


@cache
def script(name: str, *, after: str = "") -> Script:
    """Load a script from its file, behind the one that defines what it uses."""
    folder = Path(__file__).with_name("scripts")
    parts = [folder / f"{part}.lua" for part in (after, name) if part]
    source = "".join(part.read_text("utf-8") for part in parts)
    return Script(name, source, sha1(source.encode(), usedforsecurity=False).hexdigest())


@dataclass(frozen=True, slots=True)
class Call:
    """One run of a script."""

    script: Script
    keys: Sequence[str]
    args: Sequence[Words]

    @property
    def command(self) -> tuple[Words, ...]:
        """The command to send."""
        return ("EVALSHA", self.script.sha, len(self.keys), *self.keys, *self.args)


class Link:
    """A pool of connections to one server."""

    def __init__(self, url: str) -> None:
        """Connect lazily to `url`: `unix://`, `redis://` or `rediss://`. Raises `BadSettings`."""
        try:
            pool = BlockingConnectionPool.from_url(  # pyright: ignore[reportUnknownMemberType] (redis: **kwargs)
                url,
                max_connections=CONNECTIONS,
                timeout=FREE,
                socket_timeout=ANSWER,
                socket_connect_timeout=CONNECT,
                decode_responses=False,
                # Once, at a cut connection: every call is safe to send twice, and nobody should wait long.
                retry=Retry(ExponentialBackoff(cap=0.2, base=0.05), 1, supported_errors=(Disconnected,)),
                health_check_interval=0,
            )
        except ValueError:
            # Without the error's words, which quote what stands where a port should: a part of the password.
            raise BadSettings(
                "the address of Redis is wrong; expected redis://HOST or redis://USER:PASSWORD@HOST:PORT, "
                "with signs such as / # [ in the password percent-encoded"
            ) from None
        try:
            pool.make_connection()  # connects to nothing yet; a name that no connection knows stops it
        except TypeError:
            raise BadSettings(
                "the address of Redis has an option after its ? that no connection knows; "
                "expected those of redis-py, such as ssl_ca_certs, ssl_certfile, ssl_keyfile or db"
            ) from None
        self.client = Redis(connection_pool=pool)

    async def close(self) -> None:
        """Close every connection."""
        await self.client.aclose()
        await self.client.connection_pool.disconnect()

    async def run(self, run: Script, keys: Sequence[str], args: Sequence[Words] = ()) -> Any:
        """Run one script; load it first where the server does not have it."""
        with in_our_words():
            command = Call(run, keys, args).command
            try:
                return await self._send(*command)
            except NoScriptError:
                await self._send("SCRIPT", "LOAD", run.source)
                return await self._send(*command)

    async def send(self, *command: Words) -> Any:
        """Send one plain command."""
        with in_our_words():
            return await self._send(*command)

    async def batch(self, calls: Sequence[Call | tuple[Words, ...]]) -> list[Any]:
        """Send several in one round trip; each stands alone, in this order."""
        with in_our_words():
            answers = await self._send_all(calls)
            missing = [i for i, answer in enumerate(answers) if isinstance(answer, NoScriptError)]
            if missing:
                for source in {call.script.source for call in calls if isinstance(call, Call)}:
                    await self._send("SCRIPT", "LOAD", source)
                again = await self._send_all([calls[i] for i in missing])
                for i, answer in zip(missing, again, strict=True):
                    answers[i] = answer
            for answer in answers:
                if isinstance(answer, RedisError):
                    raise answer
            return answers

    async def _send(self, *command: Words) -> Any:
        return await cast("Any", self.client).execute_command(*command)

    async def _send_all(self, calls: Sequence[Call | tuple[Words, ...]]) -> list[Any]:
        pipe: Any = self.client.pipeline(transaction=False)
        for call in calls:
            pipe.execute_command(*(call.command if isinstance(call, Call) else call))
        return await pipe.execute(raise_on_error=False)


@contextmanager
def in_our_words() -> Generator[None]:
    """Turn what Redis raises into `StoreUnavailable`."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise StoreUnavailable(_words(error)) from error


def _words(error: RedisError | OSError) -> str:
    said = str(error) or type(error).__name__
    if isinstance(error, TimedOut):
        return f"Redis did not answer in time ({said}); nothing was confirmed, we go on when it answers"
    if "AUTH" in said:  # a server that wants a password says so in the middle of connecting
        return _ADVICE[AuthenticationError].format(said=said)
    for kind, words in _ADVICE.items():
        if isinstance(error, kind):
            return words.format(said=said)
    if said.startswith("MISCONF"):
        return "Redis cannot write to its disk and took nothing; look at the space and rights of its folder"
    return f"Redis refused what we asked ({type(error).__name__}: {said}); look at its version and rights"


#: What each failure means for the reader, the narrower kind first.
_ADVICE: dict[type[Exception], str] = {
    BusyLoadingError: "Redis is loading its data; nothing was confirmed, it answers when it has read it",
    ReadOnlyError: "this Redis is a replica and takes no writes; point REDIS_URL at the primary",
    OutOfMemoryError: "Redis is out of memory and took nothing; raise maxmemory, with policy noeviction",
    AuthenticationError: "Redis refused our password or user ({said}); look at REDIS_URL",
    Disconnected: "Redis cannot be reached ({said}); start it or correct REDIS_URL, we go on when it is back",
    OSError: "Redis cannot be reached ({said}); start it or correct REDIS_URL, we go on when it is back",
}
