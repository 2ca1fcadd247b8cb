"""What a person may decide, as tagged values. A decision names exactly what its maker saw."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from bot.domain.assessment import Category
from bot.domain.delivery import How
from bot.domain.draft import MAX_DRAFT
from bot.domain.value import Urgency, Value

Seen = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Why = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class Approve(Value):
    """Send this draft into this thread. `reason` answers the warnings of the checks, where there are any."""

    kind: Literal["approve"] = "approve"
    draft: Seen
    context: Seen  # the thread as the presser saw it
    reason: Why = ""


class SecondApprove(Value):
    """Agree with somebody else's approval, where a rule asks for two."""

    kind: Literal["second_approve"] = "second_approve"
    draft: Seen
    context: Seen
    reason: Why = ""


class Edit(Value):
    """Put these words in the draft's place. `draft` is the one that was edited."""

    kind: Literal["edit"] = "edit"
    draft: Seen
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_DRAFT)]


class Redraft(Value):
    """Write another one, so: `instruction` is one of the protocol's styles or the person's own words."""

    kind: Literal["redraft"] = "redraft"
    instruction: Said


class TakePrivate(Value):
    """Talk on in private (M4): the next draft is a message that only its author reads."""

    kind: Literal["take_private"] = "take_private"


class Escalate(Value):
    """Ask a desk. An urgent question climbs the desk's ladder sooner."""

    kind: Literal["escalate"] = "escalate"
    to: Said
    reason: Said
    urgency: Urgency = "normal"


class Acknowledge(Value):
    """The desk has seen it and is on it."""

    kind: Literal["acknowledge"] = "acknowledge"


class Answer(Value):
    """The desk's answer, which the next draft is made from."""

    kind: Literal["answer"] = "answer"
    text: Said


class Claim(Value):
    """I take this one: others may neither approve nor edit until it expires."""

    kind: Literal["claim"] = "claim"


class Release(Value):
    """Give a claim back."""

    kind: Literal["release"] = "release"


class TakeOver(Value):
    """Take somebody else's claim."""

    kind: Literal["take_over"] = "take_over"


class Snooze(Value):
    """Put it away until then; never beyond its deadline."""

    kind: Literal["snooze"] = "snooze"
    until: AwareDatetime


class Silence(Value):
    """Say nothing, on purpose. Silence is a decision with a reason (M1, M12)."""

    kind: Literal["silence"] = "silence"
    reason: Said


class Dismiss(Value):
    """It is not for us to answer."""

    kind: Literal["dismiss"] = "dismiss"
    outcome: Literal["not_us", "spam", "troll", "duplicate", "answered_elsewhere", "noted", "praise"]
    reason: Said


class Correct(Value):
    """It was read as the wrong kind; this is the right one."""

    kind: Literal["correct"] = "correct"
    category: Category


class Undo(Value):
    """Take an approval back before it is sent."""

    kind: Literal["undo"] = "undo"


class Posted(Value):
    """It is live, at this address: of a reply posted by hand, or of a publication in doubt."""

    kind: Literal["posted"] = "posted"
    url: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class NotPosted(Value):
    """It is not live: back to review."""

    kind: Literal["not_posted"] = "not_posted"


class Retract(Value):
    """Take this reply of ours down."""

    kind: Literal["retract"] = "retract"
    reply: Annotated[str, StringConstraints(min_length=1, max_length=200)]  # the one the presser saw
    reason: Said


class TakenDown(Value):
    """I looked: the reply that was to be taken down is not there any more."""

    kind: Literal["taken_down"] = "taken_down"


class LeftUp(Value):
    """I looked: the reply still stands, and stays."""

    kind: Literal["left_up"] = "left_up"


class Moderate(Value):
    """Do something about the mention or its author on the platform itself (M10, M12)."""

    kind: Literal["moderate"] = "moderate"
    how: How
    reason: Said


class Fold(Value):
    """It is the same story as another case (M13)."""

    kind: Literal["fold"] = "fold"
    into: Said


class Unfold(Value):
    """It is a story of its own after all."""

    kind: Literal["unfold"] = "unfold"


class Resolve(Value):
    """It is over. `lesson` is what we learned (M20)."""

    kind: Literal["resolve"] = "resolve"
    lesson: Why = ""


class Reopen(Value):
    """It is not over."""

    kind: Literal["reopen"] = "reopen"


Decision = Annotated[
    Approve
    | SecondApprove
    | Edit
    | Redraft
    | TakePrivate
    | Escalate
    | Acknowledge
    | Answer
    | Claim
    | Release
    | TakeOver
    | Snooze
    | Silence
    | Dismiss
    | Correct
    | Undo
    | Posted
    | NotPosted
    | Retract
    | TakenDown
    | LeftUp
    | Moderate
    | Fold
    | Unfold
    | Resolve
    | Reopen,
    Field(discriminator="kind"),
]
