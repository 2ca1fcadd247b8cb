"""Reading: what nobody could read is opened; what asks for no answer is counted, sampled, and comes back."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.assessment import Assessment, Category, Risk, Severity
from bot.domain.case import State
from bot.domain.events import Outcome
from bot.errors import PlatformBusy, PlatformSilent
from bot.ports import Unread
from tests.builders import RESPONDER
from tests.flows.houses import LATE, House


class Reads:
    """A classifier that says what it was told to say."""

    def __init__(self, category: Category, **more: Any) -> None:
        reading = {"category": category, "severity": Severity.LOW, "language": "en", "by": "test"}
        self._reading = Assessment(**{**reading, **more})

    async def assess(self, unread: Unread) -> Assessment:
        return self._reading


class Down:
    """A classifier that cannot read."""

    def __init__(self, problem: Exception) -> None:
        self._problem = problem

    async def assess(self, unread: Unread) -> Assessment:
        raise self._problem


@pytest.mark.parametrize("problem", [PlatformBusy("too many"), PlatformSilent("no answer")])
async def test_a_broken_classifier_hides_nothing(house: House, problem: Exception) -> None:
    house.change(classifier=Down(problem))
    case = await house.hears("@brightloaf lovely bread, thank you!")
    assert (case.state, case.severity) == (State.IN_REVIEW, Severity.HIGH)
    assert case.assessment is not None
    assert case.assessment.category is Category.COMPLAINT
    assert "it could not be read, so it is treated as a complaint" in house.card(case).why


@pytest.mark.parametrize(
    ("category", "outcome"),
    [
        (Category.PRAISE, Outcome.PRAISE),
        (Category.NEUTRAL, Outcome.NOTED),
        (Category.SPAM, Outcome.SPAM),
    ],
)
async def test_what_asks_for_no_answer_is_counted_and_shown_in_the_days_sample(
    house: House, category: Category, outcome: Outcome
) -> None:
    house.change(classifier=Reads(category))
    case = await house.hears("@brightloaf some words")
    assert (case.state, case.outcome) == (State.CLOSED, outcome)
    today = await house.front.today(RESPONDER)
    assert today.counts == {outcome.value: 1}
    assert today.balance == (
        "0 against us, 1 praise, 0 neither"
        if outcome is Outcome.PRAISE
        else "0 against us, 0 praise, 1 neither"
    )
    assert [card.case_id for card in today.sample] == [case.id]
    assert today.open_cases == 0


async def test_a_sampled_mention_is_reopened_with_one_press(house: House) -> None:
    house.change(classifier=Reads(Category.PRAISE))
    case = await house.hears("@brightloaf lovely, two hours late as always")
    (shown,) = (await house.front.today(RESPONDER)).sample
    assert "reopen" in {action.decision for action in shown.actions}
    after = await house.press(case, "reopen")
    assert after.state is State.OPENED
    await house.works()
    assert (await house.now(case)).state is State.IN_REVIEW
    assert house.card(case).draft is not None
    assert (await house.front.today(RESPONDER)).sample == []


@pytest.mark.parametrize("category", [Category.PRAISE, Category.NEUTRAL])
async def test_a_danger_is_never_only_noted_whatever_kind_it_was_read_as(
    house: House, category: Category
) -> None:
    house.change(classifier=Reads(category, risks=frozenset({Risk.INJURY})))
    case = await house.hears("@brightloaf glass in the bread, by the way")
    assert case.state is State.IN_REVIEW


async def test_whom_we_only_watch_gets_no_card(house: House) -> None:
    case = await house.hears(LATE, "wexbridge_deals_bot", name=None)
    assert (case.state, case.outcome) == (State.CLOSED, Outcome.NOTED)


async def test_a_danger_is_never_only_watched(house: House) -> None:
    text = "@brightloaf glass in my bread, my son is injured"
    case = await house.hears(text, "wexbridge_deals_bot", name=None)
    assert case.state is State.IN_REVIEW


async def test_an_edit_is_read_again_and_a_new_danger_takes_the_one_click_approval_away(
    house: House,
) -> None:
    case = await house.hears("@brightloaf the bread was cold, awful")
    assert case.assessment is not None
    assert not case.assessment.risks
    house.site.edit(case.mention.id, "@brightloaf the bread was cold and there was glass in it, I am injured")
    await house.reads()
    await house.works()
    after = await house.now(case)
    assert after.assessment is not None
    assert Risk.INJURY in after.assessment.risks
    assert "injury" in house.card(case).risks
    assert (await house.approves(after)).state is State.IN_REVIEW  # a second person has to agree


async def test_an_edit_gives_nobody_more_time(house: House) -> None:
    case = await house.hears()
    house.site.edit(case.mention.id, f"{LATE}!")
    house.watch.move(minutes=30)
    await house.reads()
    await house.works()
    assert (await house.now(case)).deadline == case.deadline


async def test_an_edit_after_our_reply_is_a_new_turn_with_a_new_deadline(house: House) -> None:
    case = await house.answered()
    house.watch.move(hours=20)
    house.site.edit(case.mention.id, f"{LATE} And nobody called!")
    await house.reads()
    await house.works()
    after = await house.now(case)
    assert after.state is State.IN_REVIEW
    assert after.deadline is not None
    assert after.deadline > house.watch()


async def test_a_milder_second_message_lowers_nothing_in_a_conversation(house: House) -> None:
    case = await house.hears("@brightloaf glass in my bread, my son is injured")
    assert case.severity is Severity.CRITICAL
    house.change(classifier=Reads(Category.PRAISE, severity=Severity.LOW))
    await house.post("@brightloaf thank you", to=case.mention.id)
    await house.reads()
    await house.works()
    after = await house.now(case)
    assert after.thread
    assert (after.state, after.severity) == (State.IN_REVIEW, Severity.CRITICAL)
    assert after.assessment is not None
    assert Risk.INJURY in after.assessment.risks


async def test_a_conversation_is_not_left_in_the_middle_whatever_their_words_are(house: House) -> None:
    case = await house.answered()
    house.change(classifier=Reads(Category.NEUTRAL))
    await house.post("ok", to=case.mention.id)
    await house.reads()
    await house.works()
    assert (await house.now(case)).state is State.IN_REVIEW


async def test_who_writes_again_and_again_puts_neither_deadline_nor_reminder_off(house: House) -> None:
    case = await house.answered()
    for n in range(5):
        house.watch.move(minutes=20)
        await house.post(f"hello? ({n})", to=case.mention.id)
        await house.reads()
        await house.works()
        if n == 0:
            first = await house.now(case)
    after = await house.now(case)
    assert first.deadline is not None
    assert after.deadline is not None
    assert after.deadline <= first.deadline
    assert "reminded" in await house.trail(case)
