"""Time passes: claims run out, snoozes end, and a case nobody decides climbs the ladder (M18)."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.case import Case, State
from bot.domain.events import ClaimExpired, Event, Reminded, SnoozeEnded
from bot.flows.parts import Parts, save
from bot.ports import Owed

#: After the last rung of a desk's ladder its people are reminded this often.
DESK_REPEAT = timedelta(hours=2)


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
    at = parts.clock()
    desk = parts.protocol.desks.get(case.escalation.desk) if case.escalation else None
    if case.state is State.ESCALATED and case.escalation and desk and desk.ladder:
        rung = desk.ladder[min(case.rung, len(desk.ladder) - 1)]
        later = desk.ladder[case.rung + 1 :]
        due = case.escalation.at + timedelta(minutes=later[0].after_minutes) if later else at + DESK_REPEAT
        return Reminded(rung=case.rung + 1, role=rung.role, remind_at=max(due, at + timedelta(minutes=1)))
    opened, deadline = case.received_at, case.deadline or at
    role, remind_at = parts.protocol.next_rung(opened, deadline, case.rung, at)
    return Reminded(rung=case.rung + 1, role=role, remind_at=remind_at)
