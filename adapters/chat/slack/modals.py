"""The forms behind buttons, as modals: what a button asks for, what was filled in, and what was wrong.

Pages: docs.slack.dev/reference/views/modal-views, /reference/block-kit/blocks/input-block,
/reference/block-kit/block-elements/plain-text-input-element, /radio-button-group-element,
/surfaces/modals (`response_action: errors`), /reference/interaction-payloads/view-interactions-payload.

A field of Slack's holds 3,000 characters. A longer draft stands in several fields, cut at breaks and joined
again as it was: the block ID of each part after the first says what stood before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from adapters.chat.labels import SUBMITS
from adapters.chat.problems import problems as misfilled
from adapters.chat.slack import limits, names
from adapters.chat.slack.buttons import option, split
from adapters.chat.slack.drawing import findings, in_full, key_messages, made
from adapters.chat.slack.message import headline
from adapters.chat.slack.text import ELLIPSIS, Json, clip, length_of, paragraph, pieces, plain
from adapters.chat.slack.whole import says, whole
from bot.domain.actions import Action, Ask
from bot.domain.card import Card
from bot.domain.draft import Finding
from bot.errors import BadInput

#: What a decision's reason, answer or address holds; `bot.domain.decision` refuses more.
_WORDS = 1_000
#: A part of a long draft leaves room to write in.
_PART = 2_400
_SEPARATORS = {"p": "\n\n", "n": "\n", "s": " ", "e": ""}
_ERROR = 1_000


def form(card: Card, action: Action, *, private_metadata: str, most: int | None = None) -> Json:
    """Return the modal that asks what `action` asks for.

    What is hidden in it goes into `private_metadata`, which the caller keeps within 3,000 characters. `most`
    is how long the platform's replies may be, by its own count: shown as a hint, and checked on submit.
    """
    blocks = [_about(card), *_context(card, action)]
    for ask in action.asks:
        if ask.kind != "hidden":
            blocks += _inputs(ask, action, most)
    return {
        "type": "modal",
        "callback_id": names.action_id(action.decision),
        "private_metadata": private_metadata,
        "title": plain(clip(action.label, limits.MODAL_TITLE)[0]),
        "submit": plain(clip(SUBMITS.get(action.decision, action.label), limits.MODAL_BUTTON)[0]),
        "close": plain("Cancel"),
        "blocks": blocks,
    }


def _about(card: Card) -> Json:
    return {"type": "context", "elements": [plain(headline(card))]}


def _context(card: Card, action: Action) -> list[Json]:
    """Return what a person must have before their eyes to fill in this form."""
    blocks: list[Json] = []
    if action.says:
        blocks.append({"type": "section", "text": plain(clip(action.says, limits.SECTION)[0])})
    if action.decision in {"approve", "second_approve"} and card.draft:
        blocks += in_full(paragraph(*made(card, card.draft)), card.draft.text, card.findings)
    if action.decision in {"approve", "second_approve", "edit"}:
        blocks += findings(card)
    if action.decision in {"edit", "redraft"} and card.key_messages:
        blocks += key_messages(card)
    return blocks


# --- the fields


def _inputs(ask: Ask, action: Action, most: int | None) -> list[Json]:
    if ask.kind == "choice":
        return [_input(ask.name, ask, _choice(ask))] if ask.choices else []
    if action.decision == "edit" and ask.name == "text":
        return _parts(ask, most)
    if ask.name == "url":
        element: Json = {"type": "url_text_input", "action_id": ask.name}
        return [_input(ask.name, ask, element | _initial(ask.value))]
    return [_input(ask.name, ask, _typed(ask.name, ask.value, many=ask.kind == "text", most=_WORDS))]


def _input(block_id: str, ask: Ask, element: Json, *, label: str = "", hint: str = "") -> Json:
    drawn: Json = {
        "type": "input",
        "block_id": block_id,
        "label": plain(clip(label or ask.label or ask.name.replace("_", " "), limits.LABEL)[0]),
        "element": element,
        "optional": not ask.required,
    }
    return drawn | ({"hint": plain(hint)} if hint else {})


def _typed(name: str, text: str, *, many: bool, most: int) -> Json:
    drawn: Json = {"type": "plain_text_input", "action_id": name, "multiline": many, "max_length": most}
    return drawn | _initial(text)


def _initial(text: str) -> Json:
    return {"initial_value": text} if text else {}


def _choice(ask: Ask) -> Json:
    options = [option(choice) for choice in ask.choices]
    few = len(options) <= limits.RADIO_OPTIONS
    drawn: Json = {"type": "radio_buttons" if few else "static_select", "action_id": ask.name}
    if len(options) <= limits.SELECT_OPTIONS:
        drawn["options"] = options
    else:
        drawn["option_groups"] = [
            {"label": plain(f"{nth * limits.SELECT_OPTIONS + 1} and on"), "options": group}
            for nth, group in enumerate(split(options, limits.SELECT_OPTIONS))
        ]
    chosen = next((one for one in options if one["value"] == ask.value), None)
    return drawn | ({"initial_option": chosen} if chosen else {})


def _parts(ask: Ask, most: int | None) -> list[Json]:
    """Return the draft to edit, in one field where it fits."""
    found = _split(ask.value)
    hint = f"At most {most:,} characters, as the platform counts them." if most else ""
    drawn: list[Json] = []
    for nth, (sep, text) in enumerate(found):
        label = f"{ask.label} ({nth + 1} of {len(found)})" if len(found) > 1 else ""
        element = _typed(ask.name, text, many=True, most=limits.INPUT)
        last = nth == len(found) - 1
        part = ask.model_copy(update={"required": ask.required and nth == 0})
        block_id = f"{ask.name}:{nth}:{sep}" if nth else ask.name
        drawn.append(_input(block_id, part, element, label=label, hint=hint if last else ""))
    return drawn


def _split(text: str) -> list[tuple[str, str]]:
    """Return the parts of a long text, each with the name of what separates it from the one before."""
    parts: list[tuple[str, str]] = []
    sep = "e"
    while length_of(text) > limits.INPUT:
        head, _ = clip(text, _PART)
        head = head.removesuffix(ELLIPSIS) or next(pieces(text, _PART))
        found = next((key for key, mark in _SEPARATORS.items() if text.startswith(mark, len(head))), "e")
        parts.append((sep, head))
        text, sep = text[len(head) + len(_SEPARATORS[found]) :], found
    return [*parts, (sep, text)]


# --- what came back


def fields(view_state_values: Mapping[str, Mapping[str, Any]], action: Action) -> dict[str, str]:
    """Return what was filled in, as `read_form` wants it; what is hidden is the caller's to add."""
    found = {ask.name: _filled(view_state_values, ask.name) for ask in action.asks if ask.kind != "hidden"}
    return {name: text for name, text in found.items() if text is not None}


def _filled(values: Mapping[str, Mapping[str, Any]], name: str) -> str | None:
    if name not in values:
        return None
    text = _said(values[name].get(name))
    later = [block_id.split(":") for block_id in values if block_id.startswith(f"{name}:")]
    for _, nth, sep in sorted(later, key=lambda part: int(part[1])):
        more = _said(values[f"{name}:{nth}:{sep}"].get(name))
        text += _SEPARATORS.get(sep, "") + more if more else ""
    return text


def _said(state: Any) -> str:
    if not isinstance(state, Mapping):
        return ""
    given = cast("Mapping[str, Any]", state)
    chosen = given.get("selected_option")
    said = cast("Mapping[str, Any]", chosen if isinstance(chosen, Mapping) else given).get("value")
    # Slack sends back what a browser typed: its breaks are the text's.
    return str(said or "").replace("\r\n", "\n").replace("\r", "\n")


def problems(found: Sequence[Finding] | BadInput, action: Action) -> dict[str, str]:
    """Return what was wrong, by block ID, for `response_action: errors`; empty for a form without fields."""
    return {name: clip(says, _ERROR)[0] for name, says in misfilled(found, action).items()}


__all__ = ["fields", "form", "problems", "says", "whole"]
