"""What the operator sets of Microsoft Teams: which app of which tenant, and which cases stand where."""

from __future__ import annotations

import re
from typing import Annotated, Any, Self
from urllib.parse import unquote

from pydantic import BeforeValidator, Field, SecretStr, StringConstraints, model_validator

from bot.domain.value import Value
from bot.settings.places import Place, each_its_own

Guid = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", to_lower=True)
]
_LINK = re.compile(r"https://teams\.(?:cloud\.)?microsoft(?:\.com|\.us)?/l/channel/(?P<channel>[^/?#]+)")


def _of_link(given: Any) -> Any:
    """Take the channel's ID out of the address that Teams gives for it ("Get link to channel")."""
    found = _LINK.match(given) if isinstance(given, str) else None
    return unquote(found["channel"]) if found else given


class TeamsPlace(Place):
    """One channel of a team in Teams, by its ID or by the link that Teams gives to it."""

    channel: Annotated[
        str,
        BeforeValidator(_of_link),
        StringConstraints(pattern=r"^19:[A-Za-z0-9_-]{8,128}@thread\.(tacv2|skype)$"),
    ]


class Teams(Value):
    """The bot's registration. `tenant` is the organisation it is registered in, `tenants` who else is heard.

    Without `tenants` no other organisation is. `inline` puts forms into the card itself, for clients that
    open no dialogs.
    """

    app_id: Guid
    tenant: Guid
    tenants: tuple[Guid, ...] = ()
    places: Annotated[tuple[TeamsPlace, ...], Field(min_length=1)]
    inline: bool = False
    secret: SecretStr | None = None

    @model_validator(mode="after")
    def _each_place_is_its_own(self) -> Self:
        each_its_own(self.places)
        return self
