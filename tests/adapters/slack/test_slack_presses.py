"""Every button that acts at once, over signed HTTP: what it does to the case, and what its presser hears."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from adapters.chat.asking import AT_ONCE
from bot.domain.actions import actions_of
from bot.domain.case import Case, Held, State
from bot.domain.decide import APPLIES
from bot.domain.delivery import Mode
from tests.adapters.slack_people import Json
from tests.adapters.slack_rooms import Room
from tests.builders import MANAGER, NOON, in_review, protocol

HURT = "@brightloaf there was a piece of glass in my bread and I cut my mouth, I want answers"


async def state(room: Room, case: Case) -> State:
    return (await room.house.now(case)).state


def told(room: Room) -> str:
    return "\n".join(room.told())


def test_the_buttons_that_act_at_once_are_those_that_ask_for_nothing() -> None:
    case = in_review()
    every = [
        action for state in State
        for one in (case, case.model_copy(update={"claim": Held(by="rosa", until=NOON)}))
        for action in actions_of(one.model_copy(update={"state": state}), protocol())
    ]  # fmt: skip
    silent = {a.decision for a in every if all(ask.kind == "hidden" for ask in a.asks)}
    assert silent <= AT_ONCE
    assert len(silent) > 5
    assert not ({a.decision for a in every} - silent) & AT_ONCE
    assert APPLIES.keys() >= AT_ONCE
    # What they saw fits into a button.
    assert {ask.name for a in every if a.decision in AT_ONCE for ask in a.asks} <= {"draft", "context"}


async def test_approve_sends_and_undo_takes_it_back(room: Room) -> None:
    case, card = await room.card()
    assert (await room.hands.press(card, "approve")).status == 200
    assert await state(room, case) is State.APPROVED  # before anything that comes after the acknowledgement
    await room.house.works()
    await room.hands.press(room.message(case), "undo")
    assert await state(room, case) is State.IN_REVIEW
    await room.house.works(minutes=1)
    assert await room.house.live(case) == []
    await room.hands.press(room.message(case), "approve")
    await room.house.works(seconds=21)
    assert len(await room.house.live(case)) == 1
    await room.settled()
    assert room.told() == []


async def test_two_people_approve_where_a_rule_asks_for_two(room: Room) -> None:
    case, card = await room.card(text=HURT)
    for name in ("U1", "U1"):
        await room.hands.press(card, "approve", name)
        await room.settled()
    first = await room.house.now(case)
    assert (first.state, first.first_approval and first.first_approval.by) == (State.IN_REVIEW, "rosa")
    assert "gave the first approval already" in told(room)
    await room.house.works()
    await room.hands.press(room.message(case), "second_approve", "U2")
    assert await state(room, case) is State.APPROVED


async def test_claim_release_and_take_over(room: Room) -> None:
    case, card = await room.card()
    await room.hands.press(card, "claim")
    await room.house.works()
    await room.hands.press(room.message(case), "take_over", "U2")
    claim = (await room.house.now(case)).claim
    assert claim is not None
    assert claim.by == "mark"
    await room.house.works()
    await room.hands.press(room.message(case), "release", "U2")
    assert (await room.house.now(case)).claim is None
    await room.settled()
    assert room.told() == []


async def test_what_a_colleague_holds_is_theirs_and_the_presser_is_told_alone(room: Room) -> None:
    case, card = await room.card()
    await room.hands.press(card, "claim", "U2")
    await room.hands.press(card, "approve", "U1")
    assert await state(room, case) is State.IN_REVIEW
    await room.settled()
    assert "Mark holds this case until" in told(room)
    assert all(m["response_type"] == "ephemeral" and not m["replace_original"] for m in room.slack.responses)


async def test_acknowledge(room: Room) -> None:
    case, _ = await room.card()
    await room.house.press(case, "escalate", to="legal", reason="look")
    await room.house.works()
    await room.hands.press(room.message(case), "acknowledge", "U3")
    escalation = (await room.house.now(case)).escalation
    assert escalation is not None
    assert escalation.acknowledged_by == "omar"
    await room.hands.press(room.message(case), "acknowledge", "U2")
    await room.settled()
    assert "Omar is on it already" in told(room)


async def test_take_private(room: Room) -> None:
    case, card = await room.card()
    await room.hands.press(card, "take_private")
    assert (await room.house.now(case)).private
    await room.settled()
    assert room.told() == []


async def test_reopen_and_unfold(room: Room) -> None:
    case, _ = await room.card()
    other, _ = await room.card(handle="bea", name="Bea")
    await room.house.press(case, "silence", reason="known")
    await room.house.press(other, "fold", into=(await room.card(handle="cyd", name="Cyd"))[0].id)
    await room.house.works()
    await room.hands.press(room.message(case), "reopen")
    await room.hands.press(room.message(other), "unfold")
    assert [await state(room, one) for one in (case, other)] == [State.OPENED, State.OPENED]


async def test_not_posted(room: Room) -> None:
    platform = replace(
        room.house.parts.platforms["square"], mode=Mode.ASSISTED, publisher=None, hosts=("127.0.0.1",)
    )
    room.house.parts.platforms["square"] = platform  # pyright: ignore[reportIndexIssue] the house's own dict
    case, card = await room.card()
    await room.hands.press(card, "approve")
    await room.house.works(seconds=21)
    assert await state(room, case) is State.AWAITING_POST
    await room.hands.press(room.message(case), "not_posted")
    assert await state(room, case) is State.IN_REVIEW


async def test_a_style_of_a_redraft_is_chosen_from_the_menu(room: Room) -> None:
    case, card = await room.card()
    await room.hands.press(card, "lh:style=warmer")
    assert "redraft_asked" in await room.house.trail(case)


async def test_too_late_is_told_with_who_did_what_and_when(room: Room) -> None:
    case, card = await room.card()
    await room.hands.press(card, "approve", "U2")
    await room.hands.press(card, "approve", "U1")
    await room.settled()
    assert "Mark made the last decision here (approved the reply) at 12:00:00 UTC" in told(room)
    assert (await room.house.trail(case)).count("reply_approved") == 1


async def test_a_press_on_an_old_card_approves_nothing_new(room: Room) -> None:
    case, card = await room.card()
    old = json.loads(json.dumps(card))
    await room.house.edits(case, "Hello Ada, thank you for telling us. We are sorry it was late and cold.")
    await room.hands.press(old, "approve")
    await room.settled()
    assert await state(room, case) is State.IN_REVIEW
    assert "the draft has changed since you saw it" in told(room).lower()


async def test_a_warning_asks_for_a_reason_and_only_then_sends(room: Room) -> None:
    case, _ = await room.card()
    await room.house.edits(case, "Hello Ada, we are sorry that it was late. We look into it now.")
    await room.house.works()
    await room.hands.press(room.message(case), "approve")
    await room.settled()
    assert await state(room, case) is State.IN_REVIEW
    assert (await room.hands.submit(room.hands.modal(), reason="short on purpose")).status == 200
    assert await state(room, case) is State.APPROVED
    approval = (await room.house.now(case)).approval
    assert approval is not None
    assert approval.reason == "short on purpose"
    assert room.told() == []


@pytest.mark.parametrize(
    "value", ["", "{}", "old", '{"c":"square:1"}', '{"c":"square:1","v":1,"z":2}', "[" * 900]
)
async def test_a_button_of_an_older_shape_is_answered(room: Room, value: str) -> None:
    case, card = await room.card()
    assert (await room.hands.press(card, "approve", value=value)).status == 200
    await room.settled()
    assert "from an older card, and nothing was done" in told(room)
    assert await state(room, case) is State.IN_REVIEW


@pytest.mark.parametrize("action", ["lh:applaud", "approve_v1", "lh:show:weather", ""])
async def test_an_unknown_button_is_answered(room: Room, action: str) -> None:
    case, card = await room.card()
    value = json.dumps({"c": case.id, "v": 1})
    blocks: list[Json] = [
        {"type": "actions", "elements": [{"type": "button", "action_id": action, "value": value}]}
    ]
    assert (await room.hands.press({**card, "blocks": blocks}, action)).status == 200
    await room.settled()
    assert "nothing was done" in told(room)


async def test_a_case_that_is_gone_is_told(room: Room) -> None:
    _, card = await room.card()
    for action in ("claim", "edit", "lh:show:all"):
        await room.hands.press(card, action, value=json.dumps({"c": "square:404", "v": 1}))
        await room.settled()
    assert told(room).count("90 days") == 3


async def test_somebody_who_is_not_on_the_list_is_told_what_is_needed(room: Room) -> None:
    case, card = await room.card()
    room.slack.user("U7")
    for action in ("approve", "edit", "lh:show:all"):
        await room.hands.press(card, action, "U7")
        await room.settled()
    assert told(room).count("ask whoever keeps team.toml to add your Slack ID U7") == 3
    assert await state(room, case) is State.IN_REVIEW


async def test_a_role_that_may_not_is_told_who_may(room: Room) -> None:
    case, _ = await room.card()
    await room.house.press(case, "claim", MANAGER)
    await room.house.works()
    await room.hands.press(room.message(case), "take_over")
    await room.house.press(case, "escalate", MANAGER, to="legal", reason="look")
    await room.house.works()
    await room.hands.press(room.message(case), "answer")
    await room.settled()
    assert "for the roles manager, on-call; ask one of them" in told(room)
    assert told(room).count("ask one of them") == 2


async def test_a_guest_never_decides(room: Room) -> None:
    case, card = await room.card()
    room.slack.user("U1", is_restricted=True)
    await room.hands.press(card, "approve")
    await room.settled()
    assert await state(room, case) is State.IN_REVIEW
    assert "guests do not decide here" in told(room).lower()


async def test_a_link_is_only_acknowledged(room: Room) -> None:
    case, card = await room.card()
    links = [e["action_id"] for b in card["blocks"] for e in b.get("elements", ()) if e.get("url")]
    for action in links:
        assert (await room.hands.press(card, action)).status == 200
    await room.settled()
    assert room.told() == []
    assert await state(room, case) is State.IN_REVIEW


async def test_what_had_no_room_opens(room: Room) -> None:
    _, card = await room.card()
    await room.hands.press(card, "lh:show:all")
    await room.settled()
    assert "two hours late" in json.dumps(room.hands.modal())


async def test_slack_away_a_press_of_somebody_known_counts_all_the_same(room: Room) -> None:
    case, card = await room.card()
    await room.hands.press(card, "claim")
    room.slack.down = True
    assert (await room.hands.press(card, "approve")).status == 200
    assert await state(room, case) is State.APPROVED
