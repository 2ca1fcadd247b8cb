"""The embedded server's life: one a folder, shared, brought back after any kill, never left behind."""

import asyncio
import fcntl
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from adapters.store.embedded import LEASH, embedded
from bot.errors import StoreUnavailable
from tests.adapters.guests import Guest, a_guest, free, gone, server_of, until, until_it_answers

#: A writer that tried again would outlive the kill and never stop.
ONCE = Retry(NoBackoff(), 0)


async def test_ctrl_c_in_the_terminal_does_not_reach_the_server(tmp_path: Path) -> None:
    async with embedded(tmp_path) as url:
        server = await server_of(url)
        assert os.getsid(server) == server


async def test_a_killed_server_comes_back_at_the_same_place_with_every_acknowledged_write(
    tmp_path: Path,
) -> None:
    acknowledged = []

    async def write(client: Redis, writer: str) -> None:
        with suppress(RedisError):
            for number in range(100_000):
                await client.set(f"{writer}:{number}", "x" * 200)
                acknowledged.append(f"{writer}:{number}")

    async with embedded(tmp_path) as url:
        for target in (500, 1000):
            clients = [Redis.from_url(url, retry=ONCE) for _ in range(10)]
            names = [f"to {target}, {number}" for number in range(10)]
            writers = [asyncio.create_task(write(*pair)) for pair in zip(clients, names, strict=True)]
            await until(lambda target=target: len(acknowledged) >= target)
            os.kill(await server_of(url), signal.SIGKILL)
            await asyncio.gather(*writers)
            for client in clients:
                await client.aclose()
            await until_it_answers(url)
        async with Redis.from_url(url) as client:
            assert None not in await client.mget(acknowledged)
    async with embedded(tmp_path) as again, Redis.from_url(again) as client:
        assert None not in await client.mget(acknowledged)


async def test_a_killed_bot_leaves_no_server_and_the_next_start_has_the_data(tmp_path: Path) -> None:
    async with a_guest(tmp_path) as bot:
        server, _ = await bot.entered()
        bot.kill()
        await until(lambda: gone(server))
    async with a_guest(tmp_path) as bot:
        _, entries = await bot.entered()
        assert entries == 2
        assert await bot.leave() == 0


async def test_a_start_right_after_a_kill_waits_for_the_last_server(tmp_path: Path) -> None:
    async with a_guest(tmp_path) as bot:
        server, _ = await bot.entered()
        bot.kill()
        async with embedded(tmp_path) as url, Redis.from_url(url) as client:
            assert await server_of(url) != server
            assert await client.get("entries") == b"1"


#: What the leash starts here in the server's place: it tells when it runs.
STAND_IN = ["/bin/sh", "-c", "echo $$; exec tail -f /dev/null"]
#: Starts the stand-in on a leash, then waits to be killed.
PARENT = """
import os, signal, subprocess, sys
script, leash, lock, *command = sys.argv[1:]
lock = os.open(lock, os.O_RDWR | os.O_CREAT)
held = [sys.executable, script, leash, str(os.getpid()), str(lock), *command]
child = subprocess.Popen(held, pass_fds=[lock], stdin=subprocess.PIPE)
signal.pause()
"""
LEASHES = ["kernel", "watchdog"] if sys.platform == "linux" else ["watchdog"]


@pytest.mark.parametrize("leash", LEASHES)
def test_either_leash_ends_the_server_with_its_parent(leash: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(LEASH), leash, str(tmp_path / "lock"), *STAND_IN]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert int(parent.stdout.readline()) > 0
        parent.kill()
        # The stand-in holds the other end until it ends.
        assert parent.stdout.read() == b""


