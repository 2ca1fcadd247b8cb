"""Cards for Slack's tests: of any text, length, language, state, finding and button, and all drawings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from adapters.chat.slack import commands, pasted
from adapters.chat.slack.home import home
from adapters.chat.slack.message import message, pointer
from adapters.chat.slack.modals import form, says, whole
from adapters.chat.slack.thread import reply
from adapters.chat.typed import Listing, One
from bot.domain.actions import Action
from bot.domain.card import Card, Fact, card_of
from bot.domain.case import Case, State
from bot.domain.draft import MAX_DRAFT, Draft, Finding, Purpose, Verdict
from bot.domain.events import CardPosted, DraftReady, Message
from bot.domain.mention import MAX_TEXT, Author
from bot.domain.transitions import advance
from bot.ports import Beat, Today, TrailLine
from tests.builders import (
    BY_API,
    MANAGER,
    NOON,
    TEAM,
    a_case,
    a_draft,
    a_mention,
    in_review,
    opened,
    protocol,
)
from tests.domain.random_events import events

Json = dict[str, Any]

#: What people try in a text, and what breaks programs that cut texts.
NASTY = (
    "<!here> <!channel> <@U12345678> <#C12345678> <!subteam^S1>",
    "@here @channel @everyone",
    "<https://evil.example|our own page> https://evil.example/?a=1&b=2",
    "*bold* _italic_ ~strike~ `code` ```block``` > quote :fire: :tada:",
    "\u202eevil\u202c \u2066isolate \u2067right\u2069 \u200bzero\ufeff \u00ad",
    "&amp;&lt;&gt; &&& <<< >>>",
    "\x00\x07\x1b[31m\x85\r\nline\rline\u2028line",
    "میری روٹی دو گھنٹے دیر سے آئی اور ٹھنڈی تھی۔",
    "وصل خبزي متأخراً ساعتين وكان بارداً @brightloaf",
    "मेरी ब्रेड दो घंटे देर से आई और ठंडी थी। क्षत्रिय श्रीमती",
    "👩‍👩‍👧‍👦 🇱🇻 👍🏽 🏴󠁧󠁢󠁷󠁬󠁳󠁿 e\u0301\u0323 z̶̢͜a̷͠l̴g̵o̸",
    "a" + "\u0301" * 300,
    "\U000e0041\U000e0042 hidden",
    "word " * 40,
    "x" * 500,
    " \n\t ",
)


IDS = st.sampled_from(["1", "at://did:plc:x/y/z", "9" * 200])
URLS = st.sampled_from([None, "https://square.example/1", "javascript:alert(1)", "https://a/" + "b" * 1900])


def texts(most: int, least: int = 0) -> st.SearchStrategy[str]:
    """Any text up to `most` characters: short, odd, or one of the odd ones again and again."""
    often = st.integers(1, 1 + most // 20)
    long = st.tuples(st.sampled_from(NASTY), often).map(lambda pair: (pair[0] * pair[1])[:most])
    found = st.one_of(st.text(max_size=min(most, 60)), st.sampled_from(NASTY).map(lambda t: t[:most]), long)
    return found.filter(lambda text: len(text.strip()) >= least)


def findings() -> st.SearchStrategy[tuple[Finding, ...]]:
    one = st.builds(
        Finding,
        rule=st.sampled_from(["W7", "L5", "L12"]),
        verdict=st.sampled_from(Verdict),
        says=texts(500),
        phrase=texts(500),
        role=st.sampled_from(["", "manager"]),
    )
    return st.lists(one, max_size=9).map(tuple)


def drafts() -> st.SearchStrategy[Draft]:
    return st.builds(
        Draft,
        text=texts(MAX_DRAFT, 1),
        language=st.sampled_from(["en", "ur", "ar", "hi", "und"]),
        purpose=st.sampled_from(Purpose),
        by=st.sampled_from(["offline", "a-model", "person:rosa"]),
        note=texts(300),
        reading=texts(9_000),
        back_translation=texts(9_000),
        findings=findings(),
        checks=st.integers(0, 20),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case somewhere in its life."""
    name = draw(st.none() | texts(290, 1))
    author = Author(handle=draw(texts(80, 1)), name=name, followers=draw(st.none() | st.integers(0, 10**9)))
    mention = a_mention(text=draw(texts(MAX_TEXT)), author=author, id=draw(IDS), url=draw(URLS))
    at = NOON
    case = a_case(opened(abusive=draw(st.booleans()), why=draw(texts(300))), mention=mention)
    for event in (DraftReady(draft=draw(drafts()), delivery=BY_API), CardPosted(channel="slack:one")):
        case = advance(case, event, at=at)
    for _ in range(draw(st.integers(0, 4))):
        at += timedelta(minutes=5)
        case = advance(case, draw(events(case, at)), at=at)
    thread = tuple(
        Message(
            id=str(n), by=draw(st.sampled_from(["author", "colleague"])), text=draw(texts(5_000, 1)), at=NOON
        )
        for n in range(draw(st.integers(0, 4)))
    )
    return case.model_copy(update={"thread": thread})


