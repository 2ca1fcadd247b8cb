"""What an answer of Microsoft's means: a body, not now, or no, with what a person does about it.

Pages, under learn.microsoft.com/en-us: azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
(errors), microsoftteams/platform/bots/how-to/rate-limit (what to try again),
microsoftteams/platform/bots/how-to/conversations/send-proactive-messages (who is gone) and
entra/identity-platform/reference-error-codes. Codes that stand on none of them came from practice
(learn.microsoft.com/answers/questions/5858588).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, cast

import httpx2

from adapters.http import asked_wait, send
from bot.errors import PlatformBusy, PlatformRejected, PlatformSilent

Json = dict[str, Any]

#: Every status is an answer here: what it means depends on the body as well.
_ALL: Final = frozenset(range(300, 600))
#: What Microsoft asks to be tried again: 412 is two of our calls that met.
_NOT_NOW: Final = frozenset({408, 412, 425, 429})
_SERVERS_OWN: Final = 500

_ADD = "add Levelhead to that team (Apps, Levelhead, Add to a team), or name another channel in the settings"
_REGISTRATION = "compare teams.app_id and teams.tenant in the settings with the bot's registration"
_SIGN_IN = (
    "the app's secret is wrong or has expired: make a new one on its page (Certificates & secrets), and set "
    "LEVELHEAD_TEAMS_SECRET to its value"
)
_NEW_ONE = (
    "make a new one on the app's page (Certificates & secrets), and set LEVELHEAD_TEAMS_SECRET to its value"
)
_GONE = f"there is no such channel or chat for the app, or it was deleted: {_ADD}"
_MAY_NOT = f"the app was removed from there, or may not write there: {_ADD}, and ask the team's owner"
#: What a person does about an error, by its number at sign-in, by its name, or else by its status.
_WHAT_TO_DO: Final[Mapping[str, str]] = {
    "7000215": f"the app has no such secret (a secret's ID is none: its value is): {_NEW_ONE}",
    "7000222": f"the app's secret has expired: {_NEW_ONE}",
    "700016": f"the tenant does not know the app: {_REGISTRATION}",
    "90002": "there is no such tenant: teams.tenant is the Directory (tenant) ID on the app's page in Entra",
    "BotNotInConversationRoster": f"the app is not there: {_ADD}",
    "ConversationNotFound": _GONE,
    "BotDisabledByAdmin": "an administrator has blocked the app: ask them to allow it (Teams admin center)",
    "BotDisabledByUser": "they have blocked the app",
    "MessageWritesBlocked": "nobody may write there, or they have blocked the app: ask who owns it",
    "ServiceUrlNotAllowed": "the address is none of Microsoft's: nothing was sent there",
    "invalid_client": _SIGN_IN,
    "unauthorized_client": f"the tenant does not know the app: {_REGISTRATION}",
    "invalid_request": f"the tenant or the app is not known: {_REGISTRATION}",
    "invalid_tenant": f"the tenant is not known: {_REGISTRATION}",
    "401": f"Microsoft does not take the app's token: {_REGISTRATION}",
    "403": _MAY_NOT,
    "404": _GONE,
}
_NAME = re.compile(r"[A-Za-z_]{1,60}")
_SUB_CODE = re.compile(r'"subCode"\s*:\s*"([A-Za-z_]{1,60})"')


class TeamsRefused(PlatformRejected):
    """Microsoft said no. `error` is its name for why, never its words: those may quote ours.

    `out_of_reach`: the conversation, the app or its secret is what it is about, and not what we sent.

    `code` is the number that it gives a refusal at sign-in: login.microsoftonline.com/error explains each.
    """

    def __init__(self, what: str, status: int, error: str = "", code: int | None = None) -> None:
        """`what` was refused, as words; `error` is taken over only where it looks like one of Microsoft's."""
        self.status, self.code = status, code
        self.error = error if _NAME.fullmatch(error) else ""
        names = (str(code), self.error, str(status))
        # By its name first: a wrong secret is answered with 400, as a wrong card is.
        self.out_of_reach = any(name in _WHAT_TO_DO for name in names)
        todo = next(filter(None, map(_WHAT_TO_DO.get, names)), "")
        named = f"{self.error or status}, {code}" if code else f"{self.error or status}"
        says = f"Teams refused {what} ({named})"
        super().__init__(f"{says}: {todo}" if todo else says)


async def ask(http: httpx2.AsyncClient, request: httpx2.Request) -> httpx2.Response:
    """Send a request; `PlatformBusy` for no clear answer, so that it may have happened."""
    try:
        return await send(http, "Teams", request, also=_ALL)
    except PlatformSilent as problem:
        raise PlatformBusy(str(problem)) from problem


def body_of(what: str, answer: httpx2.Response) -> Json:
    """Return the body of a good answer; raises `PlatformBusy` and `TeamsRefused`."""
    status, body = answer.status_code, _parsed(answer)
    if status in _NOT_NOW or status >= _SERVERS_OWN:
        raise PlatformBusy(f"Teams answered {what} with {status}", asked_wait(answer))
    if not answer.is_success:
        raise TeamsRefused(what, status, _error(body or {}), _code(body or {}))
    if body is None:
        raise PlatformBusy(f"Teams answered {what} with something else than JSON")
    return body


def _parsed(answer: httpx2.Response) -> Json | None:
    if not answer.content.strip():
        return {}
    try:
        found: Any = answer.json()
    except (ValueError, RecursionError):
        return None
    return cast("Json", found) if isinstance(found, dict) else None


def _error(body: Json) -> str:
    """Return the name of an error, in any of the three shapes it comes in."""
    match body:
        case {"error": {"code": str(code)}} | {"error": str(code)}:
            return code
        case {"message": str(words)}:
            found = _SUB_CODE.search(words)
            return found[1] if found else ""
        case _:
            return ""


def _code(body: Json) -> int | None:
    """Return the number of a refusal at sign-in."""
    match body:
        case {"error_codes": [int(code), *_]}:
            return code
        case _:
            return None
