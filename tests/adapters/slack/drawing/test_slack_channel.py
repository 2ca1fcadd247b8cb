"""A card in Slack: put up once, redrawn where it stands, found again after doubt, and what a refusal says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.chat.console.channel import Console
from adapters.chat.slack.channel import Posted, SlackChannel
from adapters.chat.slack.message import message
from adapters.chat.slack.web import SlackWeb
from bot.domain.case import State
from bot.errors import ChannelGone, PlatformBusy, PlatformRejected
from bot.ports import DOUBT
from tests.adapters.slack.drawing.slack_houses import (
    LANE,
    LONG_AGO,
    TEAM_PLACE,
    Dies,
    a_card,
    a_slack_house,
    drawings,
    of_case,
    words_of,
)
from tests.adapters.slacks import BOT_TOKEN, Channel, Slack
from tests.builders import Watch
from tests.flows.houses import House

# --- one card


async def test_a_first_card_is_posted_with_what_it_is_found_by_and_nothing_unfurls(
    slack: Slack, channel: SlackChannel
) -> None:
    name = await channel.draw(a_card(), None)
    (posted,) = slack.messages()
    assert name == f"C1:{posted['ts']}"
    assert posted["metadata"]["event_type"] == "levelhead_card"
    assert posted["metadata"]["event_payload"]["case"] == "square:100"
    assert (posted["unfurl_links"], posted["unfurl_media"]) == (False, False)


async def test_a_redraw_changes_the_card_that_stands_there(slack: Slack, channel: SlackChannel) -> None:
    name = await channel.draw(a_card(), None)
    again = await channel.draw(a_card(version=9, status="Snoozed", state=State.SNOOZED), name)
    (posted,) = slack.messages()
    assert again == name
    assert "Snoozed" in words_of(posted)
    assert [method for method, _ in slack.calls] == ["chat.postMessage", "chat.update"]


async def test_a_card_that_somebody_deleted_is_posted_anew(slack: Slack, channel: SlackChannel) -> None:
    name = await channel.draw(a_card(), None)
    slack.channels["C1"].messages.clear()
    again = await channel.draw(a_card(version=9), name)
    (posted,) = slack.messages()
    assert again == f"C1:{posted['ts']}" != name


async def test_a_card_posted_anew_and_not_saved_is_found_under_its_old_name_too(
    slack: Slack, channel: SlackChannel
) -> None:
    name = await channel.draw(a_card(), None)
    slack.channels["C1"].messages.clear()
    await channel.draw(a_card(version=9), name)
    await channel.draw(a_card(version=10), name)
    assert len(slack.messages()) == 1


async def test_a_card_in_doubt_is_adopted_and_shows_the_case_as_it_is_now(
    slack: Slack, channel: SlackChannel
) -> None:
    name = await channel.draw(a_card(), None)
    assert await channel.draw(a_card(version=9, status="Snoozed", state=State.SNOOZED), DOUBT) == name
    (posted,) = slack.messages()
    assert "Snoozed" in words_of(posted)


async def test_a_card_in_doubt_that_is_not_there_is_posted(slack: Slack, channel: SlackChannel) -> None:
    await channel.draw(a_card(case_id="square:1"), None)
    await channel.draw(a_card(case_id="square:2"), DOUBT)
    assert [m["metadata"]["event_payload"]["case"] for m in slack.messages()] == ["square:1", "square:2"]


async def test_a_card_in_doubt_is_found_below_a_busy_channels_talk(
    slack: Slack, channel: SlackChannel
) -> None:
    name = await channel.draw(a_card(), None)
    for number in range(450):
        slack.says("C1", f"lunch {number}", user="U1")
    assert await channel.draw(a_card(), DOUBT) == name
    assert slack.times("conversations.history") == 3


@pytest.mark.parametrize("days", [-3000, 30 * 365])
async def test_a_card_in_doubt_is_found_whatever_its_platform_says_of_the_time(
    slack: Slack, channel: SlackChannel, days: int
) -> None:
    said = a_card().mention.model_copy(update={"at": LONG_AGO + timedelta(days=days)})
    name = await channel.draw(a_card(mention=said), None)
    assert await channel.draw(a_card(mention=said), DOUBT) == name


async def test_of_two_cards_of_one_case_the_first_stays_and_the_other_points(
    slack: Slack, channel: SlackChannel
) -> None:
    first = await channel.draw(a_card(), None)
    await channel.draw(a_card(), None)
    assert await channel.draw(a_card(), DOUBT) == first
    kept, other = slack.messages()
    assert "has moved" in words_of(other)
    assert "actions" not in {block["type"] for block in other["blocks"]}
    assert "actions" in {block["type"] for block in kept["blocks"]}


async def test_somebody_elses_message_with_our_mark_is_not_adopted(
    slack: Slack, channel: SlackChannel
) -> None:
    copied = message(a_card(), lane=LANE)
    slack.says("C1", "mine", user="U9", metadata=copied.metadata)
    await channel.draw(a_card(), DOUBT)
    theirs, ours = slack.messages()
    assert theirs["text"] == "mine"
    assert ours["user"] == slack.bot_user


async def test_a_place_that_was_given_another_channel_leaves_a_pointer_in_the_old_one(
    slack: Slack, channel: SlackChannel, old_watch: Watch
) -> None:
    name = await channel.draw(a_card(), None)
    slack.channels["C2"] = replace(slack.channels["C1"], id="C2", messages={})
    settings = slack.settings(places=(replace(TEAM_PLACE, channel="C2"),))
    async with SlackWeb(settings) as web:
        moved = await SlackChannel(settings, settings.places[0], clock=old_watch, client=web).draw(
            a_card(), name
        )
    assert moved.startswith("C2:")
    assert "<#C2>" in words_of(slack.messages("C1")[0])
    assert len(slack.messages("C2")) == 1


def test_the_name_of_a_card_says_how_it_stands() -> None:
    for name in ("C1:12.34", "C1:12.34#7", "C1:12.34-", "C1:12.34#7~"):
        assert str(Posted.read(name)) == name
    assert [Posted.read(name) for name in (None, "", DOUBT, "what", "C1:x")] == [None] * 5


# --- what goes wrong


async def test_slack_asking_for_a_pause_says_how_long(slack: Slack, channel: SlackChannel) -> None:
    slack.fail_next("chat.postMessage", "ratelimited", retry_after=30)
    with pytest.raises(PlatformBusy) as busy:
        await channel.draw(a_card(), None)
    assert busy.value.wait is not None
    assert busy.value.wait.total_seconds() == 30


@pytest.mark.parametrize("error", ["internal_error", "service_unavailable", "fatal_error", "rate_limited"])
async def test_slacks_own_trouble_passes(slack: Slack, channel: SlackChannel, error: str) -> None:
    slack.fail_next("chat.postMessage", error)
    with pytest.raises(PlatformBusy):
        await channel.draw(a_card(), None)


async def test_a_slack_that_is_down_or_gone_is_tried_again(slack: Slack, old_watch: Watch) -> None:
    slack.down = True
    nowhere = slack.settings(places=(TEAM_PLACE,), api="http://127.0.0.1:9/api/")
    for settings in (slack.settings(places=(TEAM_PLACE,)), nowhere):
        async with SlackWeb(settings) as web:
            channel = SlackChannel(settings, TEAM_PLACE, clock=old_watch, client=web)
            for posted in (None, "C1:12.34", DOUBT):
                with pytest.raises(PlatformBusy):
                    await channel.draw(a_card(), posted)


@pytest.mark.parametrize(
    ("error", "todo"),
    [
        ("channel_not_found", "invite the app"), ("not_in_channel", "invite the app"),
        ("is_archived", "unarchive"), ("account_inactive", "install the app again"),
        ("token_revoked", "install the app again"), ("invalid_auth", "bot token"),
        ("missing_scope", "levelhead slack manifest"),
    ],
)  # fmt: skip
async def test_a_refusal_says_what_to_do(slack: Slack, channel: SlackChannel, error: str, todo: str) -> None:
    name = await channel.draw(a_card(), None)
    for posted, method in (
        (None, "chat.postMessage"),
        (name, "chat.update"),
        (DOUBT, "conversations.history"),
    ):
        slack.fail_next(method, error)
        with pytest.raises(ChannelGone) as refused:
            await channel.draw(a_card(), posted)
        assert error in str(refused.value)
        assert todo in str(refused.value)
        assert LANE in str(refused.value)


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_too_long", "edit_window_closed", "new_error"])
async def test_a_card_that_is_refused_for_itself_is_no_channel_that_is_gone(
    slack: Slack, channel: SlackChannel, error: str
) -> None:
    slack.fail_next("chat.postMessage", error)
    with pytest.raises(PlatformRejected, match=error) as refused:
        await channel.draw(a_card(), None)
    assert not isinstance(refused.value, ChannelGone)


async def test_a_no_that_is_not_slacks_own_is_no_fault_of_the_card(
    slack: Slack, channel: SlackChannel
) -> None:
    slack.fail_next("chat.postMessage", "x", status=403)  # as a proxy on the way may answer
    with pytest.raises(ChannelGone, match=f"{LANE}: Slack answered 403"):
        await channel.draw(a_card(), None)


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_too_long"])
async def test_a_card_that_slack_will_not_have_is_loud_in_the_log_without_its_words(
    slack: Slack, channel: SlackChannel, error: str
) -> None:
    slack.fail_next("chat.postMessage", error)
    with capture_logs() as lines, pytest.raises(PlatformRejected):
        await channel.draw(a_card(), None)
    (line,) = [line for line in lines if line["event"] == "slack_refused_a_card"]
    assert (line["log_level"], line["case"], line["error"]) == ("error", "square:100", error)
    assert "bread" not in str(lines)


async def test_the_token_is_in_no_error_and_goes_nowhere_else(slack: Slack, old_watch: Watch) -> None:
    for api in ("http://127.0.0.1:9/api/", f"{slack.url}/nothing/"):
        settings = slack.settings(places=(TEAM_PLACE,), api=api)
        async with SlackWeb(settings) as web:
            with pytest.raises((PlatformBusy, PlatformRejected)) as problem:
                await SlackChannel(settings, TEAM_PLACE, clock=old_watch, client=web).draw(a_card(), None)
        assert BOT_TOKEN not in f"{problem.value!r} {problem.value.__cause__!r} {settings!r}"


# --- with a worker and the record


async def test_a_post_whose_answer_was_lost_is_adopted_not_doubled(slack: Slack, house: House) -> None:
    slack.drop_next("chat.postMessage")
    case = await house.hears()
    assert (await house.now(case)).state is State.DRAFTED
    await house.works(seconds=6)
    assert (await house.now(case)).state is State.IN_REVIEW
    of_case(slack.messages(), case)
    assert len(slack.messages()) == 1
    assert slack.times("chat.postMessage") == 1


@pytest.mark.parametrize("after", [True, False])
async def test_a_worker_killed_around_the_post_leaves_one_card(
    slack: Slack, house: House, *, after: bool
) -> None:
    house.change(channels={LANE: Dies(house.parts.channels[LANE], after=after)})
    case = await house.hears()
    assert len(slack.messages()) == after
    await house.works(minutes=2)
    assert (await house.now(case)).state is State.IN_REVIEW
    assert len(slack.messages()) == 1
    await house.press(case, "claim")
    await house.works(seconds=2)
    assert "Rosa is on it" in words_of(of_case(slack.messages(), case))


@pytest.mark.parametrize("more", [[], [Console()]])
async def test_from_first_card_to_published_reply_a_case_is_drawn_at_most_five_times(
    slack: Slack, embedded_url: str, tmp_path: Path, old_watch: Watch, more: list[Console]
) -> None:
    async with a_slack_house(embedded_url, tmp_path, old_watch, slack, more=more) as house:
        case = await house.hears()
        await house.works(seconds=2)
        await house.approves(await house.now(case))
        for _ in range(30):
            await house.works(seconds=1)
        assert (await house.now(case)).state is State.PUBLISHED
        assert "The reply is live" in words_of(of_case(slack.messages(), case))
        assert 3 <= len(drawings(slack.calls)) <= 5


async def test_a_channel_that_is_gone_keeps_no_case_from_being_answered(slack: Slack, house: House) -> None:
    slack.channels.clear()
    case = await house.hears()
    await house.approves(await house.now(case))
    await house.works(seconds=21)
    assert (await house.now(case)).state is State.PUBLISHED
    slack.channels["C1"] = Channel("C1", "mentions")
    await house.works(minutes=20)
    assert "The reply is live" in words_of(of_case(slack.messages(), case))
