"""Slack's Web API, as far as we call it: one request a call, and each failure named for what to do about it.

Pages: docs.slack.dev/apis/web-api (calls, errors), /apis/web-api/rate-limits, and of /reference/methods
chat.postMessage, chat.update, conversations.history and conversations.replies.

Not the SDK's client: it asks again by itself when a connection breaks, which would post a card twice, and
takes a proxy from the environment.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import Any, Final, Self, cast

import httpx2
import structlog

from adapters.chat.slack.settings import SlackSettings
from adapters.http import client, send
from bot.errors import PlatformBusy, PlatformRejected, PlatformSilent

log = structlog.get_logger(__name__)

Json = dict[str, Any]

#: Slack recommends pages of at most 200.
_PAGE, _MOST_PAGES = "200", 50
#: Errors that pass by themselves (the methods' pages; a limit is most often told as HTTP 429).
_NOT_NOW: Final = frozenset({
    "ratelimited", "rate_limited", "message_limit_exceeded", "service_unavailable", "internal_error",
    "fatal_error", "request_timeout", "team_added_to_org", "org_login_required",
})  # fmt: skip

_INVITE = "invite the app there (`/invite @Levelhead` in the channel), or name another one in the settings"
_REINSTALL = "install the app again and put its new bot token in the settings"
#: What a person does about an error.
_WHAT_TO_DO: Final[Mapping[str, str]] = {
    "channel_not_found": f"there is no such channel for the app, it was deleted or is private: {_INVITE}",
    "not_in_channel": f"the app is not in the channel: {_INVITE}",
    "is_archived": "the channel is archived: unarchive it, or name another channel in the settings",
    "restricted_action": "the workspace lets the app not post there: ask its administrator",
    "account_inactive": f"the app was removed from the workspace: {_REINSTALL}",
    "token_revoked": f"the bot token was revoked: {_REINSTALL}",
    "token_expired": f"the bot token has expired: {_REINSTALL}",
    "invalid_auth": "Slack does not know the bot token: compare it with the one on the app's page",
    "not_authed": "no bot token was sent: put it in the settings",
    "not_allowed_token_type": "a token of the wrong kind: the bot token begins with xoxb-",
    "missing_scope": "the app lacks a scope: paste what `levelhead slack manifest` prints, and reinstall",
    "edit_window_closed": "the workspace lets no message be edited after a while: ask its administrator",
    "ekm_access_denied": "the workspace's administrators have suspended posting: ask them",
}
#: About one message and no other.
_OF_ONE_MESSAGE: Final = frozenset({"edit_window_closed"})
#: Errors about the channel, the token or the workspace: no other message would be taken either.
_OUT_OF_REACH: Final = (_WHAT_TO_DO.keys() - _OF_ONE_MESSAGE) | {
    "access_denied", "accesslimited", "enterprise_is_restricted", "no_permission", "team_access_not_granted",
    "team_not_found", "two_factor_setup_required", "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
}  # fmt: skip
_POINTER = re.compile(r"json-pointer:([\w/]{1,100})")
_NAME = re.compile(r"[a-z_]{1,60}")


class SlackRefused(PlatformRejected):
    """Slack said no. `error` is its name for why; `where` are places in what we sent, never words of it.

    `out_of_reach`: the channel, the token or the workspace is what it is about, and not what we sent.
    """

    def __init__(self, method: str, error: str, where: tuple[str, ...] = ()) -> None:
        """`error` is taken over only where it looks like one of Slack's."""
        self.error = error if _NAME.fullmatch(error) else "unknown_error"
        self.where = where
        self.out_of_reach = self.error in _OUT_OF_REACH
        todo = _WHAT_TO_DO.get(self.error)
        super().__init__(f"Slack refused {method} ({self.error})" + (f": {todo}" if todo else ""))


class SlackWeb:
    """Calls methods with the bot token, which goes to the address in the settings and nowhere else."""

    def __init__(
        self, settings: SlackSettings, *, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        """Opens nothing yet; `aclose` closes what calls have opened."""
        self._api = settings.api.rstrip("/")
        self._token = {"Authorization": f"Bearer {settings.bot_token}"}
        self._http = client(transport=transport)

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
        await self._http.aclose()

    async def write(self, method: str, **fields: Any) -> Json:
        """Call a method that changes something, and return its answer.

        `PlatformBusy`: not now, or no clear answer, so that it may have happened. `SlackRefused`: no.
        """
        # As ASCII: half a character, which no encoding takes, passes as its escape.
        body = json.dumps({name: value for name, value in fields.items() if value is not None})
        kind = {"Content-Type": "application/json; charset=utf-8"}
        return await self._call(method, headers=kind, content=body.encode())

    async def read(self, method: str, **fields: str) -> Json:
        """Call a method that only looks, and return its answer. Not every one of those takes JSON."""
        return await self._call(method, data=fields)

    async def messages(self, method: str, **fields: str) -> AsyncIterator[Json]:
        """Yield the messages of a channel, or of a thread, with their metadata; the newest 10,000 of them."""
        cursor: dict[str, str] = {}
        for _ in range(_MOST_PAGES):
            asked = {**fields, **cursor, "limit": _PAGE, "include_all_metadata": "true"}
            answer = await self.read(method, **asked)
            for one in cast("list[Json]", answer.get("messages") or []):
                yield one
            more = cast("Json", answer.get("response_metadata") or {}).get("next_cursor")
            if not more:
                return
            cursor = {"cursor": str(more)}
        log.warning("history_too_long", method=method, pages=_MOST_PAGES)

    async def _call(self, method: str, *, headers: Mapping[str, str] | None = None, **body: Any) -> Json:
        own = {**self._token, **(headers or {})}
        request = self._http.build_request("POST", f"{self._api}/{method}", headers=own, **body)
        try:
            response = await send(self._http, "Slack", request)
        except PlatformSilent as problem:
            raise PlatformBusy(str(problem)) from problem  # whoever tries again looks first
        return _good(method, response)


def _good(method: str, response: httpx2.Response) -> Json:
    try:
        parsed: Any = response.json()
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        raise PlatformBusy(f"Slack answered {method} with something else than JSON")
    answer = cast("Json", parsed)
    if answer.get("ok") is True:
        return answer
    error = str(answer.get("error", ""))
    if error in _NOT_NOW:
        raise PlatformBusy(f"Slack answered {method} with {error}")
    raise SlackRefused(method, error, _places(answer))


def _places(answer: Json) -> tuple[str, ...]:
    """Return where in a message Slack found something wrong; what it says beside that may quote our words."""
    about: Any = answer.get("response_metadata")
    told: Any = cast("Json", about).get("messages") if isinstance(about, dict) else None
    lines = cast("list[Any]", told) if isinstance(told, list) else []
    return tuple(found for line in lines[:20] for found in _POINTER.findall(str(line)))
