"""What colleagues find and bring in: a case like any other, whose reply a person posts where it stands."""

from __future__ import annotations

import pytest

from bot.domain.case import Case, State
from bot.domain.delivery import Mode
from bot.domain.forms import read_form
from bot.domain.mention import MAX_TEXT
from bot.flows.review import press
from bot.ports import Pasted, Redraw, Refusal
from tests.builders import MANAGER, RESPONDER
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
    again = Pasted("They say it was cold", "https://www.forum.example/t/17/?utm_source=mail&page=2#top")
    answer = await house.front.bring_in(again, MANAGER)
    assert isinstance(answer, Redraw)
    assert answer.card.case_id == case.id
    assert await house.store.count_open() == 1


async def test_a_post_that_a_source_has_read_is_the_case_it_is_already(house: House) -> None:
    case = await house.hears()
    answer = await house.front.bring_in(Pasted("look at this", case.mention.url or ""), RESPONDER)
    assert isinstance(answer, Redraw)
    assert answer.card.case_id == case.id


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
        (Pasted("cold", "https://forum.example/" + "x" * 2000), "https://"),
    ],
)
async def test_what_cannot_be_a_case_is_refused_in_words(house: House, pasted: Pasted, words: str) -> None:
    assert words in await refused(house, pasted)
