"""An urgent question to a desk: the desk's ladder is climbed sooner, and the card says why."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.card import card_of
from bot.domain.case import Case
from bot.domain.decide import decide
from bot.domain.forms import read_form
from bot.domain.protocol_file import load_protocol
from bot.domain.protocol_text import ProtocolText
from tests.builders import NOON, ON_CALL, TEAM, in_review, protocol
from tests.domain.test_decide import after, setting
from tests.domain.test_protocol import DEFAULT, FILES, PROTOCOL

ASKS = {"to": "legal", "reason": "is this a threat?"}


def escalated(**more: str) -> Case:
    return after(in_review(), read_form("escalate", {**ASKS, **more}, at=NOON), setting())


def test_an_urgent_question_reminds_its_desk_sooner_and_the_card_says_so() -> None:
    plain, urgent = escalated(), escalated(urgency="urgent")
    assert plain.remind_at is not None
    assert urgent.remind_at is not None
    assert urgent.remind_at - NOON == (plain.remind_at - NOON) / 4
    assert card_of(plain, TEAM, protocol()).status == "With the Legal desk, asked by Rosa"
    assert card_of(urgent, TEAM, protocol()).status == "With the Legal desk, urgent, asked by Rosa"


def test_an_urgent_question_leaves_its_case_where_it_stood_in_the_queue() -> None:
    assert escalated(urgency="urgent").rank == escalated().rank == in_review().rank


def test_a_desk_that_is_on_an_urgent_question_is_left_alone_for_half_an_hour() -> None:
    on_it = after(escalated(urgency="urgent"), read_form("acknowledge", {}, at=NOON), setting(ON_CALL))
    assert on_it.remind_at == NOON + timedelta(minutes=30)


def test_an_escalation_of_an_older_version_is_read_as_one_in_its_turn() -> None:
    (event,) = decide(in_review(), read_form("escalate", ASKS, at=NOON), setting())
    for value in (event, escalated().escalation):
        assert value is not None
        older = value.model_dump(exclude={"urgency"})
        assert type(value).model_validate(older).model_dump()["urgency"] == "normal"


def test_an_urgent_question_climbs_the_desks_ladder_in_a_quarter_of_the_time() -> None:
    five = NOON + timedelta(minutes=5)
    assert PROTOCOL.first_reminder(NOON, NOON, desk="legal", urgent=True) == five
    following = PROTOCOL.next_rung(NOON, NOON, 1, five, desk="legal", urgent=True)
    assert following == ("manager", NOON + timedelta(minutes=15))


def test_without_a_desk_nothing_is_urgent() -> None:
    deadline = NOON + timedelta(hours=1)
    assert PROTOCOL.first_reminder(NOON, deadline, urgent=True) == PROTOCOL.first_reminder(NOON, deadline)


def test_an_urgent_ladder_still_leaves_a_pause_between_two_reminders() -> None:
    at = NOON + timedelta(minutes=2, seconds=30)
    assert PROTOCOL.first_reminder(NOON, NOON, desk="food_safety", urgent=True) == at
    _, following = PROTOCOL.next_rung(NOON, NOON, 1, at, desk="food_safety", urgent=True)
    assert following == at + timedelta(minutes=PROTOCOL.unanswered.pause_minutes)


@given(st.sampled_from(sorted(PROTOCOL.desks)), st.integers(0, 200), st.integers(0, 60 * 24))
def test_the_next_reminder_of_an_urgent_question_is_sooner_and_always_still_to_come(
    desk: str, rung: int, late: int
) -> None:
    at = NOON + timedelta(minutes=late)
    role, following = PROTOCOL.next_rung(NOON, NOON, rung, at, desk=desk, urgent=True)
    same, later = PROTOCOL.next_rung(NOON, NOON, rung, at, desk=desk)
    assert role == same
    assert at < following <= later


def test_a_protocol_written_before_there_was_urgency_has_a_quarter() -> None:
    older = {**FILES, "default.toml": DEFAULT.replace("urgent_percent = 25\n", "")}
    assert older != FILES
    assert load_protocol(ProtocolText(older)).unanswered.urgent_percent == 25
