"""The forms behind the buttons: what they ask, what comes back word for word, and what was wrong with it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from adapters.chat.slack import limits
from adapters.chat.slack.modals import fields, form, problems, says, whole
from bot.domain.actions import Action, Ask, Choice
from bot.domain.card import Card, Fact, Said
from bot.domain.case import State
from bot.domain.decision import Dismiss, Edit, Escalate, Redraft, Snooze
from bot.domain.draft import Finding, Verdict
from bot.domain.forms import read_form
from bot.errors import BadInput
from tests.adapters.slack.cards import a_card, action, in_state, texts
from tests.adapters.slack_rules import check_view
from tests.builders import NOON

Json = dict[str, Any]
FAST = settings(max_examples=80, deadline=None)


def inputs(view: Json) -> dict[str, Json]:
    """The fields of a form, by block ID."""
    return {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}


def submitted(view: Json, **typed: str) -> dict[str, dict[str, Json]]:
    """What Slack sends when this form is submitted, with these fields filled in, the others as they are."""
    values: dict[str, dict[str, Json]] = {}
    for block_id, block in inputs(view).items():
        element = block["element"]
        given_ = typed.get(block_id, element.get("initial_value"))
        state: Json = {"type": element["type"], "value": given_}
        if element["type"] in {"radio_buttons", "static_select"}:
            chosen = typed.get(block_id) or element.get("initial_option", {}).get("value")
            state = {"type": element["type"], "selected_option": {"value": chosen} if chosen else None}
        values[block_id] = {element["action_id"]: state}
    return values


def open_form(card: Card, decision: str, **more: Any) -> tuple[Action, Json]:
    found = action(card, decision)
    view = form(card, found, private_metadata='{"c":"square:100"}', **more)
    check_view(view)
    return found, view


def edit_of(text: str) -> Action:
    return Action(
        decision="edit", label="Edit", asks=(Ask(name="text", label="Reply", kind="text", value=text),)
    )


# --- each form becomes its decision


def test_an_edit_opens_with_the_draft_and_comes_back_as_it_was_typed() -> None:
    card = a_card()
    found, view = open_form(card, "edit")
    assert (
        inputs(view)["text"]["element"]["initial_value"]
        == "Hello Ada, thank you for telling us. We are sorry."
    )
    back = fields(submitted(view, text="Hello.\r\nSorry."), found)
    assert back == {"text": "Hello.\nSorry."}
    decision = read_form("edit", {**back, "draft": card.draft_id}, at=NOON)
    assert decision == Edit(draft=card.draft_id, text="Hello.\nSorry.")


def test_a_redraft_takes_a_style_or_own_words() -> None:
    found, view = open_form(a_card(), "redraft")
    assert inputs(view)["style"]["element"]["type"] == "radio_buttons"
    assert all(block["optional"] for block in inputs(view).values())
    back = fields(submitted(view, style="shorter", instruction="drop the refund line"), found)
    assert read_form("redraft", back, at=NOON) == Redraft(instruction="shorter, drop the refund line")


def test_an_escalation_names_its_desk() -> None:
    found, view = open_form(a_card(), "escalate")
    assert inputs(view)["urgency"]["element"]["initial_option"]["value"] == "normal"
    asked = {"to": "legal", "reason": "May we say this?"}
    back = fields(submitted(view, **asked), found)
    assert read_form("escalate", back, at=NOON) == Escalate(**asked)
    back = fields(submitted(view, **asked, urgency="urgent"), found)
    assert read_form("escalate", back, at=NOON) == Escalate(**asked, urgency="urgent")


def test_a_snooze_offers_times_that_fit() -> None:
    found, view = open_form(a_card(), "snooze")
    back = fields(submitted(view, minutes="30"), found)
    assert read_form("snooze", back, at=NOON) == Snooze(until=NOON + timedelta(minutes=30))


def test_a_dismissal_has_an_outcome_and_a_reason() -> None:
    found, view = open_form(a_card(), "dismiss")
    back = fields(submitted(view, outcome="spam", reason="an advert"), found)
    assert read_form("dismiss", back, at=NOON) == Dismiss(outcome="spam", reason="an advert")


def test_a_reply_posted_by_hand_is_told_by_its_address() -> None:
    found, view = open_form(in_state(State.AWAITING_POST), "posted")
    assert inputs(view)["url"]["element"]["type"] == "url_text_input"
    back = fields(submitted(view, url="https://square.example/9"), found)
    assert back == {"url": "https://square.example/9"}


def test_every_form_of_every_state_fits_and_asks_for_all_it_needs() -> None:
    for state in State:
        card = in_state(state)
        for found in card.actions:
            asked = {ask.name for ask in found.asks if ask.kind != "hidden"}
            if asked:
                _, view = open_form(card, found.decision)
                assert set(inputs(view)) == asked
                assert view["callback_id"] == f"lh:{found.decision}"
                assert view["private_metadata"] == '{"c":"square:100"}'


def test_what_is_hidden_is_in_no_field() -> None:
    found, view = open_form(a_card(), "edit")
    assert "draft" not in inputs(view)
    assert "draft" not in fields(submitted(view), found)


def test_a_warning_is_read_beside_the_draft_before_it_is_overridden() -> None:
    warned = Finding(rule="L5", verdict=Verdict.WARN, says="this is a promise", phrase="guarantee")
    why = Ask(name="reason", label="Why send it all the same")
    approve = Action(decision="approve", label="Approve and send", style="primary", asks=(why,))
    card = a_card(draft=Said(text="We guarantee it.", by="offline"), findings=(warned,))
    view = form(card, approve, private_metadata="{}")
    check_view(view)
    assert view["submit"]["text"] == "Send it all the same"
    assert "this is a promise" in json.dumps(view)
    assert "guarantee" in json.dumps(view["blocks"])
    assert set(inputs(view)) == {"reason"}


# --- what is longer than Slack's fields


@FAST
@given(text=texts(10_000, 1))
def test_a_draft_of_any_length_can_be_edited_and_is_the_same_when_nobody_touched_it(text: str) -> None:
    edit = edit_of(text)
    view = form(a_card(), edit, private_metadata="{}")
    check_view(view)
    back = fields(submitted(view), edit)["text"]
    assert back == text.replace("\r\n", "\n").replace("\r", "\n")


def test_a_long_draft_stands_in_parts_that_say_so() -> None:
    view = form(a_card(), edit_of("word " * 1_900), private_metadata="{}", most=9_000)
    drawn = list(inputs(view).values())
    assert [block["label"]["text"] for block in drawn] == [f"Reply ({n} of 4)" for n in range(1, 5)]
    assert [block["optional"] for block in drawn] == [False, True, True, True]
    assert "At most 9,000 characters" in drawn[-1]["hint"]["text"]


def test_more_than_ten_parts_come_back_in_their_order() -> None:
    text = " ".join(f"{n}&&&&&&&&&&" for n in range(700))[:10_000].strip()
    edit = edit_of(text)
    view = form(a_card(), edit, private_metadata="{}")
    assert len(inputs(view)) > 10
    shuffled = dict(sorted(submitted(view).items()))
    assert fields(shuffled, edit) == {"text": text}


def test_a_part_that_was_emptied_is_gone_with_what_separated_it() -> None:
    edit = edit_of("one " * 700 + "\n\n" + "two " * 500)
    view = form(a_card(), edit, private_metadata="{}")
    last = list(inputs(view))[-1]
    values = submitted(view)
    values[last]["text"]["value"] = None
    assert fields(values, edit)["text"].endswith("one")


def test_the_platforms_own_limit_stands_under_the_field() -> None:
    _, view = open_form(a_card(), "edit", most=300)
    assert inputs(view)["text"]["hint"]["text"] == "At most 300 characters, as the platform counts them."
    assert inputs(view)["text"]["element"]["max_length"] == limits.INPUT


def test_many_choices_are_a_list_and_hundreds_a_list_in_groups() -> None:
    for count, kind in ((10, "radio_buttons"), (11, "static_select"), (250, "static_select")):
        choices = tuple(Choice(value=f"d{n}", label=f"Desk {n}") for n in range(count))
        ask = Ask(name="to", label="Desk", kind="choice", value="d3", choices=choices)
        view = form(
            a_card(), Action(decision="escalate", label="Escalate", asks=(ask,)), private_metadata="{}"
        )
        element = inputs(view)["to"]["element"]
        assert element["type"] == kind
        assert element["initial_option"]["value"] == "d3"
        offered = element.get("options") or [o for g in element["option_groups"] for o in g["options"]]
        assert len(offered) == count


# --- what was wrong


def test_what_a_check_found_stands_under_the_field_in_plain_words() -> None:
    found = (
        Finding(rule="W7", verdict=Verdict.BLOCK, says="it sells something.", phrase="20 % off"),
        Finding(rule="W1", verdict=Verdict.PASS, says="calm"),
        Finding(rule="L12", verdict=Verdict.SECOND, says="safety", role="on_call"),
    )
    first = "W7 blocks: it sells something “20 % off”."
    second = "L12 asks for an on-call as second approver: safety."
    assert problems(found, edit_of("x")) == {"text": f"{first}\n{second}"}


def test_a_field_left_empty_is_named_as_the_form_names_it() -> None:
    escalate = action(a_card(), "escalate")
    with pytest.raises(BadInput) as bad:
        read_form("escalate", {"to": "legal"}, at=NOON)
    assert problems(bad.value, escalate) == {"reason": "Please fill in “What you need from them”."}


def test_what_no_field_is_to_blame_for_stands_under_the_first() -> None:
    with pytest.raises(BadInput) as bad:
        read_form("redraft", {}, at=NOON)
    found = problems(bad.value, action(a_card(), "redraft"))
    assert found == {"style": "Choose how, or say it in your own words."}


def test_a_form_without_fields_has_no_field_to_blame() -> None:
    assert problems(BadInput("no"), Action(decision="claim", label="Claim")) == {}
    assert problems((), edit_of("x")) == {}


# --- what did not fit on the card


def text_of(view: Json) -> str:
    """All words of the rich text of a view, joined."""
    found: list[str] = []
    for block in view["blocks"]:
        for part in block.get("elements", []):
            found += [one.get("text", "") for one in part.get("elements", [])]
    return "".join(found)


@pytest.mark.parametrize("text", ["word " * 10_000, "x" * 50_000, "&<>" * 3_000, "line\n" * 5_000])
def test_the_whole_mention_is_in_the_modal(text: str) -> None:
    view = whole(a_card(text), "mention")
    check_view(view)
    assert text in text_of(view)


def test_what_even_a_modal_cannot_hold_is_said_with_where_to_read_it() -> None:
    card = a_card("देर से " * 7_000, thread=tuple(Said(text="x" * 50_000, by="author") for _ in range(5)))
    for console, where in (
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/"),
        ("", "levelhead case square:100"),
    ):
        view = whole(card, "all", console=console)
        check_view(view)
        assert "There is more than Slack can show" in view["blocks"][-1]["text"]["text"]
        assert where in view["blocks"][-1]["text"]["text"]


def test_the_whole_draft_has_its_checks_its_translation_and_our_key_messages() -> None:
    found = tuple(Finding(rule="W7", verdict=Verdict.WARN, says=f"finding {n}") for n in range(12))
    card = a_card(findings=found, back_translation=Said(text="we are sorry", language="en"))
    seen = json.dumps(whole(card, "draft"))
    assert all(f"finding {n}" in seen for n in range(12))
    assert "we are sorry" in seen
    assert "Our key messages" in seen


def test_the_whole_case_shows_abusive_words_only_to_who_asked_for_them() -> None:
    card = a_card("SLUR", abusive=True)
    assert "SLUR" not in json.dumps(whole(card, "all"))
    assert "SLUR" not in json.dumps(whole(card, "draft"))
    assert "SLUR" in json.dumps(whole(card, "mention"))


def test_a_long_fact_is_whole_in_the_modal() -> None:
    answer = "yes " * 240
    assert answer.strip() in text_of(
        whole(a_card(facts=(Fact(label="The desk's answer", value=answer),)), "all")
    )


def test_a_notice_of_any_length_is_told() -> None:
    for text in ("", "no " * 4_000, "देर " * 30_000):
        check_view(says("A title that is longer than twenty-four", text))
    assert "more than Slack can show" in json.dumps(says("Long", "देर " * 30_000))
