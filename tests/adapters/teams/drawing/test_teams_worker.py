"""A worker, the record and a Teams channel: killed, answered too late, removed from the team."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.chat.console.channel import Console
from adapters.chat.teams.channel import Posted
from bot.domain.case import State
from tests.adapters.msteams import CHANNEL, Teams
from tests.adapters.slack.drawing.slack_houses import Dies
from tests.adapters.teams.drawing.teams_houses import (
    LANE,
    a_teams_house,
    calls_of,
    cards_in,
    of_case,
    words_of,
)
from tests.builders import Watch
from tests.flows.houses import House


@pytest.mark.parametrize("after", [True, False])
async def test_a_worker_killed_around_the_post_leaves_one_card(
    teams: Teams, house: House, *, after: bool
) -> None:
    house.change(channels={LANE: Dies(house.parts.channels[LANE], after=after)})
    case = await house.hears()
    assert len(cards_in(teams)) == after
    await house.works(minutes=2)
    assert (await house.now(case)).state is State.IN_REVIEW
    assert len(cards_in(teams)) == 1
    await house.press(case, "claim")
    await house.works(seconds=2)
    assert "Rosa is on it" in words_of(of_case(teams, case))


async def test_a_post_whose_answer_was_lost_leaves_the_newest_card_to_live(
    teams: Teams, house: House
) -> None:
    teams.lose_next("send")
    case = await house.hears()
    assert (await house.now(case)).state is State.DRAFTED
    await house.works(seconds=6)
    assert (await house.now(case)).state is State.IN_REVIEW
    await house.press(case, "claim")
    await house.works(seconds=2)
    newest = cards_in(teams)[-1]
    assert "Rosa is on it" in words_of(newest)
    (name,) = (await house.store.stands(case.id)).values()
    stands = Posted.read(name)
    assert stands is not None
    assert stands.activity == newest["id"]


@pytest.mark.parametrize("more", [[], [Console()]])
async def test_from_first_card_to_published_reply_a_case_is_drawn_at_most_five_times(
    teams: Teams, embedded_url: str, tmp_path: Path, old_watch: Watch, more: list[Console]
) -> None:
    async with a_teams_house(embedded_url, tmp_path, old_watch, teams, more=more) as house:
        case = await house.hears()
        await house.works(seconds=2)
        await house.approves(await house.now(case))
        for _ in range(30):
            await house.works(seconds=1)
        assert (await house.now(case)).state is State.PUBLISHED
        assert "The reply is live" in words_of(of_case(teams, case))
        assert 3 <= 1 + len(calls_of(teams, "PUT")) <= 5


async def test_a_channel_that_is_gone_keeps_no_case_from_being_answered(teams: Teams, house: House) -> None:
    gone = teams.connector.conversations.pop(CHANNEL)
    case = await house.hears()
    await house.approves(await house.now(case))
    await house.works(seconds=21)
    assert (await house.now(case)).state is State.PUBLISHED
    assert "add Levelhead to that team" in str(await house.store.troubles())
    teams.connector.conversations[CHANNEL] = gone
    await house.works(minutes=20)
    assert "The reply is live" in words_of(of_case(teams, case))


async def test_an_app_that_was_removed_comes_back_to_its_cards(teams: Teams, house: House) -> None:
    case = await house.hears()
    teams.remove_bot(CHANNEL)
    await house.press(case, "claim")
    await house.works(seconds=2)
    assert "the app is not there" in str(await house.store.troubles())
    teams.install_bot(CHANNEL)
    await house.works(minutes=20)
    assert "Rosa is on it" in words_of(of_case(teams, case))
    assert len(cards_in(teams)) == 1
