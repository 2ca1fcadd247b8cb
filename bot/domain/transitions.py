"""The one table by which a case moves, and `advance`, the only way it does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.domain import events as e
from bot.domain.case import Case, Made, State
from bot.domain.draft import Purpose
from bot.domain.effects import effect
from bot.domain.remedied import unfinished
from bot.errors import IllegalTransition

S = State

#: Nothing of these has been sent, and nothing is being sent: when the thread moves, they are read again.
_UNSENT = (S.RECEIVED, S.OPENED, S.DRAFTED, S.IN_REVIEW, S.ESCALATED, S.SNOOZED, S.APPROVED, S.FOLDED)
#: A publication is under way or in doubt: what moves meanwhile is recorded, and handled after the receipt.
_UNDER_WAY = (S.PUBLISHING, S.IN_DOUBT, S.AWAITING_POST)
#: A person is looking at it.
_IN_HAND = (S.IN_REVIEW, S.ESCALATED)
#: A person may still close it without a reply.
_CLOSABLE = (S.DRAFTED, S.IN_REVIEW, S.ESCALATED, S.SNOOZED, S.PUBLISHED, S.FOLDED)

TRANSITIONS: Mapping[tuple[State, type[e.Value]], State] = {
    (S.RECEIVED, e.CaseOpened): S.OPENED,
    (S.RECEIVED, e.CaseNoted): S.CLOSED,
    (S.OPENED, e.DraftReady): S.DRAFTED,
    (S.DRAFTED, e.CardPosted): S.IN_REVIEW,
    # a person decides
    (S.IN_REVIEW, e.ReplyApproved): S.APPROVED,
    (S.IN_REVIEW, e.FirstApproved): S.IN_REVIEW,
    (S.APPROVED, e.ApprovalUndone): S.IN_REVIEW,
    (S.IN_REVIEW, e.Escalated): S.ESCALATED,
    (S.ESCALATED, e.Escalated): S.ESCALATED,
    (S.ESCALATED, e.EscalationAcknowledged): S.ESCALATED,
    (S.ESCALATED, e.EscalationAnswered): S.OPENED,
    (S.IN_REVIEW, e.Snoozed): S.SNOOZED,
    (S.SNOOZED, e.SnoozeEnded): S.IN_REVIEW,
    (S.SNOOZED, e.Claimed): S.IN_REVIEW,
    (S.IN_REVIEW, e.Folded): S.FOLDED,
    (S.FOLDED, e.Unfolded): S.OPENED,
    (S.FOLDED, e.ParentLooked): S.FOLDED,
    (S.FOLDED, e.ParentEnded): S.CLOSED,
    (S.FOLDED, e.FoldEnded): S.OPENED,
    (S.CLOSED, e.CaseReopened): S.OPENED,
    (S.PUBLISHED, e.CaseReopened): S.OPENED,
    **{(s, e.DraftEdited): S.IN_REVIEW for s in (S.IN_REVIEW, S.ESCALATED)},
    **{(s, e.RedraftAsked): S.OPENED for s in _IN_HAND},
    **{(s, e.TakenPrivate): S.OPENED for s in _IN_HAND},
    **{(s, e.KindCorrected): S.OPENED for s in (*_IN_HAND, S.SNOOZED, S.CLOSED)},
    **{(s, e.Claimed): s for s in _IN_HAND},
    **{(s, e.Released): s for s in _IN_HAND},
    **{(s, e.ClaimExpired): s for s in _IN_HAND},
    **{(s, e.CaseClosed): S.CLOSED for s in _CLOSABLE},
    # the ladder
    **{(s, e.Reminded): s for s in (*_IN_HAND, S.IN_DOUBT, S.AWAITING_POST, S.RETRACTING)},
    # publication
    (S.APPROVED, e.PublishStarted): S.PUBLISHING,
    (S.APPROVED, e.HandedOver): S.AWAITING_POST,
    (S.APPROVED, e.Rehearsed): S.CLOSED,
    (S.APPROVED, e.PublishPostponed): S.APPROVED,
    (S.APPROVED, e.PublishRejected): S.IN_REVIEW,
    (S.PUBLISHING, e.PublishPostponed): S.APPROVED,
    (S.PUBLISHING, e.PublishRejected): S.IN_REVIEW,
    (S.PUBLISHING, e.PublishDoubted): S.IN_DOUBT,
    **{(s, e.ReplyPublished): S.PUBLISHED for s in _UNDER_WAY},
    (S.IN_DOUBT, e.NotPostedFound): S.IN_REVIEW,
    (S.AWAITING_POST, e.NotPostedFound): S.IN_REVIEW,
    # a reply of ours is taken down
    **{(s, e.RetractAsked): S.RETRACTING for s in (S.PUBLISHED, S.IN_REVIEW)},
    (S.RETRACTING, e.RetractStarted): S.RETRACTING,
    (S.RETRACTING, e.RetractPostponed): S.RETRACTING,
    (S.RETRACTING, e.RetractDoubted): S.RETRACTING,
    (S.RETRACTING, e.ReplyRetracted): S.OPENED,
    (S.RETRACTING, e.ReplyLeft): S.OPENED,
    # what is done about the mention or its author beside it changes no state, whatever has happened since
    **{(s, e.ModerationAsked): s for s in _IN_HAND},
    **{(s, kind): s for s in S for kind in (e.Moderated, e.ModerationPostponed, e.ModerationFailed)},
    # afterwards
    (S.PUBLISHED, e.FollowUpDue): S.OPENED,
    **{(s, e.ThreadMoved): S.RECEIVED for s in (S.PUBLISHED, S.OPENED, S.IN_REVIEW, S.APPROVED)},
    (S.PUBLISHED, e.FollowUpEnded): S.CLOSED,
    # the thread moves: what was read is read again, so that no risk in the new words goes unseen (L12)
    **{(s, e.MentionEdited): S.RECEIVED for s in (*_UNSENT, S.PUBLISHED, S.CLOSED)},
    **{(s, e.AuthorReplied): S.RECEIVED for s in (*_UNSENT, S.PUBLISHED, S.CLOSED)},
    **{(s, e.ColleagueReplied): S.RECEIVED for s in _UNSENT},
    **{(s, e.ColleagueReplied): s for s in (S.PUBLISHED, S.CLOSED)},
    **{(s, e.MentionRemoved): S.CLOSED for s in (*_UNSENT, S.PUBLISHED)},
    (S.CLOSED, e.MentionRemoved): S.CLOSED,
    **{
        (s, kind): s
        for s in (*_UNDER_WAY, S.RETRACTING)
        for kind in (e.MentionEdited, e.MentionRemoved, e.AuthorReplied, e.ColleagueReplied)
    },
}


def born(event: e.MentionReceived, *, at: datetime) -> Case:
    """Return the case a mention opens."""
    return Case(
        schema=1,
        id=event.mention.case_id,
        state=S.RECEIVED,
        version=1,
        mention=event.mention,
        severity=event.severity,
        private=event.mention.private,
        brought_by=event.by or "",
        purpose=Purpose.PRIVATE_REPLY if event.mention.private else Purpose.ANSWER,
        received_at=at,
        changed_at=at,
        step_at=at,
    )


def advance(case: Case, event: e.Event, *, at: datetime) -> Case:
    """Return the case as it stands after `event`, or raise `IllegalTransition`."""
    state = TRANSITIONS.get((case.state, type(event)))
    if state is None:
        raise IllegalTransition(case.id, case.state.value, event.kind)
    changes = effect(case, event, at)
    if state is S.CLOSED and case.moderating and not isinstance(event, e.Moderated | e.ModerationFailed):
        changes["notice"] = unfinished(case)
    by: str | None = getattr(event, "by", None)
    if by is not None:
        changes["last"] = Made(kind=event.kind, by=by, at=at)
    after = case.model_copy(
        update={
            **_left(case, state),
            **changes,
            "state": state,
            "version": case.version + 1,
            "changed_at": at,
        }
    )
    return after.model_copy(update={"step_at": _step_at(after)})


def replay(entries: Iterable[e.Entry]) -> Case:
    """Return the case its history makes; the first entry must be a `MentionReceived`."""
    case: Case | None = None
    for entry in entries:
        if case is None:
            if not isinstance(entry.event, e.MentionReceived):
                raise IllegalTransition("?", "nothing", entry.event.kind)
            case = born(entry.event, at=entry.at)
        else:
            case = advance(case, entry.event, at=entry.at)
    if case is None:
        raise ValueError("a history begins with a mention; this one is empty")
    return case


def _left(case: Case, state: State) -> dict[str, Any]:
    """What a state change leaves behind: an approval lives from APPROVED to the receipt, a claim in hand."""
    gone: dict[str, Any] = {}
    if state not in {S.APPROVED, S.PUBLISHING, S.IN_DOUBT, S.AWAITING_POST, S.PUBLISHED}:
        gone["approval"] = None
    if state not in {S.IN_REVIEW, S.ESCALATED}:
        gone["claim"] = None
    if state is not S.IN_REVIEW:
        gone["first_approval"] = None
    if state is not S.RETRACTING:
        gone["retraction"] = None
    if state is S.CLOSED:
        gone |= {"private": case.mention.private, "moderating": None}
    if case.state is S.CLOSED and state is not S.CLOSED:
        gone |= {"outcome": None, "closing_reason": ""}
    return gone


def _step_at(case: Case) -> datetime | None:
    """When the step of its state is owed; `None` only for a closed one."""
    match case.state:
        case S.CLOSED:
            return None
        case S.IN_REVIEW | S.ESCALATED:
            asked = case.moderating
            times = [case.remind_at, case.claim.until if case.claim else None, asked.due if asked else None]
            return min(t for t in times if t is not None)
        case S.IN_DOUBT | S.AWAITING_POST:
            return case.remind_at
        case S.RETRACTING if case.retraction and case.retraction.doubted:
            return case.remind_at
        case S.SNOOZED | S.APPROVED | S.PUBLISHING | S.PUBLISHED | S.RETRACTING | S.FOLDED:
            return case.step_at
        case _:
            return case.changed_at
