"""The token that opens the Connector: fetched once for all who wait for it, and kept until it is nearly over.

Page: learn.microsoft.com/en-us/azure/bot-service/rest-api/bot-framework-rest-connector-authentication.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx2

from adapters.chat.teams.refused import ask, body_of
from adapters.chat.teams.settings import TeamsSettings
from bot.errors import PlatformBusy

#: A token is not used in its last seconds: a call takes its time, and clocks differ.
_BEFORE_ITS_END, _AT_MOST = 0.1, 300.0


class Bearer:
    """The token of one app."""

    def __init__(self, settings: TeamsSettings, http: httpx2.AsyncClient, now: Callable[[], float]) -> None:
        """`now` counts seconds and never goes back."""
        self._settings, self._http, self._now = settings, http, now
        self._token, self._until = "", 0.0
        self._fetching: asyncio.Task[str] | None = None

    async def token(self, *, instead_of: str = "") -> str:
        """Return a token that holds, another one than `instead_of`, which was refused.

        `PlatformBusy`: not now. `TeamsRefused`: the app or its secret is not known.
        """
        if self._token not in {"", instead_of} and self._now() < self._until:
            return self._token
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch())
            self._fetching.add_done_callback(self._fetched)
        # Shielded: who leaves does not take it from the others that wait.
        return await asyncio.shield(self._fetching)

    async def aclose(self) -> None:
        """Stop fetching."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.wait({self._fetching})

    async def _fetch(self) -> str:
        settings = self._settings
        form = {
            "grant_type": "client_credentials",
            "client_id": settings.app_id,
            "client_secret": settings.secret,
            "scope": settings.cloud.scope,
        }
        url = f"{settings.cloud.login.rstrip('/')}/{settings.tenant}/oauth2/v2.0/token"
        body = body_of("a token", await ask(self._http, self._http.build_request("POST", url, data=form)))
        match body:
            case {"access_token": str(token), "expires_in": int(seconds)} if token:
                margin = min(seconds * _BEFORE_ITS_END, _AT_MOST)
                self._token, self._until = token, self._now() + seconds - margin
                return token
            case _:
                raise PlatformBusy("Microsoft gave no token where one was asked for")

    def _fetched(self, done: asyncio.Task[str]) -> None:
        self._fetching = None
        if not done.cancelled():
            done.exception()  # it is told to whoever waits; where nobody does any more, it is no news
