"""Turn a person's decision into the events it makes, or refuse it in words for the person who pressed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from bot.domain import decision as d
from bot.domain import events as e
from bot.domain.approving import PAST, Setting, approve, clock, edit, last_here, second_approve
from bot.domain.assessment import Category, Severity, at_least
from bot.domain.case import Case, State
from bot.domain.delivery import Mode, Receipt
from bot.domain.draft import Purpose
from bot.domain.remedies import (
    after_a_failed_publication,
    left_up,
    moderate,
    retract,
    take_private,
    taken_down,
    wait_for_moderation,
)
from bot.domain.team import PERMISSIONS
from bot.errors import NotAllowed, Refused

#: A folded case looks at its parent this often.
LOOK_AT_PARENT = timedelta(minutes=15)

S = State
_REVIEW = frozenset({S.IN_REVIEW})
_IN_HAND = frozenset({S.IN_REVIEW, S.ESCALATED})

#: Where each decision applies. A card shows exactly these buttons; a press anywhere else comes too late.
APPLIES: Mapping[str, frozenset[State]] = {
    "approve": _REVIEW,
    "second_approve": _REVIEW,
    "edit": _IN_HAND,
    "redraft": _IN_HAND,
    "take_private": _IN_HAND,
    "escalate": _IN_HAND,
    "acknowledge": frozenset({S.ESCALATED}),
    "answer": frozenset({S.ESCALATED}),
    "claim": frozenset({S.IN_REVIEW, S.ESCALATED, S.SNOOZED}),  # who claims a snoozed one wakes it
    "release": _IN_HAND,
    "take_over": _IN_HAND,
    "snooze": _REVIEW,
    "silence": frozenset({S.IN_REVIEW, S.ESCALATED, S.SNOOZED}),
    "dismiss": frozenset({S.IN_REVIEW, S.ESCALATED, S.SNOOZED}),
    "correct": frozenset({S.IN_REVIEW, S.ESCALATED, S.SNOOZED, S.CLOSED}),
    "undo": frozenset({S.APPROVED}),
    "posted": frozenset({S.IN_DOUBT, S.AWAITING_POST}),
    "not_posted": frozenset({S.IN_DOUBT, S.AWAITING_POST}),
    "retract": frozenset({S.PUBLISHED, S.IN_REVIEW}),
    "taken_down": frozenset({S.RETRACTING}),
    "left_up": frozenset({S.RETRACTING}),
    "moderate": _IN_HAND,
    "fold": _REVIEW,
    "unfold": frozenset({S.FOLDED}),
    "resolve": frozenset({S.PUBLISHED}),
    "reopen": frozenset({S.PUBLISHED, S.CLOSED}),
}


def decide(case: Case, decision: d.Decision, setting: Setting) -> tuple[e.Event, ...]:
    """Return the events `decision` makes; raises `NotAllowed` or `Refused` with the reason."""
    by = setting.by
    if not by.may(decision.kind):
        raise NotAllowed(f"{_verb(decision.kind)} is for {_who_may(decision.kind)}; ask one of them")
    if case.state not in APPLIES[decision.kind]:
        raise Refused(_too_late(case, setting))
    _respect_the_claim(case, decision, setting)
    wait_for_moderation(case, decision, setting)
    return _DECIDE[type(decision)](case, decision, setting)


def _who_may(kind: str) -> str:
    roles = sorted(role.value.replace("_", "-") for role in PERMISSIONS.get(kind, frozenset()))
    return f"the roles {', '.join(roles)}" if roles else "nobody"


def _verb(kind: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{kind.replace('_', ' ')}\N{RIGHT DOUBLE QUOTATION MARK}"


def _too_late(case: Case, setting: Setting) -> str:
    """Say who did what, and when."""
    if case.last is None:
        return f"this case is {case.state.value.replace('_', ' ')} now; look at its card again"
    who = "you" if case.last.by == setting.by.id else setting.team.name(case.last.by)
    return (
        f"too late: {who} made the last decision here ({PAST.get(case.last.kind, case.last.kind)}) at "
        f"{clock(case.last.at)}, and the case is {case.state.value.replace('_', ' ')} now"
    )


HOLDERS_ONLY = {"approve", "second_approve", "edit", "redraft", "take_private", "escalate", "snooze",
                 "silence", "dismiss", "correct", "fold"}  # fmt: skip


def _respect_the_claim(case: Case, decision: d.Decision, setting: Setting) -> None:
    claim = case.claim
    if claim is None or claim.by == setting.by.id or claim.until <= setting.at:
        return
    if decision.kind == "second_approve" and case.first_approval and case.first_approval.by == claim.by:
        return  # it is another person's by its nature: the holder asked for it
    if decision.kind in HOLDERS_ONLY:
        raise Refused(
            f"{setting.team.name(claim.by)} holds this case until {clock(claim.until)}; "
            "ask them to release it, or have a manager take it over"
        )


def _escalate(case: Case, decision: d.Escalate, setting: Setting) -> tuple[e.Event, ...]:
    if decision.to not in setting.protocol.desks:
        raise Refused(f"there is no desk {decision.to!r}; there are {', '.join(setting.protocol.desks)}")
    urgent = decision.urgency == "urgent"
    remind_at = setting.protocol.first_reminder(setting.at, setting.at, desk=decision.to, urgent=urgent)
    return (e.Escalated(
        by=setting.by.id, desk=decision.to, reason=decision.reason, urgency=decision.urgency,
        remind_at=remind_at,
    ),)  # fmt: skip


def _acknowledge(case: Case, _: d.Acknowledge, setting: Setting) -> tuple[e.Event, ...]:
    if case.escalation and case.escalation.acknowledged_by:
        known = case.last and case.last.kind == "escalation_acknowledged"
        since = f", since {clock(case.last.at)}" if case.last and known else ""
        raise Refused(f"{setting.team.name(case.escalation.acknowledged_by)} is on it already{since}")
    remind_at = max(setting.at + timedelta(minutes=30), case.remind_at or setting.at)
    return (e.EscalationAcknowledged(by=setting.by.id, remind_at=remind_at),)


def _claim(case: Case, _: d.Claim, setting: Setting) -> tuple[e.Event, ...]:
    claim = case.claim
    if claim and claim.by != setting.by.id and claim.until > setting.at:
        holds = f"{setting.team.name(claim.by)} holds this case until {clock(claim.until)}"
        raise Refused(f"{holds}{last_here(case, setting)}")
    return (e.Claimed(by=setting.by.id, until=setting.at + setting.protocol.claim_for),)


def _release(case: Case, _: d.Release, setting: Setting) -> tuple[e.Event, ...]:
    if case.claim is None or case.claim.by != setting.by.id:
        raise Refused(f"you do not hold this case{last_here(case, setting)}")
    return (e.Released(by=setting.by.id),)


def _take_over(case: Case, _: d.TakeOver, setting: Setting) -> tuple[e.Event, ...]:
    if case.claim is None or case.claim.by == setting.by.id:
        raise Refused(f"nobody else holds this case; claim it{last_here(case, setting)}")
    until = setting.at + setting.protocol.claim_for
    return (e.Claimed(by=setting.by.id, until=until, over=case.claim.by),)


def _snooze(case: Case, decision: d.Snooze, setting: Setting) -> tuple[e.Event, ...]:
    if decision.until <= setting.at:
        raise Refused("a case can only be snoozed until a time to come")
    latest = (
        case.deadline if case.deadline and case.deadline > setting.at else setting.at + timedelta(minutes=15)
    )
    if decision.until > latest:
        raise Refused(f"that is beyond its deadline; the latest is {clock(latest)}")
    return (e.Snoozed(by=setting.by.id, until=decision.until),)


def _correct(case: Case, decision: d.Correct, setting: Setting) -> tuple[e.Event, ...]:
    if decision.category in _ASKS_FOR_NOTHING:
        if not case.open:
            raise Refused(f"it is closed already, and nothing is owed to it{last_here(case, setting)}")
        kind = decision.category.value
        return _closed(
            setting, _ASKS_FOR_NOTHING[decision.category], f"it was read as the wrong kind: {kind}"
        )
    deadline, remind_at = _times(case, setting, at_least(case.severity, decision.category))
    if case.open:  # another name gives nobody more time
        deadline, remind_at = min(deadline, case.deadline or deadline), _no_later(remind_at, case)
    return (
        e.KindCorrected(by=setting.by.id, category=decision.category, deadline=deadline, remind_at=remind_at),
    )


#: Kinds that are owed no words: a case corrected to one of them ends.
_ASKS_FOR_NOTHING = {Category.SPAM: "spam", Category.NEUTRAL: "noted"}


def _reopen(case: Case, _: d.Reopen, setting: Setting) -> tuple[e.Event, ...]:
    _wait_for_what_moved(case)
    deadline, remind_at = _times(case, setting)
    return (e.CaseReopened(by=setting.by.id, deadline=deadline, remind_at=remind_at),)


def _times(case: Case, setting: Setting, severity: Severity | None = None) -> tuple[datetime, datetime]:
    deadline = setting.protocol.deadline(severity or case.severity, Purpose.ANSWER, setting.at)
    return deadline, setting.protocol.first_reminder(setting.at, deadline)


def _no_later(remind_at: datetime, case: Case) -> datetime:
    return min(remind_at, case.remind_at or remind_at)


def _undo(case: Case, _: d.Undo, setting: Setting) -> tuple[e.Event, ...]:
    remind_at = _no_later(_times(case, setting)[1], case)
    return (e.ApprovalUndone(by=setting.by.id, remind_at=remind_at),)


def _posted(case: Case, decision: d.Posted, setting: Setting) -> tuple[e.Event, ...]:
    hosts = case.delivery.hosts if case.delivery else ()
    if not _on(decision.url, hosts):
        where = ", ".join(hosts) or "the platform's own site"
        raise Refused(f"the address must be on {where}; open the reply there and copy its address")
    if decision.url == case.mention.url:
        raise Refused("that is the address of the mention; copy the one of the reply")
    text = case.draft.text if case.draft else ""
    private = case.delivery is not None and case.delivery.mode is Mode.PRIVATE
    receipt = Receipt(id=decision.url[:200], url=decision.url, at=setting.at, text=text, private=private)
    follow_up_at = setting.at + setting.protocol.follow_up_after
    return (e.ReplyPublished(receipt=receipt, follow_up_at=follow_up_at, by=setting.by.id),)


def _on(url: str, hosts: tuple[str, ...]) -> bool:
    """Whether a browser that follows `url` comes to one of `hosts`: of two readings, neither is taken."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme not in {"https", "http"} or "@" in parts.netloc or "\\" in url:
        return False
    host = parts.hostname or ""
    return any(host == own or host.endswith(f".{own}") for own in hosts)


