"""A team channel refuses its cards: it was deleted, or we were put out of it. Managers are told another way.

The case itself needs nothing of this: its drawing is owed until it is paid.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator, Mapping
from datetime import timedelta

import structlog

from bot.domain.team import Role
from bot.errors import PlatformError, StoreUnavailable
from bot.flows.parts import Parts
from bot.ports import CaseStore, ChatSurface

log = structlog.get_logger(__name__)

#: Nobody is told of the same channel more often.
TOLD = timedelta(hours=1)
#: While somebody is being told nobody else begins, and where nobody could be, it is tried again after it.
TELLING = timedelta(minutes=2)
_TITLE = "Levelhead: a team channel takes no cards"
_MOST = 600


async def channel_refused(name: str, reason: str, parts: Parts) -> None:
    """Record that the channel `name` refused a card, and tell the managers; raises nothing of ours.

    `reason` is what `ChannelGone` says: why, and what to do about it.
    """
    store, words = parts.store, _words(name, reason)
    try:
        await store.trouble(name, words)
        if await store.told(f"trouble-told:{name}"):
            return
        if not await store.once(f"trouble-telling:{name}", keep=TELLING):
            return
        if await _told(name, f"{words} {await _meanwhile(parts)}", parts):
            # Last: whoever dies before it leaves it to be told twice, and never to nobody.
            await store.once(f"trouble-told:{name}", keep=TOLD)
        else:
            log.error("managers_not_told", channel=name)
    except StoreUnavailable:
        log.warning("trouble_not_recorded", channel=name)


async def troubles_of(store: CaseStore) -> Mapping[str, str]:
    """Return for each channel that refuses its cards why, and when it did so last."""
    troubles = await store.troubles()
    return {name: f"{words} Last tried at {at:%H:%M} UTC." for name, (words, at) in troubles.items()}


def _words(name: str, reason: str) -> str:
    where = reason if reason.startswith(name) else f"{name}: {reason}"
    where = f"{where[:_MOST]}…" if len(where) > _MOST else where.rstrip(".")
    return f"No card can be put up in {where}."


async def _meanwhile(parts: Parts) -> str:
    away = await parts.store.troubles()
    left = ["the console" if name == "console" else name for name in parts.channels if name not in away]
    where = f"the cards in {' and in '.join(left)} can be worked on" if left else "no other channel has them"
    return (
        f"No case is lost. Meanwhile {where}, and the missing ones come by themselves "
        "once this is put right. `levelhead check` tells more."
    )


async def _told(name: str, words: str, parts: Parts) -> bool:
    """Tell every manager in every way there is; return whether any of them worked."""
    told = await asyncio.gather(*(_worked(way, telling) for way, telling in _ways(name, words, parts)))
    log.info("managers_told", channel=name, ways=sum(told))
    return any(told)


def _ways(name: str, words: str, parts: Parts) -> Iterator[tuple[str, Awaitable[bool | None]]]:
    managers = [person for person in parts.team.people if Role.MANAGER in person.roles]
    for channel in _products(name, parts.channels):
        for person in managers:
            yield f"{channel.name} to {person.id}", channel.tell(person, f"{_TITLE}. {words}")
    for pager in parts.pagers:
        yield pager.name, pager.page(_TITLE, words)


def _products(name: str, channels: Mapping[str, ChatSurface]) -> list[ChatSurface]:
    """Return a channel of each product, the troubled one's last: two of Slack's reach the same person."""
    one_each = {channel.name.partition(":")[0]: channel for channel in channels.values()}
    return sorted(one_each.values(), key=lambda c: c.name.partition(":")[0] == name.partition(":")[0])


async def _worked(way: str, telling: Awaitable[bool | None]) -> bool:
    """Return whether a way reached somebody: a pager says nothing where it did."""
    try:
        return await telling is not False
    except PlatformError as problem:
        log.warning("manager_not_told", way=way, problem=str(problem))
        return False
