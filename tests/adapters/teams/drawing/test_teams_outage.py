"""Teams away for ten minutes while cases go on: then each card is drawn once, worst first, at the pace."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.chat.teams.card import message
from adapters.chat.teams.settings import TeamsPlace
from bot.domain.assessment import Severity
from bot.domain.case import Case
from bot.worker import Worker
from tests.adapters.msteams import CHANNEL, Conversation, Teams
from tests.adapters.slack.drawing.slack_houses import LONG_AGO, card
from tests.adapters.teams.drawing.teams_houses import a_teams_house, cards_in, of_case, thread_of, words_of
from tests.builders import MANAGER, Watch, a_mention, opened
from tests.contracts.case_contract import READY
from tests.flows.houses import House
from tests.stores import Life

CARDS, CHANGES, SECONDS = 40, 500, 600
#: So many seconds a channel that was away may be held, or a try put off.
PATIENCE = 35
SECOND = "19:bad-cases@thread.tacv2"
EVERYTHING = TeamsPlace(name="all", channel=CHANNEL)
BAD = TeamsPlace(name="bad", channel=SECOND, severity="high")
LANES = {CHANNEL: "teams:all", SECOND: "teams:bad"}
SEVERITIES = (Severity.MEDIUM, Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM)


@pytest_asyncio.fixture
async def house(embedded_url: str, tmp_path: Path, old_watch: Watch, teams: Teams) -> AsyncIterator[House]:
    """Two places, and so two lanes."""
    teams.connector.conversations[SECOND] = Conversation(SECOND, team=teams.team)
    async with a_teams_house(embedded_url, tmp_path, old_watch, teams, EVERYTHING, BAD) as house:
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


def drawings(calls: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Every post and redraw of a card among some calls: its channel and its message, `new` for a post."""
    found = list[tuple[str, str]]()
    for method, path in calls:
        channel, _, rest = path.partition("/v3/conversations/")[2].partition("/")
        if method in {"POST", "PUT"} and channel in LANES:
            found.append((channel, rest.removeprefix("activities").strip("/") or "new"))
    return found


async def settle(house: House, workers: list[Worker], teams: Teams) -> list[Counter[str]]:
    """Let seconds pass until no drawing waits; return how many were made in each, by channel."""
    every = list[Counter[str]]()
    while len(every) < PATIENCE or await is_owed(house):
        before = len(teams.calls)
        await passes(house, workers, 1)
        every.append(Counter(channel for channel, _ in drawings(teams.calls[before:])))
        assert len(every) < 3 * CARDS
    return every


async def change(house: House, cases: list[Case], number: int) -> None:
    """Somebody claims a case, or gives it back: each has its turn."""
    case, turn = cases[number % len(cases)], number // len(cases)
    await house.press(case, "claim" if turn % 2 == 0 else "release", MANAGER)


async def test_after_ten_minutes_away_every_card_is_true_and_drawn_once(
    teams: Teams, house: House, workers: list[Worker]
) -> None:
    cases = await begin(house, *range(CARDS - 10))
    await settle(house, workers, teams)
    teams.down = True
    cases += await begin(house, *range(CARDS - 10, CARDS))
    for second in range(0, SECONDS, 5):
        for number in range(second * CHANGES // SECONDS, (second + 5) * CHANGES // SECONDS):
            await change(house, cases, number)
        await passes(house, workers, 5)
    teams.down, before = False, len(teams.calls)
    stood = {card["id"] for card in cards_in(teams)}
    paced = await settle(house, workers, teams)

    drawn = drawings(teams.calls[before:])
    stands = {of_case(teams, case)["id"]: case.id for case in cases}
    new = (one["id"] for one in cards_in(teams) if one["id"] not in stood)
    in_all = [stands[next(new) if one == "new" else one] for channel, one in drawn if channel == CHANNEL]
    assert in_all == list(await house.store.open_cases(first=0, count=CARDS))  # worst first, and each once
    assert all(number <= 1 for second in paced for number in second.values())
    assert len(paced) <= CARDS + 6  # up to five seconds until somebody looks whether Teams is back
    await every_card_is_true(teams, house, cases)


async def every_card_is_true(teams: Teams, house: House, cases: list[Case]) -> None:
    """Every case stands once in each of its channels, as it is now, and its thread tells it to the end."""
    for channel in LANES:
        here = [c for c in cases if channel == CHANNEL or c.severity.rank >= Severity.HIGH.rank]
        assert len(cards_in(teams, channel)) == len(here)
        for case in here:
            shown = of_case(teams, case, channel)
            now = await house.now(case)
            assert shown["attachments"] == message(card(now))["attachments"]
            told = thread_of(teams, shown, channel)
            trail = await house.front.trail(case.id)
            assert not told or trail[-1].says in words_of(told[-1])


async def test_a_flood_of_first_cards_is_posted_at_the_pace_and_no_slower(
    teams: Teams, house: House, workers: list[Worker]
) -> None:
    await begin(house, *range(60))
    drawn = 0
    for _ in range(240):  # a look of each worker every quarter of a second
        before = len(teams.calls)
        await passes(house, workers, 0.25)
        drawn += sum(1 for channel, _ in drawings(teams.calls[before:]) if channel == CHANNEL)
    assert 57 <= drawn <= 61


@pytest.mark.parametrize("status", [429, 412, 502, 503])
async def test_teams_asking_for_half_a_minute_gets_it_from_every_worker(
    teams: Teams, house: House, workers: list[Worker], status: int
) -> None:
    await begin(house, 0, 4, 8)
    teams.fail_next("send", status, retry_after=30)
    await passes(house, workers, 1)
    for _ in range(28):
        await passes(house, workers, 1)
    assert len(drawings(teams.calls)) == 1
    await settle(house, workers, teams)
    assert len(cards_in(teams)) == 3


async def test_one_slot_takes_at_most_two_calls(teams: Teams, house: House, workers: list[Worker]) -> None:
    """Sixty in thirty seconds is what a channel takes: a redraw and a reply in each second."""
    cases = await begin(house, *range(12))
    await settle(house, workers, teams)
    for case in cases:
        await house.press(case, "claim", MANAGER)
    while await is_owed(house):
        before = len(teams.calls)
        await passes(house, workers, 1)
        here = [path for method, path in teams.calls[before:] if method != "GET" and CHANNEL in path]
        assert len(here) <= 2


async def test_answers_that_are_lost_again_and_again_leave_every_case_a_true_card(
    teams: Teams, house: House, workers: list[Worker]
) -> None:
    cases = await begin(house, *range(8))
    for _ in range(6):
        teams.lose_next("send")
        teams.lose_next("update")
    for _ in range(12):
        await settle(house, workers, teams)
    for case in cases:
        await house.press(case, "claim", MANAGER)
    await settle(house, workers, teams)
    for case in cases:
        drawn = message(card(await house.now(case)))["attachments"]
        assert drawn in [one["attachments"] for one in cards_in(teams)]


async def test_one_broken_channel_holds_up_no_other(
    teams: Teams, house: House, workers: list[Worker]
) -> None:
    teams.remove_bot(CHANNEL)
    cases = await begin(house, 1, 2)
    for _ in range(6):
        await passes(house, workers, 1)
    assert len(cards_in(teams, SECOND)) == 2
    teams.install_bot(CHANNEL)
    for _ in range(60):
        await passes(house, workers, 1)
    await every_card_is_true(teams, house, cases)
