"""The forms in Teams: what they ask, what comes back word for word, what was wrong; home, and lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from adapters.chat.problems import problems
from adapters.chat.teams import dialogs, names
from bot.domain.actions import Action, Ask, Choice
from bot.domain.card import Card, Said
from bot.domain.case import State
from bot.domain.decision import Dismiss, Edit, Escalate, Redraft, Snooze
from bot.domain.draft import Finding, Verdict
from bot.domain.forms import read_form
from bot.errors import BadInput
from bot.ports import Beat, Today
from tests.adapters.slack.cards import TODAY, a_card, in_state, texts
from tests.adapters.teams.drawn import META, action, buttons, inputs, pressed, submitted, words
from tests.adapters.teams_rules import check_card, weight
from tests.builders import MANAGER, NOON

Json = dict[str, Any]
FAST = settings(max_examples=80, deadline=None)
QUIET = Today(open_cases=0, waiting=0, counts={}, sample=(), beats=(), asides=0)


def open_form(card: Card, decision: str, **how: Any) -> tuple[Action, Json]:
    found = action(card, decision)
    form = dialogs.form(card, found, META, **how)
    check_card(form)
    return found, form


def edit_of(text: str) -> Action:
    ask = Ask(name="text", label="Reply", kind="text", value=text)
    return Action(decision="edit", label="Edit", asks=(ask,))


# --- each form becomes its decision


def test_an_edit_opens_with_the_draft_and_comes_back_as_it_was_typed() -> None:
    card = a_card()
    found, form = open_form(card, "edit")
    assert inputs(form)["text"]["value"] == "Hello Ada, thank you for telling us. We are sorry."
    back = dialogs.fields(submitted(form, text="Hello.\r\nSorry.\r"), found)
    assert back == {"text": "Hello.\nSorry.\n"}
    decision = read_form("edit", {**back, "draft": card.draft_id}, at=NOON)
    assert decision == Edit(draft=card.draft_id, text="Hello.\nSorry.")


def test_a_redraft_takes_a_style_or_own_words() -> None:
    found, form = open_form(a_card(), "redraft")
    assert inputs(form)["style"]["type"] == "Input.ChoiceSet"
    assert not any(field.get("isRequired") for field in inputs(form).values())
    back = dialogs.fields(submitted(form, style="shorter", instruction="drop the refund line"), found)
    assert read_form("redraft", back, at=NOON) == Redraft(instruction="shorter, drop the refund line")


def test_an_escalation_names_its_desk() -> None:
    found, form = open_form(a_card(), "escalate")
    assert inputs(form)["urgency"]["value"] == "normal"
    asked = {"to": "legal", "reason": "May we say this?"}
    assert read_form("escalate", dialogs.fields(submitted(form, **asked), found), at=NOON) == Escalate(
        **asked
    )


def test_a_snooze_and_a_dismissal_are_what_was_chosen() -> None:
    found, form = open_form(a_card(), "snooze")
    back = dialogs.fields(submitted(form, minutes="30"), found)
    assert read_form("snooze", back, at=NOON) == Snooze(until=NOON + timedelta(minutes=30))
    found, form = open_form(a_card(), "dismiss")
    back = dialogs.fields(submitted(form, outcome="spam", reason="an advert"), found)
    assert read_form("dismiss", back, at=NOON) == Dismiss(outcome="spam", reason="an advert")


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("inline", [False, True])
def test_every_form_of_every_state_asks_for_all_it_needs_and_can_be_sent(
    state: State, *, inline: bool
) -> None:
    card = in_state(state)
    for found in card.actions:
        asked = [ask for ask in found.asks if ask.kind != "hidden"]
        _, form = open_form(card, found.decision, inline=inline)
        assert set(inputs(form)) == {ask.name for ask in asked}
        for ask in asked:
            field = inputs(form)[ask.name]
            assert field["label"].startswith(ask.label)
            assert bool(field.get("errorMessage")) == ask.required
        read = names.read(submitted(form))
        assert (read.kind, read.name, read.meta) == ("submit", found.decision, META)
        kinds = {one.kind for one in pressed(form).values()}
        assert kinds == ({"submit", "refresh"} if inline else {"submit"})


def test_a_dialog_is_sent_by_submit_and_a_form_in_the_card_by_execute() -> None:
    assert [one["type"] for one in buttons(open_form(a_card(), "edit")[1])] == ["Action.Submit"]
    send, back = buttons(open_form(a_card(), "edit", inline=True)[1])
    assert (send["type"], send["verb"]) == ("Action.Execute", "lh.submit")
    assert "associatedInputs" not in send
    assert (back["verb"], back["associatedInputs"]) == ("lh.refresh", "none")


def test_what_is_hidden_is_in_no_field() -> None:
    found, form = open_form(a_card(), "edit")
    assert "draft" not in inputs(form)
    assert "draft" not in dialogs.fields(submitted(form, draft="forged"), found)


def test_what_comes_back_odd_is_not_taken_for_words() -> None:
    odd = {"text": ["x"], "reason": 3, "lh": {}}
    assert dialogs.fields(odd, edit_of("x")) == {}


def test_a_warning_is_read_beside_the_draft_before_it_is_overridden() -> None:
    warned = Finding(rule="L5", verdict=Verdict.WARN, says="this is a promise", phrase="guarantee")
    approve = Action(decision="approve", label="Approve and send", asks=(Ask(name="reason", label="Why"),))
    card = a_card(draft=Said(text="We guarantee it.", by="offline"), findings=(warned,))
    form = dialogs.form(card, approve, META)
    check_card(form)
    assert "this is a promise" in words(form)
    assert "We guarantee it." in words(form)
    assert [one["title"] for one in buttons(form)] == ["Send it all the same"]


def test_what_is_final_says_what_it_does_before_it_is_done() -> None:
    card = in_state(State.IN_DOUBT)
    _, form = open_form(card, "not_posted")
    assert inputs(form) == {}
    assert "posts it twice" in words(form)


# --- any length


@FAST
@given(text=texts(10_000, 1))
def test_a_draft_of_any_length_can_be_edited_or_is_told_where_and_is_never_cut(text: str) -> None:
    edit = edit_of(text)
    card = a_card(draft=Said(text=text, by="offline"))
    form = dialogs.form(card, edit, META)
    check_card(form)
    if inputs(form):
        assert inputs(form)["text"]["value"] == text
    else:
        assert weight(text) > 20_000
        assert "too long to edit in Teams" in words(form)
        assert buttons(form) == []


def test_a_draft_in_urdu_as_long_as_there_is_can_be_edited() -> None:
    text = ("دیر سے " * 2_000)[:10_000]
    assert inputs(dialogs.form(a_card(), edit_of(text), META))["text"]["value"] == text


def test_the_platforms_own_limit_stands_in_the_label() -> None:
    _, form = open_form(a_card(max_length=300), "edit")
    assert inputs(form)["text"]["label"] == "Reply (at most 300 characters, as the platform counts them)"


def test_many_choices_are_a_list_that_opens() -> None:
    for count, style in ((10, "expanded"), (11, "compact")):
        choices = tuple(Choice(value=f"d{n}", label=f"Desk {n}") for n in range(count))
        ask = Ask(name="to", label="Desk", kind="choice", value="d3", choices=choices)
        form = dialogs.form(a_card(), Action(decision="escalate", label="Escalate", asks=(ask,)), META)
        assert (inputs(form)["to"]["style"], inputs(form)["to"]["value"]) == (style, "d3")
        assert len(inputs(form)["to"]["choices"]) == count


# --- what was wrong


def test_a_form_comes_back_with_what_was_wrong_above_its_field_and_every_word_typed() -> None:
    found, form = open_form(a_card(), "escalate")
    with pytest.raises(BadInput) as bad:
        read_form("escalate", {"to": "legal"}, at=NOON)
    again = dialogs.with_errors(form, problems(bad.value, found), {"to": "legal", "reason": "  "})
    check_card(again)
    assert (inputs(again)["to"]["value"], inputs(again)["reason"]["value"]) == ("legal", "  ")
    at = [part.get("id") for part in again["body"]].index("reason")
    assert "⚠ Please fill in “What you need from them”." in words(again["body"][at - 1])
    assert "value" not in inputs(form)["to"]


def test_what_no_field_is_to_blame_for_stands_on_top() -> None:
    _, form = open_form(a_card(), "redraft")
    again = dialogs.with_errors(form, {"": "Nothing was done."}, {})
    assert words(again["body"][0]) == "⚠ Nothing was done."


def test_what_was_typed_goes_before_what_is_read_beside_it() -> None:
    text = "y" * 9_900
    card = a_card(findings=tuple(Finding(rule="L5", verdict=Verdict.WARN, says="x" * 500) for _ in range(20)))
    again = dialogs.with_errors(dialogs.form(card, edit_of("short"), META), {"text": "no"}, {"text": text})
    check_card(again)
    assert inputs(again)["text"]["value"] == text
    assert "⚠ no" in words(again)


def test_a_dialog_has_a_title_a_size_and_the_card() -> None:
    value = dialogs.task("Edit " + "x" * 99, {"type": "AdaptiveCard"}, size="large")["task"]["value"]
    assert (len(value["title"]), value["height"]) == (60, "large")
    assert value["card"]["content"] == {"type": "AdaptiveCard"}


# --- home, and lists


def page(today: Today = TODAY, mine: int = 0, waiting: int = 0, queue: int = 0, total: int = 0) -> Json:
    card = a_card()
    drawn = dialogs.home(MANAGER, [card] * mine, [card] * waiting, [card] * queue, total, today, ["Omar"])
    check_card(drawn)
    return drawn


def test_a_quiet_day_says_so() -> None:
    seen = words(page(QUIET))
    assert "You hold no case." in seen
    assert "Nobody is waiting for an answer." in seen
    assert "No source has been read yet." in seen
    assert "paused" not in seen
    assert "takes no cards" not in seen


def test_the_day_tells_what_is_paused_in_trouble_and_set_aside() -> None:
    seen = words(
        page(replace(TODAY, troubles=["No card can be put up in teams:care " + "because " * 500] * 9))
    )
    assert "Publishing is paused by Mark, 2026-11-22 12:00 UTC" in seen
    assert seen.count("⚠ A team channel takes no cards.") == 5
    assert "1 thing was set aside: levelhead check tells why" in seen
    assert "9 against us, 7 praise, 4 neither" in seen
    assert "4 noted, 7 praise" in seen
    assert "On call: \u2068Omar\u2069" in seen
    assert "in trouble: <@U1> *no answer*" in seen
    assert "Read {{DATE(2026-11-22T12:00:00Z, SHORT)}}" in seen


def test_each_case_opens_with_its_button() -> None:
    drawn = page(mine=1)
    assert [(one.kind, one.pressed.case_id) for one in pressed(drawn).values()] == [("open", "square:100")]
    assert "🔷 Medium complaint on square, \u2068Ada Park\u2069" in words(drawn)


def test_a_long_queue_ends_with_how_many_more_there_are() -> None:
    drawn = page(mine=200, waiting=200, queue=200, total=5_000)
    opened = len([one for one in buttons(drawn) if one["title"] == "Open"])
    left = [int(row.split()[1].replace(",", "")) for row in words(drawn).splitlines() if " more: type" in row]
    assert opened + sum(left) == 5_400
    assert opened > 5


def test_many_sources_leave_out_none_in_trouble() -> None:
    beats = [Beat(f"s{n}", NOON, None) for n in range(90)] + [Beat("z", None, None, error="down")]
    seen = words(page(replace(TODAY, beats=beats)))
    assert "z\u2069 in trouble: down" in seen
    assert "and 71 more" in seen


def test_a_list_says_how_many_had_no_room() -> None:
    card = a_card(handle="x" * 80, case_id="square:" + "9" * 290, status="Waiting. " * 40)
    drawn = dialogs.listed("20 in the queue, worst first", [card] * 20, "and 40 more")
    check_card(drawn)
    rows = len(buttons(drawn))
    assert 3 < rows < 20
    assert words(drawn).endswith(f"{20 - rows} of these had no room here; ask for fewer\nand 40 more")
    assert "no room" not in words(dialogs.listed("1 in the queue", [a_card()], ""))
