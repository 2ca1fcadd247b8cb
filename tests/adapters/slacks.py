"""A small Slack on loopback: it keeps what was posted, refuses what Slack would, and fails on demand.

    async with a_slack() as slack:
        settings = slack.settings()                 # points at it
        slack.fail_next("chat.postMessage", "ratelimited", retry_after=2)
        slack.messages("C1")                        # as they stand now, oldest first

`tests/adapters/slack_people.py` presses its buttons, fills in its forms and types its commands.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from aiohttp import web

from adapters.chat.slack.settings import SlackPlace, SlackSettings
from tests.adapters.slack_answers import Answers, Refuses
from tests.adapters.slack_payloads import write_down
from tests.adapters.slack_wire import Wire

BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-a-bot-token", "xapp-an-app-token", "a-signing-secret"
TEAM, APP, BOT_USER, BOT_ID = "T1", "A1", "UBOT", "B1"
SCOPES = (
    "app_mentions:read,channels:history,groups:history,channels:read,groups:read,chat:write,commands,"
    "metadata.message:read,usergroups:read,users:read,users:read.email"
)


def signed(body: str, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """Return the headers Slack sends with `body`, signed at a Unix time (now)."""
    stamp = str(int(time.time() if at is None else at))
    mac = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac}"}


@dataclass
class Failure:
    """How the next call of a method ends. `after`: the work is done, and its answer lost."""

    error: str
    status: int = 200
    retry_after: int | None = None
    after: bool = False


@dataclass
class Channel:
    """A channel of the workspace."""

    id: str
    name: str
    private: bool = False
    has_bot: bool = True
    archived: bool = False
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)


class Slack(Answers):
    """One workspace, and what our app did in it."""

    def __init__(self) -> None:
        self.url = ""
        self.team, self.bot_user, self.bot_id, self.app = TEAM, BOT_USER, BOT_ID, APP
        self.tokens = {BOT_TOKEN: SCOPES, APP_TOKEN: "connections:write"}
        self.revoked: set[str] = set()
        self.channels: dict[str, Channel] = {"C1": Channel("C1", "mentions")}
        self.users: dict[str, dict[str, Any]] = {}
        self.groups: dict[str, dict[str, Any]] = {}
        self.ephemerals: list[dict[str, Any]] = []  # chat.postEphemeral
        self.responses: list[dict[str, Any]] = []  # to a response_url
        self.acknowledgements: list[dict[str, Any]] = []  # those that say something
        self.views: dict[str, dict[str, Any]] = {}  # open modals
        self.homes: dict[str, dict[str, Any]] = {}  # the App Home of each user
        self.triggers: dict[str, bool] = {}  # trigger_id: still good
        self.calls: list[tuple[str, dict[str, Any]]] = []  # every call, also those that failed
        self.stamps: list[tuple[float, str, str]] = []  # when a channel was written to: time, method, channel
        self.down = False  # answers 503 to everything
        self.pace = 0.0  # seconds between two writes to a channel, else `ratelimited`
        self.skew = 0.0  # what its clock is ahead of ours
        self.wire = Wire(self)
        self._failures: dict[str, list[Failure]] = defaultdict(list)
        self._holds: dict[str, asyncio.Event] = {}
        self._last = 0

    # For tests

    def settings(self, **changes: Any) -> SlackSettings:
        """Settings that point at this Slack, with one place for all cases."""
        own: dict[str, Any] = {
            "mode": "http", "bot_token": BOT_TOKEN, "app_token": APP_TOKEN, "signing_secret": SECRET,
            "team": TEAM, "places": (SlackPlace(name="main", channel="C1"),), "api": f"{self.url}/api/",
        }  # fmt: skip
        return SlackSettings(**{**own, **changes})

    def user(self, id: str, **changes: Any) -> str:  # noqa: A002 as Slack calls it
        """Add a person; flags such as `deleted` and `is_restricted` go in as they are."""
        profile = {"email": changes.pop("email", ""), "real_name": id}
        self.users[id] = {"id": id, "team_id": self.team, "deleted": False, "profile": profile, **changes}
        return id

    def group(self, id: str, handle: str, *users: str) -> None:  # noqa: A002 as Slack calls it
        """Add a user group."""
        self.groups[id] = {"id": id, "handle": handle, "name": handle, "users": list(users)}

    def direct(self, user: str) -> Channel:
        """Return the conversation of a person with our app, which begins with the first message."""
        return self.channels.setdefault(f"D{user}", Channel(f"D{user}", user, private=True))

    def revoke(self, token: str = BOT_TOKEN) -> None:
        """Let a token be one that was good."""
        self.revoked.add(token)
        del self.tokens[token]

    def trigger(self, *, good: bool = True) -> str:
        """Return a new trigger_id; one that is not good has expired."""
        name = f"{uuid4().int % 10**9}.{self.team}"
        self.triggers[name] = good
        return name

    def fail_next(
        self, method: str, error: str, *, retry_after: int | None = None, status: int = 0, times: int = 1
    ) -> None:
        """Let the next calls of a method end with `error`; `ratelimited` is answered as HTTP 429."""
        if error == "ratelimited":
            status, retry_after = status or 429, 1 if retry_after is None else retry_after
        self._failures[method] += [Failure(error, status or 200, retry_after)] * times

    def drop_next(self, method: str) -> None:
        """Let the next call of a method do its work, and lose its answer."""
        self._failures[method].append(Failure("", after=True))

    def hold(self, method: str) -> Callable[[], None]:
        """Let calls of a method wait until the returned function is called."""
        event = self._holds[method] = asyncio.Event()

        def release() -> None:
            self._holds.pop(method, None)
            event.set()

        return release

    def messages(self, channel: str = "C1", *, thread: str = "") -> list[dict[str, Any]]:
        """What stands in a channel, or below the message `thread` in it: oldest first."""
        every = self.channels[channel].messages.values()
        return [m for m in every if (m.get("thread_ts", "") == thread)]

    def times(self, method: str) -> int:
        """How often a method was called."""
        return sum(1 for name, _ in self.calls if name == method)

    def says(self, channel: str, text: str, *, user: str, thread: str = "", **more: Any) -> dict[str, Any]:
        """Somebody writes in a channel; returns the message."""
        message = {"type": "message", "user": user, "text": text, "ts": self.next_ts(), **more}
        message |= {"thread_ts": thread} if thread else {}
        self.channels[channel].messages[message["ts"]] = message
        return message

    # For the server

    def next_ts(self) -> str:
        """Return the name of a new message: the time, never twice."""
        self._last = max(self._last + 1, int(time.time() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return where it answers."""
        return [
            web.route("*", "/api/{method}", self._call),
            web.post("/respond/{id}", self._respond),
            web.get("/link", self.wire.link),
        ]

    async def _respond(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.responses.append({**body, "response_url": str(request.rel_url)})
        return web.json_response({"ok": True})

    async def _call(self, request: web.Request) -> web.Response:
        method, asked = request.match_info["method"], await _read(request)
        self.calls.append((method, asked))
        if (held := self._holds.get(method)) is not None:
            await held.wait()
        if self.down:
            return web.Response(status=503, text="upstream connect error")
        failures = self._failures[method]
        failure = failures.pop(0) if failures else None
        if failure and not failure.after:
            headers = {"Retry-After": str(failure.retry_after)} if failure.retry_after is not None else {}
            return _json({"ok": False, "error": failure.error}, status=failure.status, headers=headers)
        answer = self._answer(method, asked, request)
        if failure and request.transport:
            request.transport.close()
        limited = answer.get("error") == "ratelimited"
        return _json(answer, status=429 if limited else 200, headers=self._headers(request, limited=limited))

    def _headers(self, request: web.Request, *, limited: bool) -> dict[str, str]:
        headers = {"X-OAuth-Scopes": self.tokens.get(_token(request), "")}
        headers["Date"] = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + self.skew))
        return {**headers, "Retry-After": "1"} if limited else headers

    def _answer(self, method: str, asked: dict[str, Any], request: web.Request) -> dict[str, Any]:
        token = _token(request)
        if token in self.revoked:
            return {"ok": False, "error": "token_revoked"}
        if token not in self.tokens:
            return {"ok": False, "error": "invalid_auth" if token else "not_authed"}
        if (method == "apps.connections.open") != token.startswith("xapp-"):
            return {"ok": False, "error": "not_allowed_token_type"}
        known = getattr(self, method.replace(".", "_"), None)
        if known is None:
            return {"ok": False, "error": "unknown_method"}
        try:
            return {"ok": True, **known(asked)}
        except Refuses as refused:
            return {"ok": False, "error": refused.error, **refused.more}


def _token(request: web.Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def _json(body: Any, *, status: int, headers: dict[str, str]) -> web.Response:
    return web.json_response(body, status=status, headers=headers)


async def _read(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    form = {**request.query, **(await request.post() if request.can_read_body else {})}
    return {name: _value(str(value)) for name, value in form.items()}


def _value(text: str) -> Any:
    return json.loads(text) if text[:1] in {"{", "["} else text


@asynccontextmanager
async def a_slack() -> AsyncGenerator[Slack]:
    """Yield a Slack that listens on loopback; what it got is written down where somebody asks for it."""
    slack = Slack()
    app = web.Application()
    app.add_routes(slack.routes())
    runner = web.AppRunner(app, shutdown_timeout=1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield slack
    finally:
        await slack.wire.hang_up()
        await runner.cleanup()
        write_down(slack)
