"""Microsoft's Connector, as far as we call it: what stands in a conversation, and who is in it.

Pages: learn.microsoft.com/en-us/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference and
learn.microsoft.com/en-us/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages and
/get-teams-context (members).

Not the SDK's client: its sign-in stops every other task, and it asks again by itself when a connection
breaks, which would post a card twice.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Any, Final, Self, cast
from urllib.parse import quote, urlencode, urlsplit

import httpx2
import structlog

from adapters.chat.teams.bearer import Bearer
from adapters.chat.teams.refused import Json, TeamsRefused, ask, body_of
from adapters.chat.teams.settings import Cloud, TeamsSettings
from adapters.http import client
from bot.errors import PlatformBusy

log = structlog.get_logger(__name__)

#: Microsoft takes 50 to 500.
_PAGE, _MOST_PAGES = 200, 50
_UNAUTHORIZED: Final = 401


class Connector:
    """Calls the Connector with the app's token, which goes to the hosts in the settings and nowhere else.

    Every call raises `PlatformBusy` (not now, or no clear answer, so that it may have happened) and
    `TeamsRefused` (no).
    """

    def __init__(
        self,
        settings: TeamsSettings,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Opens nothing yet; `now` counts the seconds that a token holds."""
        self._settings = settings
        self._http = client(transport=transport)
        self._bearer = Bearer(settings, self._http, now)

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._bearer.aclose()
        await self._http.aclose()

    async def token(self) -> str:
        """Return a token that holds: whether there is one says whether the settings are right."""
        return await self._bearer.token()

    async def send(self, service: str, conversation: str, activity: Json) -> str:
        """Post `activity` and return its ID. `;messageid=` in the conversation makes it a reply there."""
        answer = await self._call("a post", "POST", service, _activities(conversation), activity)
        return _id_of(answer, "a post")

    async def update(self, service: str, conversation: str, activity_id: str, activity: Json) -> None:
        """Put `activity` in the place of the one that stands there: as often as one likes."""
        await self._call("a redraw", "PUT", service, _activities(conversation, activity_id), activity)

    async def delete(self, service: str, conversation: str, activity_id: str) -> None:
        """Delete what stands there."""
        await self._call("a deletion", "DELETE", service, _activities(conversation, activity_id))

    async def personal(self, service: str, user: str) -> str:
        """Return the conversation with one person, by their ID in Teams or in Entra: always the same one."""
        tenant = self._settings.tenant
        asked: Json = {
            "isGroup": False,
            "bot": {"id": f"28:{self._settings.app_id}"},
            "members": [{"id": user}],
            "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        }
        answer = await self._call("a personal chat", "POST", service, ("v3", "conversations"), asked)
        return _id_of(answer, "a personal chat")

    async def member(self, service: str, conversation: str, user: str) -> Json:
        """Return who somebody in a conversation is; `TeamsRefused` with status 404 for nobody."""
        where = ("v3", "conversations", conversation, "members", user)
        return await self._call("a look at a member", "GET", service, where)

    async def members(self, service: str, conversation: str) -> AsyncIterator[Json]:
        """Yield everybody in a conversation; the first 10,000 of them."""
        where = ("v3", "conversations", conversation, "pagedmembers")
        asked = {"pageSize": str(_PAGE)}
        for _ in range(_MOST_PAGES):
            answer = await self._call("a list of members", "GET", service, where, query=asked)
            for one in cast("list[Json]", answer.get("members") or []):
                yield one
            more = answer.get("continuationToken")
            if not more:
                return
            asked["continuationToken"] = str(more)
        log.warning("too_many_members", pages=_MOST_PAGES)

    async def _call(
        self,
        what: str,
        method: str,
        service: str,
        where: tuple[str, ...],
        body: Json | None = None,
        *,
        query: dict[str, str] | None = None,
    ) -> Json:
        if not is_microsofts(service, self._settings.cloud):
            raise TeamsRefused(what, 0, "ServiceUrlNotAllowed")
        path = "/".join(quote(part, safe="") for part in where)
        url = f"{service.rstrip('/')}/{path}{f'?{urlencode(query)}' if query else ''}"
        token = await self._bearer.token()
        answer = await self._sent(method, url, body, token)
        if answer.status_code == _UNAUTHORIZED:  # nothing happened, and a token can end before its time
            answer = await self._sent(method, url, body, await self._bearer.token(instead_of=token))
        return body_of(what, answer)

    async def _sent(self, method: str, url: str, body: Json | None, token: str) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {token}"}
        if body is None:
            return await ask(self._http, self._http.build_request(method, url, headers=headers))
        headers["Content-Type"] = "application/json; charset=utf-8"
        # As ASCII: half a character, which no encoding takes, passes as its escape.
        content = json.dumps(body).encode()
        return await ask(self._http, self._http.build_request(method, url, headers=headers, content=content))


def is_microsofts(service: str, cloud: Cloud) -> bool:
    """Whether a service URL names one of the cloud's hosts, to the letter: the token goes there."""
    try:
        parts = urlsplit(service)
        named = f"{parts.scheme}://{parts.netloc}"
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or "\\" in service or ".." in parts.path)
    return plain and service.isascii() and service.isprintable() and named in cloud.hosts


def _activities(conversation: str, *more: str) -> tuple[str, ...]:
    return ("v3", "conversations", conversation, "activities", *more)


def _id_of(answer: dict[str, Any], what: str) -> str:
    match answer:
        case {"id": str(name)} if name:
            return name
        case _:
            raise PlatformBusy(f"Teams did not say under which ID {what} stands")
