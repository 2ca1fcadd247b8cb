"""Taking a reply down: asked for in the record first, done once, looked at after, a person's in doubt."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.square.model import FaultKind
from bot.domain.actions import actions_of
from bot.domain.case import Case, State
from bot.domain.delivery import Mode, Receipt
from bot.domain.draft import Purpose
from bot.domain.events import RetractStarted
from bot.errors import NotAllowed, PlatformRejected, PlatformSilent, Refused, StaleCase
from bot.flows.parts import save
from bot.flows.retract import retract
from bot.ports import Unknown
from bot.worker import Worker
from tests.builders import MANAGER, ON_CALL, RESPONDER, protocol
from tests.flows.houses import MINUTE, House


def reply_of(case: Case) -> str:
    return case.standing[-1].id


async def asks(house: House, case: Case, reason: str = "it names the wrong shop") -> Case:
    """A manager wants the reply down."""
    return await house.press(case, "retract", MANAGER, reply=reply_of(case), reason=reason)


async def live(house: House, case: Case) -> list[str]:
    """Our replies that anybody can read."""
    return [text for text in await house.live(case) if text]


class Through:
    """The square, and how often it was asked to take something down."""

    def __init__(self, house: House) -> None:
        self._square, self.tries, self.keys = house.square, 0, set[str]()
        house.change(platforms={"square": replace(house.parts.platforms["square"], retractor=self)})

    async def retract(self, reply: Receipt, *, key: str) -> None:
        self.tries += 1
        self.keys.add(key)
        await self._square.retract(reply, key=key)

    async def stands(self, reply: Receipt) -> bool | Unknown:
        return await self._square.stands(reply)


class CannotSay(Through):
    async def stands(self, reply: Receipt) -> Unknown:
        return Unknown()


class Refusing(Through):
    async def retract(self, reply: Receipt, *, key: str) -> None:
        self.tries += 1
        raise PlatformRejected("the square answered 403: our account is suspended")


class Deaf(Through):
    """It gives no answer and does nothing."""

    async def retract(self, reply: Receipt, *, key: str) -> None:
        self.tries += 1
        raise PlatformSilent("nothing came back")


async def test_a_manager_takes_a_reply_down_and_another_answer_is_owed(house: House) -> None:
    case = await house.answered()
    asked = await asks(house, case)
    assert asked.state is State.RETRACTING
    assert len(await live(house, case)) == 1
    await house.works()
    after = await house.now(case)
    assert await live(house, case) == []
    assert (after.state, after.purpose, after.standing) == (State.IN_REVIEW, Purpose.ANSWER, ())
    notice = house.card(case).notice
    assert notice == "Mark had our reply taken down at 12:00:21 UTC: it names the wrong shop."
    assert after.deadline is not None
    assert after.deadline > house.watch()
    kinds = await house.trail(case)
    assert kinds.index("retract_asked") < kinds.index("retract_started") < kinds.index("reply_retracted")


async def test_what_was_taken_down_still_counts_and_is_no_longer_told_as_said(house: House) -> None:
    case = await house.answered()
    await asks(house, case)
    await house.works()
    after = await house.now(case)
    assert (after.public_replies, house.card(case).reply_url) == (1, None)
    assert after.replies[0].retracted_at == house.watch()


async def test_after_it_another_reply_can_be_approved_and_stands_alone(house: House) -> None:
    case = await house.answered()
    await asks(house, case)
    await house.works()
    await house.edits(await house.now(case), "Hello Ada, thank you for telling us. We are very sorry indeed.")
    await house.approves(await house.now(case))
    await house.works(seconds=60)
    assert await live(house, case) == ["Hello Ada, thank you for telling us. We are very sorry indeed."]


async def test_only_a_senior_may_and_only_what_they_saw(house: House) -> None:
    case = await house.answered()
    offered = {a.decision for a in actions_of(case, protocol(), viewer=RESPONDER)}
    assert "retract" not in offered
    assert "retract" in {a.decision for a in actions_of(case, protocol(), viewer=ON_CALL)}
    with pytest.raises(NotAllowed, match="for the roles manager, on-call"):
        await house.press(case, "retract", RESPONDER, reply=reply_of(case), reason="wrong")
    with pytest.raises(Refused, match="another reply is live than the one you saw"):
        await house.press(case, "retract", MANAGER, reply="7", reason="wrong")


async def test_a_second_press_is_told_who_was_first(house: House) -> None:
    case = await house.answered()
    await asks(house, case)
    with pytest.raises(Refused, match="Mark made the last decision here"):
        await house.press(case, "retract", ON_CALL, reply=reply_of(case), reason="wrong")
    with pytest.raises(Refused, match="its answer is not there yet"):
        await house.press(case, "taken_down")


async def test_it_is_not_offered_where_nothing_can_be_taken_down_or_a_person_posted_by_hand(
    house: House,
) -> None:
    house.change(platforms={"square": replace(house.parts.platforms["square"], retractor=None)})
    case = await house.answered()
    assert "retract" not in {action.decision for action in house.card(case).actions}
    with pytest.raises(Refused, match="nothing of ours can be taken down on square"):
        await asks(house, case)
    by_hand = replace(house.parts.platforms["square"], mode=Mode.ASSISTED, retractor=house.square)
    house.change(platforms={"square": by_hand})
    case = await house.hears(handle="ben")
    await house.approves(case)
    await house.works(seconds=20)
    posted = await house.press(case, "posted", url="http://127.0.0.1/square/posts/9")
    assert "retract" not in {action.decision for action in actions_of(posted, protocol())}
    with pytest.raises(Refused, match="known by its address alone"):
        await asks(house, posted)


async def test_a_private_message_can_be_taken_back_too(house: House) -> None:
    case = await house.hears()
    await house.press(case, "take_private")
    await house.works()
    await house.approves(await house.now(case))
    await house.works(seconds=20)
    await asks(house, await house.now(case))
    await house.works()
    after = await house.now(case)
    assert (after.purpose, after.replies[0].private) == (Purpose.PRIVATE_REPLY, True)
    assert [post.deleted_at is None for post in house.site.talk("ada")] == [False]


async def test_a_pause_of_publishing_does_not_hold_it_up(house: House) -> None:
    case = await house.answered()
    await house.front.pause(MANAGER)
    await asks(house, case)
    await house.works()
    assert await live(house, case) == []


@pytest.mark.parametrize(("fault", "tries"), [("lost", 1), ("error", 2), ("busy", 2)])
async def test_an_answer_that_was_lost_is_looked_for_and_what_still_stands_is_tried_again(
    house: House, fault: FaultKind, tries: int
) -> None:
    case = await house.answered()
    platform = Through(house)
    await asks(house, case)
    house.site.fail_next(fault)
    await house.works()
    await house.works(seconds=15)
    assert await live(house, case) == []
    assert (await house.now(case)).state is State.IN_REVIEW
    assert (platform.tries, len(platform.keys)) == (tries, 1)


@pytest.mark.parametrize("kind", [Refusing, CannotSay, Deaf])
async def test_in_doubt_a_person_looks_is_reminded_and_nothing_is_tried_for_ever(
    house: House, kind: type[Through]
) -> None:
    case = await house.answered()
    platform = kind(house)
    await asks(house, case)
    house.site.fail_next("error")
    for _ in range(200):
        await house.works(seconds=15)
    doubted = await house.now(case)
    assert (doubted.state, doubted.retraction and doubted.retraction.doubted) == (State.RETRACTING, True)
    assert "may still stand" in house.card(case).notice
    assert house.card(case).status == "In doubt: our reply may still stand. Look there"
    assert {a.decision for a in house.card(case).actions} == {"taken_down", "left_up"}
    tries = platform.tries
    assert tries <= 125
    for _ in range(5):
        await house.works(hours=1)
    assert platform.tries == tries
    assert (await house.trail(case)).count("reminded") >= 2


async def test_a_person_who_found_it_down_ends_the_doubt(house: House) -> None:
    case = await house.answered()
    Refusing(house)
    await asks(house, case)
    await house.works()
    after = await house.press(case, "taken_down", RESPONDER)
    assert (after.state, after.standing) == (State.OPENED, ())
    assert after.notice.startswith("Mark had our reply taken down at")


async def test_a_person_who_leaves_it_there_ends_the_doubt_too(house: House) -> None:
    case = await house.answered()
    Refusing(house)
    await asks(house, case)
    await house.works()
    after = await house.press(case, "left_up", RESPONDER)
    assert (after.state, after.purpose, len(after.standing)) == (State.OPENED, Purpose.NEXT_MESSAGE, 1)
    assert after.notice == "Our reply still stands: somebody looked, and left it there."
    await house.works()
    assert (await house.now(case)).state is State.IN_REVIEW
    assert len(await live(house, case)) == 1


async def test_their_next_message_meanwhile_is_answered_afterwards(house: House) -> None:
    case = await house.answered()
    Refusing(house)
    await asks(house, case)
    await house.works()
    await house.post("@brightloaf that is not my shop!", to=case.mention.id)
    await house.reads()
    notice = (await house.now(case)).notice
    assert "may still stand" in notice
    assert notice.endswith("The author wrote again meanwhile.")
    await house.press(case, "taken_down", RESPONDER)
    await house.works()
    after = await house.now(case)
    assert (after.state, after.returned) == (State.IN_REVIEW, True)
    assert after.thread[-1].text == "@brightloaf that is not my shop!"


async def test_from_review_what_they_said_is_not_forgotten_when_the_reply_is_left_there(
    house: House,
) -> None:
    case = await house.answered()
    await house.post("@brightloaf that is not my shop!", to=case.mention.id)
    await house.reads()
    await house.works()
    waiting = await house.now(case)
    assert waiting.state is State.IN_REVIEW
    Refusing(house)
    await asks(house, waiting)
    await house.works()
    await house.press(case, "left_up")
    await house.works()
    after = await house.now(case)
    assert (after.state, after.purpose) == (State.IN_REVIEW, Purpose.NEXT_MESSAGE)


async def started(house: House, *, called: bool) -> Case:
    """A worker dies after it saved that it starts; with `called`, after it had called the platform too."""
    case = await house.answered()
    await asks(house, case)
    (owed,) = await house.store.claim({"time": 1}, lease=MINUTE)
    until = house.watch() + timedelta(minutes=5)
    begun = await save(house.parts, owed.case, RetractStarted(key="k", until=until))
    if called:
        await house.square.retract(begun.replies[-1], key="k")
    return begun


@pytest.mark.parametrize("called", [True, False])
async def test_a_worker_that_died_in_the_middle_is_settled_by_the_next(house: House, *, called: bool) -> None:
    case = await started(house, called=called)
    await house.works(minutes=4)
    assert (await house.now(case)).state is State.RETRACTING
    await house.works(minutes=1)
    await house.works(minutes=1)
    assert await live(house, case) == []
    assert (await house.trail(case)).count("reply_retracted") == 1
    assert (await house.now(case)).state is State.IN_REVIEW


async def test_a_worker_that_died_before_it_started_leaves_the_step_to_the_next(house: House) -> None:
    case = await house.answered()
    await asks(house, case)
    assert await house.store.claim({"time": 1}, lease=MINUTE)
    await house.works(seconds=59)
    assert len(await live(house, case)) == 1
    await house.works(seconds=1)
    assert await live(house, case) == []


async def test_a_slow_worker_does_nothing_where_another_has_done_it(house: House) -> None:
    case = await house.answered()
    platform = Through(house)
    await asks(house, case)
    (slow,) = await house.store.claim({"time": 1}, lease=MINUTE)
    await house.works(minutes=1)
    assert await live(house, case) == []
    with pytest.raises(StaleCase):
        await retract(slow, house.parts)
    assert platform.tries == 1


async def test_of_two_workers_one_takes_it_down(house: House) -> None:
    case = await house.answered()
    platform = Through(house)
    await asks(house, case)
    await asyncio.gather(*(Worker(house.parts, house.pace).drain() for _ in range(4)))
    assert (platform.tries, (await house.trail(case)).count("retract_started")) == (1, 1)


async def test_shadow_mode_takes_nothing_down(house: House) -> None:
    case = await house.answered()
    house.change(shadow=True)
    await asks(house, case)
    await house.works()
    assert len(await live(house, case)) == 1
    assert "in shadow mode nothing is" in house.card(case).notice