class Found:
    """A card that a test found, with a name that fits a screen: its texts may be a book."""

    def __init__(self, card: Card) -> None:
        self.card = card

    def __repr__(self) -> str:
        return (
            f"<{self.card.state.value}, {len(self.card.mention.text)} characters, {self.card.case_id[:20]}>"
        )


def cards() -> st.SearchStrategy[Found]:
    return _cards().map(Found)


@st.composite
def _cards(draw: st.DrawFn) -> Card:
    """A card somewhere in its life, seen by the channel or by one person, with any words on it."""
    card = card_of(draw(cases()), TEAM, protocol(), viewer=draw(st.sampled_from([None, MANAGER])))
    facts = tuple(Fact(label="History", value=text) for text in draw(st.lists(texts(1_000, 1), max_size=6)))
    more: dict[str, Any] = {
        "status": draw(texts(400, 1)),
        "notice": draw(texts(900)),
        "draft_before": draw(texts(9_000)),
    }
    return card.model_copy(update={**more, "facts": (*card.facts, *facts)})


def in_state(state: State) -> Card:
    """A plain card in a state, with the buttons that it has there."""
    case = in_review().model_copy(update={"state": state, "step_at": NOON + timedelta(seconds=20)})
    return card_of(case, TEAM, protocol())


def a_card(text: str = "My bread came two hours late again.", **changes: Any) -> Card:
    """A plain card that waits for a decision; `changes` are of the card."""
    case = a_case(
        opened(), DraftReady(draft=a_draft(), delivery=BY_API), CardPosted(channel="slack:one"),
        mention=a_mention(text=text),
    )  # fmt: skip
    return card_of(case, TEAM, protocol()).model_copy(update=changes)


def action(card: Card, decision: str) -> Action:
    """The button of a card that makes this decision."""
    return next(found for found in card.actions if found.decision == decision)


TODAY = Today(
    open_cases=3, waiting=2, counts={"noted": 4, "praise": 7}, sample=(),
    balance="9 against us, 7 praise, 4 neither",
    beats=(Beat("square", NOON, NOON), Beat("<!here>", None, None, error="<@U1> *no answer*")), asides=1,
    paused="Mark, 2026-11-22 12:00 UTC",
)  # fmt: skip


MORE = "and 40 more; the App Home shows them, and so does /levelhead search"


def drawings(card: Card) -> Iterator[tuple[str, Json]]:
    """Everything that is ever drawn of a card, with the name of its shape."""
    yield "Message", message(card, lane="slack:one").payload
    yield "Message", message(card, stub=True, where="C0123ABC").payload
    yield "Message", pointer(card, "C0123ABC").payload
    for found in card.actions:
        if any(ask.kind != "hidden" for ask in found.asks):
            yield "Modal", form(card, found, private_metadata="{}", most=500)
    yield "Modal", whole(card, "mention", console="http://127.0.0.1:8080/")
    yield "Modal", whole(card, "draft")
    yield "Modal", whole(card, "all")
    yield "Modal", says(card.author, card.mention.text)
    yield "Home", home(MANAGER, [card] * 20, [card], [card] * 40, 60, TODAY, ["Omar", card.author])
    yield "Modal", pasted._form(card.mention.text, card.url or "")
    in_thread = {"channel": "C1", "thread_ts": "1.000001", "unfurl_links": False, "unfurl_media": False}
    yield "Post", {**in_thread, **reply(card, trail(card), 0)}
    yield "Answer", commands._drawn(One(card))
    yield "Answer", commands._drawn(Listing("60 in the queue, worst first", [card] * 20, MORE))


def trail(card: Card) -> list[TrailLine]:
    """A long history of a card, by its author, by a colleague and by us."""
    who = (card.author, "Rosa", "Levelhead")
    line = [TrailLine(at=NOON, who=name, says=card.status, text=card.mention.text) for name in who]
    return line * 5
