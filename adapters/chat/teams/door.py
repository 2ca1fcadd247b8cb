"""What Teams posts to the public door: nothing of a request counts before its token is right.

Pages: learn.microsoft.com/en-us/azure/bot-service/rest-api/bot-framework-rest-connector-authentication,
learn.microsoft.com/en-us/microsoftteams/platform/messaging-extensions/how-to/action-commands/
respond-to-task-module-submit (five seconds, then the client tries again).
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from typing import Any, Final, cast

import structlog
from aiohttp import web as http
from pydantic_core import from_json

from adapters.chat.after import Afterwards
from adapters.chat.taking import NOT_YET, UNCONFIRMED, Once
from adapters.chat.teams.activity import Activity, Json
from adapters.chat.teams.settings import TeamsSettings
from adapters.chat.teams.tokens import Keys, KeysUnavailable, check, verified
from adapters.chat.teams.turn import Handler, Turns
from adapters.web import read_body, record_failure
from bot.errors import BadInput, NotGenuine, StoreUnavailable

log = structlog.get_logger(__name__)

PATH: Final = "/teams/messages"
#: An answer leaves this many seconds after the request came, at the latest: Teams waits five.
ANSWER: Final = 4.0
#: Bytes of a request, and seconds in which they must arrive. Teams' own are far smaller.
_MOST_BYTES, _MOST_SECONDS = 256 * 1024, 2.0
_LATER: Final = {"Retry-After": "5"}


def http_routes(
    handler: Handler, settings: TeamsSettings, keys: Keys, *, once: Once, after: Afterwards | None = None
) -> list[http.RouteDef]:
    """Return the routes of the public door. Raises `BadSettings`.

    `once` keeps a name for at least an hour: as long as a token can be used again. What a slow handler still
    does after its answer left is in `after`; whoever closes the door waits for it to be finished.
    """
    check(settings)
    door = _Door(Turns(handler), settings, keys, once, after or Afterwards())
    return [http.post(PATH, door.messages)]


class _Door:
    def __init__(
        self, turns: Turns, settings: TeamsSettings, keys: Keys, once: Once, after: Afterwards
    ) -> None:
        self._turns, self._settings, self._keys = turns, settings, keys
        self._once, self._after = once, after

    async def messages(self, request: http.Request) -> http.Response:
        until = time.monotonic() + ANSWER
        raw = await read_body(request, _MOST_BYTES, _MOST_SECONDS)
        try:
            body = _read(raw)
            claims = await verified(
                self._keys, request.headers.get("Authorization", ""), body, self._settings
            )
            activity = _activity(body)
        except NotGenuine as refused:
            log.warning("teams_refused", reason=str(refused))
            return http.json_response({"error": "invalid request"}, status=401)
        except KeysUnavailable:
            return http.json_response({"error": "cannot be verified now"}, status=503, headers=_LATER)
        except BadInput as refused:
            return http.json_response({"error": str(refused)}, status=400)
        work = asyncio.create_task(self._work(claims, body, activity))
        return await self._answer(work, activity, request, until)

    async def _work(self, claims: Json, body: Json, activity: Activity) -> tuple[int, Json | None]:
        if not await self._once(_identity(activity)):
            log.info("teams_replayed", kind=activity.type[:40])
            return 200, None
        return await self._turns.turn(claims, body)

    async def _answer(
        self,
        work: asyncio.Task[tuple[int, Json | None]],
        activity: Activity,
        request: http.Request,
        until: float,
    ) -> http.Response:
        """Answer with what the work returned, or in time without it."""
        ending = self._after.do(_ended(work, activity, request))
        if not await Afterwards.within(ending, until - time.monotonic()):
            log.warning("teams_slow", kind=activity.type[:40])
            return _response(200, _told(activity, NOT_YET))
        return ending.result()


async def _ended(
    work: asyncio.Task[tuple[int, Json | None]], activity: Activity, request: http.Request
) -> http.Response:
    """Wait for the work, and return what is said of it; how it failed is logged without anybody's words."""
    await asyncio.wait({work})
    error = work.exception()
    if error is None:
        return _response(*work.result())
    if isinstance(error, StoreUnavailable):
        # Of a failed press Teams says only that something went wrong; whoever pressed has to know more.
        if (told := _told(activity, UNCONFIRMED.says)) is not None:
            return _response(200, told)
        return http.json_response({"error": "the record cannot be reached"}, status=503, headers=_LATER)
    if not isinstance(error, Exception):
        raise error
    record_failure(error, request)
    return _response(500, None)


def _read(raw: bytes) -> Json:
    """Read JSON that others can write down again: no endless number, no half of a character."""
    try:
        body: Any = from_json(raw, allow_inf_nan=False)
    except ValueError:
        raise BadInput("the body is no JSON") from None
    if not isinstance(body, dict):
        raise BadInput("the body is no JSON object")
    return cast("Json", body)


def _activity(body: Json) -> Activity:
    activity = Activity.read(body)
    if not activity.id:
        raise BadInput("the activity has no ID")
    return activity


def _identity(activity: Activity) -> str:
    # In a channel an ID is a time: two conversations may have the same.
    told = f"{activity.conversation.id}\n{activity.type}\n{activity.id}"
    return f"teams:activity:{hashlib.sha256(told.encode()).hexdigest()[:32]}"


def _response(status: int, body: Json | None) -> http.Response:
    return http.Response(status=status) if body is None else http.json_response(body, status=status)


def _told(activity: Activity, says: str) -> Json | None:
    """Return words for whoever pressed, in the way that each kind of press can show; `None` for no press."""
    if activity.name == "adaptiveCard/action":
        return {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": says}
    if activity.name.startswith(("task/", "composeExtension/")):
        return {"task": {"type": "message", "value": says}}
    return None
