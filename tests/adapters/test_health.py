"""Live, ready, and why not: what an orchestrator restarts, and what it sends work to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from adapters.ops.app import ops_app
from adapters.store.keys import Keys
from adapters.store.link import Link
from adapters.store.redis import RedisStore
from adapters.web import Door
from bot.domain.mention import SetAside
from bot.main.health import STILL, STUCK, Health, health_of
from bot.main.wiring import connect
from bot.ports import Watched
from bot.settings import load_settings
from tests.builders import NOON, Watch
from tests.stores import a_store, answering, redis_server

EVERY = timedelta(seconds=2)


@pytest_asyncio.fixture
async def store(embedded_url: str, watch: Watch) -> AsyncIterator[RedisStore]:
    async with a_store(embedded_url, watch) as store:
        yield store


def watched(store: RedisStore, watch: Watch, **more: Any) -> Health:
    settings: dict[str, Any] = {"sources": {"square": EVERY, "hook": None}, **more}
    return Health(store=store, clock=watch, **settings)


async def asked(watched: Watched, path: str, **more: float) -> tuple[int, dict[str, Any]]:
    async with Door() as door, ClientSession() as session:
        base = await door.open(ops_app(watched, **more), "127.0.0.1", 0)
        async with session.get(base + path) as answer:
            assert answer.headers["Cache-Control"] == "no-store"
            return answer.status, await answer.json()


async def test_a_process_that_works_is_live_and_ready(store: RedisStore, watch: Watch) -> None:
    health = watched(store, watch)
    assert await asked(health, "/healthz/live") == (200, {"live": True, "reasons": []})
    for path in ("/healthz", "/healthz/ready"):
        assert await asked(health, path) == (200, {"ready": True, "reasons": [], "notes": []})


async def test_without_its_record_it_is_not_ready_and_lives_on(watch: Watch, tmp_path: Path) -> None:
    folder = str(tmp_path)
    with redis_server("--port", "0", "--unixsocket", f"{folder}/s", folder=folder):
        store = await RedisStore.connect(answering(f"unix://{folder}/s"), clock=watch)
    health = watched(store, watch)
    status, told = await asked(health, "/healthz/ready")
    assert (status, told["ready"]) == (503, False)
    assert "the record cannot be reached: Redis cannot be reached" in told["reasons"][0]
    assert (await asked(health, "/healthz/live"))[0] == 200
    await store.aclose()


async def test_a_record_that_hangs_is_not_waited_for(watch: Watch) -> None:
    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await reader.read()
        writer.close()

    async with await asyncio.start_server(swallow, "127.0.0.1", 0) as silent:
        url = f"redis://127.0.0.1:{silent.sockets[0].getsockname()[1]}?socket_timeout=0.5"
        store = RedisStore(Link(url), Keys("levelhead", "main"), (), watch)
        status, told = await asked(watched(store, watch), "/healthz/ready", within=0.05)
        assert status == 503
        assert told["reasons"] == ["the record cannot be reached: no answer within 0.05 seconds"]
        await store.aclose()


async def test_a_worker_that_stands_still_is_first_not_ready_then_not_live(
    store: RedisStore, watch: Watch
) -> None:
    time = Watch()
    health = watched(store, watch, tick=lambda: time().timestamp())
    for seconds, ready, live in ((STILL - 5, 200, 200), (STILL + 5, 503, 200), (STUCK + 5, 503, 503)):
        health.looked()
        time.move(seconds=seconds)
        assert (await asked(health, "/healthz/ready"))[0] == ready
        status, told = await asked(health, "/healthz/live")
        assert status == live
        assert told["live"] is (live == 200)
    assert "restart this process" in told["reasons"][0]
    health.looked()
    assert (await asked(health, "/healthz/live"))[0] == 200
    idle = watched(store, watch, works=False, tick=lambda: time().timestamp())
    time.move(hours=9)
    assert (await asked(idle, "/healthz/ready"))[0] == 200


async def test_a_silent_source_is_a_note_where_people_work_and_a_reason_where_it_is_read(
    store: RedisStore, watch: Watch
) -> None:
    pages, reader = watched(store, watch), watched(store, watch, reads_only=True)
    await store.beat("square", watch(), found=True)
    watch.move(minutes=9)
    assert await asked(reader, "/healthz/ready") == (200, {"ready": True, "reasons": [], "notes": []})
    await store.beat("square", watch(), found=False, error="refused, ask ada@example.com")
    watch.move(minutes=33)
    says = ["source 'square' has been silent for 42 minutes: refused, ask [e-mail]"]
    assert await asked(pages, "/healthz/ready") == (200, {"ready": True, "reasons": [], "notes": says})
    assert await asked(reader, "/healthz/ready") == (503, {"ready": False, "reasons": says, "notes": []})


async def test_a_source_never_read_is_silent_since_the_start(store: RedisStore, watch: Watch) -> None:
    reader = watched(store, watch, reads_only=True)
    assert (await asked(reader, "/healthz/ready"))[0] == 200
    watch.move(minutes=11)
    status, told = await asked(reader, "/healthz/ready")
    assert (status, told["reasons"]) == (503, ["source 'square' has been silent for 11 minutes"])


async def test_a_source_that_is_rarely_read_may_be_silent_for_long(store: RedisStore, watch: Watch) -> None:
    reader = watched(store, watch, sources={"feed": timedelta(hours=1)}, reads_only=True)
    watch.move(hours=4)
    assert (await asked(reader, "/healthz/ready"))[0] == 200
    watch.move(hours=2)
    assert (await asked(reader, "/healthz/ready"))[0] == 503


async def test_what_a_person_should_know_keeps_nothing_from_working(store: RedisStore, watch: Watch) -> None:
    await store.pause("rosa", watch())
    await store.put_aside([SetAside(source="hook", reason="bad", raw="{", at=NOON)])
    status, told = await asked(watched(store, watch, resting=lambda: NOON), "/healthz/ready")
    assert (status, told["reasons"]) == (200, [])
    notes = "\n".join(told["notes"])
    assert all(word in notes for word in ("paused since", "rests until 12:00:00 UTC", "last 24 hours: 1"))
    assert "rosa" not in notes


async def test_a_channel_that_takes_no_cards_is_a_note_and_keeps_nobody_from_work(
    store: RedisStore, watch: Watch
) -> None:
    await store.trouble("slack", "No card can be put up in slack.")
    status, told = await asked(watched(store, watch), "/healthz/ready")
    assert (status, told["reasons"]) == (200, [])
    assert told["notes"] == ["team channel: No card can be put up in slack. Last tried at 12:00 UTC."]
    assert (await watched(store, watch).signs()).channels == {"console": True, "slack": False}


async def test_the_roles_of_a_process_decide(tmp_path: Path) -> None:
    async with connect(load_settings(tmp_path, {}, demo=True)) as house:
        everything = health_of(house, web=True, worker=True, sources=True)
        assert (everything.works, everything.reads_only) == (True, False)
        reader = health_of(house, web=False, worker=False, sources=True)
        assert (reader.works, reader.reads_only) == (False, True)
        assert set(reader.sources) == {source.name for source in house.settings.sources}
        assert (await reader.readiness()).reasons == ()


@pytest.mark.parametrize("path", ["/healthz", "/healthz/live", "/healthz/ready"])
async def test_only_its_state_is_asked(path: str, store: RedisStore, watch: Watch) -> None:
    async with Door() as door, ClientSession() as session:
        base = await door.open(ops_app(watched(store, watch)), "127.0.0.1", 0)
        async with session.head(base + path) as answer:
            assert answer.status == 200
        async with session.post(base + path) as answer:
            assert answer.status == 405
