"""A house whose team sits in Teams: its cards stand at the fake Microsoft; what people do comes in signed."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
from aiohttp import web

from adapters.chat.after import Afterwards
from adapters.chat.granting import Grant
from adapters.chat.teams.app import TeamsApp
from adapters.chat.teams.connector import Connector
from adapters.chat.teams.directory import Directory
from adapters.chat.teams.door import PATH, http_routes
from adapters.chat.teams.known import Known
from adapters.chat.teams.settings import TeamsSettings
from adapters.chat.teams.tokens import Keys
from adapters.web import public_app
from bot.domain.case import Case
from bot.ports import Bot
from tests.adapters.msteams import Json, Teams
from tests.adapters.msteams_people import Hands, content_of, said
from tests.adapters.teams.drawing.teams_houses import cards_in
from tests.flows.houses import House

AADS = {f"U{n}": f"0a0c7d2e-2222-4222-8333-94445555666{n}" for n in range(1, 10)}
IDS = {AADS["U1"]: "rosa", AADS["U2"]: "mark", AADS["U3"]: "omar"}
NAMES = {"U1": "Rosa Diaz", "U2": "Mark Lee", "U3": "Omar Aziz"}


@dataclass
class Room:
    """A house, its Teams, and the hands of the people in it."""

    house: House
    teams: Teams
    app: TeamsApp
    known: Known
    hands: Hands
    settings: TeamsSettings

    async def card(self, **more: Any) -> tuple[Case, Json]:
        """A case whose card waits for a decision, and the message it is."""
        case = await self.house.hears(**more)
        return case, self.message(case)

    def message(self, case: Case) -> Json:
        """The card of a case, as it stands in the channel."""
        found = [one for one in cards_in(self.teams) if case.id in said(content_of(one))]
        assert len(found) == 1
        return found[0]

    async def settled(self) -> None:
        """Wait until everything that goes on after answers is done."""
        await self.app.after.finished()

    def told(self, user: str = "") -> list[str]:
        """What people were told in their own chats with the bot: all of them, or one."""
        whose = [self.hands.people[user]] if user else list(self.hands.people.values())
        chats = [chat for chat in self.teams.connector.conversations.values() if chat.user in whose]
        return [said(content_of(one)) for chat in chats for one in chat.activities.values()]

    def chat(self, user: str = "U1") -> list[Json]:
        """What stands in somebody's own chat with the bot."""
        return self.teams.activities(self.teams.personal(self.hands.people[user]))


@asynccontextmanager
async def a_teams_room(
    house: House,
    teams: Teams,
    *,
    bot: Bot | None = None,
    groups: dict[str, Grant] | None = None,
    ids: dict[str, str] | None = None,
    changes: dict[str, Any] | None = None,
    **more: Any,
) -> AsyncGenerator[Room]:
    """Yield a room; `bot` stands between Teams and the house, where one is given."""
    people = {
        user: teams.member(AADS[user], name=name, upn=f"{user.lower()}@brightloaf.example")
        for user, name in NAMES.items()
    }
    settings, after = teams.settings(**(changes or {})), Afterwards()
    async with AsyncExitStack() as stack:
        connector = await stack.enter_async_context(Connector(settings))
        http = await stack.enter_async_context(httpx2.AsyncClient())
        known = Known(house.store.keeper, settings)
        directory = Directory(
            house.parts.team, connector, known, settings, clock=house.watch, ids=ids or IDS, groups=groups
        )

        async def once(name: str) -> bool:
            return await house.store.once(name, keep=timedelta(hours=1))

        given: dict[str, Any] = {"clock": house.watch, "once": once, "after": after, **more}
        app = TeamsApp(bot or house.front, settings, connector, known, directory, **given)
        keys = Keys(http, settings.cloud, house.watch)
        url = await stack.enter_async_context(_served(app, settings, keys, given["once"], after))
        stack.push_async_callback(after.finished)
        yield Room(house, teams, app, known, Hands(teams, url, people), settings)


@asynccontextmanager
async def _served(
    app: TeamsApp, settings: TeamsSettings, keys: Keys, once: Any, after: Afterwards
) -> AsyncGenerator[str]:
    async def nobody(*_: Any) -> Any:
        raise AssertionError("nothing receives hooks here")

    door = public_app(nobody, limits={})
    door.add_routes(http_routes(app, settings, keys, once=once, after=after))
    runner = web.AppRunner(door, shutdown_timeout=1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    finally:
        await runner.cleanup()
