"""What our buttons are called at Slack, and what their presses carry back: the case as the presser saw it.

Pages: docs.slack.dev/reference/interaction-payloads/block_actions-payload,
/reference/block-kit/block-elements/button-element, /overflow-menu-element.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from pydantic import ValidationError

from adapters.chat.pressed import TOO_OLD, WHATS, Pressed, What, carried
from adapters.chat.slack.limits import BLOCK_ID, BUTTON_VALUE
from adapters.chat.slack.text import length_of
from bot.domain.actions import Action
from bot.domain.card import Card
from bot.errors import BadInput

PREFIX = "lh:"
#: An overflow menu: its option names the decision.
MORE = "lh:more"
#: A select: its option names the style of a redraft, to be made at once.
STYLE = "lh:style"
#: Opens a modal: `mention`, `draft` or `all` in full.
SHOW = "lh:show:"
#: Opens a case from the App Home.
OPEN = "lh:open"
#: A button that is a link: Slack tells us of the press, and there is nothing to do but acknowledge it.
LINK = "lh:link:"

#: The message shortcut "Make this a case".
SHORTCUT = "lh_make_case"


@dataclass(frozen=True, slots=True)
class Pressing:
    """One press, read. `name` is the decision, the style, or what to show; empty for `open` and `link`."""

    kind: Literal["decide", "style", "show", "open", "link"]
    name: str
    pressed: Pressed | None  # None for a link alone


def action_id(decision: str) -> str:
    """Return the ID of the button that makes `decision`."""
    return f"{PREFIX}{decision}"


def value(card: Card, action: Action | None = None) -> str:
    """Return the value of a button: compact JSON within Slack's limit, whatever the ID of the case."""
    text = carried(card, action).model_dump_json(by_alias=True, exclude_defaults=True)
    if len(text) > BUTTON_VALUE:
        raise BadInput(f"the ID of case {card.case_id[:40]!r} is too long for a button")
    return text


def menu_id(card: Card, nth: int = 0) -> str:
    """Return the ID of the `nth` block with menus: options hold too little, so the case stands there.

    Empty where even that does not hold it; such a card has buttons alone. With another version it is another
    block, so that a menu never shows what was chosen before.
    """
    name = f"{PREFIX}{'abc'[nth]}:{card.version}:{card.case_id}"
    return name if length_of(name) <= BLOCK_ID else ""


def read_value(text: str) -> Pressed:
    """Return what a value carries; raises `BadInput`, in words for the presser, on any other shape."""
    try:
        return Pressed.model_validate_json(text)
    except ValidationError as odd:
        raise BadInput(TOO_OLD) from odd


def read(element: Mapping[str, Any]) -> Pressing:
    """Return what one entry of a payload's `actions` means; raises `BadInput` on a button we do not know."""
    name = str(element.get("action_id", ""))
    if name.startswith(LINK):
        return Pressing("link", "", None)
    if name in {MORE, STYLE} or name.startswith(f"{MORE}:"):
        return Pressing("style" if name == STYLE else "decide", _chosen(element), _of_menu(element))
    if not name.startswith(PREFIX):
        raise BadInput(TOO_OLD)
    pressed = read_value(str(element.get("value", "")))
    if name == OPEN:
        return Pressing("open", "", pressed)
    if name.startswith(SHOW):
        what = WHATS.get(name.removeprefix(SHOW))
        if what is None:
            raise BadInput(TOO_OLD)
        return Pressing("show", what, pressed)
    return Pressing("decide", name.removeprefix(PREFIX), pressed)


def _chosen(element: Mapping[str, Any]) -> str:
    option = element.get("selected_option")
    if not isinstance(option, dict):
        raise BadInput(TOO_OLD)
    return str(cast("dict[str, Any]", option).get("value", ""))


def _of_menu(element: Mapping[str, Any]) -> Pressed:
    _, _, rest = str(element.get("block_id", "")).removeprefix(PREFIX).partition(":")
    version, _, case_id = rest.partition(":")
    try:
        return Pressed(case_id=case_id, version=int(version))
    except (ValueError, ValidationError) as odd:
        raise BadInput(TOO_OLD) from odd


__all__ = [
    "LINK",
    "MORE",
    "OPEN",
    "PREFIX",
    "SHORTCUT",
    "SHOW",
    "STYLE",
    "Pressed",
    "Pressing",
    "What",
    "action_id",
    "carried",
    "menu_id",
    "read",
    "read_value",
    "value",
]
