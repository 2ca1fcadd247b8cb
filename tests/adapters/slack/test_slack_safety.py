"""What reaches us must be Slack's, ours, and new; it is acknowledged in time, whatever is slow."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import redis.asyncio
from structlog.testing import capture_logs

from adapters.chat.after import Afterwards
from adapters.chat.slack.app import slack_app
from adapters.chat.slack.directory import Directory
from adapters.chat.slack.web import SlackWeb
from bot.domain.case import State
from bot.errors import BadSettings, StoreUnavailable
from bot.ports import Change
from tests.adapters.slack_rooms import Room, a_room
from tests.adapters.slacks import SECRET, Slack, signed
from tests.builders import TEAM, Watch
from tests.flows.houses import House
from tests.flows.test_press_at_once import Between

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SECRETS = ("xoxb-", "xapp-", SECRET)


def pressing(room: Room, card: dict[str, Any], **more: Any) -> str:
    payload = room.hands.pressing(card["blocks"], "approve", "U1")
    payload["container"] = {"type": "message", "message_ts": card["ts"], "channel_id": "C1"}
    return urlencode({"payload": json.dumps({**payload, **more})})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Signature": "v0=00"},
        {"X-Slack-Request-Timestamp": "now"},
        {"X-Slack-Request-Timestamp": "１７９５３５２９３４"},
        {"X-Slack-Request-Timestamp": "9" * 400},
        {"X-Slack-Request-Timestamp": "-1"},
        {"X-Slack-Signature": "v0=ü"},
    ],
)
async def test_what_slack_did_not_sign_is_refused_unread(room: Room, headers: dict[str, str]) -> None:
    case, card = await room.card()
    body = pressing(room, card)
    right = signed(body) if headers else {}
    answered = await room.hands.post(body, {**FORM, **right, **headers})
    assert answered.status == 401
    assert (await room.house.now(case)).state is State.IN_REVIEW


async def test_another_secret_a_changed_body_and_a_stale_time_are_refused(room: Room) -> None:
    case, card = await room.card()
    body = pressing(room, card)
    now = time.time()
    for headers in (
        signed(body, "another-secret"), signed(body + " "),
        signed(body, at=now - 301), signed(body, at=now + 301),
    ):  # fmt: skip
        assert (await room.hands.post(body, {**FORM, **headers})).status == 401
    assert (await room.house.now(case)).state is State.IN_REVIEW
    assert (await room.hands.post(body, {**FORM, **signed(body, at=now - 290)})).status == 200
    assert (await room.house.now(case)).state is State.APPROVED


async def test_a_body_that_is_no_text_is_refused(room: Room) -> None:
    body = b"payload=\xff\xfe"
    assert (await room.hands.post(body, {**FORM, **signed("payload=")})).status == 401


@pytest.mark.parametrize("team", [{"id": "T2"}, {"id": ""}, None])
async def test_another_workspace_is_refused(room: Room, team: Any) -> None:
    case, card = await room.card()
    body = pressing(room, card, team=team, user={"id": "U1", "team_id": "T2"})
    assert (await room.hands.post(body, {**FORM, **signed(body)})).status == 403
    assert (await room.house.now(case)).state is State.IN_REVIEW


async def test_the_address_is_verified_as_slack_asks(room: Room) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc"})
    answered = await room.hands.post(body, {"Content-Type": "application/json", **signed(body)})
    assert (answered.status, answered.body) == (200, {"challenge": "abc"})


async def test_a_replayed_approval_does_not_approve_again_what_was_undone(room: Room) -> None:
    case, card = await room.card()
    await room.hands.press(card, "approve")
    await room.house.press(case, "undo")
    assert (await room.hands.replay()).status == 200
    assert (await room.house.now(case)).state is State.IN_REVIEW
    await room.settled()
    assert room.told() == []


async def test_a_replayed_approval_tells_nobody_that_it_is_too_late(room: Room) -> None:
    case, card = await room.card()
    await room.hands.press(card, "approve")
    await room.house.works(seconds=21)
    assert (await room.hands.replay()).status == 200
    await room.settled()
    assert room.told() == []
    assert len(await room.house.live(case)) == 1


@pytest.mark.parametrize("action", ["claim", "lh:style=warmer"])
async def test_a_replayed_press_is_recorded_once(room: Room, action: str) -> None:
    case, card = await room.card()
    await room.hands.press(card, action)
    before = await room.house.trail(case)
    for _ in range(3):
        await room.hands.replay()
    assert await room.house.trail(case) == before


async def test_a_replayed_form_is_taken_once(room: Room) -> None:
    case, card = await room.card()
    await room.hands.press(card, "escalate")
    await room.settled()
    await room.hands.submit(room.hands.modal(), to="legal", reason="look")
    await room.house.press(case, "claim")
    before = await room.house.trail(case)
    assert (await room.hands.replay()).body == {"response_action": "clear"}
    assert await room.house.trail(case) == before


async def test_with_the_record_slow_a_press_is_acknowledged_within_three_seconds_and_then_told(
    room: Room, embedded_url: str
) -> None:
    case, card = await room.card()
    await room.hands.press(card, "claim")
    async with redis.asyncio.from_url(embedded_url) as server:
        await server.execute_command("CLIENT", "PAUSE", 2500)
        began = time.monotonic()
        assert (await room.hands.press(card, "approve")).status == 200
        assert time.monotonic() - began < 3
    await room.settled()
    first, second = room.told()
    assert "Look at the card before you press again" in first
    assert second.startswith("It counted after all")
    assert (await room.house.now(case)).state is State.APPROVED


async def test_with_the_model_slow_a_press_does_not_wait_for_it(house: House, slack: Slack) -> None:
    class Writes:
        """A model that takes a minute and more."""

        def __init__(self, writer: Any) -> None:
            self.writer, self.free, self.asked = writer, asyncio.Event(), asyncio.Event()
            self.free.set()

        async def write(self, *asked: Any, **more: Any) -> Any:
            self.asked.set()
            await self.free.wait()
            return await self.writer.write(*asked, **more)

    slow = Writes(house.parts.writer)
    house.change(writer=slow, offline=slow)
    async with a_room(house, slack) as room:
        _, card = await room.card()
        other, second = await room.card(handle="bea", name="Bea")
        slow.free.clear()
        began = time.monotonic()
        assert (await room.hands.press(card, "lh:style=warmer")).status == 200
        working = asyncio.create_task(house.works())
        slow.asked.clear()
        await asyncio.wait_for(slow.asked.wait(), 5)
        assert (await room.hands.press(second, "claim")).status == 200
        assert time.monotonic() - began < 3
        assert (await house.now(other)).claim is not None
        slow.free.set()
        await working


async def test_with_the_record_away_the_presser_is_told_that_nothing_is_confirmed(
    house: House, slack: Slack
) -> None:
    class Away(Between):
        """A record that can be read and takes nothing, once it is away."""

        away = False

        async def save(self, change: Change) -> None:
            if self.away:
                raise StoreUnavailable("away")
            await self._store.save(change)

    record = Away(house.store)
    house.change(store=record)
    async with a_room(house, slack) as room:
        case, card = await room.card()
        record.away = True
        assert (await room.hands.press(card, "approve")).status == 200
        await room.settled()
        (told,) = room.told()
        assert told.startswith("Not confirmed")
        await room.hands.press(card, "silence")
        await room.settled()
        answer = (await room.hands.submit(room.hands.modal(), reason="known")).body
        assert "Not confirmed" in answer["errors"]["reason"]
        assert (await house.now(case)).state is State.IN_REVIEW


async def test_neither_tokens_nor_words_are_logged(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    with capture_logs() as logs:
        case, card = await room.card()
        await room.hands.press(card, "approve")
        await room.hands.post("payload=two+hours+late", {**FORM, **signed("x")})
        await room.hands.post(
            "payload=%7B%22type%22%3A%22odd%22%7D", {**FORM, **signed("payload=%7B%22type%22%3A%22odd%22%7D")}
        )
        room.slack.fail_next("views.open", "invalid_auth")
        await room.hands.press(card, "edit")
        await room.hands.happens({"type": "message", "text": "two hours late", "user": "U1", "channel": "C1"})
        await room.settled()
    said = repr(logs) + "".join(capsys.readouterr())
    assert "two hours late" not in said
    for secret in SECRETS:
        assert secret not in said
    assert case.id


async def test_over_http_it_does_not_start_without_a_signing_secret(
    slack: Slack, house: House, watch: Watch
) -> None:
    settings = slack.settings(signing_secret="")

    async def once(name: str) -> bool:
        return await house.store.once(name, keep=timedelta(hours=1))

    async with SlackWeb(settings) as web:
        directory = Directory(TEAM, web, clock=watch)
        with pytest.raises(BadSettings, match="signing secret"):
            slack_app(house.front, settings, directory, clock=watch, once=once, after=Afterwards())
