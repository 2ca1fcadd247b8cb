"""Teams: from a press to its answer beside a bare botbuilder-core bot.

Each is a process of its own, and all get the same presses in turn, signed by the fake Microsoft of the tests.
Each press counts: every case is claimed, then released, by the button that its card has then.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from statistics import median
from time import perf_counter
from typing import Any

from aiohttp import ClientSession

from adapters.chat.teams import answers
from adapters.chat.teams.card import CONTENT_TYPE, adaptive
from adapters.chat.teams.channel import Posted
from adapters.store.redis import RedisStore
from bench.children import child, told
from bench.mentions import stock
from bench.presses import at
from bench.stage import Stage, staged
from bench.table import Progress, Row, Sizes
from bench.teams_child import AAD, Board
from bot.domain.card import Card, card_of
from bot.domain.case import Case
from tests.adapters.msteams import Teams, a_teams
from tests.adapters.msteams_people import found

#: Ours beside the bare bot's, at most so many times.
P50, P99 = 1.5, 2.0
#: Presses before those that are measured, on each side.
_WARM = 20

#: As `bench.teams_child` names them.
_SIDES = ("ours", "bare", "lean")

Json = dict[str, Any]
#: The milliseconds of each side in a round.
Times = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class _Room:
    """The product's record, the fake Microsoft, who presses there, and where each side takes presses."""

    stage: Stage[RedisStore]
    teams: Teams
    user: str
    session: ClientSession
    urls: Mapping[str, str]


async def rows(sizes: Sizes, progress: Progress) -> Sequence[Row]:
    """Press each side, turn by turn."""
    async with AsyncExitStack() as stack:
        teams = await stack.enter_async_context(a_teams())
        user = teams.member(AAD, name="Maya", upn="maya@example.com")
        board = Board(teams.settings())
        stage = await stack.enter_async_context(staged(channels={board.name: board}))
        cases = await _reviewed(stage, max(sizes.invokes, _WARM) // 2)
        session = await stack.enter_async_context(ClientSession())
        urls = await stack.enter_async_context(_sides(stage, teams, user, cases[0]))
        room, turn, rounds = _Room(stage, teams, user, session, urls), count(), list[Times]()
        await _round(room, board.name, cases[: _WARM // 2], turn)
        for nth in range(sizes.rounds):
            rounds.append(await _round(room, board.name, cases[: sizes.invokes // 2], turn))
            progress((nth + 1) / sizes.rounds)
    return [_row(rounds)]


async def _reviewed(stage: Stage[RedisStore], wanted: int) -> Sequence[str]:
    """Return so many cases whose cards wait for a decision."""
    await stage.take_in((await stock(stage.parts)).mixed(0), wanted)
    await stage.worker().drain()
    return await stage.store.open_cases(first=0, count=wanted)


@asynccontextmanager
async def _sides(
    stage: Stage[RedisStore], teams: Teams, user: str, case: str
) -> AsyncGenerator[Mapping[str, str]]:
    """Yield where each side takes presses; the bare ones answer with one of our cards."""
    drawn = adaptive(_card(stage, (await stage.store.get_many([case]))[0]), people=(user,))
    answer = json.dumps(answers.card(drawn))
    asked = dict.fromkeys(_SIDES, (teams.url, answer)) | {"ours": (stage.url, teams.url)}
    async with AsyncExitStack() as stack:
        sides = {
            name: await stack.enter_async_context(child("bench.teams_child", name, *asked[name]))
            for name in _SIDES
        }
        yield {name: str((await told(side))["url"]) for name, side in sides.items()}


async def _round(room: _Room, lane: str, cases: Sequence[str], turn: count[int]) -> Times:
    """Claim each case, then release each."""
    store = room.stage.store
    times: dict[str, list[float]] = {name: [] for name in room.urls}
    for action in ("claim", "release"):
        before = await store.get_many(cases)
        for case in before:
            stands = Posted.read((await store.stands(case.id)).get(lane))
            if stands is None:
                raise RuntimeError("bench: a card stands nowhere")
            body = _pressing(room, case, stands.activity, action)
            first = next(turn) % len(_SIDES)
            for name in (*_SIDES[first:], *_SIDES[:first]):
                times[name].append(await _press(room, room.urls[name], body) * 1000)
        after = await store.get_many(cases)
        counted = sum(now.version > then.version for then, now in zip(before, after, strict=True))
        if counted != len(cases):
            raise RuntimeError(f"bench: {counted} of {len(cases)} presses ({action}) counted")
    return times


def _pressing(room: _Room, case: Case, stands: str, action: str) -> Json:
    """Return what Teams sends when a button of the case's card is pressed."""
    button = found(adaptive(_card(room.stage, case)), action)
    value = {"action": button, "trigger": "manual"}
    return room.teams.activity(
        "invoke", by=room.user, name="adaptiveCard/action", value=value, reply_to=stands
    )


def _card(stage: Stage[RedisStore], case: Case) -> Card:
    return card_of(case, stage.parts.team, stage.parts.protocol)


async def _press(room: _Room, url: str, body: Json) -> float:
    """Return the seconds until a press was answered; a refusal is words and no card."""
    headers = {"Content-Type": "application/json", "Authorization": room.teams.signed(body)}
    sent = json.dumps(body).encode()
    began = perf_counter()
    async with room.session.post(url, data=sent, headers=headers) as answer:
        raw = await answer.read()
        took = perf_counter() - began
    if answer.status != 200 or json.loads(raw)["type"] != CONTENT_TYPE:
        raise RuntimeError(f"bench: a press was answered with {answer.status} and no card")
    return took


def _row(rounds: Sequence[Times]) -> Row:
    p50, p99 = _ratio(rounds, "bare", 50), _ratio(rounds, "bare", 99)
    lean50, lean99 = _ratio(rounds, "lean", 50), _ratio(rounds, "lean", 99)
    return Row(
        "Press to answer in Teams : a bare botbuilder-core bot's",
        f"p50 at most {P50}, p99 {P99:.0f}",
        f"{p50:.2f}, {p99:.2f}",
        "by a bot with that library's own check and turn, which answers every press with the same card and "
        f"records nothing; p50 and p99: ours {_middle(rounds, 'ours')}, that bot's {_middle(rounds, 'bare')} "
        f"ms; {len(rounds[0]['ours'])} of each a round, in turn\n"
        "ours are recorded on a disk before, and answered with the case's card as it stands then; the bare "
        "bot makes two HTTP clients for every press, as that library does, and uses neither\n"
        f"not judged by: that bot without those clients: {_middle(rounds, 'lean')} ms; ours : that = "
        f"{lean50:.2f}, {lean99:.2f}",
        met=p50 <= P50 and p99 <= P99,
    )


def _ratio(rounds: Sequence[Times], beside: str, percent: int) -> float:
    return median(at(one["ours"], percent) / at(one[beside], percent) for one in rounds)


def _middle(rounds: Sequence[Times], name: str) -> str:
    p50, p99 = (median(at(one[name], percent) for one in rounds) for percent in (50, 99))
    return f"{p50:.1f} and {p99:.1f}"
