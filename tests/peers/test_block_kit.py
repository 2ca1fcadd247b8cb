"""Everything we draw in Slack against the shapes that Slack publishes (`@slack/types`), not code of ours.

The types have the shapes; the limits, which they have not, are those of `tests/adapters/slack_rules.py`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from adapters.chat.slack.message import message
from adapters.chat.slack.modals import form
from bot.domain.case import State
from tests.adapters.slack.cards import Found, a_card, action, cards, drawings, in_state
from tests.adapters.slack_rules import Wrong, check_message, check_view
from tests.peers.blocks import Drawing, judged, slacks_types

pytestmark = [pytest.mark.peer, pytest.mark.timeout(180)]

__all__ = ["slacks_types"]

Json = dict[str, Any]


def found_by_rules(kind: str, value: Json) -> bool:
    try:
        check_message(value) if kind == "Message" else check_view(value)
    except (Wrong, KeyError):
        return True
    return False


def test_every_state_of_a_card_is_of_slacks_own_shape() -> None:
    drawn = [one for state in State for one in drawings(in_state(state))]
    assert [wrong for wrong in judged(drawn) if wrong] == []


def test_whatever_the_case_everything_drawn_is_of_slacks_own_shape() -> None:
    drawn: list[Drawing] = []

    @settings(
        max_examples=150, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck)
    )
    @given(found=cards())
    def draw(found: Found) -> None:
        drawn.extend(drawings(found.card))

    draw()
    answers = judged(drawn)
    assert len(answers) == len(drawn) > 1_000
    assert [wrong for wrong in answers if wrong] == []


# --- the judges can tell: each fault is planted in a right drawing, and found


def a_message() -> Drawing:
    return "Message", copy.deepcopy(message(a_card()).payload)


def a_form(decision: str) -> Drawing:
    card = a_card()
    return "Modal", copy.deepcopy(form(card, action(card, decision), private_metadata="{}"))


def block(drawn: Json, kind: str) -> Json:
    return next(one for one in drawn["blocks"] if one["type"] == kind)


def in_message(plant: Callable[[Json], Any]) -> Drawing:
    kind, drawn = a_message()
    plant(drawn)
    return kind, drawn


def in_form(plant: Callable[[Json], Any], decision: str = "escalate") -> Drawing:
    kind, drawn = a_form(decision)
    plant(drawn)
    return kind, drawn


def _element(drawn: Json, kind: str) -> Json:
    every = (e for b in drawn["blocks"] if b["type"] == "actions" for e in b["elements"])
    return next(element for element in every if element["type"] == kind)


def _typed(drawn: Json) -> Json:
    every = (b["element"] for b in drawn["blocks"] if b["type"] == "input")
    return next(element for element in every if element["type"] == "plain_text_input")


OPTION: Json = {"text": {"type": "plain_text", "text": "x"}, "value": "ghost"}


def grouped(*options: Json, label: str = "Spirits") -> Json:
    return {
        "option_groups": [{"label": {"type": "plain_text", "text": label}, "options": [*options]}],
    }


def grouped_message(*options: Json, **label: str) -> Drawing:
    """A message whose select has its options in a group."""

    def plant(drawn: Json) -> None:
        select = _element(drawn, "static_select")
        del select["options"]
        select.update(grouped(*options, **label))

    return in_message(plant)


FAULTS: dict[str, Callable[[], Drawing]] = {
    "markup in a header": lambda: in_message(lambda m: block(m, "header")["text"].update(type="mrkdwn")),
    "a long header": lambda: in_message(lambda m: block(m, "header")["text"].update(text="x" * 151)),
    "an empty header": lambda: in_message(lambda m: block(m, "header")["text"].update(text="")),
    "a long section": lambda: in_message(lambda m: block(m, "section")["text"].update(text="x" * 3_001)),
    "a section with nothing": lambda: in_message(lambda m: block(m, "section").pop("text")),
    "too many blocks": lambda: in_message(lambda m: m["blocks"].extend([{"type": "divider"}] * 50)),
    "a kind of block unheard of": lambda: in_message(lambda m: m["blocks"].append({"type": "banner"})),
    "a block without its kind": lambda: in_message(lambda m: m["blocks"].append({})),
    "an input in a message": lambda: in_message(
        lambda m: m["blocks"].append(block(a_form("escalate")[1], "input"))
    ),
    "an unknown field": lambda: in_message(lambda m: block(m, "header").update(colour="red")),
    "a text that is a string": lambda: in_message(lambda m: block(m, "header").update(text="plain")),
    "no text for a phone": lambda: in_message(lambda m: m.pop("text")),
    "an element in rich text": lambda: in_message(
        lambda m: block(m, "rich_text")["elements"].append({"type": "text", "text": "bare"})
    ),
    "a date without a fallback's time": lambda: in_message(
        lambda m: block(m, "rich_text")["elements"][0]["elements"].append({"type": "date"})
    ),
    "a style of rich text that is none": lambda: in_message(
        lambda m: block(m, "rich_text")["elements"][0]["elements"][0].update(style={"loud": True})
    ),
    "a style that is none": lambda: in_message(lambda m: _element(m, "button").update(style="warning")),
    "a long button": lambda: in_message(lambda m: _element(m, "button")["text"].update(text="x" * 76)),
    "a long value": lambda: in_message(lambda m: _element(m, "button").update(value="x" * 2_001)),
    "a long action ID": lambda: in_message(lambda m: _element(m, "button").update(action_id="x" * 256)),
    "a button twice": lambda: in_message(
        lambda m: m["blocks"][-2]["elements"].append(m["blocks"][-2]["elements"][0])
    ),
    "a long block ID": lambda: in_message(lambda m: m["blocks"][0].update(block_id="x" * 256)),
    "a block ID twice": lambda: in_message(
        lambda m: (m["blocks"][0].update(block_id="a"), m["blocks"][1].update(block_id="a"))
    ),
    "six options behind the dots": lambda: in_message(
        lambda m: _element(m, "overflow")["options"].append(OPTION)
    ),
    "a select without options": lambda: in_message(lambda m: _element(m, "static_select").pop("options")),
    "a select with options and groups of them": lambda: in_message(
        lambda m: _element(m, "static_select").update(grouped(OPTION))
    ),
    "a group without options": grouped_message,
    "an option in two groups": lambda: grouped_message(OPTION, OPTION),
    "a group with a long label": lambda: grouped_message(OPTION, label="x" * 76),
    "a link unfurled": lambda: in_message(lambda m: m.update(unfurl_links=True)),
    "metadata of no kind": lambda: in_message(lambda m: m.update(metadata={"event_payload": {}})),
    "a form that cannot be sent": lambda: in_form(lambda v: v.pop("submit")),
    "a form without a title": lambda: in_form(lambda v: v.pop("title")),
    "a long title": lambda: in_form(lambda v: v["title"].update(text="x" * 25)),
    "a long private_metadata": lambda: in_form(lambda v: v.update(private_metadata="x" * 3_001)),
    "a field longer than Slack's": lambda: in_form(lambda v: _typed(v).update(max_length=3_001)),
    "a field fuller than it may be": lambda: in_form(lambda v: _typed(v).update(initial_value="x" * 3_001)),
    "a label that is markup": lambda: in_form(lambda v: block(v, "input")["label"].update(type="mrkdwn")),
    "a label missing": lambda: in_form(lambda v: block(v, "input").pop("label")),
    "an answer chosen that is not offered": lambda: in_form(
        lambda v: block(v, "input")["element"].update(
            initial_option=OPTION
        )
    ),
}  # fmt: skip


def test_a_select_with_its_options_in_a_group_is_right() -> None:
    kind, drawn = grouped_message(OPTION)
    assert judged([(kind, drawn)]) == [[]]
    check_message(drawn)


def test_every_planted_fault_is_found_by_slacks_types_or_by_slacks_limits() -> None:
    planted = {name: plant() for name, plant in FAULTS.items()}
    answers = dict(zip(planted, judged(planted.values()), strict=True))
    missed = [name for name, one in planted.items() if not answers[name] and not found_by_rules(*one)]
    assert missed == []
    assert sum(bool(answer) for answer in answers.values()) > 10
