"""What Teams asks of a card beyond its shape, and what we ask: size, parts it draws, labels, nothing hidden.

Pages: learn.microsoft.com/en-us/microsoftteams/platform/task-modules-and-cards/cards/cards-reference (1.5),
/task-modules-and-cards/what-are-cards (six buttons), /bots/how-to/format-your-bot-messages (size).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

Json = dict[str, Any]

MOST_BYTES = 28_000
ELEMENTS = frozenset({
    "AdaptiveCard", "TextBlock", "RichTextBlock", "TextRun", "Container", "ColumnSet", "Column", "ActionSet",
    "Input.Text", "Input.ChoiceSet", "Action.Execute", "Action.Submit", "Action.OpenUrl",
})  # fmt: skip
_TIME = re.compile(r"\{\{(DATE|TIME)\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ(, SHORT)?\)\}\}")
#: Joins, directions and bounds of a name that a text may need; all else that is not seen is hidden.
_NEEDED = set("\n\t\u200c\u200d\u200e\u200f\u061c\u2060\u2068\u2069")
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007f]+")


class Wrong(AssertionError):
    """Something is drawn that Teams, or a reader, would refuse."""


def ensure(right: object, says: str) -> None:
    if not right:
        raise Wrong(says)


def check_activity(activity: Json) -> None:
    """Raise `Wrong` on a message that is not right."""
    ensure(weight(activity) <= MOST_BYTES, f"{weight(activity)} bytes")
    ensure(activity["type"] == "message", "no message")
    ensure(activity["summary"].strip(), "no words for a notification")
    ensure("\n" not in activity["summary"], "a notification of many lines")
    ensure("entities" not in activity, "somebody is mentioned")
    check_words(activity["summary"])
    [attached] = activity["attachments"]
    check_card(attached["content"])


def check_task(task: Json) -> None:
    """Raise `Wrong` on a dialog that is not right."""
    ensure(weight(task) <= MOST_BYTES, f"{weight(task)} bytes")
    check_words(task["task"]["value"]["title"])
    check_card(task["task"]["value"]["card"]["content"])


def check_card(card: Json) -> None:
    """Raise `Wrong` on a card that is not right."""
    ensure(weight(card) <= MOST_BYTES, f"{weight(card)} bytes")
    ensure(card["body"], "nothing to see")
    ensure(card["version"] == "1.5", "no version that Teams draws")
    ensure(card["fallbackText"].strip() and card["speak"].strip(), "nothing for who cannot see the card")
    ensure("entities" not in json.dumps(card.get("msteams", {})), "somebody is mentioned")
    ensure(len([one for one in card.get("actions", []) if one.get("mode") != "secondary"]) <= 6, "buttons")
    found = list(parts(card))
    for part in found:
        _check_part(part)
    names = [part["id"] for part in found if "id" in part]
    ensure(len(names) == len(set(names)), "an ID twice")


def parts(value: Any) -> Iterator[Json]:
    """Every part of a card, itself among them; what a button carries is no part of it."""
    if isinstance(value, Mapping):
        if "type" in value:
            yield dict(value)
        for name, inner in value.items():
            if name != "data":
                yield from parts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from parts(inner)


def _check_part(part: Json) -> None:
    kind = part["type"]
    ensure(kind in ELEMENTS, f"{kind} is not for us")
    if kind == "TextBlock":
        ensure(part["wrap"], "a text that is cut at the edge")
        check_words(_TIME.sub("", part["text"]))
    if kind == "TextRun":
        check_words(part["text"])
    if kind.startswith("Input."):
        ensure(part["label"].strip(), "a field without a label")
        ensure(not part.get("isRequired") or part["errorMessage"], "a field that cannot say what it lacks")
        ensure(part["id"] not in {"lh", "msteams"}, "a field with a name of ours")
    if kind.startswith("Action."):
        ensure(part["title"].strip() and "\n" not in part["title"], "a button without words")
        check_words(part["title"] + part.get("tooltip", ""))
        ensure(
            not (kind == "Action.OpenUrl" and not part["url"].startswith(("http://", "https://"))), "a link"
        )


def check_words(text: str) -> None:
    """Raise `Wrong` on words that are filled in, or hold what a reader does not see."""
    ensure("{{" not in text, f"filled in: {text[:60]!r}")
    odd = [
        c for c in _FLAG.sub("", text) if unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c not in _NEEDED
    ]
    ensure(not odd, f"hidden: {odd[:5]}")


def weight(value: Any) -> int:
    """How Teams counts, at the strictest."""
    return len(json.dumps(value, ensure_ascii=False).encode("utf-16-le", "surrogatepass"))
