"""Strangers' words made safe for Slack: nothing pings, links, reorders or hides, and nothing is cut unsaid.

Pages: docs.slack.dev/messaging/formatting-message-text (escaping, dates),
/reference/block-kit/blocks/rich-text-block, /reference/block-kit/composition-objects/text-object. Words of
others go into plain text or rich text, where Slack reads no markup; only the notification's text and our own
labels are markup, and escaped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import regex

Json = dict[str, Any]

#: Characters that steer or hide text. Joiners and marks of direction stay: Urdu, Persian, Hindi and Arabic
#: need them. What isolates or overrides does not, for in Slack nothing else bounds what it reaches.
_NAMES = {
    "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO",
    "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI",
    "\u200b": "ZWSP", "\u2060": "WJ", "\ufeff": "BOM", "\u00ad": "SHY", "\u180e": "MVS", "\x7f": "DEL",
}  # fmt: skip
_TAGS = 0xE0000
#: The flag of a region is a black flag with tag characters, and the only honest use of them.
_FLAG = r"\U0001F3F4[\U000E0020-\U000E007F]+"
_HIDDEN = re.compile(
    f"(?P<flag>{_FLAG})|(?P<tags>[\U000e0000-\U000e007f]+)"
    r"|(?P<one>[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u180e\u200b\u2028-\u202e\u2060\u2066-\u206f\ufeff\ud800-\udfff])"
)
_BREAK = re.compile("\r\n?|[\x85\u2028\u2029]")
_BLANK = re.compile(r"\s+")
_FSI, _PDI = "\u2068", "\u2069"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
#: How Slack counts `&`, `<` and `>` once they are escaped, which it does on its side as well.
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
#: A "character" of a reader longer than this is a pile of marks: it may be cut.
_PILE = 128
_GRAPHEME = regex.compile(r"\X")


def shown(text: str) -> str:
    """Return `text` as many lines: every hidden character stands there as a visible mark."""
    return _HIDDEN.sub(_visible, _BREAK.sub("\n", text))


def line(text: str) -> str:
    """Return `text` on one line, hidden characters visible."""
    return _BLANK.sub(" ", shown(text)).strip()


def _visible(found: re.Match[str]) -> str:
    if found["flag"]:
        return found["flag"]
    if tags := found["tags"]:
        said = "".join(chr(ord(c) - _TAGS) for c in tags).replace("\x7f", "").strip("\x00\x01")
        return f"[hidden text: {said!r}]"
    char = found["one"]
    if char < " ":
        return chr(0x2400 + ord(char))
    return f"[{_NAMES.get(char) or f'U+{ord(char):04X}'}]"


def isolated(name: str) -> str:
    """Return a name that can stand in a sentence of ours without turning the words beside it around."""
    return f"{_FSI}{line(name)}{_PDI}"


def escaped(text: str) -> str:
    """Return `text` for a place where Slack reads markup: it can neither ping, link nor format.

    Slack knows `<!here>`, `<@U1>` and links by their brackets only (with `parse` left alone), and formats
    between signs it finds at the edge of a word; the joiner before each keeps it from finding any.
    """
    safe = "".join(_ESCAPES.get(c, c) for c in text)
    return re.sub(r"([*_~`])", "\u2060\\1", safe)


def length_of(text: str) -> int:
    """Return how long a text is by the strictest way Slack is known to count: UTF-16, escaped."""
    more = 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 + more


def _fits(text: str, most: int) -> bool:
    return len(text) <= most and length_of(text) <= most


def clip(text: str, most: int) -> tuple[str, bool]:
    """Return `text` within `most` and whether it was cut: between words where it can be, with an ellipsis."""
    if _fits(text, most):
        return text, False
    head = _head(text, most - 1)
    space = max(head.rfind(" "), head.rfind("\n"))
    return (head[:space] if space > len(head) // 2 else head).rstrip() + ELLIPSIS, True


def _head(text: str, most: int) -> str:
    """The longest beginning within `most` that breaks no character as a reader sees it."""
    cut = used = 0
    for char in text[: most + 1]:
        used += len(_ESCAPES.get(char, "")) or 1 + (char > "\uffff")
        if used > most:
            break
        cut += 1
    # Only the surroundings matter, from a plain place on: a long text is not read to its beginning.
    start = max(0, cut - _PILE)
    ends = (found.end() for found in _GRAPHEME.finditer(text, start, cut + _PILE))
    return text[: max((end for end in ends if end <= cut), default=cut)]


def pieces(text: str, most: int) -> Iterator[str]:
    """Yield `text` in pieces within `most` each, cut after a space or a break where there is one.

    Joined, they are the text.
    """
    while text:
        if _fits(text, most):
            yield text
            return
        head = _head(text, most) or text[:1]
        cut = max(head.rfind("\n"), head.rfind(" ")) + 1
        head = head[:cut] if cut > len(head) // 2 else head
        yield head
        text = text[len(head) :]


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


def in_utc(at: datetime, *, exact: bool = False) -> str:
    """Return a moment for a place that knows no zone of its reader."""
    at = at.astimezone(UTC)
    return f"{at.day} {at:%b %Y, %H:%M}{f':{at:%S}' if exact else ''} UTC"


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


def is_blank(text: str) -> bool:
    """Whether a reader sees nothing of `text`."""
    return all(unicodedata.category(c) in {"Zs", "Cc", "Cf", "Zl", "Zp"} for c in text)
