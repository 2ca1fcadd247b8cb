"""A case: one mention and all that follows. Every state is named for what has happened and owes one step."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from bot.domain.assessment import Assessment, Severity
from bot.domain.delivery import Delivery, How, Mode, Receipt
from bot.domain.draft import Draft, Purpose
from bot.domain.events import Message, OtherCase, Outcome
from bot.domain.mention import Mention
from bot.domain.value import PersonId, Urgency, Value, Words, digest


class State(StrEnum):
    """Where a case stands; what each state owes is in `OWES`."""

    RECEIVED = "received"
    OPENED = "opened"
    DRAFTED = "drafted"
    IN_REVIEW = "in_review"
    ESCALATED = "escalated"
    SNOOZED = "snoozed"
    APPROVED = "approved"
    PUBLISHING = "publishing"
    IN_DOUBT = "in_doubt"
    AWAITING_POST = "awaiting_post"
    PUBLISHED = "published"
    RETRACTING = "retracting"
    FOLDED = "folded"
    CLOSED = "closed"


class Lane(StrEnum):
    """Which queue of due steps a state's step waits in. Cards have a lane for each channel beside these."""

    TRIAGE = "triage"
    DRAFT = "draft"
    CARD = "card"  # no step of the state's own: the drawing moves it
    PUBLISH = "publish"
    TIME = "time"


OWES: dict[State, Lane | None] = {
    State.RECEIVED: Lane.TRIAGE,
    State.OPENED: Lane.DRAFT,
    State.DRAFTED: Lane.CARD,
    State.IN_REVIEW: Lane.TIME,
    State.ESCALATED: Lane.TIME,
    State.SNOOZED: Lane.TIME,
    State.APPROVED: Lane.PUBLISH,
    State.PUBLISHING: Lane.TIME,
    State.IN_DOUBT: Lane.TIME,
    State.AWAITING_POST: Lane.TIME,
    State.PUBLISHED: Lane.TIME,
    State.RETRACTING: Lane.TIME,  # no pause holds it up
    State.FOLDED: Lane.TIME,
    State.CLOSED: None,
}


#: Other cases of an author are counted up to so many: from there on it is "or more".
COUNTED_OTHERS = 50

#: Ranks from here on are of cases that wait for no person.
WAITS_FOR_NOBODY = 3 * 2**42


class Held(Value):
    """A claim: who holds the case, until when."""

    by: PersonId
    until: AwareDatetime


class Approval(Value):
    """Who approved which draft for which thread. `first` is set where two were needed."""

    by: PersonId
    at: AwareDatetime
    draft: str
    context: str
    reason: str = ""
    first: PersonId | None = None


class Escalation(Value):
    """A question to a desk, and its answer once there is one."""

    desk: str
    reason: str
    by: PersonId
    at: AwareDatetime
    acknowledged_by: PersonId | None = None
    answer: str = ""
    urgency: Urgency = "normal"

    @property
    def urgent(self) -> bool:
        """Whether the desk's ladder is climbed sooner."""
        return self.urgency == "urgent"


class Retraction(Value):
    """Who asked for which reply to be taken down, and why. `key` is set while the platform is being asked.

    `doubted`: the platform said no, or nothing clear; a person looks.
    """

    by: PersonId
    at: AwareDatetime
    reply: str
    reason: str
    key: str = ""
    doubted: bool = False


class Moderation(Value):
    """What is to be done on the platform about the mention or its author; the next try is `due`."""

    by: PersonId
    at: AwareDatetime
    how: How
    reason: str
    due: AwareDatetime


class Made(Value):
    """The last decision a person made here: what somebody who comes too late is told."""

    kind: str
    by: PersonId
    at: AwareDatetime


