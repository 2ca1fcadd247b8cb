"""Any event that could come next, made by hypothesis: for proofs over whole histories."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.domain import events as e
from bot.domain.assessment import Assessment, Category, Risk, Severity
from bot.domain.case import Case
from bot.domain.delivery import Delivery, Mode, Receipt
from bot.domain.draft import Draft, Purpose
from bot.domain.mention import Author, Mention
from bot.domain.transitions import TRANSITIONS
from bot.domain.value import Value

PEOPLE = st.sampled_from(["rosa", "mark", "omar"])
WORDS = st.text(min_size=1, max_size=40)


def _times(at: datetime) -> st.SearchStrategy[datetime]:
    return st.integers(1, 7200).map(lambda s: at + timedelta(seconds=s))


def _message(by: str, at: datetime) -> st.SearchStrategy[e.Message]:
    number = st.integers(1, 99).map(str)
    return st.builds(e.Message, id=number, by=st.just(by), text=WORDS, at=st.just(at), private=st.booleans())


def _assessment() -> st.SearchStrategy[Assessment]:
    return st.builds(
        Assessment,
        category=st.sampled_from(Category),
        severity=st.sampled_from(Severity),
        language=st.sampled_from(["en", "ur", "und"]),
        by=st.just("rules"),
        topics=st.just(("late_delivery",)),
        risks=st.frozensets(st.sampled_from(Risk), max_size=2),
        why=st.just("because"),
    )


def _draft() -> st.SearchStrategy[Draft]:
    return st.builds(
        Draft, text=WORDS, language=st.just("en"), purpose=st.sampled_from(Purpose), by=st.just("offline"),
        findings=st.just(()),
    )  # fmt: skip


def _receipt(at: datetime) -> st.SearchStrategy[Receipt]:
    return st.builds(
        Receipt, id=st.just("9"), url=st.just("https://a.example/9"), at=st.just(at), text=WORDS,
        private=st.booleans(),
    )  # fmt: skip


def _other(at: datetime) -> st.SearchStrategy[e.OtherCase]:
    ends = st.none() | st.sampled_from(e.Outcome)
    kinds = st.none() | st.sampled_from(Category)
    return st.builds(e.OtherCase, case_id=st.just("square:9"), at=st.just(at), category=kinds, outcome=ends)


def events(case: Case, at: datetime) -> st.SearchStrategy[Any]:
    """Any event that the table lets happen where the case stands."""
    times = _times(at)
    fields: dict[str, st.SearchStrategy[Any]] = {
        "by": PEOPLE, "deadline": times, "remind_at": times, "until": times, "publish_at": times,
        "follow_up_at": times, "look_at": times, "assessment": _assessment(), "draft": _draft(),
        "receipt": _receipt(at), "reason": WORDS, "answer": WORDS, "instruction": WORDS, "text": WORDS,
        "channel": st.just("console"), "desk": st.just("legal"),
        "urgency": st.sampled_from(["normal", "urgent"]), "key": st.just("k"),
        "role": st.just("manager"),
        "rung": st.integers(1, 5), "category": st.sampled_from(Category), "into": st.just("square:1"),
        "reply": st.just("9"), "says": WORDS,
        "how": st.sampled_from(["hide", "mute", "block", "report"]),
        "outcome": st.sampled_from([e.Outcome.NOTED, e.Outcome.PRAISE, e.Outcome.SPAM]),
        "delivery": st.just(Delivery(mode=Mode.API, reason="by its API")),
        "history": st.lists(_other(at), max_size=2).map(tuple), "history_count": st.integers(0, 60),
        "context": st.just(case.context), "findings": st.just(()), "first": st.none(), "over": st.none(),
    }  # fmt: skip
    fitting = [kind for kind in KINDS if (case.state, kind) in TRANSITIONS]
    return st.sampled_from(fitting).flatmap(lambda kind: _build(kind, fields, case, at))


def _build(
    kind: type[Value], fields: dict[str, st.SearchStrategy[Any]], case: Case, at: datetime
) -> st.SearchStrategy[Any]:
    own = {name: fields[name] for name in kind.model_fields if name in fields}
    if kind in {e.ReplyPublished, e.ReplyRetracted}:
        own["by"] = st.none()
    if kind in {e.ReplyApproved, e.FirstApproved}:
        own["draft"] = st.just(case.draft.id if case.draft else "0" * 32)
    if kind is e.AuthorReplied:
        own["message"] = _message("author", at)
    if kind is e.ColleagueReplied:
        own["message"] = _message("colleague", at)
    return st.builds(kind, **own)


KINDS: list[type[Value]] = [
    kind
    for kind in vars(e).values()
    if isinstance(kind, type)
    and issubclass(kind, Value)
    and "kind" in kind.model_fields
    and kind is not e.MentionReceived
]

MENTIONS = st.builds(
    Mention,
    source=st.just("square"),
    platform=st.just("square"),
    id=st.integers(1, 10**9).map(str),
    author=st.builds(Author, handle=st.just("ada"), name=st.sampled_from([None, "Ada", "عائشہ"])),
    text=st.text(max_size=200),
    posted_at=st.just(datetime.fromisoformat("2026-11-22T12:00:00+00:00")),
)
