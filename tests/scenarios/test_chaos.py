"""A worker is killed at random instants under load, again and again; afterwards everything is in order.

The square and the team's board live in the test's own process: they count what really reached the outside.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import pytest
from aiohttp import web

from adapters.platforms.square import Square
from adapters.square.site import Site
from adapters.square.web import PREFIX, square_routes
from adapters.store.embedded import embedded
from adapters.store.redis import RedisStore
from bot.domain.actions import actions_of
from bot.domain.card import Card
from bot.domain.case import Case, State
from bot.domain.forms import read_form
from bot.errors import BotError
from bot.flows.parts import Parts
from bot.flows.review import press
from tests.builders import ON_CALL, RESPONDER
from tests.scenarios.light_worker import HASTY, TOKEN, Board, now, parts_of

KILLS = int(os.environ.get("LEVELHEAD_CHAOS_KILLS", "25"))
#: Seconds a life may last; the kill comes at a random instant of it.
LONGEST_LIFE = 0.8
WORDS = [
    "@brightloaf my order came two hours late and the bread was cold, terrible service",
    "Very disappointed with @brightloaf, they charged me twice and nobody answers",
    "@brightloaf the staff were rude to my mother today, awful",
    "@brightloaf su pan estaba duro y llegó tarde, pésimo servicio",
    "@brightloaf siparişim geç geldi ve ekmek bayattı, berbat",
]


@dataclass
class Town:
    """What stands outside: the square, and the board with the cards as last drawn."""

    site: Site
    url: str
    board: dict[str, Card] = field(default_factory=dict)
    drawings: Counter[str] = field(default_factory=Counter)
    posts: list[str] = field(default_factory=list)

    @property
    def live(self) -> int:
        """How many cards say that their reply is live."""
        return sum(card.state is State.PUBLISHED for card in self.board.values())

    async def put_card(self, request: web.Request) -> web.Response:
        card = Card.model_validate_json(await request.read())
        self.board[request.query["id"]] = card
        self.drawings[card.case_id] += 1
        return web.Response()


@asynccontextmanager
async def a_town(folder: Path) -> AsyncIterator[Town]:
    site = Site(folder / "square.db")
    app = web.Application()
    app.add_subapp(PREFIX, square_routes(site, token=TOKEN))
    town = Town(site, "")
    app.router.add_put("/board", town.put_card)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    server = web.TCPSite(runner, "127.0.0.1", 0)
    await server.start()
    town.url = str(server.name)
    host, port = runner.addresses[0][:2]
    town.url = f"http://{host}:{port}"
    try:
        yield town
    finally:
        await runner.cleanup()
        site.close()


@asynccontextmanager
async def a_zygote(redis_url: str, town: Town) -> AsyncIterator[asyncio.subprocess.Process]:
    zygote = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.scenarios.light_worker", redis_url, town.url,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield zygote
    finally:
        assert zygote.stdin is not None
        zygote.stdin.close()
        await zygote.wait()


async def a_life(zygote: asyncio.subprocess.Process) -> int:
    assert zygote.stdin is not None
    assert zygote.stdout is not None
    zygote.stdin.write(b"live\n")
    return int(await zygote.stdout.readline())


async def kill(zygote: asyncio.subprocess.Process, pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    assert zygote.stdout is not None
    assert await zygote.stdout.readline() == b"dead\n"


async def people_write(town: Town, dice: random.Random, stop: asyncio.Event) -> None:
    """People complain, edit, delete, and answer."""
    number = 0
    while not stop.is_set():
        number += 1
        text = f"{dice.choice(WORDS)} ({number})"
        post = await town.site.run(town.site.post, f"guest{number}", f"Guest {number}", text)
        town.posts.append(post.id)
        if number % 9 == 0:
            await town.site.run(town.site.edit, dice.choice(town.posts), f"{text}, still waiting")
        if number % 13 == 0:
            again = dice.choice(town.posts)
            author = (await town.site.run(town.site.get, again)).author.handle
            reply = await town.site.run(
                town.site.post, author, None, "@brightloaf still nothing, awful", again
            )
            town.posts.append(reply.id)
        await wait(0.06, stop)


async def team_decides(parts: Parts, town: Town, dice: random.Random, stop: asyncio.Event) -> None:
    """The team presses what stands on the board, sometimes too late, sometimes two at once."""
    while not stop.is_set():
        cards = [card for card in list(town.board.values()) if card.state in WAITING]
        for card in dice.sample(cards, min(8, len(cards))):
            await asyncio.gather(*(press_one(parts, card, dice, by) for by in (RESPONDER, ON_CALL)))
        await wait(0.02, stop)


WAITING = {State.IN_REVIEW, State.APPROVED}
MOODS = [*["approve"] * 6, *["second_approve"] * 6, *["undo"] * 2, "dismiss", "claim", "take_over", "release"]


async def press_one(parts: Parts, card: Card, dice: random.Random, by: object) -> None:
    shown = {action.decision: action for action in card.actions}
    kind = dice.choice([kind for kind in MOODS if kind in shown] or ["claim"])
    fields = {ask.name: ask.value or "because" for ask in shown[kind].asks} if kind in shown else {}
    if kind == "dismiss":
        fields = {"outcome": "troll", "reason": "because"}
    with suppress(BotError):
        await press(card.case_id, read_form(kind, fields, at=now()), by, parts)  # type: ignore[arg-type]


async def wait(seconds: float, stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


SETTLED = {State.IN_REVIEW, State.ESCALATED, State.PUBLISHED, State.CLOSED, State.IN_DOUBT}


async def settle(store: RedisStore, town: Town) -> list[Case]:
    """Wait until nothing is due any more, and every card shows its case."""
    seen: list[Case] = []
    until = monotonic() + 60
    while monotonic() < until:
        cases = [case async for case in store.all_cases()]
        read = int(await store.cursors.get("square") or 0)
        unread = await town.site.run(town.site.mentions, read, 1)
        drawn = all(town.board[c.id].version == c.version for c in cases if c.carded and c.id in town.board)
        if not unread and drawn and all(case.state in SETTLED for case in cases) and cases == seen:
            return cases
        seen = cases
        await asyncio.sleep(0.05)
    stuck = Counter(case.state.value for case in seen if case.state not in SETTLED)
    pytest.fail(f"not settled after a minute: {stuck}")


@pytest.mark.chaos
@pytest.mark.timeout(120 + KILLS * 5)
async def test_a_killed_worker_loses_nothing_repeats_nothing_and_leaves_every_card_true(
    tmp_path: Path,
) -> None:
    dice = random.Random(os.environ.get("LEVELHEAD_CHAOS_SEED", "levelhead"))
    async with (
        embedded(tmp_path / "redis") as url,
        a_town(tmp_path) as town,
        a_zygote(url, town) as zygote,
        Square(name="square", url=town.url, token=TOKEN) as square,
    ):
        parts, store = await parts_of(url, square, Board(town.url))
        await live_and_die(parts, town, zygote, dice)
        last = await a_life(zygote)
        cases = await settle(store, town)
        await kill(zygote, last)
        await check_nothing_lost(town, cases)
        await check_nothing_twice(town, cases)
        check_every_card_is_true(town, cases)
        assert not await store.asides()
        assert sum(len(case.replies) for case in cases) > KILLS / 5, (
            "the load was too light to prove anything"
        )
        await store.aclose()


async def live_and_die(
    parts: Parts, town: Town, zygote: asyncio.subprocess.Process, dice: random.Random
) -> None:
    stop = asyncio.Event()
    load = [
        asyncio.create_task(people_write(town, dice, stop)),
        asyncio.create_task(team_decides(parts, town, dice, stop)),
    ]
    kills = 0
    while kills < KILLS or town.live < KILLS:  # a slow machine takes a few more, and proves as much
        kills += 1
        pid = await a_life(zygote)
        await asyncio.sleep(dice.uniform(0, LONGEST_LIFE))
        await kill(zygote, pid)
    stop.set()
    await asyncio.gather(*load)


async def check_nothing_lost(town: Town, cases: list[Case]) -> None:
    known = {case.mention.id for case in cases} | {m.id for case in cases for m in case.thread}
    lost = [post for post in town.posts if post not in known]
    assert not lost, f"posts nobody has seen: {lost}"
    for case in cases:
        post = await town.site.run(town.site.get, case.mention.id)
        assert case.mention.text == post.text, f"{case.id} shows words that were edited since"


async def check_nothing_twice(town: Town, cases: list[Case]) -> None:
    receipts = Counter(receipt.id for case in cases for receipt in case.replies)
    live: Counter[tuple[str, str]] = Counter()
    for case in cases:
        for post in await town.site.run(town.site.thread, case.mention.id):
            if post.author.is_company:
                live[case.id, post.text] += 1
                assert post.id in receipts or case.state is State.IN_DOUBT, (
                    f"{post.id} is live, no case has it"
                )
    assert not [key for key, count in live.items() if count > 1], "a reply stands twice"
    assert not [key for key, count in receipts.items() if count > 1], "two cases hold one reply"


def check_every_card_is_true(town: Town, cases: list[Case]) -> None:
    for case in cases:
        if not case.carded:
            assert case.state is State.CLOSED, f"{case.id} has no card"
            continue
        card = town.board[case.id]
        assert (card.version, card.state) == (case.version, case.state), f"{case.id}'s card is old"
        assert card.actions == actions_of(case, HASTY), f"{case.id} has the wrong buttons"
