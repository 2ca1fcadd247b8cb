"""A house whose team sits in Slack: its cards stand in the fake Slack, and what people do comes in signed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiohttp import ClientSession, web
from slack_bolt.async_app import AsyncApp

from adapters.chat.after import Afterwards
from adapters.chat.granting import Grant
from adapters.chat.slack.app import slack_app
from adapters.chat.slack.directory import Directory
from adapters.chat.slack.door import PATH, http_routes
from adapters.chat.slack.message import message
from adapters.chat.slack.settings import SlackSettings
from adapters.chat.slack.socket_mode import run_socket
from adapters.chat.slack.web import SlackWeb
from adapters.web import public_app
from bot.domain.card import Card
from bot.domain.case import Case
from bot.ports import Bot
from tests.adapters.slack_people import Hands, Json, Wires
from tests.adapters.slacks import Slack
from tests.flows.houses import Board, House, until

IDS = {"U1": "rosa", "U2": "mark", "U3": "omar"}


class SlackBoard(Board):
    """A board that stands in Slack. Without pace or doubt: the channel's own tests are about those."""

    def __init__(self, web: SlackWeb) -> None:
        super().__init__()
        self._web = web

    async def draw(self, card: Card, posted: str | None) -> str:
        await super().draw(card, posted)
        drawn = message(card)
        if posted:
            again = {"text": drawn.text, "blocks": drawn.blocks, "metadata": drawn.metadata, "parse": "none"}
            await self._web.write("chat.update", channel="C1", ts=posted, **again)
            return posted
        return str((await self._web.write("chat.postMessage", channel="C1", **drawn.payload))["ts"])


@dataclass
class Room:
    """A house, its Slack, and the hands of the people in it."""

    house: House
    slack: Slack
    app: AsyncApp
    after: Afterwards
    hands: Hands
    settings: SlackSettings

    async def card(self, **more: Any) -> tuple[Case, Json]:
        """A case whose card waits for a decision, and the message it is."""
        case = await self.house.hears(**more)
        return case, self.message(case)

    def message(self, case: Case) -> Json:
        """The card of a case, as it stands in Slack."""
        found = [m for m in self.slack.messages() if m["metadata"]["event_payload"]["case"] == case.id]
        assert len(found) == 1
        return found[0]

    async def settled(self) -> None:
        """Wait until everything that goes on after acknowledgements is done."""
        await self.after.finished()

    def told(self) -> list[str]:
        """What single people were told, each alone."""
        return [m["text"] for m in (*self.slack.ephemerals, *self.slack.responses)]

    @asynccontextmanager
    async def wired(self, connections: int = 1) -> AsyncGenerator[Wires]:
        """Yield hands whose presses come over Socket Mode."""
        stop = asyncio.Event()
        running = asyncio.create_task(run_socket(self.app, self.settings, stop, connections=connections))
        try:
            await until(lambda: len(self.slack.wire.open) == connections)
            yield Wires(self.slack)
        finally:
            stop.set()
            async with asyncio.timeout(1):
                await running


@asynccontextmanager
async def a_room(
    house: House, slack: Slack, *, bot: Bot | None = None, groups: dict[str, Grant] | None = None, **more: Any
) -> AsyncGenerator[Room]:
    """Yield a room; `bot` stands between Slack and the house, where one is given."""
    for user in IDS:
        slack.user(user)
    settings, after = slack.settings(), Afterwards()
    async with SlackWeb(settings) as way:
        house.change(channels={"board": SlackBoard(way)})
        directory = Directory(
            house.parts.team, way, clock=house.watch, ids=IDS, groups=groups, workspace=slack.team
        )

        async def once(name: str) -> bool:
            return await house.store.once(name, keep=timedelta(hours=1))

        given: dict[str, Any] = {"clock": house.watch, "once": once, "after": after, **more}
        app = slack_app(bot or house.front, settings, directory, **given)
        async with _served(app, settings) as url, ClientSession() as session:
            try:
                yield Room(house, slack, app, after, Hands(slack, url, session), settings)
            finally:
                await after.finished()


@asynccontextmanager
async def _served(app: AsyncApp, settings: SlackSettings) -> AsyncGenerator[str]:
    async def nobody(*_: Any) -> Any:
        raise AssertionError("nothing receives hooks here")

    door = public_app(nobody, limits={})
    door.add_routes(http_routes(app, settings))
    runner = web.AppRunner(door, shutdown_timeout=1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    finally:
        await runner.cleanup()
