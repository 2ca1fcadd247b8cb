"""What the bot does."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from bot.domain.assessment import Assessment, Severity
from bot.domain.delivery import Delivery, How, Receipt
from bot.domain.draft import Draft
from bot.domain.events.common import Noted, OtherCase, Reason
from bot.domain.mention import Mention
from bot.domain.value import PersonId, Value


class MentionReceived(Value):
    """`by` is the colleague who found it and brought it in, `None` when a source did."""

    kind: Literal["mention_received"] = "mention_received"
    mention: Mention
    severity: Severity  # provisional, by rules
    by: PersonId | None = None


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
    outcome: Noted


class DraftReady(Value):
    """A reply is drafted. `history` is of the author's other cases, the newest few of `history_count`."""

    kind: Literal["draft_ready"] = "draft_ready"
    draft: Draft
    delivery: Delivery
    history: tuple[OtherCase, ...] = ()
    history_count: Annotated[int, Field(ge=0)] = 0


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


class RetractStarted(Value):
    """Saved before the platform is called. `until` is when we stop waiting for its answer."""

    kind: Literal["retract_started"] = "retract_started"
    key: str
    until: AwareDatetime


class RetractPostponed(Value):
    """The platform said "not now", or still shows it: once more, at `until`."""

    kind: Literal["retract_postponed"] = "retract_postponed"
    until: AwareDatetime
    reason: Reason


class RetractDoubted(Value):
    """The platform said no, or nothing clear: a person looks whether it still stands."""

    kind: Literal["retract_doubted"] = "retract_doubted"
    reason: Reason
    remind_at: AwareDatetime


class ReplyRetracted(Value):
    """Our reply is down. `by` is the person who saw that, `None` when the platform's own answer is the proof.

    `says` tells the reader of the card who took it down, and when.
    """

    kind: Literal["reply_retracted"] = "reply_retracted"
    reply: str
    says: Reason
    deadline: AwareDatetime
    remind_at: AwareDatetime
    by: PersonId | None = None


class Moderated(Value):
    """The platform did what was asked about the mention or its author."""

    kind: Literal["moderated"] = "moderated"
    how: How


class ModerationPostponed(Value):
    kind: Literal["moderation_postponed"] = "moderation_postponed"
    until: AwareDatetime
    reason: Reason


class ModerationFailed(Value):
    """The platform said no, or nothing clear for too long. A person decides what now."""

    kind: Literal["moderation_failed"] = "moderation_failed"
    how: How
    reason: Reason


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


class FoldEnded(Value):
    """The parent closed, but another person wrote this one: they were not answered yet (M1)."""

    kind: Literal["fold_ended"] = "fold_ended"
    deadline: AwareDatetime
    remind_at: AwareDatetime
