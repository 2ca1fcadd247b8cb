"""Whose view of a card is their own: the team's people, once Teams has told us what it calls them."""

from __future__ import annotations

from adapters.chat.teams.channel import TeamsChannel
from adapters.chat.teams.connector import Connector
from adapters.chat.teams.known import Known
from adapters.chat.teams.people import People
from bot.domain.case import State
from tests.adapters.msteams import Teams
from tests.adapters.teams.drawing.teams_houses import TEAM_PLACE, Notebook, cards_in
from tests.adapters.teams.drawing.test_teams_known import ROSA, heard
from tests.contracts.channel_contract import a_drafted, card

STRANGER = "22222222-2222-4333-8444-555555555555"


async def test_each_of_the_team_who_was_heard_sees_buttons_of_their_own(
    teams: Teams, connector: Connector, known: Known
) -> None:
    people = People([ROSA, STRANGER], known)
    channel = TeamsChannel(teams.settings(), TEAM_PLACE, connector=connector, known=known, people=people)
    shown = card(a_drafted())
    name = await channel.draw(shown, None)
    assert "refresh" not in cards_in(teams)[0]["attachments"][0]["content"], "nobody was heard yet"
    await known.heard(heard(teams))
    await channel.draw(shown, name)
    refresh = cards_in(teams)[0]["attachments"][0]["content"]["refresh"]
    assert refresh["userIds"] == [f"29:{ROSA}"]
    assert refresh["action"]["verb"] == "lh.refresh"


async def test_who_is_known_is_not_asked_for_again_and_a_done_card_asks_nobody(
    teams: Teams, known: Known, notebook: Notebook
) -> None:
    await known.heard(heard(teams))
    people = People([ROSA], known)
    shown = card(a_drafted())
    assert await people(shown) == (f"29:{ROSA}",)
    notebook.pages.clear()
    assert await people(shown) == (f"29:{ROSA}",)
    done = shown.model_copy(update={"state": State.PUBLISHING, "actions": ()})
    assert await people(done) == ()
