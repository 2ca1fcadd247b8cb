"""RSS and Atom feeds: what others publish, read again and again; `docs/feeds.md` is the operator's page.

A feed has no order to read on by and lists old entries with the new, so the cursor carries a mark of every
entry that was listed: what is marked is not shown again, an entry with other words is. The marks outlive the
list by a thousand entries, for servers that do not agree on what is listed.
"""

from __future__ import annotations

import asyncio
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

import structlog
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from adapters.http import client
from adapters.platforms.feed.document import Document, read_document
from adapters.platforms.feed.entries import Unreadable, mention_of, origin_of
from adapters.platforms.feed.fetching import Fetcher, Resolve, resolved
from bot.domain.mention import Mention, SetAside
from bot.domain.value import digest
from bot.ports import Batch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    import httpx2

    from bot.domain.keywords import Keywords
    from bot.ports import Clock

__all__ = ["Feed"]

log = structlog.get_logger(__name__)

_NOT_MODIFIED: Final = 304
#: Characters of an entry's mark: 48 bits, so that of 10,000 entries two are taken for one in a billion feeds.
_MARK: Final = 8
_REMEMBERED: Final = 1000

_Validator = Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]{1,500}$")]


class _Cursor(BaseModel):
    """What is known of a feed. `marks` are of its entries, the others of the document at `url`."""

    model_config = ConfigDict(frozen=True)

    v: Literal[1] = 1
    url: str
    etag: _Validator | None = None
    modified: _Validator | None = None
    body: str | None = None
    marks: str = ""

    def seen(self) -> list[str]:
        return [self.marks[at : at + _MARK] for at in range(0, len(self.marks), _MARK)]


@dataclass(frozen=True, slots=True)
class _Listing:
    """What a document lists, newest first, without what is listed twice."""

    mentions: tuple[tuple[str, Mention], ...]
    bad: tuple[tuple[str, SetAside], ...]
    flaw: str


class Feed:
    """Reads one feed. Use it with `async with`. Without `keywords`, every entry is a mention."""

    def __init__(
        self,
        *,
        name: str,
        platform: str,
        url: str,
        keywords: Keywords | None,
        clock: Clock,
        transport: httpx2.AsyncBaseTransport | None = None,
        resolve: Resolve = resolved,
    ) -> None:
        """`url` is one of the web; `transport` and `resolve` stand in for the network in tests."""
        self.name = name
        self._platform, self._url, self._keywords, self._clock = platform, url, keywords, clock
        self._http = client(transport=transport)
        self._fetcher = Fetcher(self._http, url, resolve)
        self._told: str | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def fetch(self, since: str | None) -> Batch:
        """Return the entries that were not listed before, or in other words, oldest first."""
        known = self._read(since)
        answer = await self._fetcher.get(_conditions(known))
        self._tell_moved()
        if answer.status_code == _NOT_MODIFIED:
            return Batch(cursor=since)
        body = digest_of(answer.content)
        fresh = known.model_copy(update={"body": body, **_validators(answer)})
        if body == known.body:
            return Batch(cursor=fresh.model_dump_json())
        # Parsing and looking for words take seconds in a large feed; others wait for this loop meanwhile.
        return await asyncio.to_thread(self._batch, answer, known, fresh, self._clock())

    def _read(self, since: str | None) -> _Cursor:
        url = digest(self._url)
        blank = _Cursor(url=url)
        if since is None:
            return blank
        try:
            known = _Cursor.model_validate_json(since)
        except ValidationError:
            log.warning("feed_cursor_unreadable", source=self.name)
            return blank
        # Another address may give the same ETag to another document.
        return known if known.url == url else blank.model_copy(update={"marks": known.marks})

    def _tell_moved(self) -> None:
        moved = self._fetcher.moved
        if moved and moved != self._told:
            log.warning("feed_moved", source=self.name, to=moved, hint="put this address in levelhead.toml")
        self._told = moved

    def _listing(self, body: bytes, content_type: str, now: datetime) -> _Listing:
        document = read_document(body, content_type)
        mentions: dict[str, tuple[str, Mention]] = {}
        bad: list[tuple[str, SetAside]] = []
        for entry, read in self._entries(document, now):
            if isinstance(read, SetAside):
                bad.append((_mark(repr(entry)), read))
            else:
                mentions.setdefault(read.id, (_mark(f"{read.id}\n{read.text}"), read))
        return _Listing(tuple(mentions.values()), tuple(bad), document.flaw)

    def _entries(
        self, document: Document, now: datetime
    ) -> Iterator[tuple[dict[str, Any], Mention | SetAside]]:
        origin = origin_of(document.feed, source=self.name, platform=self._platform, base=self._url, now=now)
        for entry in document.entries:
            try:
                yield entry, mention_of(entry, origin)
            except Unreadable as wrong:
                yield entry, self._set_aside(entry, str(wrong), now)
            except ValidationError as wrong:
                first = wrong.errors(include_url=False, include_input=False)[0]
                path = ".".join(str(part) for part in first["loc"])
                yield entry, self._set_aside(entry, f"an entry's {path}: {first['msg']}", now)

    def _set_aside(self, entry: dict[str, Any], reason: str, now: datetime) -> SetAside:
        return SetAside(source=self.name, reason=reason[:1000], raw=repr(entry)[:2000], at=now)

    def _batch(self, answer: httpx2.Response, known: _Cursor, fresh: _Cursor, now: datetime) -> Batch:
        listing = self._listing(answer.content, answer.headers.get("content-type", ""), now)
        if listing.flaw:
            log.warning("feed_is_broken", source=self.name, flaw=listing.flaw, entries=len(listing.mentions))
        seen = known.seen()
        before = set(seen)
        new = [mention for mark, mention in reversed(listing.mentions) if mark not in before]
        new.sort(key=lambda mention: mention.posted_at)
        words = self._keywords
        listed = dict.fromkeys(mark for mark, _ in (*listing.mentions, *listing.bad))
        kept = [mark for mark in seen if mark not in listed][:_REMEMBERED]
        return Batch(
            items=tuple(mention for mention in new if words is None or words.found(mention.text)),
            cursor=fresh.model_copy(update={"marks": "".join((*listed, *kept))}).model_dump_json(),
            set_aside=tuple({mark: bad for mark, bad in listing.bad if mark not in before}.values()),
        )


def digest_of(body: bytes) -> str:
    """Return what a document is known by where its server has no ETag."""
    return sha256(body).hexdigest()[:32]


def _mark(text: str) -> str:
    return urlsafe_b64encode(sha256(text.encode("utf-8", "replace")).digest())[:_MARK].decode()


def _conditions(known: _Cursor) -> dict[str, str]:
    found = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    return {name: value for name, value in found.items() if value}


def _validators(answer: httpx2.Response) -> dict[str, str | None]:
    """Return the ETag, weak ones too, and the date of a document, where they can be sent back."""
    found: dict[str, str | None] = {}
    for name, header in (("etag", "etag"), ("modified", "last-modified")):
        value = answer.headers.get(header, "")
        found[name] = value if 0 < len(value) <= 500 and value.isascii() and value.isprintable() else None  # noqa: PLR2004
    return found
