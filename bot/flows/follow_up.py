"""After the reply: ask once how it went, answer what came meanwhile, then let the case go."""

from __future__ import annotations

from bot.domain.case import Case
from bot.domain.decide import LOOK_AT_PARENT
from bot.domain.draft import Purpose
from bot.domain.events import (
    Event,
    FoldEnded,
    FollowUpDue,
    FollowUpEnded,
    MentionRemoved,
    ParentEnded,
    ParentLooked,
    ThreadMoved,
)
from bot.errors import NoSuchCase
from bot.flows.parts import Parts, save
from bot.ports import Owed


async def follow_up(owed: Owed, parts: Parts) -> None:
    """Pay what a PUBLISHED case owes: what moved meanwhile, else at most the protocol's rounds of asking."""
    case, at = owed.case, parts.clock()
    if case.moved == "removed":
        await save(parts, case, MentionRemoved())
    elif case.moved == "spoken":
        await save(parts, case, ThreadMoved())
    elif case.follow_ups < parts.protocol.follow_up_rounds:
        deadline = parts.protocol.deadline(case.severity, Purpose.FOLLOW_UP, at)
        await save(
            parts,
            case,
            FollowUpDue(deadline=deadline, remind_at=parts.protocol.first_reminder(at, deadline)),
        )
    else:
        await save(parts, case, FollowUpEnded())


async def look_at_parent(owed: Owed, parts: Parts) -> None:
    """Pay what a FOLDED case owes: its parent's end, or another look."""
    case = owed.case
    try:
        parent = await parts.store.get(case.folded_into)
    except NoSuchCase:
        await save(parts, case, _on_its_own(case, parts))
        return
    if parent.folded_into == case.id:  # two people folded them into each other at once
        await save(parts, case, _on_its_own(case, parts))
    elif parent.open:
        await save(parts, case, ParentLooked(look_at=parts.clock() + LOOK_AT_PARENT))
    elif parent.mention.author_key == case.mention.author_key:
        await save(parts, case, ParentEnded())
    else:
        await save(parts, case, _on_its_own(case, parts))


def _on_its_own(case: Case, parts: Parts) -> Event:
    at = parts.clock()
    deadline = parts.protocol.deadline(case.severity, case.purpose, at)
    return FoldEnded(deadline=deadline, remind_at=parts.protocol.first_reminder(at, deadline))
