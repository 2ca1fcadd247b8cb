"""A card in Teams: put up once, redrawn where it stands, known again after doubt, and what a refusal says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from adapters.chat.teams.channel import Posted, TeamsChannel
from adapters.chat.teams.connector import Connector
from adapters.chat.teams.known import Known
from adapters.chat.teams.settings import TeamsPlace
from bot.domain.case import State
from bot.errors import PlatformBusy, PlatformRejected
from bot.ports import DOUBT
from tests.adapters.msteams import CHANNEL, SECRET, Conversation, Teams
from tests.adapters.slack.drawing.slack_houses import a_card
from tests.adapters.teams.drawing.teams_houses import (
    LANE,
    Notebook,
    buttons_of,
    cards_in,
    words_of,
)

ELSEWHERE = "19:elsewhere@thread.tacv2"

# --- one card


async def test_a_first_card_is_posted_and_known_by_its_message(
    teams: Teams, channel: TeamsChannel, known: Known
) -> None:
    name = await channel.draw(a_card(), None)
    (posted,) = cards_in(teams)
    assert name == f"{CHANNEL};{posted['id']}"
    assert "bread" in words_of(posted)
    assert await known.case_of(CHANNEL, posted["id"]) == "square:100"
    thread = f"{CHANNEL};messageid={posted['id']}"
    assert await known.case_of(thread, posted["id"]) == "square:100"
    assert await known.case_of(CHANNEL, "17") is None


async def test_a_redraw_changes_the_card_that_stands_there(teams: Teams, channel: TeamsChannel) -> None:
    name = await channel.draw(a_card(), None)
    again = await channel.draw(a_card(version=9, status="Snoozed", state=State.SNOOZED), name)
    (posted,) = cards_in(teams)
    assert again == name
    assert "Snoozed" in words_of(posted)
    assert [teams.times(what) for what in ("send", "update")] == [1, 1]


async def test_a_card_that_somebody_deleted_is_posted_anew(teams: Teams, channel: TeamsChannel) -> None:
    name = await channel.draw(a_card(), None)
    teams.connector.conversations[CHANNEL].activities.clear()
    again = await channel.draw(a_card(version=9), name)
    (posted,) = cards_in(teams)
    assert again == f"{CHANNEL};{posted['id']}" != name


async def test_a_card_posted_anew_and_not_saved_is_known_under_its_old_name_too(
    teams: Teams, channel: TeamsChannel
) -> None:
    name = await channel.draw(a_card(), None)
    teams.connector.conversations[CHANNEL].activities.clear()
    again = await channel.draw(a_card(version=9), name)
    assert await channel.draw(a_card(version=10), name) == again
    assert len(cards_in(teams)) == 1


async def test_a_card_whose_name_was_never_saved_is_known_and_shows_the_case_as_it_is_now(
    teams: Teams, channel: TeamsChannel
) -> None:
    name = await channel.draw(a_card(), None)
    assert await channel.draw(a_card(version=9, status="Snoozed", state=State.SNOOZED), DOUBT) == name
    (posted,) = cards_in(teams)
    assert "Snoozed" in words_of(posted)


async def test_a_card_whose_answer_was_lost_is_posted_again_and_the_newest_is_on_record(
    teams: Teams, channel: TeamsChannel, known: Known
) -> None:
    teams.lose_next("send")
    with pytest.raises(PlatformBusy):
        await channel.draw(a_card(), None)
    name = await channel.draw(a_card(), DOUBT)
    first, second = cards_in(teams)
    assert name == f"{CHANNEL};{second['id']}"
    assert await known.message_of(CHANNEL, "square:100") == second["id"]
    await channel.draw(a_card(version=9, status="Snoozed", state=State.SNOOZED), name)
    first, second = cards_in(teams)
    assert ["Snoozed" in words_of(one) for one in (first, second)] == [False, True]


async def test_a_place_that_was_given_another_channel_leaves_a_pointer_in_the_old_one(
    teams: Teams, channel: TeamsChannel, connector: Connector, known: Known
) -> None:
    name = await channel.draw(a_card(), None)
    teams.connector.conversations[ELSEWHERE] = Conversation(ELSEWHERE, team=teams.team)
    place = TeamsPlace(name="team", channel=ELSEWHERE)
    settings = teams.settings(places=(place,))
    moved = await TeamsChannel(settings, place, connector=connector, known=known).draw(a_card(), name)
    assert moved is not None
    assert moved.startswith(f"{ELSEWHERE};")
    (old,), (new,) = cards_in(teams), cards_in(teams, ELSEWHERE)
    assert "has moved" in words_of(old)
    assert "bread" not in words_of(old)
    assert buttons_of(old) == []
    assert "bread" in words_of(new)


def test_the_name_of_a_card_says_how_it_stands() -> None:
    one = f"{CHANNEL};1795000000000"
    for name in (one, f"{one}#7", f"{one}-", f"{one}#7~", f"{one}~", "19:a-b_c@thread.skype;1:x-y#2-"):
        assert str(Posted.read(name)) == name
    read = Posted.read(f"{one}#7~")
    assert read is not None
    assert (read.channel, read.activity, read.told) == (CHANNEL, "1795000000000", 7)
    assert [Posted.read(name) for name in (None, "", DOUBT, "what", "C1:12.3", f"{CHANNEL};")] == [None] * 6


async def test_who_is_concerned_sees_the_card_refreshed(
    teams: Teams, connector: Connector, known: Known
) -> None:
    async def people(_: object) -> tuple[str, ...]:
        return ("29:rosa",)

    settings = teams.settings()
    channel = TeamsChannel(settings, settings.places[0], connector=connector, known=known, people=people)
    await channel.draw(a_card(), None)
    (posted,) = cards_in(teams)
    assert posted["attachments"][0]["content"]["refresh"]["userIds"] == ["29:rosa"]


# --- what goes wrong


async def test_teams_asking_for_a_pause_says_how_long(teams: Teams, channel: TeamsChannel) -> None:
    name = await channel.draw(a_card(), None)
    for posted, what in ((None, "send"), (name, "update")):
        for status in (429, 412, 502, 503, 504):
            teams.fail_next(what, status, retry_after=30)
            with pytest.raises(PlatformBusy) as busy:
                await channel.draw(a_card(), posted)
            assert busy.value.wait is not None
            assert busy.value.wait.total_seconds() == 30


@pytest.mark.parametrize("status", [408, 412, 429, 500, 502, 503, 504])
async def test_teams_own_trouble_passes(teams: Teams, channel: TeamsChannel, status: int) -> None:
    name = await channel.draw(a_card(), None)
    for posted, what in ((None, "send"), (name, "update")):
        teams.fail_next(what, status)
        with pytest.raises(PlatformBusy):
            await channel.draw(a_card(), posted)


async def test_a_teams_that_is_down_or_gone_is_tried_again(teams: Teams, notebook: Notebook) -> None:
    teams.down = True
    gone = replace(teams.cloud, service="http://127.0.0.1:9/", hosts=frozenset({"http://127.0.0.1:9"}))
    for settings in (teams.settings(), teams.settings(cloud=gone)):
        async with Connector(settings) as connector:
            known = Known(notebook, settings)
            channel = TeamsChannel(settings, settings.places[0], connector=connector, known=known)
            for posted in (None, f"{CHANNEL};12", DOUBT):
                with pytest.raises(PlatformBusy):
                    await channel.draw(a_card(), posted)


@pytest.mark.parametrize(
    ("status", "error", "todo"),
    [
        (403, "BotNotInConversationRoster", "add Levelhead to that team"),
        (404, "ConversationNotFound", "or it was deleted: add Levelhead to that team"),
        (403, "BotDisabledByAdmin", "Teams admin center"),
        (403, "MessageWritesBlocked", "ask who owns it"),
        (403, "SomethingNew", "the app was removed from there, or may not write there"),
        (401, "Unauthorized", "compare teams.app_id and teams.tenant"),
    ],
)
async def test_a_refusal_says_where_why_and_what_to_do(
    teams: Teams, channel: TeamsChannel, status: int, error: str, todo: str
) -> None:
    name = await channel.draw(a_card(), None)
    for posted, what in ((None, "send"), (name, "update")):
        # A 401 is asked once more with another token, a 404 of a card is a card to be posted anew.
        teams.fail_next(what, status, error=error, times=2 if status == 401 else 1)
        teams.fail_next("send", status, error=error, times=int(posted is not None and status == 404))
        with pytest.raises(PlatformRejected) as refused:
            await channel.draw(a_card(), posted)
        assert error in str(refused.value)
        assert todo in str(refused.value)
        assert str(refused.value).startswith(f"{LANE} ({CHANNEL})")


@pytest.mark.parametrize(("status", "error"), [(413, "MessageSizeTooBig"), (400, "BadSyntax")])
async def test_a_card_that_teams_will_not_have_is_loud_in_the_log_without_its_words(
    teams: Teams, channel: TeamsChannel, status: int, error: str
) -> None:
    teams.fail_next("send", status, error=error)
    with capture_logs() as lines, pytest.raises(PlatformRejected):
        await channel.draw(a_card(), None)
    (line,) = [line for line in lines if line["event"] == "teams_refused_a_card"]
    assert (line["log_level"], line["case"], line["error"]) == ("error", "square:100", error)
    assert "bread" not in str(lines)


async def test_the_longest_card_is_within_what_teams_takes(teams: Teams, channel: TeamsChannel) -> None:
    long = "\U0001f35e \u0631\u0648\u0679\u06cc {{DATE(2020-01-01T00:00:00Z)}} " * 3_000
    card = a_card(status=long, notice=long, title=long, why=long)
    mention = card.mention.model_copy(update={"text": long})
    name = await channel.draw(card.model_copy(update={"mention": mention, "draft": mention}), None)
    assert name == f"{CHANNEL};{cards_in(teams)[0]['id']}"


async def test_neither_secret_nor_token_nor_words_are_in_an_error_or_in_the_log(
    teams: Teams, channel: TeamsChannel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    name = await channel.draw(a_card(), None)
    told = list[str]()
    with capture_logs() as lines:
        for status in (400, 401, 403, 413, 429, 503):
            for what, posted in (("send", None), ("update", name)):
                teams.fail_next(what, status, times=2 if status == 401 else 1)
                with pytest.raises((PlatformBusy, PlatformRejected)) as problem:
                    await channel.draw(a_card(), posted)
                told.append(f"{problem.value!r} {problem.value.__cause__!r}")
        teams.fail_next("token", 401, error="invalid_client")
        teams.expire_tokens()
        with pytest.raises(PlatformRejected, match="make a new one") as problem:
            await channel.draw(a_card(), None)
        told.append(f"{problem.value!r} {problem.value.__cause__!r}")
    everything = f"{told} {lines} {caplog.text} {teams.settings()!r}"
    assert "HTTP Request" in everything, "what the client says of itself is looked at too"
    for secret in (SECRET, "a-token-", "bread", "Ada Park"):
        assert secret not in everything
