"""A thread that moves while our reply is on its way: recorded, and handled once the answer is there."""

from __future__ import annotations

import pytest

from bot.domain.case import State
from bot.domain.delivery import Receipt
from bot.domain.draft import Purpose
from bot.domain.events import Outcome
from bot.domain.mention import Mention
from bot.errors import PlatformBusy
from bot.ports import Look, NotThere
from tests.flows.houses import LATE, House


class Moving:
    """The square, where something happens while our reply is on its way."""

    max_length = 500

    def __init__(self, house: House, happens: str) -> None:
        self._house, self._happens = house, happens

    async def look(self, mention: Mention) -> Look:
        return await self._house.square.look(mention)

    async def find(self, to: Mention, text: str, key: str) -> Receipt | NotThere:
        return await self._house.square.find(to, text, key)

    async def reply(self, to: Mention, text: str, *, key: str) -> Receipt:
        match self._happens:
            case "edited":
                self._house.site.edit(to.id, f"{LATE} And the driver was rude!")
            case "deleted":
                receipt = await self._house.square.reply(to, text, key=key)
                self._house.site.delete(to.id)
                await self._house.reads()
                return receipt
            case "busy":
                self._house.site.edit(to.id, f"{LATE} And the driver was rude!")
                await self._house.reads()
                raise PlatformBusy("not now")
            case _:
                await self._house.post("@brightloaf hello?", to=to.id)
        await self._house.reads()
        return await self._house.square.reply(to, text, key=key)


@pytest.mark.parametrize("happens", ["edited", "spoken"])
async def test_a_thread_that_moves_meanwhile_is_handled_after_the_receipt(house: House, happens: str) -> None:
    case = await house.hears()
    await house.approves(case)
    house.answers_through(Moving(house, happens))
    await house.works(seconds=20)
    after = await house.now(case)
    assert len(await house.live(case)) == 1
    assert len(after.replies) == 1
    assert (after.state, after.purpose, after.returned) == (State.IN_REVIEW, Purpose.NEXT_MESSAGE, True)
    kinds = await house.trail(case)
    assert kinds.index("reply_published") < kinds.index("thread_moved")
    assert (
        "rude" in after.mention.text if happens == "edited" else after.thread[-1].text == "@brightloaf hello?"
    )


async def test_a_mention_deleted_meanwhile_ends_after_the_receipt(house: House) -> None:
    case = await house.hears()
    await house.approves(case)
    house.answers_through(Moving(house, "deleted"))
    await house.works(seconds=20)
    after = await house.now(case)
    assert (after.state, after.outcome, len(after.replies)) == (State.CLOSED, Outcome.GONE, 1)


async def test_a_thread_that_moves_while_nothing_could_be_posted_goes_back_and_says_why(
    house: House,
) -> None:
    case = await house.hears()
    await house.approves(case)
    house.answers_through(Moving(house, "busy"))
    await house.works(seconds=20)
    after = await house.now(case)
    assert (after.state, after.approval) == (State.IN_REVIEW, None)
    assert after.mention.text != LATE
    assert "trying again" not in after.notice
    assert "Nothing was sent" in after.notice
    await house.works(hours=1)
    assert await house.live(case) == []
