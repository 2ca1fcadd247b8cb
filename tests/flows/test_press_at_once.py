"""Two things at the same moment: neither hides the other, and an outage between two calls hides no step."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.domain.case import Case, State
from bot.errors import Refused, StoreUnavailable
from bot.flows.ingest import ingest
from bot.ports import Batch, Change, Sent
from tests.flows.houses import LATE, House

TEXT = "Hello, thank you for telling us about this. We are sorry that it came cold, and will look into it."


class Between:
    """The record, but for what happens between two calls."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class BothLookFirst(Between):
    """Two approvals have both looked at what was sent before either goes on."""

    def __init__(self, store: Any) -> None:
        super().__init__(store)
        self._looked = asyncio.Barrier(2)
        self._looks = 0

    async def similar(self, *args: Any, **more: Any) -> Sequence[Sent]:
        found = await self._store.similar(*args, **more)
        self._looks += 1
        if self._looks <= 2:
            await self._looked.wait()
        return found


class PressedMeanwhile(Between):
    """Somebody claims the case right after it was read for the first time."""

    def __init__(self, house: House) -> None:
        super().__init__(house.store)
        self._house, self._done = house, False

    async def get(self, case_id: str) -> Case:
        found: Case = await self._store.get(case_id)
        if not self._done:
            self._done = True
            await self._house.press(found, "claim")
        return found


async def test_of_two_approvals_at_once_no_third_person_gets_the_same_text(house: House) -> None:
    cases: list[Case] = []
    for handle in ("ada", "ben", "cy"):
        case = await house.hears(f"{LATE}, {handle}", handle, name=None)
        cases.append(await house.edits(case, TEXT))
    ada, ben, cy = cases
    await house.approves(ada)
    house.change(store=BothLookFirst(house.store))
    answers = await asyncio.gather(house.approves(ben), house.approves(cy), return_exceptions=True)
    assert [answer for answer in answers if isinstance(answer, Refused) and "W12" in str(answer)]
    house.change(store=house.store)
    await house.works(seconds=21)
    assert len([post for case in cases for post in await house.live(case)]) <= 2


async def test_an_edit_that_was_taken_back_and_is_made_again_is_no_old_news(house: House) -> None:
    case = await house.hears()
    other = case.mention.model_copy(update={"text": f"{LATE}, and the driver was rude"})
    for mention in (other, case.mention):
        await ingest(Batch(items=(mention,)), parts=house.parts)
    await house.works()
    between = replace(house.parts, store=PressedMeanwhile(house))
    await ingest(Batch(items=(other,)), parts=between)
    assert (await house.now(case)).mention.text == other.text


class GoneForTheFirstSave(Between):
    """The record goes away before the first save, and is back for the second."""

    def __init__(self, store: Any) -> None:
        super().__init__(store)
        self._gone = True

    async def save(self, change: Change) -> None:
        if self._gone:
            self._gone = False
            raise StoreUnavailable("the record cannot be reached")
        await self._store.save(change)


async def test_a_step_that_an_outage_kept_from_being_saved_is_owed_again_at_once(house: House) -> None:
    house.change(store=GoneForTheFirstSave(house.store))
    case = await house.hears()  # the clock stands still: no lease ends
    assert case.state is State.IN_REVIEW
