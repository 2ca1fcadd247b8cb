"""HTML made plain: what a reader of the page would see, in lines.

The scanner is our own because `html.parser` takes time by the square of an unclosed tag's or comment's length
(60 kB of `<a ` took it 34 s on Python 3.11.7), and whoever writes into a feed chooses that text. Here every
character is looked at a bounded number of times, and nothing recurses.
"""

from __future__ import annotations

import html
import re
import sys
from typing import Final

#: Their content is no text, whatever it looks like; it ends at the first end tag.
_RAW: Final = frozenset({"script", "style", "iframe", "noembed", "noframes", "xmp", "title"})
#: Their content is not shown; they may stand inside each other.
_UNSEEN: Final = frozenset(
    {"head", "template", "object", "svg", "math", "audio", "video", "canvas", "select"}
)
_VOID: Final = frozenset(
    {"br", "hr", "img", "input", "wbr", "source", "meta", "link", "col", "embed", "area"}
)
_LINES: Final = frozenset({"br", "li", "tr", "dt", "dd", "option", "caption"})
_BLOCKS: Final = frozenset({
    "address", "article", "aside", "blockquote", "center", "details", "div", "dl", "fieldset", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p",
    "pre", "section", "summary", "table", "tbody", "thead", "tfoot", "ul",
})  # fmt: skip

# A tag whose quotes close nearby; `++` and `*+` give nothing back.
_TAG: Final = re.compile(r"""</?[a-zA-Z](?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
_NEARBY: Final = 1000
_NAME: Final = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:-]*+)")
_ATTRIBUTE: Final = re.compile(r"""([a-zA-Z-]++)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"'>]*+))?""")
_HIDDEN: Final = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"&#(?:0*+([0-9]++)|[xX]0*+([0-9a-fA-F]++));?")
_MOST_DIGITS: Final = 7
_UNSOUND: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]")
_WEB: Final = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)


def sound(text: str) -> str:
    """Return `text` as it can be stored: no half characters, no control characters."""
    return _CONTROL.sub("", _UNSOUND.sub("\N{REPLACEMENT CHARACTER}", text))


def sane_references(text: str) -> str:
    """Return `text` with a mark for every numeric reference that names no character one can store."""
    return _NUMBER.sub(_sane, text)


def _sane(reference: re.Match[str]) -> str:
    digits, base = (reference[1], 10) if reference[1] else (reference[2], 16)
    number = int(digits, base) if len(digits) <= _MOST_DIGITS else sys.maxsize
    fits = number <= sys.maxunicode and sound(chr(number)) == chr(number)
    return reference[0] if fits else "\N{REPLACEMENT CHARACTER}"


def line(text: str) -> str:
    """Return `text` on one line."""
    return " ".join(sound(text).split())


def tidy(text: str) -> str:
    """Return `text` with at most one empty line in a row and one space between words."""
    lines = [
        " ".join(part.split()) for part in sound(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ]
    kept = [part for at, part in enumerate(lines) if part or (at and lines[at - 1])]
    return "\n".join(kept).strip()


def plain(source: str) -> str:
    """Return the text of `source`, HTML of whatever quality."""
    page = _Page(source)
    page.read()
    return tidy("".join(page.out))


class _Page:
    """One pass over a piece of HTML. `out` is what was seen so far."""

    def __init__(self, source: str) -> None:
        self.out: list[str] = []
        self._source, self._at = source, 0
        self._unseen = ""  # the element that hides what stands in it
        self._depth = 0
        self._lists: list[int | None] = []  # the next number of each open list, None for one of bullets
        self._link: tuple[str, int] | None = None  # the address of an open link, and what was out before it
        self._pre = 0

    def read(self) -> None:
        last = self._source.rfind(">")
        while self._at <= last:
            start = self._source.find("<", self._at, last)
            if start < 0:
                break
            self._text(self._source[self._at : start])
            self._at = start
            self._markup()
        # No tag ends after here: what looks like the beginning of one is somebody's `<`.
        self._text(self._source[self._at :])

    def _markup(self) -> None:
        source, start = self._source, self._at
        if source.startswith("<!--", start):
            self._skip_past("-->", start + 4)
        elif _NAME.match(source, start):
            found = _TAG.match(source, start, start + _NEARBY)
            # A quote that does not close nearby never does: the tag ends where it seems to.
            self._at = found.end() if found else source.index(">", start) + 1
            self._tag(source[start : self._at])
        elif source[start + 1] in "!?/":
            self._skip_past(">", start)
        else:
            self._text("<")
            self._at = start + 1

    def _skip_past(self, end: str, start: int) -> None:
        found = self._source.find(end, start)
        self._at = found + len(end) if found >= 0 else len(self._source)

    def _tag(self, tag: str) -> None:
        found = _NAME.match(tag)
        name = found[1].lower() if found else ""
        closes = tag.startswith("</")
        if self._unseen:
            if name == self._unseen and not tag.endswith("/>"):
                self._depth += -1 if closes else 1
                self._unseen = self._unseen if self._depth else ""
        elif closes:
            self._close(name)
        elif name in _RAW:
            end = re.compile(f"</{name}", re.IGNORECASE).search(self._source, self._at)
            self._at = end.start() if end else len(self._source)
        else:
            self._open(name, tag)

    def _open(self, name: str, tag: str) -> None:
        attributes = _attributes(tag, found.end()) if (found := _NAME.match(tag)) else {}
        if name not in _VOID and not tag.endswith("/>") and (name in _UNSEEN or _is_hidden(attributes)):
            self._unseen, self._depth = name, 1
            return
        self._break(name)  # before the list is open: in a list, lines are enough
        if name in {"ul", "ol"}:
            self._lists.append(1 if name == "ol" else None)
        elif name == "li":
            self._item()
        elif name == "a":
            self._link = (attributes.get("href", "").strip(), len(self.out))
        elif name == "img":
            self._text(attributes.get("alt", ""))
        elif name == "pre":
            self._pre += 1
        elif name in {"td", "th"}:
            self.out.append(" ")

    def _close(self, name: str) -> None:
        if name == "a" and self._link:
            address, before = self._link
            self._link = None
            if _WEB.match(address) and not "".join(self.out[before:]).strip():
                self.out.append(address)
        elif name in {"ul", "ol"} and self._lists:
            self._lists.pop()
        elif name == "pre":
            self._pre = max(0, self._pre - 1)
        if name not in _LINES:
            self._break(name)

    def _break(self, name: str) -> None:
        if name in _LINES:
            self.out.append("\n")
        elif name in _BLOCKS and not self._lists:
            self.out.append("\n\n")

    def _item(self) -> None:
        number = self._lists[-1] if self._lists else None
        if number is None:
            self.out.append("- ")
        else:
            self.out.append(f"{number}. ")
            self._lists[-1] = number + 1

    def _text(self, raw: str) -> None:
        if self._unseen or not raw:
            return
        text = html.unescape(sane_references(raw))
        if not self._pre:
            # Inside a paragraph, a line end is a space; one that a tag made stays.
            text = re.sub(r"[\r\n]", " ", text)
        self.out.append(text)


def _attributes(tag: str, start: int) -> dict[str, str]:
    found = _ATTRIBUTE.finditer(tag, start)
    return {
        match[1].lower(): html.unescape(sane_references((match[2] or "").strip("\"'"))) for match in found
    }


def _is_hidden(attributes: dict[str, str]) -> bool:
    return "hidden" in attributes or _HIDDEN.search(attributes.get("style", "")) is not None
