"""Which buttons a card shows, and to whom."""

from __future__ import annotations

import pytest

from bot.domain import events as e
from bot.domain.actions import actions_of
from bot.domain.card import card_of
from bot.domain.case import Case, State
from bot.domain.decide import decide
from bot.domain.forms import read_form
from bot.domain.team import Person, Role
from bot.errors import NotAllowed
from tests.builders import MANAGER, NOON, ON_CALL, RESPONDER, TEAM, a_draft, in_review, protocol
from tests.domain.test_decide import BLOCK, SECOND, after, approve, second, setting

#: A group of the chat alone vouches for her.
LENA = Person(id="slack:U77", name="Lena", roles=frozenset({Role.RESPONDER}))


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


def test_an_escalation_asks_how_urgent_it_is_and_is_in_its_turn_unless_somebody_says_so() -> None:
    (escalate,) = [a for a in actions_of(in_review(), protocol()) if a.decision == "escalate"]
    urgency = escalate.asks[-1]
    assert (urgency.name, urgency.kind, urgency.value) == ("urgency", "choice", "normal")
    assert [choice.value for choice in urgency.choices] == ["normal", "urgent"]


def test_what_was_written_in_private_is_marked_on_the_card() -> None:
    said = [
        e.Message(id=str(n), by="author", text="hello?", at=NOON, private=private)
        for n, private in enumerate((False, True))
    ]
    card = card_of(in_review().model_copy(update={"thread": tuple(said)}), TEAM, protocol())
    assert [message.private for message in card.thread] == [False, True]


def w13(case: Case, by: Person) -> list[str]:
    return [f.says for f in card_of(case, TEAM, protocol(), viewer=by).findings if f.rule == "W13"]


def test_who_cannot_read_the_draft_is_told_before_they_press_who_has_to_agree() -> None:
    case = in_review(draft=a_draft("Hola.", language="es"))
    told = ["Mark does not read Spanish, and it is not translated back: Rosa must agree."]
    assert w13(case, MANAGER) == told
    assert not w13(case, RESPONDER)
    assert not w13(in_review(draft=a_draft("Hola.", language="es", back_translation="Hello.")), MANAGER)
    once = after(case, approve(case), setting(by=MANAGER, findings=[]))
    assert w13(once, MANAGER) == w13(once, RESPONDER) == told


def test_a_guest_who_edited_a_draft_reads_it_whoever_agrees() -> None:
    case = in_review(draft=a_draft("Hola.", language="es", by=f"person:{LENA.id}"))
    once = after(case, approve(case), setting(by=LENA, findings=[SECOND]))
    assert once.state is State.IN_REVIEW
    assert after(once, second(once), setting(by=MANAGER, findings=[SECOND])).state is State.APPROVED


def test_of_a_guest_nobody_says_that_they_do_not_read_it() -> None:
    case = in_review(draft=a_draft("Hola.", language="es"))
    (first,) = decide(case, approve(case), setting(by=LENA, findings=[]))
    assert isinstance(first, e.FirstApproved)
    assert [finding.says for finding in first.findings] == [
        "Lena is not known to read Spanish, and it is not translated back: Rosa must agree."
    ]
    once = after(case, approve(case), setting(by=LENA, findings=[]))
    with pytest.raises(NotAllowed, match=r"neither of you is known to read Spanish; .* needs Rosa"):
        decide(once, second(once), setting(by=MANAGER, findings=[]))
    known = after(case, approve(case), setting(by=MANAGER, findings=[]))
    with pytest.raises(NotAllowed, match=r"neither of you is known to read Spanish; .* needs Rosa"):
        decide(known, second(known), setting(by=LENA, findings=[]))
    with pytest.raises(NotAllowed, match=r"neither of you reads Spanish; .* needs Rosa"):
        decide(known, second(known), setting(by=ON_CALL, findings=[]))


def test_who_edited_a_draft_is_not_named_as_the_one_who_has_to_agree() -> None:
    case = in_review(draft=a_draft("Hola.", language="es", by="person:rosa"))
    assert not w13(case, RESPONDER)
    told = "Mark does not read Spanish, and it is not translated back: another person must agree."
    assert w13(case, MANAGER) == [told]
    once = after(case, approve(case), setting(by=MANAGER, findings=[]))
    twice = after(once, second(once), setting(by=ON_CALL, findings=[]))
    assert twice.state is State.APPROVED
    assert card_of(twice, TEAM, protocol()).status.startswith("Approved by Mark and Omar;")
    operator = RESPONDER.model_copy(update={"id": "operator:ann", "languages": ()})
    assert not w13(case, operator)
