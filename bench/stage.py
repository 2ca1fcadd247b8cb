"""The bot as `levelhead demo` wires it, on an empty record of its own, with its round trips counted."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, Generic, TypeVar, cast

from pydantic import SecretStr

from adapters.store.keys import Keys
from adapters.store.link import Call, Link, Words
from adapters.store.redis import RedisStore
from bot.domain.mention import Mention
from bot.flows.ingest import ingest
from bot.flows.parts import Parts
from bot.main.wiring import connect, now, record_url
from bot.ports import Batch, ChatSurface
from bot.settings import DEMO, Settings, load_settings
from bot.worker import Pace, Worker

#: Which store stands on a stage.
S_co = TypeVar("S_co", bound=RedisStore, covariant=True)
#: Mentions in one batch of a source.
BATCH = 100
#: Where a server's file reaches a disk; the usual folder for temporary files may be memory alone.
_DISK = Path("/var/tmp")  # noqa: S108 (a folder with a random name is made in it)


@dataclass
class Trips:
    """What went to the server: each answer waited for is one trip, however many commands it carries."""

    count: int = 0
    #: Bytes out and back of each trip, while somebody asks for them.
    sizes: list[tuple[int, int]] | None = None

    def took(self, sent: Sequence[object], answer: object) -> None:
        self.count += 1
        if self.sizes is not None:
            self.sizes.append((size(sent), size(answer)))


class CountedLink(Link):
    """The product's link to the server, which counts."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.trips = Trips()

    async def _send(self, *command: Words) -> Any:
        answer = await super()._send(*command)
        self.trips.took(command, answer)
        return answer

    async def _send_all(self, calls: Sequence[Call | tuple[Words, ...]]) -> list[Any]:
        answers = await super()._send_all(calls)
        self.trips.took([call.command if isinstance(call, Call) else call for call in calls], answers)
        return answers


def size(value: object) -> int:
    """Return how many bytes of payload stand in a command or an answer."""
    if isinstance(value, bytes):
        return len(value)
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, list | tuple):
        return sum(size(part) for part in cast("Sequence[object]", value))
    return len(str(value))


@dataclass(frozen=True, slots=True)
class Stage(Generic[S_co]):
    """A bot on a record."""

    url: str
    settings: Settings
    parts: Parts
    store: S_co
    link: CountedLink

    def worker(self) -> Worker:
        """Return a worker as `levelhead run` has it."""
        return Worker(self.parts, Pace(at_once=self.settings.concurrency))

    async def take_in(self, mentions: Iterable[Mention], count: int) -> None:
        """Take in so many of `mentions`, as a source would."""
        await take_in(mentions, count, self.parts)

    async def used_memory(self) -> int:
        """Bytes the server has allocated for everything."""
        return int((await self._told("memory"))["used_memory"])

    async def server_cpu(self) -> float:
        """CPU seconds the server has used."""
        told = await self._told("cpu")
        return float(told["used_cpu_user"]) + float(told["used_cpu_sys"])

    async def _told(self, section: str) -> dict[str, Any]:
        return await cast("Any", self.link.client).info(section)


async def take_in(mentions: Iterable[Mention], count: int, parts: Parts) -> None:
    """Take in so many of `mentions`, a batch at a time."""
    stream = iter(mentions)
    for at in range(0, count, BATCH):
        items = tuple(islice(stream, min(BATCH, count - at)))
        await ingest(Batch(items=items), parts=parts)


@asynccontextmanager
async def staged(
    kind: type[S_co] = RedisStore, channels: Mapping[str, ChatSurface] | None = None
) -> AsyncGenerator[Stage[S_co]]:
    """Yield a bot on a new embedded server, which writes to a disk and confirms each write there."""
    with temporary_folder() as folder:
        settings = demo_settings(folder)
        async with record_url(settings) as url, connected(settings, url, kind, channels) as stage:
            yield stage


@asynccontextmanager
async def connected(
    settings: Settings,
    url: str,
    kind: type[S_co] = RedisStore,
    channels: Mapping[str, ChatSurface] | None = None,
) -> AsyncGenerator[Stage[S_co]]:
    """Yield a bot on the record at `url`; its cards stand in `channels`, else on the console."""
    settings = settings.model_copy(update={"redis_url": SecretStr(url)})
    async with connect(settings) as house:
        link = CountedLink(url)
        channels = channels or house.parts.channels
        store = kind(link, Keys("levelhead", settings.brand), tuple(channels), now)
        try:
            yield Stage(url, settings, replace(house.parts, store=store, channels=channels), store, link)
        finally:
            await store.aclose()


def demo_settings(folder: Path) -> Settings:
    """Return the demo's settings, with its data in `folder`."""
    return load_settings(DEMO, {}, demo=True).model_copy(update={"data": folder})


@contextmanager
def temporary_folder() -> Generator[Path]:
    """Yield a folder that is gone afterwards."""
    with TemporaryDirectory(prefix="levelhead-bench-", dir=_DISK if _DISK.is_dir() else None) as folder:
        yield Path(folder)


@dataclass(slots=True)
class Spent:
    """What a piece of work took."""

    seconds: float = 0.0
    bot: float = 0.0  # CPU seconds of this process
    server: float = 0.0  # CPU seconds of the server
    trips: int = 0
    done: dict[str, int] = field(default_factory=dict[str, int])


@asynccontextmanager
async def measured(stage: Stage[RedisStore]) -> AsyncGenerator[Spent]:
    """Yield what is filled in when the block ends."""
    spent = Spent()
    server, trips = await stage.server_cpu(), stage.link.trips.count
    cpu, began = process_time(), perf_counter()
    yield spent
    spent.seconds, spent.bot = perf_counter() - began, process_time() - cpu
    spent.trips = stage.link.trips.count - trips
    spent.server = await stage.server_cpu() - server
