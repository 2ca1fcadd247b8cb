"""The forms behind buttons: what a button asks for, what was filled in, and what was wrong.

Pages under learn.microsoft.com/en-us: microsoftteams/platform/task-modules-and-cards/task-modules/
task-modules-bots (`continue`, sizes), adaptive-cards/authoring-cards/input-validation (`label`, `isRequired`,
`errorMessage`), adaptive-cards/schema-explorer/input-text, /input-choice-set.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Literal

from adapters.chat.labels import SUBMITS, SURE, spoken
from adapters.chat.teams import limits, names
from adapters.chat.teams.buttons import refreshing, submit
from adapters.chat.teams.card import CONTENT_TYPE, adapted, headline
from adapters.chat.teams.drawing import checks, cited, key_messages, made
from adapters.chat.teams.home import answer_card, home, listed
from adapters.chat.teams.text import Json, clip, line, plain, rich, run, shown
from adapters.chat.teams.whole import says, whole
from bot.domain.actions import Action, Ask
from bot.domain.card import Card
from bot.domain.draft import MAX_DRAFT

#: What a decision's reason, answer or address holds; `bot.domain.decision` refuses more.
_WORDS = 1_000
#: How much a form shows of what is read beside it; the first that fits is taken.
_SHARES = (3_000, 1_000, 300, 100, 0)
_SAYS, _ERROR = 1_000, 500
#: Room for what may be said of the fields once they came back, and for a longer text in them.
_RESERVE = 3_000
_REST = "“Show everything” on the card has all of it"


def form(card: Card, action: Action, meta: str = "", *, inline: bool = False) -> Json:
    """Return the card that asks what `action` asks for.

    `meta` comes back with it (`names.Pressing.meta`). `inline`: it stands in the case's own place, with a way
    back. A text too long for Teams is not cut: the form says where to edit it, and has nothing to send.
    """
    inputs = [one for ask in action.asks if ask.kind != "hidden" for one in _inputs(ask, action, card)]
    buttons = _buttons(card, action, meta, inline=inline)
    title = plain(action.label, limits.TITLE)
    drawn: Json = {}
    for share in _SHARES:
        about = [rich(run(headline(card), bold=True)), *_context(card, action, share)]
        drawn = adapted([*about, *inputs], title, buttons)
        if limits.weight(drawn) <= limits.MESSAGE_BYTES - _RESERVE:
            return drawn
    too_long = f"This text is too long to edit in Teams. Edit it in the console: case {line(card.case_id)}"
    return says(title, too_long) if limits.weight(drawn) > limits.MESSAGE_BYTES else drawn


def task(title: str, card: Json, *, size: Literal["small", "medium", "large"] = "medium") -> Json:
    """Return the answer that shows a card in a dialog."""
    value = {
        "title": plain(title, limits.TITLE),
        "height": size,
        "width": size,
        "card": {"contentType": CONTENT_TYPE, "content": card},
    }
    return {"task": {"type": "continue", "value": value}}


def _buttons(card: Card, action: Action, meta: str, *, inline: bool) -> list[Json]:
    send = plain(SUBMITS.get(action.decision, action.label), limits.TITLE)
    data = names.data("submit", action.decision, names.carried(card, action), meta=meta)
    if not inline:
        return [submit(send, data)]
    drawn = {"type": "Action.Execute", "title": send, "verb": names.verb("submit"), "data": data}
    return [drawn, refreshing(card, "Back to the card")]


def _context(card: Card, action: Action, share: int) -> list[Json]:
    """Return what a person must have before their eyes to fill in this form."""
    items: list[Json] = []
    told = SURE.get(action.decision) or action.says
    if told or not any(ask.kind != "hidden" for ask in action.asks):
        items.append(rich(run(clip(shown(told or "This cannot be taken back."), _SAYS)[0])))
    if not share:
        return [*items, rich(run(f"There is more to read: {_REST}.", italic=True))]
    if action.decision in {"approve", "second_approve"} and card.draft:
        items += [made(card, card.draft, share)]
        items += cited(card.draft.text, share, card.findings, rest=_REST)[0]
    if action.decision in {"approve", "second_approve", "edit"}:
        items += checks(spoken(card), card, min(share, _SAYS))
    if action.decision in {"edit", "redraft"}:
        items += key_messages(card)
    return items


# --- the fields


def _inputs(ask: Ask, action: Action, card: Card) -> list[Json]:
    if ask.kind == "choice":
        return [_choice(ask)] if ask.choices else []
    if action.decision == "edit" and ask.name == "text":
        most = card.max_length
        hint = f" (at most {most:,} characters, as the platform counts them)" if most else ""
        return [_typed(ask, hint=hint, most=MAX_DRAFT)]
    return [_typed(ask, most=_WORDS) | ({"style": "Url"} if ask.name == "url" else {})]


def _labelled(kind: str, ask: Ask, hint: str = "") -> Json:
    label = plain(ask.label or ask.name.replace("_", " "), _WORDS)
    drawn: Json = {"type": kind, "id": ask.name, "label": f"{label}{hint}"}
    if ask.required:
        drawn |= {"isRequired": True, "errorMessage": plain(f"Please fill in: {label}", _WORDS)}
    return drawn | ({"value": ask.value} if ask.value else {})


def _typed(ask: Ask, *, most: int, hint: str = "") -> Json:
    return _labelled("Input.Text", ask, hint) | {"isMultiline": ask.kind == "text", "maxLength": most}


def _choice(ask: Ask) -> Json:
    choices = [{"title": plain(one.label, _WORDS), "value": one.value} for one in ask.choices]
    style = "expanded" if len(choices) <= limits.EXPANDED else "compact"
    return _labelled("Input.ChoiceSet", ask) | {"choices": choices, "style": style, "wrap": True}


# --- what came back


def fields(data: Mapping[str, Any], action: Action) -> dict[str, str]:
    """Return what was filled in, as `read_form` wants it; what is hidden is the caller's to add."""
    given = {ask.name: data.get(ask.name) for ask in action.asks if ask.kind != "hidden"}
    # A browser and a phone send back different breaks.
    return {
        name: text.replace("\r\n", "\n").replace("\r", "\n")
        for name, text in given.items()
        if isinstance(text, str)
    }


def with_errors(drawn: Json, errors: Mapping[str, str], typed: Mapping[str, str]) -> Json:
    """Return a form again: what is wrong stands above its field, and everything that was typed in it."""
    again = copy.deepcopy(drawn)
    asked = [one["id"] for one in again["body"] if _is_input(one)]
    needed = [_wrong(says) for name, says in errors.items() if name not in asked]
    body = list(needed)
    for one in again["body"]:
        if not _is_input(one):
            body.append(one)
            continue
        wrong = [_wrong(errors[one["id"]])] if one["id"] in errors else []
        filled = one | ({"value": typed[one["id"]]} if one["id"] in typed else {})
        body += [*wrong, filled]
        needed += [*wrong, filled]
    again["body"] = body
    # What was typed goes before what is read beside it.
    return again if limits.weight(again) <= limits.MESSAGE_BYTES else again | {"body": needed}


def _is_input(one: Json) -> bool:
    return str(one["type"]).startswith("Input.")


def _wrong(words: str) -> Json:
    return rich(run(f"⚠ {clip(shown(words), _ERROR)[0]}", alarm=True))


__all__ = ["answer_card", "fields", "form", "home", "listed", "says", "task", "whole", "with_errors"]
