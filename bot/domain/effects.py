"""What each event changes in a case besides its state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain import events as e
from bot.domain.assessment import Assessment, Category, at_least
from bot.domain.case import Approval, Case, Escalation, Held, State
from bot.domain.draft import Purpose
from bot.domain.remedied import REMEDIES, Changes, Effect, first_purpose, next_purpose
from bot.domain.value import Value

_UNDER_WAY = {State.PUBLISHING, State.IN_DOUBT, State.AWAITING_POST, State.RETRACTING}


def effect(case: Case, event: e.Event, at: datetime) -> Changes:
    """Return the fields `event` changes, by name; empty for one that only moves the state."""
    change = _EFFECTS.get(type(event))
    return change(case, event, at) if change else {}


def _opened(case: Case, event: e.CaseOpened, _: datetime) -> Changes:
    return {
        "assessment": _worst_of(case.assessment, event.assessment) if case.carded else event.assessment,
        "severity": max(event.assessment.severity, case.severity, key=lambda s: s.rank)
        if case.carded
        else event.assessment.severity,
        "deadline": event.deadline,
        "remind_at": event.remind_at,
        "rung": 0,
        "waits_for": "",
    }


def _worst_of(before: Assessment | None, now: Assessment) -> Assessment:
    """In a conversation a risk once seen stays: a milder second message does not take it away."""
    if before is None:
        return now
    severity = max(before.severity, now.severity, key=lambda s: s.rank)
    topics = tuple(dict.fromkeys([*now.topics, *before.topics]))
    return now.model_copy(update={"severity": severity, "risks": before.risks | now.risks, "topics": topics})


def _approved(case: Case, event: e.ReplyApproved, at: datetime) -> Changes:
    approval = Approval(
        by=event.by, at=at, draft=event.draft, context=event.context, reason=event.reason, first=event.first
    )
    return {"approval": approval, "step_at": event.publish_at, "notice": ""}


def _first_approved(case: Case, event: e.FirstApproved, at: datetime) -> Changes:
    approval = Approval(by=event.by, at=at, draft=event.draft, context=event.context, reason=event.reason)
    return {"first_approval": approval}


def _escalated(case: Case, event: e.Escalated, at: datetime) -> Changes:
    question = Escalation(desk=event.desk, reason=event.reason, by=event.by, at=at, urgency=event.urgency)
    return {"escalation": question, "remind_at": event.remind_at, "claim": None, "rung": 0, "waits_for": ""}


def _acknowledged(case: Case, event: e.EscalationAcknowledged, _: datetime) -> Changes:
    return {
        "escalation": case.escalation and case.escalation.model_copy(update={"acknowledged_by": event.by}),
        "remind_at": event.remind_at,
    }


def _answered(case: Case, event: e.EscalationAnswered, _: datetime) -> Changes:
    return {"escalation": case.escalation and case.escalation.model_copy(update={"answer": event.answer})}


def _taken_back(case: Case) -> str:
    """Who approves next must know that nobody waited for the desk."""
    asked = case.escalation if case.state is State.ESCALATED else None
    return f"It was taken back from the {asked.desk} desk, which had not answered." if asked else ""


def _published(case: Case, event: e.ReplyPublished, at: datetime) -> Changes:
    return {
        "replies": (*case.replies, event.receipt),
        "step_at": at if case.moved else event.follow_up_at,
        "publish_key": "",
        "returned": False,
        "notice": "",
    }


def _corrected(case: Case, event: e.KindCorrected, _: datetime) -> Changes:
    return {
        "assessment": case.assessment
        and case.assessment.model_copy(update={"category": event.category, "by": f"person:{event.by}"}),
        "severity": at_least(case.severity, event.category),
        "purpose": Purpose.THANKS if event.category is Category.PRAISE else first_purpose(case),
        "deadline": event.deadline,
        "remind_at": event.remind_at,
    }


def _reopened(case: Case, event: e.CaseReopened, _: datetime) -> Changes:
    praised = case.assessment is not None and case.assessment.category is Category.PRAISE
    purpose = Purpose.THANKS if praised and not case.standing else next_purpose(case)
    return {"purpose": purpose, "deadline": event.deadline, "remind_at": event.remind_at, "rung": 0}


def _edited(case: Case, event: e.MentionEdited, _: datetime) -> Changes:
    return {
        "mention": case.mention.model_copy(update={"text": event.text}),
        **_moved(case, "The author edited the mention"),
        "purpose": next_purpose(case),
    }


def _replied(case: Case, event: e.AuthorReplied, _: datetime) -> Changes:
    said = event.message.private
    return {
        "thread": (*case.thread, event.message),
        "returned": case.carded,
        "follow_ups": 0,
        **_moved(case, "The author wrote again" + (" in private" if said else "")),
        "private": case.private or said,
        "purpose": Purpose.PRIVATE_REPLY if said else next_purpose(case),
    }


def _colleague(case: Case, event: e.ColleagueReplied, _: datetime) -> Changes:
    changes: Changes = {"thread": (*case.thread, event.message)}
    if case.state in {State.PUBLISHED, State.CLOSED}:
        return changes
    return changes | _moved(case, "A colleague replied on the platform itself")


def _removed(case: Case, event: e.MentionRemoved, _: datetime) -> Changes:
    if case.state is State.RETRACTING:
        return {"moved": "removed", "notice": _meanwhile(case, "The author deleted the mention")}
    if case.state in _UNDER_WAY:
        return {"moved": "removed", "notice": "The author deleted the mention."}
    if case.state is State.CLOSED:
        return {}
    void = "The author deleted the mention after it was approved; nothing was sent." if case.approval else ""
    sent = case.state is State.PUBLISHED
    return {"outcome": e.Outcome.GONE, "moved": "", "notice": case.notice if sent else void}


def _taken_private(case: Case, _: e.TakenPrivate, __: datetime) -> Changes:
    return {"private": True, "purpose": Purpose.PRIVATE_REPLY, "notice": _taken_back(case)}


def _meanwhile(case: Case, what: str) -> str:
    """What the platform said of a retraction stays on the card, whatever happens beside it."""
    return case.notice if what in case.notice else f"{case.notice} {what} meanwhile.".lstrip()


def _moved(case: Case, what: str) -> Changes:
    if case.state is State.RETRACTING:
        return {"moved": "spoken", "notice": _meanwhile(case, what)}
    if case.state in _UNDER_WAY:
        return {"moved": "spoken", "notice": f"{what} while the reply was on its way."}
    if case.state is State.APPROVED:
        return {"notice": f"{what} after it was approved, so that approval is void. Please look again."}
    if case.first_approval:
        return {"notice": f"{what} after the first approval, which is void. Please look again."}
    return {"notice": f"{what}, so the draft is new."} if case.carded else {}


def _returned(case: Case, event: e.ThreadMoved, _: datetime) -> Changes:
    return {"moved": "", "returned": True, "purpose": next_purpose(case)}


_EFFECTS: Mapping[type[Value], Effect] = {
    **REMEDIES,
    e.CaseOpened: _opened,
    e.CaseNoted: lambda _, event, __: {
        "assessment": event.assessment,
        "severity": event.assessment.severity,
        "outcome": event.outcome,
    },
    e.DraftReady: lambda case, event, __: {
        "draft": event.draft,
        # What a person asked to be changed is shown against what it was.
        "draft_before": case.draft.text if case.draft and case.instruction else "",
        "delivery": event.delivery,
        "instruction": "",
        "history": event.history,
        "history_count": event.history_count,
    },
    e.CardPosted: lambda _, __, ___: {"carded": True},
    e.Reminded: lambda _, event, __: {
        "rung": event.rung,
        "waits_for": event.role,
        "remind_at": event.remind_at,
    },
    e.ClaimExpired: lambda _, __, ___: {"claim": None},
    e.PublishStarted: lambda _, event, __: {"publish_key": event.key, "step_at": event.until},
    e.ReplyPublished: _published,
    e.PublishPostponed: lambda _, event, __: {"step_at": event.until, "notice": event.reason},
    e.PublishRejected: lambda _, event, __: {"publish_key": "", "notice": event.reason},
    e.PublishDoubted: lambda _, event, __: {"notice": event.reason, "remind_at": event.remind_at},
    e.HandedOver: lambda _, event, __: {"remind_at": event.remind_at},
    e.Rehearsed: lambda _, __, ___: {"outcome": e.Outcome.REHEARSED},
    e.FollowUpDue: lambda case, event, _: {
        "purpose": Purpose.FOLLOW_UP,
        "follow_ups": case.follow_ups + 1,
        "deadline": event.deadline,
        "remind_at": event.remind_at,
        "rung": 0,
        "waits_for": "",
    },
    e.ThreadMoved: _returned,
    e.FollowUpEnded: lambda _, __, ___: {"outcome": e.Outcome.ANSWERED},
    e.ParentLooked: lambda _, event, __: {"step_at": event.look_at},
    e.ParentEnded: lambda _, __, ___: {"outcome": e.Outcome.DUPLICATE},
    e.FoldEnded: lambda _, event, __: {
        "folded_into": "",
        "deadline": event.deadline,
        "remind_at": event.remind_at,
        "rung": 0,
        "waits_for": "",
        "notice": "The case it was folded into is closed; this is another person, who has no answer yet.",
    },
    e.MentionEdited: _edited,
    e.MentionRemoved: _removed,
    e.AuthorReplied: _replied,
    e.ColleagueReplied: _colleague,
    e.ReplyApproved: _approved,
    e.FirstApproved: _first_approved,
    e.DraftEdited: lambda case, event, _: {
        "draft": event.draft,
        "draft_before": "",
        "first_approval": None,
        "notice": _taken_back(case),
    },
    e.RedraftAsked: lambda case, event, _: {"instruction": event.instruction, "notice": _taken_back(case)},
    e.TakenPrivate: _taken_private,
    e.Escalated: _escalated,
    e.EscalationAcknowledged: _acknowledged,
    e.EscalationAnswered: _answered,
    e.Claimed: lambda _, event, __: {"claim": Held(by=event.by, until=event.until)},
    e.Released: lambda _, __, ___: {"claim": None},
    e.Snoozed: lambda _, event, __: {"step_at": event.until},
    e.CaseClosed: lambda _, event, __: {"outcome": event.outcome, "closing_reason": event.reason},
    e.KindCorrected: _corrected,
    e.ApprovalUndone: lambda _, event, __: {"remind_at": event.remind_at},
    e.NotPostedFound: lambda _, __, ___: {"publish_key": "", "notice": ""},
    e.Folded: lambda _, event, __: {"folded_into": event.into, "step_at": event.look_at},
    e.Unfolded: lambda _, __, ___: {"folded_into": ""},
    e.CaseReopened: _reopened,
}