class Case(Value):
    """One mention and all that follows. `version` counts its events; `step_at` is when its step is owed."""

    schema_: Literal[1] = Field(alias="schema")
    id: str
    state: State
    version: int
    mention: Mention
    severity: Severity
    received_at: AwareDatetime
    changed_at: AwareDatetime
    step_at: AwareDatetime | None = None
    deadline: AwareDatetime | None = None
    remind_at: AwareDatetime | None = None
    assessment: Assessment | None = None
    purpose: Purpose = Purpose.ANSWER
    private: bool = False  # what we say next is for its author alone, until the case closes (M4)
    brought_by: str = ""  # the colleague who found it, who waits for its card
    instruction: str = ""
    draft: Draft | None = None
    draft_before: Words = ""  # the words before a redraft
    delivery: Delivery | None = None
    claim: Held | None = None
    first_approval: Approval | None = None
    approval: Approval | None = None
    escalation: Escalation | None = None
    publish_key: str = ""
    replies: tuple[Receipt, ...] = ()
    retraction: Retraction | None = None
    moderating: Moderation | None = None  # asked for, and not done yet
    moderated: tuple[How, ...] = ()
    thread: tuple[Message, ...] = ()
    moved: Literal["", "spoken", "removed"] = ""  # what happened in the thread while we were publishing
    returned: bool = False  # their next message brought it back
    carded: bool = False  # it has a card somewhere
    rung: Annotated[int, Field(ge=0)] = 0
    waits_for: str = ""  # the role the last rung named
    follow_ups: Annotated[int, Field(ge=0)] = 0
    folded_into: str = ""
    notice: str = ""  # what the reader of the card must know first: a void approval, a failed publication
    last: Made | None = None
    outcome: Outcome | None = None
    closing_reason: Words = ""
    history: tuple[OtherCase, ...] = ()  # its author's other cases when it was drafted, the newest few
    history_count: Annotated[int, Field(ge=0)] = 0  # how many there were, counted up to `COUNTED_OTHERS`

    @property
    def context(self) -> str:
        """The thread as it stands: any other word in it, by anyone, gives another value."""
        said = [f"{m.by}:{m.id}:{m.text}" for m in self.thread]
        return digest("\n".join([self.mention.text, *said]))

    @property
    def open(self) -> bool:
        """Whether it still owes a step."""
        return self.state is not State.CLOSED

    @property
    def unheard(self) -> bool:
        """Whether what was said while its reply was on its way has still to be read."""
        return self.state is State.PUBLISHED and self.moved == "spoken"

    @property
    def standing(self) -> tuple[Receipt, ...]:
        """Our replies that were not taken down."""
        return tuple(reply for reply in self.replies if reply.retracted_at is None)

    @property
    def public_replies(self) -> int:
        """How many public replies we made in this thread to this author, taken down or not (L11)."""
        return sum(not reply.private for reply in self.replies)

    @property
    def needs_card(self) -> bool:
        """Whether the channels owe it a drawing whenever it changes."""
        return self.carded or self.state is State.DRAFTED

    @property
    def can_publish(self) -> bool:
        """Whether an approval leads anywhere: not where nothing can be posted."""
        return self.delivery is not None and self.delivery.mode is not Mode.REPORT_ONLY

    @property
    def lane(self) -> Lane | None:
        """The lane its step waits in."""
        return OWES[self.state]

    @property
    def rank(self) -> float:
        """Worst first: critical, then whoever came back, then the earliest deadline, then the oldest.

        What waits for no person comes last, the newest first. A whole number below 2**53, so that a sorted
        set keeps it exactly.
        """
        if self.state in _IDLE:
            return WAITS_FOR_NOBODY + 2**42 - int(self.changed_at.timestamp() * 1000)
        tier = 0 if self.severity is Severity.CRITICAL else 1 if self.returned else 2
        by = self.deadline or self.received_at + _UNREAD[self.severity]
        return tier * 2**42 + int(by.timestamp() * 1000)


_IDLE = {State.SNOOZED, State.PUBLISHED, State.FOLDED, State.CLOSED}

#: Before the protocol's deadline is known, a mention's place in the queue: its provisional severity decides.
_UNREAD = {
    Severity.CRITICAL: timedelta(minutes=15),
    Severity.HIGH: timedelta(hours=1),
    Severity.MEDIUM: timedelta(hours=4),
    Severity.LOW: timedelta(hours=24),
}
