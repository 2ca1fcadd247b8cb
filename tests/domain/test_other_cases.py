"""What stands on a card of the author's other cases: kinds, ends, days and IDs, and none of their words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bot.domain.assessment import Category
from bot.domain.card import card_of
from bot.domain.events import DraftReady, Entry, MentionReceived, OtherCase, Outcome
from bot.domain.transitions import advance, born, replay
from tests.builders import BY_API, NOON, TEAM, a_draft, a_mention, in_review, opened, protocol


def other(case_id: str = "square:98", day: str = "2026-11-03", **changes: Any) -> OtherCase:
    at = datetime.fromisoformat(f"{day}T09:30:00+00:00")
    fields: dict[str, Any] = {"category": Category.COMPLAINT, "outcome": Outcome.ANSWERED, **changes}
    return OtherCase(case_id=case_id, at=at, **fields)


def shown(*others: OtherCase, count: int | None = None) -> str:
    """What a card says of these; empty for nothing."""
    case = in_review().model_copy(
        update={"history": others, "history_count": len(others) if count is None else count}
    )
    said = [f.value for f in card_of(case, TEAM, protocol()).facts if f.label == "Also under this name"]
    return said[0] if said else ""


def test_a_card_without_a_history_says_nothing_of_one() -> None:
    assert shown() == ""


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (other(), "complaint, answered, 3 Nov 2026 (square:98)"),
        (other(outcome=Outcome.NOT_US), "complaint, not us, 3 Nov 2026 (square:98)"),
        (other(outcome=None), "complaint, open when this was drafted, 3 Nov 2026 (square:98)"),
        (other(category=None, outcome=Outcome.GONE), "not read, gone, 3 Nov 2026 (square:98)"),
        (other(category=Category.PRAISE, outcome=Outcome.PRAISE), "praise, 3 Nov 2026 (square:98)"),
    ],
)
def test_another_case_stands_there_in_plain_words(one: OtherCase, words: str) -> None:
    assert shown(one) == f"1 case: {words}"


def test_of_many_others_the_newest_are_named_and_the_rest_are_counted() -> None:
    noted = other("square:12", "2026-10-01", category=Category.NEUTRAL, outcome=Outcome.NOTED)
    two = "complaint, answered, 3 Nov 2026 (square:98); neutral, noted, 1 Oct 2026 (square:12)"
    assert shown(other(), noted) == f"2 cases: {two}"
    assert shown(other(), noted, count=3) == f"3 cases: {two}; and 1 more"
    assert shown(other(), noted, count=49) == f"49 cases: {two}; and 47 more"
    assert shown(other(), noted, count=50) == f"50 or more cases: {two}; and others"


def test_an_other_case_has_no_room_for_anybodys_words() -> None:
    assert set(OtherCase.model_fields) == {"case_id", "at", "category", "outcome"}
    texts: dict[str, str] = {}
    other().model_dump_json(context={"texts": texts})
    assert texts == {}


def test_the_history_of_the_last_draft_is_the_one_that_is_shown() -> None:
    case = in_review()
    draft = DraftReady(draft=a_draft(), delivery=BY_API, history=(other(),), history_count=7)
    again = advance(case.model_copy(update={"state": "opened"}), draft, at=NOON)
    assert (again.history, again.history_count) == ((other(),), 7)
    draft = DraftReady(draft=a_draft(), delivery=BY_API)
    assert advance(again.model_copy(update={"state": "opened"}), draft, at=NOON).history == ()


def test_a_trail_from_before_there_was_a_history_still_makes_its_case() -> None:
    received = MentionReceived(mention=a_mention(), severity="medium")
    events = (received, opened(), DraftReady(draft=a_draft(), delivery=BY_API))
    entries = [Entry(version=n, at=NOON, event=event) for n, event in enumerate(events, 1)]
    lines = [
        entry.model_dump_json(exclude_none=True).replace(',"history":[],"history_count":0', "")
        for entry in entries
    ]
    assert "history" not in "".join(lines)
    case = replay(Entry.model_validate_json(line) for line in lines)
    made = born(received, at=NOON)
    for event in events[1:]:
        made = advance(made, event, at=NOON)
    assert case == made
    assert (case.history, case.history_count) == ((), 0)
