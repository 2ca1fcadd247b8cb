"""A whole house to test in: the record, the square over loopback, a board of cards, a clock that waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from adapters.llm.offline import OfflineWriter
from adapters.platforms.square import Square
from adapters.square.model import Post
from adapters.square.site import Site
from adapters.square.web import PREFIX, square_routes
from adapters.store.redis import RedisStore
from adapters.triage.offline import OfflineClassifier
from bot.domain.card import Card
from bot.domain.case import Case, State
from bot.domain.decision import Approve, Edit, SecondApprove
from bot.domain.delivery import Mode
from bot.domain.events import Entry
from bot.domain.forms import read_form
from bot.domain.team import Person
from bot.flows.front import Front
from bot.flows.ingest import Taken, read
from bot.flows.parts import Parts
from bot.flows.review import press
from bot.ports import Platform
from bot.worker import Pace, Worker
from tests.builders import RESPONDER, TEAM, Watch, protocol
from tests.stores import a_store

TOKEN = "a-token-of-the-square"
LATE = "@brightloaf my order came two hours late and the bread was cold, terrible service"
MINUTE = timedelta(minutes=1)


class Board:
    """A team channel: what was drawn last is what people see."""

    name = "board"
    pace: timedelta | None = None

    def __init__(self) -> None:
        self.cards: dict[str, Card] = {}

    async def draw(self, card: Card, posted: str | None) -> str:
        self.cards[card.case_id] = card
        return f"card of {card.case_id}"

    async def tell(self, person: Person, words: str) -> bool:
        return False


@dataclass
class House:
    """Everything one process has, and the hands of the people around it."""

    store: RedisStore
    watch: Watch
    site: Site
    square: Square
    parts: Parts
    pace: Pace = field(default_factory=Pace)

    # The outside

    async def post(self, text: str = LATE, handle: str = "ada", name: str | None = "Ada Park",
                   to: str | None = None, **more: Any) -> Post:  # fmt: skip
        """Somebody writes on the square."""
        return await self.site.run(self.site.post, handle, name, text, to, **more)

    async def live(self, case: Case) -> list[str]:
        """Return the replies that stand under a case's mention: ours, by the API."""
        posts = await self.site.run(self.site.thread, case.mention.id)
        return [p.text for p in posts if p.author.is_company and p.via == "api"]

    # The bot

    async def reads(self, **more: Any) -> Taken:
        """Read the square once."""
        lease = await self.store.cursors.take("square", by="test", lease=MINUTE)
        assert lease is not None
        taken, _ = await read(self.square, cursors=self.store.cursors, lease=lease, parts=self.parts, **more)
        return taken

    async def works(self, **time: float) -> None:
        """Let time pass, and do what is due."""
        if time:
            self.watch.move(**time)
        await Worker(self.parts, self.pace).drain()

    async def hears(self, text: str = LATE, handle: str = "ada", **more: Any) -> Case:
        """Somebody writes, and the bot does all it can: the case as it stands then."""
        post = await self.post(text, handle, **more)
        await self.reads()
        await self.works()
        return await self.case(post.id)

    async def case(self, post_id: str) -> Case:
        return await self.store.get(f"square:{post_id}")

    async def now(self, case: Case) -> Case:
        """The case as it stands now."""
        return await self.store.get(case.id)

    async def trail(self, case: Case) -> list[str]:
        """The kinds of everything that happened to a case."""
        return [entry.event.kind for entry in await self.entries(case)]

    async def entries(self, case: Case) -> Sequence[Entry]:
        return await self.store.trail(case.id)

    @property
    def board(self) -> Board:
        board = self.parts.channels["board"]
        assert isinstance(board, Board)
        return board

    def card(self, case: Case) -> Card:
        """The card as people see it."""
        return self.board.cards[case.id]

    # The people

    @property
    def front(self) -> Front:
        return Front(self.parts)

    async def press(self, case: Case, kind: str, by: Person = RESPONDER, **fields: str) -> Case:
        """Somebody fills a card's form in and sends it."""
        return await press(case.id, read_form(kind, fields, at=self.watch()), by, self.parts)

    async def approves(self, case: Case, by: Person = RESPONDER, reason: str = "") -> Case:
        """Somebody approves what they saw."""
        return await press(case.id, approval(case, reason), by, self.parts)

    async def agrees(self, case: Case, by: Person) -> Case:
        """Somebody else approves what they saw."""
        assert case.draft is not None
        decision = SecondApprove(draft=case.draft.id, context=case.context)
        return await press(case.id, decision, by, self.parts)

    async def edits(self, case: Case, text: str, by: Person = RESPONDER) -> Case:
        """Somebody writes other words over the draft they saw."""
        assert case.draft is not None
        return await press(case.id, Edit(draft=case.draft.id, text=text), by, self.parts)

    async def answered(self, text: str = LATE, handle: str = "ada", **more: Any) -> Case:
        """A case whose reply is live."""
        case = await self.hears(text, handle, **more)
        await self.approves(case)
        await self.works(seconds=21)
        case = await self.now(case)
        assert case.state is State.PUBLISHED
        return case

    def change(self, **parts: Any) -> None:
        """Put other parts in."""
        self.parts = replace(self.parts, **parts)

    def answers_through(self, publisher: Any, **more: Any) -> None:
        """Let another publisher stand between us and the square."""
        platform = replace(self.parts.platforms["square"], publisher=publisher, **more)
        self.change(platforms={"square": platform})


