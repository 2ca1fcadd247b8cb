"""Strangers' words made safe for Slack: nothing pings, links, reorders or hides, and nothing is cut unsaid.

Pages: docs.slack.dev/messaging/formatting-message-text (escaping, dates),
/reference/block-kit/blocks/rich-text-block, /reference/block-kit/composition-objects/text-object. Words of
others go into plain text or rich text, where Slack reads no markup; only the notification's text and our own
labels are markup, and escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from adapters.chat import words
from adapters.chat.words import ELLIPSIS, in_utc, is_blank, isolated, line, shown

Json = dict[str, Any]

#: How Slack counts `&`, `<` and `>` once they are escaped, which it does on its side as well.
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_EXTRA = {sign: len(escape) - 1 for sign, escape in _ESCAPES.items()}


def escaped(text: str) -> str:
    """Return `text` for a place where Slack reads markup: it can neither ping, link nor format.

    Slack knows `<!here>`, `<@U1>` and links by their brackets only (with `parse` left alone), and formats
    between signs it finds at the edge of a word; the joiner before each keeps it from finding any.
    """
    safe = "".join(_ESCAPES.get(c, c) for c in text)
    return re.sub(r"([*_~`])", "\u2060\\1", safe)


def length_of(text: str) -> int:
    """Return how long a text is by the strictest way Slack is known to count: UTF-16, escaped."""
    return words.length_of(text, _EXTRA)


def clip(text: str, most: int) -> tuple[str, bool]:
    """Return `text` within `most` and whether it was cut: between words where it can be, with an ellipsis."""
    return words.clip(text, most, _EXTRA)


def pieces(text: str, most: int) -> Iterator[str]:
    """Yield `text` in pieces within `most` each, as `adapters.chat.words.pieces` cuts."""
    return words.pieces(text, most, _EXTRA)


def when(at: datetime, *, exact: bool = False) -> str:
    """Return a moment as markup: Slack shows it in each reader's own zone, and in UTC where it cannot."""
    shape = "{time_secs}" if exact else "{date_short_pretty} {time}"
    return f"<!date^{int(at.timestamp())}^{shape}|{in_utc(at, exact=exact)}>"


def date(at: datetime, *, exact: bool = False) -> Json:
    """Return a moment as an element of rich text."""
    shape = "{time_secs}" if exact else "{date_short_pretty} {time}"
    return {
        "type": "date",
        "timestamp": int(at.timestamp()),
        "format": shape,
        "fallback": in_utc(at, exact=exact),
    }


def plain(text: str) -> Json:
    """Return a text object that Slack reads no markup in. Never empty, as Slack refuses that."""
    return {"type": "plain_text", "text": text or " ", "emoji": False}


def markup(text: str) -> Json:
    """Return a text object of markup: for words of ours, with all others in it escaped."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def run(text: str, **style: bool) -> Json:
    """Return a run of rich text: no markup, no link, no ping."""
    return {"type": "text", "text": text or " "} | ({"style": style} if style else {})


def paragraph(*runs: Json) -> Json:
    """Return a paragraph of rich text."""
    return {"type": "rich_text_section", "elements": list(runs)}


def quote(*runs: Json) -> Json:
    """Return a quotation of rich text: what somebody wrote, with a bar beside it that no text can draw."""
    return {"type": "rich_text_quote", "elements": list(runs)}


def rich(*elements: Json) -> Json:
    """Return a block of rich text."""
    return {"type": "rich_text", "elements": list(elements)}


__all__ = [
    "ELLIPSIS", "Json", "clip", "date", "escaped", "in_utc", "is_blank", "isolated", "length_of", "line",
    "markup", "paragraph", "pieces", "plain", "quote", "rich", "run", "shown", "when",
]  # fmt: skip
