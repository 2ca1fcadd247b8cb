"""What the operator can set, as values: the sources, the console, the public door, and the rest."""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, StringConstraints, model_validator

from bot.domain.mention import Name
from bot.domain.team import Team
from bot.domain.value import Value

Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?$")]
Bind = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:-]{1,253}$")]
Port = Annotated[int, Field(strict=True, ge=0, le=65_535)]


class WebhookSource(Value):
    """A system that pushes mentions. `hosts` are the platform's own, where replies posted by hand stand.

    `secret` may hold two, the current and the one before, with a comma between.
    """

    kind: Literal["webhook"]
    name: Name
    platform: Name
    delivery: Literal["assisted", "report_only"]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
    hosts: tuple[Host, ...] = ()
    max_length: Annotated[int, Field(strict=True, gt=0)] | None = None
    secret: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _a_pasted_address_can_be_checked(self) -> Self:
        if self.delivery == "assisted" and not self.hosts:
            raise ValueError(
                'delivery "assisted" needs hosts, the platform\'s own: the address of a reply is checked'
            )
        return self


class SquareSource(Value):
    """A square to read and to answer on. Without `url` it is the demo's own, which this process serves."""

    kind: Literal["square"]
    name: Name
    url: Annotated[str, StringConstraints(max_length=2000)] | None = None
    token: SecretStr | None = None
    poll_seconds: Annotated[float, Field(ge=0.1, le=3600)] = 2.0

    @model_validator(mode="after")
    def _the_token_stays_secret_on_its_way(self) -> Self:
        if self.url is None:
            return self
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query:
            raise ValueError(f"url {self.url!r} should be like 'https://square.example.com'")
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise ValueError(f"url {self.url!r} should begin with https: the token travels with every call")
        return self


Source = Annotated[WebhookSource | SquareSource, Field(discriminator="kind")]


class Console(Value):
    """The team's local web page. `allowed_hosts` are names it may be called by besides its own address.

    `https` says that browsers reach it by HTTPS alone, through a proxy: its cookies then go no other way.
    """

    host: Bind = "127.0.0.1"
    port: Port = 8080
    sign_in: Literal["choose", "link"] = "link"
    https: bool = False
    allowed_hosts: tuple[Host, ...] = ()


class Public(Value):
    """The door for pushed mentions, apart from the console's."""

    host: Bind = "127.0.0.1"
    port: Port = 8081


class Settings(Value):
    """Everything the operator set, checked. `undo_seconds`, where it is set, stands above the protocol's.

    `sources` are the ones that are on; `off` says in words which are not, and what would switch each on.
    """

    folder: Path  # where the files stand, or would
    demo: bool = False
    brand: Name
    shadow: bool = False
    data: Path  # where the embedded store and the demo keep theirs
    protocol: Path | None = None
    allow_cli_approval: bool = False
    undo_seconds: Annotated[int, Field(strict=True, ge=0, le=3600)] | None = None
    publish_timeout_seconds: Annotated[int, Field(strict=True, ge=1, le=86_400)] = 300
    horizon_hours: Annotated[int, Field(strict=True, ge=0, le=8760)] = 24
    concurrency: Annotated[int, Field(strict=True, ge=1, le=256)] = 16
    console: Console = Console()
    public: Public = Public()
    sources: tuple[Source, ...] = ()
    team: Team
    redis_url: SecretStr | None = None
    console_secret: SecretStr | None = None
    off: tuple[str, ...] = ()


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def secret_name(kind: str, source: str) -> str:
    """Return the environment variable that holds a source's secret."""
    what = "SECRET" if kind == "webhook" else "TOKEN"
    return f"LEVELHEAD_{kind.upper()}_{re.sub('[^A-Z0-9]', '_', source.upper())}_{what}"
