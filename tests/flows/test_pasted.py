"""What colleagues find and bring in: a case like any other, whose reply a person posts where it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.case import Case, State
from bot.domain.delivery import Mode
from bot.domain.forms import read_form
from bot.domain.mention import MAX_TEXT, Mention
from bot.flows.ingest import ingest
from bot.flows.review import press
from bot.ports import Batch, Pasted, Redraw, Refusal
from tests.builders import MANAGER, RESPONDER, a_mention
from tests.flows.houses import House

URL = "https://forum.example/t/17?page=2"
FOUND = Pasted("The bread was cold and two hours late.", URL, "", "Zoe Park")


async def brought(house: House, pasted: Pasted = FOUND) -> Case:
    answer = await house.front.bring_in(pasted, RESPONDER)
    assert isinstance(answer, Redraw)
    await house.works()
    return await house.store.get(answer.card.case_id)


async def refused(house: House, pasted: Pasted) -> str:
    answer = await house.front.bring_in(pasted, RESPONDER)
    assert isinstance(answer, Refusal)
    assert await house.store.count_open() == 0
    return answer.says


async def test_what_a_colleague_found_gets_its_card_and_is_answered_by_hand(house: House) -> None:
    case = await brought(house)
    assert case.state is State.IN_REVIEW
    assert case.draft is not None
    assert case.delivery is not None
    assert (case.delivery.mode, case.delivery.hosts) == (Mode.ASSISTED, ("forum.example",))
    await house.approves(case)
    await house.works(minutes=1)
    assert (await house.now(case)).state is State.AWAITING_POST
    posted = read_form("posted", {"url": "https://forum.example/t/17#18"}, at=house.watch())
    done = await press(case.id, posted, RESPONDER, house.parts)
    assert done.state is State.PUBLISHED


async def test_who_brought_it_in_stands_first_in_its_history(house: House) -> None:
    case = await brought(house)
    first = (await house.front.trail(case.id))[0]
    assert first.who == "Rosa"
    assert first.says.startswith("brought in a mention by Zoe Park")


async def test_even_praise_gets_a_card_where_a_person_says_it_needs_one(house: House) -> None:
    case = await brought(house, Pasted("Thank you, the best rolls in town!", URL))
    assert case.state is State.IN_REVIEW


async def test_the_same_post_brought_in_twice_is_one_case(house: House) -> None:
    case = await brought(house)
    again = Pasted(
        "the BREAD was cold, and two hours late", "https://www.forum.example/t/17/?utm_source=mail&page=2#top"
    )
    answer = await house.front.bring_in(again, MANAGER)
    assert isinstance(answer, Redraw)
    assert (answer.card.case_id, answer.already) == (case.id, True)
    assert await house.store.count_open() == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://blog.example/late#comment-5", "https://blog.example/late#comment-6"),
        ("https://forum.example/showthread.php?123-late", "https://forum.example/showthread.php?456-mould"),
        ("https://reviews.example/brightloaf", "https://reviews.example/brightloaf"),
    ],
)
async def test_another_persons_words_never_vanish_behind_a_case(house: House, one: str, other: str) -> None:
    await brought(house, Pasted("late and cold", one, author="Zoe Park"))
    glass = await brought(house, Pasted("There was GLASS in my roll, I bled.", other, author="Max Hill"))
    assert glass.mention.text == "There was GLASS in my roll, I bled."
    assert await house.store.count_open() == 2


async def test_new_words_on_the_address_of_a_closed_case_are_a_case(house: House) -> None:
    case = await brought(house)
    dismissed = read_form("dismiss", {"outcome": "spam", "reason": "a bot"}, at=house.watch())
    await press(case.id, dismissed, RESPONDER, house.parts)
    again = await brought(house, Pasted("I found GLASS in it, my lawyer writes to you", URL))
    assert again.state is State.IN_REVIEW
    assert again.assessment is not None
    assert again.assessment.risks


async def test_a_post_that_a_source_has_read_is_the_case_it_is_already(house: House) -> None:
    case = await house.hears()
    found = Pasted(case.mention.text[12:60], case.mention.url or "")
    for state in (State.IN_REVIEW, State.CLOSED):
        answer = await house.front.bring_in(found, RESPONDER)
        assert isinstance(answer, Redraw)
        assert (answer.card.case_id, answer.card.state, answer.already) == (case.id, state, True)
        if state is State.IN_REVIEW:
            await house.press(case, "silence", reason="known")


async def test_a_post_that_its_source_reads_later_joins_the_case_it_is(house: House) -> None:
    post = await house.post()
    (found, *_) = (await house.square.fetch(None)).items
    assert isinstance(found, Mention)
    case = await brought(house, Pasted(post.text[12:60], found.url or ""))
    for _ in range(2):
        assert (await house.reads()).new == 0
    await house.works()
    after = await house.now(case)
    assert after.mention.text == post.text, "its own words, as the source has them"
    assert await house.store.count_open() == 1
    said = await house.post("@brightloaf still waiting, and nobody answers!", to=post.id)
    await house.reads()
    await house.works()
    assert [m.text for m in (await house.now(case)).thread] == [said.text]


async def test_an_address_that_makes_no_sense_breaks_nobody_elses(house: House) -> None:
    odd = a_mention("two hours late again", id="7", url="http://[oops")
    await ingest(Batch((odd,)), parts=house.parts)
    await house.works()
    assert (await brought(house)).state is State.IN_REVIEW


async def test_a_reply_may_stand_on_any_host_of_the_same_site(house: House) -> None:
    case = await brought(house, Pasted("cold bread, terrible", "https://m.facebook.com/story.php?id=4"))
    await house.approves(case)
    await house.works(minutes=1)
    posted = read_form("posted", {"url": "https://www.facebook.com/story.php?id=5"}, at=house.watch())
    assert (await press(case.id, posted, RESPONDER, house.parts)).state is State.PUBLISHED


async def test_on_a_platform_that_we_read_it_is_called_as_its_mentions_are(house: House) -> None:
    house.change(platforms={"square": replace(house.parts.platforms["square"], called="square")})
    case = await brought(house, Pasted("cold bread, terrible", "http://127.0.0.1:9/square/posts/99"))
    assert case.mention.platform == "square"


async def test_what_was_closed_months_ago_and_forgotten_is_found_anew(house: House) -> None:
    case = await brought(house)
    dismissed = read_form("dismiss", {"outcome": "not_us", "reason": "another bakery"}, at=house.watch())
    await press(case.id, dismissed, RESPONDER, house.parts)
    answer = await house.front.bring_in(FOUND, RESPONDER)
    assert isinstance(answer, Redraw)
    assert answer.card.state is State.CLOSED, "kept, and one press from being reopened"
    keys = house.store._keys
    await house.store._link.send("DEL", keys.case(case.id), keys.trail(case.id))  # as their time to live does
    assert (await brought(house)).state is State.IN_REVIEW


async def test_without_an_address_it_can_be_told_and_not_answered(house: House) -> None:
    case = await brought(house, Pasted("Heard it on the radio: their bread is stale.", platform="Radio 4!"))
    assert case.mention.platform == "radio-4"
    assert case.delivery is not None
    assert case.delivery.mode is Mode.REPORT_ONLY
    assert "without its address" in case.delivery.reason


async def test_two_whose_names_nobody_knows_are_not_one_person(house: House) -> None:
    one = await brought(house, Pasted("cold bread, terrible", URL))
    two = await brought(house, Pasted("cold bread, terrible", "https://forum.example/t/18"))
    assert one.mention.author.handle != two.mention.author.handle
    assert one.mention.author.name is None


@pytest.mark.parametrize(
    ("typed", "handle", "name"),
    [("@zoe", "zoe", None), ("zoe", "zoe", None), ("Zoe  Park", "Zoe_Park", "Zoe Park")],
)
async def test_a_name_is_taken_for_a_name_and_a_handle_for_a_handle(
    house: House, typed: str, handle: str, name: str | None
) -> None:
    case = await brought(house, Pasted("cold bread, terrible", URL, author=typed))
    assert (case.mention.author.handle, case.mention.author.name) == (handle, name)


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        (Pasted("  ", URL), "what did they write"),
        (Pasted("x" * (MAX_TEXT + 1), URL), "too long"),
        (Pasted("cold", "javascript:alert(1)"), "https://"),
        (Pasted("cold", "https://forum.example@evil.example/"), "https://"),
        (Pasted("cold", "https://exa\\mple.com/"), "https://"),
        (Pasted("cold", "https://[::1"), "https://"),
        (Pasted("cold", "https://a.example/x\n/y"), "https://"),
        (Pasted("cold", "https://a.example/\u202ex"), "https://"),
        (Pasted("cold", "https://forum.example/" + "x" * 2000), "https://"),
    ],
)
async def test_what_cannot_be_a_case_is_refused_in_words(house: House, pasted: Pasted, words: str) -> None:
    assert words in await refused(house, pasted)


@pytest.mark.parametrize("url", ["https://bücher.example/1", "https://my_blog.tumblr.example/1"])
async def test_every_host_that_a_browser_opens_will_do(house: House, url: str) -> None:
    case = await brought(house, Pasted("cold bread, terrible", url))
    assert case.delivery is not None
    assert case.delivery.mode is Mode.ASSISTED
