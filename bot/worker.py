"""Do what is due, worst first, one step at a time; and read the sources.

There is no queue of messages to lose: a step is claimed under a lease, done, and saved. Whoever dies in
between leaves it owed, and the lease's end shows it to the next worker.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

import structlog

from bot.domain.case import Lane, State
from bot.errors import (
    BotError,
    ChannelGone,
    PlatformBusy,
    PlatformError,
    PlatformRejected,
    StaleCase,
    StoreUnavailable,
)
from bot.flows.draft import draft
from bot.flows.escalate import remind, wake
from bot.flows.follow_up import follow_up, look_at_parent
from bot.flows.ingest import HORIZON, read
from bot.flows.moderate import moderate
from bot.flows.parts import Parts
from bot.flows.publish import publish, settle
from bot.flows.retract import retract
from bot.flows.review import CHANNEL_AWAY, draw
from bot.flows.triage import triage
from bot.flows.trouble import channel_refused
from bot.ports import Cursors, MentionSource, Owed, SourceLease

log = structlog.get_logger(__name__)

Step = Callable[[Owed, Parts], Awaitable[None]]


async def _give_up_waiting(owed: Owed, parts: Parts) -> None:
    await settle(owed.case, parts, why="the platform did not answer in time")


async def _in_hand(owed: Owed, parts: Parts) -> None:
    asked = owed.case.moderating
    await (moderate if asked and asked.due <= parts.clock() else remind)(owed, parts)


#: What the clock owes in each state.
_BY_THE_CLOCK: Mapping[State, Step] = {
    State.IN_REVIEW: _in_hand,
    State.ESCALATED: _in_hand,
    State.IN_DOUBT: remind,
    State.AWAITING_POST: remind,
    State.SNOOZED: wake,
    State.PUBLISHING: _give_up_waiting,
    State.PUBLISHED: follow_up,
    State.RETRACTING: retract,
    State.FOLDED: look_at_parent,
}


async def _time(owed: Owed, parts: Parts) -> None:
    await _BY_THE_CLOCK[owed.case.state](owed, parts)


_STEPS: Mapping[str, Step] = {
    Lane.TRIAGE: triage,
    Lane.DRAFT: draft,
    Lane.PUBLISH: publish,
    Lane.TIME: _time,
}


@dataclass(frozen=True, slots=True)
class Pace:
    """How a worker works. `at_once` steps of a lane run side by side; times in seconds."""

    at_once: int = 16
    lease: timedelta = timedelta(seconds=60)
    idle: float = 0.1  # between two looks when nothing was due
    tries: int = 5  # then a person
    again: float = 2.0  # before the second try; doubled each time
    outage: float = 0.5  # between two tries to reach the record; doubled up to 10 s


@dataclass(slots=True)
class Worker:
    """One worker. Any number of them may share one record. `looked` is told of each look for work."""

    parts: Parts
    pace: Pace = field(default_factory=Pace)
    looked: Callable[[], None] = lambda: None
    done: Counter[str] = field(default_factory=Counter[str])
    _running: dict[asyncio.Task[None], tuple[Owed, float]] = field(
        default_factory=dict[asyncio.Task[None], tuple[Owed, float]]
    )
    _unsaved: list[Owed] = field(default_factory=list[Owed])

    @property
    def _lanes(self) -> tuple[str, ...]:
        return (*_STEPS, *(f"card:{name}" for name in self.parts.channels))

    @property
    def _paces(self) -> Mapping[str, timedelta]:
        """The pace of each channel's lane that has one."""
        return {f"card:{c.name}": c.pace for c in self.parts.channels.values() if c.pace is not None}

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; then finish the steps in hand."""
        pause = self.pace.outage
        while not stop.is_set():
            self.looked()
            try:
                found = await self.look()
                pause = self.pace.outage
            except StoreUnavailable as problem:
                log.warning("record_unavailable", problem=str(problem), again_in=pause)
                await _sleep(pause, stop)
                pause = min(pause * 2, 10)
                continue
            await self._breathe(stop, found=found)
        while self._running:
            await asyncio.wait(self._running, timeout=self.pace.lease.total_seconds() / 4)
            with suppress(StoreUnavailable):  # else another worker does what is being finished here once more
                await self._renew()

    async def look(self) -> int:
        """Claim what is due where there is room, and start on it; return how much it was."""
        await self._renew()
        await self._give_up()
        busy = Counter(owed.lane for owed, _ in self._running.values())
        room = {
            lane: self.pace.at_once - busy[lane] for lane in self._lanes if busy[lane] < self.pace.at_once
        }
        claimed = await self.parts.store.claim(room, lease=self.pace.lease, pace=self._paces) if room else ()
        for owed in claimed:
            task = asyncio.create_task(self._pay(owed))
            self._running[task] = (owed, monotonic())
            task.add_done_callback(lambda done: self._running.pop(done, None))
        return len(claimed)

    async def drain(self) -> None:
        """Work until nothing is due now."""
        while True:
            # Asked first: a step that ends while we look may owe another one.
            idle = not self._running
            if not await self.look() and idle:
                return
            if self._running:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)

    async def _breathe(self, stop: asyncio.Event, *, found: int) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=self.pace.idle, return_when=asyncio.FIRST_COMPLETED)
        elif not found:
            await _sleep(self.pace.idle, stop)

    async def _renew(self) -> None:
        """Keep long steps hidden from the other workers."""
        half = self.pace.lease.total_seconds() / 2
        for task, (owed, since) in list(self._running.items()):
            if monotonic() - since > half and not task.done():
                await self.parts.store.renew(owed, lease=self.pace.lease)
                if task in self._running:
                    self._running[task] = (owed, monotonic())

    async def _give_up(self) -> None:
        """What an outage kept from being saved is owed again at once, and not when its lease ends."""
        while self._unsaved:
            await self.parts.store.renew(self._unsaved[-1], lease=timedelta(0))
            self._unsaved.pop()

    async def _pay(self, owed: Owed) -> None:
        step = draw if owed.lane.startswith("card:") else _STEPS[owed.lane]
        try:
            await step(owed, self.parts)
            self.done[owed.lane] += 1
        except StaleCase:
            log.debug("somebody_was_faster", case=owed.case.id, lane=owed.lane)
        except StoreUnavailable as problem:
            log.warning("step_not_saved", case=owed.case.id, lane=owed.lane, problem=str(problem))
            self._unsaved.append(owed)
        except Exception as problem:  # noqa: BLE001 the edge of the bot: whatever a step dies of goes to a person
            await self._give_back(owed, problem)

    async def _give_back(self, owed: Owed, problem: Exception) -> None:
        """A step that failed is tried later, then set aside for a person; an outage outside is waited for."""
        expected = isinstance(problem, BotError)
        log.error(
            "step_failed", case=owed.case.id, lane=owed.lane, tries=owed.tries + 1, exc_info=not expected
        )
        wait = self.pace.again * 2 ** min(owed.tries, 8)
        if isinstance(problem, PlatformBusy) and problem.wait:
            wait = problem.wait.total_seconds()
        elif isinstance(problem, PlatformBusy) and owed.lane.startswith("card:"):
            wait = min(wait, CHANNEL_AWAY.total_seconds())  # the channel's own lane waits, not each card
        most = 10**6 if _is_outside(owed, problem) else self.pace.tries
        reason = str(problem) if expected else f"{type(problem).__name__} in our own code; see the log"
        try:
            if not await self.parts.store.failed(owed, reason, again=timedelta(seconds=wait), most=most):
                log.error("set_aside", case=owed.case.id, lane=owed.lane)
        except StoreUnavailable:
            log.warning("step_not_saved", case=owed.case.id, lane=owed.lane)
            self._unsaved.append(owed)
        if isinstance(problem, ChannelGone) and owed.lane.startswith("card:"):
            await channel_refused(owed.lane.removeprefix("card:"), reason, self.parts)


def _is_outside(owed: Owed, problem: Exception) -> bool:
    """Whether a step failed for what passes, or is mended, outside; a card's own fault is ours."""
    its_own = isinstance(problem, PlatformRejected) and not isinstance(problem, ChannelGone)
    return isinstance(problem, PlatformError) and not (its_own and owed.lane.startswith("card:"))


