"""Which Slack channel a case stands in, and what it leaves where it no longer does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from adapters.chat.slack.channel import SlackChannel
from adapters.chat.slack.settings import SlackPlace
from adapters.chat.slack.web import SlackWeb
from bot.domain.card import Card
from bot.domain.case import State
from bot.domain.routing import Standing, standing, takes
from bot.ports import DOUBT
from tests.adapters.slack.drawing.slack_houses import a_card, a_slack_house, of_case, words_of
from tests.adapters.slacks import Channel, Slack
from tests.builders import MANAGER, Watch
from tests.flows.houses import House

OPEN = SlackPlace(name="open", channel="C1", risks=False, stub=True)
PRIVATE = SlackPlace(name="private", channel="C2", risks=True)
CALM, BAD = SlackPlace(name="calm", channel="C1"), SlackPlace(name="bad", channel="C2", severity="high")
GERMAN = SlackPlace(name="german", channel="C2", languages=frozenset({"de"}))
ONLY_BAD = SlackPlace(name="bad", channel="C1", severity="high")
NOT_BAD = SlackPlace(
    name="other", channel="C2", categories=frozenset({"complaint"}), languages=frozenset({"en"})
)


@pytest.fixture(autouse=True)
def second_channel(slack: Slack) -> None:
    """A second channel in the workspace."""
    slack.channels["C2"] = Channel("C2", "mentions-private", private=True)


@pytest_asyncio.fixture
async def web(slack: Slack) -> AsyncIterator[SlackWeb]:
    async with SlackWeb(slack.settings()) as web:
        yield web


def lanes(slack: Slack, watch: Watch, web: SlackWeb, *places: SlackPlace) -> list[SlackChannel]:
    settings = slack.settings(places=places)
    return [SlackChannel(settings, place, clock=watch, client=web) for place in places]


def said(language: str) -> Any:
    return a_card().mention.model_copy(update={"language": language})


# --- the rule


@pytest.mark.parametrize(
    ("rule", "fits", "fits_not"),
    [
        ({"languages": frozenset({"de"})}, {"mention": said("de")}, {"mention": said("en")}),
        ({"platforms": frozenset({"square"})}, {"platform": "square"}, {"platform": "forum"}),
        ({"categories": frozenset({"crisis"})}, {"category": "crisis"}, {"category": "complaint"}),
        ({"severity": "high"}, {"severity": "critical"}, {"severity": "medium"}),
        ({"risks": True}, {"risks": ("press",)}, {"risks": ()}),
        ({"risks": False}, {"risks": ()}, {"risks": ("press",)}),
    ],
)
def test_a_place_takes_what_its_route_says(
    rule: dict[str, Any], fits: dict[str, Any], fits_not: dict[str, Any]
) -> None:
    place = replace(CALM, **rule)
    assert takes(place, a_card(**fits))
    assert not takes(place, a_card(**fits_not))
    assert takes(CALM, a_card(**fits_not))


def test_a_language_or_kind_that_nobody_knows_yet_keeps_a_card_from_no_place() -> None:
    place = replace(CALM, languages=frozenset({"de"}), categories=frozenset({"crisis"}))
    assert takes(place, a_card(mention=said("und"), category=""))


def test_a_card_that_no_place_takes_any_more_stays_where_it_is() -> None:
    mild = a_card(severity="low")
    assert standing(mild, ONLY_BAD, (), was_here=True) is Standing.CARD
    assert standing(mild, ONLY_BAD, (), was_here=False) is Standing.NOTHING
    assert standing(mild, ONLY_BAD, (CALM,), was_here=True) is Standing.POINTER


def test_a_card_with_dangers_leaves_an_open_channel_whether_or_not_another_takes_it() -> None:
    place = replace(OPEN, stub=False)
    assert standing(a_card(risks=("press",)), place, (), was_here=True) is Standing.POINTER


# --- in Slack


async def test_a_case_that_is_not_for_a_place_costs_no_call_there(
    slack: Slack, old_watch: Watch, web: SlackWeb
) -> None:
    _, german = lanes(slack, old_watch, web, CALM, GERMAN)
    assert await german.draw(a_card(), None) == ""
    assert await german.draw(a_card(), "") == ""
    assert slack.calls == []


async def test_a_sensitive_case_leaves_only_a_stub_in_the_open_channel(
    slack: Slack, old_watch: Watch, web: SlackWeb
) -> None:
    everyone, private = lanes(slack, old_watch, web, OPEN, PRIVATE)
    case = a_card(risks=("self harm",))
    name = await everyone.draw(case, None)
    await private.draw(case, None)
    (stub,), (whole,) = slack.messages("C1"), slack.messages("C2")
    for secret in ("bread", "Ada", "ada", "sorry"):
        assert secret not in words_of(stub)
    assert "bread" in words_of(whole)
    assert "<#C2>" in words_of(stub)
    assert "actions" not in {block["type"] for block in stub["blocks"]}
    assert name.endswith("-")
    again = await everyone.draw(a_card(risks=("self harm",), version=9), name)
    assert again == name
    assert len(slack.messages("C1")) == 1


async def test_a_case_that_turns_sensitive_takes_its_words_out_of_the_open_channel(
    slack: Slack, old_watch: Watch, web: SlackWeb
) -> None:
    everyone, private = lanes(slack, old_watch, web, OPEN, PRIVATE)
    name = await everyone.draw(a_card(), None)
    assert await private.draw(a_card(), None) == ""
    worse = a_card(risks=("press",), version=9)
    await everyone.draw(worse, name)
    await private.draw(worse, "")
    assert "bread" not in words_of(slack.messages("C1")[0])
    assert "bread" in words_of(slack.messages("C2")[0])


async def test_a_case_that_gets_worse_moves_and_leaves_a_pointer_that_is_drawn_once(
    slack: Slack, old_watch: Watch, web: SlackWeb
) -> None:
    mild, bad = lanes(slack, old_watch, web, replace(CALM, languages=frozenset({"de"})), BAD)
    german = {"mention": said("de").model_copy(update={"at": a_card().mention.at})}
    name = await mild.draw(a_card(**german), None)
    english = a_card(severity="high", version=9)
    name = await mild.draw(english, name)
    await bad.draw(english, "")
    (old,), (new,) = slack.messages("C1"), slack.messages("C2")
    assert "<#C2>" in words_of(old)
    assert "bread" in words_of(new)
    calls = len(slack.calls)
    assert await mild.draw(a_card(severity="high", version=10), name) is None
    assert len(slack.calls) == calls


async def test_a_case_that_comes_back_stands_where_it_stood(
    slack: Slack, old_watch: Watch, web: SlackWeb
) -> None:
    bad, other = lanes(slack, old_watch, web, ONLY_BAD, NOT_BAD)
    first = await bad.draw(a_card(severity="high"), None)
    moved = await bad.draw(a_card(severity="low", category="complaint", version=8), first)
    assert await bad.draw(a_card(severity="high", version=9), moved) == first
    (back,) = slack.messages("C1")
    assert "bread" in words_of(back)
    del other


async def test_a_case_routed_to_a_place_later_is_still_posted_once_when_the_answer_is_lost(
    slack: Slack, old_watch: Watch, web: SlackWeb
) -> None:
    _, bad = lanes(slack, old_watch, web, CALM, BAD)
    assert await bad.draw(a_card(), None) == ""
    await bad.draw(a_card(severity="high"), "")  # and its process is killed
    await bad.draw(a_card(severity="high"), "")
    assert len(slack.messages("C2")) == 1


async def test_a_card_in_doubt_that_is_no_longer_for_a_place_points_elsewhere(
    slack: Slack, old_watch: Watch, web: SlackWeb
) -> None:
    mild, _ = lanes(slack, old_watch, web, replace(CALM, languages=frozenset({"de"})), BAD)
    german = {"mention": said("de").model_copy(update={"at": a_card().mention.at})}
    await mild.draw(a_card(**german), None)
    assert (await mild.draw(a_card(severity="high"), DOUBT)).endswith("~")
    assert "bread" not in words_of(slack.messages("C1")[0])


async def test_a_deleted_card_that_moved_leaves_nothing_behind(
    slack: Slack, old_watch: Watch, web: SlackWeb
) -> None:
    mild, _ = lanes(slack, old_watch, web, replace(CALM, languages=frozenset({"de"})), BAD)
    german = {"mention": said("de").model_copy(update={"at": a_card().mention.at})}
    name = await mild.draw(a_card(**german), None)
    slack.channels["C1"].messages.clear()
    assert await mild.draw(a_card(severity="high"), name) == ""
    assert slack.messages("C1") == []


# --- with workers and the record


@pytest_asyncio.fixture
async def two(embedded_url: str, tmp_path: Path, old_watch: Watch, slack: Slack) -> AsyncIterator[House]:
    """A house with a channel open to all, and a private one for dangers."""
    async with a_slack_house(embedded_url, tmp_path, old_watch, slack, OPEN, PRIVATE) as house:
        yield house


async def test_a_case_that_turns_out_dangerous_appears_in_private_and_says_nothing_in_the_open(
    slack: Slack, two: House
) -> None:
    case = await two.hears()
    await two.works(minutes=2)
    await two.press(case, "claim")
    await two.works(seconds=2)
    assert "bread" in words_of(of_case(slack.messages("C1"), case))
    assert slack.messages("C2") == []
    await two.post("@brightloaf there was glass in it, I am bleeding, in hospital", to=case.mention.id)
    await two.reads()
    for _ in range(4):
        await two.works(minutes=1)
    whole = of_case(slack.messages("C2"), case)
    thread = slack.messages("C2", thread=whole["ts"])
    assert "bread" in words_of(whole)
    await two.press(case, "claim", MANAGER)
    await two.works(seconds=2)
    thread = slack.messages("C2", thread=whole["ts"])
    assert "glass" in "\n".join(map(words_of, thread))
    seen = [asked for method, asked in slack.calls if method.startswith("chat.") and asked["channel"] == "C1"]
    assert "glass" not in str(seen)
    for secret in ("bread", "Ada", "ada"):
        assert secret not in "\n".join(map(words_of, slack.channels["C1"].messages.values()))


async def test_a_message_nobody_has_read_yet_is_not_drawn_in_the_open(
    slack: Slack, old_watch: Watch, web: SlackWeb
) -> None:
    everyone, private = lanes(slack, old_watch, web, OPEN, PRIVATE)
    name = await everyone.draw(a_card(), None)
    unread = a_card(state=State.RECEIVED, version=9)
    calls = len(slack.calls)
    assert await everyone.draw(unread, name) is None
    assert await everyone.draw(unread, DOUBT) == ""
    assert len(slack.calls) == calls
    await private.draw(a_card(risks=("press",), state=State.RECEIVED), None)
    assert len(slack.messages("C2")) == 1


def test_a_cards_kind_is_known_where_it_is_routed_by() -> None:
    assert isinstance(a_card(), Card)
    assert a_card().category == "complaint"
