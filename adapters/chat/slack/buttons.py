"""The buttons of a card: the main ones in a row, the styles of a redraft to choose from, the rest behind "⋯".

Pages under docs.slack.dev/reference/block-kit: blocks/actions-block, block-elements/button-element,
block-elements/overflow-menu-element, block-elements/select-menu-element,
composition-objects/confirmation-dialog-object.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from adapters.chat.labels import FEW, RARE, SURE, is_web
from adapters.chat.slack import limits, names
from adapters.chat.slack.text import Json, clip, length_of, line, plain
from bot.domain.actions import Action, Choice
from bot.domain.card import Card

T = TypeVar("T")


def actions(card: Card) -> list[Json]:
    """Return the blocks with the buttons of a card; none where it has none."""
    menus = names.menu_id(card)
    rare = [a for a in card.actions if menus and _is_rare(a)] if len(card.actions) > FEW else []
    elements: list[Json] = []
    primary = False
    for action in card.actions:
        if action in rare:
            continue
        if action.decision == "redraft" and menus:
            elements += _styles(action)
        elements.append(_button(card, action, primary=not primary))
        primary = primary or action.style == "primary"
    for nth, some in enumerate(split(rare, limits.OVERFLOW_OPTIONS)):
        elements.append(_menu(some, nth))
    return [
        {"type": "actions", "elements": some} | ({"block_id": names.menu_id(card, nth)} if menus else {})
        for nth, some in enumerate(split(elements, limits.ACTIONS))
    ]


def split(many: Sequence[T], size: int) -> list[list[T]]:
    """Return `many` in lists of at most `size`."""
    return [list(many[start : start + size]) for start in range(0, len(many), size)]


def _is_rare(action: Action) -> bool:
    seen = any(ask.kind == "hidden" for ask in action.asks)  # an option has no room for what was seen
    return action.decision in RARE and action.style != "primary" and not seen


def _button(card: Card, action: Action, *, primary: bool) -> Json:
    asks = any(ask.kind != "hidden" for ask in action.asks)
    drawn: Json = {
        "type": "button",
        "action_id": names.action_id(action.decision),
        "text": plain(clip(action.label + ("…" if asks else ""), limits.BUTTON)[0]),
        "value": names.value(card, action),
    }
    if action.style == "danger" or (action.style == "primary" and primary):
        drawn["style"] = action.style
    if not asks and (action.style == "danger" or action.decision in SURE):
        drawn["confirm"] = _confirm(action)
    return drawn


def _confirm(action: Action) -> Json:
    says = SURE.get(action.decision) or action.says or "This cannot be taken back."
    return {
        "title": plain(clip(f"{action.label}?", limits.CONFIRM_TITLE)[0]),
        "text": plain(clip(says, limits.CONFIRM_TEXT)[0]),
        "confirm": plain(clip(action.label, limits.CONFIRM_BUTTON)[0]),
        "deny": plain("Cancel"),
    } | ({"style": "danger"} if action.style == "danger" else {})


def _styles(action: Action) -> list[Json]:
    """Return the styles of a redraft as choices that act at once; the button beside them takes own words."""
    found = next((ask.choices for ask in action.asks if ask.name == "style"), ())
    options = [option(c) for c in found if length_of(c.value) <= limits.OPTION_VALUE][: limits.SELECT_OPTIONS]
    if not options:
        return []
    return [
        {
            "type": "static_select",
            "action_id": names.STYLE,
            "placeholder": plain("Redraft it…"),
            "options": options,
        }
    ]


def option(choice: Choice) -> Json:
    """Return one thing to choose."""
    return {"text": plain(clip(line(choice.label), limits.OPTION_TEXT)[0]), "value": choice.value}


def _menu(some: Sequence[Action], nth: int) -> Json:
    options = [option(Choice(value=a.decision, label=f"{a.label}…" if a.asks else a.label)) for a in some]
    return {
        "type": "overflow",
        "action_id": names.MORE if nth == 0 else f"{names.MORE}:{nth}",
        "options": options,
    }


def show(card: Card, what: names.What, label: str) -> Json:
    """Return the button that opens something in full."""
    return {
        "type": "button",
        "action_id": f"{names.SHOW}{what}",
        "text": plain(label),
        "value": names.value(card),
    }


def link(name: str, label: str, url: str | None) -> list[Json]:
    """Return a button that opens an address; none for what a browser should not follow."""
    if url is None or not is_web(url) or length_of(url) > limits.BUTTON_URL:
        return []
    return [
        {
            "type": "button",
            "action_id": f"{names.LINK}{name}",
            "text": plain(clip(label, limits.BUTTON)[0]),
            "url": url,
        }
    ]
