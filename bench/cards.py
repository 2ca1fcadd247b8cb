"""Mentions a second from the source to a card, one worker; beside them the bare round trips of that work."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any, cast

from redis.asyncio import BlockingConnectionPool, Redis

from bench.mentions import stock
from bench.stage import Spent, measured, staged
from bench.table import Progress, Row, Sizes

AT_LEAST, AIM = 80, 200
#: Steps of three lanes, each with sixteen at once.
_IN_FLIGHT = 48
#: The least a round trip can do here: write what it brings, fetch as much as it is answered.
_LEAST = "redis.call('SET', KEYS[1], ARGV[1]) return string.rep('x', ARGV[2])"


@dataclass(frozen=True, slots=True)
class Round:
    """One round: what it took, and how fast its round trips alone are."""

    spent: Spent
    bare: float


async def rows(sizes: Sizes, progress: Progress) -> Sequence[Row]:
    """Measure both mixtures, turn by turn."""
    mixed: list[Round] = []
    pure: list[Round] = []
    for nth in range(sizes.rounds):
        mixed.append(await _round(sizes, noted=2))
        progress((nth + 0.5) / sizes.rounds)
        pure.append(await _round(sizes, noted=0))
        progress((nth + 1) / sizes.rounds)
    return [
        _row("half become cards, half are noted", mixed, sizes.mentions),
        _row("all become cards", pure, sizes.mentions),
    ]


async def _round(sizes: Sizes, *, noted: int) -> Round:
    async with staged() as stage:
        mentions = (await stock(stage.parts)).mixed(noted)
        worker = stage.worker()
        await stage.take_in(mentions, sizes.warm)
        await worker.drain()
        stage.link.trips.sizes = trips = list[tuple[int, int]]()
        await stage.take_in(mentions, sizes.warm)
        await worker.drain()
        stage.link.trips.sizes = None
        worker.done.clear()
        async with measured(stage) as spent:
            await stage.take_in(mentions, sizes.mentions)
            await worker.drain()
        cards = sizes.mentions // noted if noted else sizes.mentions
        if worker.done["card:console"] != cards:
            raise RuntimeError(f"bench: {worker.done['card:console']} cards, expected {cards}")
        return Round(spent, sizes.warm / await _bare(stage.url, trips))


async def _bare(url: str, trips: Sequence[tuple[int, int]]) -> float:
    """Return how long the same trips take a plain client that does nothing else."""
    pool: Any = cast("Any", BlockingConnectionPool).from_url(url, max_connections=32, timeout=20)
    client = Redis(connection_pool=pool)
    run = client.register_script(_LEAST)
    left = list(enumerate(trips))

    async def some() -> None:
        while left:
            nth, (sent, back) = left.pop()
            await run(keys=[f"bare:{nth % 1000}"], args=[b"x" * sent, back])

    began = perf_counter()
    await asyncio.gather(*(some() for _ in range(_IN_FLIGHT)))
    took = perf_counter() - began
    await client.aclose()
    await pool.disconnect()
    return took


def _row(mixture: str, rounds: Sequence[Round], count: int) -> Row:
    rate = median(count / one.spent.seconds for one in rounds)
    bare = median(one.bare for one in rounds)
    share = median(count / one.spent.seconds / one.bare for one in rounds)
    trips = median(one.spent.trips / count for one in rounds)
    bot = median(one.spent.bot / count * 1000 for one in rounds)
    server = median(one.spent.server / count * 1000 for one in rounds)
    return Row(
        f"Mentions a second to a card, one worker; {mixture}",
        f"at least {AT_LEAST}, aim {AIM}",
        f"{rate:.0f}/s",
        f"{trips:.1f} Redis round trips a mention (counted where they are sent)\n"
        f"CPU a mention: bot {bot:.1f} ms, server {server:.1f} ms\n"
        f"the same trips by a bare client: {bare:.0f}/s; us : bare = {share:.2f}",
        met=rate >= AT_LEAST,
    )
