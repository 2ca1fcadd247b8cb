"""A small Microsoft on loopback: it signs what Teams sends, keeps what was posted, and fails on demand.

    async with a_teams() as teams:
        settings = teams.settings()                     # points at it
        rosa = teams.member("aad-1", name="Rosa", upn="rosa@example.com")
        teams.fail_next("send", 429, retry_after=2)
        teams.activities(teams.channel)                 # as they stand now, oldest first
        answer = await teams.post(url, teams.activity("invoke", by=rosa, name="task/fetch"))

`settings.cloud` is all that makes it Microsoft: nothing is switched off to test against it.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import uuid4

from aiohttp import ClientSession, web

from adapters.chat.teams.settings import Cloud, TeamsPlace, TeamsSettings
from tests.adapters.msteams_connector import Connector, Conversation, Json
from tests.adapters.msteams_issuer import ISSUER, SCOPE, Issuer
from tests.adapters.msteams_payloads import write_down

APP, SECRET = "5f0c7d2e-1111-4222-8333-944455556666", "a-secret-of-teams"
TENANT = "0a0c7d2e-1111-4222-8333-944455556666"
TEAM, CHANNEL = "19:general@thread.tacv2", "19:mentions@thread.tacv2"

#: What a call is, by method and the end of its path.
What: TypeAlias = str  # send, update, delete, create, member, token, metadata


@dataclass
class Failure:
    """How the next call of a kind ends. `after`: the work is done, and its answer lost."""

    status: int = 0
    error: str = ""
    retry_after: int | None = None
    after: bool = False


@dataclass(frozen=True)
class Answer:
    """What our door said: JSON read, `None` for an empty body, else the text."""

    status: int
    body: Any = None
    headers: Any = None


class Teams:
    """One tenant with one team, and what our bot did in it."""

    def __init__(self) -> None:
        self.url = ""
        self.app, self.tenant, self.team, self.channel = APP, TENANT, TEAM, CHANNEL
        self.bot = f"28:{APP}"
        self.issuer, self.connector = Issuer(self), Connector(self)
        self.calls: list[tuple[str, str]] = []  # every call, also those that failed: method and path, decoded
        self.stamps: list[tuple[float, What, str]] = []  # when the Connector was asked what, about which one
        self.sent: list[Json] = []  # every activity that was taken in, updates too
        self.answers: list[Json] = []  # every JSON that our door answered with
        self.down = False  # answers 503 to everything
        self.pace = 0.0  # seconds between two writes to a conversation, else 429
        self.page = 500  # members on one page, at most
        self.session: ClientSession | None = None
        self._failures: dict[What, list[Failure]] = defaultdict(list)
        self._holds: dict[What, asyncio.Event] = {}
        self._team(TEAM)
        self.connector.conversations[CHANNEL] = Conversation(CHANNEL, team=TEAM)

    # For tests

    @property
    def service(self) -> str:
        """Return the service URL."""
        return f"{self.url}/teams/"

    @property
    def cloud(self) -> Cloud:
        """Return where its parts are."""
        return Cloud(
            issuer=ISSUER,
            metadata=f"{self.url}/v1/.well-known/openidconfiguration",
            login=f"{self.url}/login",
            scope=SCOPE,
            service=self.service,
            hosts=frozenset({self.url}),
        )

    def settings(self, **changes: Any) -> TeamsSettings:
        """Settings that point at this Microsoft, with one place for all cases."""
        own: dict[str, Any] = {
            "app_id": APP, "secret": SECRET, "tenant": TENANT, "tenants": frozenset({TENANT}),
            "places": (TeamsPlace(name="team", channel=CHANNEL),), "cloud": self.cloud,
        }  # fmt: skip
        return TeamsSettings(**{**own, **changes})

    def member(
        self, aad: str, *, name: str, upn: str, role: str = "user", tenant: str | None = None,
        team: str | None = None,
    ) -> str:  # fmt: skip
        """Add somebody to a team and return their 29: ID; anonymous people have no `aad`."""
        known = self.connector.person(aad)
        mri = known["id"] if known else f"29:{aad or uuid4().hex}"
        first, _, last = name.partition(" ")
        self.connector.people[mri] = {
            "id": mri, "name": name, "givenName": first, "surname": last, "email": upn,
            "userPrincipalName": upn, "tenantId": self.tenant if tenant is None else tenant,
            "userRole": role, **({"aadObjectId": aad} if aad else {}),
        }  # fmt: skip
        members = self._team(team or self.team)
        if mri not in members:
            members.append(mri)
        return mri

    def leaves(self, mri: str, *, team: str | None = None) -> None:
        """Let somebody be no longer in a team."""
        self.connector.teams[team or self.team].remove(mri)

    def personal(self, user: str) -> str:
        """Return the conversation of somebody's chat with the bot; `user` is a 29: ID or an Entra one."""
        return self.connector.personal(user).id

    def remove_bot(self, conversation: str) -> None:
        """Let the bot be thrown out of a channel, or blocked by a person."""
        self.connector.conversations[conversation].has_bot = False

    def install_bot(self, conversation: str) -> None:
        """Let it be back."""
        self.connector.conversations[conversation].has_bot = True

    def activities(self, conversation: str) -> list[Json]:
        """What stands in a channel or a chat, oldest first; with `;messageid=` what is below that message.

        What is below another has that one's ID as `replyToId`.
        """
        name, _, thread = conversation.partition(";messageid=")
        every = list(self.connector.conversations[name].activities.values())
        return [one for one in every if one.get("replyToId") == thread] if thread else every

    def says(self, conversation: str, text: str, *, by: str) -> str:
        """Somebody writes in a conversation; returns the ID of the message. The bot is not told of it."""
        name, _, thread = conversation.partition(";messageid=")
        own = self.connector.next_id()
        below = {"replyToId": thread} if thread else {}
        written: Json = {"type": "message", "id": own, "text": text, "from": {"id": by}, **below}
        self.connector.conversations[name].activities[own] = written
        return own

    def times(self, what: What) -> int:
        """How often the Connector was asked for something of this kind."""
        return sum(1 for _, asked, _ in self.stamps if asked == what)

    def fail_next(
        self, what: What, status: int, *, error: str = "", retry_after: int | None = None, times: int = 1
    ) -> None:
        """Let the next calls of a kind fail; nothing is done."""
        self._failures[what] += [Failure(status, error, retry_after)] * times

    def lose_next(self, what: What) -> None:
        """Let the next call of a kind do its work, and lose its answer."""
        self._failures[what].append(Failure(after=True))

    def hold(self, what: What) -> Callable[[], None]:
        """Let calls of a kind wait until the returned function is called."""
        event = self._holds[what] = asyncio.Event()

        def release() -> None:
            self._holds.pop(what, None)
            event.set()

        return release

    def expire_tokens(self) -> None:
        """Let every token that was given out be good no longer."""
        self.issuer.tokens.clear()

    def rotate(self) -> None:
        """Sign with a new key from now on; the old one is withdrawn."""
        self.issuer.rotate()

    def signed(
        self, body: Json, *, key: Any = None, kid: str | None = None, alg: str = "RS256", **claims: Any
    ) -> str:
        """Return the Authorization header Teams sends with an activity; a claim of `None` is left out."""
        now = int(time.time())
        usual: Json = {
            "iss": ISSUER, "aud": APP, "serviceurl": body.get("serviceUrl"),
            "nbf": now - 5, "exp": now + 3600,
        }  # fmt: skip
        return f"Bearer {self.issuer.signed(usual | claims, key=key, kid=kid, alg=alg)}"

    def activity(
        self, kind: str, *, by: str, conversation: str | None = None, reply_to: str | None = None,
        name: str = "", value: Any = None, text: str = "", **more: Any,
    ) -> Json:  # fmt: skip
        """Return a body as Teams sends it: `kind` is its type, `by` a 29: ID, `reply_to` the card pressed."""
        channel, _, thread = (conversation or self.channel).partition(";messageid=")
        stands = self.connector.conversations.get(channel) or Conversation(channel)
        own = f"f:{uuid4()}" if kind == "invoke" else self.connector.next_id()
        above = stands.activities.get(reply_to or "", {}).get("replyToId") or reply_to
        tenant = {"tenant": {"id": self.tenant}}
        place: Json = {"id": channel, "conversationType": "personal", "tenantId": self.tenant}
        if not stands.user:
            thread = thread or above or own
            place |= {"conversationType": "channel", "isGroup": True}
            place["id"] = channel if kind.endswith("Update") else f"{channel};messageid={thread}"
            tenant |= {"team": {"id": stands.team}, "channel": {"id": channel}}
        person = self.connector.people.get(by, {})
        sender = {"id": by} | {key: person[key] for key in ("name", "aadObjectId") if key in person}
        said = {"text": text, "textFormat": "plain"} if text else {}
        asked = {key: given for key, given in (("name", name), ("value", value)) if given not in ("", None)}
        return {
            "type": kind, "id": own, "timestamp": "2026-11-22T10:00:00.000Z", "channelId": "msteams",
            "serviceUrl": self.service, "from": sender, "conversation": place, "channelData": tenant,
            "recipient": {"id": self.bot, "name": "Levelhead"}, "locale": "en-GB",
            **({"replyToId": reply_to} if reply_to else {}), **said, **asked, **more,
        }  # fmt: skip

    async def post(self, url: str, body: Json | str | bytes, *, header: str | None = None) -> Answer:
        """Post an activity to our door, signed unless a header is given; an empty one is left out."""
        assert self.session is not None
        if header is None:
            header = self.signed(body if isinstance(body, dict) else {})
        headers = {"Content-Type": "application/json"} | ({"Authorization": header} if header else {})
        given: Any = {"json": body} if isinstance(body, dict) else {"data": body}
        async with self.session.post(url, headers=headers, **given) as answer:
            if answer.content_type != "application/json":
                return Answer(answer.status, await answer.text() or None, answer.headers)
            said = await answer.json()
            if answer.ok:  # what is refused is shown to nobody
                self.answers.append(said)
            return Answer(answer.status, said, answer.headers)

    # For the server

    def _team(self, team: str) -> list[str]:
        if team not in self.connector.conversations:  # its ID is that of its channel General
            self.connector.conversations[team] = Conversation(team, team=team)
        return self.connector.teams.setdefault(team, [])

    @web.middleware
    async def _in_front(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.calls.append((request.method, request.path))
        what = _what(request)
        if (held := self._holds.get(what)) is not None:
            await held.wait()
        if self.down:
            return web.Response(status=503, text="upstream connect error")
        failure = self._failures[what].pop(0) if self._failures[what] else None
        if failure and not failure.after:
            return _failed(failure, what)
        answer = await handler(request)
        if failure and request.transport:
            request.transport.close()
        return answer


def _what(request: web.Request) -> What:
    path, method = request.path, request.method
    if path.startswith("/login/"):
        return "token"
    if path.startswith("/v1/"):
        return "metadata"
    if "members" in path:
        return "member"
    return {"PUT": "update", "DELETE": "delete"}.get(method, "send" if "/activities" in path else "create")


def _failed(failure: Failure, what: What) -> web.Response:
    error: Any = failure.error or "ServiceError"
    body = {"error": error} if what == "token" else {"error": {"code": error, "message": "it failed"}}
    headers = {"Retry-After": str(failure.retry_after)} if failure.retry_after is not None else {}
    return web.json_response(body, status=failure.status, headers=headers)


@asynccontextmanager
async def a_teams() -> AsyncGenerator[Teams]:
    """Yield a Microsoft that listens on loopback."""
    teams = Teams()
    app = web.Application(middlewares=[teams._in_front])
    app.add_routes([*teams.issuer.routes(), *teams.connector.routes()])
    runner = web.AppRunner(app, shutdown_timeout=1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    teams.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        async with ClientSession() as teams.session:
            yield teams
    finally:
        await runner.cleanup()
        write_down(teams)
