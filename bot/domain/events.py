"""What can happen to a case. The events of a case, in order, are its history and make it again."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from bot.domain.assessment import Assessment, Category, Severity
from bot.domain.delivery import Delivery, Receipt
from bot.domain.draft import Draft, Finding
from bot.domain.mention import MAX_TEXT, Mention
from bot.domain.value import PersonId, Value, Words

Reason = Annotated[str, Field(max_length=1000)]


class Outcome(StrEnum):
    """How a case ended. `rehearsed`: approved in shadow mode, in which nothing is sent."""

    ANSWERED = "answered"
    ANSWERED_ELSEWHERE = "answered_elsewhere"
    SILENT = "silent"
    NOTED = "noted"
    PRAISE = "praise"
    NOT_US = "not_us"
    SPAM = "spam"
    TROLL = "troll"
    DUPLICATE = "duplicate"
    MERGED = "merged"
    RESOLVED = "resolved"
    REFUSED = "refused"
    WINDOW_PASSED = "window_passed"
    GONE = "gone"
    REHEARSED = "rehearsed"


class Message(Value):
    """Something said in the thread after the mention: by its author, or by a colleague on the platform."""

    id: Annotated[str, Field(max_length=200)]
    by: Literal["author", "colleague"]
    text: Annotated[Words, Field(max_length=MAX_TEXT)] = ""
    at: AwareDatetime


# --- what the bot does


class MentionReceived(Value):
    kind: Literal["mention_received"] = "mention_received"
    mention: Mention
    severity: Severity  # provisional, by rules


class CaseOpened(Value):
    """It was read, and needs an answer by `deadline`; `remind_at` is the ladder's next rung."""

    kind: Literal["case_opened"] = "case_opened"
    assessment: Assessment
    deadline: AwareDatetime
    remind_at: AwareDatetime


class CaseNoted(Value):
    """It was read, and asks for no answer: counted, and a daily sample shown."""

    kind: Literal["case_noted"] = "case_noted"
    assessment: Assessment
    outcome: Literal[Outcome.NOTED, Outcome.PRAISE, Outcome.SPAM]


class DraftReady(Value):
    kind: Literal["draft_ready"] = "draft_ready"
    draft: Draft
    delivery: Delivery


class CardPosted(Value):
    kind: Literal["card_posted"] = "card_posted"
    channel: str


class Reminded(Value):
    """Nobody decided in time: the case climbed to `rung`, whose people are `role` (M18)."""

    kind: Literal["reminded"] = "reminded"
    rung: Annotated[int, Field(ge=1)]
    role: str
    remind_at: AwareDatetime


class ClaimExpired(Value):
    kind: Literal["claim_expired"] = "claim_expired"


class SnoozeEnded(Value):
    kind: Literal["snooze_ended"] = "snooze_ended"


class PublishStarted(Value):
    """Saved before the platform is called. `until` is when we stop waiting for its answer."""

    kind: Literal["publish_started"] = "publish_started"
    key: str
    until: AwareDatetime


class ReplyPublished(Value):
    """`by` is the person who gave us the address, `None` when the platform's own answer is the proof."""

    kind: Literal["reply_published"] = "reply_published"
    receipt: Receipt
    follow_up_at: AwareDatetime
    by: PersonId | None = None


class PublishPostponed(Value):
    """The platform said "not now", or is certain that nothing was posted: once more, at `until`."""

    kind: Literal["publish_postponed"] = "publish_postponed"
    until: AwareDatetime
    reason: Reason


class PublishRejected(Value):
    """The platform said no. A person decides what now."""

    kind: Literal["publish_rejected"] = "publish_rejected"
    reason: Reason


class PublishDoubted(Value):
    """We cannot know whether it was posted. Only a person's word goes on from here."""

    kind: Literal["publish_doubted"] = "publish_doubted"
    reason: Reason
    remind_at: AwareDatetime


class HandedOver(Value):
    """A person posts it by hand, and gives us the address."""

    kind: Literal["handed_over"] = "handed_over"
    remind_at: AwareDatetime


class Rehearsed(Value):
    """Shadow mode: everything happened, and nothing was sent."""

    kind: Literal["rehearsed"] = "rehearsed"


class FollowUpDue(Value):
    """Time to ask how it went (M7)."""

    kind: Literal["follow_up_due"] = "follow_up_due"
    deadline: AwareDatetime
    remind_at: AwareDatetime


class ThreadMoved(Value):
    """What moved while a publication was under way is looked at now: the case is read again."""

    kind: Literal["thread_moved"] = "thread_moved"


class FollowUpEnded(Value):
    kind: Literal["follow_up_ended"] = "follow_up_ended"


class ParentLooked(Value):
    """A folded case looked at its parent, which is still open."""

    kind: Literal["parent_looked"] = "parent_looked"
    look_at: AwareDatetime


class ParentEnded(Value):
    kind: Literal["parent_ended"] = "parent_ended"


# --- what the author, or a colleague on the platform, does


class MentionEdited(Value):
    kind: Literal["mention_edited"] = "mention_edited"
    text: Annotated[Words, Field(max_length=MAX_TEXT)]


class MentionRemoved(Value):
    kind: Literal["mention_removed"] = "mention_removed"


class AuthorReplied(Value):
    kind: Literal["author_replied"] = "author_replied"
    message: Message


class ColleagueReplied(Value):
    kind: Literal["colleague_replied"] = "colleague_replied"
    message: Message


# --- what a person decides


class ReplyApproved(Value):
    """The one door to publication: who, the exact draft and thread, the checks' findings and their answer."""

    kind: Literal["reply_approved"] = "reply_approved"
    by: PersonId
    draft: str
    context: str
    findings: tuple[Finding, ...] = ()
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
    reason: Reason = ""


class DraftEdited(Value):
    kind: Literal["draft_edited"] = "draft_edited"
    by: PersonId
    draft: Draft


class RedraftAsked(Value):
    kind: Literal["redraft_asked"] = "redraft_asked"
    by: PersonId
    instruction: Reason


class Escalated(Value):
    kind: Literal["escalated"] = "escalated"
    by: PersonId
    desk: str
    reason: Reason
    remind_at: AwareDatetime


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


Event = Annotated[
    MentionReceived | CaseOpened | CaseNoted | DraftReady | CardPosted | Reminded | ClaimExpired | SnoozeEnded
    | PublishStarted | ReplyPublished | PublishPostponed | PublishRejected | PublishDoubted | HandedOver
    | Rehearsed | FollowUpDue | ThreadMoved | FollowUpEnded | ParentLooked | ParentEnded
    | MentionEdited | MentionRemoved | AuthorReplied | ColleagueReplied
    | ReplyApproved | FirstApproved | DraftEdited | RedraftAsked | Escalated | EscalationAcknowledged
    | EscalationAnswered | Claimed | Released | Snoozed | CaseClosed | KindCorrected | ApprovalUndone
    | NotPostedFound | Folded | Unfolded | CaseReopened,
    Field(discriminator="kind"),
]


class Entry(Value):
    """One line of the trail: an event, when it happened, and the version of the case it made."""

    version: Annotated[int, Field(ge=1)]
    at: AwareDatetime
    event: Event
