"""Every press the team has, as a table: where it applies, what is filled in, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.case import Case, State
from bot.domain.delivery import Mode
from bot.domain.team import Person
from tests.adapters.slack_rooms import Room
from tests.builders import MANAGER, ON_CALL, RESPONDER, protocol
from tests.flows.houses import House
from tests.flows.test_publish_doubt import CannotSay
from tests.flows.test_retract import Refusing

HURT = "@brightloaf there was a piece of glass in my bread and I cut my mouth, I want answers"
GOOD = "Hello Ada, thank you for telling us. We are sorry that your order was late and cold. We look into it."
OTHER = "square:other"  # stands for the ID of the other case
LIVE = "http://127.0.0.1/square/posts/2"
WHO: Mapping[str, Person] = {"U1": RESPONDER, "U2": MANAGER, "U3": ON_CALL}

Setting = Callable[[Room], Awaitable[Case]]


@dataclass(frozen=True)
class Pressing:
    """One press.

    `presses` is the button (else its decision's name), `typed` what goes into the form: `None` for a button
    that acts at once. `second` is who presses it again too late. `ends` is a decision that ends it meanwhile,
    where the press itself does not.
    """

    named: str  # as the team calls it
    kind: str
    event: str
    leaves: State
    at: Setting
    presses: str = ""
    typed: Mapping[str, str] | None = None
    by: str = "U1"
    second: str = "U2"
    says: Mapping[str, Any] = field(default_factory=dict[str, Any])  # what its event carries
    ends: tuple[str, str, Mapping[str, str]] | None = None  # who, what, and its form

    @property
    def button(self) -> str:
        return self.presses or self.kind

    def __str__(self) -> str:
        choice = next((v for k, v in (self.typed or {}).items() if k in {"outcome", "how", "category"}), "")
        return "-".join(part for part in (self.named, choice, self.at.__name__) if part)


# Where a press applies


async def waiting(room: Room) -> Case:
    """A card that waits for a decision."""
    return await room.house.hears()


async def on_our_page(room: Room) -> Case:
    """Written under what we posted ourselves, where we may hide things."""
    ours = await room.house.post("Fresh bread every morning!", "brightloaf", "Brightloaf")
    return await room.house.hears(to=ours.id)


async def approved(room: Room) -> Case:
    case = await waiting(room)
    return await room.house.approves(case, MANAGER)


async def approved_once(room: Room) -> Case:
    case = await room.house.hears(HURT)
    return await room.house.approves(case, ON_CALL)


async def escalated(room: Room) -> Case:
    return await room.house.press(await waiting(room), "escalate", to="legal", reason="may we say that?")


async def claimed(room: Room) -> Case:
    """Rosa holds it."""
    return await room.house.press(await waiting(room), "claim")


async def silent(room: Room) -> Case:
    return await room.house.press(await waiting(room), "silence", reason="known")


async def folded(room: Room) -> Case:
    case, other = await waiting(room), await room.house.hears(handle="bea", name="Bea")
    return await room.house.press(case, "fold", into=other.id)


async def answered(room: Room) -> Case:
    return await room.house.answered()


async def handed_over(room: Room) -> Case:
    """A person is to post it by hand."""
    square = replace(room.house.parts.platforms["square"], mode=Mode.ASSISTED, publisher=None)
    room.house.change(platforms={"square": square})
    return await _published(room.house, await waiting(room), State.AWAITING_POST)


async def in_doubt(room: Room) -> Case:
    """Nobody knows whether the reply is live."""
    case = await waiting(room)
    room.house.answers_through(CannotSay(room.house))
    room.house.site.fail_next("lost")
    return await _published(room.house, case, State.IN_DOUBT)


async def _published(house: House, case: Case, state: State) -> Case:
    await house.approves(case, ON_CALL)
    await house.works(seconds=21)
    case = await house.now(case)
    assert case.state is state
    return case


async def not_taken_down(room: Room) -> Case:
    """The platform would not take our reply down."""
    case = await room.house.answered()
    Refusing(room.house)
    reply = case.standing[-1].id
    await room.house.press(case, "retract", ON_CALL, reply=reply, reason="the wrong shop")
    await room.house.works()
    return await room.house.now(case)


# What is pressed there

S = State
_WHY = {"reason": "we know them"}
_CLOSED: tuple[str, str, Mapping[str, str]] = ("U1", "silence", _WHY)
_DISMISSED = ("not_us", "spam", "troll", "duplicate")
_STYLES = tuple(protocol().styles)

PRESSES: tuple[Pressing, ...] = (
    Pressing("approve and send", "approve", "reply_approved", S.APPROVED, waiting),
    Pressing("edit", "edit", "draft_edited", S.IN_REVIEW, waiting, typed={"text": GOOD}),
    *(
        Pressing(f"redraft: {style}", "redraft", "redraft_asked", S.OPENED, waiting,
                 presses=f"lh:style={style}", says={"instruction": style})
        for style in _STYLES
    ),
    Pressing("redraft: own words", "redraft", "redraft_asked", S.OPENED, waiting,
             typed={"instruction": "drop the refund line"}, says={"instruction": "drop the refund line"}),
    Pressing("take private", "take_private", "taken_private", S.OPENED, waiting),
    Pressing("escalate", "escalate", "escalated", S.ESCALATED, waiting, ends=_CLOSED,
             typed={"to": "legal", "reason": "may we?"}, says={"desk": "legal", "reason": "may we?"}),
    Pressing("answer", "answer", "escalation_answered", S.OPENED, escalated, by="U3",
             typed={"text": "Yes, but name no date."}),
    Pressing("acknowledge", "acknowledge", "escalation_acknowledged", S.ESCALATED, escalated, by="U3"),
    Pressing("second approval", "second_approve", "reply_approved", S.APPROVED, approved_once,
             says={"first": "omar"}),
    Pressing("claim", "claim", "claimed", S.IN_REVIEW, waiting),
    Pressing("release", "release", "released", S.IN_REVIEW, claimed),
    Pressing("take over", "take_over", "claimed", S.IN_REVIEW, claimed, by="U2", second="U3",
             says={"over": "rosa"}, ends=("U2", "release", {})),
    Pressing("snooze", "snooze", "snoozed", S.SNOOZED, waiting, typed={"minutes": "30"}),
    Pressing("stay silent", "silence", "case_closed", S.CLOSED, waiting, typed=_WHY,
             says={"outcome": "silent", "reason": "we know them"}),
    *(
        Pressing("dismiss", "dismiss", "case_closed", S.CLOSED, waiting,
                 typed={"outcome": outcome, **_WHY}, says={"outcome": outcome})
        for outcome in _DISMISSED
    ),
    Pressing("wrong kind", "correct", "kind_corrected", S.OPENED, waiting, typed={"category": "question"},
             says={"category": "question"}),
    Pressing("undo", "undo", "approval_undone", S.IN_REVIEW, approved),
    Pressing("reopen", "reopen", "case_reopened", S.OPENED, silent),
    Pressing("reopen", "reopen", "case_reopened", S.OPENED, answered),
    Pressing("retract", "retract", "retract_asked", S.RETRACTING, answered, by="U2", second="U3",
             typed={"reason": "the wrong order was meant"}),
    *(
        Pressing("hide, mute, block or report", "moderate", "moderation_asked", S.IN_REVIEW, on_our_page,
                 by="U2", second="U3", typed={"how": how, **_WHY}, says={"how": how})
        for how in ("hide", "mute", "block", "report")
    ),
    Pressing("I posted it", "posted", "reply_published", S.PUBLISHED, handed_over, typed={"url": LIVE}),
    Pressing("not posted", "not_posted", "not_posted_found", S.IN_REVIEW, handed_over),
    Pressing("posted, of one in doubt", "posted", "reply_published", S.PUBLISHED, in_doubt,
             typed={"url": LIVE}),
    Pressing("not posted, of one in doubt", "not_posted", "not_posted_found", S.IN_REVIEW, in_doubt),
    Pressing("it is down", "taken_down", "reply_retracted", S.OPENED, not_taken_down),
    Pressing("it still stands", "left_up", "reply_left", S.OPENED, not_taken_down),
    Pressing("same as another", "fold", "folded", S.FOLDED, waiting, typed={"into": OTHER}),
    Pressing("not the same after all", "unfold", "unfolded", S.OPENED, folded),
    Pressing("resolved", "resolve", "case_closed", S.CLOSED, answered, says={"outcome": "resolved"},
             typed={"lesson": "Fridays need a second van."}),
)  # fmt: skip

#: What the team was promised a button for.
PROMISED = {
    "approve and send", "edit", *(f"redraft: {style}" for style in _STYLES), "redraft: own words",
    "take private", "escalate", "answer", "acknowledge", "second approval", "claim", "release", "take over",
    "snooze", "stay silent", "dismiss", "wrong kind", "undo", "reopen", "retract",
    "hide, mute, block or report", "I posted it", "not posted", "posted, of one in doubt",
    "not posted, of one in doubt", "it is down", "it still stands", "same as another",
    "not the same after all", "resolved",
}  # fmt: skip