#: How long a reader holds a source without a sign of life.
READER_LEASE = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Reader:
    """How a source is read. `every` in seconds; `by` names this process to the others."""

    by: str
    every: float
    horizon: timedelta = HORIZON
    lease: timedelta = READER_LEASE


async def watch(
    source: MentionSource, reader: Reader, *, cursors: Cursors, parts: Parts, stop: asyncio.Event
) -> None:
    """Read a source until `stop`; one process at a time, an outage only delays it."""
    pause = reader.every
    while not stop.is_set():
        try:
            right = await cursors.take(source.name, by=reader.by, lease=reader.lease)
            more = right is not None and await _read_once(source, cursors, parts, right, reader.horizon)
            pause = 0 if more else reader.every
        except Exception as problem:  # noqa: BLE001 the edge of the bot: one broken source stops nothing else
            # A source read less often than once a minute is not asked more often because it fails.
            pause = min(max(pause, reader.every, 0.5) * 2, max(60.0, reader.every))
            if isinstance(problem, PlatformBusy) and problem.wait:
                pause = max(pause, problem.wait.total_seconds())
            await _source_failed(source, parts, problem, pause)
        await _sleep(pause, stop)
    with suppress(StoreUnavailable):  # so that the next reader need not wait for our lease's end
        await cursors.take(source.name, by=reader.by, lease=timedelta(0))


async def _read_once(
    source: MentionSource, cursors: Cursors, parts: Parts, lease: SourceLease, horizon: timedelta
) -> bool:
    taken, more = await read(source, cursors=cursors, lease=lease, parts=parts, horizon=horizon)
    await parts.store.beat(source.name, parts.clock(), found=bool(taken.new or taken.changed))
    if taken.new or taken.changed or taken.set_aside:
        log.info(
            "source_read", source=source.name, new=taken.new, changed=taken.changed, set_aside=taken.set_aside
        )
    return more


async def _source_failed(source: MentionSource, parts: Parts, problem: Exception, pause: float) -> None:
    expected = isinstance(problem, BotError)
    says = str(problem) if expected else f"{type(problem).__name__} in our own code; see the log"
    log.warning(
        "source_failed", source=source.name, problem=says, again_in=pause, exc_info=not expected and problem
    )
    try:
        await parts.store.beat(source.name, parts.clock(), found=False, error=says[:300])
    except StoreUnavailable:
        log.debug("failure_not_recorded", source=source.name)


async def _sleep(seconds: float, stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
