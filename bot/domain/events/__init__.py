"""What can happen to a case. The events of a case, in order, are its history and make it again."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, Field

from bot.domain.events.common import Message, Noted, OtherCase, Outcome, Reason
from bot.domain.events.ours import (
    CardPosted,
    CaseNoted,
    CaseOpened,
    ClaimExpired,
    DraftReady,
    FoldEnded,
    FollowUpDue,
    FollowUpEnded,
    HandedOver,
    MentionReceived,
    Moderated,
    ModerationFailed,
    ModerationPostponed,
    ParentEnded,
    ParentLooked,
    PublishDoubted,
    PublishPostponed,
    PublishRejected,
    PublishStarted,
    Rehearsed,
    Reminded,
    ReplyPublished,
    ReplyRetracted,
    RetractDoubted,
    RetractPostponed,
    RetractStarted,
    SnoozeEnded,
    ThreadMoved,
)
from bot.domain.events.people import (
    ApprovalUndone,
    CaseClosed,
    CaseReopened,
    Claimed,
    DraftEdited,
    Escalated,
    EscalationAcknowledged,
    EscalationAnswered,
    FirstApproved,
    Folded,
    KindCorrected,
    ModerationAsked,
    NotPostedFound,
    RedraftAsked,
    Released,
    ReplyApproved,
    ReplyLeft,
    RetractAsked,
    Snoozed,
    TakenPrivate,
    Unfolded,
)
from bot.domain.events.thread import AuthorReplied, ColleagueReplied, MentionEdited, MentionRemoved
from bot.domain.value import Value

Event = Annotated[
    MentionReceived
    | CaseOpened
    | CaseNoted
    | DraftReady
    | CardPosted
    | Reminded
    | ClaimExpired
    | SnoozeEnded
    | PublishStarted
    | ReplyPublished
    | PublishPostponed
    | PublishRejected
    | PublishDoubted
    | HandedOver
    | Rehearsed
    | RetractStarted
    | RetractPostponed
    | RetractDoubted
    | ReplyRetracted
    | Moderated
    | ModerationPostponed
    | ModerationFailed
    | FollowUpDue
    | ThreadMoved
    | FollowUpEnded
    | ParentLooked
    | ParentEnded
    | FoldEnded
    | MentionEdited
    | MentionRemoved
    | AuthorReplied
    | ColleagueReplied
    | ReplyApproved
    | FirstApproved
    | DraftEdited
    | RedraftAsked
    | TakenPrivate
    | Escalated
    | EscalationAcknowledged
    | EscalationAnswered
    | Claimed
    | Released
    | Snoozed
    | CaseClosed
    | KindCorrected
    | ApprovalUndone
    | NotPostedFound
    | ModerationAsked
    | RetractAsked
    | ReplyLeft
    | Folded
    | Unfolded
    | CaseReopened,
    Field(discriminator="kind"),
]


class Entry(Value):
    """One line of the trail: an event, when it happened, and the version of the case it made."""

    version: Annotated[int, Field(ge=1)]
    at: AwareDatetime
    event: Event


__all__ = [
    "ApprovalUndone",
    "AuthorReplied",
    "CardPosted",
    "CaseClosed",
    "CaseNoted",
    "CaseOpened",
    "CaseReopened",
    "ClaimExpired",
    "Claimed",
    "ColleagueReplied",
    "DraftEdited",
    "DraftReady",
    "Entry",
    "Escalated",
    "EscalationAcknowledged",
    "EscalationAnswered",
    "Event",
    "FirstApproved",
    "FoldEnded",
    "Folded",
    "FollowUpDue",
    "FollowUpEnded",
    "HandedOver",
    "KindCorrected",
    "MentionEdited",
    "MentionReceived",
    "MentionRemoved",
    "Message",
    "Moderated",
    "ModerationAsked",
    "ModerationFailed",
    "ModerationPostponed",
    "NotPostedFound",
    "Noted",
    "OtherCase",
    "Outcome",
    "ParentEnded",
    "ParentLooked",
    "PublishDoubted",
    "PublishPostponed",
    "PublishRejected",
    "PublishStarted",
    "Reason",
    "RedraftAsked",
    "Rehearsed",
    "Released",
    "Reminded",
    "ReplyApproved",
    "ReplyLeft",
    "ReplyPublished",
    "ReplyRetracted",
    "RetractAsked",
    "RetractDoubted",
    "RetractPostponed",
    "RetractStarted",
    "SnoozeEnded",
    "Snoozed",
    "TakenPrivate",
    "ThreadMoved",
    "Unfolded",
    "Value",
]
