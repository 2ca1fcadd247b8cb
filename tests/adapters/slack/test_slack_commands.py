"""`/levelhead`, the App Home and the shortcut: what people get when they ask, each alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.chat.slack.names import SHORTCUT
from adapters.chat.typed import HELP, Typed
from bot.domain.case import State
from bot.errors import StoreUnavailable
from tests.adapters.slack_rooms import Room, a_room
from tests.adapters.slack_rules import check_message
from tests.adapters.slacks import Slack
from tests.builders import MANAGER, RESPONDER
from tests.flows.houses import House


async def typed(room: Room, text: str, user: str = "U1", **more: Any) -> Any:
    """Type a command; returns its answer, which is for one person and within Slack's limits."""
    answered = await room.hands.types(text, user, **more)
    assert answered.status == 200
    assert answered.body["response_type"] == "ephemeral"
    check_message(answered.body)
    return answered.body


async def says(room: Room, text: str, user: str = "U1") -> str:
    return json.dumps(await typed(room, text, user), ensure_ascii=False)


async def test_the_queue_is_worst_first_and_opens_each_case(room: Room) -> None:
    calm = await room.house.hears(
        "@brightloaf your opening hours are wrong, a bit annoying", "cyd", name="Cyd"
    )
    worst = await room.house.hears("@brightloaf there was glass in my bread, I am injured", "bea", name="Bea")
    answer = await typed(room, "queue")
    rows = [b["text"]["text"] for b in answer["blocks"] if "accessory" in b]
    assert [worst.id in rows[0], calm.id in rows[1]] == [True, True]
    assert "2 in the queue" in answer["text"]
    one = await typed(room, "queue 1")
    assert "and 1 more" in json.dumps(one)
    await room.hands.press_answer(answer, "lh:open")
    await room.settled()
    assert "glass in my bread" in json.dumps(room.hands.modal())


@pytest.mark.parametrize("count", ["0", "21", "-1", "many", "٣", "1e3"])
async def test_how_many_of_the_queue_is_a_small_number(room: Room, count: str) -> None:
    assert "A number from 1 to 20" in await says(room, f"queue {count}")


async def test_an_empty_queue_says_so(room: Room) -> None:
    assert "Nobody is waiting" in await says(room, "queue")
    assert "Nobody is waiting" in await says(room, "next")


async def test_search(room: Room) -> None:
    case = await room.house.hears()
    assert case.id in await says(room, "search two hours")
    assert "nothing has" in (await says(room, "search marmalade")).lower()
    assert "for example" in (await says(room, "search")).lower()


async def test_what_was_typed_is_searched_for_as_it_was_typed(room: Room) -> None:
    case = await room.house.hears("@brightloaf bread & butter <3 came two hours late, terrible")
    assert case.id in await says(room, "search bread &amp; butter &lt;3")


async def test_what_is_searched_for_cannot_ping(room: Room) -> None:
    assert "<!channel>" not in await says(room, "search <!channel>")


async def test_one_case_stands_there_with_buttons_that_work(room: Room) -> None:
    case = await room.house.hears()
    answer = await typed(room, f"case `{case.id}`")
    await room.hands.press_answer(answer, "claim")
    claim = (await room.house.now(case)).claim
    assert claim is not None
    assert claim.by == "rosa"
    await room.settled()
    (redrawn,) = room.slack.responses
    assert redrawn["replace_original"] is True
    assert "Rosa is on it" in redrawn["text"]


async def test_a_case_nobody_knows_says_what_would_work(room: Room) -> None:
    assert "/levelhead search" in await says(room, "case square:404")
    assert "/levelhead case square:100" in await says(room, "case")


async def test_next_is_the_worst_that_nobody_holds_and_is_claimed(room: Room) -> None:
    calm = await room.house.hears(
        "@brightloaf your opening hours are wrong, a bit annoying", "cyd", name="Cyd"
    )
    held = await room.house.hears("@brightloaf there was glass in my bread, I am injured", "bea", name="Bea")
    await room.house.press(held, "claim", MANAGER)
    assert calm.id in await says(room, "next")
    claim = (await room.house.now(calm)).claim
    assert claim is not None
    assert claim.by == "rosa"
    assert "no colleague has taken on" in await says(room, "next", "U3")


