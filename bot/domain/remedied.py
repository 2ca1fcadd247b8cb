"""What taking a reply down, and moderating, change in a case; and what its next words are for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.domain import events as e
from bot.domain.case import Case, Moderation, Retraction
from bot.domain.delivery import How
from bot.domain.draft import Purpose
from bot.domain.value import Value

Changes = dict[str, Any]
Effect = Callable[[Case, Any, datetime], Changes]

#: What is done to whom, as it is said of it.
DOES: Mapping[How, str] = {
    "hide": "hide the mention",
    "mute": "mute the author",
    "block": "block the author",
    "report": "report the mention",
}
_DONE: Mapping[How, str] = {
    "hide": "The mention is hidden on the platform now.",
    "mute": "The author is muted on the platform now.",
    "block": "The author is blocked on the platform now.",
    "report": "The mention is reported to the platform now.",
}


def first_purpose(case: Case) -> Purpose:
    """Return what a first answer to them is for."""
    return Purpose.PRIVATE_REPLY if case.private else Purpose.ANSWER


def next_purpose(case: Case) -> Purpose:
    """Return what the next words to them are for."""
    return Purpose.NEXT_MESSAGE if case.standing and not case.private else first_purpose(case)


def _retract_asked(_: Case, event: e.RetractAsked, at: datetime) -> Changes:
    asked = Retraction(by=event.by, at=at, reply=event.reply, reason=event.reason)
    return {"retraction": asked, "step_at": at, "notice": "", "rung": 0, "waits_for": ""}


def _retracting(case: Case, **changes: Any) -> Changes:
    return {"retraction": case.retraction and case.retraction.model_copy(update=changes)}


def _retracted(case: Case, event: e.ReplyRetracted, at: datetime) -> Changes:
    replies = tuple(
        reply.model_copy(update={"retracted_at": at}) if reply.id == event.reply else reply
        for reply in case.replies
    )
    after = case.model_copy(update={"replies": replies})
    return {"replies": replies, **_owed_again(after, event), "notice": event.says}


def _owed_again(case: Case, event: e.ReplyRetracted | e.ReplyLeft) -> Changes:
    times: Changes = {"deadline": event.deadline, "remind_at": event.remind_at}
    return times | {"purpose": next_purpose(case), "rung": 0, "waits_for": ""}


def _moderation_asked(_: Case, event: e.ModerationAsked, at: datetime) -> Changes:
    return {"moderating": Moderation(by=event.by, at=at, how=event.how, reason=event.reason, due=at)}


def _moderated(case: Case, event: e.Moderated, _: datetime) -> Changes:
    done = (*case.moderated, *(() if event.how in case.moderated else (event.how,)))
    return {"moderating": None, "moderated": done, "notice": _beside(case, _DONE[event.how])}


def _moderation_postponed(case: Case, event: e.ModerationPostponed, _: datetime) -> Changes:
    return {"moderating": case.moderating and case.moderating.model_copy(update={"due": event.until})}


def _moderation_failed(case: Case, event: e.ModerationFailed, _: datetime) -> Changes:
    return {"moderating": None, "notice": _beside(case, event.reason)}


def _beside(case: Case, words: str) -> str:
    """What the card says already stays: it is of something else."""
    return case.notice if words in case.notice else f"{case.notice} {words}".lstrip()


def unfinished(case: Case) -> str:
    """Return what the reader of a closed card must know: what was asked for and never confirmed."""
    asked = case.moderating
    return _beside(case, f"It was asked to {DOES[asked.how]}, and never confirmed.") if asked else case.notice


REMEDIES: Mapping[type[Value], Effect] = {
    e.RetractAsked: _retract_asked,
    e.RetractStarted: lambda case, event, _: _retracting(case, key=event.key) | {"step_at": event.until},
    e.RetractPostponed: lambda case, event, _: (
        _retracting(case, key="") | {"step_at": event.until, "notice": event.reason}
    ),
    e.RetractDoubted: lambda case, event, _: (
        _retracting(case, doubted=True) | {"remind_at": event.remind_at, "notice": event.reason}
    ),
    e.ReplyRetracted: _retracted,
    e.ReplyLeft: lambda case, event, _: (
        _owed_again(case, event) | {"notice": "Our reply still stands: somebody looked, and left it there."}
    ),
    e.ModerationAsked: _moderation_asked,
    e.Moderated: _moderated,
    e.ModerationPostponed: _moderation_postponed,
    e.ModerationFailed: _moderation_failed,
}
