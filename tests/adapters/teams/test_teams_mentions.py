"""What is said in a channel stays there; our name with an instruction redrafts, and nothing else does."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.chat.teams.mentions import spoken_to
from bot.domain.case import State
from tests.adapters.msteams import Json
from tests.adapters.msteams_people import content_of, said
from tests.adapters.msteams_rooms import Room
from tests.flows.houses import LATE

US = "<at>Levelhead</at>"
BOT = "28:us"


def named(text: str = US, who: str = BOT) -> Json:
    return {"type": "mention", "text": text, "mentioned": {"id": who}}


@pytest.mark.parametrize(
    ("text", "entities", "heard"),
    [
        (f"{US} shorter", [named()], "shorter"),
        (f"  {US}, shorter &amp; warmer\xa0please ", [named()], "shorter & warmer please"),
        (f"{US}: as <at>Rosa</at> said", [named(), named("<at>Rosa</at>", "29:r")], "as Rosa said"),
        (US, [named()], ""),
        (f"I asked {US} yesterday", [named()], None),
        (f"{US} shorter", [], None),
        (f"{US} shorter", [named(who="28:another")], None),
        (f"{US} shorter", [named("")], None),
        (f"{US} shorter", ["odd", {"type": "mention"}, {"type": "clientInfo"}], None),
        ("shorter", [named()], None),
    ],
)
def test_only_what_begins_with_our_name_is_for_us(text: str, entities: list[Any], heard: str | None) -> None:
    assert spoken_to(text, entities, BOT) == heard


async def test_an_instruction_in_a_cards_thread_redrafts_once(room: Room) -> None:
    case, card = await room.card()
    assert (await room.hands.mentions(f"{US} shorter, drop the refund line", card["id"])).status == 200
    await room.settled()
    entries = await room.house.entries(case)
    assert entries[-1].event.kind == "redraft_asked"
    assert getattr(entries[-1].event, "instruction", "") == "shorter, drop the refund line"
    thread = room.teams.activities(f"{room.teams.channel};messageid={card['id']}")
    assert "Another draft is being written" in said(content_of(thread[-1]))
    await room.hands.again()
    await room.settled()
    assert len(await room.house.entries(case)) == len(entries)


async def test_elsewhere_in_the_channel_it_says_where_that_works(room: Room) -> None:
    case, _ = await room.card()
    root = room.teams.says(room.teams.channel, "hello", by=room.hands.people["U1"])
    before = await room.house.trail(case)
    for thread in (root, ""):
        await room.hands.mentions(f"{US} shorter", thread)
    await room.settled()
    assert all("in the thread of a card" in told for told in room.told("U1"))
    assert len(room.told("U1")) == 2
    assert await room.house.trail(case) == before


async def test_our_name_alone_asks_what_to_change(room: Room) -> None:
    _, card = await room.card()
    await room.hands.mentions(US, card["id"])
    await room.settled()
    (told,) = room.told("U1")
    assert "Say what to change" in told


async def test_a_stranger_is_told_what_is_needed_and_redrafts_nothing(room: Room) -> None:
    case, card = await room.card()
    room.hands.people["U9"] = room.teams.member("aad-9", name="Zed", upn="zed@brightloaf.example")
    await room.hands.mentions(f"{US} shorter", card["id"], "U9")
    await room.settled()
    assert 'teams = "aad-9"' in room.told("U9")[0]
    assert "redraft_asked" not in await room.house.trail(case)


async def test_no_message_leads_to_a_platform(room: Room) -> None:
    case, card = await room.card()
    data = next(one["data"] for one in content_of(card)["actions"] if one["data"]["lh"].get("k") == "approve")
    chat = room.teams.personal(room.hands.people["U1"])
    for words in ("approve", "yes, send it", "/approve", LATE, f"approve {case.id}"):
        for text in (words, f"{US} {words}"):
            await room.hands.mentions(text, card["id"])
            await room.hands.mentions(text)
            await room.hands.mentions(text, card["id"], entities=[])
            await room.hands.types(text)
    for where in (chat, f"{room.teams.channel};messageid={card['id']}"):  # a button, sent as a message
        body = room.hands.activity("message", "U1", conversation=where, value=data, reply_to=card["id"])
        assert (await room.hands.deliver(body)).status == 200
    await room.settled()
    kinds = set(await room.house.trail(case))
    assert "reply_approved" not in kinds
    assert (await room.house.now(case)).state is not State.APPROVED
    await room.house.works(seconds=60)
    assert await room.house.live(case) == []
    assert any("sends buttons as messages" in told for told in room.told("U1"))


async def test_what_is_not_said_to_us_is_not_heard(room: Room) -> None:
    case, card = await room.card()
    before = await room.house.trail(case)
    await room.hands.mentions("shorter, please", card["id"], entities=[])
    await room.hands.mentions("I asked <at>Levelhead</at> to write it", card["id"])
    await room.settled()
    assert room.told() == []
    assert await room.house.trail(case) == before
