"""The worker: it ends when nothing is due, finishes what it has in hand, and keeps long steps its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from adapters.store.redis import RedisStore
from bot.domain.case import State
from bot.ports import Brief, Owed, Written
from bot.worker import Pace, Worker
from tests.flows.houses import House, until, until_found


class SlowWriter:
    """A writer that writes when it is let; with `pair`, the first as soon as a second one waits."""

    def __init__(self, *, pair: bool = False) -> None:
        self._first = 1 if pair else 0
        self.began, self.may_end = asyncio.Event(), asyncio.Event()
        self.times = 0

    async def write(self, brief: Brief) -> Written:
        self.times += 1
        if self.times > self._first:
            self.began.set()
            await self.may_end.wait()
        else:
            await self.began.wait()
        return Written(text="Hello, thank you for telling us. We are sorry.", language="en", by="slow")


class SlowAnswers(RedisStore):
    """A record whose word that nothing is due arrives after the step in hand has ended."""

    writer: SlowWriter

    async def claim(self, lanes: Mapping[str, int], **more: Any) -> Sequence[Owed]:
        found = await super().claim(lanes, **more)
        if not found and self.writer.began.is_set() and not self.writer.may_end.is_set():
            self.writer.may_end.set()
            await until_found(self.all_are_drafted)
            await asyncio.sleep(0.02)
        return found

    async def all_are_drafted(self) -> bool:
        return all([case.draft is not None async for case in self.all_cases()])


async def test_a_worker_stops_when_nothing_is_due_and_not_a_step_before(house: House) -> None:
    real, writer = house.store, SlowWriter(pair=True)
    store = SlowAnswers(real._link, real._keys, real.channels, house.watch)
    store.writer = writer
    house.change(store=store, writer=writer)
    posts = [await house.post(handle=handle) for handle in ("ada", "ben")]
    await house.reads()
    await house.works()
    assert [(await house.case(post.id)).state for post in posts] == [State.IN_REVIEW] * 2


async def test_a_worker_told_to_stop_finishes_the_step_in_hand(house: House) -> None:
    writer, stop = SlowWriter(), asyncio.Event()
    house.change(writer=writer)
    post = await house.post()
    await house.reads()
    running = asyncio.create_task(Worker(house.parts, Pace(idle=0.01)).run(stop))
    await asyncio.wait_for(writer.began.wait(), 10)
    stop.set()
    await asyncio.sleep(0.05)
    assert not running.done()
    writer.may_end.set()
    await asyncio.wait_for(running, 10)
    assert (await house.case(post.id)).draft is not None


async def test_a_step_that_takes_long_is_not_given_to_another_worker(house: House) -> None:
    writer, stop = SlowWriter(), asyncio.Event()
    house.change(writer=writer)
    await house.post()
    await house.reads()
    pace = Pace(idle=0.01, lease=timedelta(milliseconds=200))
    workers = [asyncio.create_task(Worker(house.parts, pace).run(stop)) for _ in range(2)]
    try:
        await asyncio.wait_for(writer.began.wait(), 10)
        for _ in range(12):
            await asyncio.sleep(0.05)
            house.watch.move(milliseconds=50)
        assert writer.times == 1
        writer.may_end.set()
        await until(lambda: bool(house.board.cards))
    finally:
        writer.may_end.set()
        stop.set()
        await asyncio.wait_for(asyncio.gather(*workers), 10)
    assert writer.times == 1


async def test_a_step_that_is_finished_before_leaving_is_not_given_to_another_worker(house: House) -> None:
    writer, leave, stop = SlowWriter(), asyncio.Event(), asyncio.Event()
    house.change(writer=writer)
    post = await house.post()
    await house.reads()
    pace = Pace(idle=0.01, lease=timedelta(milliseconds=200))
    workers = [asyncio.create_task(Worker(house.parts, pace).run(leave))]
    try:
        await asyncio.wait_for(writer.began.wait(), 10)
        leave.set()
        workers.append(asyncio.create_task(Worker(house.parts, pace).run(stop)))
        for _ in range(12):
            await asyncio.sleep(0.05)
            house.watch.move(milliseconds=50)
        assert writer.times == 1
    finally:
        writer.may_end.set()
        stop.set()
        await asyncio.wait_for(asyncio.gather(*workers), 10)
    assert writer.times == 1
    assert (await house.case(post.id)).draft is not None


async def test_a_card_that_cannot_be_drawn_holds_no_publication_up(house: House) -> None:
    case = await house.hears()
    await house.approves(case)
    house.change(channels={})  # the channel's lane is not served
    await house.works(seconds=20)
    assert len(await house.live(case)) == 1