async def test_the_watchdog_ends_with_a_server_that_was_stopped(tmp_path: Path) -> None:
    lock = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    ours, theirs = os.pipe()
    command = [sys.executable, str(LEASH), "watchdog", str(os.getpid()), str(lock), *STAND_IN]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    server = await asyncio.create_subprocess_exec(*command, pass_fds=[lock, theirs], **pipes)
    os.close(theirs)
    os.close(lock)
    assert int(await server.stdout.readline()) == server.pid
    server.terminate()
    await server.wait()
    await until(lambda: free(tmp_path / "lock"))
    server.stdin.close()
    # Only the watchdog holds the other end now.
    assert await asyncio.to_thread(os.read, ours, 1) == b""
    os.close(ours)


async def test_a_server_nobody_owns_any_more_is_asked_to_stop(tmp_path: Path) -> None:
    async with embedded(tmp_path) as url, Redis.from_url(url) as client:
        binary = (await client.info("server"))["executable"]
    lock = os.open(tmp_path / "redis.server.lock", os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    options = ["--port", "0", "--save", "", "--unixsocket", "redis.sock", "--logfile", "orphan.log"]
    orphan = await asyncio.create_subprocess_exec(binary, *options, cwd=tmp_path, pass_fds=[lock])
    os.close(lock)
    try:
        await until((tmp_path / "redis.sock").exists)
        async with embedded(tmp_path, patience=5) as url:
            assert await server_of(url) != orphan.pid
        assert await orphan.wait() == 0
    finally:
        with suppress(ProcessLookupError):
            orphan.kill()
        await orphan.wait()


async def test_no_second_server_opens_the_data_while_the_first_still_has_it(tmp_path: Path) -> None:
    async with a_guest(tmp_path) as bot:
        server, _ = await bot.entered()
        os.kill(server, signal.SIGSTOP)
        bot.kill()
        try:
            with pytest.raises(StoreUnavailable, match=r"from an earlier run still holds"):
                async with embedded(tmp_path, patience=0.1):
                    raise AssertionError("the first server has not ended")
        finally:
            os.kill(server, signal.SIGCONT)
        await until(lambda: gone(server))


async def test_a_second_process_shares_the_server_and_does_not_stop_it(tmp_path: Path) -> None:
    async with embedded(tmp_path) as url:
        server = await server_of(url)
        async with a_guest(tmp_path) as guest:
            assert await guest.entered() == (server, 1)
            assert await guest.leave() == 0
        assert await server_of(url) == server


async def test_processes_that_start_at_the_same_instant_get_one_server(tmp_path: Path) -> None:
    guests = [Guest(tmp_path) for _ in range(4)]
    try:
        entered = await asyncio.gather(*(guest.entered() for guest in guests))
        assert len({server for server, _ in entered}) == 1
        assert sorted(entries for _, entries in entered) == [1, 2, 3, 4]
    finally:
        for guest in guests:
            guest.kill()


async def test_when_the_owner_leaves_one_who_shared_goes_on_with_the_data(tmp_path: Path) -> None:
    async with a_guest(tmp_path) as owner:
        server, _ = await owner.entered()
        async with embedded(tmp_path) as url:
            assert await server_of(url) == server
            assert await owner.leave() == 0
            assert await until_it_answers(url) != server
            async with Redis.from_url(url) as client:
                assert await client.get("entries") == b"1"
    assert free(tmp_path / "redis.server.lock")


async def test_an_owner_that_never_answers_is_named(tmp_path: Path) -> None:
    with (tmp_path / "redis.owner.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("4711")
        lock.flush()
        with pytest.raises(StoreUnavailable, match=r"process 4711 holds .*nothing has answered for 0.1 s"):
            async with embedded(tmp_path, patience=0.1):
                raise AssertionError("nobody answers there")


async def test_a_start_given_up_half_way_leaves_nothing_running(tmp_path: Path) -> None:
    async def start() -> None:
        async with embedded(tmp_path):
            await asyncio.Event().wait()

    starting = asyncio.create_task(start())
    await until((tmp_path / "redis.log").exists)
    starting.cancel()
    await asyncio.wait({starting})
    assert starting.cancelled()
    assert free(tmp_path / "redis.server.lock")
    assert free(tmp_path / "redis.owner.lock")
