"""Whether this process lives and can work, and the numbers of the whole, for the operator's machines.

An orchestrator restarts what is not live and sends work to what is ready, so:

* Not live: the worker has not looked for work for five minutes. It looks on through an outage of the record
  too, so only a restart helps.
* Not ready: the record cannot be reached, the worker stands still, or a source is silent in a process which
  is there to read and serves no pages. Where pages are served a silent source is a note: a platform's outage
  must not take the cards away from the people who answer.
* Notes: a team channel refuses its cards, publishing is paused, the model rests (drafts are composed from
  the protocol meanwhile), something was set aside for a person, a source is silent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from bot.errors import StoreUnavailable
from bot.flows.trouble import troubles_of
from bot.main.checkup import SILENT
from bot.main.platforms import now
from bot.main.wiring import House
from bot.masking import mask
from bot.ports import Beat, CaseStore, Clock, Readiness, Signs

#: Seconds without a look of the worker.
STILL, STUCK = 60.0, 300.0
#: A source is silent after so many readings that did not come, and never before `SILENT`.
_MISSED = 5


@dataclass(slots=True)
class Health:
    """One process. `sources` are the configured ones with how often each is read, None for one that pushes.

    `reads_only` says that it reads sources and serves no pages; `resting` returns until when no model is
    asked, `None` while one is, or where none is configured; `currency` is empty without a model.
    """

    store: CaseStore
    sources: Mapping[str, timedelta | None]
    clock: Clock = now
    works: bool = True
    reads_only: bool = False
    resting: Callable[[], datetime | None] = lambda: None
    currency: str = ""
    tick: Callable[[], float] = monotonic
    _looked: float = field(init=False)
    _since: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._since = self.clock()
        self.looked()

    def looked(self) -> None:
        """The worker has just looked for work."""
        self._looked = self.tick()

    def stuck(self) -> str:
        """Return why only a restart helps, empty where none is needed."""
        return self._still(STUCK)

    async def readiness(self) -> Readiness:
        """Return what keeps this process from its work."""
        reasons = [still] if (still := self._still(STILL)) else []
        try:
            await self.store.ping()
            silent, notes = await asyncio.gather(self._silent(), self._notes())
        except StoreUnavailable as problem:
            return Readiness(reasons=(*reasons, f"the record cannot be reached: {problem}"))
        if self.reads_only:
            return Readiness(reasons=(*reasons, *silent), notes=tuple(notes))
        return Readiness(reasons=tuple(reasons), notes=(*silent, *notes))

    async def signs(self) -> Signs:
        """Return the numbers of the whole; raises `StoreUnavailable`."""
        counts, states, lanes, beats, aside, paused = await asyncio.gather(
            self.store.counts(), self.store.states(), self.store.lanes(), self._beats(),
            self.store.count_aside(), self.store.paused(),
        )  # fmt: skip
        troubles = await self.store.troubles()
        at = self.clock()
        return Signs(
            counts=counts,
            states=states,
            lanes={lane: (n, _seconds(at - since) if since else 0.0) for lane, (n, since) in lanes.items()},
            silence={name: _seconds(self._silence(beats.get(name))) for name in self.sources},
            failing=frozenset(name for name, beat in beats.items() if beat.error),
            steps_aside=aside[0],
            items_aside=aside[1],
            channels={name: name not in troubles for name in self.store.channels},
            paused=paused is not None,
            resting=self.resting() is not None,
            currency=self.currency,
        )

    def _still(self, most: float) -> str:
        still = self.tick() - self._looked
        if not self.works or still < most:
            return ""
        return f"the worker has not looked for work for {still:.0f} seconds; restart this process"

    async def _beats(self) -> Mapping[str, Beat]:
        return {beat.source: beat for beat in await self.store.beats() if beat.source in self.sources}

    def _silence(self, beat: Beat | None) -> timedelta:
        """How long nothing was read: since this process began, where nothing ever was."""
        return self.clock() - (beat.read_at if beat and beat.read_at else self._since)

    async def _silent(self) -> list[str]:
        beats, silent = await self._beats(), list[str]()
        for name, every in self.sources.items():
            beat = beats.get(name)
            silence = self._silence(beat)
            if every is not None and silence > max(SILENT, every * _MISSED):
                # What a platform answered may quote somebody.
                why = f": {mask(beat.error).text}" if beat and beat.error else ""
                minutes = silence // timedelta(minutes=1)
                silent.append(f"source {name!r} has been silent for {minutes} minutes{why}")
        return silent

    async def _notes(self) -> list[str]:
        paused, (steps, items), troubles = await asyncio.gather(
            self.store.paused(), self.store.count_aside(), troubles_of(self.store)
        )
        notes = [f"team channel: {mask(says).text}" for says in troubles.values()]
        if paused:
            notes.append(f"publishing is paused since {paused[1]:%Y-%m-%d %H:%M} UTC; approved replies wait")
        if resting := self.resting():
            notes.append(
                f"the model rests until {resting:%H:%M:%S} UTC; drafts are composed from the protocol"
            )
        if steps or items:
            aside = f"steps that failed too often: {steps}, bad items of the last 24 hours: {items}"
            notes.append(f"set aside for a person, as levelhead check lists them: {aside}")
        return notes


def _seconds(span: timedelta) -> float:
    return max(0.0, span.total_seconds())


def health_of(house: House, *, web: bool, worker: bool, sources: bool) -> Health:
    """Return the health of a process that has these roles."""
    every = {
        source.name: timedelta(seconds=source.poll_seconds) if source.kind != "webhook" else None
        for source in house.settings.sources
    }
    model = house.model
    return Health(
        store=house.store,
        sources=every,
        works=worker,
        reads_only=sources and not web,
        resting=model.resting if model else lambda: None,
        currency=house.settings.model.currency if house.settings.model else "",
    )
