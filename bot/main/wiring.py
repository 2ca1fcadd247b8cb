"""Build the parts from the settings. An adapter that is not configured is not imported."""

from __future__ import annotations

import asyncio
import hmac
import os
import secrets
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from bot.domain.delivery import Mode
from bot.domain.protocol import ResponseProtocol
from bot.domain.protocol_file import read_protocol
from bot.domain.team import Team
from bot.errors import BadSettings, StoreUnavailable
from bot.flows.front import Front
from bot.flows.parts import Parts
from bot.ports import Bot, CaseStore, ChatSurface, Cursors, Platform
from bot.settings import Settings, SquareSource, WebhookSource

if TYPE_CHECKING:
    from adapters.store.redis import RedisStore

PROTOCOL = Path(__file__).parents[2] / "prompts" / "protocol" / "default.toml"
CHANNELS = ("console",)
#: Seconds our own server has to come up in another process's place.
PASSING = 5.0


def now() -> datetime:
    """The clock of the running bot."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class House:
    """Everything that one process needs."""

    settings: Settings
    parts: Parts
    bot: Bot
    cursors: Cursors

    @property
    def built_in(self) -> frozenset[str]:
        """The sources which this process serves itself."""
        own = (s for s in self.settings.sources if isinstance(s, SquareSource) and s.url is None)
        return frozenset(source.name for source in own)

    @property
    def store(self) -> CaseStore:
        """The record."""
        return self.parts.store

    @property
    def team(self) -> Team:
        """Everybody who may decide."""
        return self.parts.team

    @property
    def protocol(self) -> ResponseProtocol:
        """The rules of answering."""
        return self.parts.protocol


@asynccontextmanager
async def connect(settings: Settings) -> AsyncGenerator[House]:
    """Yield a house with a record that answers; raises `StoreUnavailable` or `BadSettings`."""
    protocol = protocol_of(settings)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(record_url(settings))
        store = await _store(url, settings)
        stack.push_async_callback(store.aclose)
        parts = await _parts(settings, protocol, store, stack)
        yield House(settings=settings, parts=parts, bot=Front(parts), cursors=store.cursors)


async def _store(url: str, settings: Settings) -> RedisStore:
    """Return the record. Our own server may just be passing from a process that leaves to this one."""
    from adapters.store.redis import RedisStore  # noqa: PLC0415 as every adapter: only when it is used

    until = monotonic() + (0 if settings.redis_url else PASSING)
    while True:
        try:
            return await RedisStore.connect(url, brand=settings.brand, channels=CHANNELS, clock=now)
        except StoreUnavailable:
            if monotonic() > until:
                raise
            await asyncio.sleep(0.1)


@asynccontextmanager
async def record_url(settings: Settings) -> AsyncGenerator[str]:
    """Yield the address of the record: the operator's Redis, else our own server as a child."""
    if settings.redis_url is not None:
        yield settings.redis_url.get_secret_value()
        return
    from adapters.store.embedded import embedded  # noqa: PLC0415

    async with embedded(settings.data / "redis") as url:
        yield url


def protocol_of(settings: Settings) -> ResponseProtocol:
    """Return the protocol; raises `BadSettings` naming the line that is wrong."""
    protocol = read_protocol(settings.protocol or PROTOCOL)
    if settings.undo_seconds is None:
        return protocol
    return protocol.model_copy(update={"undo_seconds": settings.undo_seconds, "undo_seconds_by_severity": {}})


async def _parts(
    settings: Settings, protocol: ResponseProtocol, store: CaseStore, stack: AsyncExitStack
) -> Parts:
    from adapters.llm.offline import OfflineWriter  # noqa: PLC0415
    from adapters.triage.offline import OfflineClassifier  # noqa: PLC0415

    classifier, writer = OfflineClassifier(), OfflineWriter(protocol)
    return Parts(
        store=store,
        team=settings.team,
        protocol=protocol,
        clock=now,
        classifier=classifier,
        provisional=classifier.provisional,
        writer=writer,
        offline=writer,
        platforms={source.name: await _platform(source, settings, stack) for source in settings.sources},
        channels=_channels(),
        shadow=settings.shadow,
        publish_timeout=timedelta(seconds=settings.publish_timeout_seconds),
    )


def _channels() -> dict[str, ChatSurface]:
    from adapters.chat.console.channel import Console  # noqa: PLC0415

    return {"console": Console()}


async def _platform(
    source: WebhookSource | SquareSource, settings: Settings, stack: AsyncExitStack
) -> Platform:
    if isinstance(source, WebhookSource):
        from adapters.platforms.webhook import Webhook  # noqa: PLC0415

        return Platform(
            name=source.name,
            mode=Mode(source.delivery),
            reason=source.reason,
            max_length=source.max_length,
            hosts=source.hosts,
            receiver=Webhook(
                name=source.name, platform=source.platform, secret=source.secret.get_secret_value(), clock=now
            ),
        )
    from adapters.platforms.square import Square  # noqa: PLC0415

    url, token = square_access(source, settings)
    square = await stack.enter_async_context(Square(name=source.name, url=url, token=token))
    return Platform(
        name=source.name,
        mode=Mode.API,
        reason="the square lets us answer a post by its API",
        max_length=square.max_length,
        hosts=(url.split("//", 1)[1].split("/", 1)[0].split(":", 1)[0],),
        source=square,
        publisher=square,
    )


def square_access(source: SquareSource, settings: Settings) -> tuple[str, str]:
    """Return the square's address and our token there; the built-in one is served by this process."""
    token = source.token.get_secret_value() if source.token else derived(settings, "square")
    return source.url or f"http://127.0.0.1:{settings.console.port}", token


def derived(settings: Settings, name: str) -> str:
    """Return a secret of this data folder, made once, different for each `name`."""
    return hmac.new(_secret_of(settings.data), name.encode(), "sha256").hexdigest()


def console_secret(settings: Settings) -> str:
    """Return what sessions and sign-in links are signed with."""
    if settings.console_secret is not None:
        return settings.console_secret.get_secret_value()
    return derived(settings, "console")


def _secret_of(folder: Path) -> bytes:
    path = folder / "secret"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        # Whole or not at all, and the first one stays: two processes may start at once.
        made = path.with_name(f"secret.{os.getpid()}")
        made.touch(mode=0o600)
        made.write_bytes(secrets.token_bytes(32))
        with suppress(FileExistsError):
            os.link(made, path)
        made.unlink()
    found = path.read_bytes()
    if len(found) != 32:  # noqa: PLR2004 what was written above
        raise BadSettings(f"{str(path)!r} should hold 32 random bytes; delete it, and a new one is made")
    return found


def sign_in_link(settings: Settings, person_id: str) -> str:
    """Return a link with which one person signs in to the console; raises `BadSettings` for a stranger."""
    from adapters.chat.console.sessions import sign_in_link as link  # noqa: PLC0415

    if settings.team.person(person_id) is None:
        known = ", ".join(person.id for person in settings.team.people)
        raise BadSettings(f"team.toml has no person {person_id!r}; it has {known}")
    base = f"http://{settings.console.host}:{settings.console.port}"
    return link(console_secret(settings), person_id, now(), base)
