"""What the flows work with: the ports they use, wired once by `main`, and how a step is saved."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

import structlog

from bot.domain.assessment import Severity
from bot.domain.case import Case
from bot.domain.events import Entry, Event
from bot.domain.mention import Mention
from bot.domain.protocol import ResponseProtocol
from bot.domain.team import Team
from bot.domain.transitions import advance
from bot.errors import StaleCase, StoreUnavailable
from bot.flows.asking import Prompts
from bot.ports import (
    CaseStore,
    Change,
    ChatSurface,
    Classifier,
    Clock,
    Meter,
    Pager,
    Platform,
    ReplyWriter,
    Translator,
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """The ports a flow may use. `offline` writes when `writer` cannot; `shadow` sends nothing.

    With a model, `prompts` says what it is asked, `rules` reads beside it what it must not hide, and
    `translator` translates; without one they are `None`, and `classifier` is the rules alone.
    """

    store: CaseStore
    team: Team
    protocol: ResponseProtocol
    clock: Clock
    classifier: Classifier
    provisional: Callable[[Mention], Severity]
    writer: ReplyWriter
    offline: ReplyWriter
    prompts: Prompts | None = None
    rules: Classifier | None = None
    translator: Translator | None = None
    meter: Meter | None = None
    platforms: Mapping[str, Platform] = field(default_factory=dict[str, Platform])
    channels: Mapping[str, ChatSurface] = field(default_factory=dict[str, ChatSurface])
    pagers: Sequence[Pager] = ()  # past every channel, for when one is gone
    shadow: bool = False
    #: How long a platform's answer is waited for before a publication is looked into.
    publish_timeout: timedelta = timedelta(minutes=5)
    #: Names of colleagues whom only a channel vouches for, as far as this process has heard of them.
    met: dict[str, str] = field(default_factory=dict[str, str])


def change(
    case: Case, *events: Event, at: datetime, name: str = "", drawn: Mapping[str, str] | None = None
) -> Change:
    """Return the save that takes `case` through `events`. `name` makes a repeated save the same one."""
    after, entries = case, list[Entry]()
    for event in events:
        after = advance(after, event, at=at)
        entries.append(Entry(version=after.version, at=at, event=event))
    return Change(
        before=case, after=after, entries=tuple(entries), id=name or uuid4().hex, drawn=dict(drawn or {})
    )


async def save(parts: Parts, case: Case, *events: Event, name: str = "") -> Case:
    """Take `case` through `events` and write it; raises `StaleCase` when somebody was faster."""
    made = change(case, *events, at=parts.clock(), name=name)
    await parts.store.save(made)
    return made.after


async def save_on_any(
    parts: Parts, case_id: str, events: Callable[[Case], tuple[Event, ...]], *, name: str
) -> Case:
    """Apply what has happened outside, whatever state the case is in meanwhile.

    `events` is asked again for each newer case, and answers nothing once there is nothing left to record.
    """
    while True:
        case = await parts.store.get(case_id)
        made = events(case)
        if not made:
            return case
        try:
            # With its version: the same may happen twice, as when an edit is taken back and made again.
            return await save(parts, case, *made, name=f"{name}:{case.version}")
        except StaleCase:
            continue


async def save_for_sure(
    parts: Parts, case_id: str, events: Callable[[Case], tuple[Event, ...]], *, name: str
) -> Case:
    """As `save_on_any`, and again until the record is back: what we know now, nobody can tell us twice."""
    pause = 0.2
    while True:
        try:
            return await save_on_any(parts, case_id, events, name=name)
        except StoreUnavailable:
            log.warning("waiting_for_the_record", case=case_id, step=name)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10)
