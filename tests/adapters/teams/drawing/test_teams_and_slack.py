"""One case with a card in Slack and one in Teams: whoever decides first, both tell it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.chat.slack.channel import SlackChannel
from adapters.chat.slack.web import SlackWeb
from bot.domain.case import State
from bot.errors import BotError, Refused, StaleCase
from tests.adapters.msteams import CHANNEL, Teams
from tests.adapters.slack.drawing import slack_houses as in_slack
from tests.adapters.slacks import Slack
from tests.adapters.teams.drawing import teams_houses as in_teams
from tests.builders import MANAGER, RESPONDER, Watch
from tests.flows.houses import House


@pytest_asyncio.fixture
async def both(
    embedded_url: str, tmp_path: Path, old_watch: Watch, teams: Teams, slack: Slack
) -> AsyncIterator[House]:
    """A house whose cards stand in both."""
    settings = slack.settings(places=(in_slack.TEAM_PLACE,))
    async with SlackWeb(settings) as web:
        channel = SlackChannel(settings, in_slack.TEAM_PLACE, clock=old_watch, client=web)
        more = [channel]
        async with in_teams.a_teams_house(embedded_url, tmp_path, old_watch, teams, more=more) as house:
            yield house


@pytest.mark.parametrize("first", [RESPONDER, MANAGER])
async def test_the_first_decision_wins_and_both_cards_tell_it(
    teams: Teams, slack: Slack, both: House, first: object
) -> None:
    case = await both.hears()
    await both.works(seconds=2)
    seen = await both.now(case)
    one, other = (RESPONDER, MANAGER) if first is RESPONDER else (MANAGER, RESPONDER)
    await both.approves(seen, by=one)
    with pytest.raises((Refused, StaleCase)) as late:
        await both.approves(seen, by=other)
    assert isinstance(late.value, BotError)
    assert one.name in str(late.value)
    await both.works(seconds=2)
    for words in (
        in_slack.words_of(in_slack.of_case(slack.messages(), case)),
        in_teams.words_of(in_teams.of_case(teams, case)),
    ):
        assert one.name in words
        assert f"Approved by {other.name}" not in words
    assert len(slack.messages()) == len(in_teams.cards_in(teams)) == 1
    for _ in range(30):
        await both.works(seconds=1)
    assert (await both.now(case)).state is State.PUBLISHED
    assert len(await both.live(case)) == 1
    assert "The reply is live" in in_slack.words_of(in_slack.of_case(slack.messages(), case))
    assert "The reply is live" in in_teams.words_of(in_teams.of_case(teams, case))


@pytest.mark.parametrize("away", ["slack", "teams"])
async def test_one_that_is_away_holds_the_other_up_in_nothing_and_tells_it_later(
    teams: Teams, slack: Slack, both: House, away: str
) -> None:
    case = await both.hears()
    await both.works(seconds=2)
    gone: Teams | Slack = teams if away == "teams" else slack
    gone.down = True
    await both.approves(await both.now(case))
    for _ in range(25):
        await both.works(seconds=1)
    assert (await both.now(case)).state is State.PUBLISHED
    gone.down = False
    for _ in range(40):
        await both.works(seconds=1)
    assert "The reply is live" in in_slack.words_of(in_slack.of_case(slack.messages(), case))
    assert "The reply is live" in in_teams.words_of(in_teams.of_case(teams, case))
    assert set(await both.store.stands(case.id)) == {in_slack.LANE, in_teams.LANE}
    assert CHANNEL in (await both.store.stands(case.id))[in_teams.LANE]
