"""Slack: from a press to its acknowledgement beside a bare Bolt app, drawings a case, cards a minute.

The apps are processes of their own and get the same presses in turn, from the fake Slack of the tests. Each
press counts: every case is claimed, then released, by the button that its card has then.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from itertools import count
from statistics import median, quantiles
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientSession

from adapters.chat.slack.message import message
from adapters.store.redis import RedisStore
from bench import pacing
from bench.children import child, told
from bench.mentions import stock
from bench.slack_child import LANE, USER
from bench.stage import Stage, staged
from bench.table import Progress, Row, Sizes
from bot.domain.card import card_of
from bot.domain.case import Case
from tests.adapters.slack_people import People
from tests.adapters.slacks import Slack, a_slack, signed

#: Ours beside the bare app's, at most so many times.
P50, P99 = 1.5, 2.0
#: Presses before those that are measured, on each side and way.
_WARM = 20

Json = dict[str, Any]
#: Brings a payload to an app, and returns the seconds until it was acknowledged.
Way = Callable[[Json], Awaitable[float]]


#: A way to each app, by the names that `bench.slack_child` has; then the milliseconds of each in a round.
Ways = Mapping[str, Way]
Times = Mapping[str, Sequence[float]]
_APPS = ("ours", "bare", "prompt")


async def rows(sizes: Sizes, progress: Progress) -> Sequence[Row]:
    """Press the apps, over HTTP and over Socket Mode, turn by turn; then look at what is drawn."""
    found: Mapping[str, list[Times]] = {"HTTP": [], "Socket Mode": []}
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(staged())
        cases = await _reviewed(stage, max(sizes.presses, _WARM) // 2)
        ways = await stack.enter_async_context(_apps(stage))
        turn = count()
        for way in found:
            await _round(stage, ways[way], cases[: _WARM // 2], turn)
        for nth in range(sizes.rounds):
            for way, rounds in found.items():
                rounds.append(await _round(stage, ways[way], cases[: sizes.presses // 2], turn))
            progress((nth + 1) / sizes.rounds / 2)
    slack = await pacing.rows(sizes, lambda share: progress(0.5 + share / 2))
    return [*(_row(way, rounds) for way, rounds in found.items()), *slack]


async def _reviewed(stage: Stage[RedisStore], count: int) -> Sequence[str]:
    """Return so many cases whose cards wait for a decision."""
    await stage.take_in((await stock(stage.parts)).mixed(0), count)
    await stage.worker().drain()
    return await stage.store.open_cases(first=0, count=count)


async def _round(stage: Stage[RedisStore], ways: Ways, cases: Sequence[str], turn: count[int]) -> Times:
    """Claim each case, then release each."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for action in ("claim", "release"):
        before = await stage.store.get_many(cases)
        for case in before:
            payload = _pressing(stage, case, action)
            first = next(turn) % len(_APPS)
            for name in (*_APPS[first:], *_APPS[:first]):
                times[name].append(await ways[name](payload) * 1000)
        after = await stage.store.get_many(cases)
        counted = sum(now.version > then.version for then, now in zip(before, after, strict=True))
        if counted != len(cases):
            raise RuntimeError(f"bench: {counted} of {len(cases)} presses ({action}) counted")
    return times


def _pressing(stage: Stage[RedisStore], case: Case, action: str) -> Json:
    """Return what Slack sends when a button of the case's card is pressed."""
    drawn: Json = message(card_of(case, stage.parts.team, stage.parts.protocol), lane=LANE).payload
    payload: Json = People(Slack()).pressing(drawn["blocks"], action, USER)
    ts = "1700000000.000100"
    payload["container"] |= {"type": "message", "message_ts": ts, "channel_id": "C1"}
    return {**payload, "message": {"type": "message", "ts": ts, **drawn}, "channel": {"id": "C1"}}


@asynccontextmanager
async def _apps(stage: Stage[RedisStore]) -> AsyncGenerator[Mapping[str, Ways]]:
    """Yield the apps by both ways; each has a Slack to itself."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(ClientSession())
        http: dict[str, Way] = {}
        socket: dict[str, Way] = {}
        for name in _APPS:
            slack = await stack.enter_async_context(a_slack())
            slack.user(USER)
            asked = (name, stage.url, slack.url) if name == "ours" else (name, slack.url)
            app = await stack.enter_async_context(child("bench.slack_child", *asked))
            http[name] = partial(_by_http, session, str((await told(app))["url"]))
            await slack.wire.opens()
            socket[name] = partial(_by_socket, slack)
            if name == "ours":
                stack.callback(_nobody_was_told, slack)
        yield {"HTTP": http, "Socket Mode": socket}


def _nobody_was_told(slack: Slack) -> None:
    if slack.responses or slack.ephemerals:
        raise RuntimeError("bench: a presser was told something, so a press was refused")


async def _by_http(session: ClientSession, url: str, payload: Json) -> float:
    body = urlencode({"payload": json.dumps(payload)})
    headers = {"Content-Type": "application/x-www-form-urlencoded", **signed(body)}
    began = perf_counter()
    async with session.post(url, data=body, headers=headers) as answer:
        await answer.read()
        took = perf_counter() - began
        if answer.status != 200:
            raise RuntimeError(f"bench: a press was answered with {answer.status}")
    return took


async def _by_socket(slack: Slack, payload: Json) -> float:
    began = perf_counter()
    await slack.wire.send("interactive", payload)
    return perf_counter() - began


def at(times: Sequence[float], percent: int) -> float:
    """Return a percentile."""
    return quantiles(times, n=100, method="inclusive")[percent - 1]


def _row(way: str, rounds: Sequence[Times]) -> Row:
    p50, p99 = _ratio(rounds, "bare", 50), _ratio(rounds, "bare", 99)
    prompt50, prompt99 = _ratio(rounds, "prompt", 50), _ratio(rounds, "prompt", 99)
    return Row(
        f"Press to ack over {way} : a bare Bolt app's",
        f"p50 at most {P50}, p99 {P99:.0f}",
        f"{p50:.2f}, {p99:.2f}",
        f"by a bare Bolt app as its documentation shows it; p50 and p99: ours {_middle(rounds, 'ours')}, "
        f"that app's {_middle(rounds, 'bare')} ms; {len(rounds[0]['ours'])} of each a round, in turn\n"
        "ours are recorded on a disk before; the bare app records nothing, and looks every 10 ms whether its "
        "listener has acknowledged\n"
        f"not judged by: a bare app in the mode ours runs in, which answers as its listener ends: "
        f"{_middle(rounds, 'prompt')} ms; ours : that = {prompt50:.2f}, {prompt99:.2f}",
        met=p50 <= P50 and p99 <= P99,
    )


def _ratio(rounds: Sequence[Times], beside: str, percent: int) -> float:
    return median(at(one["ours"], percent) / at(one[beside], percent) for one in rounds)


def _middle(rounds: Sequence[Times], name: str) -> str:
    p50, p99 = (median(at(one[name], percent) for one in rounds) for percent in (50, 99))
    return f"{p50:.1f} and {p99:.1f}"
