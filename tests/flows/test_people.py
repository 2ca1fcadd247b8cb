"""Colleagues whom only a channel's user group vouches for act like everybody, and are called by name."""

from __future__ import annotations

from bot.domain.decision import Approve, Claim
from bot.domain.team import Person, Role
from bot.flows.front import Front
from bot.ports import Press, Redraw
from tests.flows.houses import House

LENA = Person(id="slack:U77", name="Lena Ozola", roles=frozenset({Role.MANAGER}))


async def test_they_are_called_by_name_on_the_card_in_every_process_and_in_the_history(house: House) -> None:
    case = await house.hears()
    await house.front.press(Press(case.id, Claim(), LENA.id, LENA))
    await house.works()
    assert house.board.cards[case.id].status == "Lena Ozola is on it"
    assert (await house.front.trail(case.id))[-1].who == "Lena Ozola"
    house.parts.met.clear()  # as another process, which never saw her
    card = await Front(house.parts).card(case.id, LENA)
    assert card is not None
    assert card.status == "Lena Ozola is on it"


async def test_whoever_comes_too_late_is_told_her_name(house: House) -> None:
    case = await house.hears()
    assert case.draft is not None
    approve = Approve(draft=case.draft.id, context=case.context)
    assert isinstance(await house.front.press(Press(case.id, approve, LENA.id, LENA)), Redraw)
    house.parts.met.clear()
    late = await house.front.press(Press(case.id, approve, "rosa"))
    assert "Lena Ozola made the last decision here" in getattr(late, "says", "")


async def test_they_pause_publishing_and_everybody_sees_who_did(house: House) -> None:
    assert await house.front.pause(LENA) is None
    assert (await house.front.today(LENA)).paused.startswith("Lena Ozola, ")
    assert await house.front.resume(LENA) is None


async def test_who_is_met_again_under_a_new_name_is_called_by_that(house: House) -> None:
    case = await house.hears()
    await house.front.press(Press(case.id, Claim(), LENA.id, LENA))
    married = LENA.model_copy(update={"name": "Lena Berg"})
    await house.front.press(Press(case.id, Claim(), married.id, married))
    assert await house.store.met([LENA.id, "slack:U78"]) == {LENA.id: "Lena Berg"}
