"""One case in each state, as the channel shows it: what docs/slack.md draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from adapters.chat.slack.message import Message, message, pointer
from bot.checks import RULES, Checked, check
from bot.domain import events as e
from bot.domain.assessment import Category, Risk, Severity
from bot.domain.card import card_of
from bot.domain.case import Case
from bot.domain.delivery import Delivery, Mode, Receipt
from bot.domain.draft import Draft, Purpose
from bot.domain.mention import Author
from bot.domain.transitions import advance, born
from tests.builders import NOON, TEAM, a_mention, opened, protocol

WORDS = (
    "two hours late AGAIN @brightloaf, and when the bag finally came the rolls were stone cold. "
    "What is going on with your drivers?"
)
REPLY = (
    "Hello Marta, thank you for telling us. Two hours late and cold rolls is not what you ordered, and we "
    "are sorry. Which shop was it, and when did you order? Then we can find out what happened on the way."
)
SHARP = (
    "Hello Marta, thank you for telling us. We are sorry, and we will refund you in full today. "
    "Please call us on 555 0199."
)
URDU = "آج صبح جو ڈبل روٹی منگوائی وہ دو گھنٹے دیر سے آئی۔"
URDU_REPLY = "السلام علیکم عاصمہ، بتانے کا شکریہ۔ دیر کے لیے ہم معذرت خواہ ہیں۔ آرڈر کس دکان سے تھا؟"
BY_API = Delivery(
    mode=Mode.API,
    reason="they named our account, so the platform lets us answer",
    max_length=300,
    retracts=True,
)
BY_HAND = Delivery(
    mode=Mode.ASSISTED, reason="they did not name our account, so a person has to post it", max_length=300,
    hosts=("square.example",),
)  # fmt: skip
BEFORE = (
    e.OtherCase(
        case_id="square:98", at=NOON - timedelta(days=19), category=Category.COMPLAINT,
        outcome=e.Outcome.ANSWERED,
    ),
    e.OtherCase(
        case_id="square:12", at=NOON - timedelta(days=52), category=Category.PRAISE, outcome=e.Outcome.PRAISE
    ),
)  # fmt: skip
READ: dict[str, Any] = {"topics": ("late_delivery",), "why": "a delivery came late, again; cold food"}


def draft(
    text: str = REPLY, *, to: str = WORDS, risks: frozenset[str] = frozenset(), **changes: Any
) -> Draft:
    """A draft with what the real checks say of it."""
    language = changes.get("language", "en")
    asked = Checked(
        text, language, mention_language=language, mention_text=to, risks=risks, max_length=BY_API.max_length
    )
    own = {"text": text, "language": language, "purpose": Purpose.ANSWER, "by": "gpt-4.1-mini"}
    return Draft(**{**own, "findings": check(asked), "checks": len(RULES), **changes})


def minutes(count: float) -> datetime:
    return NOON + timedelta(minutes=count)


def case(*events: e.Event, severity: Severity = Severity.MEDIUM, **mention: Any) -> Case:
    """A case after these events, a minute apart."""
    author = Author(handle="marta_oakes", name="Marta Oakes", followers=214)
    told = {"text": WORDS, "author": author, "url": "https://square.example/100", **mention}
    made = born(e.MentionReceived(mention=a_mention(**told), severity=severity), at=NOON)
    for number, event in enumerate(events, 1):
        made = advance(made, event, at=minutes(number))
    return made


def shown(made: Case) -> Message:
    """The card as everybody sees it."""
    return message(card_of(made, TEAM, protocol()))


def reviewed(*events: e.Event, text: str = REPLY, delivery: Delivery = BY_API, **known: Any) -> Case:
    """A case whose card waits for a decision, and what came then; `known` is of its author's other cases."""
    ready = e.DraftReady(draft=draft(text), delivery=delivery, **known)
    return case(opened(**READ), ready, e.CardPosted(channel="slack:team"), *events)


def approval(**changes: Any) -> dict[str, Any]:
    waits = reviewed()
    return {"draft": draft().id, "context": waits.context, **changes}


