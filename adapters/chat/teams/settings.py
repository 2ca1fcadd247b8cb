"""What the Teams channel is set to, and the cloud that it talks to.

Pages: learn.microsoft.com/en-us/azure/bot-service/rest-api/bot-framework-rest-connector-authentication,
learn.microsoft.com/en-us/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages (hosts).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Cloud:
    """Microsoft's addresses. `hosts` are the only ones that a service URL may name: scheme, host and port."""

    issuer: str
    metadata: str
    login: str
    scope: str
    service: str
    hosts: frozenset[str]


PUBLIC: Final = Cloud(
    issuer="https://api.botframework.com",
    metadata="https://login.botframework.com/v1/.well-known/openidconfiguration",
    login="https://login.microsoftonline.com",
    scope="https://api.botframework.com/.default",
    service="https://smba.trafficmanager.net/teams/",
    hosts=frozenset({"https://smba.trafficmanager.net", "https://smba.infra.gcc.teams.microsoft.com"}),
)


@dataclass(frozen=True, slots=True)
class TeamsPlace:
    """One channel and the cases that stand there: a `bot.domain.routing.Route` of lane `teams:<name>`."""

    name: str
    channel: str  # its ID in Teams, 19:...@thread.tacv2
    languages: frozenset[str] = frozenset()
    platforms: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    severity: str = "low"
    risks: bool | None = None
    stub: bool = False


@dataclass(frozen=True, slots=True)
class TeamsSettings:
    """One bot of one tenant. `tenants` are all that are heard; `console` is the web console's address.

    `inline`: forms stand in the card itself, for clients without dialogs.
    """

    app_id: str
    secret: str = field(repr=False)
    tenant: str
    tenants: frozenset[str]
    places: tuple[TeamsPlace, ...] = ()
    cloud: Cloud = PUBLIC
    console: str = ""
    inline: bool = False
