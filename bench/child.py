"""What runs apart from the measuring process: `drain URL`, a worker; `memory FIRST LAST`, a bot at work."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import subprocess
import sys
from pathlib import Path

from bench.mentions import stock
from bench.process import run
from bench.stage import connected, demo_settings, staged, temporary_folder

#: One mention in so many becomes a card; the others are read and noted.
CARDED = 10
_STEP = 500


async def drain(url: str) -> None:
    """Drain whenever a line comes in."""
    with temporary_folder() as folder:
        async with connected(demo_settings(folder), url) as stage:
            worker = stage.worker()
            while await asyncio.to_thread(sys.stdin.readline):
                worker.done.clear()
                await worker.drain()
                tell(cards=worker.done["card:console"])


async def memory(first: int, last: int) -> None:
    """Bring `last` mentions as far as they go; say how big we are at `first`, at the end, and between."""
    async with staged() as stage:
        mentions = (await stock(stage.parts)).rare(CARDED)
        worker = stage.worker()
        step = min(first, _STEP)
        for done in range(step, last + 1, step):
            await stage.take_in(mentions, step)
            await worker.drain()
            if done % first == 0:
                tell(done=done, resident=resident(), cards=worker.done["card:console"])


def resident() -> int:
    """Return the KiB of memory this process holds."""
    gc.collect()
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmRSS"].split()[0])
    command = ["ps", "-o", "rss=", "-p", str(os.getpid())]
    return int(subprocess.run(command, check=True, capture_output=True).stdout)


def tell(**words: int) -> None:
    """Say something to the measuring process."""
    print(json.dumps(words), flush=True)


def main() -> None:
    """Do what the command line asks for."""
    match sys.argv[1:]:
        case ["drain", url]:
            asyncio.run(drain(url))
        case ["memory", first, last]:
            asyncio.run(memory(int(first), int(last)))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    run(main)
