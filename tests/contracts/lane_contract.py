"""What a store promises of due steps: worst first, to one worker at a time, until they are paid."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from adapters.store.redis import RedisStore
from bot.domain import events as e
from bot.domain.assessment import Severity
from bot.domain.mention import SetAside
from tests.builders import NOON, Watch, a_draft, a_mention, approved, opened
from tests.contracts.case_contract import POSTED, READY
from tests.stores import ALL_LANES, Life

MINUTE = timedelta(minutes=1)


class LaneContract:
    async def test_each_state_owes_its_step_in_its_lane(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        async def due() -> list[str]:
            return sorted(owed.lane for owed in await store.claim(ALL_LANES, lease=MINUTE))

        case = await life.begin()
        assert await due() == ["triage"]
        case = await life.happens(case, opened())
        assert await due() == ["draft"]
        case = await life.happens(case, READY)
        assert await due() == ["card:console", "card:slack"]
        case = await life.happens(case, POSTED, console="p1", slack="p2")
        assert await due() == []
        assert case.draft
        change = e.ReplyApproved(
            by="rosa", draft=case.draft.id, context=case.context, publish_at=NOON + timedelta(seconds=20)
        )
        case = await life.happens(case, change, console="p1", slack="p2")
        assert await due() == []
        watch.move(seconds=20)
        assert await due() == ["publish"]
        case = await life.happens(
            case, e.PublishStarted(key="k", until=watch.at + 5 * MINUTE), console="p1", slack="p2"
        )
        assert await due() == []
        watch.move(minutes=5)
        assert await due() == ["time"]

    async def test_fifty_who_claim_at_once_never_share_a_step(self, store: RedisStore, life: Life) -> None:
        await store.receive([life.received(a_mention(id=str(n))) for n in range(300)])
        claims = await asyncio.gather(*(store.claim({"triage": 7}, lease=MINUTE) for _ in range(50)))
        claimed = [owed.case.id for claim in claims for owed in claim]
        assert len(claimed) == len(set(claimed)) == 300

    async def test_the_worst_is_first(self, store: RedisStore, life: Life) -> None:
        low = [life.received(a_mention(id=str(n)), Severity.LOW) for n in range(2000)]
        await store.receive(low)
        worst = await life.begin(a_mention(id="worst"), Severity.CRITICAL)
        (first,) = await store.claim({"triage": 1}, lease=MINUTE)
        assert first.case == worst

    async def test_a_step_whose_worker_died_is_given_again(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        case = await life.begin()
        (dead,) = await store.claim({"triage": 1}, lease=MINUTE)
        watch.move(seconds=59)
        assert await store.claim({"triage": 1}, lease=MINUTE) == []
        watch.move(seconds=1)
        (again,) = await store.claim({"triage": 1}, lease=MINUTE)
        assert again.case == case
        assert again.lease != dead.lease

    async def test_who_lost_a_lease_can_do_nothing_with_it(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        await life.happens(await life.begin(), opened(), READY)
        (dead,) = await store.claim({"card:console": 1}, lease=MINUTE)
        watch.move(minutes=1)
        (alive,) = await store.claim({"card:console": 1}, lease=MINUTE)
        assert not await store.renew(dead, lease=5 * MINUTE)
        assert await store.failed(dead, "late", again=timedelta(0), most=1)
        await store.drawn(dead, "theirs")
        assert await store.asides() == []
        assert await store.claim({"card:console": 1}, lease=MINUTE) == []
        watch.move(minutes=1)
        (owed,) = await store.claim({"card:console": 1}, lease=MINUTE)
        assert (owed.posted, owed.tries) == (None, 0)
        assert alive.lease != owed.lease

    async def test_a_renewed_lease_holds_longer(self, store: RedisStore, life: Life, watch: Watch) -> None:
        await life.begin()
        (owed,) = await store.claim({"triage": 1}, lease=MINUTE)
        watch.move(seconds=50)
        assert await store.renew(owed, lease=MINUTE)
        watch.move(seconds=59)
        assert await store.claim({"triage": 1}, lease=MINUTE) == []
        watch.move(seconds=1)
        assert len(await store.claim({"triage": 1}, lease=MINUTE)) == 1

    async def test_a_pause_takes_the_publications_out_and_nothing_else(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        case = await life.happens(await life.begin(), opened(), READY, POSTED)
        ready = approved(case)
        assert case.draft
        event = e.ReplyApproved(
            by="rosa", draft=case.draft.id, context=case.context, publish_at=ready.changed_at
        )
        await life.happens(case, event)
        await life.begin(a_mention(id="2"))
        await store.pause("mark", NOON)
        assert await store.paused() == ("mark", NOON)
        claimed = await store.claim({"publish": 9, "triage": 9}, lease=MINUTE)
        assert [owed.lane for owed in claimed] == ["triage"]
        await store.resume()
        assert await store.paused() is None
        assert [o.lane for o in await store.claim({"publish": 9}, lease=MINUTE)] == ["publish"]

    async def test_a_step_that_is_still_the_same_keeps_its_lease(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        case = await life.happens(await life.begin(), opened(), READY, POSTED)
        watch.move(hours=1, seconds=1)
        (owed,) = await store.claim({"time": 1}, lease=MINUTE)
        await life.happens(case, e.DraftEdited(by="rosa", draft=a_draft("Dear Ada.", by="person:rosa")))
        assert await store.claim({"time": 1}, lease=MINUTE) == []
        assert await store.renew(owed, lease=MINUTE)
        watch.move(minutes=1)
        assert len(await store.claim({"time": 1}, lease=MINUTE)) == 1

    async def test_another_time_takes_the_step_from_its_worker(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        case = await life.happens(await life.begin(), opened(), READY, POSTED)
        watch.move(hours=1)
        (owed,) = await store.claim({"time": 1}, lease=MINUTE)
        later = e.Reminded(rung=1, role="manager", remind_at=watch.at + 5 * MINUTE)
        await life.happens(case, later)
        assert not await store.renew(owed, lease=10 * MINUTE)
        assert await store.failed(owed, "late", again=timedelta(0), most=1)
        assert await store.claim({"time": 1}, lease=MINUTE) == []
        watch.move(minutes=5)
        assert len(await store.claim({"time": 1}, lease=MINUTE)) == 1

    async def test_a_step_put_off_is_not_given_before_its_time(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        cases = [await life.begin(a_mention(id=str(n))) for n in range(2)]
        cases = [await life.happens(case, opened(), READY, POSTED) for case in cases]
        watch.move(hours=1)
        (first,) = await store.claim({"time": 1}, lease=10 * MINUTE)  # both are due, one is taken
        (other,) = [case for case in cases if case != first.case]
        later = e.Reminded(rung=1, role="manager", remind_at=watch.at + 5 * MINUTE)
        await life.happens(other, later)
        assert await store.claim({"time": 9}, lease=MINUTE) == []

    async def test_no_step_is_given_a_part_of_a_millisecond_early(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        case = await life.happens(await life.begin(), opened(), READY, POSTED)
        until = NOON + timedelta(seconds=20, microseconds=400)
        await life.happens(case, e.Claimed(by="rosa", until=until))
        watch.move(seconds=20)
        assert await store.claim({"time": 1}, lease=MINUTE) == []
        watch.move(seconds=0.001)
        assert len(await store.claim({"time": 1}, lease=MINUTE)) == 1

    async def test_a_lease_that_ended_is_not_renewed(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        await store.receive([life.received(a_mention(id=str(n))) for n in range(2)])
        dead = await store.claim({"triage": 2}, lease=MINUTE)
        watch.move(minutes=1)
        (again,) = await store.claim({"triage": 1}, lease=MINUTE)
        assert [await store.renew(owed, lease=MINUTE) for owed in dead] == [False, False]
        assert await store.renew(again, lease=MINUTE)

    async def test_failures_of_one_reading_are_not_counted_for_the_next(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        case = await life.begin()
        (owed,) = await store.claim({"triage": 1}, lease=MINUTE)
        assert await store.failed(owed, "no", again=MINUTE, most=5)
        await life.happens(case, opened(), e.MentionEdited(text="Other words"))
        (owed,) = await store.claim({"triage": 1}, lease=MINUTE)
        assert owed.tries == 0

    async def test_what_an_expired_case_owed_is_forgotten(self, store: RedisStore, life: Life) -> None:
        closed = e.CaseClosed(by="rosa", outcome=e.Outcome.SILENT)
        case = await life.happens(await life.begin(), opened(), READY, POSTED, closed)
        await store._link.send("DEL", store._keys.case(case.id))  # as it does after 90 days
        assert await store.claim(ALL_LANES, lease=MINUTE) == []
        assert await store._link.send("EXISTS", store._keys.case(case.id)) == 0

    async def test_another_state_takes_the_step_from_its_worker(self, store: RedisStore, life: Life) -> None:
        case = await life.begin()
        (owed,) = await store.claim({"triage": 1}, lease=MINUTE)
        await life.happens(case, opened())
        assert not await store.renew(owed, lease=MINUTE)
        assert await store.failed(owed, "late", again=timedelta(0), most=5)
        claimed = await store.claim(ALL_LANES, lease=MINUTE)
        assert [o.lane for o in claimed] == ["draft"]
        assert await store._link.send("EXISTS", store._keys.due("triage"), store._keys.ready("triage")) == 0

    async def test_a_drawing_stays_owed_until_it_is_paid(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        case = await life.happens(await life.begin(), opened(), READY)
        await store.claim(ALL_LANES, lease=MINUTE)  # and dies
        watch.move(minutes=1)
        for owed in await store.claim(ALL_LANES, lease=MINUTE):
            await store.drawn(owed, f"on {owed.lane}")
        watch.move(days=1)
        assert await store.claim(ALL_LANES, lease=MINUTE) == []
        await life.happens(case, POSTED)
        posted = {
            o.lane: o.posted for o in await store.claim({"card:console": 1, "card:slack": 1}, lease=MINUTE)
        }
        assert posted == {"card:console": "on card:console", "card:slack": "on card:slack"}

    async def test_changes_while_a_card_is_drawn_are_one_drawing_more(
        self, store: RedisStore, life: Life
    ) -> None:
        case = await life.happens(await life.begin(), opened(), READY)
        lane = {"card:slack": 9}
        (owed,) = await store.claim(lane, lease=MINUTE)
        for event in (POSTED, e.Claimed(by="rosa", until=NOON + MINUTE), e.Released(by="rosa")):
            case = await life.happens(case, event)
        assert await store.claim(lane, lease=MINUTE) == []
        await store.drawn(owed, "p1")
        (newer,) = await store.claim(lane, lease=MINUTE)
        assert (newer.case, newer.posted) == (case, "p1")
        await store.drawn(newer, "p1")
        assert await store.claim(lane, lease=MINUTE) == []

    async def test_a_closed_case_is_drawn_once_more(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        case = await life.happens(await life.begin(), opened(), READY, POSTED, console="p1")
        await life.happens(case, e.CaseClosed(by="rosa", outcome=e.Outcome.SILENT))
        (owed,) = await store.claim({"card:console": 9}, lease=MINUTE)
        assert await store.failed(owed, "busy", again=MINUTE, most=5)
        watch.move(minutes=1)
        (owed,) = await store.claim({"card:console": 9}, lease=MINUTE)
        assert (owed.case.state.value, owed.posted, owed.tries) == ("closed", "p1", 1)

    async def test_after_too_many_failures_a_step_waits_for_a_person(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        case = await life.begin()
        for tries in range(5):
            (owed,) = await store.claim({"triage": 1}, lease=MINUTE)
            assert owed.tries == tries
            assert await store.failed(owed, f"try {tries}", again=MINUTE, most=5) == (tries < 4)
            assert await store.claim({"triage": 1}, lease=MINUTE) == []
            watch.move(minutes=1)
        assert await store.claim({"triage": 1}, lease=MINUTE) == []
        (aside,) = await store.asides()
        assert (aside.kind, aside.what, aside.reason) == ("triage", case.id, "try 4")
        assert await store.retry(case.id)
        assert not await store.retry(case.id)
        (owed,) = await store.claim({"triage": 1}, lease=MINUTE)
        assert owed.tries == 0
        assert await store.asides() == []

    async def test_a_person_who_moves_a_case_takes_what_was_set_aside_along(
        self, store: RedisStore, life: Life
    ) -> None:
        case = await life.begin()
        (owed,) = await store.claim({"triage": 1}, lease=MINUTE)
        assert not await store.failed(owed, "no", again=MINUTE, most=1)
        await life.happens(case, opened())
        assert not await store.retry(case.id)
        assert await store.asides() == []

    async def test_bad_items_are_kept_for_a_person(self, store: RedisStore) -> None:
        bad = [SetAside(source="hook", reason=f"bad {n}", raw="{", at=NOON + n * MINUTE) for n in range(1003)]
        await store.put_aside(bad)
        await store.put_aside([])
        await store.put_aside(bad[-1:])
        asides = await store.asides()
        assert len(asides) == 1000
        assert (asides[0].kind, asides[0].what, asides[0].reason) == ("item", "hook", "bad 1002")
        assert asides[0].at == NOON + 1002 * MINUTE
