"""What is written to a Slack channel: drawings of a plain case; cards a minute, by two workers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import pairwise

from adapters.chat.slack.channel import SlackChannel
from adapters.chat.slack.web import SlackWeb
from bench.children import child, end, told
from bench.mentions import stock
from bench.slack_child import PLACE, slack_at
from bench.stage import demo_settings, staged, temporary_folder
from bench.table import Progress, Row, Sizes
from bot.domain.case import State
from bot.main.wiring import now, record_url
from tests.adapters.slack.drawing.slack_houses import LONG_AGO, a_slack_house
from tests.adapters.slacks import Slack, a_slack
from tests.builders import Watch

MOST_DRAWINGS = 5
#: Slack's limit, and the share of it that is to be used.
LIMIT, SHARE = 60, 0.95
_WORKERS = 2
#: Seconds until both workers are at work.
_WARM = 3.0


@dataclass(frozen=True, slots=True)
class Calls:
    """What was written to Slack for a case."""

    posts: int
    updates: int
    told: int  # messages in the card's thread


async def rows(sizes: Sizes, progress: Progress) -> Sequence[Row]:
    """Follow a case, then let two workers post cards for a while."""
    calls = await _one_case()
    progress(0.1)
    return [_drawings(calls), await _paced(sizes)]


async def _one_case() -> Calls:
    """Bring one mention to its published reply; everything that is owed is drawn after each step."""
    watch = Watch(LONG_AGO)
    with temporary_folder() as folder:
        async with (
            record_url(demo_settings(folder)) as url,
            a_slack() as slack,
            a_slack_house(url, folder, watch, slack) as house,
        ):
            case = await house.hears()
            case = await house.press(case, "claim")
            await house.works(seconds=2)
            await house.approves(case)
            await house.works(seconds=2)
            await house.works(seconds=60)
            await house.works(seconds=2)
            if (await house.now(case)).state is not State.PUBLISHED:
                raise RuntimeError("bench: the reply was not published")
            posts = [asked for method, asked in slack.calls if method == "chat.postMessage"]
            told = sum("thread_ts" in asked for asked in posts)
            return Calls(len(posts) - told, slack.times("chat.update"), told)


async def _paced(sizes: Sizes) -> Row:
    """Let two workers, each a process, post what is owed to one channel."""
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(a_slack())
        way = await stack.enter_async_context(SlackWeb(slack_at(slack.url)))
        channel = SlackChannel(slack_at(slack.url), PLACE, clock=now, client=way)
        stage = await stack.enter_async_context(staged(channels={channel.name: channel}))
        owed = int((sizes.pacing + _WARM) * 2) + 10
        await stage.take_in((await stock(stage.parts)).mixed(0), owed)
        asked = ("bench.slack_child", "draws", stage.url, slack.url)
        workers = [await stack.enter_async_context(child(*asked)) for _ in range(_WORKERS)]
        await _until_posted(slack)
        await asyncio.sleep(_WARM)
        began = len(slack.stamps) - 1
        await asyncio.sleep(sizes.pacing)
        stamps = [at for at, _, _ in slack.stamps[began:]]
        for worker in workers:
            end(worker)
        cards = [int((await told(worker))["cards"]) for worker in workers]
    return _pace(stamps, cards)


async def _until_posted(slack: Slack) -> None:
    async with asyncio.timeout(60):
        while not slack.stamps:  # noqa: ASYNC110 what is waited for is told by no event
            await asyncio.sleep(0.01)


def _drawings(calls: Calls) -> Row:
    drawn = calls.posts + calls.updates
    return Row(
        "Drawings of a Slack card until its reply is out",
        f"at most {MOST_DRAWINGS}",
        str(drawn),
        f"mention, claimed, approved, published, each drawn by itself: {calls.posts} chat.postMessage, "
        f"{calls.updates} chat.update\nbeside them {calls.told} messages in the card's thread",
        met=drawn <= MOST_DRAWINGS,
    )


def _pace(stamps: Sequence[float], cards: Sequence[int]) -> Row:
    took = stamps[-1] - stamps[0]
    rate = (len(stamps) - 1) / took * 60
    least = min(later - earlier for earlier, later in pairwise(stamps))
    return Row(
        f"Cards a minute in a Slack channel, {_WORKERS} workers",
        f"{LIMIT * SHARE:.0f} to {LIMIT}",
        f"{rate:.1f}",
        f"Slack's limit is {LIMIT}; counted over {took:.0f} s where they arrive, "
        f"{' and '.join(map(str, cards))} by each in all\nthe closest two came {least:.2f} s apart",
        # A post that is a little late makes the last minute a little short, or long.
        met=LIMIT * SHARE <= rate <= LIMIT * 1.01,
    )
