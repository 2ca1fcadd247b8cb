"""A critical mention that comes in while very many others wait."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from statistics import median
from time import perf_counter

from adapters.store.keys import Keys
from adapters.store.link import Link
from adapters.store.redis import RedisStore
from bench.mentions import CRITICAL, Words, a_mention, stock
from bench.stage import BATCH, Stage, staged
from bench.table import Progress, Row, Sizes
from bot.domain.mention import Mention
from bot.flows.ingest import ingest
from bot.ports import Batch, Change, Clock

WITHIN = 2000  # ms
#: Seconds after which something must be wrong.
_PATIENCE = 60
#: Cards of others between two tries.
_BETWEEN = 20
_WORDS = Words(CRITICAL, "en", "worried", "Ada Park")


class TellingStore(RedisStore):
    """The record, which says whose first card is drawn and saved."""

    def __init__(self, link: Link, keys: Keys, channels: tuple[str, ...], clock: Clock) -> None:
        super().__init__(link, keys, channels, clock)
        self.cards: asyncio.Queue[str] = asyncio.Queue()

    async def save(self, change: Change) -> None:
        await super().save(change)
        if change.drawn:
            self.cards.put_nowait(change.after.id)


async def rows(sizes: Sizes, progress: Progress) -> Sequence[Row]:
    """Fill the record, let one worker work, and bring in a critical mention now and then."""
    async with staged(TellingStore) as stage:
        await _fill(stage, (await stock(stage.parts)).waiting(), sizes.waiting, progress)
        cards = stage.store.cards
        worker, stop = stage.worker(), asyncio.Event()
        working = asyncio.create_task(worker.run(stop))
        took: list[float] = []
        others: list[int] = []
        for nth in range(sizes.rounds):
            async with asyncio.timeout(_PATIENCE):
                for _ in range(_BETWEEN):
                    await cards.get()
                done = sum(worker.done.values())
                took.append(await _critical(stage, cards, nth))
            others.append(sum(worker.done.values()) - done)
        waiting = await stage.store.count_open() - worker.done["card:console"]
        stop.set()
        await working
    return [_row(sizes, took, others, waiting)]


async def _fill(stage: Stage[TellingStore], calm: Iterator[Mention], count: int, progress: Progress) -> None:
    for at in range(0, count, BATCH * 10):
        await stage.take_in(calm, min(BATCH * 10, count - at))
        progress(at / count)


async def _critical(stage: Stage[TellingStore], cards: asyncio.Queue[str], nth: int) -> float:
    """Bring one in; return the ms until its card is drawn and saved."""
    mention = a_mention(_WORDS, nth, name=f"critical-{nth}")
    began = perf_counter()
    await ingest(Batch(items=(mention,)), parts=stage.parts)
    while await cards.get() != mention.case_id:
        pass
    return (perf_counter() - began) * 1000


def _row(sizes: Sizes, took: Sequence[float], others: Sequence[int], waiting: int) -> Row:
    return Row(
        f"A new critical mention's card, {sizes.waiting:,} others waiting",
        f"within {WITHIN:,} ms",
        f"{median(took):.0f} ms",
        f"from taking it in until its card is saved; the slowest of {len(took)}: {max(took):.0f} ms\n"
        f"meanwhile {sum(others)} steps of others were done; {waiting:,} still waited at the end",
        met=max(took) <= WITHIN,
    )
