"""Stores for tests: real servers, one of each kind a session, and a brand of its own for each test."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
import redis

from adapters.store.embedded import embedded
from adapters.store.redis import RedisStore
from bot.domain.assessment import Severity
from bot.domain.case import Case
from bot.domain.events import Entry, Event, MentionReceived
from bot.domain.mention import Mention
from bot.domain.transitions import advance, born
from bot.ports import Change, Clock
from tests.builders import Watch, a_mention

CHANNELS = ("console", "slack")
ALL_LANES: Mapping[str, int] = dict.fromkeys(
    ("triage", "draft", "publish", "time", *(f"card:{c}" for c in CHANNELS)), 1000
)


@asynccontextmanager
async def a_store(url: str, clock: Clock, **settings: Any) -> AsyncIterator[RedisStore]:
    """Yield a store on the server at `url`, with a brand nobody else has."""
    wanted = {"brand": f"b{uuid4().hex[:8]}", "channels": CHANNELS, **settings}
    store = await RedisStore.connect(url, clock=clock, **wanted)
    try:
        yield store
    finally:
        await store.aclose()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def embedded_url() -> AsyncIterator[str]:
    """The server that the product brings along, with its own launcher and settings."""
    with tempfile.TemporaryDirectory(prefix="lh-") as folder:
        async with embedded(Path(folder)) as url:
            yield url


@pytest_asyncio.fixture
async def embedded_store(embedded_url: str, watch: Watch) -> AsyncIterator[RedisStore]:
    """A store of its own on the embedded server."""
    async with a_store(embedded_url, watch) as store:
        yield store


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Debian's redis-server, on a socket."""
    with tempfile.TemporaryDirectory(prefix="lh-") as folder:
        path = f"{folder}/redis.sock"
        with redis_server("--port", "0", "--unixsocket", path, folder=folder):
            yield answering(f"unix://{path}")


@pytest.fixture(scope="session")
def cluster_url() -> Iterator[str]:
    """A Redis Cluster of one, which refuses a script that reaches beyond one slot."""
    with tempfile.TemporaryDirectory(prefix="lh-") as folder:
        port, bus = free_port(), free_port()
        options = ("--port", str(port), "--bind", "127.0.0.1", "--cluster-enabled", "yes")
        with redis_server(*options, "--cluster-port", str(bus), folder=folder):
            url = answering(f"redis://127.0.0.1:{port}")
            with redis.Redis.from_url(url) as client:
                client.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
                until(lambda: client.cluster("INFO")["cluster_state"] == "ok")
            yield url


@contextmanager
def redis_server(*options: str, folder: str, append: bool = True) -> Iterator[subprocess.Popen[bytes]]:
    """Run Debian's redis-server; skips, loudly, where there is none."""
    binary = shutil.which("redis-server")
    if binary is None:
        missing = (
            "redis-server is not installed: the record was NOT tried on Redis itself (apt: redis-server)"
        )
        if os.environ.get("LEVELHEAD_PEERS") == "required":
            pytest.fail(missing)
        pytest.skip(missing)
    writing = ("--appendonly", "yes" if append else "no", "--save", "", "--dir", folder)
    process = subprocess.Popen([binary, *writing, *options], stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answering(url: str) -> str:
    """Return the URL once the server behind it answers."""

    def answers() -> bool:
        try:
            with redis.Redis.from_url(url) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    until(answers)
    return url


def until(true: Any, *, patience: float = 10.0) -> None:
    """Wait for a condition."""
    end = time.monotonic() + patience
    while not true():
        if time.monotonic() > end:
            raise TimeoutError("it never came true")
        time.sleep(0.02)


class Life:
    """Cases living through a store: what happens to them is saved as the flows save it."""

    def __init__(self, store: RedisStore, watch: Watch) -> None:
        self.store, self.watch = store, watch

    async def begin(self, mention: Mention | None = None, severity: Severity = Severity.MEDIUM) -> Case:
        """Receive a mention."""
        case, entry = self.received(mention, severity)
        assert await self.store.receive([(case, entry)]) == [None]
        return case

    def received(
        self, mention: Mention | None = None, severity: Severity = Severity.MEDIUM
    ) -> tuple[Case, Entry]:
        """Return the case a mention opens, and the first line of its trail."""
        event = MentionReceived(mention=mention or a_mention(), severity=severity)
        return born(event, at=self.watch()), Entry(version=1, at=self.watch(), event=event)

    async def happens(self, case: Case, *events: Event, **drawn: str) -> Case:
        """Save a change of these events; returns the case after it."""
        change = self.change(case, *events, **drawn)
        await self.store.save(change)
        return change.after

    def change(self, case: Case, *events: Event, **drawn: str) -> Change:
        """Return a change of these events, not saved yet."""
        after, entries = case, list[Entry]()
        for event in events:
            after = advance(after, event, at=self.watch())
            entries.append(Entry(version=after.version, at=self.watch(), event=event))
        return Change(before=case, after=after, entries=tuple(entries), id=uuid4().hex, drawn=drawn)


@pytest.fixture
def life(store: RedisStore, watch: Watch) -> Life:
    return Life(store, watch)
