"""The memory of the bot's own process while mentions go through it."""

from __future__ import annotations

from collections.abc import Sequence

from bench.child import CARDED
from bench.table import Progress, Row, Sizes
from bench.workers import said, spawn

FLAT = 1.1


async def rows(sizes: Sizes, progress: Progress) -> Sequence[Row]:
    """Let a process work through very many mentions, and ask it how big it is on the way."""
    first, last = sizes.memory
    child = spawn("memory", str(first), str(last))
    seen: list[int] = []
    while len(seen) < last // first:
        seen.append(said(child)["resident"])
        progress(len(seen) * first / last)
    child.communicate()
    ratio = seen[-1] / seen[0]
    return [
        Row(
            f"Resident memory of the bot after {last:,} mentions : after {first:,}",
            f"at most {FLAT:.2f}",
            f"{ratio:.2f}",
            f"{seen[0] / 1024:.0f} MiB, then {seen[-1] / 1024:.0f}, at most {max(seen) / 1024:.0f}; "
            f"one mention in {CARDED} becomes a card",
            met=ratio <= FLAT,
        )
    ]
