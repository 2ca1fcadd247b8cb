"""Look at a post and at what was said below it, just before an answer goes out.

After https://docs.bsky.app/docs/api/app-bsky-feed-get-post-thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, cast

from pydantic import ValidationError

from adapters.platforms.bluesky.names import Place, is_ours
from adapters.platforms.bluesky.shapes import Post, Thread
from adapters.platforms.bluesky.xrpc import PLATFORM, Xrpc, reason
from bot.domain.events import Message
from bot.errors import PlatformRejected
from bot.ports import Look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.platforms.bluesky.reading import Desk
    from bot.domain.mention import Mention

#: Answers to answers that are looked at.
_DEPTH: Final = 10
#: Of a long talk, the newest messages that are looked at.
_NEWEST: Final = 20
_NOT_SHOWN: Final = frozenset({"app.bsky.feed.defs#notFoundPost", "app.bsky.feed.defs#blockedPost"})


async def look(xrpc: Xrpc, desk: Desk, mention: Mention) -> Look:
    """Return the mention and what its author and our colleagues said below it.

    It is gone when it was deleted, when the moderators hid it, when its account is no more, and when one of
    us blocks the other: nobody could answer it then.
    """
    place = Place.read(mention.id)
    if place is None:
        raise PlatformRejected(f"{mention.id!r} is not the address of a post on {PLATFORM}")
    query = {"uri": str(place), "depth": str(_DEPTH), "parentHeight": "0"}
    try:
        answer = await xrpc.ask("app.bsky.feed.getPostThread", Thread, **query)
    except PlatformRejected as no:
        if reason(no) == "NotFound":
            return Look(text=None)
        raise
    if answer.thread.get("$type") in _NOT_SHOWN:
        return Look(text=None)
    post = _post(answer.thread)
    if post is None:
        raise PlatformRejected(f"{PLATFORM} answered in a way we do not know")
    if post.hidden:
        return Look(text=None)
    said = sorted(_said(answer.thread, desk, post.place.did), key=lambda message: (message.at, message.id))
    return Look(text=post.record.text, since=tuple(said[-_NEWEST:]))


def _said(thread: dict[str, Any], desk: Desk, author: str) -> Iterator[Message]:
    for node in _below(thread):
        post = _post(node)
        if post is None or post.hidden:
            continue
        message = _message(post, desk, author)
        if message:
            yield message


def _message(post: Post, desk: Desk, author: str) -> Message | None:
    by: Literal["author", "colleague"] = "colleague" if post.place.did == desk.did else "author"
    if post.place.did not in {author, desk.did} or (by == "colleague" and is_ours(post.place.key)):
        return None
    try:
        return Message(id=post.uri, by=by, text=post.record.text, at=post.at)
    except ValidationError:  # longer than anything we take in; it is set aside where it is fetched
        return None


def _below(thread: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every node below one, without regard to how deep they stand."""
    waiting = [thread]
    while waiting:
        replies: Any = waiting.pop().get("replies")
        listed = cast("list[Any]", replies) if isinstance(replies, list) else []
        nodes = [cast("dict[str, Any]", node) for node in listed if isinstance(node, dict)]
        yield from nodes
        waiting += nodes


def _post(node: dict[str, Any]) -> Post | None:
    try:
        return Post.model_validate(node.get("post"))
    except ValidationError:
        return None
