"""Our door for Teams on loopback, in front of a handler that writes down what reached it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.chat.after import Afterwards
from adapters.chat.teams.door import PATH, http_routes
from adapters.chat.teams.settings import TeamsSettings
from adapters.chat.teams.tokens import Keys
from adapters.http import client
from adapters.web import Door, public_app
from bot.errors import StoreUnavailable
from tests.adapters.msteams import Answer, Json, Teams

SECRET_WORDS = "our parcel never came"


class Watch:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def goes_on(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Heard:
    """A handler: what reached it, and how it answers."""

    told: list[tuple[str, Json]] = field(default_factory=list)
    does: Callable[[Json], Awaitable[Json | None]] | None = None

    async def invoke(self, activity: Json) -> Json | None:
        self.told.append(("invoke", activity))
        return await self.does(activity) if self.does else {"statusCode": 200}

    async def message(self, activity: Json) -> None:
        self.told.append(("message", activity))
        if self.does:
            await self.does(activity)

    async def changed(self, activity: Json) -> None:
        self.told.append(("changed", activity))


class Names:
    """What was here before."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.away = False

    async def once(self, name: str) -> bool:
        if self.away:
            raise StoreUnavailable("redis")
        if name in self.seen:
            return False
        self.seen.add(name)
        return True


@dataclass
class Entrance:
    """The door, who stands behind it, and who comes to it."""

    teams: Teams
    url: str
    heard: Heard
    settings: TeamsSettings
    watch: Watch
    names: Names
    after: Afterwards
    rosa: str

    def press(self, **more: Any) -> Json:
        """What Teams sends when somebody presses a button."""
        value = {"action": {"type": "Action.Execute", "verb": "lh.approve", "data": {"words": SECRET_WORDS}}}
        own: Json = {"name": "adaptiveCard/action", "value": value} | more
        return self.teams.activity("invoke", by=self.rosa, reply_to="1", **own)

    async def post(self, body: Json | str | bytes, *, header: str | None = None) -> Answer:
        return await self.teams.post(self.url, body, header=header)

    async def signed(self, body: Json | None = None, **claims: Any) -> int:
        """Post a press whose token differs from a good one; returns the status."""
        body = body or self.press()
        return (await self.post(body, header=self.teams.signed(body, **claims))).status


@asynccontextmanager
async def an_entrance(teams: Teams, **changes: Any) -> AsyncGenerator[Entrance]:
    """Yield a door that is open; `changes` are to its settings."""
    heard, names, after, watch = Heard(), Names(), Afterwards(), Watch()
    settings = teams.settings(**changes)
    rosa = teams.member("aad-rosa", name="Rosa Lu", upn="rosa@example.com")

    async def nobody(*_: Any) -> Any:
        raise AssertionError("nothing receives hooks here")

    async with client() as http, Door() as door:
        keys = Keys(http, settings.cloud, watch)
        more = http_routes(heard, settings, keys, once=names.once, after=after)
        url = await door.open(public_app(nobody, limits={}, more=more), "127.0.0.1", 0)
        try:
            yield Entrance(teams, url + PATH, heard, settings, watch, names, after, rosa)
        finally:
            async with asyncio.timeout(5):
                await after.finished()
