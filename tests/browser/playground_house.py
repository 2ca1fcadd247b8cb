"""Levelhead in Microsoft's Agents Playground, as a process of its own that is told by lines what to do.

The playground signs nothing, so a door stands between: it signs what passes as Microsoft does, and our own
door checks it. Everything is on loopback.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import structlog
from aiohttp import web

from adapters.chat.after import Afterwards
from adapters.chat.teams.app import TeamsApp
from adapters.chat.teams.card import adaptive, message, pointer
from adapters.chat.teams.channel import Posted, TeamsChannel
from adapters.chat.teams.connector import Connector
from adapters.chat.teams.directory import Directory
from adapters.chat.teams.door import http_routes
from adapters.chat.teams.known import Known
from adapters.chat.teams.names import verb
from adapters.chat.teams.settings import TeamsPlace, TeamsSettings
from adapters.chat.teams.tokens import Keys
from adapters.http import client
from adapters.square.site import Site
from adapters.store.embedded import embedded
from adapters.web import Door, public_app
from bot.domain.card import card_of
from bot.domain.team import Person, Role, Team
from bot.flows.front import Front
from bot.worker import Worker
from tests.adapters.msteams import Teams, a_teams
from tests.adapters.slack.examples import STEPS
from tests.builders import Watch, protocol
from tests.flows.houses import House, a_square, parts_of
from tests.stores import a_store

#: As config.yml of the playground has them.
CHANNEL = "19:mentions00@thread.tacv2"
PEOPLE = {
    "rosa": ("Rosa Diaz", Role.RESPONDER, "a0000000-0000-4000-8000-000000000001"),
    "mark": ("Mark Berg", Role.MANAGER, "a0000000-0000-4000-8000-000000000002"),
    "omar": ("Omar Haddad", Role.ON_CALL, "a0000000-0000-4000-8000-000000000003"),
}
TEAM = Team(
    people=tuple(
        Person(id=name, name=called, roles=frozenset({role}), teams=aad, languages=("en",))
        for name, (called, role, aad) in PEOPLE.items()
    )
)


class Running(Watch):
    """A clock that goes."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


def settings_of(teams: Teams, playground: str) -> TeamsSettings:
    """Return settings under which the playground's Connector counts as Microsoft's."""
    cloud = replace(teams.cloud, service=f"{playground}/_connector/", hosts=frozenset({playground}))
    place = TeamsPlace(name="team", channel=CHANNEL)
    return teams.settings(cloud=cloud, inline=True, places=(place,))


@asynccontextmanager
async def a_bot(folder: Path, playground: str) -> AsyncIterator[tuple[House, str]]:
    """Yield the house and the address of the door that signs."""
    clock = Running()
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        teams = await enter(a_teams())
        settings = settings_of(teams, playground)
        site = Site(folder / "square.db", now=clock)
        stack.callback(site.close)
        square = await enter(a_square(site, clock))
        store = await enter(a_store(await enter(embedded(folder / "redis")), clock, channels=("teams:team",)))
        parts = replace(parts_of(store, square, clock), team=TEAM)
        parts = replace(parts, protocol=protocol().model_copy(update={"undo_seconds": 3}))
        connector, known = await enter(Connector(settings)), Known(store.keeper, settings)
        bot = Front(parts)
        channel = TeamsChannel(
            settings, settings.places[0], connector=connector, known=known, trail=bot.trail
        )
        parts = replace(parts, channels={channel.name: channel})
        house = House(store, clock, site, square, parts)
        door = await enter(Door())
        address = await door.open(await _door(house, settings, connector, known, stack), "127.0.0.1", 0)
        yield house, await door.open(_signing(teams, f"{address}/teams/messages"), "127.0.0.1", 0)


