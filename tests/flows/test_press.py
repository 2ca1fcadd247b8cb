"""Presses: the button does what it says, on what was seen; whoever comes too late is told who and why."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.store.keys import Keys
from adapters.store.link import Link
from adapters.store.redis import RedisStore
from bot.domain.case import State
from bot.domain.decision import Decision, Edit
from bot.domain.draft import Verdict
from bot.domain.events import DraftEdited, FirstApproved, Outcome, ReplyApproved
from bot.domain.forms import read_form
from bot.errors import BadInput, NotAllowed, Refused
from bot.flows.front import NOT_CONFIRMED
from bot.ports import Press, Redraw, Refusal
from tests.builders import MANAGER, ON_CALL, RESPONDER, protocol
from tests.flows.houses import LATE, House, approval

GLASS = "@brightloaf there was glass in my bread and my son is injured"


async def pressed(house: House, case_id: str, decision: Decision, by: str) -> Redraw | Refusal:
    return await house.front.press(Press(case_id, decision, by))


async def refused(house: House, case_id: str, decision: Decision, by: str = "rosa") -> str:
    answer = await pressed(house, case_id, decision, by)
    assert isinstance(answer, Refusal), "the press counted"
    assert answer.confirmed
    return answer.says


async def test_an_approval_answers_with_the_card_as_it_stands_then(house: House) -> None:
    case = await house.hears()
    answer = await pressed(house, case.id, approval(case), "rosa")
    assert isinstance(answer, Redraw)
    assert answer.card.status == "Approved by Rosa; it can still be undone"
    assert [action.decision for action in answer.card.actions] == ["undo"]


async def test_an_approval_of_a_draft_that_changed_is_void_and_says_why(house: House) -> None:
    seen = await house.hears()
    await house.edits(seen, "Dear Ada, thank you for telling us. We are very sorry about the cold bread.")
    says = await refused(house, seen.id, approval(seen), "mark")
    assert "the draft has changed since you saw it; nothing was sent" in says
    await house.works(minutes=5)
    assert await house.live(seen) == []


async def test_an_approval_of_a_thread_that_moved_on_is_void_and_says_why(house: House) -> None:
    seen = await house.hears()
    await house.post("@brightloaf hello?", to=seen.mention.id)
    await house.reads()
    await house.works()
    now = await house.now(seen)
    assert now.draft is not None
    same_draft = approval(seen).model_copy(update={"draft": now.draft.id})
    says = await refused(house, seen.id, same_draft)
    assert "the thread has moved on since you saw it; nothing was sent" in says
    await house.works(minutes=5)
    assert await house.live(seen) == []


async def test_a_press_while_the_record_is_gone_is_answered_as_not_confirmed(house: House) -> None:
    case = await house.hears()
    nowhere = RedisStore(
        Link("unix:///nowhere/redis.sock"), Keys("levelhead", "gone"), ("board",), house.watch
    )
    house.change(store=nowhere)
    answer = await pressed(house, case.id, approval(case), "rosa")
    assert answer == Refusal(NOT_CONFIRMED, confirmed=False)


async def test_danger_takes_two_people_and_the_trail_names_both(house: House) -> None:
    case = await house.hears(GLASS)
    once = await house.approves(case)
    assert once.state is State.IN_REVIEW
    await house.works(minutes=2)
    assert await house.live(case) == []
    assert house.card(case).status == "Rosa approved it; a second person has to agree"
    with pytest.raises(Refused, match="another person than the editor and the first approver"):
        await house.agrees(once, RESPONDER)
    await house.agrees(once, ON_CALL)
    await house.works(minutes=2)
    assert len(await house.live(case)) == 1
    trail = [entry.event for entry in await house.entries(case)]
    (first,) = [event for event in trail if isinstance(event, FirstApproved)]
    (second,) = [event for event in trail if isinstance(event, ReplyApproved)]
    assert (first.by, second.first, second.by) == ("rosa", "rosa", "omar")
    assert {finding.rule for finding in second.findings} == {"L12"}


async def test_a_third_public_reply_needs_a_manager(house: House) -> None:
    case = await house.answered()
    for n in range(2):
        await house.post(f"still not solved, terrible ({n})", to=case.mention.id)
        await house.reads()
        await house.works()
        case = await house.approves(await house.now(case))
        if n == 0:
            await house.works(minutes=2)
    assert case.state is State.IN_REVIEW
    with pytest.raises(NotAllowed, match="L11 asks for a manager"):
        await house.agrees(case, ON_CALL)
    await house.agrees(case, MANAGER)
    await house.works(minutes=2)
    assert len(await house.live(case)) == 3


async def test_the_third_person_does_not_get_the_same_words(house: House) -> None:
    words = "thank you for telling us. We are sorry that your bread came late and cold; write to us directly."
    says: list[str] = []
    for name in ("Ada", "Ben", "Cleo"):
        case = await house.hears(LATE, name.casefold(), name=f"{name} Park")
        case = await house.edits(case, f"Hello {name}, {words}")
        answer = await pressed(house, case.id, approval(case), "rosa")
        says.append(answer.says if isinstance(answer, Refusal) else "")
    assert says[:2] == ["", ""]
    assert "W12 blocks this: 2 others got nearly the same words within 24 hours" in says[2]


async def test_an_edit_is_checked_and_a_block_stops_everybody(house: House) -> None:
    case = await house.hears()
    bad = "Hello Ada, thank you for telling us. We are sorry; have 20% off your next order."
    case = await house.edits(case, bad)
    assert case.draft is not None
    assert "W7" in {finding.rule for finding in case.draft.findings_of(Verdict.BLOCK)}
    await house.works()
    assert "W7" in {finding.rule for finding in house.card(case).findings}
    for person in (RESPONDER, MANAGER, ON_CALL):
        says = await refused(house, case.id, approval(case, "I am sure"), person.id)
        assert "W7 blocks this" in says
    await house.works(minutes=5)
    assert await house.live(case) == []


async def test_a_warning_is_overridden_with_a_reason_that_the_trail_keeps(house: House) -> None:
    case = await house.hears()
    case = await house.edits(case, "Hello Ada, we are sorry that your order was late and cold.")
    says = await refused(house, case.id, approval(case))
    assert "W5 warns: give a reason to send it all the same" in says
    await house.approves(case, reason="she was thanked on the phone")
    lines = await house.front.trail(case.id)
    assert lines[-1].text == "Hello Ada, we are sorry that your order was late and cold."
    assert "overridden because “she was thanked on the phone”" in lines[-1].says


async def test_what_cannot_be_checked_is_not_approved(house: House) -> None:
    case = await house.hears()
    broken: Any = (None,)  # whatever a check dies of
    house.change(protocol=protocol().model_copy(update={"never_say": broken}))
    assert "the checks could not be run, and nothing is approved without them" in await refused(
        house, case.id, approval(case)
    )
    assert case.draft is not None
    edit = Edit(draft=case.draft.id, text="Other words.")
    assert "it was not taken in; try again" in await refused(house, case.id, edit)
    assert await house.now(case) == case


async def test_a_claim_keeps_others_out_until_it_expires(house: House) -> None:
    case = await house.press(await house.hears(), "claim", RESPONDER)
    says = await refused(house, case.id, approval(case), "mark")
    assert "Rosa holds this case until 12:10:00 UTC" in says
    await house.works(minutes=10)
    assert (await house.now(case)).claim is None
    assert "claim_expired" in await house.trail(case)
    assert isinstance(await pressed(house, case.id, approval(case), "mark"), Redraw)


async def test_a_claim_taken_over_is_told_to_who_held_it(house: House) -> None:
    case = await house.press(await house.hears(), "claim", RESPONDER)
    await house.press(case, "take_over", ON_CALL)
    says = await refused(house, case.id, approval(case), "rosa")
    assert "Omar holds this case" in says


async def test_an_undo_within_the_window_sends_nothing(house: House) -> None:
    case = await house.hears()
    await house.approves(case)
    await house.works(seconds=19)
    after = await house.press(case, "undo", MANAGER)
    assert (after.state, after.approval) == (State.IN_REVIEW, None)
    await house.works(minutes=5)
    assert await house.live(case) == []
    assert {"approve", "edit"} <= {action.decision for action in house.card(case).actions}
    await house.approves(await house.now(case))
    await house.works(seconds=20)
    assert len(await house.live(case)) == 1


async def test_an_undo_that_comes_too_late_is_told_so(house: House) -> None:
    case = await house.hears()
    await house.approves(case)
    await house.works(seconds=20)
    says = await refused(house, case.id, read_form("undo", {}, at=house.watch()), "mark")
    assert "too late: Rosa made the last decision here (approved the reply) at 12:00:00 UTC" in says
    assert "the case is published now" in says


async def test_a_press_counts_before_the_drawing_is_on_record(house: House) -> None:
    board = house.parts.channels
    house.change(channels={})
    case = await house.hears()
    assert case.state is State.DRAFTED
    assert (await house.approves(case)).state is State.APPROVED
    assert await house.trail(case) == [
        "mention_received", "case_opened", "draft_ready", "card_posted", "reply_approved",
    ]  # fmt: skip
    house.change(channels=board)
    await house.works()
    assert [action.decision for action in house.card(case).actions] == ["undo"]


async def test_many_cards_are_dismissed_with_one_reason_and_one_event_each(house: House) -> None:
    cases = [await house.hears(LATE, f"guest{n}") for n in range(3)]
    await house.press(cases[1], "silence", reason="known")
    ids = [*(case.id for case in cases), cases[0].id, "square:404"]
    answers = await house.front.dismiss_many(ids, outcome="spam", reason="one bot", by="rosa")
    assert isinstance(answers[cases[0].id], Redraw)
    assert isinstance(answers[cases[2].id], Redraw)
    late, missing = answers[cases[1].id], answers["square:404"]
    assert isinstance(late, Refusal)
    assert "too late: you made the last decision here (closed it)" in late.says
    assert isinstance(missing, Refusal)
    assert "there is no case 'square:404'" in missing.says
    for case in (cases[0], cases[2]):
        after = await house.now(case)
        assert (after.state, after.outcome, after.closing_reason) == (State.CLOSED, Outcome.SPAM, "one bot")
        assert (await house.trail(case)).count("case_closed") == 1
    with pytest.raises(BadInput):
        await house.front.dismiss_many(ids, outcome="published", reason="", by="rosa")


async def test_whoever_is_not_on_the_team_decides_nothing(house: House) -> None:
    case = await house.hears()
    assert "not on the team's list any more" in await refused(house, case.id, approval(case), "eve")
    answers = await house.front.dismiss_many([case.id], outcome="spam", reason="x", by="eve")
    assert isinstance(answers[case.id], Refusal)
    assert await house.now(case) == case


async def test_an_edit_stands_in_the_trail_with_its_exact_words_and_its_person(house: House) -> None:
    case = await house.hears()
    words = "Hello Ada, thank you for telling us. We are sorry, and I will look into it. Mark"
    await house.edits(case, words, MANAGER)
    entry = (await house.entries(case))[-1]
    assert isinstance(entry.event, DraftEdited)
    assert (entry.event.by, entry.event.draft.text, entry.at) == ("mark", words, house.watch())


async def test_a_case_is_folded_only_into_one_that_is_open_and_stands_alone(house: House) -> None:
    a, b, c = [await house.hears(LATE, f"guest{n}") for n in range(3)]
    with pytest.raises(Refused, match="there is no case 'square:404'"):
        await house.press(a, "fold", into="square:404")
    await house.press(a, "fold", into=b.id)
    with pytest.raises(Refused, match="folded itself"):
        await house.press(c, "fold", into=a.id)
    await house.press(b, "silence", reason="known")
    with pytest.raises(Refused, match="closed; reopen it first"):
        await house.press(c, "fold", into=b.id)