def approved(*events: e.Event, delivery: Delivery = BY_API) -> Case:
    yes = e.ReplyApproved(by="rosa", publish_at=minutes(4) + timedelta(seconds=20), **approval())
    return reviewed(yes, *events, delivery=delivery)


def published(*events: e.Event) -> Case:
    receipt = Receipt(id="101", url="https://square.example/101", at=minutes(6), text=REPLY)
    started = e.PublishStarted(key="k", until=minutes(10))
    live = e.ReplyPublished(receipt=receipt, follow_up_at=minutes(24 * 60))
    return approved(started, live, *events)


def translated() -> Case:
    author = Author(handle="asma_writes", name="عاصمہ قریشی", followers=152)
    ready = draft(
        URDU_REPLY,
        to=URDU,
        language="ur",
        reading="The bread I ordered this morning came two hours late.",
        back_translation="Hello Asma, thank you for telling us. We are sorry it was late. Which shop was it?",
    )
    steps = (
        opened(**READ, language="ur"),
        e.DraftReady(draft=ready, delivery=BY_API),
        e.CardPosted(channel="s"),
    )
    return case(*steps, text=URDU, author=author)


def dangerous() -> Case:
    reading = opened(
        Severity.CRITICAL, risks=frozenset({Risk.INJURY}), abusive=True, why="somebody was hurt; insults"
    )
    ready = e.DraftReady(
        draft=draft(
            "Hello Marta, thank you for telling us. We are very sorry. Are you all right?",
            risks=frozenset({"injury"}),
        ),
        delivery=BY_API,
    )
    return case(reading, ready, e.CardPosted(channel="slack:team"), severity=Severity.CRITICAL)


_CLOSED = e.CaseClosed(by="rosa", outcome=e.Outcome.NOT_US, reason="another bakery")
STEPS: Mapping[str, Callable[[], Case]] = {
    "received": case,
    "opened": partial(case, opened(**READ)),
    "in_review": partial(reviewed, history=BEFORE, history_count=3),
    "checked": partial(reviewed, text=SHARP),
    "edited": partial(
        reviewed,
        e.DraftEdited(
            by="rosa", draft=draft(REPLY.replace("Which shop was it, and w", "W"), by="person:rosa")
        ),
    ),
    "translated": translated,
    "dangerous": dangerous,
    "claimed": partial(reviewed, e.Claimed(by="rosa", until=minutes(19))),
    "first_approved": partial(reviewed, e.FirstApproved(by="rosa", **approval())),
    "escalated": partial(
        reviewed,
        e.Escalated(by="rosa", desk="legal", reason="they speak of a lawyer", remind_at=minutes(34)),
        e.EscalationAcknowledged(by="mark", remind_at=minutes(60)),
    ),
    "snoozed": partial(reviewed, e.Snoozed(by="rosa", until=minutes(34))),
    "approved": approved,
    "publishing": partial(approved, e.PublishStarted(key="k", until=minutes(10))),
    "in_doubt": partial(
        approved,
        e.PublishStarted(key="k", until=minutes(10)),
        e.PublishDoubted(reason="the platform gave no answer", remind_at=minutes(20)),
    ),
    "awaiting_post": partial(approved, e.HandedOver(remind_at=minutes(30)), delivery=BY_HAND),
    "published": published,
    "retracting": partial(
        published, e.RetractAsked(by="mark", reply="101", reason="the wrong shop is named")
    ),
    "folded": partial(reviewed, e.Folded(by="rosa", into="square:98", look_at=minutes(19))),
    "closed": partial(reviewed, _CLOSED),
}


def stub() -> Message:
    """What an open channel shows of a case that is not for it."""
    return message(card_of(dangerous(), TEAM, protocol()), stub=True, where="C0SENSITIVE")


def moved() -> Message:
    """What stays where a card stood that now stands in another channel."""
    return pointer(card_of(dangerous(), TEAM, protocol()), "C0SENSITIVE")


def _example(made: Callable[[], Case]) -> Message:
    return shown(made())


#: Every example of the page, by its name there.
EXAMPLES: Mapping[str, Callable[[], Message]] = {
    **{name: partial(_example, made) for name, made in STEPS.items()}, "stub": stub, "moved": moved,
}  # fmt: skip
STATES = {name: made().state for name, made in STEPS.items()}
