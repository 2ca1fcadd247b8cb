"""Socket Mode: the same presses over a WebSocket that comes and goes."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest

from adapters.chat.slack.socket_mode import _is_slacks, run_socket
from bot.domain.case import State
from bot.errors import BadSettings
from bot.ports import Change
from tests.adapters.slack_rooms import Room, a_room
from tests.adapters.slacks import BOT_USER, Slack
from tests.flows.houses import House, until
from tests.flows.test_press_at_once import Between


async def test_presses_forms_commands_and_mentions(room: Room) -> None:
    case, card = await room.card()
    async with room.wired() as people:
        await people.press(card, "claim")
        claim = (await room.house.now(case)).claim
        assert claim is not None
        await people.press(card, "escalate")
        await room.settled()
        answer = await people.submit(people.modal(), to="legal", reason=" ")
        assert list(answer.body["errors"]) == ["reason"]
        answer = await people.submit(people.modal(), to="legal", reason="may we?")
        assert answer.body == {"response_action": "clear"}
        assert (await room.house.now(case)).state is State.ESCALATED
        listed = await people.types("queue")
        assert case.id in json.dumps(listed.body)
        await people.mentions(f"<@{BOT_USER}> shorter", thread=card["ts"])
        assert "redraft_asked" in await room.house.trail(case)
        await people.opens_home()
        await room.settled()
        assert "U1" in room.slack.homes


async def test_a_press_that_slack_sends_again_counts_once(room: Room) -> None:
    case, card = await room.card()
    async with room.wired() as people:
        payload = people.pressing(card["blocks"], "approve", "U1")
        payload["container"] = {"type": "message", "message_ts": card["ts"], "channel_id": "C1"}
        await people.deliver("interactive", payload)
        await room.house.press(case, "undo")
        await people.deliver("interactive", payload, retry=1)
        assert (await room.house.now(case)).state is State.IN_REVIEW


async def test_what_applies_no_more_is_acknowledged_and_told(room: Room) -> None:
    case, card = await room.card()
    value = json.dumps({"c": case.id, "v": 1})
    unknown = {"type": "button", "action_id": "lh:applaud", "value": value}
    old = {**card, "blocks": [{"type": "actions", "elements": [unknown]}]}
    async with room.wired() as people:
        await people.press(old, "lh:applaud")
        await room.settled()
        assert "nothing was done" in room.told()[-1]
        await people.press(card, "edit", good=False)
        await room.settled()
        assert "press the button again" in room.told()[-1].lower()
        assert room.slack.views == {}
        await people.press(card, "edit")
        await room.settled()
        await people.close(people.modal())
    assert (await room.house.trail(case))[-1] == "card_posted"


async def test_an_event_that_slack_tells_again_counts_once(room: Room) -> None:
    case, card = await room.card()
    said = room.slack.says("C1", f"<@{BOT_USER}> shorter", user="U1", thread=card["ts"])
    event = {**said, "type": "app_mention", "channel": "C1"}
    async with room.wired() as people:
        for retry in range(3):
            await people.happens(event, retry=retry, event_id="Ev1")
        await room.settled()
    assert (await room.house.trail(case)).count("redraft_asked") == 1


async def test_another_workspaces_envelope_is_not_acknowledged(room: Room) -> None:
    case, card = await room.card()
    async with room.wired() as people:
        payload = people.pressing(card["blocks"], "approve", "U1") | {"team": {"id": "T2"}}
        with pytest.raises(TimeoutError):
            await room.slack.wire.send("interactive", payload, patience=0.3)
    assert (await room.house.now(case)).state is State.IN_REVIEW


async def test_several_connections_take_turns(room: Room) -> None:
    case, card = await room.card()
    async with room.wired(connections=3) as people:
        for action in ("claim", "approve"):
            await people.press(card, action)
        assert room.slack.wire.opened == 3
    assert (await room.house.now(case)).state is State.APPROVED


async def test_a_new_connection_stands_before_the_old_one_goes(room: Room) -> None:
    case, card = await room.card()
    async with room.wired() as people:
        await room.slack.wire.refresh()
        await until(lambda: len(room.slack.wire.open) == 2)
        assert [(await people.press(card, action)).status for action in ("claim", "approve")] == [200, 200]
    assert room.slack.wire.opened == 2
    assert (await room.house.now(case)).state is State.APPROVED


async def test_a_connection_that_breaks_is_opened_again(room: Room) -> None:
    case, card = await room.card()
    async with room.wired() as people:
        room.slack.fail_next("apps.connections.open", "internal_error")
        await room.slack.wire.hang_up()
        await until(lambda: room.slack.wire.opened == 2)
        await people.press(card, "approve")
    assert (await room.house.now(case)).state is State.APPROVED


async def test_it_stops_within_a_second_also_when_slack_cannot_be_reached(room: Room) -> None:
    room.slack.down = True
    stop = asyncio.Event()
    running = asyncio.create_task(run_socket(room.app, room.settings, stop))
    await until(lambda: room.slack.times("apps.connections.open") >= 1)
    began = time.monotonic()
    stop.set()
    await running
    assert time.monotonic() - began < 1


async def test_what_is_under_way_is_acknowledged_before_it_stops(house: House, slack: Slack) -> None:
    asked, free = asyncio.Event(), asyncio.Event()

    class Slow(Between):
        """A record that takes its time, once it is slow."""

        slow = False

        async def save(self, change: Change) -> None:
            if self.slow:
                asked.set()
                await free.wait()
            await self._store.save(change)

    record = Slow(house.store)
    house.change(store=record)
    async with a_room(house, slack) as room:
        case, card = await room.card()
        record.slow = True
        async with room.wired() as people:
            pressing = asyncio.create_task(people.press(card, "approve"))
            await asked.wait()
            asyncio.get_running_loop().call_later(0.1, free.set)
        assert (await pressing).status == 200
        assert (await house.now(case)).state is State.APPROVED


@pytest.mark.parametrize(
    "text", ["", "no json", "[]", "{}", '{"type": "disconnect"', '{"envelope_id": 7}', "[" * 9000]
)
async def test_what_makes_no_sense_is_passed_over(room: Room, text: str) -> None:
    case, card = await room.card()
    async with room.wired() as people:
        await room.slack.wire.open[0].send_str(text)
        await people.press(card, "approve")
    assert (await room.house.now(case)).state is State.APPROVED


async def test_it_does_not_start_without_its_token(room: Room, slack: Slack) -> None:
    with pytest.raises(BadSettings, match="xapp"):
        await run_socket(room.app, slack.settings(app_token=""), asyncio.Event())


@pytest.mark.parametrize(("url", "good"), [
    ("wss://wss-primary.slack.com/link/?ticket=1", True), ("wss://wss.slack-gov.com/link", True),
    ("ws://wss-primary.slack.com/link", False), ("wss://slack.com.evil.example/", False),
    ("wss://evilslack.com/", False), ("https://wss.slack.com/", False), ("", False), ("wss://[", False),
])  # fmt: skip
def test_it_connects_to_slack_alone(url: str, good: Any) -> None:
    assert _is_slacks(url, Slack().settings(api="https://slack.com/api/")) is good
