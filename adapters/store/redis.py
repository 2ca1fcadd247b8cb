"""The record in Redis: every part of the store over one link, and how safe that server is.

Runs on Redis 6.2 and later, on Valkey, and on a Redis Cluster, on the node of the brand's one slot.
https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

from redis.exceptions import ResponseError

from adapters.store.cases import Cases
from adapters.store.cursors import RedisCursors
from adapters.store.keeping import RedisKeeper
from adapters.store.keys import Keys
from adapters.store.lanes import Lanes
from adapters.store.link import Link
from adapters.store.listing import Listing
from adapters.store.notes import Notes
from adapters.store.numbers import Numbers
from adapters.store.part import pairs
from adapters.store.spending import RedisMeter
from bot.errors import BadSettings, StoreUnavailable
from bot.ports import Clock


class RedisStore(Cases, Lanes, Listing, Notes, Numbers):
    """The `CaseStore` port; `cursors`, `meter` and `keeper` are the ports of these names beside it."""

    def __init__(self, link: Link, keys: Keys, channels: tuple[str, ...], clock: Clock) -> None:
        """Use `connect`."""
        super().__init__(link, keys, channels, clock)
        self.cursors = RedisCursors(link, keys, channels, clock)
        self.meter = RedisMeter(link, keys, channels, clock)
        self.keeper = RedisKeeper(link, keys, channels, clock)

    @classmethod
    async def connect(
        cls,
        url: str,
        *,
        prefix: str = "levelhead",
        brand: str = "main",
        channels: tuple[str, ...] = ("console",),
        clock: Clock,
    ) -> Self:
        """Return a store on the server at `url`, which answers. Raises `BadSettings`, `StoreUnavailable`."""
        if any(sign in prefix + brand for sign in "{}") or not brand:
            raise BadSettings(f"prefix {prefix!r} and brand {brand!r}: expected a brand, and no braces")
        store = cls(Link(url), Keys(prefix, brand), channels, clock)
        try:
            await store.ping()
        except StoreUnavailable:
            await store.aclose()
            raise
        return store

    async def aclose(self) -> None:
        """Close the connections."""
        await self._link.close()

    async def ping(self) -> None:
        """Raise `StoreUnavailable` unless the record answers."""
        await self._link.send("PING")

    async def durability(self) -> Sequence[tuple[bool, str]]:
        """Return plain verdicts on how safe an acknowledged decision is on this server."""
        replication = await self._link.send("INFO", "replication")
        persistence = await self._link.send("INFO", "persistence")
        role = str(replication.get("role"))
        verdicts = [
            (True, "role: this is the primary")
            if role == "master"
            else (False, f"role: this is a {role}, which takes no writes; point REDIS_URL at the primary")
        ]
        settings = await self._settings()
        if settings is None:
            writes_log = bool(persistence.get("aof_enabled"))
            return [*verdicts, _append_only(on=writes_log), (False, _UNTOLD)]
        return [
            *verdicts,
            _append_only(on=settings.get("appendonly") == "yes"),
            _fsync(settings),
            _eviction(settings.get("maxmemory-policy", "?"), settings.get("maxmemory", "0")),
        ]

    async def _settings(self) -> Mapping[str, str] | None:
        """The server's settings, `None` where we may not see them."""
        found: dict[str, str] = {}
        for name in ("appendonly", "appendfsync", "maxmemory*"):
            try:
                told = await self._link.send("CONFIG", "GET", name)
            except StoreUnavailable as error:
                if isinstance(error.__cause__, ResponseError):
                    return None
                raise
            found |= {_text(key): _text(value) for key, value in pairs(told)}
        return found


_UNTOLD = (
    "appendfsync, maxmemory-policy: this server hides its settings (CONFIG is forbidden, as often); "
    "ask its operator for appendfsync always and noeviction, or an acknowledged decision may be lost"
)


def _append_only(*, on: bool) -> tuple[bool, str]:
    if on:
        return True, "appendonly: every change is written to a file"
    return False, "appendonly: no file is kept, so a restart may lose every case; set appendonly yes"


def _fsync(settings: Mapping[str, str]) -> tuple[bool, str]:
    match settings.get("appendfsync"):
        case _ if settings.get("appendonly") != "yes":
            return False, "appendfsync: means nothing without appendonly"
        case "always":
            return True, "appendfsync: always, so what was acknowledged survives a power cut"
        case "everysec":
            return False, "appendfsync: everysec, so a power cut may lose a second of decisions; set always"
        case other:
            return False, f"appendfsync: {other}, so a power cut may lose many decisions; set always"


def _eviction(policy: str, limit: str) -> tuple[bool, str]:
    if policy == "noeviction":
        return True, "maxmemory-policy: noeviction, so nothing is thrown away when memory is full"
    if limit == "0":
        return True, f"maxmemory-policy: {policy}, but without maxmemory nothing is thrown away"
    return False, f"maxmemory-policy: {policy}, so Redis may throw open cases away; set noeviction"


def _text(raw: bytes | str) -> str:
    return raw.decode() if isinstance(raw, bytes) else raw
