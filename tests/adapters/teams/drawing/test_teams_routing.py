"""Which Teams channel a case stands in, and what it leaves where it no longer does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from adapters.chat.teams.channel import TeamsChannel
from adapters.chat.teams.connector import Connector
from adapters.chat.teams.known import Known
from adapters.chat.teams.settings import TeamsPlace
from bot.domain.case import State
from bot.ports import DOUBT
from tests.adapters.msteams import CHANNEL, Conversation, Teams
from tests.adapters.slack.drawing.slack_houses import a_card
from tests.adapters.teams.drawing.teams_houses import (
    a_teams_house,
    buttons_of,
    cards_in,
    of_case,
    thread_of,
    words_of,
)
from tests.builders import MANAGER, Watch
from tests.flows.houses import House

SECOND = "19:mentions-private@thread.tacv2"
OPEN = TeamsPlace(name="open", channel=CHANNEL, risks=False, stub=True)
PRIVATE = TeamsPlace(name="private", channel=SECOND, risks=True)
CALM = TeamsPlace(name="calm", channel=CHANNEL)
BAD = TeamsPlace(name="bad", channel=SECOND, severity="high")
GERMAN = TeamsPlace(name="german", channel=SECOND, languages=frozenset({"de"}))
CALM_GERMAN = replace(CALM, languages=frozenset({"de"}))


@pytest.fixture(autouse=True)
def second_channel(teams: Teams) -> None:
    """A second channel in the team."""
    teams.connector.conversations[SECOND] = Conversation(SECOND, team=teams.team)


def lanes(teams: Teams, connector: Connector, known: Known, *places: TeamsPlace) -> list[TeamsChannel]:
    settings = teams.settings(places=places)
    return [TeamsChannel(settings, place, connector=connector, known=known) for place in places]


def german() -> Any:
    return {"mention": a_card().mention.model_copy(update={"language": "de"})}


async def test_a_case_that_is_not_for_a_place_costs_no_call_there(
    teams: Teams, connector: Connector, known: Known
) -> None:
    _, german = lanes(teams, connector, known, CALM, GERMAN)
    assert await german.draw(a_card(), None) == ""
    assert await german.draw(a_card(), "") == ""
    assert await german.draw(a_card(), DOUBT) == ""
    assert teams.calls == []


async def test_a_sensitive_case_leaves_only_a_stub_in_the_open_channel(
    teams: Teams, connector: Connector, known: Known
) -> None:
    everyone, private = lanes(teams, connector, known, OPEN, PRIVATE)
    case = a_card(risks=("self harm",))
    name = await everyone.draw(case, None)
    await private.draw(case, None)
    (stub,), (whole,) = cards_in(teams), cards_in(teams, SECOND)
    for secret in ("bread", "Ada", "ada", "sorry"):
        assert secret not in words_of(stub)
    assert "bread" in words_of(whole)
    assert "private" in words_of(stub)
    assert buttons_of(stub) == []
    assert name is not None
    assert name.endswith("-")
    assert await everyone.draw(a_card(risks=("self harm",), version=9), name) == name
    assert len(cards_in(teams)) == 1


async def test_a_case_that_turns_sensitive_takes_its_words_out_of_the_open_channel(
    teams: Teams, connector: Connector, known: Known
) -> None:
    everyone, private = lanes(teams, connector, known, OPEN, PRIVATE)
    name = await everyone.draw(a_card(), None)
    assert await private.draw(a_card(), None) == ""
    worse = a_card(risks=("press",), version=9)
    await everyone.draw(worse, name)
    await private.draw(worse, "")
    assert "bread" not in str(cards_in(teams))
    assert "bread" in words_of(cards_in(teams, SECOND)[0])


async def test_a_case_that_gets_worse_moves_and_leaves_a_pointer_that_is_drawn_once(
    teams: Teams, connector: Connector, known: Known
) -> None:
    mild, bad = lanes(teams, connector, known, CALM_GERMAN, BAD)
    name = await mild.draw(a_card(**german()), None)
    english = a_card(severity="high", version=9)
    name = await mild.draw(english, name)
    await bad.draw(english, "")
    (old,), (new,) = cards_in(teams), cards_in(teams, SECOND)
    assert "bad" in words_of(old)
    assert "bread" not in words_of(old)
    assert "bread" in words_of(new)
    calls = len(teams.calls)
    assert await mild.draw(a_card(severity="high", version=10), name) is None
    assert len(teams.calls) == calls


async def test_a_case_that_comes_back_stands_where_it_stood(
    teams: Teams, connector: Connector, known: Known
) -> None:
    mild, _ = lanes(teams, connector, known, CALM_GERMAN, BAD)
    first = await mild.draw(a_card(**german()), None)
    moved = await mild.draw(a_card(severity="high", version=8), first)
    assert await mild.draw(a_card(**german(), version=9), moved) == first
    (back,) = cards_in(teams)
    assert "bread" in words_of(back)


async def test_a_card_whose_name_was_not_saved_and_that_is_no_longer_for_a_place_points_elsewhere(
    teams: Teams, connector: Connector, known: Known
) -> None:
    mild, _ = lanes(teams, connector, known, CALM_GERMAN, BAD)
    await mild.draw(a_card(**german()), None)
    name = await mild.draw(a_card(severity="high"), DOUBT)
    assert name is not None
    assert name.endswith("~")
    assert "bread" not in words_of(cards_in(teams)[0])


async def test_a_case_routed_to_a_place_later_is_still_posted_once_when_its_name_is_lost(
    teams: Teams, connector: Connector, known: Known
) -> None:
    _, bad = lanes(teams, connector, known, CALM, BAD)
    assert await bad.draw(a_card(), None) == ""
    await bad.draw(a_card(severity="high"), "")  # and its process is killed
    await bad.draw(a_card(severity="high"), "")
    assert len(cards_in(teams, SECOND)) == 1


async def test_a_deleted_card_that_moved_leaves_nothing_behind(
    teams: Teams, connector: Connector, known: Known
) -> None:
    mild, _ = lanes(teams, connector, known, CALM_GERMAN, BAD)
    name = await mild.draw(a_card(**german()), None)
    teams.connector.conversations[CHANNEL].activities.clear()
    assert await mild.draw(a_card(severity="high"), name) == ""
    assert cards_in(teams) == []


async def test_a_message_nobody_has_read_yet_is_not_drawn_in_the_open(
    teams: Teams, connector: Connector, known: Known
) -> None:
    everyone, private = lanes(teams, connector, known, OPEN, PRIVATE)
    name = await everyone.draw(a_card(), None)
    unread = a_card(state=State.RECEIVED, version=9)
    calls = len(teams.calls)
    assert await everyone.draw(unread, name) is None
    assert await everyone.draw(unread, DOUBT) == ""
    assert len(teams.calls) == calls
    await private.draw(a_card(risks=("press",), state=State.RECEIVED), None)
    assert len(cards_in(teams, SECOND)) == 1


# --- with workers and the record


@pytest_asyncio.fixture
async def two(embedded_url: str, tmp_path: Path, old_watch: Watch, teams: Teams) -> AsyncIterator[House]:
    """A house with a channel open to all, and a private one for dangers."""
    async with a_teams_house(embedded_url, tmp_path, old_watch, teams, OPEN, PRIVATE) as house:
        yield house


@pytest.mark.parametrize("deletes", [True, False])
async def test_a_case_that_turns_out_dangerous_appears_in_private_and_says_nothing_in_the_open(
    teams: Teams, two: House, *, deletes: bool
) -> None:
    case = await two.hears()
    await two.works(minutes=2)
    await two.press(case, "claim")
    await two.works(seconds=2)
    assert "bread" in words_of(of_case(teams, case))
    assert thread_of(teams, of_case(teams, case))
    assert cards_in(teams, SECOND) == []
    if not deletes:
        teams.fail_next("delete", 501, times=9)
    await two.post("@brightloaf there was glass in it, I am bleeding, in hospital", to=case.mention.id)
    await two.reads()
    for _ in range(4):
        await two.works(minutes=1)
    whole = of_case(teams, case, SECOND)
    await two.press(case, "claim", MANAGER)
    await two.works(seconds=2)
    assert "glass" in "\n".join(map(words_of, thread_of(teams, whole, SECOND)))
    in_the_open = "\n".join(map(words_of, teams.activities(CHANNEL)))
    for secret in ("glass", "bread", "Ada", "ada "):
        assert secret not in in_the_open
