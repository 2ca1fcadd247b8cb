"""A record in trouble: never a raw error, never a wrong yes, always a word on what to do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.store.redis import RedisStore
from bot.errors import AlreadyDone, BadSettings, StoreUnavailable
from bot.ports import Spent
from tests.builders import Watch, a_mention, opened
from tests.contracts.case_contract import POSTED, READY
from tests.stores import Life, a_store, answering, redis_server

MINUTE = timedelta(minutes=1)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[str]:
    """A Redis this test may mistreat."""
    socket = f"{tmp_path}/s"
    with redis_server("--port", "0", "--unixsocket", socket, folder=str(tmp_path)):
        yield answering(f"unix://{socket}")


@asynccontextmanager
async def saying(reply: bytes) -> AsyncIterator[str]:
    """A server that answers everything the same way, or with nothing at all."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while await reader.read(4096):
                writer.write(reply)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def losing_answers(url: str) -> AsyncIterator[tuple[str, set[bytes]]]:
    """Between us and a server: passes all on, but cuts the line for an answer to what is in the set, once."""
    lost = set[bytes]()
    path = url.removeprefix("unix://")

    async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, cut: asyncio.Event) -> None:
        with suppress(ConnectionError):
            while (said := await reader.read(65536)) and not cut.is_set():
                writer.write(said)
        writer.close()

    async def line(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server, to_server = await asyncio.open_unix_connection(path)
        cut = asyncio.Event()
        back = asyncio.create_task(answers(server, writer, cut))
        with suppress(ConnectionError):
            while asked := await reader.read(65536):
                if hit := {word for word in lost if word in asked}:
                    lost.difference_update(hit)
                    cut.set()
                to_server.write(asked)
        to_server.close()
        await back

    proxy = await asyncio.start_server(line, "127.0.0.1", 0)
    async with proxy:
        yield f"redis://127.0.0.1:{proxy.sockets[0].getsockname()[1]}", lost


async def test_what_is_sent_again_after_a_lost_answer_is_done_once(watch: Watch, embedded_url: str) -> None:
    async with losing_answers(embedded_url) as (url, lost), a_store(url, watch) as store:
        life = Life(store, watch)
        case = await life.begin()
        change = life.change(case, opened())
        lost.add(b"case_opened")
        await store.save(change)
        assert not lost
        assert [entry.version for entry in await store.trail(case.id)] == [1, 2]
        lost.add(b"a press")
        pressed = replace(life.change(change.after, READY), once="a press")
        await store.save(pressed)
        assert not lost
        assert await store.get(case.id) == pressed.after
        with pytest.raises(AlreadyDone):
            await store.save(replace(life.change(pressed.after, POSTED), once="a press"))
        lost.add(b"a nonce")
        assert await store.once("a nonce", keep=MINUTE)
        assert not lost
        assert not await store.once("a nonce", keep=MINUTE)


async def test_what_is_spent_counts_once_after_a_lost_answer(watch: Watch, embedded_url: str) -> None:
    async with losing_answers(embedded_url) as (url, lost), a_store(url, watch) as store:
        meter = store.meter
        assert await meter.reserve(1, limit=1000)  # so that the scripts are there
        await meter.settle("square:1", reserved=1, spent=Spent(calls=1))
        lost.add(b"600")
        assert await meter.reserve(600, limit=1000)
        assert not lost
        assert await meter.reserve(400, limit=1000)
        lost.add(b"spent:micros")
        await meter.settle("square:1", reserved=1000, spent=Spent(calls=1, micros=7))
        assert not lost
        assert await meter.spent_on("square:1") == Spent(calls=2, micros=7)


async def test_a_server_that_is_not_there_is_named_so(watch: Watch, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"cannot be reached.*start it or correct REDIS_URL"):
        await RedisStore.connect(f"unix://{tmp_path}/none", clock=watch)


@pytest.mark.parametrize("url", ["", "localhost", "http://127.0.0.1", "redis://127.0.0.1:port"])
async def test_an_address_that_is_none_is_a_wrong_setting(url: str, watch: Watch) -> None:
    with pytest.raises(BadSettings, match="expected redis://"):
        await RedisStore.connect(url, clock=watch)


async def test_an_option_nobody_knows_is_told_without_the_address() -> None:
    with pytest.raises(BadSettings, match="no connection knows") as told:
        await RedisStore.connect(
            "rediss://:hunter2@127.0.0.1?ssl_ca_cert=x", brand="acme", channels=("board",), clock=Watch()
        )
    assert "hunter2" not in str(told.value)


@pytest.mark.parametrize("password", ["hunter/2", "hunter#2", "hunter[2"])
async def test_a_password_that_breaks_its_address_is_not_told(password: str, watch: Watch) -> None:
    with pytest.raises(BadSettings, match="percent-encoded") as told:
        await RedisStore.connect(f"redis://:{password}@127.0.0.1", clock=watch)
    assert "hunter" not in str(told.value)
    assert told.value.__suppress_context__, "nor by the error before it"


async def test_a_brand_may_not_break_the_keys(watch: Watch, embedded_url: str) -> None:
    with pytest.raises(BadSettings, match="no braces"):
        await RedisStore.connect(embedded_url, brand="a}b", clock=watch)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (b"-LOADING Redis is loading the dataset in memory\r\n", "loading its data"),
        (b"-MISCONF Redis is configured to save RDB snapshots\r\n", "cannot write to its disk"),
        (b"-CLUSTERDOWN The cluster is down\r\n", "The cluster is down"),
        (b"-ERR unknown\r\n", "refused what we asked"),
        (b"", "did not answer in time"),
        (b"?\r\n", "Protocol Error"),
    ],
)
async def test_whatever_the_server_says_comes_in_our_words(reply: bytes, words: str, watch: Watch) -> None:
    async with saying(reply) as url:
        with pytest.raises(StoreUnavailable, match=words):
            await RedisStore.connect(f"{url}?socket_timeout=0.05&protocol=2", clock=watch)


