"""Every form: opened at once, sent over signed HTTP, and nothing a person typed is lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from adapters.chat.slack.directory import Grant
from bot.domain.case import Case, State
from bot.domain.delivery import Mode
from bot.domain.events import Outcome
from bot.domain.team import Role
from bot.flows.front import Front
from bot.ports import Press, Redraw, Refusal
from tests.adapters.slack_people import Json
from tests.adapters.slack_rooms import Room, a_room
from tests.adapters.slacks import Slack
from tests.builders import MANAGER, RESPONDER
from tests.flows.houses import House, until

GOOD = "Hello Ada, thank you for telling us. We are sorry that your order was late and cold. We look into it."
CLEAR = {"response_action": "clear"}


async def opened(room: Room, case: Case, action: str, user: str = "U1") -> Json:
    """Press a button that opens a form; returns the form."""
    await room.house.works()
    answered = await room.hands.press(room.message(case), action, user)
    assert answered.status == 200
    await room.settled()
    return room.hands.modal()


async def sent(room: Room, case: Case, action: str, user: str = "U1", **typed: str) -> Any:
    """Open a form and send it; returns what its modal is to do."""
    answered = await room.hands.submit(await opened(room, case, action, user), user, **typed)
    assert answered.status == 200
    return answered.body


async def test_edit(room: Room) -> None:
    case, _ = await room.card()
    form = await opened(room, case, "edit")
    assert case.draft is not None
    (field,) = [block["element"] for block in form["blocks"] if block["type"] == "input"]
    assert field["initial_value"] == case.draft.text
    assert (await room.hands.submit(form, text=GOOD)).body == CLEAR
    draft = (await room.house.now(case)).draft
    assert draft is not None
    assert (draft.text, draft.by) == (GOOD, "person:rosa")


async def test_an_edit_that_is_blocked_says_so_at_the_field_and_can_be_written_over(room: Room) -> None:
    case, _ = await room.card()
    form = await opened(room, case, "edit")
    answer = (await room.hands.submit(form, text=f"{GOOD} If you tell anybody we will sue you.")).body
    assert answer["response_action"] == "errors"
    assert "sue" in answer["errors"]["text"]
    blocked = (await room.house.now(case)).draft
    assert blocked is not None
    assert "sue" in blocked.text  # kept, and nobody can send it
    assert (await room.hands.submit(form, text=GOOD)).body == CLEAR
    draft = (await room.house.now(case)).draft
    assert draft is not None
    assert draft.text == GOOD


async def test_an_edit_never_writes_over_what_a_colleague_wrote_meanwhile(room: Room) -> None:
    case, _ = await room.card()
    form = await opened(room, case, "edit")
    await room.house.edits(case, f"{GOOD} Mark was here.", MANAGER)
    answer = (await room.hands.submit(form, text=GOOD)).body
    assert answer["response_action"] == "update"
    said = json.dumps(answer["view"], ensure_ascii=False)
    assert "draft has changed" in said
    assert GOOD in said  # what was typed is not lost with the form
    draft = (await room.house.now(case)).draft
    assert draft is not None
    assert draft.by == "person:mark"


async def test_an_edit_never_writes_over_what_a_namesake_wrote_meanwhile(house: House, slack: Slack) -> None:
    slack.user("U5", profile={"real_name": RESPONDER.name})
    slack.group("S2", "helpers", "U5")
    async with a_room(house, slack, groups={"helpers": Grant(frozenset({Role.RESPONDER}))}) as room:
        case, _ = await room.card()
        form = await opened(room, case, "edit")
        theirs = await opened(room, case, "edit", "U5")
        assert (await room.hands.submit(theirs, "U5", text=f"{GOOD} Yours, the other one.")).body == CLEAR
        answer = (await room.hands.submit(form, text=GOOD)).body
        assert "draft has changed" in json.dumps(answer)
        draft = (await house.now(case)).draft
        assert draft is not None
        assert draft.by == "person:slack:U5"


async def test_an_edit_with_a_warning_asks_for_a_reason_in_the_same_modal(room: Room) -> None:
    case, _ = await room.card()
    form = await opened(room, case, "edit")
    answer = (await room.hands.submit(form, text="Hello Ada, we are sorry that it was late.")).body
    assert answer["response_action"] == "update"
    assert (await room.hands.submit(room.hands.modal(), reason="that is enough here")).body == CLEAR
    assert (await room.house.now(case)).state is State.APPROVED


async def test_redraft_in_own_words(room: Room) -> None:
    case, _ = await room.card()
    assert await sent(room, case, "redraft", instruction="drop the refund line") == CLEAR
    asked = [e.event for e in await room.house.entries(case) if e.event.kind == "redraft_asked"]
    assert [getattr(e, "instruction", "") for e in asked] == ["drop the refund line"]


async def test_correct(room: Room) -> None:
    case, _ = await room.card()
    assert await sent(room, case, "correct", category="spam") == CLEAR
    after = await room.house.now(case)
    assert (after.state, after.outcome) == (State.CLOSED, Outcome.SPAM)


async def test_escalate_and_answer(room: Room) -> None:
    case, _ = await room.card()
    form = await opened(room, case, "escalate")
    asked = {b["block_id"]: b["element"] for b in form["blocks"] if b["type"] == "input"}
    assert asked["urgency"]["initial_option"]["value"] == "normal"
    assert (
        await room.hands.submit(form, to="legal", reason="may we say that?", urgency="urgent")
    ).body == CLEAR
    after = await room.house.now(case)
    assert after.state is State.ESCALATED
    assert after.escalation is not None
    assert after.escalation.urgent
    await room.house.works()
    assert "With the Legal desk, urgent, asked by Rosa" in json.dumps(room.message(case))
    assert await sent(room, case, "answer", "U3", text="Yes, but name no date.") == CLEAR
    assert (await room.house.now(case)).state is State.OPENED


async def test_an_escalation_form_opened_before_there_was_urgency_still_counts(room: Room) -> None:
    case, _ = await room.card()
    form = await opened(room, case, "escalate")
    older = {**form, "blocks": [b for b in form["blocks"] if b.get("block_id") != "urgency"]}
    assert (await room.hands.submit(older, to="legal", reason="may we say that?")).body == CLEAR
    escalation = (await room.house.now(case)).escalation
    assert escalation is not None
    assert escalation.urgency == "normal"


async def test_snooze(room: Room) -> None:
    case, _ = await room.card()
    form = await opened(room, case, "snooze")
    choices = [
        option["value"] for block in form["blocks"] if block["type"] == "input"
        for option in block["element"]["options"]
    ]  # fmt: skip
    assert (await room.hands.submit(form, minutes=choices[0])).body == CLEAR
    assert (await room.house.now(case)).state is State.SNOOZED


@pytest.mark.parametrize(
    ("decision", "typed", "outcome"),
    [
        ("silence", {"reason": "a known troll"}, Outcome.SILENT),
        ("dismiss", {"outcome": "not_us", "reason": "another bakery"}, Outcome.NOT_US),
    ],
)
async def test_silence_and_dismiss(
    room: Room, decision: str, typed: dict[str, str], outcome: Outcome
) -> None:
    case, _ = await room.card()
    assert await sent(room, case, decision, **typed) == CLEAR
    after = await room.house.now(case)
    assert (after.state, after.outcome) == (State.CLOSED, outcome)


async def test_fold(room: Room) -> None:
    case, _ = await room.card()
    other, _ = await room.card(handle="bea", name="Bea")
    answer = await sent(room, case, "fold", into="square:404")
    assert answer["errors"] == {"into": "There is no case 'square:404' to fold this one into."}
    assert await sent(room, case, "fold", into=other.id) == CLEAR
    assert (await room.house.now(case)).folded_into == other.id


async def test_posted_takes_an_address_of_the_platform_alone(room: Room) -> None:
    by_hand = replace(
        room.house.parts.platforms["square"], mode=Mode.ASSISTED, publisher=None, hosts=("reviews.example",)
    )
    room.house.parts.platforms["square"] = by_hand  # pyright: ignore[reportIndexIssue] the house's own dict
    case, card = await room.card()
    await room.hands.press(card, "approve")
    await room.house.works(seconds=21)
    answer = await sent(room, case, "posted", url="https://evil.example/r/1")
    assert "must be on reviews.example" in answer["errors"]["url"]
    assert await sent(room, case, "posted", url="https://reviews.example/r/1") == CLEAR
    assert (await room.house.now(case)).replies[-1].url == "https://reviews.example/r/1"


async def test_resolve(room: Room) -> None:
    case = await room.house.answered()
    assert await sent(room, case, "resolve", lesson="Fridays need a second van.") == CLEAR
    after = await room.house.now(case)
    assert (after.state, after.outcome) == (State.CLOSED, Outcome.RESOLVED)


async def test_what_is_missing_is_said_at_its_field(room: Room) -> None:
    case, _ = await room.card()
    answer = await sent(room, case, "escalate", to="legal", reason=" ")
    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == ["reason"]
    assert (await room.house.now(case)).state is State.IN_REVIEW


async def test_a_form_sent_too_late_is_told_who_did_what(room: Room) -> None:
    case, _ = await room.card()
    form = await opened(room, case, "silence")
    await room.house.approves(case, MANAGER)
    answer = (await room.hands.submit(form, reason="they only want attention")).body
    said = json.dumps(answer["view"], ensure_ascii=False)
    assert "Mark made the last decision here (approved the reply) at 12:00:00 UTC" in said
    assert "they only want attention" in said
    assert (await room.house.now(case)).state is State.APPROVED


async def test_a_button_whose_form_applies_no_more_says_who_did_what(room: Room) -> None:
    case, card = await room.card()
    await room.house.approves(case, MANAGER)
    await room.hands.press(card, "silence")
    await room.settled()
    (told,) = room.told()
    assert "not possible now" in told
    assert "Mark, 12:00:00 UTC" in told
    assert room.slack.views == {}


async def test_a_form_that_is_closed_loses_nothing_and_does_nothing(room: Room) -> None:
    case, _ = await room.card()
    form = await opened(room, case, "edit")
    assert (await room.hands.close(form)).status == 200
    assert (await room.house.now(case)).draft == case.draft


async def test_a_form_of_an_older_shape_is_answered(room: Room) -> None:
    case, _ = await room.card()
    form = await opened(room, case, "silence")
    for metadata in ("", "{}", '{"k":"silence","c":"x","h":{},"zz":1}', "null"):
        payload = room.hands.submission({**form, "private_metadata": metadata}, reason="x")
        answer = await room.hands.deliver("interactive", payload)
        assert "older version, and nothing was done" in json.dumps(answer.body)
    assert (await room.house.now(case)).state is State.IN_REVIEW


async def test_an_expired_trigger_is_told_in_plain_words(room: Room) -> None:
    _, card = await room.card()
    assert (await room.hands.press(card, "edit", good=False)).status == 200
    await room.settled()
    (told,) = room.told()
    assert "press the button again" in told.lower()


# A record that is slow


@pytest_asyncio.fixture
async def slow(house: House, slack: Slack) -> AsyncIterator[tuple[Room, asyncio.Event]]:
    """A room whose record gives a card, and takes a press, only when the event is set."""
    free = asyncio.Event()
    free.set()

    class Waits:
        def __init__(self, front: Front) -> None:
            self._front = front

        def __getattr__(self, name: str) -> Any:
            return getattr(self._front, name)

        async def card(self, *asked: Any) -> Any:
            await free.wait()
            return await self._front.card(*asked)

        async def press(self, press: Press, /) -> Redraw | Refusal:
            await free.wait()
            return await self._front.press(press)

    async with a_room(house, slack, bot=Waits(house.front)) as room:  # pyright: ignore[reportArgumentType]
        yield room, free


async def test_a_form_opens_at_once_and_is_filled_in_after(slow: tuple[Room, asyncio.Event]) -> None:
    room, free = slow
    case, card = await room.card()
    free.clear()
    await room.hands.press(card, "edit")
    await until(lambda: room.slack.times("views.open") == 1)
    assert "being read" in json.dumps(room.hands.modal())
    free.set()
    await room.settled()
    assert (await room.hands.submit(room.hands.modal(), text=GOOD)).body == CLEAR
    draft = (await room.house.now(case)).draft
    assert draft is not None
    assert draft.text == GOOD


async def test_a_form_closed_while_it_was_filled_in_is_no_trouble(slow: tuple[Room, asyncio.Event]) -> None:
    room, free = slow
    _, card = await room.card()
    free.clear()
    await room.hands.press(card, "edit")
    await until(lambda: room.slack.times("views.open") == 1)
    room.slack.views.clear()
    free.set()
    await room.settled()
    assert room.told() == []


async def test_a_form_that_is_not_confirmed_in_time_keeps_what_was_typed(
    slow: tuple[Room, asyncio.Event],
) -> None:
    room, free = slow
    case, card = await room.card()
    await room.hands.press(card, "silence")
    await room.settled()
    free.clear()
    answer = (await room.hands.submit(room.hands.modal(), reason="known")).body
    assert answer["response_action"] == "errors"
    assert "Not confirmed" in answer["errors"]["reason"]
    free.set()
    await room.settled()
    assert (await room.house.now(case)).state is State.CLOSED
    assert any("counted after all" in told for told in room.told())


async def test_retract_names_the_reply_that_was_seen(room: Room) -> None:
    case = await room.house.answered()
    assert await sent(room, case, "retract", "U2", reason="the wrong order was meant") == CLEAR
    assert "retract" in " ".join(await room.house.trail(case))
