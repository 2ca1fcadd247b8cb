"""Every press and modal of the team, by signed HTTP and by Socket Mode: what it does, and too late.

What goes wrong on the way stands elsewhere: signatures, stale and replayed requests in
`test_slack_safety.py`, unknown actions, closed forms and expired triggers in `test_slack_presses.py` and
`test_slack_forms.py`, retried events in `test_slack_mentions.py`; over Socket Mode, which has no signatures,
all the rest in `test_slack_socket.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from copy import deepcopy
from typing import get_args

import pytest
import pytest_asyncio

from adapters.chat.granting import Grant
from bot.domain.case import Case
from bot.domain.decision import Decision
from bot.domain.team import Role
from tests.adapters.slack_people import Json, People
from tests.adapters.slack_presses import OTHER, PRESSES, PROMISED, WHO, Pressing
from tests.adapters.slack_rooms import Room, a_room
from tests.adapters.slacks import Slack
from tests.flows.houses import House

CLEAR = {"response_action": "clear"}
TIME = re.compile(r"\b12:0\d:\d\d UTC")


@pytest_asyncio.fixture
async def room(house: House, slack: Slack) -> AsyncIterator[Room]:
    """A room where Omar is a manager too, by his user group: so that two people may do whatever one may."""
    slack.group("S1", "leads", "U3")
    async with a_room(house, slack, groups={"leads": Grant(frozenset({Role.MANAGER}))}) as room:
        yield room


@pytest_asyncio.fixture(params=["http", "socket"])
async def people(request: pytest.FixtureRequest, room: Room) -> AsyncIterator[People]:
    """The hands of the team, by each of the two ways to us."""
    if request.param == "http":
        yield room.hands
        return
    async with room.wired() as wires:
        yield wires


def test_the_table_has_every_decision_and_every_press_that_was_promised() -> None:
    union, *_ = get_args(Decision)
    decisions = {one.model_fields["kind"].default for one in get_args(union)}
    assert len(decisions) > 20
    assert {pressing.kind for pressing in PRESSES} == decisions
    assert {pressing.named for pressing in PRESSES} == PROMISED
    outcomes = {p.says["outcome"] for p in PRESSES if p.kind == "dismiss"}
    assert outcomes >= {"not_us", "spam", "troll", "duplicate"}
    assert {p.says["how"] for p in PRESSES if p.kind == "moderate"} == {"hide", "mute", "block", "report"}


async def stood(room: Room, pressing: Pressing) -> tuple[Case, Json, dict[str, str]]:
    """Bring a case to where the press applies; returns its card as it is drawn, and what will be typed."""
    case = await pressing.at(room)
    typed = dict(pressing.typed or {})
    if OTHER in typed.values():
        other = await room.house.hears(handle="cyd", name="Cyd")
        typed = {"into": other.id}
    await room.house.works()
    return case, deepcopy(room.message(case)), typed


async def opened(room: Room, people: People, card: Json, pressing: Pressing, user: str) -> Json:
    """Press a button that asks for something, and return the form it opens."""
    assert (await people.press(card, pressing.button, user)).status == 200
    await room.settled()
    return room.hands.modal()


async def pressed(room: Room, people: People, card: Json, pressing: Pressing, typed: dict[str, str]) -> None:
    """Do what `pressing` says, the way a person does; it is acknowledged."""
    if pressing.typed is None:
        answered = await people.press(card, pressing.button, pressing.by)
        assert (answered.status, answered.body) in ((200, ""), (200, {}))
        return
    form = await opened(room, people, card, pressing, pressing.by)
    answered = await people.submit(form, pressing.by, **typed)
    assert (answered.status, answered.body) == (200, CLEAR)


async def ended(room: Room, case: Case, pressing: Pressing) -> str:
    """See to it that the press is not possible any more; returns who saw to it last."""
    if pressing.ends is None:
        return WHO[pressing.by].name
    user, kind, fields = pressing.ends
    await room.house.press(case, kind, WHO[user], **fields)
    return WHO[user].name


@pytest.mark.parametrize("pressing", PRESSES, ids=str)
async def test_it_is_acknowledged_does_what_it_says_and_too_late_tells_who_did_what_and_when(
    room: Room, people: People, pressing: Pressing
) -> None:
    case, card, typed = await stood(room, pressing)
    theirs = await opened(room, people, card, pressing, pressing.second) if pressing.typed else None
    before = len(await room.house.entries(case))
    await pressed(room, people, card, pressing, typed)
    after = await room.house.now(case)  # at the acknowledgement, and not a moment later
    made, *_ = (await room.house.entries(case))[before:]
    assert (after.state, made.event.kind) == (pressing.leaves, pressing.event)
    assert getattr(made.event, "by", None) == WHO[pressing.by].id
    assert {name: getattr(made.event, name) for name in pressing.says} == dict(pressing.says)
    await room.settled()
    assert room.told() == []

    first = await ended(room, case, pressing)
    trail = await room.house.trail(case)
    if theirs is not None:  # a colleague has had the same form open all along
        late = await people.submit(theirs, pressing.second, **typed)
        assert late.status == 200
        assert tells(json.dumps(late.body, ensure_ascii=False), first)
    if pressing.kind not in await offered(room, case, pressing.second):
        room.slack.views.clear()
        assert (await people.press(card, pressing.button, pressing.second)).status == 200
        await room.settled()
        assert room.slack.views == {}, "a form that cannot be sent was opened"
        assert tells("".join(room.told()), first)
    assert await room.house.trail(case) == trail


def tells(said: str, name: str) -> bool:
    """Whether a person is told in plain words who was first, and when."""
    plainly = not any(f"({pressing.event})" in said for pressing in PRESSES)
    return plainly and name in said and TIME.search(said) is not None


async def offered(room: Room, case: Case, user: str) -> set[str]:
    """What this person could press now: a further edit is possible, of what stands there then."""
    card = await room.house.front.card(case.id, WHO[user])
    return {action.decision for action in card.actions} if card else set()
