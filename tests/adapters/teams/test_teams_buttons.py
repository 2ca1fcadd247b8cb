"""The buttons in Teams: each can be pressed and carries what was seen; no other shape is taken for one."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat.teams import names
from adapters.chat.teams.buttons import opens_form
from bot.domain.actions import Action
from bot.domain.case import State
from bot.errors import BadInput
from tests.adapters.slack.cards import a_card, in_state
from tests.adapters.teams.drawn import action, buttons, content, pressed, words

Json = dict[str, Any]


def by_title(**how: Any) -> dict[str, Json]:
    return {one["title"]: one for one in buttons(content(a_card(), **how))}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("inline", [False, True])
def test_every_action_of_every_state_can_be_pressed(state: State, *, inline: bool) -> None:
    card = in_state(state)
    found = pressed(content(card, inline=inline)).values()
    meant = {one.name: one.kind for one in found if one.kind in {"decide", "form"}}
    assert meant == {one.decision: "form" if opens_form(one) else "decide" for one in card.actions}


def test_a_button_carries_the_case_the_draft_and_the_thread_that_were_seen() -> None:
    card = a_card()
    read = pressed(content(card))["Approve and send"]
    assert (read.kind, read.name) == ("decide", "approve")
    assert (read.pressed.case_id, read.pressed.version) == (card.case_id, card.version)
    assert read.pressed.hidden == {ask.name: ask.value for ask in action(card, "approve").asks}


def test_what_asks_opens_a_dialog_or_where_there_are_none_stands_in_the_card() -> None:
    edit = by_title()["Edit…"]
    assert (edit["type"], edit["data"]["msteams"]) == ("Action.Submit", {"type": "task/fetch"})
    edit = by_title(inline=True)["Edit…"]
    assert (edit["type"], edit["verb"]) == ("Action.Execute", "lh.form")
    assert not [one for one in buttons(content(a_card(), inline=True)) if one["type"] == "Action.Submit"]


def test_what_asks_nothing_is_made_at_once_and_takes_no_words_along() -> None:
    claim = by_title()["Claim"]
    assert (claim["type"], claim["verb"], claim["associatedInputs"]) == ("Action.Execute", "lh.claim", "none")


def test_six_buttons_are_seen_and_the_rare_ones_stand_behind_them() -> None:
    seen = [one["title"] for one in content(a_card())["actions"] if one.get("mode") != "secondary"]
    assert seen == ["Approve and send", "Edit…", "Redraft…", "Escalate…", "Claim"]
    many = tuple(Action(decision=one.decision, label=one.label) for one in a_card().actions[:8])
    drawn = content(a_card(actions=(*many, *many)))
    assert len([one for one in drawn["actions"] if one.get("mode") != "secondary"]) == 6
    assert len(drawn["actions"]) == 17


def test_there_is_one_primary_button() -> None:
    both = (*a_card().actions, Action(decision="answer", label="Answer", style="primary"))
    for card in (a_card(), a_card(actions=both)):
        primary = [one["title"] for one in buttons(content(card)) if one.get("style") == "positive"]
        assert primary == ["Approve and send"]


def test_what_cannot_be_taken_back_is_asked_once_more() -> None:
    card = in_state(State.IN_DOUBT)
    assert pressed(content(card))["It was not posted…"].kind == "form"
    assert not opens_form(action(a_card(), "approve"))


def test_the_live_reply_has_its_address_and_no_other_scheme_is_followed() -> None:
    card = in_state(State.PUBLISHED)
    live = content(card.model_copy(update={"reply_url": "https://square.example/9"}))
    assert [one["url"] for one in buttons(live) if one["title"] == "See the live reply"] == [
        "https://square.example/9"
    ]
    for odd in (
        "javascript:alert(1)",
        "javascript://x/%0aalert(1)",
        "ftp://x/y",
        "https:///y",
        "http://[",
        "",
    ):
        assert "See the live reply" not in words(content(card.model_copy(update={"reply_url": odd})))


def test_a_button_holds_no_words_of_the_case() -> None:
    card = a_card("SECRET", author="SECRET", why="SECRET")
    carried = [one.get("data") for one in buttons(content(card))]
    assert "SECRET" not in json.dumps(carried)


# --- what comes back

SEEN = names.Pressed(case_id="square:100", version=3, draft="d" * 32)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("decide", "approve"), ("form", "edit"), ("submit", "edit"), ("show", "all"), ("open", "")],
)
def test_a_press_is_read_as_an_action_as_a_task_and_as_bare_data(kind: Any, name: str) -> None:
    data = names.data(kind, name, SEEN, meta="m", page=2)
    meant = names.Pressing(kind, name, SEEN, "m", 2)
    assert names.read({"type": "Action.Execute", "verb": names.verb(kind, name), "data": data}) == meant
    assert names.read({"data": {**data, "text": "typed"}, "context": {"theme": "dark"}}) == meant
    assert names.read({**data, "msteams": {"type": "task/fetch"}}) == meant


def test_a_task_that_asks_for_a_dialog_is_told_from_one_that_was_filled_in() -> None:
    marked = {"msteams": {"type": "task/fetch"}, **names.data("form", "edit", SEEN)}
    assert names.asks_for_dialog(marked)
    assert names.asks_for_dialog({"data": marked})
    for other in (names.data("submit", "edit", SEEN), {"msteams": None}, None, [], "x"):
        assert not names.asks_for_dialog(other)


OURS: Json = {"c": "square:1", "v": 1, "k": "approve"}


@pytest.mark.parametrize(
    "odd",
    [
        {}, None, [], "lh", {"lh": None}, {"lh": []}, {"lh": {}},
        {"lh": {**OURS, "c": ""}}, {"lh": {**OURS, "v": -1}}, {"lh": {**OURS, "v": "x"}},
        {"lh": {**OURS, "new": True}}, {"lh": {**OURS, "k": "explode"}}, {"lh": {**OURS, "k": ""}},
        {"lh": {**OURS, "w": "explode"}}, {"lh": {**OURS, "w": "show", "k": "ghost"}},
        {"lh": {**OURS, "w": "open"}}, {"lh": {**OURS, "p": -1}}, {"lh": {**OURS, "d": "x" * 33}},
        {"verb": "lh.dismiss", "data": {"lh": OURS}}, {"verb": "approve", "data": {"lh": OURS}},
        {"data": {"data": {"lh": OURS}}}, {"verb": "lh.approve", "data": None},
    ],
)  # fmt: skip
def test_a_button_of_an_older_card_is_answered_in_words(odd: Any) -> None:
    with pytest.raises(BadInput, match="from an older card, and nothing was done"):
        names.read(odd)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.just("lh.approve"),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["lh", "data", "verb", "c", "v", "k", "w", "m", "x"]), inner, max_size=6
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(value=JSON | st.builds(lambda inner: {"lh": inner}, JSON))
def test_whatever_comes_is_a_press_or_a_bad_input(value: Any) -> None:
    with suppress(BadInput):
        assert names.read(value).pressed.case_id
