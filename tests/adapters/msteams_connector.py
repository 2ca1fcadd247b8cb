"""The fake Microsoft's Connector: conversations, the activities that stand in them, and who is in them.

Pages: learn.microsoft.com/en-us/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference,
learn.microsoft.com/en-us/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages and
/bots/how-to/get-teams-context. What Teams says of a mistake varies: the codes here are those that were seen.
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import uuid4

from aiohttp import web

if TYPE_CHECKING:
    from tests.adapters.msteams import Teams

Json: TypeAlias = dict[str, Any]
Work = Callable[[web.Request], Awaitable[tuple[int, Json]]]

ADAPTIVE = "application/vnd.microsoft.card.adaptive"
#: Bytes of an activity as JSON in UTF-16: what even the oldest limit lets through.
MOST_BYTES = 28 * 1024


class Refuses(Exception):
    """The Connector says no."""

    def __init__(self, status: int, code: str, words: str = "no") -> None:
        super().__init__(code)
        self.status, self.code, self.words = status, code, words


@dataclass
class Conversation:
    """A channel, or somebody's chat with the bot. `members` are 29: IDs; a channel has those of its team."""

    id: str
    team: str = ""
    user: str = ""
    has_bot: bool = True
    activities: dict[str, Json] = field(default_factory=dict)
    last: float = 0.0  # when it was written to


def size(activity: Json) -> int:
    """Return the bytes of an activity as Teams counts them."""
    return len(json.dumps(activity, ensure_ascii=False).encode("utf-16-le", "surrogatepass"))


def judge(activity: Json) -> None:
    """Refuse what Teams would not show, and what our cards never are."""
    if size(activity) > MOST_BYTES:
        raise Refuses(413, "MessageSizeTooBig", f"{size(activity)} bytes")
    attachments = activity.get("attachments", [])
    if activity.get("type") != "message" or not (attachments or activity.get("text")):
        raise Refuses(400, "BadSyntax", "neither words nor a card")
    if len(attachments) > 1:
        raise Refuses(400, "BadSyntax", "more than one card")
    for attachment in attachments:
        card = attachment.get("content", {})
        if attachment.get("contentType") != ADAPTIVE or card.get("type") != "AdaptiveCard":
            raise Refuses(400, "BadSyntax", "no adaptive card")
        if card.get("version") != "1.5":
            raise Refuses(400, "BadSyntax", f"a card of version {card.get('version')!r}")


