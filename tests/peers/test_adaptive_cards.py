"""Everything we draw in Teams against Microsoft's own types of Adaptive Cards and its own renderer.

The types have the shapes, the renderer reads and draws, and `tests/adapters/teams_rules.py` has what neither
knows: Teams' size, version and buttons, and labels for everybody.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from adapters.chat.teams.card import message
from adapters.chat.teams.dialogs import form
from bot.domain.card import card_of
from bot.domain.case import State
from tests.adapters.slack.cards import Found, a_card, cards, in_state
from tests.adapters.slack.examples import STEPS
from tests.adapters.teams.drawn import META, action, check, drawings, home
from tests.adapters.teams_rules import Wrong
from tests.builders import TEAM, protocol
from tests.peers.teams_cards import Drawing, judged, microsofts_cards

pytestmark = [pytest.mark.peer, pytest.mark.timeout(240)]

__all__ = ["microsofts_cards"]

Json = dict[str, Any]


def test_every_state_of_a_card_is_read_and_drawn_as_it_is_meant() -> None:
    drawn = [one for state in State for one in drawings(in_state(state))]
    assert [wrong for wrong in judged(drawn) if wrong] == []


def test_every_example_is_read_and_drawn_as_it_is_meant() -> None:
    shown = (card_of(made(), TEAM, protocol()) for made in STEPS.values())
    drawn = [one for card in shown for one in drawings(card)]
    assert [wrong for wrong in judged(drawn) if wrong] == []


def test_whatever_the_case_everything_is_read_and_drawn_as_it_is_meant() -> None:
    drawn: list[Drawing] = []

    @settings(
        max_examples=30, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck)
    )
    @given(found=cards())
    def draw(found: Found) -> None:
        drawn.extend(drawings(found.card))

    draw()
    answers = judged(drawn)
    assert len(answers) == len(drawn) > 400
    assert [wrong for wrong in answers if wrong][:5] == []


# --- the judges can tell: each fault is planted in a right drawing, and found


def found_by_rules(kind: str, value: Json) -> bool:
    try:
        check(kind, value)
    except (Wrong, KeyError, TypeError, ValueError):
        return True
    return False


def in_message(plant: Callable[[Json, Json], Any]) -> Drawing:
    drawn = copy.deepcopy(message(a_card()))
    plant(drawn, drawn["attachments"][0]["content"])
    return "Message", drawn


def in_form(plant: Callable[[Json], Any], decision: str = "escalate") -> Drawing:
    card = a_card()
    drawn = copy.deepcopy(form(card, action(card, decision), META))
    plant(next(part for part in drawn["body"] if part["type"].startswith("Input.")))
    return "Card", drawn


def first(value: Any, kind: str) -> Json:
    """The first part of a kind, wherever it stands; the one itself, to be changed."""
    return next(_every(value, kind))


def _every(value: Any, kind: str) -> Any:
    if isinstance(value, dict):
        if value.get("type") == kind:
            yield value
        for inner in value.values():
            yield from _every(inner, kind)
    elif isinstance(value, list):
        for inner in value:
            yield from _every(inner, kind)


IMAGE: Json = {"type": "Image", "url": "https://evil.example/x.png"}

FAULTS: dict[str, Callable[[], Drawing]] = {
    "an element unheard of": lambda: in_message(
        lambda _, c: c["body"].append({"type": "TextBloc", "text": "x"})
    ),
    "an element of a newer version": lambda: in_message(
        lambda _, c: c["body"].append({"type": "Badge", "text": "x"})
    ),
    "an image": lambda: in_message(lambda _, c: c["body"].append(IMAGE)),
    "a text without words": lambda: in_message(lambda _, c: first(c, "TextBlock").pop("text")),
    "a text that is cut at the edge": lambda: in_message(lambda _, c: first(c, "TextBlock").pop("wrap")),
    "a run without words": lambda: in_message(lambda _, c: first(c, "TextRun").pop("text")),
    "a weight that is none": lambda: in_message(lambda _, c: first(c, "TextRun").update(weight="Heavy")),
    "a colour that is none": lambda: in_message(lambda _, c: first(c, "TextRun").update(color="Purple")),
    "a style that is none": lambda: in_message(lambda _, c: first(c, "TextBlock").update(style="loud")),
    "an unknown field": lambda: in_message(lambda _, c: first(c, "Container").update(colour="red")),
    "a side that is none": lambda: in_message(lambda _, c: first(c, "Container").update(rtl="yes")),
    "words of a stranger filled in": lambda: in_message(
        lambda _, c: first(c, "TextRun").update(text="{{DATE(2026-11-22T12:00:00Z)}}")
    ),
    "a hidden character": lambda: in_message(lambda _, c: first(c, "TextRun").update(text="pay \u202enow")),
    "an action unheard of": lambda: in_message(lambda _, c: c["actions"][0].update(type="Action.Bogus")),
    "a button without words": lambda: in_message(lambda _, c: c["actions"][0].update(title="")),
    "a mode that is none": lambda: in_message(lambda _, c: c["actions"][0].update(mode="rare")),
    "inputs that are none": lambda: in_message(lambda _, c: c["actions"][0].update(associatedInputs="some")),
    "seven buttons": lambda: in_message(lambda _, c: [one.pop("mode", "") for one in c["actions"]]),
    "a link to a program": lambda: in_message(
        lambda _, c: first(c, "Action.OpenUrl").update(url="javascript:alert(1)")
    ),
    "a newer version": lambda: in_message(lambda _, c: c.update(version="1.6")),
    "no version": lambda: in_message(lambda _, c: c.pop("version")),
    "a language that is none": lambda: in_message(lambda _, c: c.update(lang="english")),
    "nothing for who cannot see it": lambda: in_message(lambda _, c: c.pop("speak")),
    "nothing to fall back to": lambda: in_message(lambda _, c: c.pop("fallbackText")),
    "nothing at all": lambda: in_message(lambda _, c: c.update(body=[])),
    "somebody mentioned": lambda: in_message(
        lambda _, c: c.update(msteams={"entities": [{"type": "mention"}]})
    ),
    "a notification without words": lambda: in_message(lambda m, _: m.pop("summary")),
    "two cards": lambda: in_message(lambda m, _: m["attachments"].append(m["attachments"][0])),
    "another kind of card": lambda: in_message(
        lambda m, _: m["attachments"][0].update(contentType="application/vnd.microsoft.card.hero")
    ),
    "too long": lambda: in_message(lambda _, c: first(c, "TextRun").update(text="word " * 3_000)),
    "a field without a label": lambda: in_form(lambda i: i.pop("label")),
    "a field without a name": lambda: in_form(lambda i: i.pop("id")),
    "a field that cannot say what it lacks": lambda: in_form(lambda i: i.pop("errorMessage")),
    "a field with a name of ours": lambda: in_form(lambda i: i.update(id="lh")),
    "a choice without a value": lambda: in_form(lambda i: i["choices"].append({"title": "x"})),
    "choices of no style": lambda: in_form(lambda i: i.update(style="radio")),
    "a field longer than none": lambda: in_form(lambda i: i.update(maxLength="long"), "edit"),
}  # fmt: skip


def test_every_planted_fault_is_found_by_microsofts_parts_or_by_our_rules() -> None:
    planted = {name: plant() for name, plant in FAULTS.items()}
    answers = dict(zip(planted, judged(planted.values()), strict=True))
    missed = [name for name, one in planted.items() if not answers[name] and not found_by_rules(*one)]
    assert missed == []
    assert sum(bool(answer) for answer in answers.values()) > 20


def test_what_is_right_is_found_right() -> None:
    drawn = [in_message(lambda *_: None), in_form(lambda _: None), ("Card", home(a_card()))]
    assert judged(drawn) == [[], [], []]
    assert not any(found_by_rules(*one) for one in drawn)
