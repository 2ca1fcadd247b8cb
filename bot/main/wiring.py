"""Build the parts from the settings. An adapter that is not configured is not imported."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from bot.domain.protocol import ResponseProtocol
from bot.domain.protocol_file import read_protocol
from bot.domain.team import Team
from bot.errors import BadSettings, StoreUnavailable
from bot.flows.front import Front, trail_of
from bot.flows.parts import Parts
from bot.main.paging import pagers
from bot.main.platforms import now, platform
from bot.main.secrets import derived
from bot.main.slack import slack_channels, slack_names
from bot.main.teams import teams_channels, teams_names
from bot.main.words import Words, words
from bot.ports import Bot, CaseStore, ChatSurface, Cursors, Keeper, TrailLine
from bot.settings import Settings, SquareSource

if TYPE_CHECKING:
    from adapters.llm.openai import Model as Asked
    from adapters.store.redis import RedisStore

PROTOCOL = Path(__file__).parents[2] / "prompts" / "protocol" / "default.toml"
#: Seconds our own server has to come up in another process's place.
PASSING = 5.0


@dataclass(frozen=True, slots=True)
class House:
    """Everything that one process needs."""

    settings: Settings
    parts: Parts
    bot: Bot
    cursors: Cursors
    keeper: Keeper
    model: Asked | None = None

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
        said = await words(settings, protocol, store.meter, stack)
        parts = await _parts(settings, protocol, store, said, stack)
        yield House(
            settings=settings,
            parts=parts,
            bot=Front(parts),
            cursors=store.cursors,
            keeper=store.keeper,
            model=said.model,
        )


async def _store(url: str, settings: Settings) -> RedisStore:
    """Return the record. Our own server may just be passing from a process that leaves to this one."""
    from adapters.store.redis import RedisStore  # noqa: PLC0415 as every adapter: only when it is used

    channels = ("console", *slack_names(settings), *teams_names(settings))
    until = monotonic() + (0 if settings.redis_url else PASSING)
    while True:
        try:
            return await RedisStore.connect(url, brand=settings.brand, channels=channels, clock=now)
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
    settings: Settings, protocol: ResponseProtocol, store: RedisStore, said: Words, stack: AsyncExitStack
) -> Parts:
    async def told(case_id: str) -> Sequence[TrailLine]:
        return await trail_of(case_id, store, settings.team)

    return Parts(
        store=store,
        team=settings.team,
        protocol=protocol,
        clock=now,
        classifier=said.classifier,
        provisional=said.rules.provisional,
        writer=said.writer,
        offline=said.offline,
        prompts=said.prompts,
        rules=said.rules if said.model else None,
        translator=said.translator,
        meter=store.meter,
        platforms={source.name: await platform(source, settings, stack) for source in settings.sources},
        channels={
            **_channels(),
            **await slack_channels(settings, told, stack),
            **await teams_channels(settings, store.keeper, told, stack),
        },
        pagers=pagers(settings),
        shadow=settings.shadow,
        publish_timeout=timedelta(seconds=settings.publish_timeout_seconds),
    )


def _channels() -> dict[str, ChatSurface]:
    from adapters.chat.console.channel import Console  # noqa: PLC0415

    return {"console": Console()}


def console_secret(settings: Settings) -> str:
    """Return what sessions and sign-in links are signed with."""
    if settings.console_secret is not None:
        return settings.console_secret.get_secret_value()
    return derived(settings, "console")


def sign_in_link(settings: Settings, person_id: str) -> str:
    """Return a link with which one person signs in to the console; raises `BadSettings` for a stranger."""
    from adapters.chat.console.sessions import sign_in_link as link  # noqa: PLC0415

    if settings.team.person(person_id) is None:
        known = ", ".join(person.id for person in settings.team.people)
        raise BadSettings(f"team.toml has no person {person_id!r}; it has {known}")
    return link(console_secret(settings), person_id, now(), _console_address(settings))


def _console_address(settings: Settings) -> str:
    """How browsers reach the console: by the first name it may be called by, else by its own address."""
    console = settings.console
    if console.allowed_hosts:
        name = console.allowed_hosts[0]
        return f"https://{name}" if console.https else f"http://{name}:{console.port}"
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(console.host, console.host)  # noqa: S104 named, not listened on
    return f"http://{name}:{console.port}"
