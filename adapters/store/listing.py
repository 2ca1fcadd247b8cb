"""Lists: open cases worst first, closed ones newest first, search through both, and the day's tally."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, timedelta

from adapters.store.keys import Keys
from adapters.store.pack import Fields
from adapters.store.part import Part, case_of, fields_of, pairs
from bot.domain.case import WAITS_FOR_NOBODY, Case
from bot.ports import Tally


class Listing(Part):
    """Reads through the indexes; each page is one round trip for its IDs and one for its cases."""

    async def open_cases(self, *, first: int, count: int) -> Sequence[str]:
        """Return IDs of open cases that have a card or will have one, worst first."""
        if count < 1:
            return []
        found = await self._link.send("ZRANGE", self._keys.board, first, first + count - 1)
        return [i.decode() for i in found]

    async def count_cards(self) -> tuple[int, int]:
        """Return how many open cases have a card or will have one, and how many of them wait for a person."""
        board = self._keys.board
        every, waiting = await self._link.batch([
            ("ZCARD", board), ("ZCOUNT", board, "-inf", f"({WAITS_FOR_NOBODY}")
        ])  # fmt: skip
        return every, waiting

    async def count_open(self) -> int:
        """Return how many cases are open."""
        return await self._link.send("ZCARD", self._keys.open)

    async def all_cases(self, *, chunk: int = 200) -> AsyncIterator[Case]:
        """Yield every case kept: the open ones worst first, then the closed ones, the newest first."""
        async for fields in self._all(chunk):
            yield case_of(fields)

    async def search(self, text: str) -> AsyncIterator[Case]:
        """Yield the cases whose words, author or ID contain `text`, in the order of `all_cases`."""
        wanted = text.strip().casefold()
        # As it would stand in JSON; texts stand beside it as they are.
        escaped = json.dumps(wanted, ensure_ascii=False)[1:-1]
        async for fields in self._all(200):
            plain = [value for name, value in fields.items() if name == "c" or name[:2] == "t:"]
            bulk = b"\n".join(plain).decode().casefold()
            if wanted in bulk or escaped in bulk:
                case = case_of(fields)
                if any(wanted in words.casefold() for words in _words(case)):
                    yield case

    async def _all(self, chunk: int) -> AsyncIterator[Fields]:
        async for ids in self._open_pages(chunk):
            for raw in await self._read(ids):
                if raw is not None:
                    yield fields_of(raw)[0]
        async for day, ids in self._closed_pages(chunk):
            for raw in await self._read(ids):
                fields = fields_of(raw)[0] if raw is not None else {}
                if fields.get("x") == day.encode():
                    yield fields

    async def _open_pages(self, chunk: int) -> AsyncIterator[list[str]]:
        """Page by rank and not by place, as places move while we read."""
        rank, same = "-inf", list[str]()  # those of this rank which were given already, in their order
        while True:
            # From the last one given, to see that it is where it was.
            page = await self._open_from(rank, skip=max(0, len(same) - 1), count=chunk + 1)
            if same and page[:1] == [(same[-1], rank)]:
                page = page[1:]
            elif same:
                again = await self._open_from(rank, skip=0, count=chunk + len(same))
                given = set(same)
                page = [(i, r) for i, r in again if i not in given]
            if not page:
                return
            yield [i for i, _ in page]
            if page[-1][1] != rank:
                rank, same = page[-1][1], []
            same += [i for i, r in page if r == rank]

    async def _open_from(self, rank: str, *, skip: int, count: int) -> list[tuple[str, str]]:
        found = await self._link.send(
            "ZRANGEBYSCORE", self._keys.open, rank, "+inf", "WITHSCORES", "LIMIT", skip, count
        )
        return [(member.decode(), f"{float(score):.0f}") for member, score in pairs(found)]

    async def _closed_pages(self, chunk: int) -> AsyncIterator[tuple[str, list[str]]]:
        """Page by day. A case closed twice on one day stands there twice; closed later, elsewhere too."""
        today = self._clock().astimezone(UTC).date() + timedelta(days=1)
        days = [(today - timedelta(days=n)).isoformat() for n in range(Keys.DAY_TTL.days + 2)]
        sizes = await self._link.batch([("LLEN", self._keys.closed(day)) for day in days])
        for day, size in zip(days, sizes, strict=True):
            done = set[str]()
            for end in range(size, 0, -chunk):
                first = max(0, end - chunk)
                found = await self._link.send("LRANGE", self._keys.closed(day), first, end - 1)
                ids = dict.fromkeys(i.decode() for i in reversed(found))
                yield day, [i for i in ids if i not in done]
                done |= ids.keys()

    async def tally(self, day: str) -> Tally:
        """Return what `day` (YYYY-MM-DD, UTC) closed without a card."""
        counts, sample = await self._link.batch([
            ("HGETALL", self._keys.counts(day)), ("LRANGE", self._keys.sample(day), 0, -1)
        ])  # fmt: skip
        told = {name.decode(): int(count) for name, count in pairs(counts)}
        told.pop("all", None)
        return Tally(day, told, tuple(i.decode() for i in sample))


def _words(case: Case) -> list[str]:
    """What a person would search a case by."""
    mention, author = case.mention, case.mention.author
    said = [message.text for message in case.thread]
    ours = [reply.text for reply in case.replies] + ([case.draft.text] if case.draft else [])
    return [case.id, mention.text, author.handle, author.name or "", *said, *ours, case.closing_reason]
