"""Post an answer under a key of ours, so that a second try finds the first, and say whether it stands.

After https://docs.bsky.app/docs/advanced-guides/posts and https://docs.bsky.app/docs/api/com-atproto-repo-create-record:
a server fails (500) when the record key is taken. Another one might write over it, so it is looked at first.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from adapters.platforms.bluesky.names import POSTS, Place, record_key
from adapters.platforms.bluesky.shapes import Created, Post, Posts, Resolved, Written
from adapters.platforms.bluesky.words import MOST_BYTES, MOST_GRAPHEMES, facets, measure, mentions
from adapters.platforms.bluesky.xrpc import PLATFORM, Xrpc, read, reason
from bot.domain.delivery import Receipt
from bot.errors import MentionGone, PlatformError, PlatformRejected, PlatformSilent
from bot.ports import NotThere, Unknown

if TYPE_CHECKING:
    from bot.domain.mention import Mention
    from bot.ports import Clock


class Writing:
    """Writes into the account's own records."""

    def __init__(self, xrpc: Xrpc, *, site: str, clock: Clock) -> None:
        self._xrpc, self._site, self._clock = xrpc, site, clock

    async def reply(self, to: Mention, text: str, key: str) -> Receipt:
        """Post `text` under `to`, or return the receipt of what stands under `key` already."""
        _check(text)
        before = await self._standing(key)
        if isinstance(before, Receipt):
            return before
        record = await self._record(to, text)
        try:
            return await self._create(record, key)
        except (PlatformSilent, PlatformRejected) as problem:
            # A key that is taken comes as one of the two: another try of the same reply was first.
            try:
                there = await self.find(key)
            except PlatformError:
                raise problem from None
            if isinstance(there, Receipt):
                return there
            raise

    async def find(self, key: str) -> Receipt | NotThere | Unknown:
        """Say what stands under `key`; raises `PlatformBusy` when the server cannot be asked now."""
        try:
            return await self._standing(key)
        except PlatformRejected:
            return Unknown()

    async def _standing(self, key: str) -> Receipt | NotThere:
        query = {"repo": await self._xrpc.did(), "collection": POSTS, "rkey": record_key(key)}
        try:
            written = await self._xrpc.ask("com.atproto.repo.getRecord", Written, **query)
        except PlatformRejected as no:
            if reason(no) == "RecordNotFound":
                return NotThere()
            raise
        if written.uri != str(Place(query["repo"], query["rkey"])):
            raise PlatformRejected(f"{PLATFORM} answered with another record than the one asked for")
        return self._receipt(written)

    async def _create(self, record: dict[str, Any], key: str) -> Receipt:
        place = Place(await self._xrpc.did(), record_key(key))
        body = {"repo": place.did, "collection": POSTS, "rkey": place.key, "record": record}
        answer = await self._xrpc.tell("com.atproto.repo.createRecord", body)
        try:
            created = read(Created, answer)
        except PlatformRejected as wrong:
            # It said yes, and we cannot read to what.
            raise PlatformSilent(f"{PLATFORM} took the reply and answered in a way we do not know") from wrong
        if created.uri != str(place):
            raise PlatformSilent(f"{PLATFORM} took the reply and put it in another place")
        return self._receipt(Written.model_validate({"uri": created.uri, "value": record}))

    async def _record(self, to: Mention, text: str) -> dict[str, Any]:
        post = await self._target(to)
        parent = {"uri": post.uri, "cid": post.cid}
        root = post.record.reply.root.model_dump() if post.record.reply else parent
        at = self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        record: dict[str, Any] = {"$type": POSTS, "text": text, "createdAt": at}
        record["reply"] = {"root": root, "parent": parent}
        if marks := facets(text, await self._dids(text)):
            record["facets"] = marks
        if to.language:
            record["langs"] = [to.language]
        return record

    async def _target(self, to: Mention) -> Post:
        """Return the post to answer as it stands now."""
        place = Place.read(to.id)
        if place is None:
            raise PlatformRejected(f"{to.id!r} is not the address of a post on {PLATFORM}")
        found = await self._xrpc.ask("app.bsky.feed.getPosts", Posts, uris=[str(place)])
        if not found.posts:
            raise MentionGone(f"{PLATFORM} no longer shows the post to answer")
        try:
            post = Post.model_validate(found.posts[0])
        except ValidationError:
            raise PlatformRejected(f"{PLATFORM} answered in a way we do not know") from None
        if post.place != place or post.hidden:
            raise MentionGone(f"{PLATFORM} no longer shows the post to answer")
        if post.viewer and post.viewer.reply_disabled:
            raise PlatformRejected("the author has limited who may answer, and we may not")
        return post

    async def _dids(self, text: str) -> dict[str, str]:
        """Return the accounts behind the handles of a text; one that leads nowhere stays plain text."""
        found: dict[str, str] = {}
        for handle in {stretch.text for stretch in mentions(text)}:
            try:
                account = await self._xrpc.ask("com.atproto.identity.resolveHandle", Resolved, handle=handle)
            except PlatformError:
                continue
            found[handle] = account.did
        return found

    def _receipt(self, written: Written) -> Receipt:
        place = Place.read(written.uri)
        url = place.on(self._site) if place else None
        return Receipt(id=written.uri, url=url, at=written.value.created_at, text=written.value.text)


def _check(text: str) -> None:
    length, weight = measure(text), len(text.encode("utf-8", "surrogatepass"))
    if weight > MOST_BYTES:
        raise PlatformRejected(f"the reply has {weight:,} bytes; {PLATFORM} takes at most {MOST_BYTES:,}")
    if length > MOST_GRAPHEMES:
        raise PlatformRejected(
            f"the reply has {length} characters; {PLATFORM} takes at most {MOST_GRAPHEMES}"
        )
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise PlatformRejected("the reply has half a character in it, which nobody can send")