def _not_posted(case: Case, _: d.NotPosted, setting: Setting) -> tuple[e.Event, ...]:
    found = e.NotPostedFound(by=setting.by.id)
    return (found, *after_a_failed_publication(case))


def _resolve(case: Case, decision: d.Resolve, setting: Setting) -> tuple[e.Event, ...]:
    _wait_for_what_moved(case)
    return _closed(setting, "resolved", decision.lesson)


def _wait_for_what_moved(case: Case) -> None:
    if case.unheard:  # closed now, nobody would ever answer it (M6)
        raise Refused(
            "something was said in the thread while the reply was on its way; it is being read, "
            "so look at the card again"
        )


def _closed(setting: Setting, outcome: str, reason: str) -> tuple[e.Event, ...]:
    return (e.CaseClosed(by=setting.by.id, outcome=e.Outcome(outcome), reason=reason),)


def _fold(case: Case, decision: d.Fold, setting: Setting) -> tuple[e.Event, ...]:
    if decision.into == case.id:
        raise Refused("a case cannot be folded into itself")
    return (e.Folded(by=setting.by.id, into=decision.into, look_at=setting.at + LOOK_AT_PARENT),)


_DECIDE: Mapping[type[d.Value], Callable[[Case, Any, Setting], tuple[e.Event, ...]]] = {
    d.Approve: approve,
    d.SecondApprove: second_approve,
    d.Edit: edit,
    d.Redraft: lambda _, made, s: (e.RedraftAsked(by=s.by.id, instruction=made.instruction),),
    d.TakePrivate: take_private,
    d.Escalate: _escalate,
    d.Acknowledge: _acknowledge,
    d.Answer: lambda _, made, s: (e.EscalationAnswered(by=s.by.id, answer=made.text),),
    d.Claim: _claim,
    d.Release: _release,
    d.TakeOver: _take_over,
    d.Snooze: _snooze,
    d.Silence: lambda _, made, s: _closed(s, "silent", made.reason),
    d.Dismiss: lambda _, made, s: _closed(s, made.outcome, made.reason),
    d.Correct: _correct,
    d.Undo: _undo,
    d.Posted: _posted,
    d.NotPosted: _not_posted,
    d.Retract: retract,
    d.TakenDown: taken_down,
    d.LeftUp: left_up,
    d.Moderate: moderate,
    d.Fold: _fold,
    d.Unfold: lambda _, __, s: (e.Unfolded(by=s.by.id),),
    d.Resolve: _resolve,
    d.Reopen: _reopen,
}
