"""`levelhead check`: try each connection, look at each secret, and say plainly what is wrong."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.language import NAMES
from bot.domain.protocol import ResponseProtocol
from bot.errors import BadSettings, PlatformError, StoreUnavailable
from bot.flows.trouble import troubles_of
from bot.main.paging import PAGER
from bot.main.places import unplaced
from bot.main.platforms import now
from bot.main.slack_app import slack_checks
from bot.main.teams_app import teams_checks
from bot.main.wiring import House, connect, protocol_of
from bot.settings import Settings, WebhookSource

#: A source without a sign of life for longer than this is an alarm (M19).
SILENT = timedelta(minutes=10)
#: A bad item cannot be tried again: after a day it is told, and no longer an alarm.
FRESH = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of the report. `ok` is None for something to know that is not wrong."""

    ok: bool | None
    name: str
    says: str


async def check(settings: Settings) -> AsyncGenerator[Verdict, None]:
    """Yield a verdict for everything that could keep a mention from being answered."""
    for verdict in _settings(settings):
        yield verdict
    if settings.slack:
        for ok, name, says in await slack_checks(settings.slack):
            yield Verdict(ok=ok, name=name, says=says)
    try:
        async with connect(settings) as house:
            for part in (_record, _teams, _model, _channels, _sources, _waiting):
                async for verdict in part(house):
                    yield verdict
    except (StoreUnavailable, BadSettings) as problem:
        yield Verdict(ok=False, name="record", says=str(problem))


def _settings(settings: Settings) -> list[Verdict]:
    file = settings.folder / "levelhead.toml"
    where = str(file) if file.exists() else "the demo's"
    if settings.demo and file.exists():
        where += ", which is a demo (`demo = true`)"
    found = [
        Verdict(ok=True, name="settings", says=f"read: {where}"),
        Verdict(ok=True, name="team", says=f"{len(settings.team.people)} people"),
    ]
    found += [Verdict(ok=None, name="off", says=off) for off in settings.off]
    if settings.shadow:
        found.append(Verdict(ok=None, name="shadow mode", says="on: everything happens, and nothing is sent"))
    if nowhere := unplaced(settings):
        found.append(Verdict(ok=None, name="places", says=nowhere))
    try:
        protocol = protocol_of(settings)
    except BadSettings as problem:
        return [*found, Verdict(ok=False, name="protocol", says=str(problem))]
    languages = ", ".join(sorted(protocol.parts))
    return [
        *found,
        *_people(settings, protocol),
        Verdict(ok=True, name="protocol", says=f"{protocol.label}, drafts in {languages}"),
    ]


def _people(settings: Settings, protocol: ResponseProtocol) -> Iterator[Verdict]:
    """Tell what team.toml says of a desk or a language that leads nowhere: a slip of the pen, most likely."""
    known = ", ".join(sorted(NAMES))
    for person in settings.team.people:
        for desk in sorted(person.desks - protocol.desks.keys()):
            says = f"{person.name}: the protocol has no desk {desk!r}; it has {', '.join(protocol.desks)}"
            yield Verdict(ok=False, name="team", says=says)
        for language in sorted({*person.languages} - NAMES.keys()):
            says = f"{person.name} reads {language!r}: is the code right? Known are {known}"
            yield Verdict(ok=None, name="team", says=says)
    for desk in sorted(protocol.desks.keys() - {d for person in settings.team.people for d in person.desks}):
        yield Verdict(ok=None, name="team", says=f"nobody in team.toml answers for the desk {desk!r}")


async def _teams(house: House) -> AsyncIterator[Verdict]:
    if house.settings.teams:
        for ok, name, says in await teams_checks(house.settings.teams, house.keeper):
            yield Verdict(ok=ok, name=name, says=says)


async def _model(house: House) -> AsyncIterator[Verdict]:
    if house.model is None:
        says = "none is configured: drafts are composed from the protocol"
        yield Verdict(ok=None, name="model", says=says)
        return
    ok, says = await house.model.check()
    yield Verdict(ok=ok, name="model", says=says)


