"""What comes in counts once, from people of the team alone; it is answered in time, whatever is slow."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
import redis.asyncio
from structlog.testing import capture_logs

from bot.domain.case import State
from bot.errors import StoreUnavailable
from tests.adapters.msteams import SECRET, Json, Teams
from tests.adapters.msteams_people import CARD, MESSAGE, content_of, form_in, found, said, words_in
from tests.adapters.msteams_rooms import Room, a_teams_room
from tests.flows.houses import House

ADA = "two hours late"


async def test_what_microsoft_did_not_sign_does_nothing(room: Room) -> None:
    case, card = await room.card()
    await room.hands.press(card, "claim", "U2")
    body = room.hands.sent[-1] | {"id": "f:forged"}
    before = await room.house.trail(case)
    for header in ("", "Bearer abc", room.teams.signed(body, aud="another"), "Basic eDp5"):
        answer = await room.teams.post(room.hands.url, body, header=header or "Bearer ")
        assert answer.status == 401
    assert await room.house.trail(case) == before


@pytest.mark.parametrize("action", ["approve", "claim", "take_private"])
async def test_a_replayed_press_is_recorded_once(room: Room, action: str) -> None:
    case, card = await room.card()
    await room.hands.press(card, action)
    before = await room.house.trail(case)
    for _ in range(3):
        answer = await room.hands.again()
        assert (answer.status, answer.body) == (200, None)
    assert await room.house.trail(case) == before


@pytest.mark.parametrize("action", ["approve", "claim", "take_private"])
async def test_a_press_that_teams_tries_again_under_another_id_acts_once(room: Room, action: str) -> None:
    case, card = await room.card()
    first = await room.hands.press(card, action)
    before = await room.house.trail(case)
    for nth in range(2):
        answer = await room.hands.again(id=f"f:again-{nth}")
        assert answer.body["type"] == CARD
        assert said(answer.body["value"]) == said(first.body["value"])
    assert await room.house.trail(case) == before


async def test_a_press_that_comes_three_times_at_once_acts_once(room: Room) -> None:
    case, card = await room.card()
    button = found(content_of(card), "claim")
    body = room.hands.activity("invoke", "U1", name="adaptiveCard/action", reply_to=card["id"],
                               value={"action": button})  # fmt: skip
    answers = await asyncio.gather(
        *(room.teams.post(room.hands.url, body | {"id": f"f:{nth}"}) for nth in range(3))
    )
    assert [answer.body["type"] for answer in answers] == [CARD] * 3
    assert (await room.house.trail(case)).count("claimed") == 1


async def test_an_approval_that_was_undone_is_not_made_again_by_a_retry(room: Room) -> None:
    case, card = await room.card()
    await room.hands.press(card, "approve")
    await room.house.press(case, "undo")
    await room.hands.again(id="f:late")
    assert (await room.house.now(case)).state is State.IN_REVIEW


async def test_who_was_told_that_nothing_is_confirmed_may_press_again(house: House, teams: Teams) -> None:
    """The press before was marked as taken, and nothing came of it."""

    class Away:
        def __init__(self, front: Any) -> None:
            self._front, self.away = front, True

        def __getattr__(self, name: str) -> Any:
            return getattr(self._front, name)

        async def press(self, *asked: Any) -> Any:
            if self.away:
                raise StoreUnavailable("away")
            return await self._front.press(*asked)

    bot = Away(house.front)
    async with a_teams_room(house, teams, bot=bot) as room:  # pyright: ignore[reportArgumentType]
        case, card = await room.card()
        assert "Not confirmed" in words_in(await room.hands.press(card, "claim"))
        bot.away = False
        assert (await room.hands.press(card, "claim")).body["type"] == CARD
        assert (await house.now(case)).claim is not None


async def test_with_the_record_slow_a_press_is_answered_in_time(room: Room, embedded_url: str) -> None:
    case, card = await room.card()
    await room.hands.press(card, "claim")
    async with redis.asyncio.from_url(embedded_url) as server:
        await server.execute_command("CLIENT", "PAUSE", 2500)
        began = time.monotonic()
        answer = await room.hands.press(card, "approve")
        assert time.monotonic() - began < 5
    assert answer.body["type"] == CARD
    assert (await room.house.now(case)).state is State.APPROVED


async def test_with_the_script_slow_the_late_word_comes_in_their_own_chat(house: House, teams: Teams) -> None:
    free = asyncio.Event()

    class Slow:
        def __init__(self, front: Any) -> None:
            self._front = front

        def __getattr__(self, name: str) -> Any:
            return getattr(self._front, name)

        async def press(self, *asked: Any) -> Any:
            await free.wait()
            return await self._front.press(*asked)

    async with a_teams_room(house, teams, bot=Slow(house.front)) as room:  # pyright: ignore[reportArgumentType]
        case, card = await room.card()
        form = form_in(await room.hands.press(card, "escalate", "U2"))
        began = time.monotonic()
        answer, dialog = await asyncio.gather(
            room.hands.press(card, "claim"), room.hands.submit(form, "U2", to="legal", reason="may we?")
        )
        assert time.monotonic() - began < 4
        assert "Not confirmed" in answer.body["value"]
        assert "Not confirmed" in words_in(dialog)
        assert "may we?" in words_in(dialog)
        again = asyncio.create_task(room.hands.again(id="f:again"))  # waits for the same, and not for another
        free.set()
        await again
        await room.settled()
        assert room.told("U1")[0].startswith("It counted after all")
        assert (await house.trail(case)).count("claimed") == 1


async def test_with_the_model_slow_a_press_does_not_wait_for_it(house: House, teams: Teams) -> None:
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
    async with a_teams_room(house, teams) as room:
        _, card = await room.card()
        other, second = await room.card(handle="bea", name="Bea")
        slow.free.clear()
        began = time.monotonic()
        form = form_in(await room.hands.press(card, "redraft"))
        assert (await room.hands.submit(form, style="warmer")).body is None
        slow.asked.clear()
        working = asyncio.create_task(house.works())
        await asyncio.wait_for(slow.asked.wait(), 5)
        assert (await room.hands.press(second, "claim")).body["type"] == CARD
        assert time.monotonic() - began < 3
        assert (await house.now(other)).claim is not None
        slow.free.set()
        await working


async def test_with_the_whole_record_away_the_presser_is_told_too(room: Room) -> None:
    async def away(_: str) -> bool:
        raise StoreUnavailable("away")

    case, card = await room.card()
    async with a_teams_room(room.house, room.teams, once=away) as other:
        answer = await other.hands.press(card, "approve")
        assert answer.body["value"].startswith("Not confirmed")
        button = found(content_of(card), "edit")
        assert "Not confirmed" in words_in(await other.hands.press_button(button, card["id"]))
    assert (await room.house.now(case)).state is State.IN_REVIEW


async def test_with_the_record_away_the_presser_is_told_that_nothing_is_confirmed(
    house: House, teams: Teams
) -> None:
    class Away:
        def __init__(self, front: Any) -> None:
            self._front = front

        def __getattr__(self, name: str) -> Any:
            return getattr(self._front, name)

        async def press(self, *_: Any) -> Any:
            raise StoreUnavailable("away")

    async with a_teams_room(house, teams, bot=Away(house.front)) as room:  # pyright: ignore[reportArgumentType]
        case, card = await room.card()
        answer = await room.hands.press(card, "approve")
        assert answer.body["type"] == MESSAGE
        assert answer.body["value"].startswith("Not confirmed")
        form = form_in(await room.hands.press(card, "silence"))
        dialog = await room.hands.submit(form, reason="known to us")
        assert "Not confirmed" in words_in(dialog)
        assert "known to us" in words_in(dialog)
        assert (await house.now(case)).state is State.IN_REVIEW


@pytest.mark.parametrize(
    ("member", "word"),
    [
        ({"role": "guest"}, "Guests do not decide"),
        ({"tenant": "0b0c7d2e-1111-4222-8333-944455556666"}, "other organisations"),
        ({"role": "anonymous"}, "without an account"),
        ({}, "team.toml to add"),
    ],
)
async def test_strangers_are_told_what_is_needed_and_nothing_is_done(
    room: Room, member: dict[str, str], word: str
) -> None:
    case, card = await room.card()
    given: Json = {"name": "Eve", "upn": "eve@brightloaf.example", **member}
    room.hands.people["U9"] = room.teams.member("aad-9", **given)
    before = await room.house.trail(case)
    for action in ("approve", "claim", "edit", "all"):
        answer = await room.hands.press(card, action, "U9")
        assert word in words_in(answer)
        assert ADA not in str(answer.body)
    assert await room.house.trail(case) == before


async def test_somebody_without_an_account_decides_nothing(room: Room) -> None:
    case, card = await room.card()
    room.hands.people["U9"] = room.teams.member("", name="Anonymous", upn="")
    answer = await room.hands.press(card, "approve", "U9")
    assert "People who join without an account" in words_in(answer)
    assert (await room.house.now(case)).state is State.IN_REVIEW


async def test_neither_tokens_nor_words_are_logged(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    with capture_logs() as logs:
        _, card = await room.card()
        form = form_in(await room.hands.press(card, "escalate", "U2"))
        await room.hands.submit(form, "U2", to="legal", reason="they are two hours late")
        await room.hands.press(card, "approve")
        await room.hands.types("search two hours late")
        await room.hands.mentions("<at>Levelhead</at> say two hours late", card["id"])
        room.teams.down = True
        await room.hands.types("search two hours late")
        await room.hands.invoke("adaptiveCard/action", {"action": {"data": {"lh": ADA}, "verb": ADA}})
        await room.settled()
    text = repr(logs) + "".join(capsys.readouterr())
    assert logs
    for secret in (ADA, SECRET, "Rosa", "brightloaf.example", *room.teams.issuer.tokens):
        assert secret not in text
