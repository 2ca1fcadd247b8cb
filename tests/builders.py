"""What tests build cases from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot.domain.assessment import Assessment, Category, Severity
from bot.domain.case import Case
from bot.domain.delivery import Delivery, Mode
from bot.domain.draft import Draft, Purpose
from bot.domain.events import CardPosted, CaseOpened, DraftReady, Event, MentionReceived, ReplyApproved
from bot.domain.language import NAMES
from bot.domain.mention import Author, Mention
from bot.domain.protocol import ResponseProtocol
from bot.domain.protocol_file import read_protocol
from bot.domain.team import Person, Role, Team
from bot.domain.transitions import advance, born

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PROTOCOL_FILE = Path(__file__).parents[1] / "prompts" / "protocol" / "default.toml"

RESPONDER = Person(id="rosa", name="Rosa", roles=frozenset({Role.RESPONDER}), languages=tuple(NAMES))
MANAGER = Person(id="mark", name="Mark", roles=frozenset({Role.MANAGER}))
ON_CALL = Person(id="omar", name="Omar", roles=frozenset({Role.ON_CALL}))
TEAM = Team(people=(RESPONDER, MANAGER, ON_CALL))


@cache
def protocol() -> ResponseProtocol:
    """The default protocol of the fictional company."""
    return read_protocol(PROTOCOL_FILE)


class Watch:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


def a_mention(text: str = "My bread came two hours late again.", **changes: Any) -> Mention:
    """A mention on the square by Ada."""
    fields: dict[str, Any] = {
        "source": "square",
        "platform": "square",
        "id": "100",
        "author": Author(handle="ada", name="Ada Park", followers=20),
        "text": text,
        "posted_at": NOON,
        "url": "http://127.0.0.1/square/post/100",
        "tagged": True,
    }
    return Mention(**{**fields, **changes})


def a_draft(text: str = "Hello Ada, thank you for telling us. We are sorry.", **changes: Any) -> Draft:
    """A draft in English."""
    return Draft(**{"text": text, "language": "en", "purpose": Purpose.ANSWER, "by": "offline", **changes})


BY_API = Delivery(mode=Mode.API, reason="the square lets us", max_length=500, hosts=("127.0.0.1",))


def opened(severity: Severity = Severity.MEDIUM, at: datetime = NOON, **changes: Any) -> CaseOpened:
    """The event that opens a complaint."""
    reading = {"category": Category.COMPLAINT, "severity": severity, "language": "en", "by": "rules"}
    return CaseOpened(
        assessment=Assessment(**{**reading, **changes}),
        deadline=at + timedelta(hours=2),
        remind_at=at + timedelta(hours=1),
    )


def a_case(*events: Event, mention: Mention | None = None, at: datetime = NOON) -> Case:
    """A case after these events."""
    mention = mention or a_mention()
    case = born(MentionReceived(mention=mention, severity=Severity.MEDIUM), at=at)
    for event in events:
        case = advance(case, event, at=at)
    return case


def in_review(**changes: Any) -> Case:
    """A case whose card waits for a decision."""
    draft = changes.pop("draft", a_draft())
    delivery = changes.pop("delivery", BY_API)
    return a_case(
        opened(**changes), DraftReady(draft=draft, delivery=delivery), CardPosted(channel="console")
    )


def approved(case: Case, by: str = "rosa") -> Case:
    """The case after `by` approved its draft; it is due 20 seconds later."""
    if case.draft is None:
        raise ValueError("nothing to approve")
    event = ReplyApproved(
        by=by, draft=case.draft.id, context=case.context, publish_at=case.changed_at + timedelta(seconds=20)
    )
    return advance(case, event, at=case.changed_at)
