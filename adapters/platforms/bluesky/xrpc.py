"""Ask Bluesky as one account: a session that renews itself, and typed answers.

The password and the tokens go to the one address in the settings, in memory only. For accounts on bsky.social
that address forwards every question to the server the account lives on; the address of that server, which a
session also tells, is not followed, because no answer may send a token elsewhere. An operator can set it.

After https://docs.bsky.app/docs/advanced-guides/entryway, /advanced-guides/api-directory and /rate-limits.
"""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

import httpx2
from pydantic import BaseModel

from adapters.http import client, send
from adapters.platforms.bluesky.shapes import Session
from bot.errors import MentionGone, PlatformBusy, PlatformRejected, PlatformSilent

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.ports import Clock

PLATFORM: Final = "bluesky"
#: A sign-in that was refused is not tried again for so long: 300 are allowed a day.
REFUSED_FOR: Final = timedelta(minutes=5)

_TOO_MANY: Final = 429
_OVER: Final = frozenset({"ExpiredToken", "InvalidToken"})
#: Above it a reset is a moment of the Unix clock, below it seconds from now; both are in use.
_A_MOMENT: Final = 10**9

Shape = TypeVar("Shape", bound=BaseModel)


def reason(problem: Exception) -> str:
    """Return the name their answer gives to an error, "" when it gives none."""
    found = re.search(r"answered [0-9]{3}: ([A-Za-z]{1,80})", str(problem))
    return found[1] if found else ""


class Xrpc:
    """One account's way in. Several calls at once sign in, and renew the session, once."""

    def __init__(
        self,
        *,
        url: str,
        account: str,
        password: str,
        clock: Clock,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """`url` is without a path; `transport` stands in for the network in tests."""
        self._url, self._account, self._password = url.rstrip("/"), account, password
        self._clock = clock
        self._http = client(transport=transport)
        self._http.event_hooks = {"response": [self._tell_when]}
        self._session: Session | None = None
        self._signing_in = asyncio.Lock()
        self._refused: tuple[str, datetime] | None = None

    async def aclose(self) -> None:
        await self._http.aclose()

    async def did(self) -> str:
        """Return the lasting name of the account; signs in when nobody has yet."""
        return (await self._open()).did

    async def ask(self, method: str, shape: type[Shape], **query: Any) -> Shape:
        """Ask for something; raises `PlatformError`."""
        answer = await self._signed("GET", method, params=query)
        return read(shape, answer)

    async def tell(self, method: str, body: Mapping[str, Any]) -> httpx2.Response:
        """Have something done; raises `PlatformError`, `PlatformSilent` when it may have been done."""
        return await self._signed("POST", method, json=body)

    async def _signed(self, verb: str, method: str, **sent: Any) -> httpx2.Response:
        session = await self._open()
        try:
            return await self._send(verb, method, session.access_jwt.get_secret_value(), **sent)
        except PlatformRejected as no:
            if reason(no) not in _OVER:
                raise
        # Refused before anything was done, so it can be repeated.
        session = await self._renew(session)
        return await self._send(verb, method, session.access_jwt.get_secret_value(), **sent)

    async def _open(self) -> Session:
        if self._session is None:
            async with self._signing_in:
                if self._session is None:
                    self._session = await self._sign_in()
        return self._session

    async def _renew(self, old: Session) -> Session:
        async with self._signing_in:
            if self._session is None or self._session is old:
                self._session = None
                self._session = await self._refresh(old) or await self._sign_in()
        return self._session

    async def _refresh(self, old: Session) -> Session | None:
        token = old.refresh_jwt.get_secret_value()
        try:
            answer = await self._quietly("com.atproto.server.refreshSession", token)
            fresh = read(Session, answer)
        except PlatformRejected:
            return None
        return fresh if fresh.did == old.did else None

    async def _sign_in(self) -> Session:
        if self._refused and self._clock() < self._refused[1]:
            raise PlatformRejected(self._refused[0])
        who = {"identifier": self._account, "password": self._password}
        try:
            answer = await self._quietly("com.atproto.server.createSession", None, json=who)
            session = read(Session, answer)
        except PlatformRejected as no:
            says = f"{PLATFORM} did not let {self._account} sign in with its app password: {no}"
            self._refused = (says, self._clock() + REFUSED_FOR)
            raise PlatformRejected(says) from None
        if not session.active:
            says = f"{self._account} is not active on {PLATFORM} ({session.status or 'no reason given'})"
            self._refused = (says, self._clock() + REFUSED_FOR)
            raise PlatformRejected(says)
        return session

    async def _quietly(self, method: str, token: str | None, **sent: Any) -> httpx2.Response:
        """Sign in or renew. Silence here is only a delay: what was wanted of the session has not begun."""
        try:
            return await self._send("POST", method, token, **sent)
        except PlatformSilent as silence:
            raise PlatformBusy(str(silence)) from silence

    async def _send(self, verb: str, method: str, token: str | None, **sent: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        request = self._http.build_request(verb, f"{self._url}/xrpc/{method}", headers=headers, **sent)
        try:
            return await send(self._http, PLATFORM, request)
        except MentionGone as missing:
            # They say 400 for a post that is not there; 404 is for a question nobody there understands.
            raise PlatformRejected(f"{missing}: is {self._url} a server of Bluesky?") from missing

    async def _tell_when(self, response: httpx2.Response) -> None:
        """Say when to come back in the words that everybody uses."""
        reset = response.headers.get("ratelimit-reset", "")
        if response.status_code != _TOO_MANY or "retry-after" in response.headers:
            return
        if re.fullmatch(r"[0-9]{1,12}", reset):
            seconds = int(reset)
            if seconds > _A_MOMENT:
                seconds = max(0, seconds - int(self._clock().timestamp()))
            response.headers["retry-after"] = str(seconds)


def read(shape: type[Shape], answer: httpx2.Response) -> Shape:
    """Return an answer in its shape; raises `PlatformRejected` when it has another."""
    try:
        return shape.model_validate(answer.json())
    except (ValueError, RecursionError):  # a ValidationError is a ValueError
        raise PlatformRejected(f"{PLATFORM} answered in a way we do not know") from None
