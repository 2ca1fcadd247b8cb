"""Taken into private (M4): drafted for one reader, sent once, answered in the same case, never in public."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.case import Case, State
from bot.domain.delivery import Mode
from bot.domain.draft import Purpose
from bot.domain.events import PublishStarted
from bot.errors import Refused
from bot.flows.briefing import brief_of
from bot.flows.draft import checked, deliver
from bot.flows.parts import save
from bot.flows.publish import key_of
from bot.ports import Brief, Unknown, Written
from tests.flows.houses import LATE, MINUTE, House

ORDER = "It was order BL-482913, and you reach me at ada.park@mail.example."


async def taken(house: House, text: str = LATE) -> Case:
    """A case whose private draft waits for a decision."""
    case = await house.hears(text)
    await house.press(case, "take_private")
    await house.works()
    return await house.now(case)


async def sent(house: House) -> Case:
    """A case whose private message was sent."""
    case = await taken(house)
    await house.approves(case)
    await house.works(seconds=20)
    return await house.now(case)


async def private_words(house: House, handle: str = "ada") -> list[str]:
    """What the company said to somebody in private."""
    talk = await house.site.run(house.site.talk, handle)
    return [post.text for post in talk if post.author.is_company]


async def test_the_next_draft_is_for_its_reader_alone_and_the_approval_sends_it_there_once(
    house: House,
) -> None:
    case = await taken(house)
    assert case.delivery is not None
    assert (case.state, case.purpose, case.delivery.mode) == (
        State.IN_REVIEW,
        Purpose.PRIVATE_REPLY,
        Mode.PRIVATE,
    )
    labels = {action.decision: action.label for action in house.card(case).actions}
    assert labels["approve"] == "Approve and send privately"
    assert "take_private" not in labels
    await house.approves(case)
    await house.works(seconds=20)
    after = await house.now(case)
    assert case.draft is not None
    assert (after.state, [reply.private for reply in after.replies]) == (State.PUBLISHED, [True])
    assert await private_words(house) == [case.draft.text]
    assert await house.live(case) == []
    assert after.public_replies == 0
    await house.works(minutes=30)
    assert len(await private_words(house)) == 1


class Listening:
    """A writer that remembers what it was told."""

    def __init__(self, house: House) -> None:
        self._writer, self.briefs = house.parts.writer, list[Brief]()

    async def write(self, brief: Brief) -> Written:
        self.briefs.append(brief)
        return await self._writer.write(brief)


async def test_its_writer_is_told_that_only_they_read_it(house: House) -> None:
    writer = Listening(house)
    house.change(writer=writer)
    await taken(house)
    assert [(b.private, b.purpose) for b in writer.briefs] == [
        (False, Purpose.ANSWER),
        (True, Purpose.PRIVATE_REPLY),
    ]


async def test_personal_data_may_be_asked_for_there_and_not_in_public(house: House) -> None:
    asks = "Hello Ada, thank you for telling us. We are sorry. Could you send us your order number?"
    public = await house.hears()
    private = await taken(house, f"{LATE} twice")

    async def rules(case: Case) -> set[str]:
        found = await checked(case, asks, deliver(case, house.parts), house.parts, language="en")
        return {finding.rule for finding in found}

    assert "L4" in await rules(public)
    assert "L4" not in await rules(private)


async def test_their_private_answer_comes_back_on_top_into_the_same_case_and_is_answered_privately(
    house: House,
) -> None:
    case = await sent(house)
    await house.site.run(house.site.message, "ada", ORDER)
    await house.reads()
    await house.works()
    after = await house.now(case)
    assert (after.state, after.returned, after.purpose) == (State.IN_REVIEW, True, Purpose.PRIVATE_REPLY)
    assert (after.thread[-1].text, after.thread[-1].private) == (ORDER, True)
    await house.approves(after)
    await house.works(seconds=60)
    assert len(await private_words(house)) == 2
    assert await house.live(case) == []


async def test_a_private_answer_unheard_is_seen_just_before_and_voids_the_approval(house: House) -> None:
    case = await sent(house)
    await house.works(hours=25)  # the follow-up's draft
    again = await house.now(case)
    assert (again.purpose, again.delivery and again.delivery.mode) == (Purpose.FOLLOW_UP, Mode.PRIVATE)
    await house.approves(again)
    await house.site.run(house.site.message, "ada", ORDER)
    await house.works(seconds=60)
    after = await house.now(case)
    assert (after.state, after.approval) == (State.IN_REVIEW, None)
    assert "The author wrote again in private after it was approved" in house.card(case).notice
    assert len(await private_words(house)) == 1


async def test_a_private_message_out_of_the_blue_opens_a_case_of_its_own_in_private(house: House) -> None:
    await house.reads()
    post = await house.site.run(house.site.message, "ben", "your driver was rude to me, awful service")
    await house.reads()
    await house.works()
    case = await house.case(post.id)
    assert (case.private, case.delivery and case.delivery.mode) == (True, Mode.PRIVATE)
    await house.approves(case)
    await house.works(seconds=60)
    assert len(await private_words(house, "ben")) == 1


async def test_what_they_said_in_private_reaches_neither_writer_nor_checks_of_a_public_reply(
    house: House,
) -> None:
    case = await sent(house)
    await house.site.run(house.site.message, "ada", ORDER)
    await house.reads()
    await house.works()
    await house.press(case, "silence", reason="solved by phone")
    await house.press(case, "reopen")
    after = await house.now(case)
    assert (after.private, after.purpose) == (False, Purpose.NEXT_MESSAGE)
    delivery = deliver(after, house.parts)
    brief, _ = brief_of(after, delivery, house.parts)
    assert (brief.private, brief.thread, brief.said) == (False, (), ())
    tells = f"Hello Ada, thank you for telling us. We are sorry. {ORDER}"
    found = await checked(after, tells, delivery, house.parts, language="en")
    assert any(finding.phrase and finding.phrase in ORDER for finding in found)
    await house.works()
    await house.approves(await house.now(case))
    await house.works(seconds=60)
    posts = await house.site.run(house.site.thread, case.mention.id)
    assert [post.in_reply_to for post in posts if post.via == "api"] == [case.mention.id]


async def test_a_talk_that_is_private_goes_no_other_way_when_the_private_one_is_taken_from_us(
    house: House,
) -> None:
    case = await house.hears()
    house.change(platforms={"square": replace(house.parts.platforms["square"], private=None)})
    await house.press(case, "take_private")
    await house.works()
    after = await house.now(case)
    assert after.delivery is not None
    assert (after.delivery.mode, after.can_publish) == (Mode.REPORT_ONLY, False)
    assert "approve" not in {action.decision for action in house.card(case).actions}


async def test_an_approved_private_reply_is_not_posted_when_the_private_way_is_gone(house: House) -> None:
    case = await taken(house)
    await house.approves(case)
    house.change(platforms={"square": replace(house.parts.platforms["square"], private=None)})
    await house.works(seconds=60)
    assert (await house.now(case)).state is State.IN_REVIEW
    assert await house.live(case) == await private_words(house) == []


async def test_where_no_private_message_can_be_sent_the_button_is_missing_and_a_press_is_told_so(
    house: House,
) -> None:
    house.change(platforms={"square": replace(house.parts.platforms["square"], private=None)})
    case = await house.hears()
    assert "take_private" not in {action.decision for action in house.card(case).actions}
    with pytest.raises(Refused, match="no private message can be sent to them on square"):
        await house.press(case, "take_private")


async def test_a_private_message_whose_answer_was_lost_is_found_by_its_key(house: House) -> None:
    case = await taken(house)
    await house.approves(case)
    house.site.fail_next("lost")
    await house.works(seconds=20)
    after = await house.now(case)
    assert (after.state, after.replies[0].private) == (State.PUBLISHED, True)
    await house.works(hours=1)
    assert len(await private_words(house)) == 1


class CannotTell:
    """The square, which cannot say whether a private message was sent."""

    max_length = 500

    def __init__(self, house: House) -> None:
        self._square, self.tries = house.square, 0

    async def send(self, to: Any, text: str, *, key: str) -> Any:
        self.tries += 1
        return await self._square.send(to, text, key=key)

    async def sent(self, to: Any, text: str, key: str) -> Unknown:
        return Unknown()


async def test_a_private_message_in_doubt_is_a_persons_to_settle_and_never_tried_again(house: House) -> None:
    case = await taken(house)
    silent = CannotTell(house)
    house.change(platforms={"square": replace(house.parts.platforms["square"], private=silent)})
    await house.approves(case)
    house.site.fail_next("lost")
    await house.works(seconds=20)
    for _ in range(5):
        await house.works(hours=1)
    assert ((await house.now(case)).state, silent.tries) == (State.IN_DOUBT, 1)
    after = await house.press(case, "posted", url="http://127.0.0.1/square/@ada")
    assert (after.state, after.replies[0].private, after.public_replies) == (State.PUBLISHED, True, 0)


@pytest.mark.parametrize("called", [True, False])
async def test_a_worker_that_died_while_sending_in_private_is_settled_by_the_next(
    house: House, *, called: bool
) -> None:
    case = await taken(house)
    await house.approves(case)
    house.watch.move(seconds=20)
    (owed,) = await house.store.claim({"publish": 1}, lease=MINUTE)
    until = house.watch() + timedelta(minutes=5)
    begun = await save(house.parts, owed.case, PublishStarted(key=key_of(owed.case), until=until))
    assert begun.draft is not None
    if called:
        await house.square.send(begun.mention, begun.draft.text, key=begun.publish_key)
    await house.works(minutes=5)
    await house.works(minutes=1)
    assert (await house.now(case)).state is State.PUBLISHED
    assert len(await private_words(house)) == 1
    assert await house.live(case) == []
