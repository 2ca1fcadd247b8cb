"""Which buttons a card shows, and to whom."""

from __future__ import annotations

from bot.domain.actions import actions_of
from bot.domain.card import card_of
from bot.domain.case import Case
from bot.domain.forms import read_form
from bot.domain.team import Person
from tests.builders import MANAGER, NOON, RESPONDER, TEAM, a_draft, in_review, protocol
from tests.domain.test_decide import BLOCK, SECOND, after, approve, setting


def shown(case: Case, by: Person) -> set[str]:
    return {action.decision for action in card_of(case, TEAM, protocol(), viewer=by).actions}


def test_nobody_is_shown_a_button_that_another_persons_claim_takes_away() -> None:
    held = after(in_review(), read_form("claim", {}, at=NOON), setting())
    assert {"approve", "edit", "release"} <= shown(held, RESPONDER)
    assert not {"approve", "edit", "release"} & shown(held, MANAGER)
    assert "take_over" in shown(held, MANAGER)


def test_the_first_approver_is_not_shown_the_second_approval() -> None:
    case = in_review(draft=a_draft(findings=(SECOND,)))
    once = after(case, approve(case), setting(findings=[SECOND]))
    assert "second_approve" not in shown(once, RESPONDER)
    assert "second_approve" in shown(once, MANAGER)


def test_a_blocked_draft_has_no_button_to_send_it() -> None:
    assert not {"approve", "second_approve"} & shown(in_review(draft=a_draft(findings=(BLOCK,))), MANAGER)


def test_a_troll_is_offered_silence_first() -> None:
    first = actions_of(in_review(category="troll"), protocol())[0]
    assert (first.decision, first.style) == ("silence", "primary")


def test_a_snooze_offers_only_what_fits_before_the_deadline() -> None:
    (snooze,) = [a for a in actions_of(in_review(), protocol()) if a.decision == "snooze"]
    offered = [int(choice.value) for choice in snooze.asks[0].choices]
    assert offered
    assert max(offered) <= 120
