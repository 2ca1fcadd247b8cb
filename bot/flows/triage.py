"""Read a mention: open its case with a deadline, or note it. What could not be read is opened."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from bot.domain.assessment import Assessment, Category, unread
from bot.domain.case import Case
from bot.domain.draft import Purpose
from bot.domain.events import (
    CaseClosed,
    CaseNoted,
    CaseOpened,
    CaseReopened,
    FoldEnded,
    FollowUpDue,
    FollowUpEnded,
    KindCorrected,
    Noted,
    Outcome,
    ParentEnded,
    Rehearsed,
    ReplyPublished,
)
from bot.errors import PlatformError
from bot.flows.parts import Parts, save
from bot.ports import Owed

log = structlog.get_logger(__name__)

_NOTED: Mapping[Category, Noted] = {
    Category.PRAISE: Outcome.PRAISE,
    Category.SPAM: Outcome.SPAM,
    Category.NEUTRAL: Outcome.NOTED,
}


async def triage(owed: Owed, parts: Parts) -> None:
    """Pay what a RECEIVED case owes: an assessment."""
    case = owed.case
    reading = await _read(case, parts)
    # A conversation is never left in the middle, whatever their next words are (M6).
    spoken = case.carded or bool(case.thread)
    # Danger is never only noted, whatever kind a reader took it for; advertisements speak of lawyers too.
    harmless = not reading.risks or reading.category is Category.SPAM
    if not spoken and not reading.category.needs_answer and harmless:
        await save(parts, case, CaseNoted(assessment=reading, outcome=_NOTED[reading.category]))
    elif not spoken and _only_watched(case, reading, parts):
        await save(parts, case, CaseNoted(assessment=reading, outcome=Outcome.NOTED))
    else:
        await save(parts, case, await _opened(case, reading, parts))


async def _read(case: Case, parts: Parts) -> Assessment:
    try:
        return await parts.classifier.assess(case.mention, case.thread)
    except PlatformError as problem:
        log.warning("classifier_failed", case=case.id, problem=type(problem).__name__)
        return unread(case.mention.language or "und", "it could not be read, so it is treated as a complaint")


def _only_watched(case: Case, reading: Assessment, parts: Parts) -> bool:
    """M23: whom we only watch. Danger is never only watched."""
    names = {case.mention.author.handle.casefold().lstrip("@"), case.mention.platform}
    watched = {name.casefold().lstrip("@") for name in parts.protocol.watch_only}
    return bool(names & watched) and not reading.risks


async def _opened(case: Case, reading: Assessment, parts: Parts) -> CaseOpened:
    at = parts.clock()
    purpose = Purpose.NEXT_MESSAGE if case.returned else Purpose.ANSWER
    severity = max(reading.severity, case.severity, key=lambda s: s.rank) if case.carded else reading.severity
    deadline, earliest = parts.protocol.deadline(severity, purpose, at), None
    if case.deadline and case.remind_at and await _undecided(case, parts):
        # Neither an edit nor another message gives anybody more time, nor puts a reminder off.
        deadline, earliest = min(deadline, case.deadline), case.remind_at
    remind_at = parts.protocol.first_reminder(at, max(deadline, at))
    return CaseOpened(
        assessment=reading, deadline=deadline, remind_at=min(remind_at, earliest) if earliest else remind_at
    )


async def _undecided(case: Case, parts: Parts) -> bool:
    """Whether nobody answered or closed the case since its deadline was set."""
    for entry in reversed(await parts.store.trail(case.id)):
        match entry.event:
            case CaseOpened() | CaseReopened() | KindCorrected() | FollowUpDue() | FoldEnded():
                return True
            case ReplyPublished() | CaseClosed() | ParentEnded() | FollowUpEnded() | Rehearsed():
                return False
            case _:
                continue
    return False
