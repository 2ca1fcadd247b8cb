"""What a change counts as: every event once, nobody's name, and delays that can be read again."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import events as e
from bot.domain.assessment import Category
from bot.domain.case import Case
from bot.domain.counting import (
    BOUNDS,
    CARD_DELAY,
    DECISION_DELAY,
    added,
    balance,
    counted,
    labelled,
    spread,
)
from bot.domain.draft import Finding, Verdict
from bot.domain.transitions import TRANSITIONS, advance, born
from tests.builders import BY_API, NOON, a_case, a_draft, a_mention, in_review, opened
from tests.domain.random_events import MENTIONS, events

HINT = Finding(rule="W4", verdict=Verdict.WARN, says="a handle as a name", phrase="ada")


def after(case: Case, *happened: e.Event, seconds: float = 0) -> dict[str, int]:
    """What a change of these events adds."""
    at, now, entries = NOON + timedelta(seconds=seconds), case, list[e.Entry]()
    for event in happened:
        now = advance(now, event, at=at)
        entries.append(e.Entry(version=now.version, at=at, event=event))
    return dict(counted(case, now, entries))


def approval(case: Case, *findings: Finding) -> e.ReplyApproved:
    assert case.draft
    return e.ReplyApproved(
        by="rosa", draft=case.draft.id, context=case.context, findings=findings, publish_at=NOON
    )


@given(data=st.data())
@settings(max_examples=60, deadline=None, database=None)
def test_every_event_counts_once_and_names_come_from_closed_sets(data: st.DataObject) -> None:
    case = born(e.MentionReceived(mention=data.draw(MENTIONS), severity="high"), at=NOON)
    total = Counter[str]()
    for nth in range(data.draw(st.integers(1, 12))):
        known = events(case, NOON).filter(lambda event, c=case: (c.state, type(event)) in TRANSITIONS)
        event = data.draw(known)
        total.update(after(case, event, seconds=nth))
        case = advance(case, event, at=NOON)
    assert sum(n for name, n in total.items() if name.startswith("event:")) == case.version - 1
    assert sum(labelled(total, "read").values()) == (case.assessment is not None)
    kinds = {kind.model_fields["kind"].default for _, kind in TRANSITIONS}
    words = {*kinds, *Category, *e.Outcome, *Verdict, "offline", "model", "person"}
    words |= {"drafted", "edited", "approved", "sum", "le", "more"}
    words |= {"hide", "mute", "block", "report"}
    words |= {str(bound) for bounds in BOUNDS.values() for bound in bounds}
    for name in total:
        _, *rest = name.split(":")
        assert all(word in words or (name.startswith("check:") and len(word) <= 3) for word in rest), name


def test_a_draft_counts_by_its_kind_of_maker() -> None:
    case = a_case(opened())
    for by, maker in (("offline", "offline"), ("gpt-5", "model"), ("person:rosa", "person")):
        assert after(case, e.DraftReady(draft=a_draft(by=by), delivery=BY_API))[f"draft:{maker}"] == 1
    edited = after(in_review(), e.DraftEdited(by="rosa", draft=a_draft("Other words.", by="person:rosa")))
    assert edited["draft:person"] == edited["decision:draft_edited"] == 1


def test_a_check_counts_when_it_speaks_and_when_it_is_overridden() -> None:
    block = Finding(rule="L1", verdict=Verdict.BLOCK, says="a threat")
    passed = Finding(rule="W1", verdict=Verdict.PASS, says="calm")
    draft = a_draft(findings=(HINT, HINT, block, passed))
    drafted = after(a_case(opened()), e.DraftReady(draft=draft, delivery=BY_API))
    assert labelled(drafted, "check") == {("drafted", "L1", "block"): 1, ("drafted", "W4", "warn"): 1}
    case = in_review(draft=draft)
    assert labelled(after(case, approval(case, HINT)), "check") == {("approved", "W4", "warn"): 1}


def test_the_first_card_and_the_first_decision_count_from_the_mention_on() -> None:
    case = a_case(opened(), e.DraftReady(draft=a_draft(), delivery=BY_API))
    shown = after(case, e.CardPosted(channel="console"), seconds=7)
    assert (shown["card_delay:sum"], shown["card_delay:le:10"]) == (7, 1)
    case = in_review()
    claimed = e.Claimed(by="rosa", until=NOON)
    decided = after(case, claimed, e.Released(by="rosa"), seconds=60)
    assert (decided["decision_delay:sum"], decided["decision_delay:le:60"]) == (60, 1)
    again = after(advance(case, claimed, at=NOON), e.Released(by="rosa"), seconds=61)
    assert spread(again, DECISION_DELAY).count == 0
    back = a_case(opened(), e.DraftReady(draft=a_draft(), delivery=BY_API), e.CardPosted(channel="c"),
                  e.RedraftAsked(by="rosa", instruction="shorter"),
                  e.DraftReady(draft=a_draft(), delivery=BY_API))  # fmt: skip
    assert spread(after(back, e.CardPosted(channel="c")), CARD_DELAY).count == 0


def test_a_press_that_shows_the_card_counts_as_both() -> None:
    case = a_case(opened(), e.DraftReady(draft=a_draft(), delivery=BY_API))
    both = after(case, e.CardPosted(channel="c"), e.Claimed(by="rosa", until=NOON), seconds=3)
    assert (spread(both, CARD_DELAY).count, spread(both, DECISION_DELAY).count) == (1, 1)


def test_an_end_counts_by_its_outcome_and_only_once() -> None:
    case = in_review()
    closing = e.CaseClosed(by="rosa", outcome=e.Outcome.SILENT)
    assert after(case, closing)["outcome:silent"] == 1
    closed = advance(case, closing, at=NOON)
    said = e.Message(id="1", by="colleague", text="hello", at=NOON)
    assert labelled(after(closed, e.ColleagueReplied(message=said)), "outcome") == {}


@pytest.mark.parametrize(
    ("delays", "half"), [((), None), ((1,), 1), ((0, 2, 9), 2), ((50, 4000, 9000), None), ((5, 5, 9999), 5)]
)
def test_half_of_them_were_done_within(delays: tuple[int, ...], half: int | None) -> None:
    case = a_case(opened(), e.DraftReady(draft=a_draft(), delivery=BY_API), mention=a_mention())
    days = [after(case, e.CardPosted(channel="c"), seconds=delay) for delay in delays]
    found = spread(added(days), CARD_DELAY)
    assert (found.count, found.seconds, found.half_within) == (len(delays), sum(delays), half)


def test_what_was_done_on_the_platform_is_counted_by_what_it_was() -> None:
    case = in_review()
    entry = e.Entry(version=case.version + 1, at=NOON, event=e.Moderated(how="block"))
    assert counted(case, advance(case, entry.event, at=NOON), [entry])["moderated:block"] == 1


def test_the_balance_of_a_day_is_told_in_words() -> None:
    read = {"read:complaint": 7, "read:troll": 1, "read:praise": 1200, "read:question": 2, "read:spam": 1}
    assert balance(read | {"outcome:praise": 5}) == "8 against us, 1,200 praise, 3 neither"
    assert balance({"outcome:praise": 5}) == ""
