"""Words of strangers on a page: escaped, their hidden characters made visible, nothing reordered or cut."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from markupsafe import Markup, escape

#: Characters that steer or hide text. Joiners (200C, 200D) and marks of direction (200E, 200F, 061C) stay:
#: Urdu, Persian, Hindi and Arabic need them, and from inside an isolated element they reach nothing else.
_NAMES = {
    "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO",
    "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI",
    "\u200b": "ZWSP", "\u2060": "WJ", "\ufeff": "BOM", "\u00ad": "SHY", "\u180e": "MVS", "\x7f": "DEL",
}  # fmt: skip
#: Tag characters are ASCII, moved to where no font shows it.
_TAGS = 0xE0000
#: A flag of a region is a black flag with tag characters, and the only honest use of them.
_FLAG = r"\U0001F3F4[\U000E0020-\U000E007F]+"
_HIDDEN = re.compile(
    f"(?P<flag>{_FLAG})|(?P<tags>[\U000e0000-\U000e007f]+)"
    r"|(?P<one>[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u180e\u200b\u2028-\u202e\u2060\u2066-\u206f\ufeff\ud800-\udfff])"
)
_BREAK = re.compile("\r\n?|[\x85\u2028\u2029]")

#: A longer mention is folded on a card, with all of it one press away.
LONG = 900
_OPENING = 480


def plain(text: str) -> str:
    """Return `text` for a line or an attribute: hidden characters stand as visible marks."""
    return _HIDDEN.sub(lambda found: found["flag"] or _mark(found), _BREAK.sub(" ", text))


#: What stands in Latin letters in any language, and says nothing of the reader's direction.
_NAMES_AND_LINKS = re.compile(r"[@#]\S+|https?://\S+")
_LOOKED_AT = 1000


def direction(text: str) -> str:
    """Return `rtl` or `ltr` by most of its letters, `auto` without any; a browser's `auto` asks the first.

    An Urdu mention that begins with our Latin handle would otherwise be set from the left.
    """
    sides = Counter(unicodedata.bidirectional(c) for c in _NAMES_AND_LINKS.sub("", text)[:_LOOKED_AT])
    right, left = sides["R"] + sides["AL"], sides["L"]
    return "rtl" if right > left else "ltr" if left else "auto"


def shown(text: str) -> Markup:
    """Return `text` as HTML, every hidden character as a small visible mark."""
    parts: list[Markup] = []
    text, end = _BREAK.sub("\n", text), 0
    for found in _HIDDEN.finditer(text):
        if found["flag"]:
            continue
        parts += [escape(text[end : found.start()]), _visible(_mark(found))]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


_HANDLE = re.compile(r"@[A-Za-z0-9_.]+")


def said(text: str) -> Markup:
    """Return a mention as HTML: as `shown`, each handle with a direction of its own."""
    # On the escaped text: an @ stands in no tag of ours, and what follows it here is never markup.
    return Markup(_HANDLE.sub(r"<bdi>\g<0></bdi>", str(shown(text))))  # noqa: S704 escaped above


def _visible(mark: str) -> Markup:
    return Markup('<span class="hidden-mark" title="a hidden character, made visible">{}</span>').format(mark)


def _mark(found: re.Match[str]) -> str:
    if tags := found["tags"]:
        said = "".join(chr(ord(c) - _TAGS) for c in tags).replace("\x7f", "").strip("\x00\x01")
        return f"[hidden text: {said!r}]"
    char = found["one"]
    if char < "\x20":
        return chr(0x2400 + ord(char))
    return f"[{_NAMES.get(char) or f'U+{ord(char):04X}'}]"


def highlighted(text: str, phrases: Iterable[tuple[str, str]]) -> Markup:
    """Return `text` as HTML with marks. `phrases` are pairs of a phrase and the rule that found it."""
    spans = [(start, end, rule) for phrase, rule in phrases for start, end in _places(text, phrase)]
    cuts = sorted({0, len(text), *(at for start, end, _ in spans for at in (start, end))})
    parts: list[Markup] = []
    for start, end in pairwise(cuts):
        rules = sorted({rule for first, last, rule in spans if first <= start and end <= last})
        words = shown(text[start:end])
        parts.append(Markup('<mark title="{}">{}</mark>').format(", ".join(rules), words) if rules else words)
    return Markup("").join(parts)


def _places(text: str, phrase: str) -> list[tuple[int, int]]:
    if not phrase.strip():
        return []
    exact = [found.span() for found in re.finditer(re.escape(phrase), text)]
    return exact or [found.span() for found in re.finditer(re.escape(phrase), text, re.IGNORECASE)]


def opening(text: str) -> str:
    """Return the first words of a long text, cut between words where there is a space to cut at."""
    head = text[:_OPENING]
    cut = max(head.rfind(" "), head.rfind("\n"))
    return head[:cut] if cut > _OPENING // 2 else head
