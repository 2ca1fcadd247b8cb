"""The square's JSON API: what it lets a company's software read and write."""

from __future__ import annotations

import asyncio
import hmac
import json
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from aiohttp import web

from adapters.square.model import NoSuchPost, post_number

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from adapters.square.model import Account, Call, Event, Post
    from adapters.square.site import Site

#: Where the door mounts the square.
PREFIX = "/square"

_MAX_EVENTS = 200
_MAX_KEY = 200
_RETRY_AFTER = 1  # seconds
_MAX_CURSOR = (1 << 62) - 1


class Api:
    """The JSON half of the square. `token` is the company account's; it opens every write."""

    def __init__(self, site: Site, token: str) -> None:
        """Raises `ValueError` on an empty token: it would let in everybody who sends none."""
        if not token:
            raise ValueError("the company account needs a token that is not empty")
        self._site, self._token = site, token

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, without the prefix the door adds."""
        return [
            web.get("/api/mentions", self.mentions),
            web.get("/api/posts", self.find),
            web.post("/api/posts", self.reply),
            web.get("/api/posts/{id}", self.show),
            web.delete("/api/posts/{id}", self.delete),
            web.post("/api/posts/{id}/moderation", self.moderate),
        ]

    async def mentions(self, request: web.Request) -> web.Response:
        """Answer what happened after `since` that concerns the company, and where to read next."""
        since = _number(request, "since", default=0, lowest=0, highest=_MAX_CURSOR)
        limit = _number(request, "limit", default=100, lowest=1, highest=_MAX_EVENTS)
        async with self._day(request, "read"):
            private = self._is_company(request)
            events = await self._site.run(self._site.mentions, since, limit, private=private)
            shown = [event_json(event, origin(request)) for event in events]
            return web.json_response({"events": shown, "next": events[-1].seq if events else since})

    async def show(self, request: web.Request) -> web.Response:
        """Answer one post as it is now, with what was said in its thread after it."""
        async with self._day(request, "read"):
            private = self._is_company(request)
            thread = await self._site.run(self._site.thread, request.match_info["id"], private=private)
            number = post_number(request.match_info["id"])
            post = next(post for post in thread if int(post.id) == number)
            later = [reply for reply in thread if int(reply.id) > number and reply.deleted_at is None]
            shown = post_json(post, origin(request)) | {"replies": [_reply_json(reply) for reply in later]}
            return web.json_response(shown)

    async def find(self, request: web.Request) -> web.Response:
        """Answer the company's post made with a key; 404 is certain that there is none."""
        key = request.query.get("key", "")
        if not key:
            raise web.HTTPBadRequest(reason="expected ?key= with the Idempotency-Key of a post")
        async with self._day(request, "read"):
            post = await self._site.run(self._site.company_post, key)
            if post is None or (post.private_with is not None and not self._is_company(request)):
                raise NoSuchPost("no post was made with this key")
            return web.json_response(post_json(post, origin(request)))

    async def reply(self, request: web.Request) -> web.Response:
        """Post for the company: 201 the first time, 200 with the same post for a key used before."""
        self._authorize(request)
        key = _key(request)
        text, parent, private = await _reply_body(request)
        async with self._day(request, "write"):
            reply = partial(self._site.reply_as_company, private=private)
            post, made = await self._site.run(reply, text, parent, key)
            return web.json_response(post_json(post, origin(request)), status=201 if made else 200)

    async def delete(self, request: web.Request) -> web.Response:
        """Delete one of the company's own posts; again is as good as once."""
        self._authorize(request)
        async with self._day(request, "write"):
            await self._site.run(self._site.delete, request.match_info["id"], by=self._site.company.handle)
            return web.Response(status=204)

    async def moderate(self, request: web.Request) -> web.Response:
        """Hide a post under the company's own, mute or block its author, or report it; again is as once."""
        self._authorize(request)
        key, how = _key(request), (await _object(request)).get("how")
        if not isinstance(how, str):
            raise web.HTTPBadRequest(reason="expected how, a string")
        async with self._day(request, "write"):
            await self._site.run(self._site.moderate, request.match_info["id"], how, key)
            return web.Response(status=204)

    def _is_company(self, request: web.Request) -> bool:
        given = request.headers.get("Authorization", "")
        # Bytes: a comparison of texts refuses letters beyond ASCII, and says so with a crash.
        expected = f"Bearer {self._token}".encode()
        return hmac.compare_digest(given.encode(errors="surrogateescape"), expected)

    def _authorize(self, request: web.Request) -> None:
        if not self._is_company(request):
            raise web.HTTPUnauthorized(
                reason="expected the company account's bearer token", headers={"WWW-Authenticate": "Bearer"}
            )

    @asynccontextmanager
    async def _day(self, request: web.Request, call: Call) -> AsyncGenerator[None]:
        # A platform on a good day, or on the bad one somebody asked for.
        fault = self._site.take_fault(call)
        kind = fault.kind if fault else None
        if kind == "busy":
            raise web.HTTPTooManyRequests(reason="too busy", headers={"Retry-After": str(_RETRY_AFTER)})
        if kind == "error":
            raise web.HTTPInternalServerError(reason="something went wrong on our side")
        if fault is not None and kind == "slow":
            await asyncio.sleep(fault.wait)
        yield
        if kind == "lost" and request.transport is not None:
            request.transport.abort()


