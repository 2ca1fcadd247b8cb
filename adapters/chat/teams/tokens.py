"""Whether an activity comes from Teams, for us, from a tenant that we serve: nothing is believed before.

Page: learn.microsoft.com/en-us/azure/bot-service/rest-api/bot-framework-rest-connector-authentication.
The check that comes with botbuilder takes tokens that never expire, any tenant and any service URL, breaks on
a key it does not know, and stops the event loop to fetch keys: so this is our own.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast
from urllib.parse import urlsplit

import httpx2
import jwt
import structlog
from pydantic_core import from_json

from adapters.chat.teams.activity import Activity, Json
from adapters.chat.teams.settings import Cloud, TeamsSettings
from adapters.http import send
from bot.errors import BadSettings, NotGenuine, PlatformBusy, PlatformError
from bot.ports import Clock

log = structlog.get_logger(__name__)

CHANNEL: Final = "msteams"
#: What Microsoft allows for clocks that differ, in seconds.
SKEW: Final = 300
#: Keys are fetched again at this age: at least daily, says the page.
OLD: Final = timedelta(hours=12)
#: While Microsoft's list cannot be had, the keys we know count so long.
STALE: Final = timedelta(days=7)
#: A key not in the list is looked for again after this: made-up ones must not let us hammer Microsoft.
AGAIN: Final = timedelta(minutes=5)
#: After a fetch that failed it is tried again so soon.
RETRY: Final = timedelta(seconds=5)
#: Seconds for a fetch. A press has five in all, and the record needs most of them.
PATIENCE: Final = 1.5

#: A token is made by anybody: no UTF-8, nested too deep, a time beyond all years.
_NO_TOKEN: Final = (jwt.PyJWTError, ValueError, TypeError, RecursionError, OverflowError)


class KeysUnavailable(PlatformBusy):
    """Microsoft's keys cannot be had now, so nothing can be believed; Teams may send it again."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key that Microsoft signs with, and the chats it may speak for; none named: any."""

    key: Any
    endorsements: frozenset[str] = frozenset()


class Keys:
    """Microsoft's signing keys: kept, fetched again as they grow old, and when one is new."""

    def __init__(self, http: httpx2.AsyncClient, cloud: Cloud, clock: Clock) -> None:
        """`http` should follow no redirects; `clock` tells how old the keys are."""
        self._http, self._cloud, self._clock = http, cloud, clock
        self._keys: dict[str, Key] = {}
        self._fetched: datetime | None = None
        self._next: datetime | None = None  # not asked again before
        self._failed = False
        self._lock = asyncio.Lock()

    async def of(self, kid: str) -> Key:
        """Return the key of this name; raises `NotGenuine`, `KeysUnavailable`."""
        if self._is_wanted(kid):
            async with self._lock:  # one fetch for a crowd
                if self._is_wanted(kid):
                    await self._fetch()
        if self._fetched is None or self._age() > STALE:
            raise KeysUnavailable("Microsoft's signing keys cannot be had")
        if kid in self._keys:
            return self._keys[kid]
        if self._failed:
            raise KeysUnavailable("whether Microsoft has a new signing key cannot be seen")
        raise NotGenuine("unknown key")

    def _age(self) -> timedelta:
        return self._clock() - self._fetched if self._fetched else timedelta.max

    def _is_wanted(self, kid: str) -> bool:
        if kid in self._keys and self._age() < OLD:
            return False
        return self._next is None or self._clock() >= self._next

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                keys = _keys(await self._json((await self._json(self._cloud.metadata))["jwks_uri"]))
        except (
            PlatformError,
            TimeoutError,
            LookupError,
            TypeError,
            ValueError,
            httpx2.InvalidURL,
        ) as problem:
            log.warning("teams_keys_failed", error=type(problem).__name__, known=len(self._keys))
            self._failed, self._next = True, self._clock() + RETRY
            return
        self._keys, self._fetched = keys, self._clock()
        self._failed, self._next = False, self._clock() + AGAIN

    async def _json(self, url: str) -> Json:
        answer = await send(self._http, "Microsoft", self._http.build_request("GET", url))
        return cast("Json", from_json(answer.content))


def _keys(told: Json) -> dict[str, Key]:
    """Read a list of keys; one that cannot be read does not lose the others. Raises `ValueError`."""
    found: dict[str, Key] = {}
    rows = [cast("Json", row) for row in cast("list[object]", told["keys"]) if isinstance(row, dict)]
    for row in rows:
        if row.get("kty") != "RSA" or row.get("use", "sig") != "sig":
            continue
        try:
            found[str(row["kid"])] = Key(
                jwt.PyJWK(row, "RS256").key, frozenset(row.get("endorsements") or ())
            )
        except (jwt.PyJWTError, LookupError, TypeError, ValueError) as problem:
            log.warning("teams_key_skipped", error=type(problem).__name__)
    if not found:
        raise ValueError("no key in Microsoft's list")
    return found


def check(settings: TeamsSettings) -> None:
    """Raise `BadSettings` where a request could not be told from a forged one."""
    wanted = {
        "app_id": settings.app_id, "secret": settings.secret, "tenants": settings.tenants,
        "cloud.issuer": settings.cloud.issuer, "cloud.hosts": settings.cloud.hosts,
    }  # fmt: skip
    for name, value in wanted.items():
        if not value or "" in (value if isinstance(value, frozenset) else ()):
            raise BadSettings(f"teams.{name}: is missing; without it anybody could press")


async def verified(keys: Keys, header: str, body: Json, settings: TeamsSettings) -> Json:
    """Return the claims of the token that came with an activity.

    Raises `NotGenuine` (its text is for the log), `KeysUnavailable`, `BadInput` where it is no activity.
    """
    activity = Activity.read(body)
    claims, endorsements = await _claims(keys, header, settings)
    if activity.channel_id != CHANNEL or (endorsements and CHANNEL not in endorsements):
        raise NotGenuine("another channel")
    if not activity.service_url or claims.get("serviceurl") != activity.service_url:
        raise NotGenuine("service URL is not the one signed for")
    if not _is_microsofts(activity.service_url, settings.cloud):
        raise NotGenuine("service URL is not Microsoft's")
    named = {tenant.lower() for tenant in (activity.tenant, activity.conversation.tenant) if tenant}
    if not activity.tenant or not named <= {tenant.lower() for tenant in settings.tenants}:
        raise NotGenuine("another tenant")
    return claims


async def _claims(keys: Keys, header: str, settings: TeamsSettings) -> tuple[Json, frozenset[str]]:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotGenuine("no bearer token")
    try:
        head = jwt.get_unverified_header(token)
    except _NO_TOKEN as problem:
        raise NotGenuine(type(problem).__name__) from None
    kid = head.get("kid")
    if head.get("alg") != "RS256" or not isinstance(kid, str):
        raise NotGenuine("another algorithm, or no key named")
    key = await keys.of(kid)
    try:
        claims = jwt.decode(
            token,
            key.key,
            algorithms=["RS256"],
            audience=settings.app_id,
            issuer=settings.cloud.issuer,
            leeway=SKEW,
            options={"require": ["exp", "nbf", "iss", "aud"], "strict_aud": True},
        )
    except _NO_TOKEN as problem:
        raise NotGenuine(type(problem).__name__) from None
    return claims, key.endorsements


def _is_microsofts(url: str, cloud: Cloud) -> bool:
    """Whether an address is on a host of Microsoft's, by the scheme and port that are theirs."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return url.isprintable() and f"{parts.scheme}://{parts.netloc}" in cloud.hosts
