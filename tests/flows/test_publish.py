"""Publishing: what was approved, once, where it was approved for; every no comes back to people."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.case import State
from bot.domain.delivery import Mode, Receipt
from bot.domain.events import Outcome
from bot.domain.mention import Mention
from bot.errors import PlatformRejected, Refused
from bot.worker import Worker
from tests.builders import MANAGER, RESPONDER
from tests.flows.houses import LATE, House
from tests.flows.test_publish_doubt import CannotSay


async def test_an_approved_reply_stands_under_its_mention_once_the_window_has_passed(house: House) -> None:
    case = await house.hears()
    await house.approves(case)
    await house.works(seconds=19)
    assert await house.live(case) == []
    await house.works(seconds=1)
    assert case.draft is not None
    assert await house.live(case) == [case.draft.text]
    after = await house.now(case)
    assert (after.state, [receipt.text for receipt in after.replies]) == (
        State.PUBLISHED,
        [case.draft.text],
    )
    posts = await house.site.run(house.site.thread, case.mention.id)
    assert (posts[1].in_reply_to, posts[1].id) == (case.mention.id, after.replies[0].id)
    assert house.card(case).status == "The reply is live"


@pytest.mark.parametrize(
    ("happens", "says"),
    [
        ("edited", "The author edited the mention after it was approved, so that approval is void"),
        ("their next message", "The author wrote again after it was approved, so that approval is void"),
        ("native", "A colleague replied on the platform itself after it was approved"),
    ],
)
async def test_a_thread_that_moved_unheard_is_seen_just_before_and_voids_the_approval(
    house: House, happens: str, says: str
) -> None:
    case = await house.hears()
    await house.approves(case)
    match happens:
        case "edited":
            house.site.edit(case.mention.id, "@brightloaf all is well again, but it was terrible")
        case "native":
            await house.post("On it, Ada. Mark", "brightloaf", None, to=case.mention.id)
        case _:
            await house.post("hello?", to=case.mention.id)
    await house.works(seconds=20)
    after = await house.now(case)
    assert (after.state, after.approval) == (State.IN_REVIEW, None)
    assert says in house.card(case).notice
    assert await house.live(case) == []
    await house.reads()  # the source tells the same again, and nothing moves
    assert await house.now(case) == after


async def test_a_mention_deleted_unheard_is_seen_just_before_and_closes_the_case(house: House) -> None:
    case = await house.hears()
    await house.approves(case)
    house.site.delete(case.mention.id)
    await house.works(seconds=20)
    after = await house.now(case)
    assert (after.state, after.outcome) == (State.CLOSED, Outcome.GONE)
    assert await house.live(case) == []


async def test_their_edited_next_message_is_seen_just_before_too(house: House) -> None:
    case = await house.hears()
    said = await house.post("@brightloaf hello?", to=case.mention.id)
    await house.reads()
    await house.works()
    await house.approves(await house.now(case))
    house.site.edit(said.id, "@brightloaf hello? My son is injured!")
    await house.works(seconds=60)
    after = await house.now(case)
    assert (after.state, after.approval) == (State.IN_REVIEW, None)
    assert after.thread[-1].text == "@brightloaf hello? My son is injured!"
    await house.reads()
    assert await house.now(case) == after


async def test_the_newest_message_of_theirs_is_the_one_that_is_answered(house: House) -> None:
    case = await house.hears()
    said = await house.post("@brightloaf hello?", to=case.mention.id)
    await house.reads()
    await house.works()
    await house.approves(await house.now(case))
    await house.works(seconds=60)
    posts = await house.site.run(house.site.thread, case.mention.id)
    assert [post.in_reply_to for post in posts if post.via == "api"] == [said.id]


async def test_a_next_message_that_was_taken_back_is_not_what_we_answer(house: House) -> None:
    case = await house.hears()
    said = await house.post("@brightloaf hello?", to=case.mention.id)
    await house.reads()
    await house.works()
    await house.approves(await house.now(case))
    house.site.delete(said.id)
    await house.works(seconds=60)
    posts = await house.site.run(house.site.thread, case.mention.id)
    assert [post.in_reply_to for post in posts if post.via == "api"] == [case.mention.id]
    assert (await house.now(case)).state is State.PUBLISHED


async def test_a_busy_platform_is_tried_again_after_the_time_it_named_and_posts_once(house: House) -> None:
    case = await house.hears()
    await house.approves(case)
    house.site.fail_next("busy")
    await house.works(seconds=20)
    waiting = await house.now(case)
    assert (waiting.state, waiting.step_at) == (State.APPROVED, house.watch() + timedelta(seconds=1))
    assert "The platform is busy; trying again." in house.card(case).notice
    await house.works(seconds=1)
    assert (await house.now(case)).state is State.PUBLISHED
    await house.works(hours=1)
    assert len(await house.live(case)) == 1


async def test_a_postponed_publication_can_still_be_undone(house: House) -> None:
    case = await house.hears()
    await house.approves(case)
    house.site.fail_next("busy")
    await house.works(seconds=20)
    await house.press(case, "undo")
    await house.works(hours=1)
    assert await house.live(case) == []


async def test_half_an_hour_of_busy_hands_the_case_back_to_people(house: House) -> None:
    case = await house.hears()
    await house.approves(case)
    house.site.fail_next("busy", times=100)
    for _ in range(40):
        await house.works(minutes=1)
    after = await house.now(case)
    assert (after.state, after.approval) == (State.IN_REVIEW, None)
    assert "has not taken the reply for half an hour" in house.card(case).notice
    assert "approve" in {action.decision for action in house.card(case).actions}
    tries = (await house.trail(case)).count("publish_started")
    await house.works(hours=3)
    assert (await house.trail(case)).count("publish_started") == tries
    assert await house.live(case) == []


async def test_half_an_hour_without_a_look_hands_the_case_back_too(house: House) -> None:
    case = await house.hears()
    await house.approves(case)
    house.site.fail_next("error", call="read", times=1000)
    for _ in range(40):
        await house.works(minutes=1)
    assert (await house.now(case)).state is State.IN_REVIEW
    assert "publish_started" not in await house.trail(case)


class Refusing(CannotSay):
    async def reply(self, to: Mention, text: str, *, key: str) -> Receipt:
        raise PlatformRejected("the square answered 403: our account is suspended")


async def test_a_refused_reply_goes_back_to_review_with_the_reason(house: House) -> None:
    case = await house.hears()
    await house.approves(case)
    house.answers_through(Refusing(house))
    await house.works(seconds=20)
    after = await house.now(case)
    assert (after.state, after.approval, after.publish_key) == (State.IN_REVIEW, None, "")
    assert "refused the reply, and nothing was sent: the square answered 403" in house.card(case).notice
    await house.works(hours=2)
    assert (await house.trail(case)).count("publish_started") == 1


async def test_of_two_workers_one_publishes(house: House) -> None:
    cases = [await house.hears(LATE, f"guest{n}") for n in range(8)]
    for case in cases:
        await house.approves(case)
    house.watch.move(seconds=20)
    await asyncio.gather(*(Worker(house.parts, house.pace).drain() for _ in range(4)))
    for case in cases:
        assert len(await house.live(case)) == 1
        assert (await house.trail(case)).count("publish_started") == 1
        assert (await house.now(case)).state is State.PUBLISHED


async def test_a_pause_takes_publishing_out_and_nothing_else_until_it_ends(house: House) -> None:
    case = await house.hears()
    refusal = await house.front.pause(RESPONDER)
    assert refusal is not None
    assert "is for managers" in refusal.says
    assert await house.front.pause(MANAGER) is None
    await house.approves(case)
    await house.works(hours=1)
    assert await house.live(case) == []
    other = await house.hears(LATE, "ben")
    assert other.state is State.IN_REVIEW
    assert (await house.front.today(RESPONDER)).paused == "Mark, 2026-11-22 12:00 UTC"
    assert await house.front.resume(MANAGER) is None
    await house.works()
    assert len(await house.live(case)) == 1
    assert (await house.front.today(RESPONDER)).paused == ""


async def test_shadow_mode_rehearses_everything_and_sends_nothing(house: House) -> None:
    house.change(shadow=True)
    case = await house.hears()
    await house.approves(case)
    await house.works(minutes=5)
    after = await house.now(case)
    assert (after.state, after.outcome, after.replies) == (State.CLOSED, Outcome.REHEARSED, ())
    assert await house.live(case) == []
    assert "reply_approved" in await house.trail(case)


async def test_what_is_posted_by_hand_waits_for_its_address_on_the_platforms_hosts(house: House) -> None:
    by_hand = replace(
        house.parts.platforms["square"], mode=Mode.ASSISTED, publisher=None, hosts=("reviews.example",)
    )
    house.change(platforms={"square": by_hand})
    case = await house.hears()
    await house.approves(case)
    await house.works(seconds=20)
    assert (await house.now(case)).state is State.AWAITING_POST
    assert {a.decision for a in house.card(case).actions} == {"posted", "not_posted"}
    with pytest.raises(Refused, match=r"must be on reviews\.example"):
        await house.press(case, "posted", url="https://evil.example/r/1")
    after = await house.press(case, "posted", MANAGER, url="https://reviews.example/r/1")
    assert (after.state, after.replies[0].url) == (State.PUBLISHED, "https://reviews.example/r/1")
    assert case.draft is not None
    assert after.replies[0].text == case.draft.text
    assert await house.live(case) == []
