"""What a case takes in Redis, all keys and indexes included."""

from __future__ import annotations

from collections.abc import Sequence

from bench.mentions import stock
from bench.stage import staged
from bench.table import Progress, Row, Sizes

OPEN, NOTED = 6 * 1024, 1024


async def rows(sizes: Sizes, progress: Progress) -> Sequence[Row]:
    """Keep open cases, then noted ones, each on an empty record."""
    opened = await _each(sizes, carded=1)
    progress(0.7)
    noted = await _each(sizes, carded=0)
    return [
        _row("an open case, with its card", OPEN, opened, sizes.kept),
        _row("a noted mention", NOTED, noted, sizes.kept),
    ]


async def _each(sizes: Sizes, *, carded: int) -> float:
    """Return the bytes of each."""
    async with staged() as stage:
        texts = await stock(stage.parts)
        mentions = texts.mixed(0) if carded else texts.mixed(1)
        worker = stage.worker()
        # The scripts, the connections and the keys there is one of are no case's.
        await stage.take_in(mentions, sizes.warm)
        await worker.drain()
        worker.done.clear()
        before = await stage.used_memory()
        await stage.take_in(mentions, sizes.kept)
        await worker.drain()
        if worker.done["card:console"] != carded * sizes.kept:
            raise RuntimeError(f"bench: {worker.done['card:console']} cards of {sizes.kept} mentions")
        return (await stage.used_memory() - before) / sizes.kept


def _row(what: str, most: int, found: float, count: int) -> Row:
    return Row(
        f"Redis bytes of {what}",
        f"at most {most:,}",
        f"{found:,.0f}",
        f"used_memory over {count:,} of them, every key and index included",
        met=found <= most,
    )
