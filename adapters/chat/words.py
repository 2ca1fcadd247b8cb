"""Words of strangers made safe for any chat: nothing hidden, nothing reordered, nothing cut unsaid.

What a chat reads as markup is its own to escape. How it counts a text is told by `extra`: what some signs
cost beside themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import regex

#: Characters that steer or hide text. Joiners and marks of direction stay: Urdu, Persian, Hindi and Arabic
#: need them. What isolates or overrides does not, for in a chat nothing else bounds what it reaches.
_NAMES = {
    "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO",
    "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI",
    "\u200b": "ZWSP", "\u2060": "WJ", "\ufeff": "BOM", "\u00ad": "SHY", "\u180e": "MVS", "\x7f": "DEL",
}  # fmt: skip
_TAGS = 0xE0000
#: The flag of a region is a black flag with tag characters, and the only honest use of them.
_FLAG = r"\U0001F3F4[\U000E0020-\U000E007F]+"
HIDDEN = re.compile(
    f"(?P<flag>{_FLAG})|(?P<tags>[\U000e0000-\U000e007f]+)"
    r"|(?P<one>[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u180e\u200b\u2028-\u202e\u2060\u2066-\u206f\ufeff\ud800-\udfff])"
)
BREAK = re.compile("\r\n?|[\x85\u2028\u2029]")
_BLANK = re.compile(r"\s+")
_FSI, _PDI = "\u2068", "\u2069"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
#: A "character" of a reader longer than this is a pile of marks: it may be cut.
_PILE = 128
_GRAPHEME = regex.compile(r"\X")
#: What stands in Latin letters in any language, and says nothing of the reader's direction.
_NAMES_AND_LINKS = re.compile(r"[@#]\S+|https?://\S+")
_LOOKED_AT = 1000


def shown(text: str) -> str:
    """Return `text` as many lines: every hidden character stands there as a visible mark."""
    return HIDDEN.sub(_visible, BREAK.sub("\n", text))


def line(text: str) -> str:
    """Return `text` on one line, hidden characters visible."""
    return _BLANK.sub(" ", shown(text)).strip()


def _visible(found: re.Match[str]) -> str:
    return found["flag"] or mark(found)


def mark(found: re.Match[str]) -> str:
    """Return what stands for a hidden character that `HIDDEN` found."""
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


def direction(text: str) -> str:
    """Return `rtl` or `ltr` by most of its letters, `auto` without any; a browser's `auto` asks the first.

    An Urdu mention that begins with our Latin handle would otherwise be set from the left.
    """
    sides = Counter(unicodedata.bidirectional(c) for c in _NAMES_AND_LINKS.sub("", text)[:_LOOKED_AT])
    right, left = sides["R"] + sides["AL"], sides["L"]
    return "rtl" if right > left else "ltr" if left else "auto"


def length_of(text: str, extra: Mapping[str, int]) -> int:
    """Return how long a text is in UTF-16, with what some of its signs cost more."""
    more = sum(cost * text.count(sign) for sign, cost in extra.items())
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 + more


def fits(text: str, most: int, extra: Mapping[str, int]) -> bool:
    """Whether `text` is within `most`; one that cannot be is not counted to its end."""
    return len(text) <= most and length_of(text, extra) <= most


def clip(text: str, most: int, extra: Mapping[str, int]) -> tuple[str, bool]:
    """Return `text` within `most` and whether it was cut: between words where it can be, with an ellipsis."""
    if fits(text, most, extra):
        return text, False
    head = _head(text, most - 1, extra)
    space = max(head.rfind(" "), head.rfind("\n"))
    return (head[:space] if space > len(head) // 2 else head).rstrip() + ELLIPSIS, True


def _head(text: str, most: int, extra: Mapping[str, int]) -> str:
    """The longest beginning within `most` that breaks no character as a reader sees it."""
    cut = used = 0
    for char in text[: most + 1]:
        used += 1 + (char > "\uffff") + extra.get(char, 0)
        if used > most:
            break
        cut += 1
    # Only the surroundings matter, from a plain place on: a long text is not read to its beginning.
    start = max(0, cut - _PILE)
    ends = (found.end() for found in _GRAPHEME.finditer(text, start, cut + _PILE))
    return text[: max((end for end in ends if end <= cut), default=cut)]


def pieces(text: str, most: int, extra: Mapping[str, int]) -> Iterator[str]:
    """Yield `text` in pieces within `most` each, cut after a space or a break where there is one.

    Joined, they are the text.
    """
    while text:
        if fits(text, most, extra):
            yield text
            return
        head = _head(text, most, extra) or text[:1]
        cut = max(head.rfind("\n"), head.rfind(" ")) + 1
        head = head[:cut] if cut > len(head) // 2 else head
        yield head
        text = text[len(head) :]


def in_utc(at: datetime, *, exact: bool = False) -> str:
    """Return a moment for a place that knows no zone of its reader."""
    at = at.astimezone(UTC)
    return f"{at.day} {at:%b %Y, %H:%M}{f':{at:%S}' if exact else ''} UTC"


def is_blank(text: str) -> bool:
    """Whether a reader sees nothing of `text`."""
    return all(unicodedata.category(c) in {"Zs", "Cc", "Cf", "Zl", "Zp"} for c in text)


def sentence(words: str) -> str:
    """Return an error's words as a sentence: they are written to stand inside another one."""
    words = words[:1].upper() + words[1:]
    return words if words.endswith((".", "!", "?")) else f"{words}."