class Connector:
    """The REST API below the service URL."""

    def __init__(self, teams: Teams) -> None:
        self._teams = teams
        self.conversations: dict[str, Conversation] = {}
        self.people: dict[str, Json] = {}  # by their 29: ID
        self.teams: dict[str, list[str]] = {}  # the 29: IDs of each team
        self._last = 0

    def next_id(self) -> str:
        """Return the name of a new activity in a channel: milliseconds, never twice."""
        self._last = max(self._last + 1, int(time.time() * 1000))
        return str(self._last)

    def root(self, conversation: str) -> tuple[Conversation, str]:
        """Return a conversation and the first message of the thread that is meant; raises `Refuses`."""
        name, _, thread = conversation.partition(";messageid=")
        found = self.conversations.get(name)
        if found is None:
            raise Refuses(404, "ConversationNotFound", "Conversation not found.")
        if not found.has_bot:
            raise Refuses(
                403, "BotNotInConversationRoster", "The bot is not part of the conversation roster."
            )
        return found, thread

    def personal(self, user: str) -> Conversation:
        """Return somebody's chat with the bot, the same one each time; `user` is a 29: ID or an Entra one."""
        person = self.person(user)
        if person is None:
            raise Refuses(403, "BotNotInConversationRoster", "Nobody of this ID is known to the bot.")
        mine = [c for c in self.conversations.values() if c.user == person["id"]]
        chat = mine[0] if mine else Conversation(f"a:{uuid4().hex}", user=person["id"])
        self.conversations[chat.id] = chat
        if not chat.has_bot:
            raise Refuses(403, "MessageWritesBlocked", "The user blocked or uninstalled the bot.")
        return chat

    def person(self, user: str) -> Json | None:
        """Return somebody by their 29: ID, or by their object ID in Entra."""
        every = self.people.values()
        return next((one for one in every if user and user in {one["id"], one.get("aadObjectId")}), None)

    def members(self, conversation: Conversation) -> list[Json]:
        ids = [conversation.user] if conversation.user else self.teams.get(conversation.team, [])
        return [self.people[one] for one in ids]

    def routes(self) -> list[web.AbstractRouteDef]:
        at = "/teams/v3/conversations"
        rows: list[tuple[str, str, str, Work]] = [
            ("POST", "", "create", self._create),
            ("POST", "/{conversation}/activities", "send", self._send),
            ("POST", "/{conversation}/activities/{id}", "send", self._send),
            ("PUT", "/{conversation}/activities/{id}", "update", self._update),
            ("DELETE", "/{conversation}/activities/{id}", "delete", self._delete),
            ("GET", "/{conversation}/pagedmembers", "member", self._paged),
            ("GET", "/{conversation}/members/{user}", "member", self._member),
        ]
        return [web.route(method, at + path, self._door(what, work)) for method, path, what, work in rows]

    def _door(self, what: str, work: Work) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(request: web.Request) -> web.StreamResponse:
            if not self._teams.issuer.is_good(request.headers.get("Authorization", "")):
                return _refused(401, "Unauthorized", "Authorization has been denied for this request.")
            self._teams.stamps.append((time.monotonic(), what, request.match_info.get("conversation", "")))
            try:
                status, body = await work(request)
            except Refuses as no:
                return _refused(no.status, no.code, no.words)
            return web.json_response(body, status=status)

        return answer

    def _paced(self, conversation: Conversation) -> None:
        now = time.monotonic()
        if now - conversation.last < self._teams.pace:
            raise Refuses(429, "ThrottledException", "Too many requests")
        conversation.last = now

    def _stands(self, conversation: Conversation, activity: Json, thread: str) -> str:
        """Write an activity down. `replyToId` is the first message of its thread."""
        judge(activity)
        self._paced(conversation)
        if thread and thread not in conversation.activities:
            raise Refuses(404, "ActivityNotFoundInConversation", "The thread was not found.")
        name = self.next_id()
        kept = {key: value for key, value in activity.items() if key != "replyToId"}
        below = {"replyToId": thread} if thread else {}
        conversation.activities[name] = {**kept, **below, "id": name, "from": {"id": self._teams.bot}}
        self._teams.sent.append(activity)
        return name

    async def _create(self, request: web.Request) -> tuple[int, Json]:
        asked = await request.json()
        if not asked.get("isGroup"):
            members = asked.get("members") or [{}]
            if asked.get("tenantId") != self._teams.tenant or len(members) != 1:
                raise Refuses(400, "BadSyntax", "a personal chat has one member and a tenant")
            return 201, {"id": self.personal(members[0].get("id", "")).id}
        conversation, _ = self.root(asked.get("channelData", {}).get("channel", {}).get("id", ""))
        name = self._stands(conversation, asked.get("activity", {}), "")
        return 201, {"id": f"{conversation.id};messageid={name}", "activityId": name}

    async def _send(self, request: web.Request) -> tuple[int, Json]:
        conversation, thread = self.root(request.match_info["conversation"])
        thread = thread or request.match_info.get("id", "")
        return 201, {"id": self._stands(conversation, await request.json(), thread)}

    async def _update(self, request: web.Request) -> tuple[int, Json]:
        conversation, old = self._activity(request)
        activity = await request.json()
        judge(activity)
        self._paced(conversation)
        kept = {key: old[key] for key in ("id", "from", "replyToId") if key in old}
        conversation.activities[old["id"]] = {**activity, **kept}
        self._teams.sent.append(activity)
        return 200, {"id": old["id"]}

    async def _delete(self, request: web.Request) -> tuple[int, Json]:
        conversation, old = self._activity(request)
        del conversation.activities[old["id"]]
        return 200, {}

    def _activity(self, request: web.Request) -> tuple[Conversation, Json]:
        conversation, _ = self.root(request.match_info["conversation"])
        old = conversation.activities.get(request.match_info["id"])
        if old is None:
            raise Refuses(404, "ActivityNotFoundInConversation", "The activity was not found.")
        if old.get("from", {}).get("id") != self._teams.bot:
            raise Refuses(403, "MessageWritesBlocked", "It is somebody else's.")
        return conversation, old

    async def _member(self, request: web.Request) -> tuple[int, Json]:
        conversation, _ = self.root(request.match_info["conversation"])
        person = self.person(request.match_info["user"])
        if person is None or person not in self.members(conversation):
            raise Refuses(404, "MemberNotFoundInConversation", "The member was not found.")
        return 200, person

    async def _paged(self, request: web.Request) -> tuple[int, Json]:
        conversation, _ = self.root(request.match_info["conversation"])
        most = max(1, min(int(request.query.get("pageSize", "200")), self._teams.page))
        start = int(request.query.get("continuationToken", "0") or 0)
        every = self.members(conversation)
        more = {"continuationToken": str(start + most)} if start + most < len(every) else {}
        return 200, {"members": every[start : start + most], **more}


def _refused(status: int, code: str, words: str) -> web.Response:
    headers = {"Retry-After": "1"} if status == web.HTTPTooManyRequests.status_code else {}
    return web.json_response({"error": {"code": code, "message": words}}, status=status, headers=headers)
