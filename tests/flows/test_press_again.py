"""A press that comes again: what counted counts once, what was refused may be tried as often as it comes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.case import Case, State
from bot.domain.decision import Claim
from bot.errors import StoreUnavailable
from bot.flows.front import NOT_CONFIRMED
from bot.ports import Change, Press, Redraw, Refusal
from tests.flows.houses import House, approval
from tests.flows.test_press_at_once import Between


def approving(case: Case, by: str = "rosa") -> Press:
    return Press(case.id, approval(case), by, once="slack:one")


class LosesAnswers(Between):
    """Saves once, and does not come back with the answer."""

    def __init__(self, store: Any) -> None:
        super().__init__(store)
        self._lost = False

    async def save(self, change: Change) -> None:
        await self._store.save(change)
        if not self._lost:
            self._lost = True
            raise StoreUnavailable("the answer was lost")


class ForgetsNames(Between):
    """Away whenever it is asked for a name."""

    async def told(self, name: str) -> bool:
        raise StoreUnavailable("away")


async def test_an_approval_that_comes_again_after_an_undo_does_not_approve_again(house: House) -> None:
    case = await house.hears()
    press = approving(case)
    assert isinstance(await house.front.press(press), Redraw)
    await house.press(case, "undo")
    again = await house.front.press(press)
    assert isinstance(again, Refusal)
    assert again.repeated
    assert (await house.now(case)).state is State.IN_REVIEW
    assert isinstance(await house.front.press(replace(press, once="slack:two")), Redraw)


async def test_a_press_that_counted_is_not_called_too_late_when_it_comes_again(house: House) -> None:
    case = await house.hears()
    press = approving(case)
    assert isinstance(await house.front.press(press), Redraw)
    await house.works(seconds=21)
    again = await house.front.press(press)
    assert isinstance(again, Refusal)
    assert again.repeated


async def test_a_press_that_was_refused_may_come_again_and_count(house: House) -> None:
    case = await house.hears()
    await house.press(case, "claim")
    press = approving(case, "omar")
    first, second = await house.front.press(press), await house.front.press(press)
    assert isinstance(first, Refusal)
    assert "holds this case" in first.says
    assert first == second
    assert not first.repeated
    await house.press(case, "release")
    assert isinstance(await house.front.press(press), Redraw)


async def test_a_press_whose_answer_was_lost_has_counted_when_it_comes_again(house: House) -> None:
    case = await house.hears()
    house.change(store=LosesAnswers(house.store))
    press = Press(case.id, Claim(), "rosa", once="slack:one")
    assert await house.front.press(press) == Refusal(NOT_CONFIRMED, confirmed=False)
    again = await house.front.press(press)
    assert isinstance(again, Refusal)
    assert again.repeated
    assert (await house.trail(case)).count("claimed") == 1


async def test_with_the_record_gone_after_a_refusal_its_words_are_told_all_the_same(house: House) -> None:
    case = await house.hears()
    await house.press(case, "claim")
    house.change(store=ForgetsNames(house.store))
    answer = await house.front.press(approving(case, "omar"))
    assert isinstance(answer, Refusal)
    assert "holds this case" in answer.says
    assert answer.card is None
