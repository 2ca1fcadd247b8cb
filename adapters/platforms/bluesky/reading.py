"""Make mentions of posts, native replies of our colleagues' records, and set aside what nobody can read."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError

from adapters.platforms.bluesky.names import is_handle, profile
from adapters.platforms.bluesky.shapes import Post, Record, Written
from adapters.platforms.bluesky.xrpc import PLATFORM
from bot.domain.mention import Author, Gone, Mention, Native, SetAside
from bot.domain.value import Moment

Item = Mention | Gone | Native
_MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)


class Desk:
    """Whose eyes it is read with: the source's name, our account, and where people read."""

    def __init__(self, *, source: str, did: str, site: str) -> None:
        self.source, self.did, self.site = source, did, site

    def item(self, post: Post) -> Item | None:
        """Return what a post is to us, `None` when it is our own."""
        if post.place.did == self.did:
            return None
        if post.hidden:
            return Gone(source=self.source, id=post.uri, at=post.indexed_at)
        return self.mention(post)

    def mention(self, post: Post) -> Mention:
        """Return a post as a mention: the same by whichever way it was found."""
        record, author = post.record, post.author
        shown = (
            author.handle if is_handle(author.handle) and author.handle != "handle.invalid" else author.did
        )
        return Mention(
            source=self.source,
            platform=PLATFORM,
            id=post.uri,
            author=Author(
                handle=shown,
                name=(author.display_name or "").strip()[:300] or None,
                url=profile(author.did, self.site),
                followers=author.followers_count,
            ),
            text=record.text,
            posted_at=post.at,
            url=post.place.on(self.site),
            in_reply_to=record.reply.parent.uri if record.reply else None,
            thread=record.reply.root.uri if record.reply else post.uri,
            tagged=record.names(self.did),
            language=language(record),
        )

    def native(self, written: Written) -> Native | None:
        """Return a reply of a colleague as our account, `None` for what answers nobody."""
        reply = written.value.reply
        if reply is None:
            return None
        return Native(
            source=self.source,
            id=written.uri,
            thread=reply.root.uri,
            in_reply_to=reply.parent.uri,
            text=written.value.text,
            at=written.value.created_at,
        )

    def set_aside(self, raw: Any, wrong: ValidationError, at: datetime) -> SetAside:
        """Return a bad item; the same one, read again, is the same value."""
        first = wrong.errors(include_url=False, include_input=False)[0]
        path = ".".join(str(part) for part in first["loc"])
        # Counts of likes and the like would make another item of it each time.
        parts = {name: part(raw, name) for name in ("uri", "record", "value")}
        return SetAside(
            source=self.source,
            reason=f"a post on {PLATFORM}, {path}: {first['msg']}"[:1000],
            raw=ascii(parts if isinstance(raw, dict) else raw)[:2000],
            at=time_of(raw) or at,
        )


def language(record: Record) -> str | None:
    """Return the first language an author says to write, without its region."""
    for tag in record.langs or ():
        code = (tag or "").split("-")[0].lower()
        if re.fullmatch(r"[a-z]{2,3}", code):
            return code
    return None


def time_of(raw: Any) -> datetime | None:
    """Return when a listed item was seen, or written where that is not said; `None` when it is unreadable.

    What an author claims would end the reading of a list early, so it counts for our own records alone.
    """
    seen = part(raw, "indexedAt") or part(part(raw, "value"), "createdAt")
    try:
        return _MOMENT.validate_python(seen) if isinstance(seen, str) else None
    except ValidationError:
        return None


def part(raw: Any, name: str) -> Any:
    """Return a part of an item that may be anything."""
    found = cast("dict[str, Any]", raw) if isinstance(raw, dict) else {}
    return found.get(name)
