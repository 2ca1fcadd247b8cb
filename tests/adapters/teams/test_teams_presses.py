"""Every press and form of the team, over the signed door: what it does, and too late.

Once with dialogs and once with forms in the card's own place, for clients without dialogs.
"""

from __future__ import annotations

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
from tests.adapters.msteams import Answer, Json, Teams
from tests.adapters.msteams_people import CARD, buttons, content_of, form_in, found, words_in
from tests.adapters.msteams_rooms import AADS, NAMES, Room, a_teams_room
from tests.adapters.slack_presses import OTHER, PRESSES, WHO, Pressing
from tests.flows.houses import House

TIME = re.compile(r"\b12:0\d:\d\d UTC")
LEADS = "19:leads-of-all@thread.tacv2"


@pytest_asyncio.fixture(params=[False, True], ids=["dialogs", "inline"])
async def room(request: pytest.FixtureRequest, house: House, teams: Teams) -> AsyncIterator[Room]:
    """A room where Omar is a manager too, by his team: so that two people may do whatever one may."""
    teams.member(AADS["U3"], name=NAMES["U3"], upn="u3@brightloaf.example", team=LEADS)
    grants = {LEADS: Grant(frozenset({Role.MANAGER}))}
    for channel in house.parts.channels.values():
        channel._inline = request.param  # pyright: ignore[reportAttributeAccessIssue]
    async with a_teams_room(house, teams, groups=grants, changes={"inline": request.param}) as room:
        yield room


def test_the_table_has_every_decision() -> None:
    union, *_ = get_args(Decision)
    assert {one.kind for one in PRESSES} == {one.model_fields["kind"].default for one in get_args(union)}


def typed_of(pressing: Pressing) -> dict[str, str] | None:
    """What is filled in: a style is one of a form's choices here."""
    if pressing.presses.startswith("lh:style="):
        return {"style": pressing.presses.partition("=")[2]}
    return None if pressing.typed is None else dict(pressing.typed)


async def stood(room: Room, pressing: Pressing) -> tuple[Case, Json, dict[str, str] | None]:
    """Bring a case to where the press applies; returns its card as it is drawn, and what will be typed."""
    case = await pressing.at(room)  # pyright: ignore[reportArgumentType] a room like Slack's
    typed = typed_of(pressing)
    if typed and OTHER in typed.values():
        other = await room.house.hears(handle="cyd", name="Cyd")
        typed = {"into": other.id}
    await room.house.works()
    card = deepcopy(room.message(case))
    kinds = {one["type"] for one in buttons(card)}
    assert ("Action.Submit" in kinds) is not room.settings.inline
    return case, card, typed


def opens(card: Json, pressing: Pressing) -> bool:
    """Whether the button asks first."""
    return found(content_of(card), pressing.kind)["data"]["lh"].get("w") == "form"


async def pressed(room: Room, card: Json, pressing: Pressing, user: str, typed: dict[str, str]) -> Answer:
    """Do what `pressing` says, the way a person does."""
    answer = await room.hands.press(card, pressing.kind, user)
    if not opens(card, pressing):
        return answer
    return await room.hands.submit(form_in(answer), user, on=card["id"], **typed)


async def ended(room: Room, case: Case, pressing: Pressing) -> str:
    """See to it that the press is not possible any more; returns who saw to it last."""
    if pressing.ends is None:
        return WHO[pressing.by].name
    user, kind, fields = pressing.ends
    await room.house.press(case, kind, WHO[user], **fields)
    return WHO[user].name


@pytest.mark.parametrize("pressing", PRESSES, ids=str)
async def test_it_does_what_it_says_and_too_late_tells_who_did_what_and_when(
    room: Room, pressing: Pressing
) -> None:
    case, card, typed = await stood(room, pressing)
    theirs = None
    if opens(card, pressing):
        theirs = form_in(await room.hands.press(card, pressing.kind, pressing.second))
    before = len(await room.house.entries(case))
    answer = await pressed(room, card, pressing, pressing.by, typed or {})
    after = await room.house.now(case)  # at the answer, and not a moment later
    made, *_ = (await room.house.entries(case))[before:]
    assert (after.state, made.event.kind) == (pressing.leaves, pressing.event)
    assert getattr(made.event, "by", None) == WHO[pressing.by].id
    assert {name: getattr(made.event, name) for name in pressing.says} == dict(pressing.says)
    assert done(answer), answer
    await room.settled()
    assert room.told() == []

    first = await ended(room, case, pressing)
    trail = await room.house.trail(case)
    if theirs is not None:  # a colleague has had the same form open all along
        late = await room.hands.submit(theirs, pressing.second, on=card["id"], **(typed or {}))
        assert tells(words_in(late), first), late
    if pressing.kind not in await offered(room, case, pressing.second):
        late = await room.hands.press(card, pressing.kind, pressing.second)
        assert tells(words_in(late), first), late
        assert "continue" not in str(late.body), "a form that cannot be sent was opened"
    await room.settled()
    assert await room.house.trail(case) == trail
    assert room.told() == []


def done(answer: Answer) -> bool:
    """Whether the dialog closed, or the presser was given the card as it stands now."""
    return answer.status == 200 and (answer.body is None or answer.body.get("type") == CARD)


def tells(said: str, name: str) -> bool:
    """Whether a person is told in plain words who was first, and when."""
    plainly = not any(f"({pressing.event})" in said for pressing in PRESSES)
    return plainly and name in said and TIME.search(said) is not None


async def offered(room: Room, case: Case, user: str) -> set[str]:
    """What this person could press now: a further edit is possible, of what stands there then."""
    card = await room.house.front.card(case.id, WHO[user])
    return {action.decision for action in card.actions} if card else set()
