"""Taking in: whatever a platform shows is in the record once, in its case, and on top when it must be."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.case import State
from bot.domain.draft import Purpose
from bot.domain.events import Outcome
from bot.domain.mention import Author, SetAside
from bot.flows.ingest import ingest
from bot.ports import Batch
from tests.builders import MANAGER, NOON, a_mention
from tests.flows.houses import LATE, House


async def test_a_new_mention_becomes_a_card_with_a_draft(house: House) -> None:
    case = await house.hears()
    assert case.state is State.IN_REVIEW
    card = house.card(case)
    assert card.mention.text == LATE
    assert card.draft is not None
    assert {"approve", "edit", "escalate", "dismiss"} <= {action.decision for action in card.actions}


async def test_what_is_known_is_not_taken_in_again(house: House) -> None:
    case = await house.hears()
    batch = await house.square.fetch(None)
    taken = await ingest(batch, parts=house.parts)
    assert (taken.new, taken.changed, taken.known) == (0, 0, 1)
    assert await house.now(case) == case


async def test_an_edited_mention_is_read_and_drafted_again(house: House) -> None:
    case = await house.hears()
    house.site.edit(case.mention.id, "@brightloaf the charge on my card came twice, awful")
    assert (await house.reads()).changed == 1
    await house.works()
    after = await house.now(case)
    assert after.mention.text == "@brightloaf the charge on my card came twice, awful"
    assert after.state is State.IN_REVIEW
    assert after.draft != case.draft
    assert house.card(case).notice == "The author edited the mention, so the draft is new."


async def test_an_edit_of_a_mention_whose_case_has_expired_opens_another(house: House) -> None:
    case = await house.hears()
    await house.press(case, "silence", reason="known")
    keys = house.store._keys
    gone = [keys.case(case.id), keys.trail(case.id), keys.who(case.mention.thread_key)]
    await house.store._link.send("DEL", *gone)  # as their time to live does, before the mark's
    house.site.edit(case.mention.id, "@brightloaf my son was injured by that bread")
    assert (await house.reads()).new == 1
    await house.works()
    again = await house.now(case)
    assert again.state is State.IN_REVIEW
    assert again.mention.text == "@brightloaf my son was injured by that bread"
    assert (await house.reads()).new == 0


async def test_a_deleted_mention_closes_its_case_as_gone(house: House) -> None:
    case = await house.hears()
    house.site.delete(case.mention.id)
    await house.reads()
    await house.works()
    after = await house.now(case)
    assert (after.state, after.outcome) == (State.CLOSED, Outcome.GONE)
    assert {a.decision for a in house.card(case).actions}.isdisjoint({"approve", "edit"})


async def test_their_next_message_goes_into_their_case_not_into_a_new_one(house: House) -> None:
    case = await house.hears()
    await house.post("@brightloaf hello? Anybody?", to=case.mention.id)
    await house.reads()
    await house.works()
    after = await house.now(case)
    assert [m.text for m in after.thread] == ["@brightloaf hello? Anybody?"]
    assert await house.store.count_open() == 1
    assert "@brightloaf hello? Anybody?" in [said.text for said in house.card(case).thread]


async def test_their_next_message_reopens_a_published_case_on_top_of_the_queue(house: House) -> None:
    case = await house.answered()
    other = await house.hears(LATE, "ben", name="Ben")
    worst = await house.hears("@brightloaf glass in my bread, my son is injured", "cleo", name="Cleo")
    house.watch.move(minutes=5)
    await house.post("It happened again, terrible!", to=case.mention.id)
    await house.reads()
    await house.works()
    after = await house.now(case)
    assert (after.state, after.purpose) == (State.IN_REVIEW, Purpose.NEXT_MESSAGE)
    assert after.draft is not None
    assert after.draft.text != case.replies[0].text
    queue = await house.store.open_cases(first=0, count=9)
    assert queue == [worst.id, case.id, other.id]


async def test_their_next_message_reopens_a_closed_case_on_top_of_the_queue(house: House) -> None:
    case = await house.hears()
    await house.press(case, "silence", reason="we know each other")
    other = await house.hears(LATE, "ben", name="Ben")
    house.watch.move(minutes=5)
    await house.post("@brightloaf so you just say nothing?", to=case.mention.id)
    await house.reads()
    await house.works()
    after = await house.now(case)
    assert (after.state, after.outcome) == (State.IN_REVIEW, None)
    assert await house.store.open_cases(first=0, count=9) == [case.id, other.id]


async def test_an_edited_next_message_is_heard_as_its_new_words(house: House) -> None:
    case = await house.hears()
    said = await house.post("@brightloaf hello?", to=case.mention.id)
    await house.reads()
    house.site.edit(said.id, "@brightloaf hello? My son is injured!")
    await house.reads()
    await house.works()
    after = await house.now(case)
    assert [m.text for m in after.thread] == ["@brightloaf hello?", "@brightloaf hello? My son is injured!"]
    assert after.assessment is not None
    assert "injury" in after.assessment.risks


async def test_a_stranger_in_the_same_thread_gets_a_case_of_their_own(house: House) -> None:
    case = await house.hears()
    reply = await house.post("@brightloaf same here, cold bread, awful", "ben", "Ben", to=case.mention.id)
    await house.reads()
    await house.works()
    other = await house.case(reply.id)
    assert (other.state, other.mention.author.handle) == (State.IN_REVIEW, "ben")
    assert await house.now(case) == case


async def test_a_colleagues_native_reply_voids_an_approval_and_says_so(house: House) -> None:
    case = await house.hears()
    await house.approves(case)
    await house.post("Hello Ada, I am on it. Mark", "brightloaf", None, to=case.mention.id)
    await house.reads()
    after = await house.now(case)
    assert (after.state, after.approval) == (State.RECEIVED, None)
    await house.works(seconds=30)
    assert await house.live(case) == []
    card = house.card(case)
    assert "A colleague replied on the platform itself after it was approved" in card.notice
    assert [said.by for said in card.thread] == ["colleague"]


async def test_a_native_reply_after_ours_stands_in_the_thread_and_reopens_nothing(house: House) -> None:
    case = await house.answered()
    await house.post("And from me: sorry. Mark", "brightloaf", None, to=case.mention.id)
    await house.reads()
    await house.works()
    after = await house.now(case)
    assert (after.state, [m.by for m in after.thread]) == (State.PUBLISHED, ["colleague"])


async def test_a_bad_item_is_set_aside_where_it_is_seen_and_the_good_ones_go_on(house: House) -> None:
    bad = SetAside(source="square", reason="no text", raw="{}", at=NOON)
    batch = Batch(items=(a_mention(id="1"), a_mention(id="2", author=Author(handle="ben"))), set_aside=(bad,))
    taken = await ingest(batch, parts=house.parts)
    assert (taken.new, taken.set_aside) == (2, 1)
    assert await house.store.count_open() == 2
    (aside,) = await house.store.asides()
    assert (aside.kind, aside.what, aside.reason) == ("item", "square", "no text")
    assert (await house.front.today(MANAGER)).asides == 1


async def test_everything_taken_in_twice_changes_nothing_the_second_time(house: House) -> None:
    first = await house.post()
    await house.post("@brightloaf cold bread, awful", "ben", "Ben", to=first.id)
    await house.post("@brightloaf hello?", to=first.id)
    await house.post("On it. Mark", "brightloaf", None, to=first.id)
    house.site.edit(first.id, "@brightloaf my order came three hours late")
    gone = await house.post("@brightloaf forget it", "cleo", "Cleo")
    house.site.delete(gone.id)
    batch = await house.square.fetch(None)
    await ingest(batch, parts=house.parts)
    cases = [case async for case in house.store.all_cases()]
    trails = [await house.trail(case) for case in cases]
    again = await ingest(batch, parts=house.parts)
    assert again.new == 0
    assert [case async for case in house.store.all_cases()] == cases
    assert [await house.trail(case) for case in cases] == trails


async def test_a_batch_with_an_edit_of_its_own_mention_ends_with_the_newest_words(house: House) -> None:
    batch = Batch(items=(a_mention("first words"), a_mention("second words")))
    taken = await ingest(batch, parts=house.parts)
    assert (taken.new, taken.changed) == (1, 1)
    assert (await house.store.get("square:100")).mention.text == "second words"


async def test_an_old_mention_is_taken_in_where_no_horizon_is_given(house: House) -> None:
    old = a_mention(posted_at=NOON - timedelta(days=30))
    assert (await ingest(Batch(items=(old,)), parts=house.parts)).new == 1