def origin(request: web.Request) -> str:
    """Return scheme and host as this client reached us, so the addresses we hand out work for it."""
    return f"{request.scheme}://{request.host}"


def address(post: Post) -> str:
    """Return where a page shows this post: what is private stands with its author."""
    if post.private_with is not None:
        return f"{PREFIX}/@{quote(post.private_with)}#post-{post.id}"
    return f"{PREFIX}/posts/{post.id}"


def post_json(post: Post, base: str) -> dict[str, Any]:
    """Return a post as the API shows it; a deleted one has an empty text."""
    return {
        "id": post.id,
        "text": post.text,
        "language": post.language,
        "created_at": post.created_at.isoformat(),
        "edited_at": post.edited_at.isoformat() if post.edited_at else None,
        "deleted": post.deleted_at is not None,
        "revision": post.revision,
        "in_reply_to": post.in_reply_to,
        "thread": post.thread,
        "tagged": post.tagged,
        "via": post.via,
        "private_with": post.private_with,
        "on_company_page": post.on_company_page,
        "hidden": post.hidden,
        "url": f"{base}{address(post)}",
        "author": _author_json(post.author, base),
    }


def event_json(event: Event, base: str) -> dict[str, Any]:
    """Return an event as the API shows it; a deletion names the post and its thread, nothing else."""
    post = event.post
    if event.kind == "deleted":
        gone = {"id": post.id, "thread": post.thread, "deleted": True}
        return {"seq": event.seq, "kind": event.kind, "post": gone}
    return {"seq": event.seq, "kind": event.kind, "post": post_json(post, base)}


def _author_json(author: Account, base: str) -> dict[str, Any]:
    return {
        "handle": author.handle,
        "name": author.name,
        "followers": author.followers,
        "profile_url": f"{base}{PREFIX}/@{quote(author.handle)}",
        "is_company": author.is_company,
    }


def _reply_json(reply: Post) -> dict[str, Any]:
    return {
        "id": reply.id,
        "author": reply.author.handle,
        "is_company": reply.author.is_company,
        "via": reply.via,
        "private_with": reply.private_with,
        "created_at": reply.created_at.isoformat(),
    }


def _number(request: web.Request, name: str, *, default: int, lowest: int, highest: int) -> int:
    given = request.query.get(name, str(default))
    # Digits first: reading a number of a million of them would take its time.
    digits = given.isascii() and given.isdigit() and len(given) <= len(str(_MAX_CURSOR))
    if not digits or not lowest <= int(given) <= highest:
        raise web.HTTPBadRequest(reason=f"expected {name} to be a whole number from {lowest} to {highest}")
    return int(given)


def _key(request: web.Request) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not (0 < len(key) <= _MAX_KEY and key.isascii() and key.isprintable()):
        raise web.HTTPBadRequest(
            reason=f"expected an Idempotency-Key header of 1 to {_MAX_KEY} printable characters"
        )
    return key


async def _object(request: web.Request) -> dict[str, Any]:
    try:
        body: Any = json.loads(await request.read())
    except (ValueError, RecursionError) as error:
        raise web.HTTPBadRequest(reason="expected a JSON object") from error
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(reason="expected a JSON object")
    return cast("dict[str, Any]", body)


async def _reply_body(request: web.Request) -> tuple[str, str | None, bool]:
    said = await _object(request)
    text, parent = said.get("text"), said.get("in_reply_to")
    if not isinstance(text, str) or not isinstance(parent, str | None):
        raise web.HTTPBadRequest(reason="expected text, and in_reply_to as a post's ID or null, both strings")
    private = said.get("private", False)
    if not isinstance(private, bool) or (private and parent is None):
        raise web.HTTPBadRequest(reason="expected private as true or false, and true only with in_reply_to")
    return text, parent, private
