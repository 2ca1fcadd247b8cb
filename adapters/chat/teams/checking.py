"""What keeps Teams from working, each with what to do about it: secret, tenant, keys, clock, channels.

Pages under learn.microsoft.com/en-us: entra/identity-platform/reference-error-codes and
azure/bot-service/rest-api/bot-framework-rest-connector-authentication;
microsoftteams/platform/bots/how-to/get-teams-context (the members of a channel).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2

from adapters.chat.clocks import Found, Heard, compared
from adapters.chat.teams.connector import Connector
from adapters.chat.teams.door import PATH
from adapters.chat.teams.settings import TeamsPlace, TeamsSettings
from adapters.chat.teams.tokens import Keys, KeysUnavailable
from adapters.http import client
from bot.errors import NotGenuine, PlatformBusy, PlatformError
from bot.ports import Clock

_LATE: Final = "what Teams sends is refused as too old or too new, every press with it"


async def check(settings: TeamsSettings, service: str, *, now: Clock) -> list[Found]:
    """Return what is well and what is not; it posts nothing, and no failure of Microsoft's is raised.

    `service` is where the Connector listens, as `Known.service` tells.
    """
    found: list[Found] = []
    async with Connector(settings) as connector:
        try:
            await connector.token()
        except PlatformError as problem:
            found.append((False, "teams credentials", _says(problem)))
        else:
            says = f"work: the app {settings.app_id} in the tenant {settings.tenant}"
            found.append((True, "teams credentials", says))
            for place in settings.places:
                found += await _place(connector, settings, service, place)
    return [*found, *await _keys(settings, now), *_to_know(settings)]


def _says(problem: PlatformError) -> str:
    return f"{problem}; try again in a minute" if isinstance(problem, PlatformBusy) else str(problem)


async def _place(
    connector: Connector, settings: TeamsSettings, service: str, place: TeamsPlace
) -> list[Found]:
    name, total, outside = f"teams channel {place.name}", 0, 0
    try:
        async for member in connector.members(service, place.channel):
            total, outside = total + 1, outside + _is_outside(member, settings)
    except PlatformError as problem:
        return [(False, name, f"{place.channel}: {_says(problem)}")]
    found: list[Found] = [(True, name, f"{place.channel} is there, and the app is in it")]
    if outside:
        says = f"{outside:,} of its {total:,} members are guests or of another organisation"
        found.append((None, name, f"{says}: they read every card there, and decide nothing"))
    return found


def _is_outside(member: Mapping[str, Any], settings: TeamsSettings) -> bool:
    """Whether somebody is not of the organisations that are heard, as far as Teams says."""
    tenant = str(member.get("tenantId") or settings.tenant).casefold()
    guest = str(member.get("userRole")).casefold() == "guest"
    return guest or tenant not in {one.casefold() for one in settings.tenants}


async def _keys(settings: TeamsSettings, now: Clock) -> list[Found]:
    heard = Heard(httpx2.AsyncHTTPTransport(trust_env=False))
    async with client(transport=heard) as http:
        before = now()
        try:
            await Keys(http, settings.cloud, now).of("")
        except KeysUnavailable:
            host = urlsplit(settings.cloud.metadata).netloc
            says = f"they cannot be had, and every press is refused: let this machine reach {host} over https"
            return [(False, "teams keys", says)]
        except NotGenuine:  # no key is named so: that is seen only where the list of them was read
            read = (True, "teams keys", "those that Microsoft signs with can be read")
            return [read, compared(heard, "Teams", before, now(), then=_LATE)]
    return []


def _to_know(settings: TeamsSettings) -> Iterator[Found]:
    """Tell what is not wrong, and what nobody can see from here."""
    others = sorted({one.casefold() for one in settings.tenants} - {settings.tenant.casefold()})
    if others:
        yield (None, "teams tenants", f"heard besides your own organisation: {', '.join(others)}")
    says = f"the bot's messaging endpoint in Azure has to be your public address with {PATH}"
    seen = "and what you write to the bot in Teams has to be answered"
    yield (None, "teams requests", f"whether Microsoft reaches us cannot be seen from here: {says}, {seen}")
    library = f"botbuilder-core {version('botbuilder-core')} is the last: Microsoft's support ended with 2025"
    yield (None, "teams library", f"{library}; who asks, and where we post, is checked without it")
