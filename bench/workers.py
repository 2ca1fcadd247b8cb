"""Two workers on one record beside one worker alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.mentions import stock
from bench.stage import staged
from bench.table import Progress, Row, Sizes

HOME = Path(__file__).parents[1]


async def rows(sizes: Sizes, progress: Progress) -> Sequence[Row]:
    """Let one and two processes drain the same work, turn by turn."""
    one: list[float] = []
    two: list[float] = []
    for nth in range(sizes.rounds):
        one.append(await _drained_by(1, sizes))
        progress((nth + 0.5) / sizes.rounds)
        two.append(await _drained_by(2, sizes))
        progress((nth + 1) / sizes.rounds)
    ratio = median(second / first for first, second in zip(one, two, strict=True))
    return [
        Row(
            "Two workers (two processes) : one worker",
            "at least 1.00",
            f"{ratio:.2f}",
            f"{median(one):.0f}/s with one, {median(two):.0f}/s with two\n"
            "all become cards; taken in before the clock starts",
            met=ratio >= 1,
        )
    ]


async def _drained_by(count: int, sizes: Sizes) -> float:
    """Return the mentions a second that so many worker processes bring to a card."""
    async with staged() as stage:
        mentions = (await stock(stage.parts)).mixed(0)
        async with _workers(count, stage.url) as workers:
            await stage.take_in(mentions, sizes.warm)
            _drain(workers)
            await stage.take_in(mentions, sizes.mentions)
            began = perf_counter()
            cards = _drain(workers)
            took = perf_counter() - began
        if cards != sizes.mentions:
            raise RuntimeError(f"bench: {cards} cards, expected {sizes.mentions}")
        return sizes.mentions / took


@asynccontextmanager
async def _workers(count: int, url: str) -> AsyncGenerator[list[subprocess.Popen[str]]]:
    workers = [spawn("drain", url) for _ in range(count)]
    try:
        yield workers
    finally:
        for worker in workers:
            worker.communicate()


def _drain(workers: Sequence[subprocess.Popen[str]]) -> int:
    """Let them all work until nothing is due; return how many cards they put up."""
    for worker in workers:
        print("go", file=worker.stdin, flush=True)
    return sum(said(worker)["cards"] for worker in workers)


def spawn(*arguments: str) -> subprocess.Popen[str]:
    """Start one of our children, which reads lines and answers in JSON."""
    command = [sys.executable, "-m", "bench.child", *arguments]
    return subprocess.Popen(command, cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def said(child: subprocess.Popen[str]) -> dict[str, int]:
    """Return the next thing a child says; raises `RuntimeError` when it has ended instead."""
    line = child.stdout.readline() if child.stdout else ""
    if not line:
        raise RuntimeError(f"bench: a child ended with status {child.wait()}")
    return json.loads(line)
