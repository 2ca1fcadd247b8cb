"""Who may decide what, when; and what a person who comes too late is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from bot.domain import events as e
from bot.domain.actions import actions_of
from bot.domain.approving import Setting
from bot.domain.assessment import Risk, Severity
from bot.domain.card import card_of
from bot.domain.case import Case, State
from bot.domain.decide import APPLIES, decide
from bot.domain.decision import Approve, Decision, SecondApprove
from bot.domain.delivery import Delivery, Mode, Receipt
from bot.domain.draft import Finding, Verdict
from bot.domain.forms import read_form
from bot.domain.team import PERMISSIONS, Person
from bot.domain.transitions import advance
from bot.errors import NotAllowed, Refused
from tests.builders import MANAGER, NOON, ON_CALL, RESPONDER, TEAM, a_draft, approved, in_review, protocol

BLOCK = Finding(rule="W7", verdict=Verdict.BLOCK, phrase="20% off", says="no selling in a reply")
WARN = Finding(rule="W5", verdict=Verdict.WARN, says="thank them")
SECOND = Finding(rule="L12", verdict=Verdict.SECOND, says="two people decide about safety")
MANAGER_ONLY = Finding(rule="L11", verdict=Verdict.SECOND, role="manager", says="a third reply")


def setting(by: Person = RESPONDER, findings: Sequence[Finding] | None = (), **changes: Any) -> Setting:
    fields: dict[str, Any] = {"at": NOON, "by": by, "team": TEAM, "protocol": protocol()}
    found = None if findings is None else tuple(findings)
    return Setting(**{**fields, "findings": found, **changes})


def approve(case: Case, reason: str = "") -> Approve:
    assert case.draft is not None
    return Approve(draft=case.draft.id, context=case.context, reason=reason)


def second(case: Case) -> SecondApprove:
    assert case.draft is not None
    return SecondApprove(draft=case.draft.id, context=case.context)


def after(case: Case, decision: Decision, made_in: Setting) -> Case:
    for event in decide(case, decision, made_in):
        case = advance(case, event, at=made_in.at)
    return case


def test_an_approval_names_the_person_the_text_and_when_it_will_be_sent() -> None:
    case = in_review()
    (event,) = decide(case, approve(case), setting())
    assert isinstance(event, e.ReplyApproved)
    assert (event.by, event.publish_at) == ("rosa", NOON + timedelta(seconds=20))
    assert case.draft is not None
    assert event.draft == case.draft.id


def test_an_approval_of_a_draft_that_has_changed_is_void_and_says_why() -> None:
    seen = in_review()
    changed = advance(seen, e.DraftEdited(by="mark", draft=a_draft("Other words.")), at=NOON)
    with pytest.raises(Refused, match="draft has changed since you saw it; nothing was sent"):
        decide(changed, approve(seen), setting())


def test_an_approval_of_a_thread_that_has_moved_on_is_void_and_says_why() -> None:
    seen = in_review()
    assert seen.draft is not None
    moved = seen.model_copy(update={"thread": (e.Message(id="7", by="author", text="well?", at=NOON),)})
    with pytest.raises(Refused, match="thread has moved on since you saw it"):
        decide(moved, approve(seen), setting())


def test_nobody_can_override_a_block() -> None:
    case = in_review()
    for person in (RESPONDER, MANAGER, ON_CALL):
        with pytest.raises(Refused, match=r"W7 blocks this: no selling in a reply .*20% off"):
            decide(case, approve(case, reason="I am the boss"), setting(person, [BLOCK]))


def test_a_warning_needs_a_reason_and_the_reason_is_kept() -> None:
    case = in_review()
    with pytest.raises(Refused, match="W5 warns: give a reason"):
        decide(case, approve(case), setting(findings=[WARN]))
    (event,) = decide(case, approve(case, "they were thanked already"), setting(findings=[WARN]))
    assert isinstance(event, e.ReplyApproved)
    assert (event.reason, event.findings) == ("they were thanked already", (WARN,))


def test_without_checks_there_is_no_approval() -> None:
    case = in_review()
    with pytest.raises(Refused, match="checks could not be run"):
        decide(case, approve(case), setting(findings=None))


def test_a_second_approval_needs_another_person_than_the_first() -> None:
    case = in_review()
    once = after(case, approve(case), setting(findings=[SECOND]))
    assert once.state is State.IN_REVIEW
    with pytest.raises(Refused, match="another person"):
        decide(once, second(once), setting(findings=[SECOND]))
    twice = after(once, second(once), setting(MANAGER, [SECOND]))
    assert twice.state is State.APPROVED
    assert twice.approval is not None
    assert (twice.approval.first, twice.approval.by) == ("rosa", "mark")


def test_a_second_approval_needs_another_person_than_the_editor() -> None:
    edited = advance(in_review(), e.DraftEdited(by="mark", draft=a_draft("New.", by="person:mark")), at=NOON)
    once = after(edited, approve(edited), setting(findings=[SECOND]))
    with pytest.raises(Refused, match="another person than the editor"):
        decide(once, second(once), setting(MANAGER, [SECOND]))
    assert after(once, second(once), setting(ON_CALL, [SECOND])).state is State.APPROVED


def test_a_rule_that_names_a_role_is_seconded_by_that_role() -> None:
    case = in_review()
    once = after(case, approve(case), setting(findings=[MANAGER_ONLY]))
    with pytest.raises(NotAllowed, match="L11 asks for a manager"):
        decide(once, second(once), setting(ON_CALL, [MANAGER_ONLY]))
    assert after(once, second(once), setting(MANAGER, [MANAGER_ONLY])).state is State.APPROVED


def test_an_edit_takes_the_first_approval_away() -> None:
    case = in_review()
    once = after(case, approve(case), setting(findings=[SECOND]))
    edited = advance(once, e.DraftEdited(by="mark", draft=a_draft("New words.")), at=NOON)
    assert edited.first_approval is None


def test_who_comes_too_late_is_told_who_did_what_and_when() -> None:
    case = approved(in_review())
    with pytest.raises(Refused, match=r"too late: Rosa .*\(approved the reply\) at 12:00:00 UTC"):
        decide(case, approve(case), setting(MANAGER))


def test_a_claim_keeps_others_from_approving_and_editing_until_it_expires() -> None:
    case = in_review()
    held = after(case, read_form("claim", {}, at=NOON), setting())
    with pytest.raises(Refused, match="Rosa holds this case until 12:10:00 UTC"):
        decide(held, approve(held), setting(MANAGER))
    assert decide(held, approve(held), setting())
    assert decide(held, approve(held), setting(MANAGER, at=NOON + timedelta(minutes=11)))
    taken = after(held, read_form("take_over", {}, at=NOON), setting(MANAGER))
    assert taken.claim is not None
    assert taken.claim.by == "mark"


def test_who_claims_between_two_approvals_is_not_passed_over() -> None:
    once = after(in_review(), approve(in_review()), setting(findings=[SECOND]))
    held = after(once, read_form("claim", {}, at=NOON), setting(ON_CALL))
    with pytest.raises(Refused, match="Omar holds this case"):
        decide(held, second(held), setting(MANAGER, [SECOND]))
    asked = after(once, read_form("claim", {}, at=NOON), setting())
    assert after(asked, second(asked), setting(MANAGER, [SECOND])).state is State.APPROVED


def test_a_responder_cannot_take_a_claim_over_and_is_told_who_can() -> None:
    case = in_review()
    held = after(case, read_form("claim", {}, at=NOON), setting(MANAGER))
    with pytest.raises(NotAllowed, match="is for the roles manager, on-call"):
        decide(held, read_form("take_over", {}, at=NOON), setting())


def test_nothing_is_approved_where_nothing_can_be_sent() -> None:
    case = in_review(delivery=Delivery(mode=Mode.REPORT_ONLY, reason="a blog without comments"))
    with pytest.raises(Refused, match="nothing can be sent here: a blog without comments"):
        decide(case, approve(case), setting())


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/reply",
        "https://reviews.example.evil.example/1",
        "javascript:alert(1)",
        "reply",
        "http://[reviews.example/1",
        "https://evil.example\\@reviews.example/1",
        "https://evil.example@reviews.example/1",
    ],
)
def test_a_pasted_address_must_be_on_the_platforms_own_hosts(url: str) -> None:
    by_hand = Delivery(mode=Mode.ASSISTED, reason="no reply API", hosts=("reviews.example",))
    case = advance(approved(in_review(delivery=by_hand)), e.HandedOver(remind_at=NOON), at=NOON)
    with pytest.raises(Refused, match=r"must be on reviews\.example"):
        decide(case, read_form("posted", {"url": url}, at=NOON), setting())
    good = read_form("posted", {"url": "https://www.reviews.example/r/1"}, at=NOON)
    assert after(case, good, setting()).state is State.PUBLISHED


def test_a_snooze_never_goes_beyond_the_deadline() -> None:
    case = in_review()
    with pytest.raises(Refused, match="beyond its deadline; the latest is 14:00:00 UTC"):
        decide(case, read_form("snooze", {"minutes": "180"}, at=NOON), setting())
    snoozed = after(case, read_form("snooze", {"minutes": "30"}, at=NOON), setting())
    assert snoozed.step_at == NOON + timedelta(minutes=30)


def test_neither_another_kind_nor_an_undo_gives_more_time() -> None:
    case, later = in_review(), NOON + timedelta(minutes=50)
    other = after(case, read_form("correct", {"category": "question"}, at=later), setting(at=later))
    assert (other.deadline, other.remind_at) == (case.deadline, case.remind_at)
    undone = after(approved(case), read_form("undo", {}, at=later), setting(at=later))
    assert undone.step_at == case.remind_at


def test_what_was_said_while_a_reply_was_on_its_way_cannot_be_closed_unread() -> None:
    case = advance(approved(in_review()), e.PublishStarted(key="k", until=NOON), at=NOON)
    said = e.AuthorReplied(message=e.Message(id="7", by="author", text="my lawyer will call", at=NOON))
    receipt = Receipt(id="9", at=NOON, text="x")
    for event in (said, e.ReplyPublished(receipt=receipt, follow_up_at=NOON + timedelta(days=1))):
        case = advance(case, event, at=NOON)
    for kind in ("resolve", "reopen"):
        with pytest.raises(Refused, match="it is being read"):
            decide(case, read_form(kind, {}, at=NOON), setting())
    assert not actions_of(case, protocol())
    assert case.step_at == NOON


def test_the_address_of_the_mention_is_not_that_of_the_reply() -> None:
    case = advance(approved(in_review()), e.PublishStarted(key="k", until=NOON), at=NOON)
    case = advance(case, e.PublishDoubted(reason="no answer", remind_at=NOON), at=NOON)
    assert case.mention.url is not None
    with pytest.raises(Refused, match="address of the mention"):
        decide(case, read_form("posted", {"url": case.mention.url}, at=NOON), setting())


def test_every_decision_has_its_states_and_its_roles() -> None:
    kinds = set(APPLIES)
    assert kinds == set(PERMISSIONS) - {"pause", "resume"}
    for kind, roles in PERMISSIONS.items():
        assert roles, kind


def test_a_card_shows_exactly_the_decisions_that_would_not_come_too_late() -> None:
    for case in (in_review(), approved(in_review())):
        shown = {action.decision for action in actions_of(case, protocol())}
        assert shown <= {kind for kind, states in APPLIES.items() if case.state in states}
    assert {a.decision for a in actions_of(approved(in_review()), protocol())} == {"undo"}


def test_a_dangerous_matter_is_routed_to_its_desk() -> None:
    card = card_of(in_review(risks=frozenset({Risk.LAWYER})), TEAM, protocol())
    (press,) = [action for action in card.actions if action.decision == "escalate"]
    assert [ask.value for ask in press.asks if ask.name == "to"] == ["legal"]
    assert "A matter for the desk" in {fact.label for fact in card.facts}
    plain = card_of(in_review(), TEAM, protocol())
    assert "A matter for the desk" not in {fact.label for fact in plain.facts}


def test_a_case_taken_back_from_a_desk_says_so_to_whoever_approves_it() -> None:
    asked = after(in_review(), read_form("escalate", {"to": "legal", "reason": "?"}, at=NOON), setting())
    for event in (
        e.DraftEdited(by="rosa", draft=a_draft("Other.")),
        e.RedraftAsked(by="rosa", instruction="x"),
    ):
        assert "taken back from the legal desk" in advance(asked, event, at=NOON).notice
    assert not advance(in_review(), e.DraftEdited(by="rosa", draft=a_draft("Other.")), at=NOON).notice


def test_a_card_with_a_warning_asks_for_the_reason() -> None:
    case = in_review(draft=a_draft(findings=(WARN,)))
    card = card_of(case, TEAM, protocol())
    (press,) = [action for action in card.actions if action.decision == "approve"]
    assert "reason" in {ask.name for ask in press.asks}


def test_who_claims_a_snoozed_case_wakes_it() -> None:
    snoozed = after(in_review(), read_form("snooze", {"minutes": "30"}, at=NOON), setting())
    awake = after(snoozed, read_form("claim", {}, at=NOON), setting(MANAGER))
    assert awake.state is State.IN_REVIEW
    assert awake.claim is not None
    assert awake.claim.by == "mark"


def test_a_case_corrected_to_spam_ends_and_praise_corrected_to_a_complaint_is_not_low() -> None:
    closed = after(in_review(), read_form("correct", {"category": "spam"}, at=NOON), setting())
    assert (closed.state, closed.outcome) == (State.CLOSED, e.Outcome.SPAM)
    mild = in_review(severity=Severity.LOW, category="praise")
    worse = after(mild, read_form("correct", {"category": "complaint"}, at=NOON), setting())
    assert (worse.state, worse.severity) == (State.OPENED, Severity.MEDIUM)


def test_a_mention_deleted_after_its_approval_says_that_nothing_was_sent() -> None:
    gone = advance(approved(in_review()), e.MentionRemoved(), at=NOON)
    assert "nothing was sent" in gone.notice