async def _door(
    house: House, settings: TeamsSettings, connector: Connector, known: Known, stack: AsyncExitStack
) -> web.Application:
    async def once(name: str) -> bool:
        return await house.store.once(f"teams:{name}", keep=timedelta(hours=1))

    bot, after = house.front, Afterwards()
    stack.push_async_callback(after.finished)
    ids = {person.teams: person.id for person in TEAM.people}
    directory = Directory(TEAM, connector, known, settings, clock=house.watch, ids=ids)
    app = TeamsApp(bot, settings, connector, known, directory, clock=house.watch, once=once, after=after)
    http = await stack.enter_async_context(client())
    keys = Keys(http, settings.cloud, house.watch)

    async def nobody(*_: Any) -> Any:
        raise AssertionError("nothing receives hooks here")

    return public_app(nobody, limits={}, more=http_routes(app, settings, keys, once=once))


def _signing(teams: Teams, bot: str) -> web.Application:
    """Return the door that the playground knocks at: it signs what passes."""

    async def passes(request: web.Request) -> web.Response:
        raw = await request.read()
        headers = {"Content-Type": "application/json", "Authorization": teams.signed(json.loads(raw))}
        async with httpx2.AsyncClient(trust_env=False) as http:
            answer = await http.post(bot, content=raw, headers=headers, timeout=30)
        kind = answer.headers.get("content-type", "text/plain").split(";")[0]
        return web.Response(status=answer.status_code, body=answer.content, content_type=kind)

    app = web.Application()
    app.router.add_post("/api/messages", passes)
    return app


async def reads(house: House, stop: asyncio.Event) -> None:
    """Read the square again and again."""
    while not stop.is_set():
        await house.reads()
        await asyncio.sleep(0.1)


async def shown(name: str, house: House) -> str:
    """Post an example of a card, as the pages of the documentation have them; returns its ID."""
    channel = house.parts.channels["teams:team"]
    assert isinstance(channel, TeamsChannel)
    if name in {"stub", "moved"}:
        card = card_of(STEPS["dangerous"](), TEAM, house.parts.protocol)
        drawn = pointer(card, "Sensitive") if name == "moved" else message(card, stub=True, where="Sensitive")
    else:
        example = STEPS["translated" if name == "urdu" else name]()
        drawn = message(card_of(example, TEAM, house.parts.protocol))
    return await channel._connector.send(await channel._known.service(), CHANNEL, drawn)


async def button(case_id: str, by: str, decision: str, house: House) -> dict[str, Any]:
    """Return the button of a decision on somebody's card: its verb, and what it carries."""
    person = TEAM.person(by)
    assert person is not None
    card = await house.front.card(case_id, person)
    assert card is not None
    drawn = adaptive(card)
    found = next(one for one in drawn["actions"] if one.get("verb") == verb("decide", decision))
    posted = (await house.front.stands(case_id))["teams:team"]
    return {"verb": found["verb"], "data": found["data"], "message": Posted.read(posted).activity}


async def obeys(house: House) -> None:
    """Do what each line on the standard input says, and answer with a line."""
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        told = json.loads(line)
        match told.pop("do"):
            case "post":
                post = await house.post(**told)
                answer: Any = {"id": post.id, "case": f"square:{post.id}"}
            case "case":
                case = await house.store.get(told["case"])
                answer = {"state": case.state.value, "live": await house.live(case)}
            case "show":
                answer = {"id": await shown(told["name"], house)}
            case "button":
                answer = await button(told["case"], told["by"], told["decision"], house)
            case other:
                answer = {"error": f"nobody knows {other!r}"}
        print(json.dumps(answer), flush=True)  # noqa: T201 the way back


async def main(folder: Path, playground: str) -> None:
    """Run until the standard input ends."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    async with a_bot(folder, playground) as (house, door), asyncio.TaskGroup() as group:
        print(json.dumps({"door": f"{door}/api/messages"}), flush=True)  # noqa: T201 the way back
        stop = asyncio.Event()
        group.create_task(Worker(house.parts).run(stop))
        group.create_task(reads(house, stop))
        await obeys(house)
        stop.set()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
