"""Who has written before is known to the people who decide, and to nobody who reads or writes (M16)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from adapters.store.redis import RedisStore
from bot.domain.assessment import Category
from bot.domain.case import Case, State
from bot.domain.events import OtherCase, Outcome
from bot.domain.mention import Author
from bot.domain.transitions import replay
from bot.domain.value import ERASED
from bot.flows.asking import Prompts
from bot.flows.briefing import brief_of
from bot.flows.draft import deliver
from bot.flows.ingest import ingest
from bot.ports import Batch
from tests.builders import NOON, a_mention, protocol
from tests.flows.houses import LATE, House

AGAIN = "@brightloaf and now the rolls were stale, awful"


def beside(house: House, case: Case) -> str:
    """What the case's card says of its author's other cases; empty for nothing."""
    found = [f.value for f in house.card(case).facts if f.label == "Also under this name"]
    return found[0] if found else ""


async def test_a_second_card_shows_the_first_case_and_how_it_ended(house: House) -> None:
    first = await house.hears()
    assert beside(house, first) == ""
    await house.press(first, "silence", reason="we talked by phone")
    house.watch.move(days=3)
    second = await house.hears(AGAIN)
    assert beside(house, second) == f"1 case: complaint, silent, 22 Nov 2026 ({first.id})"
    assert replay(await house.entries(second)) == second
    assert beside(house, await house.now(first)) == ""  # a card that stands is not drawn for this


async def test_an_open_case_is_shown_as_open_and_an_answered_one_as_answered(house: House) -> None:
    first = await house.hears()
    second = await house.hears(AGAIN)
    assert beside(house, second).startswith("1 case: complaint, open when this was drafted, ")
    await house.approves(first)
    await house.works(seconds=21)
    assert (await house.now(first)).state is State.PUBLISHED
    second = await house.press(second, "redraft", instruction="Make it warmer.")
    await house.works()
    assert beside(house, second).startswith("1 case: complaint, answered, ")


async def test_who_has_the_same_name_elsewhere_is_somebody_else(house: House) -> None:
    await house.hears()
    ada = Author(handle="ada", name="Ada Park")
    elsewhere = a_mention(AGAIN, id="9", source="clouds", platform="bluesky", author=ada)
    bob = a_mention(AGAIN, id="10", author=Author(handle="bob", name="Ada Park"))
    await ingest(Batch(items=(elsewhere, bob)), parts=house.parts)
    await house.works()
    for mention in (elsewhere, bob):
        assert beside(house, await house.store.get(mention.case_id)) == ""


async def test_a_case_that_is_no_longer_kept_is_passed_over(house: House) -> None:
    gone = await house.hears()
    kept = await house.hears(AGAIN)
    await house.store._link.send("DEL", house.store._keys.case(gone.id))  # as its time to live does
    third = await house.hears("@brightloaf third time, terrible")
    assert beside(house, third) == f"1 case: complaint, open when this was drafted, 22 Nov 2026 ({kept.id})"


class Forgetful(RedisStore):
    """The record, in which a case expires after it was counted."""

    gone = ""

    async def get_many(self, case_ids: Sequence[str]) -> Sequence[Case]:
        return [case for case in await super().get_many(case_ids) if case.id != self.gone]


async def test_a_case_that_goes_while_it_is_looked_at_is_passed_over(house: House) -> None:
    gone = await house.hears()
    kept = await house.hears(AGAIN)
    store = house.store
    forgetful = Forgetful(store._link, store._keys, store.channels, house.watch)
    forgetful.gone = gone.id
    house.change(store=forgetful)
    third = await house.hears("@brightloaf third time, terrible")
    assert (third.history_count, [other.case_id for other in third.history]) == (1, [kept.id])


async def test_of_many_cases_the_newest_five_are_shown_and_all_are_counted(house: House) -> None:
    for n in range(8):
        await house.post(f"{LATE} {n}")
        await house.reads()
        house.watch.move(hours=1)
    case = await house.hears(AGAIN)
    assert case.history_count == 8
    posted = [other.at.hour for other in case.history]
    assert posted == [19, 18, 17, 16, 15]
    assert beside(house, case).startswith("8 cases: ")
    assert beside(house, case).endswith("; and 3 more")


async def test_mentions_that_come_in_at_once_know_of_each_other(house: House) -> None:
    mentions = [a_mention(f"{LATE} {n}", id=str(n), author=Author(handle="ada")) for n in range(3)]
    await asyncio.gather(*(ingest(Batch(items=(m,)), parts=house.parts) for m in mentions))
    await house.works()
    for mention in mentions:
        case = await house.store.get(mention.case_id)
        assert case.history_count == 2
        assert {other.case_id for other in case.history} == {m.case_id for m in mentions} - {case.id}


async def test_nobody_who_reads_or_writes_is_told_what_they_said_before(house: House) -> None:
    case = await house.hears()
    known = OtherCase(case_id="square:777777", at=NOON, category=Category.TROLL, outcome=Outcome.TROLL)
    stranger = case.model_copy(update={"history": (), "history_count": 0})
    regular = case.model_copy(update={"history": (known,) * 5, "history_count": 44})
    prompts, delivery = Prompts.of(protocol()), deliver(case, house.parts)
    assert prompts.read(regular) == prompts.read(stranger)
    brief, hidden = brief_of(regular, delivery, house.parts)
    assert (brief, hidden) == brief_of(stranger, delivery, house.parts)
    assert prompts.write(regular, brief) == prompts.write(stranger, brief)
    asked = replace(brief, prompt=prompts.write(regular, brief)[0])
    assert "777777" not in f"{asked!r} {prompts.read(regular)!r}"


async def test_erasing_a_case_leaves_none_of_its_words_in_another(house: House) -> None:
    first = await house.hears()
    second = await house.hears(AGAIN)
    await house.store.erase(first.id)
    raw = await house.store._link.send("HGETALL", house.store._keys.case(second.id))
    lines = await house.store._link.send("LRANGE", house.store._keys.trail(second.id), 0, -1)
    record = b"\n".join([*raw.keys(), *raw.values(), *lines]).decode()
    assert AGAIN in record  # its own
    assert LATE not in record
    assert first.id in record
    assert (await house.now(first)).mention.text == ERASED
    third = await house.hears("@brightloaf third time, terrible")
    assert f"({first.id})" in beside(house, third)
    assert ERASED not in beside(house, third)
