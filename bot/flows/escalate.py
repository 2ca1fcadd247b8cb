"""Time passes: claims run out, snoozes end, and a case nobody decides climbs the ladder (M18)."""

from __future__ import annotations

from datetime import datetime

from bot.domain.case import Case, State
from bot.domain.events import ClaimExpired, Event, Reminded, SnoozeEnded
from bot.flows.parts import Parts, save
from bot.ports import Owed


async def remind(owed: Owed, parts: Parts) -> None:
    """Pay what is due by the clock in a case that waits for a person."""
    case, at = owed.case, parts.clock()
    events: list[Event] = []
    if case.claim and case.claim.until <= at:
        events.append(ClaimExpired())
    if case.remind_at and case.remind_at <= at:
        events.append(_climb(case, parts))
    if events:
        await save(parts, case, *events)


async def wake(owed: Owed, parts: Parts) -> None:
    """Pay what a SNOOZED case owes: its return to review."""
    await save(parts, owed.case, SnoozeEnded())


def _climb(case: Case, parts: Parts) -> Reminded:
    at, rung = parts.clock(), case.rung + 1
    asked = case.escalation if case.state is State.ESCALATED else None
    role, remind_at = parts.protocol.next_rung(
        asked.at if asked else _owed_since(case, parts),
        case.deadline or at,
        rung,
        at,
        desk=asked.desk if asked else None,
        urgent=asked is not None and asked.urgent,
    )
    return Reminded(rung=rung, role=role, remind_at=remind_at)


def _owed_since(case: Case, parts: Parts) -> datetime:
    """When this answer began to be owed: in a case that came back, long after it was received."""
    if case.deadline is None:
        return case.received_at
    given = parts.protocol.deadline(case.severity, case.purpose, case.deadline) - case.deadline
    return max(case.received_at, case.deadline - given)
