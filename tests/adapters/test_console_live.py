"""The stream that keeps open pages live."""

from __future__ import annotations

import asyncio

from tests.adapters.consoles import TeamAtWork, visiting
from tests.builders import Watch, in_review

CASE = "/case/square:100"
ELSEWHERE = "https://evil.example"


def a_team() -> TeamAtWork:
    return TeamAtWork(Watch(), in_review())


async def test_an_open_page_is_told_of_every_change_and_of_an_outage() -> None:
    bot = a_team()
    async with visiting(bot) as visitor, visitor.session.get(f"{visitor.base}/events?since=1") as stream:
        assert stream.content_type == "text/event-stream"
        bot.put(in_review())
        assert await told(stream.content) == "changed 2"
        bot.reachable = False
        assert await told(stream.content) == "down down"
        bot.reachable = True
        assert await told(stream.content) == "changed 2"


async def test_closing_the_door_ends_the_streams_at_once() -> None:
    began = asyncio.get_running_loop().time()
    async with (
        visiting(a_team()) as visitor,
        visitor.session.get(f"{visitor.base}/events?since=1") as stream,
    ):
        assert stream.status == 200
        leaving = asyncio.create_task(visitor.leave())
        assert b"retry" in await stream.read()
        await leaving
    assert asyncio.get_running_loop().time() - began < 2


async def told(stream: asyncio.StreamReader) -> str:
    kind = ""
    while line := (await asyncio.wait_for(stream.readline(), 5)).decode().strip("\n"):
        pass
    while True:
        line = (await asyncio.wait_for(stream.readline(), 5)).decode().strip("\n")
        kind = line.removeprefix("event: ") if line.startswith("event: ") else kind
        if line.startswith("data: "):
            return f"{kind} {line.removeprefix('data: ')}"
