"""Slack away for ten minutes while cases go on: then each card is drawn once, worst first, at the pace."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from adapters.chat.slack.message import message
from adapters.chat.slack.settings import SlackPlace
from bot.domain.assessment import Severity
from bot.domain.case import Case
from bot.worker import Worker
from tests.adapters.slack.drawing.slack_houses import LONG_AGO, a_slack_house, card, drawings, of_case
from tests.adapters.slacks import Channel, Slack
from tests.builders import MANAGER, Watch, a_mention, opened
from tests.contracts.case_contract import READY
from tests.flows.houses import House
from tests.stores import Life

CARDS, CHANGES, SECONDS = 40, 500, 600
#: So many seconds a channel that was away may be held, or a try put off.
PATIENCE = 35
EVERYTHING = SlackPlace(name="all", channel="C1")
BAD = SlackPlace(name="bad", channel="C2", severity="high")
LANES = {"C1": "slack:all", "C2": "slack:bad"}
SEVERITIES = (Severity.MEDIUM, Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM)


@pytest_asyncio.fixture
async def house(embedded_url: str, tmp_path: Path, old_watch: Watch, slack: Slack) -> AsyncIterator[House]:
    """Two places, and so two lanes."""
    slack.channels["C2"] = Channel("C2", "bad")
    async with a_slack_house(embedded_url, tmp_path, old_watch, slack, EVERYTHING, BAD) as house:
        yield house


@pytest_asyncio.fixture
async def workers(house: House) -> list[Worker]:
    """Two of them on one record."""
    return [Worker(house.parts, house.pace) for _ in range(2)]


async def begin(house: House, *numbers: int) -> list[Case]:
    """Drafted cases of every severity."""
    life, cases = Life(house.store, house.watch), list[Case]()
    for number in numbers:
        case = await life.begin(a_mention(f"mention {number}", id=str(number), posted_at=LONG_AGO))
        severity = SEVERITIES[number % len(SEVERITIES)]
        cases.append(await life.happens(case, opened(severity, at=house.watch()), READY))
    return cases


async def passes(house: House, workers: list[Worker], seconds: float) -> None:
    """Time passes, and every worker does what is due."""
    house.watch.move(seconds=seconds)
    await asyncio.gather(*(worker.drain() for worker in workers))


async def is_owed(house: House) -> int:
    """How many drawings wait."""
    lanes = await house.store.lanes()
    return sum(lanes[f"card:{lane}"][0] for lane in LANES.values())


async def settle(house: House, workers: list[Worker], slack: Slack) -> list[Counter[str]]:
    """Let seconds pass until no drawing waits; return how many were made in each, by channel."""
    every = list[Counter[str]]()
    while len(every) < PATIENCE or await is_owed(house):
        before = len(slack.calls)
        await passes(house, workers, 1)
        every.append(Counter(channel for channel, _ in drawings(slack.calls[before:])))
        assert len(every) < 3 * CARDS
    return every


async def change(house: House, cases: list[Case], number: int) -> None:
    """Somebody claims a case, or gives it back: each has its turn."""
    case, turn = cases[number % len(cases)], number // len(cases)
    await house.press(case, "claim" if turn % 2 == 0 else "release", MANAGER)


async def test_after_ten_minutes_away_every_card_is_true_and_drawn_once(
    slack: Slack, house: House, workers: list[Worker]
) -> None:
    cases = await begin(house, *range(CARDS - 10))
    await settle(house, workers, slack)
    slack.down = True
    cases += await begin(house, *range(CARDS - 10, CARDS))
    for second in range(0, SECONDS, 5):
        for number in range(second * CHANGES // SECONDS, (second + 5) * CHANGES // SECONDS):
            await change(house, cases, number)
        await passes(house, workers, 5)
    slack.down, before = False, len(slack.calls)
    paced = await settle(house, workers, slack)

    drawn = drawings(slack.calls[before:])
    in_all = [case_id for channel, case_id in drawn if channel == "C1"]
    assert in_all == list(await house.store.open_cases(first=0, count=CARDS))  # worst first, and each once
    assert max(Counter(drawn).values()) == 1
    assert all(number <= 1 for second in paced for number in second.values())
    assert len(paced) <= CARDS + 6  # up to five seconds until somebody looks whether Slack is back
    await every_card_is_true(slack, house, cases)


async def every_card_is_true(slack: Slack, house: House, cases: list[Case]) -> None:
    """Every case stands once in each of its channels, as it is now, and its thread tells it to the end."""
    for channel, lane in LANES.items():
        here = [c for c in cases if channel == "C1" or c.severity.rank >= Severity.HIGH.rank]
        assert len(slack.messages(channel)) == len(here)
        for case in here:
            shown = of_case(slack.messages(channel), case)
            assert shown["blocks"] == message(card(await house.now(case)), lane=lane).blocks
            told = slack.messages(channel, thread=shown["ts"])
            assert told[-1:] == [] or told[-1]["metadata"]["event_payload"]["lines"] == len(
                await house.trail(case)
            )


async def test_a_flood_of_first_cards_is_posted_at_the_pace_and_no_slower(
    slack: Slack, house: House, workers: list[Worker]
) -> None:
    await begin(house, *range(60))
    drawn = 0
    for _ in range(240):  # a look of each worker every quarter of a second
        before = len(slack.calls)
        await passes(house, workers, 0.25)
        drawn += sum(1 for channel, _ in drawings(slack.calls[before:]) if channel == "C1")
    assert 57 <= drawn <= 61


async def test_slack_asking_for_half_a_minute_gets_it_from_every_worker(
    slack: Slack, house: House, workers: list[Worker]
) -> None:
    await begin(house, 0, 4, 8)
    slack.fail_next("chat.postMessage", "ratelimited", retry_after=30)
    await passes(house, workers, 1)
    for _ in range(28):
        await passes(house, workers, 1)
    assert len(slack.calls) == 1
    await settle(house, workers, slack)
    assert len(slack.messages("C1")) == 3


async def test_answers_that_are_lost_again_and_again_double_no_card(
    slack: Slack, house: House, workers: list[Worker]
) -> None:
    cases = await begin(house, *range(8))
    for _ in range(6):
        slack.drop_next("chat.postMessage")
        slack.drop_next("chat.update")
    for _ in range(12):
        await settle(house, workers, slack)
    await every_card_is_true(slack, house, cases)


async def test_one_broken_channel_holds_up_no_other(
    slack: Slack, house: House, workers: list[Worker]
) -> None:
    slack.channels["C1"].has_bot = False
    cases = await begin(house, 1, 2)
    for _ in range(6):
        await passes(house, workers, 1)
    assert len(slack.messages("C2")) == 2
    slack.channels["C1"].has_bot = True
    for _ in range(60):
        await passes(house, workers, 1)
    await every_card_is_true(slack, house, cases)
