"""One entry of a feed as a mention: what it is called, when it was posted, and its text made plain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from time import struct_time
from typing import Any, Final, cast
from urllib.parse import urljoin, urlsplit

from adapters.platforms.feed.plain import line, plain, tidy
from bot.domain.mention import MAX_TEXT, Author, Mention
from bot.domain.value import digest

#: Stands at the end of a text that was longer than we take.
CUT: Final = "\n[…]"
_LONGEST_ID: Final = 200
_LONGEST_AUTHOR: Final = 600
_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_WEB: Final = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)


class Unreadable(ValueError):
    """An entry that says nothing; the text is the reason."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where entries come from. `base` is the address that relative links are read by."""

    source: str
    platform: str
    base: str
    language: str | None
    now: datetime


def origin_of(feed: dict[str, Any], *, source: str, platform: str, base: str, now: datetime) -> Origin:
    """Return what the entries of `feed` have in common."""
    return Origin(source, platform, base, _language(feed.get("language")), now)


def mention_of(entry: dict[str, Any], origin: Origin) -> Mention:
    """Return an entry as a mention; raises `Unreadable` and `ValidationError`."""
    link = _link(entry, origin)
    text = _text(entry) or link
    if not text:
        raise Unreadable("an entry with neither a title, nor a text, nor a link")
    author = _author(entry)
    return Mention(
        source=origin.source,
        platform=origin.platform,
        id=_id(entry, link, text),
        # A feed's title is nobody's name: a draft would greet it, and "Google Alert - Brightloaf" would hide
        # the brand from the model.
        author=Author(
            handle=author or urlsplit(link or origin.base).hostname or origin.platform,
            name=author or None,
        ),
        text=text if len(text) <= MAX_TEXT else text[: MAX_TEXT - len(CUT)] + CUT,
        posted_at=min(_date(entry) or origin.now, origin.now),
        url=link,
        language=_spoken(entry) or origin.language,
    )


def _id(entry: dict[str, Any], link: str | None, text: str) -> str:
    """Return its own ID, else its address, else a name made of its text: the same when listed again."""
    own = _string(entry.get("id")) or link
    if own is None:
        return f"text-{digest(text)}"
    fits = len(own) <= _LONGEST_ID and own.isprintable() and " " not in own
    return own if fits else f"id-{digest(own)}"


def _link(entry: dict[str, Any], origin: Origin) -> str | None:
    own = _string(entry.get("link"))
    # What feedparser takes for a link because RSS says that an ID is one unless it says otherwise.
    if not own or (own == _string(entry.get("id")) and not _WEB.match(own)):
        return None
    try:
        link = urljoin(origin.base, own)
    except ValueError:
        return None
    return link if _WEB.match(link) and len(link) <= 2000 and link.isprintable() else None  # noqa: PLR2004 Mention.url


def _text(entry: dict[str, Any]) -> str:
    title = _shown(entry, "title")
    readable = ("text/", "application/xhtml")
    contents = [one for one in _parts(entry.get("content")) if str(one.get("type")).startswith(readable)]
    bodies = [_made_plain(one) for one in contents]
    body = max(bodies, key=len, default="") or _shown(entry, "summary")
    # Short posts have their beginning as the title, often with a mark where it was cut.
    begins, whole = _key(title.rstrip(" .…")), _key(body)
    was_cut = title.endswith(("…", "..."))
    if begins and whole.startswith(begins) and (was_cut or not whole[len(begins) :][:1].isalnum()):
        return body
    return "\n\n".join(part for part in (title, body) if part)


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()


def _shown(item: dict[str, Any], name: str) -> str:
    details = _parts([item.get(f"{name}_detail")])
    return _made_plain({"value": item.get(name), "type": details[0].get("type") if details else None})


def _made_plain(part: dict[str, Any]) -> str:
    value = _string(part.get("value"))
    return plain(value) if (part.get("type") or "text/html") in _HTML else tidy(value)


# An element that is called as one of feedparser's own names may put anything there.


def _parts(value: object) -> list[dict[str, Any]]:
    found = cast("list[object]", value) if isinstance(value, list) else []
    return [cast("dict[str, Any]", one) for one in found if isinstance(one, dict)]


def _string(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _author(entry: dict[str, Any]) -> str:
    """Return who wrote it, without their e-mail address where there is a name.

    From the words as they stand: feedparser's own division cuts addresses such as `ada@blog.example` in two.
    """
    told = line(_string(entry.get("author")))[:_LONGEST_AUTHOR]
    if found := re.fullmatch(r"\S+@\S+ \((.+)\)", told):
        return found[1].strip()[:300]
    name = re.sub(r" ?[(<][^\s()<>@]+@[^\s()<>]+[)>]", "", told).strip()
    return (name.partition("@")[0] if re.fullmatch(r"\S+@\S+", name) else name)[:300]


def _spoken(entry: dict[str, Any]) -> str | None:
    details = _parts([entry.get("title_detail"), entry.get("summary_detail")])
    spoken = (_language(part.get("language")) for part in (*details, *_parts(entry.get("content"))))
    return next((code for code in spoken if code), None)


def _language(tag: object) -> str | None:
    """Return the language of a tag such as `pt-BR`, `None` where it is none."""
    code = re.split("[-_]", _string(tag))[0].lower()
    return code if re.fullmatch("[a-z]{2,3}", code) else None


def _date(entry: dict[str, Any]) -> datetime | None:
    """Return when it was published, else updated; feedparser has counted its zone in."""
    for name in ("published_parsed", "created_parsed", "updated_parsed"):
        told = entry.get(name)
        if isinstance(told, struct_time):
            try:
                return datetime(*told[:5], min(told.tm_sec, 59), tzinfo=UTC)
            except ValueError:
                continue
    return None
