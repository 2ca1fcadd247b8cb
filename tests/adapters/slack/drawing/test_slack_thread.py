"""The thread under a card: the trail in human words, and what the author writes next."""

from __future__ import annotations

from adapters.chat.slack.thread import reply
from bot.ports import TrailLine
from tests.adapters.slack.drawing.slack_houses import LONG_AGO, a_card, of_case, words_of
from tests.adapters.slacks import Slack
from tests.flows.houses import House


async def test_the_thread_tells_the_trail_as_it_grows(slack: Slack, house: House) -> None:
    case = await house.hears()
    await house.press(case, "claim")
    await house.works(seconds=2)
    await house.press(case, "release")
    await house.works(seconds=2)
    (shown,) = slack.messages()
    first, second = slack.messages(thread=shown["ts"])
    assert "claimed the case" in words_of(first)
    assert "claimed the case" not in words_of(second)
    assert "released the case" in words_of(second)


async def test_what_the_author_writes_next_stands_in_the_thread_and_pings_nobody(
    slack: Slack, house: House
) -> None:
    case = await house.hears()
    await house.post(
        "@brightloaf <!here> <https://evil.example|look> still *waiting*", "ada", to=case.mention.id
    )
    await house.reads()
    for _ in range(4):
        await house.works(seconds=2)
    (shown,) = slack.messages()
    replies = slack.messages(thread=shown["ts"])
    assert "still *waiting*" in "\n".join(map(words_of, replies))
    assert "<!here>" not in "\n".join(one["text"] for one in replies)
    assert all(block["type"] == "rich_text" for one in replies for block in one["blocks"])
    assert "link" not in str([one["blocks"] for one in replies]).replace("unfurl_links", "")


async def test_a_line_of_the_thread_whose_answer_was_lost_is_not_told_twice(
    slack: Slack, house: House
) -> None:
    case = await house.hears()
    await house.press(case, "claim")
    slack.drop_next("chat.postMessage")
    await house.works(seconds=2)
    await house.works(seconds=6)
    await house.press(case, "release")
    await house.works(seconds=6)
    (shown,) = slack.messages()
    told = "\n".join(map(words_of, slack.messages(thread=shown["ts"])))
    assert told.count("claimed the case") == 2  # in the notification's text and in the message itself
    assert "released the case" in told


async def test_a_thread_that_cannot_be_written_in_leaves_the_card_true(slack: Slack, house: House) -> None:
    case = await house.hears()
    await house.press(case, "claim")
    slack.fail_next("chat.postMessage", "restricted_action_thread_locked")
    await house.works(seconds=2)
    assert "Rosa is on it" in words_of(of_case(slack.messages(), case))
    assert (await house.store.lanes())["card:slack:team"] == (0, None)


async def test_a_long_history_is_told_in_one_message_within_slacks_limits(slack: Slack, house: House) -> None:
    case = await house.hears()
    for _ in range(20):
        await house.press(case, "claim")
        await house.press(case, "release")
    await house.works(seconds=2)
    (shown,) = slack.messages()
    (told,) = slack.messages(thread=shown["ts"])
    assert "earlier lines of the history" in words_of(told)


def test_an_abusive_author_is_not_quoted_unlabelled() -> None:
    lines = [TrailLine(at=LONG_AGO, who="The author", says="wrote again in the thread", text="you swine")]
    assert "swine" in str(reply(a_card(), lines, 0))
    assert "swine" not in str(reply(a_card(abusive=True), lines, 0))
