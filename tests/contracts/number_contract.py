"""What a store promises of numbers: each change counts once, and no budget is passed by asking at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from adapters.store.redis import RedisStore
from bot.domain import events as e
from bot.domain.draft import Finding, Verdict
from bot.ports import Spent
from tests.builders import BY_API, NOON, Watch, a_draft, a_mention, opened
from tests.contracts.case_contract import POSTED, PRAISE, READY
from tests.contracts.lane_contract import MINUTE
from tests.stores import ALL_LANES, Life

TODAY = NOON.date().isoformat()
CALL = Spent(calls=1, tokens_in=700, tokens_cached=500, tokens_out=100, micros=1234, milliseconds=900)


class NumberContract:
    async def test_nothing_was_counted_yet(self, store: RedisStore) -> None:
        assert (await store.counts(), await store.counts(TODAY), await store.states()) == ({}, {}, {})
        assert set(await store.lanes()) == set(ALL_LANES)
        assert set((await store.lanes()).values()) == {(0, None)}
        assert await store.meter.spent() == Spent()

    async def test_a_mention_counts_once_however_often_it_is_read(
        self, store: RedisStore, life: Life
    ) -> None:
        received = [life.received(a_mention()), life.received(a_mention(id="2", source="hook"))]
        for _ in range(3):
            await store.receive(received)
        assert await store.counts() == {"mentions:square": 1, "mentions:hook": 1}
        assert await store.states() == {"received": 2}

    async def test_a_save_that_is_tried_again_counts_once(self, store: RedisStore, life: Life) -> None:
        change = life.change(await life.begin(), opened(), READY, POSTED)
        for _ in range(3):
            await store.save(change)
        counts = await store.counts()
        assert counts["event:case_opened"] == counts["event:card_posted"] == counts["card_delay:le:1"] == 1
        assert counts["read:complaint"] == counts["draft:offline"] == 1
        assert await store.states() == {"in_review": 1}

    async def test_a_note_that_is_saved_again_counts_once(self, store: RedisStore, life: Life) -> None:
        change = life.change(await life.begin(), PRAISE)
        await asyncio.gather(*(store.save(change) for _ in range(5)))
        counts = await store.counts()
        assert (counts["outcome:praise"], counts["read:praise"], counts["event:case_noted"]) == (1, 1, 1)
        assert await store.states() == {}

    async def test_the_loser_of_a_race_counts_nothing(self, store: RedisStore, life: Life) -> None:
        case = await life.happens(await life.begin(), opened(), READY, POSTED)
        changes = [
            life.change(case, e.CaseClosed(by=by, outcome=e.Outcome.SILENT)) for by in ("rosa", "mark")
        ]
        done = await asyncio.gather(*(store.save(c) for c in changes), return_exceptions=True)
        assert done.count(None) == 1
        counts = await store.counts()
        assert (counts["decision:case_closed"], counts["outcome:silent"]) == (1, 1)

    async def test_states_follow_the_cases(self, store: RedisStore, life: Life) -> None:
        first = await life.happens(await life.begin(), opened(), READY, POSTED)
        second = await life.happens(await life.begin(a_mention(id="2")), opened())
        third = await life.happens(await life.begin(a_mention(id="3")), PRAISE)
        assert await store.states() == {"in_review": 1, "opened": 1}
        first = await life.happens(first, e.CaseClosed(by="rosa", outcome=e.Outcome.SILENT))
        await life.happens(second, READY)
        assert await store.states() == {"drafted": 1}
        await life.happens(third, e.MentionEdited(text="Not so lovely after all."))
        await life.happens(first, e.CaseReopened(by="rosa", deadline=NOON, remind_at=NOON))
        assert await store.states() == {"drafted": 1, "received": 1, "opened": 1}

    async def test_cases_from_before_anything_was_counted_make_no_number_negative(
        self, store: RedisStore, life: Life
    ) -> None:
        case = await life.begin()
        await store._link.send("DEL", store._keys.states)
        await life.happens(case, PRAISE)
        assert await store.states() == {}

    async def test_each_day_has_its_own_numbers(self, store: RedisStore, life: Life, watch: Watch) -> None:
        await life.happens(await life.begin(), PRAISE)
        watch.move(days=1)
        await life.happens(await life.begin(a_mention(id="2")), PRAISE)
        tomorrow = watch().date().isoformat()
        assert [(await store.counts(day))["outcome:praise"] for day in (TODAY, tomorrow)] == [1, 1]
        assert (await store.counts())["outcome:praise"] == 2
        assert 0 < await store._link.send("PTTL", store._keys.numbers(TODAY)) <= 90 * 86_400_000

    async def test_what_the_checks_say_is_counted_by_rule(self, store: RedisStore, life: Life) -> None:
        warned = (
            Finding(rule="W4", verdict=Verdict.WARN, says="a handle as a name", phrase="ada"),
            Finding(rule="W4", verdict=Verdict.WARN, says="a handle as a name", phrase="ada2"),
            Finding(rule="L1", verdict=Verdict.PASS, says="fine"),
        )
        drafted = e.DraftReady(draft=a_draft(findings=warned), delivery=BY_API)
        await life.happens(await life.begin(), opened(), drafted)
        checks = {n: c for n, c in (await store.counts()).items() if n.startswith("check:")}
        assert checks == {"check:drafted:W4:warn": 1}

    async def test_the_lanes_tell_what_waits_and_since_when(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        await life.begin()
        watch.move(minutes=3)
        carded = await life.happens(await life.begin(a_mention(id="2")), opened(), READY)
        watch.move(minutes=5)
        lanes = await store.lanes()
        assert lanes["triage"] == (1, NOON)
        assert lanes["card:console"] == (1, carded.changed_at)
        assert lanes["time"] == (0, None)
        await store.claim({"triage": 1}, lease=MINUTE)
        assert (await store.lanes())["triage"] == (0, None)
        watch.move(minutes=2)  # whoever claimed it is gone
        assert (await store.lanes())["triage"] == (1, watch() - MINUTE)
        await life.happens(carded, POSTED)
        watch.move(hours=1)
        assert (await store.lanes())["time"] == (1, NOON + timedelta(hours=1))  # the ladder's next rung

    async def test_a_long_line_is_counted_whole(self, store: RedisStore, life: Life) -> None:
        await store.receive([life.received(a_mention(id=str(n))) for n in range(120)])
        assert (await store.lanes())["triage"] == (120, NOON)

    # The meter

    async def test_a_budget_holds_however_many_ask_at_once(self, store: RedisStore) -> None:
        asked = await asyncio.gather(*(store.meter.reserve(100, limit=1_050) for _ in range(50)))
        assert asked.count(True) == 10
        assert not await store.meter.reserve(51, limit=1_050)
        assert await store.meter.reserve(50, limit=1_050)
        assert "reserved" not in await store.counts(TODAY)

    async def test_what_was_used_takes_the_place_of_what_was_set_aside(self, store: RedisStore) -> None:
        assert await store.meter.reserve(2_000, limit=2_000)
        assert not await store.meter.reserve(1, limit=2_000)
        await store.meter.settle("square:1", reserved=2_000, spent=CALL)
        assert not await store.meter.reserve(1_201, limit=2_000)
        assert await store.meter.reserve(1_200, limit=2_000)

    async def test_at_once_and_settled_never_past_the_limit(self, store: RedisStore) -> None:
        used = 0

        async def call(nth: int) -> None:
            nonlocal used
            if await store.meter.reserve(1_000, limit=10_000):
                used += 800
                await store.meter.settle(f"square:{nth}", reserved=1_000, spent=CALL)

        await asyncio.gather(*(call(nth) for nth in range(50)))
        spent = await store.meter.spent_in(TODAY)
        assert spent.tokens_in + spent.tokens_out == used <= 10_000
        assert not await store.meter.reserve(10_001 - used, limit=10_000)
        assert await store.meter.reserve(10_000 - used, limit=10_000)

    async def test_what_is_spent_is_kept_by_case_by_day_and_for_ever(
        self, store: RedisStore, watch: Watch
    ) -> None:
        for case_id in ("square:1", "square:1", "square:2"):
            await store.meter.reserve(1_000, limit=10**6)
            await store.meter.settle(case_id, reserved=1_000, spent=CALL)
        watch.move(days=1)
        await store.meter.settle("square:2", reserved=0, spent=Spent(calls=1, failed=1))
        assert await store.meter.spent_on("square:1") == Spent(2, 0, 1400, 1000, 200, 2468, 1800)
        assert (await store.meter.spent_on("square:2")).failed == 1
        assert await store.meter.spent_on("square:3") == Spent()
        assert (await store.meter.spent_in(TODAY)).calls == 3
        assert (await store.meter.spent()).calls == 4
        assert (await store.counts())["spent:cases"] == 2
        assert await store._link.send("PTTL", store._keys.spent("square:1")) > 0

    async def test_tokens_set_aside_and_never_asked_for_are_given_back(self, store: RedisStore) -> None:
        assert await store.meter.reserve(1_000, limit=1_000)
        await store.meter.settle("square:1", reserved=1_000, spent=Spent())
        assert await store.meter.reserve(1_000, limit=1_000)
        assert "spent:cases" not in await store.counts()
        await store.meter.settle("square:1", reserved=5_000, spent=Spent())  # of the day before
        assert not await store.meter.reserve(1_001, limit=1_000)

    async def test_a_call_that_no_case_asked_for_is_no_case(self, store: RedisStore, watch: Watch) -> None:
        await store.meter.settle("", reserved=0, spent=Spent(calls=1, tokens_in=5))
        counts = await store.counts(f"{watch():%Y-%m-%d}")
        assert counts["spent:calls"] == 1
        assert "spent:cases" not in counts
        assert await store.meter.spent_on("") == Spent()
