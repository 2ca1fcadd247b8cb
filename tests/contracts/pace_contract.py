"""What a store promises of a channel with a pace: a drawing a slot, for all workers together, worst first."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from adapters.store.redis import RedisStore
from bot.domain.assessment import Severity
from bot.ports import DOUBT, Owed
from tests.builders import Watch, a_mention, opened
from tests.contracts.case_contract import READY
from tests.stores import Life

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
LANE = "card:slack"


async def slot(store: RedisStore) -> list[Owed]:
    return list(await store.claim({LANE: 9}, lease=MINUTE, pace={LANE: SECOND}))


async def drafted(life: Life, number: int, severity: Severity = Severity.MEDIUM) -> str:
    case = await life.begin(a_mention(f"mention {number}", id=str(number)))
    return (await life.happens(case, opened(severity), READY)).id


class PaceContract:
    async def test_a_channel_with_a_pace_gives_one_drawing_a_slot_to_all_who_ask(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        for number in range(4):
            await drafted(life, number)
        asked = await asyncio.gather(*(slot(store) for _ in range(20)))
        assert sum(map(len, asked)) == 1
        watch.move(seconds=0.9)
        assert await slot(store) == []
        watch.move(seconds=0.1)
        assert len(await slot(store)) == 1

    async def test_it_is_on_record_where_a_card_stands_and_that_a_first_post_is_in_doubt(
        self, store: RedisStore, life: Life
    ) -> None:
        case_id = await drafted(life, 1)
        assert await store.stands(case_id) == {}
        (owed,) = await slot(store)
        assert await store.stands(case_id) == {"slack": DOUBT}
        await store.drawn(owed, "C1:17.5")
        assert await store.stands(case_id) == {"slack": "C1:17.5"}
        assert await store.stands("square:none") == {}

    async def test_a_slot_goes_to_whoever_is_worst_when_it_becomes_free(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        for number in range(3):
            await drafted(life, number)
        await slot(store)
        worst = await drafted(life, 9, Severity.CRITICAL)
        watch.move(seconds=1)
        assert [owed.case.id for owed in await slot(store)] == [worst]

    async def test_looking_a_little_late_does_not_slow_the_channel_down(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        for number in range(25):
            await drafted(life, number)
        given = 0
        for _ in range(182):  # a look every 0.11 s for 20 s
            given += len(await slot(store))
            watch.move(seconds=0.11)
        assert 19 <= given <= 21

    async def test_a_channel_that_was_idle_gives_no_burst(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        for number in range(9):
            await drafted(life, number)
        await slot(store)
        watch.move(minutes=1)
        assert len(await slot(store)) == 1
        watch.move(seconds=0.5)
        assert await slot(store) == []

    async def test_a_channel_that_said_not_now_gives_nothing_until_then(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        await drafted(life, 1)
        await store.hold(LANE, watch() + 30 * SECOND)
        assert await slot(store) == []
        watch.move(seconds=29)
        assert await slot(store) == []
        watch.move(seconds=1)
        assert len(await slot(store)) == 1

    async def test_a_slot_that_nothing_was_drawn_in_is_free_at_once(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        for number in range(2):
            await drafted(life, number)
        (owed,) = await slot(store)
        await store.drawn(owed, "")
        await store.hold(LANE, watch())
        assert len(await slot(store)) == 1

    async def test_no_pace_of_a_channel_delays_another_lane(self, store: RedisStore, life: Life) -> None:
        for number in range(3):
            await drafted(life, number)
        await slot(store)
        lanes = {LANE: 9, "card:console": 9}
        found = await store.claim(lanes, lease=MINUTE, pace={LANE: SECOND})
        assert [owed.lane for owed in found] == ["card:console"] * 3

    async def test_a_first_post_that_was_begun_and_never_saved_comes_back_in_doubt(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        await drafted(life, 1)
        (first,) = await slot(store)
        assert first.posted is None
        watch.move(minutes=2)
        (again,) = await slot(store)
        assert again.posted == DOUBT
        await store.drawn(again, "C1:17.1")
        watch.move(minutes=2)
        assert await slot(store) == []
