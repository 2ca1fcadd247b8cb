"""Other processes on the same embedded server's folder, and what is left when they have gone."""

import asyncio
import fcntl
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from adapters.store.embedded import embedded

ROOT = Path(__file__).parents[2]

#: Enters the folder, tells the server's process and the count of entries, stays until told to leave.
GUEST = """
import asyncio, sys
from pathlib import Path
from redis.asyncio import Redis
from adapters.store.embedded import embedded
async def main():
    async with embedded(Path(sys.argv[1])) as url, Redis.from_url(url) as client:
        server = (await client.info("server"))["process_id"]
        print("in", server, await client.incr("entries"), flush=True)
        await asyncio.to_thread(sys.stdin.readline)
asyncio.run(main())
"""


class Guest:
    """Another process of ours, on the same folder."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", GUEST, str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    async def entered(self) -> tuple[int, int]:
        """The server's process, and how many had entered."""
        while line := await asyncio.to_thread(self.process.stdout.readline):
            if line.startswith("in "):
                server, entries = line.split()[1:]
                return int(server), int(entries)
        raise AssertionError("the other process ended before it entered")

    async def leave(self) -> int:
        await asyncio.to_thread(self.process.communicate, "\n")
        return self.process.returncode

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@asynccontextmanager
async def a_guest(folder: Path) -> AsyncGenerator[Guest]:
    guest = Guest(folder)
    try:
        yield guest
    finally:
        guest.kill()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 (other processes set no event of ours)
            await asyncio.sleep(0.01)


def gone(process: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(process, 0)
        # A child of a killed process may wait for its new parent to take notice.
        return Path(f"/proc/{process}/stat").exists() and ") Z " in Path(f"/proc/{process}/stat").read_text()
    return True


def free(lock: Path) -> bool:
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


async def server_of(url: str) -> int:
    async with Redis.from_url(url) as client:
        return (await client.info("server"))["process_id"]


async def put(folder: Path, **values: str) -> None:
    async with embedded(folder) as url, Redis.from_url(url) as client:
        await client.mset(values)


async def get(folder: Path, key: str) -> str | None:
    async with embedded(folder) as url, Redis.from_url(url, decode_responses=True) as client:
        return await client.get(key)


def newest(folder: Path, kind: str) -> Path:
    return max(folder.glob(f"appendonlydir/*.{kind}"), key=lambda file: file.stat().st_mtime)


async def until_it_answers(url: str) -> int:
    async with asyncio.timeout(10):
        while True:
            with suppress(RedisError):
                return await server_of(url)
            await asyncio.sleep(0.02)
