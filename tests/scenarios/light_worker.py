"""A worker and a reader of the square in a process of their own, light enough to be killed 200 times.

A zygote imports everything once and forks a worker for each life, so that a life begins in milliseconds.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from datetime import UTC, datetime, timedelta

import httpx2
import structlog

from adapters.llm.offline import OfflineWriter
from adapters.platforms.square import Square
from adapters.store.redis import RedisStore
from adapters.triage.offline import OfflineClassifier
from bot.checks import Checked, check
from bot.domain.card import Card
from bot.domain.delivery import Mode
from bot.domain.draft import Purpose
from bot.domain.team import Person
from bot.flows.parts import Parts
from bot.ports import Brief, Platform, Unread
from bot.worker import Pace, Reader, Worker, watch
from tests.builders import TEAM, a_mention, protocol

#: No undo window, so that a publication is under way as often as possible when the kill comes.
HASTY = protocol().model_copy(update={"undo_seconds": 0, "undo_seconds_by_severity": {}})
TIMEOUT = timedelta(milliseconds=600)
LEASE = timedelta(milliseconds=400)
TOKEN = "a-token-of-the-square"


class Board:
    """A team channel of its own, apart from the record: what was drawn last is what people see."""

    name = "board"
    pace: timedelta | None = None

    def __init__(self, url: str) -> None:
        self._client = httpx2.AsyncClient(base_url=url)

    async def draw(self, card: Card, posted: str | None) -> str:
        answer = await self._client.put("/board", params={"id": card.case_id}, content=card.model_dump_json())
        answer.raise_for_status()
        return card.case_id

    async def tell(self, person: Person, words: str) -> bool:
        return False


def now() -> datetime:
    return datetime.now(UTC)


async def parts_of(redis_url: str, square: Square, board: Board) -> tuple[Parts, RedisStore]:
    store = await RedisStore.connect(redis_url, channels=("board",), clock=now)
    classifier, writer = OfflineClassifier(), OfflineWriter(HASTY)
    platform = Platform(
        name="square", mode=Mode.API, reason="by its API", max_length=500, source=square, publisher=square
    )
    parts = Parts(
        store=store,
        team=TEAM,
        protocol=HASTY,
        clock=now,
        classifier=classifier,
        provisional=classifier.provisional,
        writer=writer,
        offline=writer,
        platforms={"square": platform},
        channels={"board": board},
        publish_timeout=TIMEOUT,
    )
    return parts, store


async def warm_up() -> None:
    """Read every word list once, so that a life is spent working."""
    classifier, writer = OfflineClassifier(), OfflineWriter(HASTY)
    for language in HASTY.parts:
        reading = await classifier.assess(Unread(a_mention("late and cold", language=language)))
        brief = Brief(
            case_id="warm", purpose=Purpose.ANSWER, language=language, mention="", category=reading.category,
            topics=reading.topics, name="Ada", private=False,
        )  # fmt: skip
        check(Checked(text=writer.compose(brief).text, language=language))


async def work(redis_url: str, web_url: str) -> None:
    async with Square(name="square", url=web_url, token=TOKEN) as square:
        parts, store = await parts_of(redis_url, square, Board(web_url))
        stop = asyncio.Event()
        reader = Reader(by="light", every=0.02, lease=LEASE)
        reading = watch(square, reader, cursors=store.cursors, parts=parts, stop=stop)
        async with asyncio.TaskGroup() as group:
            group.create_task(reading)
            group.create_task(Worker(parts, Pace(lease=LEASE, idle=0.01)).run(stop))


def main() -> None:
    """Fork a life for each line on standard input; say its process ID. End with the input."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    redis_url, web_url = sys.argv[1:]
    asyncio.run(warm_up())
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(work(redis_url, web_url))
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)
        sys.stdout.write("dead\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
