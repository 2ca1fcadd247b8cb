"""The buttons of a card: what acts at once, what opens a dialog first, and the rare ones behind "...".

Pages: learn.microsoft.com/en-us/adaptive-cards/authoring-cards/universal-action-model (`Action.Execute`),
learn.microsoft.com/en-us/microsoftteams/platform/task-modules-and-cards/what-are-cards (six buttons, `mode`),
/task-modules-and-cards/task-modules/task-modules-bots (a dialog opens by `Action.Submit` alone).

With `inline`, forms and texts are shown in the card itself, by `Action.Execute`, for clients without dialogs.
"""

from __future__ import annotations

from adapters.chat.labels import FEW, RARE, SURE, is_web
from adapters.chat.teams import limits, names
from adapters.chat.teams.text import Json, length_of, plain
from bot.domain.actions import Action
from bot.domain.card import Card


def actions(card: Card, *, inline: bool = False) -> list[Json]:
    """Return the buttons of a card, and the one that shows everything."""
    rare = {a.decision for a in card.actions if _is_rare(a)} if len(card.actions) > FEW else set[str]()
    primary = next((a for a in card.actions if a.style == "primary"), None)
    shown = [a for a in card.actions if a.decision not in rare]
    hidden = [*shown[limits.ACTIONS :], *(a for a in card.actions if a.decision in rare)]
    drawn = [_button(card, a, primary=a is primary, inline=inline) for a in shown[: limits.ACTIONS]]
    behind = [_button(card, a, primary=False, inline=inline) for a in hidden]
    behind.append(show(card, "all", "Show everything", inline=inline))
    return [*drawn, *(one | {"mode": "secondary"} for one in behind)]


def opens_form(action: Action) -> bool:
    """Whether a button asks first: for what the decision needs, or for a second look at what is final."""
    final = action.style == "danger" or action.decision in SURE
    return final or any(ask.kind != "hidden" for ask in action.asks)


def _is_rare(action: Action) -> bool:
    return action.decision in RARE and action.style != "primary"


def _button(card: Card, action: Action, *, primary: bool, inline: bool) -> Json:
    pressed = names.carried(card, action)
    label = plain(action.label, limits.TITLE - 1)
    if opens_form(action):
        drawn = _asking(f"{label}…", "form", action.decision, pressed, inline=inline)
    else:
        drawn = execute(label, "decide", action.decision, pressed)
    if action.says:
        drawn["tooltip"] = plain(action.says, limits.TITLE * 4)
    if primary or action.style == "danger":
        drawn["style"] = "positive" if primary else "destructive"
    return drawn


def execute(title: str, kind: names.Kind, name: str, pressed: names.Pressed, *, page: int = 0) -> Json:
    """Return a button that comes back to us at once, with nothing that was typed."""
    return {
        "type": "Action.Execute",
        "title": title,
        "verb": names.verb(kind, name),
        "data": names.data(kind, name, pressed, page=page),
        "associatedInputs": "none",
    }


def submit(title: str, data: Json) -> Json:
    """Return the button of a dialog: with all that was typed."""
    return {"type": "Action.Submit", "title": title, "data": data}


def _asking(title: str, kind: names.Kind, name: str, pressed: names.Pressed, *, inline: bool) -> Json:
    if inline:
        return execute(title, kind, name, pressed)
    data = {"msteams": {"type": "task/fetch"}, **names.data(kind, name, pressed)}
    return submit(title, data) | {"associatedInputs": "none"}


def show(card: Card, what: names.What, label: str, *, inline: bool = False) -> Json:
    """Return the button that opens something in full."""
    return _asking(label, "show", what, names.carried(card), inline=inline)


def opening(card: Card) -> Json:
    """Return the button that opens a case of a list."""
    return execute("Open", "open", "", names.carried(card))


def refreshing(card: Card, title: str = "Refresh") -> Json:
    """Return the button, and the silent request, for the card as it stands now."""
    return execute(title, "refresh", "", names.carried(card))


def link(label: str, url: str | None) -> list[Json]:
    """Return a button that opens an address; none for what a browser should not follow."""
    if url is None or not is_web(url) or length_of(url) > limits.URL:
        return []
    return [{"type": "Action.OpenUrl", "title": plain(label, limits.TITLE), "url": url}]


def row(*buttons: Json) -> list[Json]:
    """Return buttons as a part of a card's body; nothing without any."""
    return [{"type": "ActionSet", "actions": list(buttons)}] if buttons else []