async def test_a_repeated_next_claims_no_second_case(room: Room) -> None:
    for handle in ("bea", "cyd"):
        await room.house.hears(handle=handle, name=handle)
    await room.hands.types("next")
    await room.hands.replay()
    cards, _ = await room.house.front.queue(RESPONDER, first=0, count=9)
    assert sum("Rosa is on it" in card.status for card in cards) == 1


async def test_pause_and_resume_are_for_managers(room: Room) -> None:
    assert "for managers" in await says(room, "pause")
    assert await room.house.store.paused() is None
    assert "paused" in await says(room, "pause", "U2")
    assert await room.house.store.paused() is not None
    assert "Mark" in await says(room, "stats")
    assert "goes on" in await says(room, "RESUME", "U2")
    assert await room.house.store.paused() is None


async def test_a_replayed_resume_does_not_undo_a_pause(room: Room) -> None:
    await room.hands.types("resume", "U2")
    await room.house.front.pause(MANAGER)
    await room.hands.replay()
    assert await room.house.store.paused() is not None


async def test_stats(room: Room) -> None:
    await room.house.hears()
    assert "1 cases are open, and 1 of them wait" in await says(room, "stats")


@pytest.mark.parametrize(("word", "meant"), [("que", "queue"), ("serach", "search"), ("rezume", "resume")])
async def test_an_unknown_word_says_what_would_have_worked(room: Room, word: str, meant: str) -> None:
    answer = await says(room, f"{word} 3")
    assert f"Did you mean /levelhead {meant}?" in answer
    assert "It knows queue, search, case, next" in answer


async def test_without_a_word_it_helps_whoever_asks(room: Room) -> None:
    assert "*queue*" in await says(room, "")
    assert "*queue*" in await says(room, "help")
    assert "does not know" in await says(room, "<!here> " + "x" * 5000)


async def test_a_stranger_gets_nothing_but_what_is_needed(room: Room) -> None:
    case = await room.house.hears()
    room.slack.user("U7")
    for text in ("queue", f"case {case.id}", "search late", "next", "stats"):
        answer = await says(room, text, "U7")
        assert "add your Slack ID U7" in answer
        assert "Ada" not in answer


async def test_with_the_record_away_a_command_says_so(house: House, slack: Slack) -> None:
    class Away:
        def __init__(self, front: Any) -> None:
            self._front = front

        def __getattr__(self, name: str) -> Any:
            return getattr(self._front, name)

        async def queue(self, *_: Any, **__: Any) -> Any:
            raise StoreUnavailable("away")

    async with a_room(house, slack, bot=Away(house.front)) as room:  # pyright: ignore[reportArgumentType]
        assert "record cannot be reached" in await says(room, "queue")
        await room.hands.opens_home()
        await room.settled()
        assert "record cannot be reached" in json.dumps(slack.homes["U1"])


def test_every_word_of_the_help_is_known(room: Room) -> None:
    named = {word.split()[0] for typed, _ in HELP for word in typed.split(", ")}
    assert named == Typed(room.house.front).verbs.keys() - {"help"}


# The App Home


async def test_the_home_shows_my_claims_and_follows_my_presses(room: Room) -> None:
    case, card = await room.card()
    await room.hands.opens_home()
    await room.settled()
    assert "You hold no case" in json.dumps(room.slack.homes["U1"])
    await room.hands.press(card, "claim")
    await room.settled()
    home = json.dumps(room.slack.homes["U1"])
    assert "You hold no case" not in home
    assert "Omar" in home  # who is on call
    assert case.id in home


async def test_who_never_opened_their_home_gets_no_drawing(room: Room) -> None:
    _, card = await room.card()
    await room.hands.press(card, "claim")
    await room.settled()
    assert room.slack.homes == {}


async def test_drawings_of_a_home_coalesce(room: Room) -> None:
    release = room.slack.hold("views.publish")
    for _ in range(9):
        await room.hands.opens_home()
    release()
    await room.settled()
    assert room.slack.times("views.publish") == 2


