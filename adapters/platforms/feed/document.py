"""From bytes to the entries of a feed, in bounded time, whatever was served.

`feedparser` 6.0.14 reads the many dialects (https://feedparser.readthedocs.io/en/latest/). It is given text
that was decoded and cleaned here, and never a name: bytes that look like a path or an address it would open.
The text is within limits, as it takes long over many tags, and the square of the time over long words; its
failures come back as `PlatformRejected`.
"""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass
from typing import Any, Final, cast

from adapters.platforms.feed.plain import sane_references, sound
from bot.errors import PlatformRejected

#: Tags and references of a document that are read: 10,000 entries have about 120,000 tags. This many, broken
#: on purpose, take half a minute; references, such as the ones HTML is escaped with, cost a tenth of it.
MOST_TAGS: Final = 300_000
MOST_REFERENCES: Final = 1_500_000
#: Letters in a row that are read; looking for an e-mail address in more would take too long.
LONGEST_WORD: Final = 500

# Text codecs that a document may name. Python knows others (`idna`, `unicode_escape`), which are none of XML.
_CODECS: Final = re.compile(
    r"(?:utf-(?:8|16|32)(?:-[lb]e)?|ascii|iso8859-\d+|cp\d+|koi8-[rtu]|mac-\w+|gb\w+|big5\w*|euc_\w+|shift_jis\w*"
    r"|iso2022_\w+|tis-620|ptcp154|hz|johab)"
)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"),
)  # fmt: skip
_DECLARED: Final = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{1,40})["']""")
_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE)
_DECLARATION: Final = re.compile(r"\A\s*(?:<\?xml[^>]{0,1000}>)?\s*")
_WORD: Final = re.compile(rf"([a-zA-Z0-9_.+-]{{1,{LONGEST_WORD}}}+)[a-zA-Z0-9_.+-]*+")
_FIRST_ELEMENT: Final = re.compile(r"<\w")


@dataclass(frozen=True, slots=True)
class Document:
    """A feed as it was served. `flaw` says how its XML is broken, "" when it is not."""

    feed: dict[str, Any]
    entries: tuple[dict[str, Any], ...]
    flaw: str


def read_document(body: bytes, content_type: str) -> Document:
    """Return the entries of a feed; raises `PlatformRejected` for what is none. For a thread."""
    text = _checked(sane_references(sound(decoded(body, content_type))))
    parsed = _parsed(text.encode())
    entries = tuple(dict(entry) for entry in parsed["entries"])
    flaw = type(parsed.get("bozo_exception")).__name__ if parsed.get("bozo") else ""
    if not entries and (flaw or not parsed.get("version")):
        raise PlatformRejected(_not_a_feed(body, content_type, text, is_feed=bool(parsed.get("version"))))
    return Document(feed=dict(parsed["feed"]), entries=entries, flaw=flaw)


def decoded(body: bytes, content_type: str) -> str:
    """Return the text of a document: by its mark, as UTF-8 if it is sound, else as the server or it says.

    UTF-8 comes first: declarations are wrong more often than another encoding is sound UTF-8 by chance.
    """
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body.decode(codec, "replace").removeprefix("\ufeff")
    server, own = _CHARSET.search(content_type), _DECLARED.match(body)
    for codec in ("utf-8", server and server[1], own and own[1].decode("ascii")):
        try:
            if codec and _CODECS.fullmatch(codecs.lookup(codec).name):
                return body.decode(codec)
        except (LookupError, UnicodeError):
            continue
    # Most of it is UTF-8, or nobody said what it is: a wrong letter is better than none.
    named = any(found for found in (server, own))
    return body.decode("utf-8" if named or _mostly_utf8(body) else "cp1252", "replace")


def _mostly_utf8(body: bytes) -> bool:
    return body.decode("utf-8", "ignore").encode() != body.decode("ascii", "ignore").encode()


def _checked(text: str) -> str:
    """Return `text` behind a declaration of our own; raises `PlatformRejected` for what costs too much."""
    start = _DECLARATION.match(text)
    text = text[start.end() :] if start else text
    first = _FIRST_ELEMENT.search(text)
    # Billion laughs and files of ours as entities: no feed needs one of its own.
    if "<!ENTITY" in text[: first.start() if first else len(text)].upper():
        raise PlatformRejected("the feed declares XML entities of its own, which are not read")
    for sign, kind, most in (("<", "tags", MOST_TAGS), ("&", "references", MOST_REFERENCES)):
        if (count := text.count(sign)) > most:
            raise PlatformRejected(f"the feed has {count:,} {kind}; at most {most:,} are read")
    return "<?xml version='1.0' encoding='utf-8'?>\n" + _WORD.sub(r"\1", text)


def _parsed(body: bytes) -> dict[str, Any]:
    # Only who reads feeds needs it; importing it takes 20 ms. It has no types.
    import feedparser  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs]

    try:
        parsed: Any = feedparser.parse(  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
            io.BytesIO(body),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError) as problem:
        kind = type(problem).__name__
        raise PlatformRejected(f"the feed is broken where feedparser fails ({kind})") from problem
    return cast("dict[str, Any]", parsed)


def _not_a_feed(body: bytes, content_type: str, text: str, *, is_feed: bool) -> str:
    kind = "".join(letter for letter in content_type.partition(";")[0].strip()[:60] if letter.isprintable())
    came = f"{len(body):,} bytes of {kind or 'no declared type'}"
    if is_feed:
        return f"the feed's XML is broken before its first entry ({came})"
    if re.search(r"<(?:!doctype html|html|body)\b", text[:5000], re.IGNORECASE):
        return f"expected RSS or Atom, and an HTML page came ({came}); the page may name its feed's address"
    return f"expected RSS or Atom, and something else came ({came})"
