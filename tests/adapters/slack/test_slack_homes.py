"""Whose App Home is drawn when something was pressed: of those who may be looking, and not too often."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from adapters.chat.after import Afterwards
from adapters.chat.slack.directory import Directory
from adapters.chat.slack.homes import EVERY, LATELY, MOST, Homes
from adapters.chat.slack.web import SlackWeb
from tests.adapters.slack_rooms import Room
from tests.adapters.slacks import Slack
from tests.builders import TEAM
from tests.flows.houses import House


class Waiting(Afterwards):
    """Work that goes on by itself, and what is to be called later: rung by the test."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[tuple[float, Callable[[], None]]] = []

    def later(self, seconds: float, call: Callable[[], None]) -> asyncio.TimerHandle:
        self.waits.append((seconds, call))
        return asyncio.get_running_loop().call_later(3600, call)


@dataclass
class Desk:
    """Homes, a clock of seconds, and what Slack was asked to show."""

    homes: Homes
    slack: Slack
    after: Waiting
    now: list[float] = field(default_factory=lambda: [1000.0])

    async def published(self) -> list[str]:
        """Whose pages were drawn since this was asked last."""
        await self.after.finished()
        found = [asked["user_id"] for method, asked in self.slack.calls if method == "views.publish"]
        self.slack.calls.clear()
        return sorted(found)


@pytest_asyncio.fixture
async def desk(house: House, slack: Slack) -> AsyncIterator[Desk]:
    after, now = Waiting(), [1000.0]
    async with SlackWeb(slack.settings()) as web:
        directory = Directory(TEAM, web, clock=house.watch)
        homes = Homes(house.front, web, directory, after, seconds=lambda: now[0])
        yield Desk(homes, slack, after, now)


async def test_a_colleague_who_looks_sees_what_i_pressed(room: Room) -> None:
    case, card = await room.card()
    for user in ("U1", "U2"):
        await room.hands.opens_home(user)
    await room.settled()
    assert "Claim" not in json.dumps(room.slack.homes["U2"])
    await room.hands.press(card, "claim", "U1")
    await room.settled()
    assert "Rosa" in json.dumps(room.slack.homes["U2"])
    assert "U3" not in room.slack.homes, "Omar never opened his"
    assert case.id in json.dumps(room.slack.homes["U1"])


async def test_a_pause_shows_on_the_pages_of_those_who_look(room: Room) -> None:
    for user in ("U1", "U2"):
        await room.hands.opens_home(user)
    await room.hands.types("pause", "U2")
    await room.settled()
    assert "paused by Mark" in json.dumps(room.slack.homes["U1"])


async def test_presses_in_a_row_are_drawn_for_a_colleague_at_once_and_then_in_rounds(desk: Desk) -> None:
    for user in ("U1", "U2"):
        desk.homes.opened(user)
    await desk.published()
    desk.homes.changed("U1")
    assert await desk.published() == ["U1", "U2"]
    for _ in range(5):
        desk.now[0] += 1
        desk.homes.changed("U1")
        assert await desk.published() == ["U1"]
    ((wait, ring),) = desk.after.waits
    assert wait == pytest.approx(EVERY - 1)
    desk.now[0] += 5
    ring()
    assert await desk.published() == ["U2"]
    desk.now[0] += EVERY
    desk.homes.changed("U2")
    assert await desk.published() == ["U1", "U2"]


async def test_who_never_opened_theirs_or_did_so_long_ago_is_left_alone(desk: Desk) -> None:
    desk.homes.opened("U2")
    await desk.published()
    desk.now[0] += LATELY + 1
    desk.homes.opened("U1")
    desk.homes.changed("U3")
    assert set(await desk.published()) == {"U1"}


async def test_many_are_drawn_less_often_and_only_those_who_opened_theirs_last(desk: Desk) -> None:
    users = [f"U{number:03}" for number in range(MOST + 10)]
    for user in users:
        desk.homes.opened(user)
    await desk.published()
    desk.homes.changed("U0")
    drawn = await desk.published()
    assert drawn == users[10:]
    desk.homes.changed("U0")
    ((wait, _),) = desk.after.waits
    assert len(drawn) / wait * 60 < 100, "what Slack takes of a workspace in a minute"


async def test_a_process_that_leaves_does_not_wait_for_a_page_of_later() -> None:
    after, rung = Afterwards(), list[Any]()
    timer = after.later(3600, lambda: rung.append(1))
    await asyncio.wait_for(after.finished(), 1)
    assert timer.cancelled()
    after.later(0, lambda: rung.append(2))
    await asyncio.sleep(0.01)
    assert rung == [2]
