"""Doubt: what may have been posted is looked for, and never posted again before a person has looked."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import pytest

from adapters.square.model import FaultKind
from bot.domain.case import State
from bot.domain.delivery import Receipt
from bot.domain.events import PublishStarted
from bot.domain.mention import Mention
from bot.errors import StaleCase
from bot.flows.parts import save
from bot.flows.publish import key_of, publish
from bot.ports import Look, NotThere, Unknown
from tests.builders import MANAGER
from tests.flows.houses import MINUTE, House


class CannotSay:
    """The square, without a way to ask what became of a reply."""

    max_length = 500

    def __init__(self, house: House) -> None:
        self._square = house.square
        self.tries = 0

    async def look(self, mention: Mention) -> Look:
        return await self._square.look(mention)

    async def reply(self, to: Mention, text: str, *, key: str) -> Receipt:
        self.tries += 1
        return await self._square.reply(to, text, key=key)

    async def find(self, to: Mention, text: str, key: str) -> Receipt | NotThere | Unknown:
        return Unknown()


async def test_a_reply_whose_answer_was_lost_is_found_by_its_key_and_stands_once(house: House) -> None:
    case = await house.hears()
    await house.approves(case)
    house.site.fail_next("lost")
    await house.works(seconds=20)
    after = await house.now(case)
    assert after.state is State.PUBLISHED
    assert len(await house.live(case)) == 1
    await house.works(hours=1)
    assert len(await house.live(case)) == 1
    assert (await house.trail(case)).count("publish_started") == 1


async def test_a_reply_that_certainly_failed_is_tried_again_under_the_same_key(house: House) -> None:
    case = await house.hears()
    await house.approves(case)
    house.site.fail_next("error")
    await house.works(seconds=20)
    assert (await house.now(case)).state is State.APPROVED
    await house.works(seconds=15)
    assert (await house.now(case)).state is State.PUBLISHED
    assert len(await house.live(case)) == 1
    keys = {e.event.key for e in await house.entries(case) if isinstance(e.event, PublishStarted)}
    assert len(keys) == 1


async def in_doubt(house: House, fault: FaultKind) -> CannotSay:
    case = await house.hears()
    await house.approves(case)
    silent = CannotSay(house)
    house.answers_through(silent)
    house.site.fail_next(fault)
    await house.works(seconds=20)
    return silent


@pytest.mark.parametrize(("fault", "live"), [("lost", 1), ("error", 0)])
async def test_a_publication_in_doubt_is_never_tried_again_by_itself(
    house: House, fault: Literal["lost", "error"], live: int
) -> None:
    silent = await in_doubt(house, fault)
    case = await house.case("1")
    assert case.state is State.IN_DOUBT
    assert "Nobody knows yet whether the reply is live" in house.card(case).notice
    assert {a.decision for a in house.card(case).actions} == {"posted", "not_posted"}
    for _ in range(24):
        await house.works(hours=1)
    assert (await house.now(case)).state is State.IN_DOUBT
    assert silent.tries == 1
    assert len(await house.live(case)) == live
    assert (await house.trail(case)).count("publish_started") == 1
    assert (await house.trail(case)).count("reminded") > 3


async def test_a_person_who_found_it_live_gives_the_address_and_ends_the_doubt(house: House) -> None:
    await in_doubt(house, "lost")
    case = await house.case("1")
    after = await house.press(case, "posted", MANAGER, url="http://127.0.0.1/square/posts/2")
    assert (after.state, after.replies[0].url) == (State.PUBLISHED, "http://127.0.0.1/square/posts/2")
    await house.works(hours=1)
    assert len(await house.live(case)) == 1


async def test_a_person_who_found_nothing_sends_it_back_to_review_and_it_can_be_approved_again(
    house: House,
) -> None:
    await in_doubt(house, "error")
    case = await house.press(await house.case("1"), "not_posted", MANAGER)
    assert (case.state, case.approval) == (State.IN_REVIEW, None)
    await house.works(hours=1)
    assert await house.live(case) == []
    await house.approves(await house.now(case))
    await house.works(seconds=20)
    assert len(await house.live(case)) == 1


async def test_a_message_that_came_in_doubt_is_answered_after_a_person_has_looked(house: House) -> None:
    await in_doubt(house, "lost")
    case = await house.case("1")
    await house.post("@brightloaf and now?", to=case.mention.id)
    await house.reads()
    await house.works()
    assert (await house.now(case)).state is State.IN_DOUBT
    await house.press(case, "posted", MANAGER, url="http://127.0.0.1/square/posts/2")
    await house.works()
    after = await house.now(case)
    assert (after.state, after.returned, after.thread[-1].text) == (
        State.IN_REVIEW,
        True,
        "@brightloaf and now?",
    )


async def started(house: House, *, posted: bool) -> None:
    """A worker dies after it saved that it starts; with `posted`, after it had called the platform too."""
    case = await house.hears()
    await house.approves(case)
    house.watch.move(seconds=20)
    (owed,) = await house.store.claim({"publish": 1}, lease=MINUTE)
    until = house.watch() + timedelta(minutes=5)
    begun = await save(house.parts, owed.case, PublishStarted(key=key_of(owed.case), until=until))
    assert begun.draft is not None
    if posted:
        await house.square.reply(begun.mention, begun.draft.text, key=begun.publish_key)


@pytest.mark.parametrize("posted", [True, False])
async def test_a_worker_that_died_while_publishing_is_settled_by_the_next(
    house: House, *, posted: bool
) -> None:
    await started(house, posted=posted)
    await house.works(minutes=4)
    assert (await house.case("1")).state is State.PUBLISHING
    await house.works(minutes=1)
    await house.works(minutes=1)
    case = await house.case("1")
    assert case.state is State.PUBLISHED
    assert len(await house.live(case)) == 1


async def test_a_worker_that_died_where_nobody_can_say_leaves_it_to_a_person(house: House) -> None:
    await started(house, posted=True)
    silent = CannotSay(house)
    house.answers_through(silent)
    await house.works(minutes=5)
    await house.works(hours=5)
    case = await house.case("1")
    assert (case.state, silent.tries) == (State.IN_DOUBT, 0)
    assert "the platform did not answer in time" in house.card(case).notice


async def test_a_worker_that_died_before_it_started_leaves_the_step_to_the_next(house: House) -> None:
    case = await house.hears()
    await house.approves(case)
    house.watch.move(seconds=20)
    assert await house.store.claim({"publish": 1}, lease=MINUTE)
    await house.works(seconds=59)
    assert await house.live(case) == []
    await house.works(seconds=1)
    assert len(await house.live(case)) == 1


async def test_a_worker_that_was_only_slow_cannot_publish_what_another_has_published(house: House) -> None:
    case = await house.hears()
    await house.approves(case)
    house.watch.move(seconds=20)
    (slow,) = await house.store.claim({"publish": 1}, lease=MINUTE)
    await house.works(minutes=1)
    assert len(await house.live(case)) == 1
    with pytest.raises(StaleCase):
        await publish(slow, house.parts)
    assert len(await house.live(case)) == 1
