"""Strangers' words made safe for Teams: nothing pings, links, formats or hides, and nothing is cut unsaid.

Pages: learn.microsoft.com/en-us/adaptive-cards/authoring-cards/text-features (markdown in a TextBlock, `DATE`
and `TIME`), learn.microsoft.com/en-us/adaptive-cards/schema-explorer/text-run,
learn.microsoft.com/en-us/microsoftteams/platform/task-modules-and-cards/cards/cards-format (mentions).

Words of others stand in runs of a RichTextBlock, which reads neither markdown nor HTML nor mentions. Times
are filled in even there, so two braces never touch. TextBlocks hold our own words and times alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from adapters.chat import words
from adapters.chat.words import ELLIPSIS, direction, in_utc, is_blank, isolated, line, shown

Json = dict[str, Any]

#: What some signs cost beside themselves: escaped in JSON, or kept from its like.
_EXTRA = {'"': 1, "\\": 1, "\n": 1, "\t": 1, "{": 1}
_JOINER = "\u2060"
_MARKUP = re.compile(r"([\\`*\[\]<>~|])|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_LIST = re.compile(r"^(\s*)([-+#]|\d+[.)])(?=\s)", re.MULTILINE)
#: What a style of ours is at Teams; `italic`, `strikethrough`, `underline`, `highlight` are the same there.
_STYLES: Mapping[str, Json] = {
    "bold": {"weight": "Bolder"},
    "mono": {"fontType": "Monospace"},
    "subtle": {"isSubtle": True},
    "large": {"size": "Large"},
    "alarm": {"color": "Attention", "weight": "Bolder"},
}


def unfilled(text: str) -> str:
    """Return `text` with no two braces beside each other: no time of a stranger's is filled in."""
    return re.sub(r"\{(?=\{)", "{" + _JOINER, text)


def escaped(text: str) -> str:
    """Return `text` for a place where markdown is read: it can neither link nor format, nor begin a list."""
    safe = _MARKUP.sub(lambda found: f"\\{found[0]}", unfilled(text))
    return _LIST.sub(lambda found: f"{found[1]}{_JOINER}{found[2]}", safe)


def length_of(text: str) -> int:
    """Return how long a text is as Teams counts a message: in UTF-16, as JSON."""
    return words.length_of(text, _EXTRA)


def clip(text: str, most: int) -> tuple[str, bool]:
    """Return `text` within `most` and whether it was cut: between words where it can be, with an ellipsis."""
    return words.clip(text, most, _EXTRA)


def pieces(text: str, most: int) -> Iterator[str]:
    """Yield `text` in pieces within `most` each, as `adapters.chat.words.pieces` cuts."""
    return words.pieces(text, most, _EXTRA)


def plain(text: str, most: int) -> str:
    """Return a text for a place of one line that reads no markup, as a title. Never empty."""
    return clip(unfilled(line(text)), most)[0] or " "


def when(at: datetime, *, exact: bool = False) -> str:
    """Return a moment for a TextBlock: each reader sees it in their own zone.

    Teams knows no seconds; where they matter they stand beside it in UTC.
    """
    utc = at.astimezone(UTC)
    stamp = f"{utc:%Y-%m-%dT%H:%M:%SZ}"
    seen = f"{{{{DATE({stamp}, SHORT)}}}} {{{{TIME({stamp})}}}}"
    return f"{seen} ({utc:%H:%M:%S} UTC)" if exact else seen


def run(text: str, **style: bool) -> Json:
    """Return a run of rich text: no markup, no link, no ping."""
    drawn: Json = {"type": "TextRun", "text": unfilled(text) or " "}
    for name, on in style.items():
        drawn |= _STYLES.get(name, {name: True}) if on else {}
    return drawn


def rich(*runs: Json, **more: Any) -> Json:
    """Return a paragraph of rich text."""
    return {"type": "RichTextBlock", "inlines": list(runs), **more}


def block(text: str, **more: Any) -> Json:
    """Return a paragraph of ours: markdown is read and times are filled in; what is not ours is escaped."""
    return {"type": "TextBlock", "text": text or " ", "wrap": True, **more}


def group(*items: Json, **more: Any) -> Json:
    """Return parts that belong together."""
    return {"type": "Container", "items": list(items), **more}


def quote(text: str, *runs: Json) -> Json:
    """Return a quotation of `text`: on a ground that no text can draw, from the side it is read."""
    side = direction(text)
    turned = {} if side == "auto" else {"rtl": side == "rtl"}
    return group(rich(*runs), style="emphasis", **turned)


__all__ = [
    "ELLIPSIS", "Json", "block", "clip", "direction", "escaped", "group", "in_utc", "is_blank", "isolated",
    "length_of", "line", "pieces", "plain", "quote", "rich", "run", "shown", "unfilled", "when",
]  # fmt: skip
