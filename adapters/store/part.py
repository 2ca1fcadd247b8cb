"""What every part of the store has: the link to the server, the keys, the clock, and how a case is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, cast

from adapters.store.keys import Keys
from adapters.store.link import Call, Link, script
from adapters.store.pack import FOLDED, Fields, load_case, texts_of, unbundle, unfold
from bot.domain.case import Case, Lane
from bot.ports import Clock

READ = script("read", after="bundle")

#: The lanes of states' own steps; a drawing waits in `card:<channel>`.
STATE_LANES = tuple(lane.value for lane in Lane if lane is not Lane.CARD)


class Part:
    """A part of the store."""

    def __init__(self, link: Link, keys: Keys, channels: tuple[str, ...], clock: Clock) -> None:
        """`clock` gives every time that scripts compare; the server's own clock is never asked."""
        self._link, self._keys, self._clock = link, keys, clock
        self.channels = channels

    @property
    def _lanes(self) -> list[str]:
        return [*STATE_LANES, *(f"card:{channel}" for channel in self.channels)]

    def _now(self) -> int:
        return millis(self._clock())

    def _reading(self, case_ids: Sequence[str]) -> Call:
        keys = [key for i in case_ids for key in (self._keys.case(i), self._keys.folded(i))]
        return Call(READ, keys, ())

    async def _read(self, case_ids: Sequence[str]) -> list[bytes | None]:
        """Return the cases as the server has them."""
        if not case_ids:
            return []
        reading = self._reading(case_ids)
        return await self._link.run(reading.script, reading.keys)


def fields_of(raw: bytes) -> tuple[Fields, tuple[bytes, ...] | None]:
    """Return a case's fields, and its trail where the case was folded with it."""
    if raw.startswith(FOLDED):
        folded = unfold(raw)
        return folded.fields, folded.entries
    return unbundle(raw), None


def case_of(fields: Fields) -> Case:
    """Return the case in a hash."""
    return load_case(fields["c"], texts_of(fields))


def millis(at: datetime) -> int:
    """Return a moment in whole milliseconds, as every score and script has it."""
    return int(at.timestamp() * 1000)


def chunks(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Yield `items`, so many at a time."""
    for at in range(0, len(items), size):
        yield items[at : at + size]


def pairs(answer: Any) -> list[tuple[Any, Any]]:
    """Return pairs, which a mapping, a flat list (RESP2) or a list of pairs (RESP3) may be."""
    if isinstance(answer, dict):
        return list(cast("dict[Any, Any]", answer).items())
    if answer and isinstance(answer[0], list | tuple):
        return [(first, second) for first, second in answer]
    return list(zip(answer[::2], answer[1::2], strict=True))