async def test_a_strangers_home_says_what_is_needed(room: Room) -> None:
    room.slack.user("U7")
    await room.house.hears()
    await room.hands.opens_home("U7")
    await room.settled()
    home = json.dumps(room.slack.homes["U7"])
    assert "add your Slack ID U7" in home
    assert "Ada" not in home


async def test_from_the_home_a_case_is_opened_and_decided(room: Room) -> None:
    case, _ = await room.card()
    await room.hands.opens_home()
    await room.settled()
    await room.hands.press_in(room.slack.homes["U1"], "lh:open")
    await room.settled()
    await room.hands.press_in(room.hands.modal(), "claim")
    await room.settled()
    assert "Rosa is on it" in json.dumps(room.hands.modal())
    await room.hands.press_in(room.hands.modal(), "edit")
    await room.settled()
    assert room.slack.times("views.push") == 1
    assert (await room.hands.submit(room.hands.modal(), text="Hello Ada, we look into it.")).status == 200
    draft = (await room.house.now(case)).draft
    assert draft is not None
    assert draft.by == "person:rosa"


async def test_a_refusal_in_the_home_is_told_in_our_own_conversation(room: Room) -> None:
    case, _ = await room.card()
    await room.hands.opens_home()
    await room.settled()
    await room.hands.press_in(
        room.slack.homes["U1"], "lh:open", value=json.dumps({"c": "square:404", "v": 1})
    )
    await room.settled()
    assert "gone" in room.slack.messages("DU1")[-1]["text"]
    assert (await room.house.now(case)).state is State.IN_REVIEW


# The shortcut

MESSAGE = {"ts": "1.2", "user": "U9", "text": "look: <https://forum.example/t/1|here> they say we are closed"}


async def test_a_message_becomes_a_case_with_a_card(room: Room) -> None:
    await room.hands.shortcut(MESSAGE, SHORTCUT)
    await room.settled()
    answer = await room.hands.submit(room.hands.modal(), author="Zoe Park")
    assert answer.body["response_action"] == "update"
    await room.hands.replay()
    await room.house.works()
    (card,) = room.house.board.cards.values()
    assert card.mention.text == "look: https://forum.example/t/1 they say we are closed"
    assert (card.platform, card.author, card.url) == (
        "forum-example",
        "Zoe Park",
        "https://forum.example/t/1",
    )
    assert card.case_id in json.dumps(answer.body)
    assert (await room.house.front.trail(card.case_id))[0].who == "Rosa"


async def test_what_slack_escaped_is_read_as_it_was_typed(room: Room) -> None:
    said = "Fish &amp; chips &lt;3 was cold, <@U2> <!here> <#C1|general> <https://a.example/?x=1&amp;y=2>"
    await room.hands.shortcut({**MESSAGE, "text": said}, SHORTCUT)
    await room.settled()
    await room.hands.submit(room.hands.modal())
    await room.house.works()
    (card,) = room.house.board.cards.values()
    assert card.mention.text == "Fish & chips <3 was cold, @U2 @here #general https://a.example/?x=1&y=2"
    assert card.url == "https://a.example/?x=1&y=2"


async def test_a_post_that_was_brought_in_before_is_said_to_be_a_case_already(room: Room) -> None:
    for title in ("It is a case now", "It is a case already"):
        await room.hands.shortcut(MESSAGE, SHORTCUT)
        await room.settled()
        answer = await room.hands.submit(room.hands.modal(), author="Zoe Park")
        shown = json.dumps(answer.body)
        assert title in shown
        assert "[FSI]" not in shown


async def test_what_cannot_be_a_case_stays_in_its_form(room: Room) -> None:
    await room.hands.shortcut(MESSAGE, SHORTCUT)
    await room.settled()
    answer = await room.hands.submit(room.hands.modal(), url="javascript:alert(1)")
    assert answer.body["response_action"] == "errors"
    assert "should begin with https://" in answer.body["errors"]["text"]


async def test_a_shortcut_of_another_version_is_answered(room: Room) -> None:
    assert (await room.hands.shortcut(MESSAGE, "make_it_so")).status == 200
    await room.settled()
    assert [told.count("another version") for told in room.told()] == [1]
