"""Races: of all who press at once one wins, and each of the others is told who and when."""

from __future__ import annotations

import asyncio

from bot.domain.case import State
from bot.domain.decision import Claim, Dismiss
from bot.ports import Press, Redraw, Refusal
from tests.flows.houses import House, approval
from tests.flows.test_press import GLASS


async def at_once(house: House, *presses: Press) -> tuple[list[Redraw], list[Refusal]]:
    answers = await asyncio.gather(*(house.front.press(press) for press in presses))
    won = [answer for answer in answers if isinstance(answer, Redraw)]
    return won, [answer for answer in answers if isinstance(answer, Refusal)]


async def test_of_two_who_press_at_once_one_wins_and_the_other_is_told_who_and_when(house: House) -> None:
    case = await house.hears()
    won, lost = await at_once(
        house,
        Press(case.id, approval(case), "rosa"),
        Press(case.id, Dismiss(outcome="troll", reason="always like this"), "mark"),
    )
    assert (len(won), len(lost)) == (1, 1)
    after = await house.now(case)
    assert after.last is not None
    told = {"rosa": "Rosa made the last decision here (approved the reply)",
            "mark": "Mark made the last decision here (closed it)"}  # fmt: skip
    assert f"too late: {told[after.last.by]} at 12:00:00 UTC" in lost[0].says
    assert lost[0].card is not None
    assert lost[0].card.state is after.state
    await house.works(minutes=1)
    assert len(await house.live(case)) == (after.last.by == "rosa")


async def test_a_thousand_presses_at_once_publish_once(house: House) -> None:
    case = await house.hears()
    who = ("rosa", "mark", "omar")
    won, lost = await at_once(house, *(Press(case.id, approval(case), who[n % 3]) for n in range(1000)))
    assert (len(won), len(lost)) == (1, 999)
    after = await house.now(case)
    assert after.approval is not None
    name = {"rosa": "Rosa", "mark": "Mark", "omar": "Omar"}[after.approval.by]
    for refusal in lost:
        assert "approved the reply) at 12:00:00 UTC" in refusal.says
        assert name in refusal.says or "you made" in refusal.says
    await house.works(seconds=20)
    await house.works(hours=1)
    assert len(await house.live(case)) == 1
    assert (await house.trail(case)).count("reply_approved") == 1
    assert (await house.trail(case)).count("reply_published") == 1


async def test_two_who_approve_danger_at_once_give_one_approval_of_two(house: House) -> None:
    case = await house.hears(GLASS)
    won, lost = await at_once(
        house, Press(case.id, approval(case), "rosa"), Press(case.id, approval(case), "mark")
    )
    assert (len(won), len(lost)) == (1, 1)
    assert "gave the first approval already, at 12:00:00 UTC; a second person agrees with it" in lost[0].says
    after = await house.now(case)
    assert after.state is State.IN_REVIEW
    assert (await house.trail(case)).count("first_approved") == 1


async def test_one_press_that_comes_twenty_times_at_once_counts_once(house: House) -> None:
    case = await house.hears()
    presses = [Press(case.id, approval(case), "rosa", once="slack:one") for _ in range(20)]
    won, lost = await at_once(house, *presses)
    assert (len(won), len(lost)) == (1, 19)
    assert all(refusal.repeated for refusal in lost)
    assert (await house.trail(case)).count("reply_approved") == 1


async def test_a_claim_that_comes_twice_at_once_is_made_once(house: House) -> None:
    case = await house.hears()
    won, lost = await at_once(house, *(Press(case.id, Claim(), "rosa", once="slack:one") for _ in range(2)))
    assert (len(won), [refusal.repeated for refusal in lost]) == (1, [True])
    assert (await house.trail(case)).count("claimed") == 1


async def test_a_press_and_an_edit_of_the_mention_at_once_never_send_old_words(house: House) -> None:
    case = await house.hears()
    house.site.edit(case.mention.id, "@brightloaf it was my mistake, all is well")
    await asyncio.gather(house.front.press(Press(case.id, approval(case), "rosa")), house.reads())
    await house.works(minutes=1)
    assert await house.live(case) == []
    after = await house.now(case)
    assert after.mention.text == "@brightloaf it was my mistake, all is well"
    assert after.approval is None
