"""Reading a source: the cursor moves last, by one reader at a time, and a new source begins at a horizon."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.domain.case import State
from bot.errors import LeaseLost, PlatformBusy, StoreUnavailable
from bot.flows.ingest import ingest, read
from bot.ports import Batch, Cursor, Cursors, SourceLease
from bot.worker import Reader, watch
from tests.builders import NOON, a_mention
from tests.flows.houses import LATE, MINUTE, House, until


class DyingCursors:
    """Cursors of a process that is killed just before it moves one."""

    def __init__(self, real: Cursors) -> None:
        self._real = real

    async def take(self, source: str, *, by: str, lease: timedelta) -> SourceLease | None:
        return await self._real.take(source, by=by, lease=lease)

    async def get(self, source: str) -> Cursor | None:
        return await self._real.get(source)

    async def put(self, lease: SourceLease, cursor: Cursor) -> None:
        raise StoreUnavailable("killed")


class Pages:
    """A source of so many mentions, a page of two at a time; the older ones a week old."""

    name = "square"

    def __init__(self, old: int, new: int) -> None:
        week = timedelta(days=7)
        self._all = [a_mention(id=str(n), posted_at=NOON - week) for n in range(old)]
        self._all += [a_mention(id=str(old + n)) for n in range(new)]

    async def fetch(self, since: Cursor | None) -> Batch:
        at = int(since or 0)
        return Batch(items=tuple(self._all[at : at + 2]), cursor=str(at + 2), more=at + 2 < len(self._all))


class Broken:
    """A source that fails as often as it is told to, each time as it is told to."""

    name = "square"

    def __init__(self, *problems: Exception) -> None:
        self._problems = list(problems)
        self.asked = 0

    async def fetch(self, since: Cursor | None) -> Batch:
        self.asked += 1
        if self._problems:
            raise self._problems.pop(0)
        return Batch(items=(a_mention(),), cursor="1")


async def test_a_reader_killed_before_it_moved_the_cursor_loses_nothing(house: House) -> None:
    post = await house.post()
    lease = await house.store.cursors.take("square", by="test", lease=MINUTE)
    assert lease
    with pytest.raises(StoreUnavailable):
        await read(house.square, cursors=DyingCursors(house.store.cursors), lease=lease, parts=house.parts)
    assert await house.store.cursors.get("square") is None
    second = await house.post(LATE, "ben")
    taken = await house.reads()
    assert (taken.new, taken.known) == (1, 1)
    assert {case.id async for case in house.store.all_cases()} == {f"square:{post.id}", f"square:{second.id}"}


async def test_a_reader_killed_in_the_middle_of_a_batch_loses_nothing(house: House) -> None:
    first = await house.post()
    await house.post("@brightloaf hello?", to=first.id)
    batch = await house.square.fetch(None)
    lease = await house.store.cursors.take("square", by="test", lease=MINUTE)
    assert lease

    class HalfABatch:
        name = "square"

        async def fetch(self, since: Cursor | None) -> Batch:
            return Batch(items=batch.items[:1], cursor=batch.cursor)

    with pytest.raises(StoreUnavailable):
        await read(HalfABatch(), cursors=DyingCursors(house.store.cursors), lease=lease, parts=house.parts)
    await house.reads()
    assert [m.text for m in (await house.case(first.id)).thread] == ["@brightloaf hello?"]


async def test_a_message_that_was_heard_but_not_marked_is_heard_once(house: House) -> None:
    case = await house.hears()
    said = await house.post("@brightloaf hello?", to=case.mention.id)
    await house.reads()
    keys = house.store._keys
    await house.store._link.send("DEL", keys.seen("square", said.id))  # killed before it was marked
    await ingest(await house.square.fetch(None), parts=house.parts)
    assert [m.id for m in (await house.now(case)).thread] == [said.id]


async def test_an_old_reader_cannot_move_the_cursor_back(house: House) -> None:
    await house.post()
    cursors = house.store.cursors
    old = await cursors.take("square", by="old", lease=MINUTE)
    assert old
    assert await cursors.take("square", by="new", lease=MINUTE) is None
    house.watch.move(minutes=1)
    new = await cursors.take("square", by="new", lease=MINUTE)
    assert new
    await read(house.square, cursors=cursors, lease=new, parts=house.parts)
    stands = await cursors.get("square")
    await house.post(LATE, "ben")
    with pytest.raises(LeaseLost):
        await read(house.square, cursors=cursors, lease=old, parts=house.parts)
    assert await cursors.get("square") == stands


async def test_a_new_source_starts_from_a_horizon_and_not_from_its_past(house: House) -> None:
    await house.post()
    house.watch.move(hours=25)
    young = await house.post(LATE, "ben")
    taken = await house.reads()
    assert (taken.new, taken.too_old) == (1, 1)
    assert [case.id async for case in house.store.all_cases()] == [f"square:{young.id}"]


async def test_the_past_of_a_new_source_is_left_alone_on_every_page_of_it(house: House) -> None:
    source, cursors = Pages(old=7, new=2), house.store.cursors
    too_old, new, more = 0, 0, True
    while more:
        lease = await cursors.take("square", by="test", lease=MINUTE)
        assert lease
        taken, more = await read(source, cursors=cursors, lease=lease, parts=house.parts)
        too_old, new = too_old + taken.too_old, new + taken.new
    assert (too_old, new) == (7, 2)


async def test_what_a_known_source_held_back_for_days_is_not_too_old(house: House) -> None:
    await house.hears()
    house.watch.move(hours=1)
    late = await house.post(LATE, "ben")
    house.watch.move(days=3)
    assert (await house.reads()).new == 1
    assert (await house.case(late.id)).state is State.RECEIVED


async def watching(house: House, source: Broken, times: int) -> None:
    """Watch a source until it was asked so often."""
    stop, reader = asyncio.Event(), Reader(by="test", every=0.001)
    running = asyncio.create_task(
        watch(source, reader, cursors=house.store.cursors, parts=house.parts, stop=stop)
    )
    await until(lambda: source.asked >= times or running.done())
    stop.set()
    await running


async def test_a_failed_source_says_so_and_is_asked_again(house: House) -> None:
    source = Broken(PlatformBusy("the square is closed"))
    await watching(house, source, times=1)
    (beat,) = await house.store.beats()
    assert (beat.read_at, beat.error) == (None, "the square is closed")
    await watching(house, source, times=3)
    (beat,) = await house.store.beats()
    assert (beat.read_at, beat.error) == (NOON, "")
    assert await house.store.count_open() == 1


async def test_a_source_that_breaks_in_our_own_code_stops_no_other(house: House) -> None:
    source = Broken(KeyError("author"))
    await watching(house, source, times=1)
    (beat,) = await house.store.beats()
    assert beat.error == "KeyError in our own code; see the log"
    await watching(house, source, times=2)
    assert await house.store.count_open() == 1


async def test_a_reader_that_stops_leaves_the_source_to_the_next_at_once(house: House) -> None:
    await watching(house, Broken(), times=1)
    assert await house.store.cursors.take("square", by="another", lease=MINUTE)
