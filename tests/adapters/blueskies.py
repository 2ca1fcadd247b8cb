"""A small Bluesky to test against, for what the real one cannot be made to do: it fails on demand.

It keeps sessions, one account's records and lists of posts, and answers as `com.atproto` and `app.bsky` do.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx2

from adapters.platforms.bluesky import Bluesky
from bot.domain.mention import Mention
from tests.builders import a_mention

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
US = "did:plc:brightloaf"
ADA = "did:plc:ada"
POSTS = "app.bsky.feed.post"
PASSWORD = "an-app-password"

Answer = httpx2.Response | Exception | Callable[[], Any]


def post(text: str = "late again", key: str = "3lada", did: str = ADA, **more: Any) -> dict[str, Any]:
    """A post as lists show it. `reply`, `facets`, `embed` and the like go into its record."""
    at = more.pop("at", NOON)
    shown = {
        "uri": f"at://{did}/{POSTS}/{key}",
        "cid": f"bafy{key}",
        "author": {
            "did": did,
            "handle": more.pop("handle", "ada.test"),
            "displayName": more.pop("name", "Ada"),
        },
        "indexedAt": more.pop("indexed", at.isoformat()),
        "reason": more.pop("reason", "mention"),
    }
    shown |= {name: more.pop(name) for name in ("labels", "viewer") if name in more}
    return {**shown, "record": {"$type": POSTS, "text": text, "createdAt": at.isoformat(), **more}}


def under(parent: dict[str, Any], root: dict[str, Any] | None = None) -> dict[str, Any]:
    """The `reply` of a record under `parent`."""
    refs = {
        name: {"uri": to["uri"], "cid": to["cid"]}
        for name, to in (("parent", parent), ("root", root or parent))
    }
    return {"reply": refs}


NAMES_US = {"facets": [{"index": {"byteStart": 0, "byteEnd": 1}, "features": [{"did": US}]}]}


class Fake:
    """What the network holds, what it was asked, and how it fails next."""

    def __init__(self, clock: Callable[[], datetime] = lambda: NOON) -> None:
        self.clock = clock
        self.named: list[dict[str, Any]] = []
        self.found: list[dict[str, Any]] = []
        self.shown: dict[str, dict[str, Any]] = {}
        self.below: dict[str, list[Any]] = {}
        self.records: dict[str, dict[str, Any]] = {}
        self.handles: dict[str, str] = {}
        self.asked: list[str] = []
        self.bodies: list[Any] = []
        self.page = 100
        self.access, self.refresh, self.made = "access-0", "refresh-0", 0
        self.fails: dict[str, list[Answer]] = {}

    def bluesky(self, **more: Any) -> Bluesky:
        settings: dict[str, Any] = {"name": "sky", "account": "brightloaf.test", "password": PASSWORD}
        transport = httpx2.MockTransport(self.handle)
        return Bluesky(**{**settings, "clock": self.clock, "transport": transport, **more})

    def fail(self, method: str, *answers: Answer) -> None:
        """Let the next calls of a method end so; a callable does what it does, and then the call goes on."""
        self.fails.setdefault(method, []).extend(answers)

    def show(self, *posts: dict[str, Any]) -> None:
        self.shown |= {one["uri"]: one for one in posts}

    def times(self, method: str) -> int:
        return self.asked.count(method)

    async def handle(self, request: httpx2.Request) -> httpx2.Response:
        await asyncio.sleep(0)  # others get their turn, as on a real network
        assert request.url.host == "bsky.social"
        method = request.url.path.removeprefix("/xrpc/").rsplit(".", 1)[-1]
        self.asked.append(method)
        body = json.loads(request.content) if request.content else {}
        self.bodies.append(body)
        if (failed := self._failed(method)) is not None:
            return failed
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if method not in {"createSession", "refreshSession"} and token != self.access:
            return no(400, "ExpiredToken")
        query = {name: values[0] for name, values in parse_qs(request.url.query.decode()).items()}
        return getattr(self, f"_{method}")(query, body, token)

    def _failed(self, method: str) -> httpx2.Response | None:
        waiting = self.fails.get(method, [])
        answer = waiting.pop(0) if waiting else None
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            answer()
            return self._failed(method)
        return answer

    def _createSession(self, query: Any, body: Any, token: str) -> httpx2.Response:  # noqa: N802 theirs
        if body != {"identifier": "brightloaf.test", "password": PASSWORD}:
            return no(401, "AuthenticationRequired")
        return self._session()

    def _refreshSession(self, query: Any, body: Any, token: str) -> httpx2.Response:  # noqa: N802 theirs
        return self._session() if token == self.refresh else no(400, "ExpiredToken")

    def _session(self) -> httpx2.Response:
        self.made += 1
        self.access, self.refresh = f"access-{self.made}", f"refresh-{self.made}"
        told = {"did": US, "handle": "brightloaf.test", "active": True}
        elsewhere = {"service": [{"id": "#atproto_pds", "serviceEndpoint": "https://evil.example"}]}
        return yes({**told, "accessJwt": self.access, "refreshJwt": self.refresh, "didDoc": elsewhere})

    def _listNotifications(self, query: Any, body: Any, token: str) -> httpx2.Response:  # noqa: N802 theirs
        return self._listed("notifications", self.named, query)

    def _searchPosts(self, query: Any, body: Any, token: str) -> httpx2.Response:  # noqa: N802 theirs
        word = query["q"].strip('"').lower()
        return self._listed(
            "posts", [one for one in self.found if word in one["record"]["text"].lower()], query
        )

    def _listRecords(self, query: Any, body: Any, token: str) -> httpx2.Response:  # noqa: N802 theirs
        keys = sorted(self.records, reverse=True)
        return self._listed("records", [self._record(key) for key in keys], query)

    def _listed(self, name: str, items: list[Any], query: Any) -> httpx2.Response:
        start = int(query.get("cursor", 0))
        more = {"cursor": str(start + self.page)} if len(items) > start + self.page else {}
        return yes({name: items[start : start + self.page], **more})

    def _getProfiles(self, query: Any, body: Any, token: str) -> httpx2.Response:  # noqa: N802 theirs
        return yes({"profiles": [{"did": query["actors"], "handle": "ada.test", "followersCount": 7}]})

    def _getPosts(self, query: Any, body: Any, token: str) -> httpx2.Response:  # noqa: N802 theirs
        return yes({"posts": [self.shown[query["uris"]]] if query["uris"] in self.shown else []})

    def _getPostThread(self, query: Any, body: Any, token: str) -> httpx2.Response:  # noqa: N802 theirs
        if query["uri"] not in self.shown:
            return no(400, "NotFound")
        replies = self.below.get(query["uri"], [])
        return yes({"thread": {"post": self.shown[query["uri"]], "replies": replies}})

    def _resolveHandle(self, query: Any, body: Any, token: str) -> httpx2.Response:  # noqa: N802 theirs
        did = self.handles.get(query["handle"])
        return yes({"did": did}) if did else no(400, "InvalidRequest")

    def _getRecord(self, query: Any, body: Any, token: str) -> httpx2.Response:  # noqa: N802 theirs
        key = query["rkey"]
        return yes(self._record(key)) if key in self.records else no(400, "RecordNotFound")

    def _createRecord(self, query: Any, body: Any, token: str) -> httpx2.Response:  # noqa: N802 theirs
        if body["rkey"] in self.records:
            return no(500, "InternalServerError")
        self.records[body["rkey"]] = body["record"]
        return yes({"uri": f"at://{US}/{POSTS}/{body['rkey']}", "cid": "bafynew"})

    def _record(self, key: str) -> dict[str, Any]:
        return {"uri": f"at://{US}/{POSTS}/{key}", "cid": "bafyours", "value": self.records[key]}


def mention(of: dict[str, Any] | None = None, **changes: Any) -> Mention:
    """The mention of a post, as far as answering it needs."""
    uri = (of or post())["uri"]
    return a_mention(**{"source": "sky", "platform": "bluesky", "id": uri, "url": None, **changes})


async def read(fake: Fake, since: str | None = None, **more: Any) -> list[Any]:
    async with fake.bluesky(**more) as bluesky:
        return list((await bluesky.fetch(since)).items)


async def only(fake: Fake) -> Mention:
    (mention,) = await read(fake)
    assert isinstance(mention, Mention)
    return mention


def yes(body: Any) -> httpx2.Response:
    return httpx2.Response(200, content=json.dumps(body).encode())


def no(status: int, error: str, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, json={"error": error, "message": "..."}, headers=headers)


def minutes(number: float) -> datetime:
    """A moment so many minutes after noon."""
    return NOON + timedelta(minutes=number)
