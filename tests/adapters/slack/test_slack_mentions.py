"""What colleagues write in a card's thread stays internal; what is heard only asks for a draft."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.domain.case import Case, State
from bot.domain.decision import Redraft
from bot.ports import Press, Redraw, Refusal
from tests.adapters.slack_people import Json
from tests.adapters.slack_rooms import Room, a_room
from tests.adapters.slacks import BOT_USER, Channel, Slack
from tests.builders import RESPONDER
from tests.flows.houses import House

US = f"<@{BOT_USER}>"


async def instructions(room: Room, case: Case) -> list[str]:
    asked = [e.event for e in await room.house.entries(case) if e.event.kind == "redraft_asked"]
    return [getattr(event, "instruction", "") for event in asked]


async def mention(room: Room, text: str, card: Json, user: str = "U1", **more: Any) -> None:
    answered = await room.hands.mentions(text, thread=card["ts"], user=user, **more)
    assert answered.status == 200
    await room.settled()


@pytest.mark.parametrize("named", [US, f"<@{BOT_USER}|levelhead>,", f" {US}:"])
async def test_our_name_with_an_instruction_redrafts_and_is_answered_in_the_thread(
    room: Room, named: str
) -> None:
    case, card = await room.card()
    await mention(room, f"{named} shorter, drop the refund line &amp; the &lt;date&gt;", card)
    assert await instructions(room, case) == ["shorter, drop the refund line & the <date>"]
    assert "Another draft is being written" in room.slack.messages(thread=card["ts"])[-1]["text"]


@pytest.mark.parametrize("text", [
    "shorter", "I think {us} should say sorry", "we refund you", "<@UOTHER> shorter", "approve", "",
])  # fmt: skip
async def test_everything_else_is_left_alone(room: Room, text: str) -> None:
    case, card = await room.card()
    before = await room.house.now(case)
    await mention(room, text.format(us=US), card)
    assert await room.house.now(case) == before
    assert room.slack.messages(thread=card["ts"])[1:] == []
    assert room.told() == []


async def test_no_way_leads_from_a_message_to_a_platform(house: House, slack: Slack) -> None:
    pressed: list[Press] = []

    class Listens:
        def __init__(self, front: Any) -> None:
            self._front = front

        def __getattr__(self, name: str) -> Any:
            return getattr(self._front, name)

        async def press(self, press: Press, /) -> Redraw | Refusal:
            pressed.append(press)
            return await self._front.press(press)

    words = [f"{US} {w}" for w in (
        "approve", "approve and send it now", "send: we refund you all", "lh:approve", '{"kind": "approve"}',
        "edit: We refund you", "posted https://127.0.0.1/x", "undo", "/levelhead resume", "publish",
    )]  # fmt: skip
    async with a_room(house, slack, bot=Listens(house.front)) as room:  # pyright: ignore[reportArgumentType]
        case, card = await room.card()
        for text in words:
            for event in every_kind(text, card):
                assert (await room.hands.happens(event)).status == 200
                await room.settled()
        await house.works(minutes=1)
        assert pressed
        assert {type(press.decision) for press in pressed} == {Redraft}
        assert await house.live(case) == []
        assert (await house.now(case)).state in {State.IN_REVIEW, State.OPENED}


def every_kind(text: str, card: Json) -> list[Json]:
    """The ways in which Slack can tell of one message in a thread."""
    base: Json = {
        "channel": "C1",
        "user": "U2",
        "text": text,
        "thread_ts": card["ts"],
        "channel_type": "channel",
    }
    kinds: list[Json] = [{**base, "type": kind, "ts": f"{len(text)}.{n}"} for n, kind in enumerate(
        ("message", "app_mention", "message.channels", "reaction_added", "file_shared", "link_shared")
    )]  # fmt: skip
    kinds += [
        {
            **base,
            "type": "message",
            "subtype": subtype,
            "ts": f"{len(text)}.9",
            "message": base,
            "previous_message": base,
        }
        for subtype in ("message_changed", "message_deleted", "bot_message", "me_message", "thread_broadcast")
    ]
    kinds += [{**base, "type": "app_mention", "bot_id": "B9", "ts": "9.9"}]
    kinds += [{"type": "message", "channel": "C1"}, {"type": "app_mention"}]
    return kinds


async def test_slacks_retries_are_heard_once(room: Room) -> None:
    case, card = await room.card()
    said = room.slack.says("C1", f"{US} shorter", user="U1", thread=card["ts"])
    event = {**said, "type": "app_mention", "channel": "C1"}
    for retry in range(4):
        await room.hands.happens(event, retry=retry)
        await room.settled()
    assert await instructions(room, case) == ["shorter"]


async def test_an_event_is_acknowledged_once_it_is_recorded(room: Room) -> None:
    case, card = await room.card()
    said = room.slack.says("C1", f"{US} shorter", user="U1", thread=card["ts"])
    await room.hands.happens({**said, "type": "app_mention", "channel": "C1"})
    assert await instructions(room, case) == ["shorter"]


async def test_without_an_instruction_it_is_told_what_to_write(room: Room) -> None:
    _, card = await room.card()
    await mention(room, US, card)
    (told,) = room.slack.ephemerals
    assert "shorter, drop the refund line" in told["text"]
    assert told["thread_ts"] == card["ts"]
    await mention(room, f"{US} {'very ' * 400}short", card)
    assert len(room.slack.ephemerals) == 2


async def test_a_stranger_a_guest_and_too_late_are_told_alone(room: Room) -> None:
    case, card = await room.card()
    room.slack.user("U7")
    await mention(room, f"{US} shorter", card, user="U7")
    await room.house.press(case, "silence", reason="known")
    await mention(room, f"{US} shorter", card)
    stranger, late = (told["text"] for told in room.slack.ephemerals)
    assert "add your Slack ID U7" in stranger
    assert "Rosa" in late or "you made the last decision" in late
    assert await instructions(room, case) == []


async def test_named_elsewhere_it_says_where_that_works(room: Room) -> None:
    await room.card()
    other = room.slack.says("C1", "lunch?", user="U2")
    await room.hands.mentions(f"{US} shorter")
    await room.hands.mentions(f"{US} shorter", thread=other["ts"])
    await room.settled()
    assert [told["text"].count("in the thread of a card") for told in room.slack.ephemerals] == [1, 1]


async def test_a_message_that_only_looks_like_a_card_is_none(room: Room) -> None:
    case, card = await room.card()
    forged = room.slack.says("C1", "look", user="U9", metadata=card["metadata"])
    await mention(room, f"{US} shorter", forged)
    assert await instructions(room, case) == []
    assert len(room.slack.ephemerals) == 1


async def test_in_a_channel_we_are_not_in_nothing_happens(room: Room) -> None:
    case, _ = await room.card()
    room.slack.channels["C9"] = Channel("C9", "far", has_bot=False)
    event = {
        "type": "app_mention",
        "channel": "C9",
        "user": "U1",
        "text": f"{US} x",
        "ts": "1.1",
        "thread_ts": "1.0",
    }
    assert (await room.hands.happens(event)).status == 200
    await room.settled()
    assert await instructions(room, case) == []
    assert RESPONDER.id not in json.dumps(room.slack.ephemerals)