async def until(true: Callable[[], bool], *, patience: float = 20) -> None:
    """Wait for a condition."""

    async def asked() -> bool:
        return true()

    await until_found(asked, patience=patience)


async def until_found(true: Callable[[], Awaitable[bool]], *, patience: float = 20) -> None:
    """Wait for a condition that has to be asked for."""
    async with asyncio.timeout(patience):
        while not await true():  # noqa: ASYNC110 what is waited for is told by no event
            await asyncio.sleep(0.01)


def approval(case: Case, reason: str = "") -> Approve:
    """The approval of exactly what stands on the card."""
    assert case.draft is not None
    return Approve(draft=case.draft.id, context=case.context, reason=reason)


@asynccontextmanager
async def a_square(site: Site, watch: Watch) -> AsyncIterator[Square]:
    """Yield the company's way into a square that runs on loopback."""
    door = web.Application()
    door.add_subapp(PREFIX, square_routes(site, token=TOKEN))
    runner = web.AppRunner(door, shutdown_timeout=1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        async with Square(name="square", url=url, token=TOKEN, clock=watch) as square:
            yield square
    finally:
        await runner.cleanup()


def parts_of(store: RedisStore, square: Square, watch: Watch) -> Parts:
    """The parts a house has when nothing is broken."""
    classifier, writer = OfflineClassifier(), OfflineWriter(protocol())
    platform = Platform(
        name="square", mode=Mode.API, reason="by its API", max_length=500, hosts=("127.0.0.1",),
        source=square, publisher=square, private=square, retractor=square,
        moderator=square,
    )  # fmt: skip
    return Parts(
        store=store, team=TEAM, protocol=protocol(), clock=watch, classifier=classifier,
        provisional=classifier.provisional, writer=writer, offline=writer, platforms={"square": platform},
        channels={"board": Board()},
    )  # fmt: skip


@asynccontextmanager
async def a_house(url: str, folder: Path, watch: Watch) -> AsyncIterator[House]:
    """Yield a house with a brand of its own on the server at `url`."""
    site = Site(folder / "square.db", now=watch)
    try:
        async with a_square(site, watch) as square, a_store(url, watch, channels=("board",)) as store:
            yield House(store, watch, site, square, parts_of(store, square, watch))
    finally:
        site.close()
