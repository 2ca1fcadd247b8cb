"""A message of our own to one colleague in Teams."""

from __future__ import annotations

import pytest

from adapters.chat.teams.activity import Activity
from adapters.chat.teams.channel import TeamsChannel
from adapters.chat.teams.connector import Connector
from adapters.chat.teams.known import Known
from adapters.chat.teams.telling import Teller
from bot.domain.team import Person
from bot.errors import PlatformBusy, PlatformRejected
from tests.adapters.msteams import CHANNEL, Teams
from tests.adapters.teams.drawing.teams_houses import cards_in, words_of
from tests.builders import MANAGER

MARK, ADDRESS = "22222222-2222-4333-8444-555555555555", "mark@brightloaf.example"


@pytest.fixture(autouse=True)
def mark_in_teams(teams: Teams) -> str:
    """What Teams calls him."""
    return teams.member(MARK, name="Mark", upn=ADDRESS)


@pytest.fixture
def teller(connector: Connector, known: Known) -> Teller:
    return Teller(connector, known)


def mark(**who: str) -> Person:
    return MANAGER.model_copy(update=who)


def told(teams: Teams) -> list[str]:
    return [words_of(one) for one in teams.activities(teams.personal(MARK))]


async def test_a_colleague_is_told_by_their_id_or_by_an_address_that_is_known(
    teams: Teams, channel: TeamsChannel, known: Known
) -> None:
    await known.keep_address(ADDRESS, MARK)
    for who in (mark(teams=MARK), mark(email=ADDRESS)):
        assert await channel.tell(who, "The channel is gone.")
    assert len(told(teams)) == 2
    assert all("The channel is gone." in one for one in told(teams))
    assert cards_in(teams) == []


async def test_an_address_that_nobody_vouched_for_is_told_nothing(
    teams: Teams, channel: TeamsChannel
) -> None:
    assert not await channel.tell(mark(email=ADDRESS), "The channel is gone.")
    assert teams.calls == []


async def test_a_chat_is_begun_once(teams: Teams, channel: TeamsChannel) -> None:
    for _ in range(3):
        assert await channel.tell(mark(teams=MARK), "x")
    assert [teams.times(what) for what in ("create", "send")] == [1, 3]


async def test_who_wrote_to_us_is_answered_there(teams: Teams, channel: TeamsChannel, known: Known) -> None:
    asked = teams.activity("message", by=f"29:{MARK}", conversation=teams.personal(MARK), text="help")
    await known.heard(Activity.read(asked))
    assert await channel.tell(mark(teams=MARK.upper()), "x")
    assert teams.times("create") == 0


async def test_a_chat_that_is_no_more_is_begun_anew(
    teams: Teams, channel: TeamsChannel, known: Known
) -> None:
    await known.keep_chat(MARK, "a:an-older-one")
    assert await channel.tell(mark(teams=MARK), "x")
    assert await known.chat(MARK) == teams.personal(MARK)


async def test_who_has_blocked_the_app_is_not_told_and_that_is_said(
    teams: Teams, channel: TeamsChannel
) -> None:
    assert await channel.tell(mark(teams=MARK), "x")
    teams.remove_bot(teams.personal(MARK))
    assert not await channel.tell(mark(teams=MARK), "x")
    assert not await channel.tell(mark(teams="99999999-2222-4333-8444-555555555555"), "x")


async def test_what_is_told_pings_nobody_links_nowhere_and_fits(teams: Teams, channel: TeamsChannel) -> None:
    nasty = "<at>Rosa</at> [us](https://evil.example) **bold** {{TIME(1999-01-01T00:00:00Z)}} \u202eevil"
    assert await channel.tell(mark(teams=MARK), nasty + " word" * 9_000)
    (said,) = teams.activities(teams.personal(MARK))
    assert "text" not in said
    assert "{{TIME" not in str(said)
    assert "\u202e" not in words_of(said)
    (part,) = said["attachments"][0]["content"]["body"]
    assert part["type"] == "RichTextBlock"
    assert "[us](" not in said["attachments"][0]["content"]["fallbackText"]


async def test_a_teams_that_cannot_tell_is_no_colleague_who_is_unknown(
    teams: Teams, channel: TeamsChannel
) -> None:
    teams.fail_next("create", 429)
    with pytest.raises(PlatformBusy):
        await channel.tell(mark(teams=MARK), "x")
    teams.fail_next("create", 403, error="BotDisabledByAdmin")
    with pytest.raises(PlatformRejected, match="Teams admin center"):
        await channel.tell(mark(teams=MARK), "x")
    teams.fail_next("token", 401, error="invalid_client")
    teams.expire_tokens()
    with pytest.raises(PlatformRejected, match="make a new one"):
        await channel.tell(mark(teams=MARK), "x")


async def test_whoever_pressed_is_told_as_a_sentence_and_nothing_depends_on_it(
    teams: Teams, teller: Teller
) -> None:
    pressed = teams.activity("invoke", by=f"29:{MARK}", conversation=CHANNEL, name="adaptiveCard/action")
    await teller.alone(Activity.read(pressed), "somebody was faster")
    await teller.alone(MARK, "it was not confirmed")
    assert "Somebody was faster." in told(teams)[0]
    assert "It was not confirmed." in told(teams)[1]
    teams.down = True
    await teller.alone(MARK, "x")
    await teller.alone(Activity.read({"type": "invoke"}), "x")
