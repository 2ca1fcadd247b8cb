"""What people type in their own chat with the bot, and what they get: each alone."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.chat.typed import HELP
from bot.domain.case import State
from bot.errors import StoreUnavailable
from tests.adapters.msteams import Json, Teams
from tests.adapters.msteams_people import content_of, found, said
from tests.adapters.msteams_rooms import Room, a_teams_room
from tests.builders import MANAGER, RESPONDER
from tests.flows.houses import House


async def typed(room: Room, text: str, user: str = "U1", **more: Any) -> Json:
    """Type a command; returns the message that answers it."""
    before = len(room.chat(user))
    answer = await room.hands.types(text, user, **more)
    assert (answer.status, answer.body) == (200, None)
    await room.settled()
    new = room.chat(user)[before:]
    assert len(new) == 1
    return new[0]


async def says(room: Room, text: str, user: str = "U1") -> str:
    return said(content_of(await typed(room, text, user)))


async def test_the_queue_is_worst_first_and_opens_each_case(room: Room) -> None:
    await room.house.hears("@brightloaf your opening hours are wrong, a bit annoying", "cyd", name="Cyd")
    await room.house.hears("@brightloaf there was glass in my bread, I am injured", "bea", name="Bea")
    answer = await typed(room, "queue")
    told = said(content_of(answer))
    assert "2 in the queue" in told
    assert told.index("Bea") < told.index("Cyd")
    assert "and 1 more" in await says(room, "queue 1")
    pressed = await room.hands.press(
        answer, "open", conversation=room.teams.personal(room.hands.people["U1"])
    )
    assert pressed.body["value"] == "It stands below."
    await room.settled()
    assert "glass in my bread" in said(content_of(room.chat()[-1]))


@pytest.mark.parametrize("count", ["0", "21", "-1", "many", "٣", "1e3"])
async def test_how_many_of_the_queue_is_a_small_number(room: Room, count: str) -> None:
    assert "A number from 1 to 20" in await says(room, f"queue {count}")


@pytest.mark.parametrize("text", ["STATS", "/stats", "  / Stats ", "stats\xa0", "&#47;stats"])
async def test_a_command_is_known_however_it_is_typed(room: Room, text: str) -> None:
    assert "cases are open" in await says(room, text)


async def test_an_unknown_command_says_which_was_meant(room: Room) -> None:
    told = await says(room, "quue")
    assert "Did you mean queue?" in told
    assert "home" in told


async def test_help_names_every_command_and_strangers_learn_only_how_to_be_added(room: Room) -> None:
    for text in ("help", ""):
        told = await says(room, text)
        assert all(what in told for what, _ in HELP)
    room.hands.people["U9"] = room.teams.member("aad-9", name="Zed", upn="zed@brightloaf.example")
    assert 'teams = "aad-9"' in await says(room, "queue", "U9")


async def test_a_case_stands_below_with_its_buttons_and_is_redrawn_when_pressed(room: Room) -> None:
    case, _ = await room.card()
    answer = await typed(room, f"case {case.id}")
    chat = room.teams.personal(room.hands.people["U1"])
    pressed = await room.hands.press(answer, "claim", conversation=chat)
    assert found(pressed.body["value"], "release")
    await room.settled()
    assert found(content_of(room.chat()[-1]), "release")  # for whenever they look at it again
    assert (await room.house.now(case)).claim is not None
    assert "no case" in await says(room, "case square:404")


async def test_a_form_from_a_card_in_the_chat_redraws_it_there(room: Room) -> None:
    case, _ = await room.card()
    answer = await typed(room, f"case {case.id}")
    chat = room.teams.personal(room.hands.people["U1"])
    form = (await room.hands.press(answer, "silence", conversation=chat)).body["task"]["value"]["card"]
    assert (await room.hands.submit(form["content"], reason="known")).body is None
    await room.settled()
    assert "Closed" in said(content_of(room.chat()[-1]))
    assert (await room.house.now(case)).state is State.CLOSED


async def test_next_claims_the_worst_that_nobody_holds_once(room: Room) -> None:
    case, _ = await room.card()
    assert found(content_of(await typed(room, "next")), "release")
    claim = (await room.house.now(case)).claim
    assert claim is not None
    assert claim.by == RESPONDER.id
    before = await room.house.trail(case)
    await room.hands.again()
    await room.settled()
    assert await room.house.trail(case) == before
    assert "no colleague has taken on" in await says(room, "next", "U2")


async def test_a_manager_pauses_and_resumes_and_nobody_else(room: Room) -> None:
    assert "manager" in await says(room, "pause")
    assert await room.house.store.paused() is None
    assert "is paused" in await says(room, "pause", "U2")
    assert await room.house.store.paused() is not None
    assert MANAGER.name in await says(room, "stats")
    assert "goes on" in await says(room, "resume", "U2")


async def test_home_shows_my_claims_the_queue_and_who_is_on_call(room: Room) -> None:
    case, card = await room.card()
    assert "You hold no case" in await says(room, "home")
    await room.hands.press(card, "claim")
    told = await says(room, "Home")
    assert "You hold no case" not in told
    assert "Omar" in told
    assert case.id


async def test_with_the_record_away_it_says_so(house: House, teams: Teams) -> None:
    class Away:
        def __init__(self, front: Any) -> None:
            self._front = front

        def __getattr__(self, name: str) -> Any:
            return getattr(self._front, name)

        async def queue(self, *_: Any, **__: Any) -> Any:
            raise StoreUnavailable("away")

    async with a_teams_room(house, teams, bot=Away(house.front)) as room:  # pyright: ignore[reportArgumentType]
        for text in ("queue", "home"):
            assert "record cannot be reached" in await says(room, text)


async def test_words_that_were_searched_for_do_nothing_in_the_answer(room: Room) -> None:
    answer = await typed(room, "search **b** [x](http://evil.example) <at>Levelhead</at> {{DATE(x)}}")
    assert "text" not in answer
    assert "{{" not in said(content_of(answer))
    assert {part["type"] for part in content_of(answer)["body"]} == {"RichTextBlock"}


# Who has the app


async def test_whoever_installs_the_app_is_welcomed_once(room: Room) -> None:
    mri = room.hands.people["U1"]
    chat = room.teams.personal(mri)
    added = {"membersAdded": [{"id": room.teams.bot}]}
    for kind, more in (("installationUpdate", {"action": "add"}), ("conversationUpdate", added)):
        body = room.hands.activity(kind, "U1", conversation=chat, **more)
        assert (await room.hands.deliver(body)).status == 200
    await room.settled()
    assert len(room.chat()) == 1
    assert "What can be typed" in said(content_of(room.chat()[0]))
    assert await room.known.chat(room.teams.connector.people[mri]["aadObjectId"]) == chat


async def test_who_comes_into_the_team_or_takes_us_out_is_told_nothing(room: Room) -> None:
    for kind, more in (
        ("conversationUpdate", {"membersAdded": [{"id": room.hands.people["U2"]}]}),
        ("conversationUpdate", {"membersAdded": [{"id": room.teams.bot}]}),
        ("conversationUpdate", {"membersRemoved": [{"id": room.teams.bot}]}),
        ("installationUpdate", {"action": "remove"}),
    ):
        assert (await room.hands.deliver(room.hands.activity(kind, "U2", **more))).status == 200
    await room.settled()
    assert room.told() == []
    assert room.teams.sent == []
