"""The text of a post as Bluesky counts it and marks it: graphemes, bytes, links and mentions.

After https://docs.bsky.app/docs/advanced-guides/post-richtext: facets are counted in bytes of UTF-8.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import regex

from adapters.platforms.bluesky.names import HANDLE, is_handle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_GRAPHEMES: Final = 300
MOST_BYTES: Final = 3000

_GRAPHEME: Final = regex.compile(r"\X")
_LINK: Final = re.compile(r"(?<![^\s(\[{<\"'“‘«])https?://[^\s<>\"“”«»\x00-\x1f]{1,2000}", re.IGNORECASE)
_MENTION: Final = re.compile(rf"(?<![^\s(\[{{\"'“‘«])@({HANDLE})(?![A-Za-z0-9@_-])", re.ASCII)
_ENDS_A_SENTENCE: Final = ".,;:!?'’\"…؟،؛۔।"
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}


def measure(text: str) -> int:
    """Return the length as Bluesky counts it, in graphemes; above its limit where the bytes are too many."""
    graphemes = sum(1 for _ in _GRAPHEME.finditer(text))
    too_heavy = len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES
    return max(graphemes, MOST_GRAPHEMES + 1) if too_heavy else graphemes


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a text, from and to in characters, that is a link or a handle with its @."""

    start: int
    end: int
    text: str


def links(text: str) -> Iterator[Stretch]:
    """Yield the web addresses of a text, without the punctuation behind them."""
    for match in _LINK.finditer(text):
        found = _trimmed(match[0])
        if _leads_somewhere(found):
            yield Stretch(match.start(), match.start() + len(found), found)


def mentions(text: str) -> Iterator[Stretch]:
    """Yield the handles that are mentioned in a text."""
    for match in _MENTION.finditer(text):
        if is_handle(match[1]):
            yield Stretch(match.start(), match.end(), match[1].lower())


def facets(text: str, dids: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the marks of a text: its links, and the mentions of the handles that lead to an account."""
    found = [(s, {"$type": "app.bsky.richtext.facet#link", "uri": _address(s.text)}) for s in links(text)]
    found += [
        (s, {"$type": "app.bsky.richtext.facet#mention", "did": dids[s.text]})
        for s in mentions(text)
        if s.text in dids
    ]
    found.sort(key=lambda one: one[0].start)
    return [{"index": _bytes(text, stretch), "features": [feature]} for stretch, feature in found]


def _bytes(text: str, stretch: Stretch) -> dict[str, int]:
    start = len(text[: stretch.start].encode())
    return {"byteStart": start, "byteEnd": start + len(text[stretch.start : stretch.end].encode())}


def _address(link: str) -> str:
    scheme, rest = link.split("://", 1)
    return f"{scheme.lower()}://{rest}"


def _leads_somewhere(link: str) -> bool:
    try:
        return bool(urlsplit(link).hostname)
    except ValueError:
        return False


def _trimmed(link: str) -> str:
    while link[-1] in _ENDS_A_SENTENCE or (
        link[-1] in _PAIRS and link.count(link[-1]) > link.count(_PAIRS[link[-1]])
    ):
        link = link[:-1]
    return link
