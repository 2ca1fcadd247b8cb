"""Everything that is ever drawn of a card in Teams, and how to find something in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters.chat.teams import dialogs, names
from adapters.chat.teams.card import activity, adaptive, message, pointer
from adapters.chat.teams.whole import says, whole
from bot.domain.actions import Action
from bot.domain.card import Card
from tests.adapters.slack.cards import TODAY
from tests.adapters.teams_rules import check_activity, check_card, check_task, parts
from tests.builders import MANAGER

Json = dict[str, Any]

LINK = "https://teams.microsoft.com/l/message/19:x@thread.tacv2/1"
META = '{"h":{"draft":"' + "d" * 32 + '"},"s":["19:x@thread.tacv2","1"]}'


def drawings(card: Card) -> Iterator[tuple[str, Json]]:
    """Everything that is ever drawn of a card, with the name of its shape."""
    for inline in (False, True):
        yield "Message", message(card, people=("29:a", "29:b"), inline=inline)
        for found in card.actions:
            yield "Card", dialogs.form(card, found, META, inline=inline)
    yield "Message", message(card, stub=True, where=LINK)
    yield "Message", message(card, stub=True, where="Care, in private")
    yield "Message", pointer(card, LINK)
    yield "Card", adaptive(card)
    for found in card.actions:
        form = dialogs.form(card, found, META)
        yield "Task", dialogs.task(found.label, form)
        errors = dict.fromkeys([ask.name for ask in found.asks] + ["nothing"], card.mention.text)
        yield "Card", dialogs.with_errors(form, errors, {"reason": card.mention.text[:1_000]})
    for what in ("mention", "draft", "all"):
        for page in range(40):
            yield "Card", whole(card, what, page=page, inline=page % 2 == 1)
            if f"Page {page + 2} of" not in words(whole(card, what, page=page + 1)):
                break
    yield "Task", dialogs.task(card.author, says(card.author, card.mention.text))
    yield "Card", home(card)
    yield "Card", dialogs.answer_card(card)
    listed = dialogs.listed("60 in the queue, worst first", [card] * 20, "and 40 more: type “queue 20”")
    yield "Message", activity(listed, "60 in the queue")


def home(card: Card) -> Json:
    """The page of a person with many cases."""
    return dialogs.home(MANAGER, [card] * 20, [card], [card] * 40, 60, TODAY, ["Omar", card.author])


def check(kind: str, drawn: Json) -> None:
    """Raise on what Teams or a reader would refuse."""
    {"Message": check_activity, "Card": check_card, "Task": check_task}[kind](drawn)


def content(card: Card, **how: Any) -> Json:
    """The card in its message."""
    return message(card, **how)["attachments"][0]["content"]


def words(drawn: Any) -> str:
    """All words that a reader sees, a line a part."""
    found: list[str] = []
    for part in parts(drawn):
        if part["type"] == "RichTextBlock":
            found.append("".join(run["text"] for run in part["inlines"]))
        found += [part[name] for name in ("label", "title") if isinstance(part.get(name), str)]
        found += [part["text"]] if part["type"] == "TextBlock" else []
    return "\n".join(found)


def buttons(drawn: Any) -> list[Json]:
    """Every button of a drawing, wherever it stands."""
    return [part for part in parts(drawn) if part["type"].startswith("Action.")]


def pressed(drawn: Any) -> dict[str, names.Pressing]:
    """What each button of ours means when it is pressed, by its words."""
    return {
        one["title"]: names.read({**one, "id": "x"} if "verb" in one else one["data"])
        for one in buttons(drawn)
        if one["type"] != "Action.OpenUrl"
    }


def inputs(form: Json) -> dict[str, Json]:
    """The fields of a form, by name."""
    return {part["id"]: part for part in parts(form) if part["type"].startswith("Input.")}


def submitted(form: Json, **typed: str) -> Json:
    """What comes back of a form: what its button carries, the fields as they stood, and what was typed."""
    button = next(one for one in buttons(form) if "lh" in one.get("data", {}) and _sends(one))
    filled = {name: field["value"] for name, field in inputs(form).items() if "value" in field}
    return {**button["data"], **filled, **typed}


def _sends(button: Json) -> bool:
    return button["data"]["lh"].get("w") == "submit"


def action(card: Card, decision: str) -> Action:
    """The button of a card that makes this decision."""
    return next(found for found in card.actions if found.decision == decision)
