"""What a store promises of authors: their newest cases are known, and of those only what is kept."""

from __future__ import annotations

import asyncio

from adapters.store.redis import RedisStore
from bot.domain.case import COUNTED_OTHERS, Case
from bot.domain.mention import Author
from tests.builders import Watch, a_mention
from tests.contracts.case_contract import PRAISE
from tests.stores import Life

ADA = a_mention().author_key


async def _one_a_day(life: Life, watch: Watch, count: int) -> list[Case]:
    """Cases of Ada, the oldest first."""
    cases: list[Case] = []
    for nth in range(count):
        cases.append(await life.begin(a_mention(id=f"a{nth}")))
        watch.move(days=1)
    return cases


class AuthorContract:
    async def test_an_author_leads_to_their_cases_the_newest_first(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        first, second, third = await _one_a_day(life, watch, 3)
        bob = await life.begin(a_mention(id="b1", thread="a0", author=Author(handle="bob")))
        elsewhere = await life.begin(a_mention(id="e1", source="other", platform="bluesky"))
        beside = await life.begin(a_mention(id="s1", source="square-two", author=Author(handle="ADA")))
        known = [beside.id, third.id, second.id, first.id]
        assert await store.cases_of(ADA, besides="", most=9) == (known, 4)
        assert await store.cases_of(ADA, besides=third.id, most=2) == ([beside.id, second.id], 3)
        assert await store.cases_of(bob.mention.author_key, besides=bob.id, most=9) == ([], 0)
        assert await store.cases_of(elsewhere.mention.author_key, besides="", most=9) == ([elsewhere.id], 1)
        assert await store.cases_of("0" * 16, besides="", most=9) == ([], 0)

    async def test_an_authors_case_that_is_gone_is_neither_named_nor_counted(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        first, second, third = await _one_a_day(life, watch, 3)
        third = await life.happens(third, PRAISE)  # folded, and still kept
        await store._link.send("DEL", store._keys.case(second.id))  # as its time to live does
        assert await store.cases_of(ADA, besides="", most=9) == ([third.id, first.id], 2)
        await store._link.send("DEL", store._keys.folded(third.id))
        assert await store.cases_of(ADA, besides="", most=1) == ([first.id], 1)

    async def test_a_mention_known_before_changes_nothing_of_its_author(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        first, second = await _one_a_day(life, watch, 2)
        assert await store.receive([life.received(first.mention)]) != [None]
        assert await store.cases_of(ADA, besides="", most=9) == ([second.id, first.id], 2)

    async def test_of_many_cases_of_an_author_the_newest_are_known(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        cases = await _one_a_day(life, watch, COUNTED_OTHERS + 9)
        newest = [case.id for case in reversed(cases[-5:])]
        assert await store.cases_of(ADA, besides="", most=5) == (newest, COUNTED_OTHERS)
        # One of them may be the case that asks.
        assert await store.cases_of(ADA, besides=newest[0], most=4) == (newest[1:], COUNTED_OTHERS)
        key = store._keys.author(ADA)
        assert await store._link.send("ZCARD", key) == COUNTED_OTHERS + 1
        assert round(await store._link.send("PTTL", key) / 86_400_000) == 90

    async def test_an_authors_mentions_that_come_in_at_once_are_all_known(
        self, store: RedisStore, life: Life
    ) -> None:
        batches = [[life.received(a_mention(id=f"{nth}-{n}")) for n in range(4)] for nth in range(5)]
        await asyncio.gather(*(store.receive(batch) for batch in batches))
        ids, count = await store.cases_of(ADA, besides="", most=COUNTED_OTHERS)
        assert count == 20
        assert set(ids) == {case.id for batch in batches for case, _ in batch}