async def test_scripts_a_server_has_forgotten_are_loaded_again(watch: Watch, own: str) -> None:
    async with a_store(own, watch) as store:
        life = Life(store, watch)
        await store.receive([life.received(a_mention(id="1"))])
        await store._link.send("SCRIPT", "FLUSH")
        assert await store.receive([life.received(a_mention(id=n)) for n in ("1", "2", "3")]) != [None] * 3
        await store._link.send("SCRIPT", "FLUSH")
        assert len(await store.claim({"triage": 9}, lease=MINUTE)) == 3


async def test_after_a_crash_all_goes_on_by_itself(watch: Watch, tmp_path: Path) -> None:
    options = ("--port", "0", "--unixsocket", f"{tmp_path}/s", "--appendfsync", "always")
    url = f"unix://{tmp_path}/s"
    with redis_server(*options, folder=str(tmp_path)) as server:
        answering(url)
        store = await RedisStore.connect(url, clock=watch)
        life = Life(store, watch)
        case = await life.happens(await life.begin(), opened())
        server.kill()
        server.wait()
        late = life.change(case, READY)
        for call in (
            store.get(case.id),
            store.save(late),
            store.claim({"draft": 1}, lease=MINUTE),
            store.ping(),
        ):
            with pytest.raises(StoreUnavailable, match="cannot be reached"):
                await call
    with redis_server(*options, folder=str(tmp_path)):
        answering(url)
        assert await store.get(case.id) == case
        (owed,) = await store.claim({"draft": 1}, lease=MINUTE)
        assert owed.case == case
        await store.aclose()


async def test_a_replica_is_told_from_a_primary(watch: Watch, own: str) -> None:
    async with a_store(own, watch) as store:
        await store._link.send("REPLICAOF", "127.0.0.1", "1")
        with pytest.raises(StoreUnavailable, match=r"replica.*primary"):
            await Life(store, watch).begin()
        ok, says = (await store.durability())[0]
        assert not ok
        assert "primary" in says


async def test_a_full_server_takes_nothing_and_says_so(watch: Watch, own: str) -> None:
    async with a_store(own, watch) as store:
        await store._link.send("CONFIG", "SET", "maxmemory", "1")
        with pytest.raises(StoreUnavailable, match="out of memory"):
            await Life(store, watch).begin()


async def test_a_wrong_password_is_named_so(watch: Watch, own: str) -> None:
    async with a_store(own, watch) as store:
        await store._link.send("CONFIG", "SET", "requirepass", "secret")
        with pytest.raises(StoreUnavailable, match="password"):
            await RedisStore.connect(f"{own}?password=wrong", clock=watch)
        with pytest.raises(StoreUnavailable, match="password"):
            await RedisStore.connect(own, clock=watch)


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("appendonly", "no", "appendonly: no file is kept"),
        ("appendfsync", "everysec", "a power cut may lose a second"),
        ("appendfsync", "no", "a power cut may lose many"),
        ("maxmemory-policy", "allkeys-lru", "may throw open cases away"),
    ],
)
async def test_a_setting_that_could_lose_a_decision_is_told(
    setting: str, value: str, says: str, watch: Watch, own: str
) -> None:
    async with a_store(own, watch) as store:
        await store._link.send("CONFIG", "SET", "appendfsync", "always")
        await store._link.send("CONFIG", "SET", "maxmemory", "100mb")
        assert all(ok for ok, _ in await store.durability())
        await store._link.send("CONFIG", "SET", setting, value)
        assert [words for ok, words in await store.durability() if not ok and says in words]


async def test_a_server_that_hides_its_settings_is_told(watch: Watch, own: str) -> None:
    async with a_store(own, watch) as store:
        await store._link.send("ACL", "SETUSER", "default", "-config")
        verdicts = await store.durability()
        assert [ok for ok, _ in verdicts] == [True, True, False]
        assert "CONFIG is forbidden" in verdicts[-1][1]