async def _channels(house: House) -> AsyncIterator[Verdict]:
    for name, says in (await troubles_of(house.store)).items():
        yield Verdict(ok=False, name=name, says=says)
    pagers = house.parts.pagers
    for pager in pagers:
        try:
            await pager.check()
        except BadSettings as problem:
            yield Verdict(ok=False, name=pager.name, says=str(problem))
        else:
            yield Verdict(ok=True, name=pager.name, says="its address is understood; nothing was sent")
    chats = {"Slack": house.settings.slack, "Teams": house.settings.teams}
    if any(chats.values()) and not pagers:
        gone = " or ".join(name for name, chat in chats.items() if chat)
        yield Verdict(ok=None, name="pager", says=f"none: while {gone} is gone, nobody is told; set {PAGER}")


async def _record(house: House) -> AsyncIterator[Verdict]:
    kind = "your Redis (REDIS_URL)" if house.settings.redis_url else "our own server, in the data folder"
    yield Verdict(ok=True, name="record", says=f"answers: {kind}")
    for ok, says in await house.store.durability():
        yield Verdict(ok=ok, name="durability", says=says)
    paused = await house.store.paused()
    if paused:
        known = house.team.model_copy(update={"guests": await house.store.met([paused[0]])})
        who = known.name(paused[0])
        says = f"paused by {who} since {paused[1]:%Y-%m-%d %H:%M} UTC; `levelhead resume` goes on"
        yield Verdict(ok=None, name="publishing", says=says)


async def _sources(house: House) -> AsyncIterator[Verdict]:
    if not house.settings.sources:
        yield Verdict(ok=False, name="sources", says="none is configured: nothing is being watched")
    beats = {beat.source: beat for beat in await house.store.beats()}
    for name, platform in house.parts.platforms.items():
        if platform.source is None:
            yield Verdict(ok=True, name=name, says=f"waits for pushes at /hooks/{name}; secret present")
            continue
        try:
            await platform.source.fetch(await house.cursors.get(name))
        except PlatformError as problem:
            if name in house.built_in:
                yield Verdict(ok=None, name=name, says="built in: there while `levelhead run` is")
                continue
            yield Verdict(ok=False, name=name, says=f"cannot be read: {problem}")
            continue
        beat = beats.get(name)
        if beat and beat.read_at and now() - beat.read_at > max(SILENT, 3 * _every(house, name)):
            says = (
                f"can be read, but was last read at {beat.read_at:%Y-%m-%d %H:%M} UTC; is `levelhead run` up?"
            )
            yield Verdict(ok=False, name=name, says=says)
        else:
            yield Verdict(ok=True, name=name, says="can be read")


def _every(house: House, name: str) -> timedelta:
    """How often a source is read."""
    source = next((s for s in house.settings.sources if s.name == name), None)
    if source is None or isinstance(source, WebhookSource):
        return timedelta(0)
    return timedelta(seconds=source.poll_seconds)


async def _waiting(house: House) -> AsyncIterator[Verdict]:
    asides = await house.store.asides()
    fresh = [aside for aside in asides if aside.kind != "item" or now() - aside.at < FRESH]
    for aside in asides[:20]:
        if aside.kind == "item":
            says = f"a bad item of {aside.what} at {aside.at:%Y-%m-%d %H:%M} UTC: {aside.reason}"
        else:
            says = (
                f"{aside.what}, {aside.kind}: {aside.reason}; `levelhead case retry {aside.what}` tries again"
            )
        yield Verdict(ok=False if aside in fresh else None, name="set aside", says=says)
    more = f"{len(asides)} in all" if asides else "nothing"
    yield Verdict(ok=not fresh if fresh or not asides else None, name="set aside", says=more)
    yield Verdict(ok=True, name="cases", says=f"{await house.store.count_open()} open")
