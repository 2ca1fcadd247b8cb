"""No call that changes nothing: Slack's pace is for cards that have changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest_asyncio

from bot.domain.card import Card
from bot.domain.case import State
from bot.worker import Worker
from tests.adapters.slack.drawing.slack_houses import a_slack_house, of_case, words_of
from tests.adapters.slacks import Slack
from tests.builders import MANAGER, Watch
from tests.flows.houses import Board, House, until, until_found

HURT = "@brightloaf there was a piece of glass in my bread and I cut my mouth, I want answers"


class Wall(Board):
    """A channel with a pace, in which some cards only point elsewhere by now."""

    name = "wall"
    pace = timedelta(seconds=1)

    def __init__(self) -> None:
        super().__init__()
        self.moved: set[str] = set()
        self.asked = 0

    async def draw(self, card: Card, posted: str | None) -> str | None:  # pyright: ignore[reportIncompatibleMethodOverride] wider, as the port is
        self.asked += 1
        return None if card.case_id in self.moved else await super().draw(card, posted)


@pytest_asyncio.fixture
async def wall() -> Wall:
    return Wall()


@pytest_asyncio.fixture
async def both(
    embedded_url: str, tmp_path: Path, old_watch: Watch, slack: Slack, wall: Wall
) -> AsyncIterator[House]:
    """A house with a board, a wall, and a channel of Slack."""
    async with a_slack_house(embedded_url, tmp_path, old_watch, slack, more=(Board(), wall)) as house:
        yield house


async def test_a_card_that_another_channel_put_into_review_meanwhile_is_not_drawn_twice(
    slack: Slack, both: House
) -> None:
    release = slack.hold("chat.postMessage")
    await both.post()
    await both.reads()
    working = asyncio.create_task(Worker(both.parts, both.pace).drain())
    await until(lambda: slack.times("chat.postMessage") == 1)

    async def in_review() -> bool:
        return (await both.case("1")).state is State.IN_REVIEW

    await until_found(in_review)
    release()
    await working
    for _ in range(3):
        await both.works(seconds=2)
    assert slack.times("chat.update") == 0
    await both.press(await both.case("1"), "claim")
    await both.works(seconds=2)
    assert "Rosa" in words_of(of_case(slack.messages(), await both.case("1")))
    assert slack.times("chat.update") == 1


async def test_a_press_while_the_card_was_being_posted_is_drawn(slack: Slack, both: House) -> None:
    release = slack.hold("chat.postMessage")
    await both.post()
    await both.reads()
    working = asyncio.create_task(Worker(both.parts, both.pace).drain())
    await until(lambda: slack.times("chat.postMessage") == 1)
    case = await both.case("1")
    await both.press(case, "claim", MANAGER)
    release()
    await working
    await both.works(seconds=2)
    assert "Mark" in words_of(of_case(slack.messages(), case))


async def test_a_drawing_that_had_nothing_to_do_leaves_its_slot_to_the_next_card(
    both: House, wall: Wall
) -> None:
    worse = await both.hears(HURT)
    other = await both.hears(handle="bea", name="Bea")
    await both.works(seconds=2)
    await both.works(seconds=2)
    wall.moved.add(worse.id)
    for case in (worse, other):
        await both.press(case, "claim", MANAGER)
    before = wall.asked
    await both.works()
    assert wall.asked == before + 2
    assert "Mark" in str(wall.cards[other.id])
    await both.works(seconds=2)
    assert wall.asked == before + 2, "what was left as it is stays paid"
