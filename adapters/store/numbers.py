"""Numbers of the whole: what was counted, where the open cases stand, and what waits in each lane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic_core import from_json

from adapters.store.keys import ms
from adapters.store.link import Words
from adapters.store.part import Part, pairs

#: Of the steps of a lane that are due, so many are asked since when: the worst, which are done first.
ASKED = 50


class Numbers(Part):
    """The `Numbers` port: a round trip each, two for the lanes."""

    async def counts(self, day: str | None = None) -> Mapping[str, int]:
        """Return what was counted on `day` (YYYY-MM-DD, UTC; kept for 90 days), or ever."""
        key = self._keys.total if day is None else self._keys.numbers(day)
        found = {name.decode(): int(n) for name, n in pairs(await self._link.send("HGETALL", key))}
        found.pop("reserved", None)
        return found

    async def states(self) -> Mapping[str, int]:
        """Return how many open cases are in each state that any is in."""
        return {s.decode(): int(n) for s, n in pairs(await self._link.send("HGETALL", self._keys.states))}

    async def lanes(self) -> Mapping[str, tuple[int, datetime | None]]:
        """Return for each lane how many steps are due and wait, and since when the oldest does.

        The oldest of the first 50 in line, which is of all unless more than 50 wait.
        """
        lanes = self._lanes
        answers = await self._link.batch([call for lane in lanes for call in self._waiting(lane)])
        heads = [[i.decode() for i in head] for head in answers[3::4]]
        since = await self._since(lanes, heads)
        found: dict[str, tuple[int, datetime | None]] = {}
        for nth, lane in enumerate(lanes):
            ready, late, first, _ = answers[nth * 4 : nth * 4 + 4]
            times = [datetime.fromtimestamp(float(at) / 1000, UTC) for _, at in pairs(first)] + since[nth]
            found[lane] = (ready + late, min(times, default=None))
        return found

    async def count_aside(self) -> tuple[int, int]:
        """Return how many steps are set aside, and how many bad items were within 24 hours."""
        fresh = self._now() - ms(timedelta(days=1))
        steps, items = await self._link.batch([
            ("ZCARD", self._keys.aside_steps), ("ZCOUNT", self._keys.aside_items, fresh, "+inf")
        ])  # fmt: skip
        return steps, items

    def _waiting(self, lane: str) -> Sequence[tuple[Words, ...]]:
        now, due, ready = self._now(), self._keys.due(lane), self._keys.ready(lane)
        return (
            ("ZCARD", ready),
            ("ZCOUNT", due, "-inf", now),
            ("ZRANGEBYSCORE", due, "-inf", now, "WITHSCORES", "LIMIT", 0, 1),
            ("ZRANGE", ready, 0, ASKED - 1),
        )

    async def _since(self, lanes: Sequence[str], heads: Sequence[Sequence[str]]) -> list[list[datetime]]:
        """Return since when the steps of these cases are due."""
        wanted = [("HGET", self._keys.case(case_id), "c") for head in heads for case_id in head]
        cases = iter(await self._link.batch(wanted) if wanted else [])
        found: list[list[datetime]] = []
        for lane, head in zip(lanes, heads, strict=True):
            # A drawing is owed since the case changed.
            field = "changed_at" if lane.startswith("card:") else "step_at"
            told = [from_json(raw) for raw in (next(cases) for _ in head) if raw is not None]
            found.append([_moment(case, field) for case in told])
        return found


def _moment(case: Mapping[str, Any], field: str) -> datetime:
    return datetime.fromisoformat(case.get(field) or case["changed_at"]).astimezone(UTC)
