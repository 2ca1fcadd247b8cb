"""Forms in Teams: whole at once, refused with every word kept, and the card that is not on record."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.domain.case import Case, State
from bot.errors import StoreUnavailable
from bot.ports import DOUBT
from tests.adapters.msteams import CHANNEL, Json, Teams
from tests.adapters.msteams_people import CARD, MESSAGE, content_of, form_in, found, said, words_in
from tests.adapters.msteams_rooms import Room, a_teams_room
from tests.adapters.slack_presses import GOOD
from tests.builders import MANAGER
from tests.flows.houses import House

BLOCKED = "Buy our new loaf now, it is your own fault, and we will sue you for every word of this!"
WARNED = "We looked into it, Ada."


async def edit(room: Room, card: Json) -> Json:
    return form_in(await room.hands.press(card, "edit"))


def value_of(form: Json, name: str) -> str:
    return next(one for one in form["body"] if one.get("id") == name)["value"]


async def test_a_form_is_whole_in_the_first_answer(room: Room) -> None:
    case, card = await room.card()
    form = await edit(room, card)
    assert case.draft is not None
    assert value_of(form, "text") == case.draft.text
    assert {one["type"] for one in form["actions"]} == {"Action.Submit"}
    assert "msteams" not in json.dumps(form["actions"])  # a dialog opens no other one


async def test_what_blocks_an_edit_stands_in_the_form_and_the_text_is_kept(room: Room) -> None:
    case, card = await room.card()
    again = form_in(await room.hands.submit(await edit(room, card), text=BLOCKED))
    assert value_of(again, "text") == BLOCKED
    assert "cannot be sent so" in said(again)
    assert "blocks" in said(again).lower() or "⛔" in said(again)
    answer = await room.hands.submit(again, text=GOOD)
    assert answer.body is None
    now = await room.house.now(case)
    assert now.draft is not None
    assert now.draft.text == GOOD


async def test_over_a_warning_the_reason_is_asked_in_the_same_dialog(room: Room) -> None:
    case, card = await room.card()
    form = form_in(await room.hands.submit(await edit(room, card), text=WARNED))
    assert "reason" in {one.get("id") for one in form["body"]}
    answer = await room.hands.submit(form, reason="they know us")
    assert answer.body is None
    assert (await room.house.now(case)).state is State.APPROVED


async def test_an_approval_that_lacks_a_reason_shows_the_form_in_the_cards_place(room: Room) -> None:
    case, card = await room.card()
    button = found(content_of(card), "approve")
    edited = await room.house.edits(case, WARNED)
    assert edited.draft is not None
    button["data"]["lh"] |= {"d": edited.draft.id, "x": edited.context}
    form = form_in(await room.hands.press_button(button, card["id"]))
    assert form["actions"][0]["type"] == "Action.Execute"
    assert (await room.house.now(case)).state is State.IN_REVIEW
    answer = await room.hands.submit(form, on=card["id"], reason="they know us")
    assert answer.body["type"] == CARD
    assert (await room.house.now(case)).state is State.APPROVED


async def test_a_form_that_was_misfilled_says_so_at_its_field_and_keeps_what_was_typed(room: Room) -> None:
    case, card = await room.card()
    form = form_in(await room.hands.press(card, "escalate"))
    again = form_in(await room.hands.submit(form, to="legal", reason="  "))
    assert "lease fill in" in said(again)
    assert value_of(again, "to") == "legal"
    assert (await room.house.now(case)).state is State.IN_REVIEW


async def test_a_refusal_keeps_what_was_typed(room: Room) -> None:
    case, card = await room.card()
    form = await edit(room, card)
    await room.house.press(case, "claim", MANAGER)
    answer = await room.hands.submit(form, text=GOOD)
    assert GOOD in words_in(answer)
    assert MANAGER.name in words_in(answer)


async def test_a_submit_that_carries_the_mark_of_a_fetch_opens_the_form(room: Room) -> None:
    case, card = await room.card()
    button = found(content_of(card), "edit")
    form = form_in(await room.hands.invoke("task/submit", {"data": button["data"]}, reply_to=card["id"]))
    assert case.draft is not None
    assert value_of(form, "text") == case.draft.text


async def test_everything_is_shown_in_full_page_by_page(room: Room) -> None:
    _, card = await room.card()
    shown = form_in(await room.hands.press(card, "all"))
    assert "two hours late" in said(shown)


@pytest.mark.parametrize("data", [
    {}, {"lh": {}}, {"lh": {"c": "square:1", "v": 1, "w": "decide", "k": "shout"}}, {"lh": "x"},
    {"lh": {"c": "square:1", "v": 1, "w": "submit", "k": "edit", "m": "{"}}, {"verb": "approve"},
])  # fmt: skip
async def test_what_an_older_card_sends_is_answered_and_does_nothing(room: Room, data: Json) -> None:
    case, card = await room.card()
    before = await room.house.trail(case)
    for name in ("task/fetch", "task/submit"):
        answer = await room.hands.invoke(name, {"data": data}, reply_to=card["id"])
        assert answer.status == 200
        assert "older" in words_in(answer)
    pressed = {"action": {"type": "Action.Execute", "verb": "approve", "data": data}}
    answer = await room.hands.invoke("adaptiveCard/action", pressed, reply_to=card["id"])
    assert answer.body["type"] == MESSAGE
    assert "older" in answer.body["value"]
    assert await room.house.trail(case) == before


async def test_an_invoke_nobody_knows_is_told_so(room: Room) -> None:
    assert (await room.hands.invoke("composeExtension/query", {"commandId": "x"})).status == 501


async def test_the_same_form_come_again_under_another_id_is_taken_once(room: Room) -> None:
    case, card = await room.card()
    form = form_in(await room.hands.press(card, "escalate"))
    await room.hands.submit(form, to="legal", reason="look")
    before = await room.house.trail(case)
    answer = await room.hands.again(id="f:another")
    assert (answer.status, answer.body) == (200, None)
    assert await room.house.trail(case) == before


# Which card decides


class Stands:
    """A bot of whose cards something else is on record."""

    def __init__(self, front: Any, name: str) -> None:
        self._front, self.name = front, name

    def __getattr__(self, name: str) -> Any:
        return getattr(self._front, name)

    async def stands(self, case_id: str) -> dict[str, str]:
        return {"teams:team": self.name}


async def copied(room: Room, case: Case) -> Json:
    """The card of a case, posted a second time after a doubt."""
    card = room.message(case)
    old = {**card, "id": "1700000000000"}
    room.teams.connector.conversations[CHANNEL].activities[old["id"]] = old
    return old


async def test_a_card_that_is_not_on_record_becomes_a_pointer_when_pressed(room: Room) -> None:
    case, card = await room.card()
    old = await copied(room, case)
    before = await room.house.trail(case)
    for action in ("approve", "refresh"):
        button = found(content_of(old), "approve")
        if action == "refresh":
            button = {**button, "verb": "lh.refresh", "data": {"lh": {"c": case.id, "v": 1, "w": "refresh"}}}
        answer = await room.hands.press_button(button, old["id"])
        assert answer.body["type"] == CARD
        assert "moved" in said(answer.body["value"])
        assert card["id"] in json.dumps(answer.body["value"])  # the way to the one on record
    dialog = await room.hands.press(old, "edit")
    assert "not the one on record" in words_in(dialog)
    await room.settled()
    stands = room.teams.connector.conversations[CHANNEL].activities[old["id"]]
    assert "moved" in said(content_of(stands))
    assert await room.house.trail(case) == before
    assert (await room.hands.press(card, "claim")).body["type"] == CARD
    assert (await room.house.now(case)).claim is not None


@pytest.mark.parametrize("name", [DOUBT, "", f"{CHANNEL};"])
async def test_a_card_in_doubt_decides(house: House, teams: Teams, name: str) -> None:
    async with a_teams_room(house, teams, bot=Stands(house.front, name)) as room:  # pyright: ignore[reportArgumentType]
        case, card = await room.card()
        assert (await room.hands.press(card, "claim")).body["type"] == CARD
        assert (await house.now(case)).claim is not None


async def test_refresh_gives_the_card_as_its_viewer_may_press_it(room: Room) -> None:
    case, card = await room.card()
    claimed = (await room.hands.press(card, "claim")).body["value"]
    refresh = claimed["refresh"]
    assert refresh["userIds"] == [room.hands.people["U1"]]
    answer = await room.hands.press_button(refresh["action"], card["id"])
    assert found(answer.body["value"], "release")
    theirs = await room.hands.press_button(refresh["action"], card["id"], "U2")
    assert found(theirs.body["value"], "take_over")
    assert case.id in said(theirs.body["value"])


async def test_a_case_that_is_not_read_in_time_opens_no_form(house: House, teams: Teams) -> None:
    free = asyncio.Event()

    class Slow(Stands):
        async def card(self, *asked: Any) -> Any:
            await free.wait()
            return await self._front.card(*asked)

    async with a_teams_room(house, teams, bot=Slow(house.front, DOUBT)) as room:  # pyright: ignore[reportArgumentType]
        _, card = await room.card()
        answer = await room.hands.press(card, "edit")
        assert "not read in time" in words_in(answer)
        free.set()


async def test_with_the_record_away_no_form_opens_and_it_is_said(house: House, teams: Teams) -> None:
    class Away(Stands):
        async def card(self, *_: Any) -> Any:
            raise StoreUnavailable("away")

    async with a_teams_room(house, teams, bot=Away(house.front, DOUBT)) as room:  # pyright: ignore[reportArgumentType]
        _, card = await room.card()
        assert "record cannot be reached" in words_in(await room.hands.press(card, "edit"))
