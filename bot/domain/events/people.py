"""What a person decides; `by` is their ID."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime

from bot.domain.assessment import Category
from bot.domain.delivery import How
from bot.domain.draft import Draft, Finding
from bot.domain.events.common import Outcome, Reason
from bot.domain.value import PersonId, Urgency, Value


class ReplyApproved(Value):
    """The one door to publication: who, the exact draft and thread, the checks' findings and their answer."""

    kind: Literal["reply_approved"] = "reply_approved"
    by: PersonId
    draft: str
    context: str
    findings: tuple[Finding, ...] = ()
    checks: int = 0  # how many it was put to
    reason: Reason = ""
    first: PersonId | None = None  # who approved first, where a rule asks for two
    publish_at: AwareDatetime


class FirstApproved(Value):
    """One of two approvals is given."""

    kind: Literal["first_approved"] = "first_approved"
    by: PersonId
    draft: str
    context: str
    findings: tuple[Finding, ...] = ()
    checks: int = 0
    reason: Reason = ""


class DraftEdited(Value):
    kind: Literal["draft_edited"] = "draft_edited"
    by: PersonId
    draft: Draft


class RedraftAsked(Value):
    kind: Literal["redraft_asked"] = "redraft_asked"
    by: PersonId
    instruction: Reason


class TakenPrivate(Value):
    """From here on what we say is for the author alone (M4)."""

    kind: Literal["taken_private"] = "taken_private"
    by: PersonId


class Escalated(Value):
    kind: Literal["escalated"] = "escalated"
    by: PersonId
    desk: str
    reason: Reason
    remind_at: AwareDatetime
    urgency: Urgency = "normal"


class EscalationAcknowledged(Value):
    kind: Literal["escalation_acknowledged"] = "escalation_acknowledged"
    by: PersonId
    remind_at: AwareDatetime


class EscalationAnswered(Value):
    kind: Literal["escalation_answered"] = "escalation_answered"
    by: PersonId
    answer: Reason


class Claimed(Value):
    """`over` is whose claim was taken over, `None` when nobody held one."""

    kind: Literal["claimed"] = "claimed"
    by: PersonId
    until: AwareDatetime
    over: PersonId | None = None


class Released(Value):
    kind: Literal["released"] = "released"
    by: PersonId


class Snoozed(Value):
    kind: Literal["snoozed"] = "snoozed"
    by: PersonId
    until: AwareDatetime


class CaseClosed(Value):
    """A person closed it, with a reason: silence, dismissal, or because it is resolved."""

    kind: Literal["case_closed"] = "case_closed"
    by: PersonId
    outcome: Outcome
    reason: Reason = ""


class KindCorrected(Value):
    kind: Literal["kind_corrected"] = "kind_corrected"
    by: PersonId
    category: Category
    deadline: AwareDatetime
    remind_at: AwareDatetime


class ApprovalUndone(Value):
    kind: Literal["approval_undone"] = "approval_undone"
    by: PersonId
    remind_at: AwareDatetime


class NotPostedFound(Value):
    """A person looked: it is not live."""

    kind: Literal["not_posted_found"] = "not_posted_found"
    by: PersonId


class RetractAsked(Value):
    """A reply of ours is to be taken down."""

    kind: Literal["retract_asked"] = "retract_asked"
    by: PersonId
    reply: str
    reason: Reason


class ReplyLeft(Value):
    """A person looked: the reply still stands, and is left there. What to say after it is drafted."""

    kind: Literal["reply_left"] = "reply_left"
    by: PersonId
    deadline: AwareDatetime
    remind_at: AwareDatetime


class ModerationAsked(Value):
    """Something is to be done about the mention or its author on the platform (M10, M12)."""

    kind: Literal["moderation_asked"] = "moderation_asked"
    by: PersonId
    how: How
    reason: Reason


class Folded(Value):
    kind: Literal["folded"] = "folded"
    by: PersonId
    into: str
    look_at: AwareDatetime


class Unfolded(Value):
    kind: Literal["unfolded"] = "unfolded"
    by: PersonId


class CaseReopened(Value):
    kind: Literal["case_reopened"] = "case_reopened"
    by: PersonId
    deadline: AwareDatetime
    remind_at: AwareDatetime
