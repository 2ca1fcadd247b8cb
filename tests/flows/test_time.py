"""Time: claims and snoozes end, a case nobody decides reminds somebody, and a reply is followed up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.case import State
from bot.domain.draft import Purpose
from bot.domain.events import Folded, Outcome, Reminded
from bot.errors import Refused
from bot.flows.parts import save
from tests.builders import MANAGER, NOON, ON_CALL
from tests.flows.houses import LATE, House


async def reminders(house: House, case_id: str) -> list[tuple[float, str]]:
    """When somebody was reminded, in minutes since noon, and who."""
    return [
        ((entry.at - NOON) / timedelta(minutes=1), entry.event.role)
        for entry in await house.store.trail(case_id)
        if isinstance(entry.event, Reminded)
    ]


async def test_a_snooze_ends_by_itself_and_the_card_is_back(house: House) -> None:
    case = await house.hears()
    await house.press(case, "snooze", minutes="30")
    await house.works(minutes=29)
    assert (await house.now(case)).state is State.SNOOZED
    await house.works(minutes=1)
    assert (await house.now(case)).state is State.IN_REVIEW
    assert "approve" in {action.decision for action in house.card(case).actions}


async def test_their_next_message_wakes_a_snoozed_case_at_once(house: House) -> None:
    case = await house.hears()
    await house.press(case, "snooze", minutes="30")
    await house.post("@brightloaf hello?", to=case.mention.id)
    await house.reads()
    await house.works()
    assert (await house.now(case)).state is State.IN_REVIEW


async def test_a_snooze_does_not_silence_the_ladder_for_good(house: House) -> None:
    case = await house.hears()
    await house.press(case, "snooze", minutes="40")
    await house.works(minutes=40)
    await house.works()
    assert await reminders(house, case.id) == [(40, "responder")]


async def test_a_case_nobody_decides_climbs_its_ladder_and_the_card_names_who_is_asked(house: House) -> None:
    case = await house.hears()
    assert case.deadline == NOON + timedelta(hours=1)
    waiting: list[str] = []
    for _ in range(90):
        await house.works(minutes=1)
        waiting.append(house.card(case).status)
    assert await reminders(house, case.id) == [(30, "responder"), (54, "on_call"), (90, "manager")]
    assert waiting[28] == "Waiting for a decision"
    assert waiting[53] == "Nobody has decided yet: waiting for the on-call"
    assert waiting[89] == "Nobody has decided yet: waiting for the manager"
    for _ in range(3):
        await house.works(hours=4)
    assert [role for _, role in await reminders(house, case.id)][3:] == ["manager"] * 3


async def test_a_case_that_comes_back_after_days_climbs_as_a_new_one_does(house: House) -> None:
    case = await house.hears()
    await house.press(case, "silence", reason="known")
    house.watch.move(days=10)
    await house.post("@brightloaf still nothing, terrible", to=case.mention.id)
    await house.reads()
    await house.works()
    came = house.watch() - NOON
    for _ in range(100):
        await house.works(minutes=1)
    since = came / timedelta(minutes=1)
    found = [(at - since, role) for at, role in await reminders(house, case.id)]
    assert found == [(30, "responder"), (54, "on_call"), (90, "manager")]


async def test_after_an_outage_the_missed_rungs_follow_each_other_with_a_pause(house: House) -> None:
    case = await house.hears()
    house.watch.move(hours=5)
    for _ in range(12):
        await house.works(minutes=1)
    assert await reminders(house, case.id) == [(301, "responder"), (306, "on_call"), (311, "manager")]


async def test_an_escalation_climbs_the_ladder_of_its_desk(house: House) -> None:
    case = await house.hears()
    await house.press(case, "escalate", to="food_safety", reason="was it our flour?")
    for _ in range(21):
        await house.works(minutes=1)
    assert await reminders(house, case.id) == [(10, "on_call"), (20, "manager")]


async def test_an_urgent_question_climbs_its_desks_ladder_sooner(house: House) -> None:
    case = await house.hears()
    await house.press(case, "escalate", to="legal", reason="is this a threat?", urgency="urgent")
    for _ in range(21):
        await house.works(minutes=1)
    assert await reminders(house, case.id) == [(5, "manager"), (15, "on_call")]


async def test_a_desk_that_is_on_it_is_left_alone_for_half_an_hour(house: House) -> None:
    case = await house.hears()
    await house.press(case, "escalate", to="food_safety", reason="was it our flour?")
    await house.press(case, "acknowledge", ON_CALL)
    for _ in range(29):
        await house.works(minutes=1)
    assert await reminders(house, case.id) == []
    with pytest.raises(Refused, match="Omar is on it already"):
        await house.press(case, "acknowledge", MANAGER)
    await house.works(minutes=1)
    assert [role for _, role in await reminders(house, case.id)] == ["on_call"]


async def test_a_reply_is_followed_up_once_and_then_the_case_is_closed_as_answered(house: House) -> None:
    case = await house.answered()
    await house.works(hours=23)
    assert (await house.now(case)).state is State.PUBLISHED
    await house.works(hours=1)
    after = await house.now(case)
    assert (after.state, after.purpose, after.follow_ups) == (State.IN_REVIEW, Purpose.FOLLOW_UP, 1)
    assert after.draft is not None
    assert after.draft.text != case.replies[0].text
    await house.approves(after)
    await house.works(minutes=1)
    assert len(await house.live(case)) == 2
    await house.works(hours=25)
    ended = await house.now(case)
    assert (ended.state, ended.outcome, ended.follow_ups) == (State.CLOSED, Outcome.ANSWERED, 1)
    await house.works(hours=100)
    assert len(await house.live(case)) == 2


async def test_their_answer_to_a_follow_up_opens_the_case_again(house: House) -> None:
    case = await house.answered()
    await house.works(hours=25)
    await house.approves(await house.now(case))
    await house.works(minutes=1)
    await house.works(hours=25)
    assert (await house.now(case)).state is State.CLOSED
    await house.post("It happened again!", to=case.mention.id)
    await house.reads()
    await house.works()
    after = await house.now(case)
    assert (after.state, after.purpose, after.returned) == (State.IN_REVIEW, Purpose.NEXT_MESSAGE, True)


async def test_a_resolved_case_asks_nobody_anything_more(house: House) -> None:
    case = await house.answered()
    after = await house.press(case, "resolve", lesson="check the van on Fridays")
    assert (after.state, after.outcome, after.closing_reason) == (
        State.CLOSED,
        Outcome.RESOLVED,
        "check the van on Fridays",
    )
    await house.works(hours=50)
    assert len(await house.live(case)) == 1


async def test_a_folded_case_closes_with_its_parent_where_both_are_of_one_person(house: House) -> None:
    parent = await house.hears()
    child = await house.press(await house.hears(LATE, "ada"), "fold", into=parent.id)
    await house.works(minutes=20)
    assert (await house.now(child)).state is State.FOLDED
    await house.press(parent, "silence", reason="known")
    await house.works(minutes=15)
    after = await house.now(child)
    assert (after.state, after.outcome) == (State.CLOSED, Outcome.DUPLICATE)


async def test_a_folded_case_of_another_person_comes_back_when_its_parent_closes(house: House) -> None:
    parent = await house.hears()
    child = await house.press(await house.hears(LATE, "ben"), "fold", into=parent.id)
    await house.press(parent, "silence", reason="known")
    await house.works(minutes=15)
    after = await house.now(child)
    assert after.state is State.IN_REVIEW
    assert "another person, who has no answer yet" in house.card(child).notice
    assert after.deadline is not None
    assert after.deadline > house.watch()


async def test_two_cases_folded_into_each_other_at_once_do_not_wait_for_each_other_for_ever(
    house: House,
) -> None:
    one, other = await house.hears(), await house.hears(LATE, "ada")
    later = house.watch() + timedelta(minutes=15)
    for case, into in ((one, other), (other, one)):  # as two presses in the same instant leave them
        await save(house.parts, await house.now(case), Folded(by="rosa", into=into.id, look_at=later))
    await house.works(minutes=15)
    assert State.IN_REVIEW in {(await house.now(case)).state for case in (one, other)}


async def test_a_folded_case_speaks_for_itself_again_when_its_author_does(house: House) -> None:
    parent = await house.hears()
    child = await house.press(await house.hears(LATE, "ben"), "fold", into=parent.id)
    await house.post("@brightloaf and me?", "ben", to=child.mention.id)
    await house.reads()
    await house.works()
    assert (await house.now(child)).state is State.IN_REVIEW


async def test_an_approval_for_a_source_that_was_taken_out_goes_back_to_people(house: House) -> None:
    case = await house.hears()
    await house.approves(case)
    house.change(platforms={})
    await house.works(seconds=20)
    assert (await house.now(case)).state is State.IN_REVIEW
    assert "nothing can be sent there any more" in house.card(case).notice
