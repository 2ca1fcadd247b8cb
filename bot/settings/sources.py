"""The sources an operator can name, as values: where mentions come from, and how replies go back."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, StringConstraints, model_validator

from bot.domain.keywords import Keywords
from bot.domain.mention import Name
from bot.domain.value import Value

Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?$")]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Address = Annotated[str, StringConstraints(max_length=2000)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class WebhookSource(Value):
    """A system that pushes mentions. `hosts` are the platform's own, where replies posted by hand stand.

    `secret` may hold two, the current and the one before, with a comma between.
    """

    kind: Literal["webhook"]
    name: Name
    platform: Name
    delivery: Literal["assisted", "report_only"]
    reason: Reason
    hosts: tuple[Host, ...] = ()
    max_length: Annotated[int, Field(strict=True, gt=0)] | None = None
    secret: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _a_pasted_address_can_be_checked(self) -> Self:
        if self.delivery == "assisted" and not self.hosts:
            raise ValueError(_NEEDS_HOSTS)
        return self


class SquareSource(Value):
    """A square to read and to answer on. Without `url` it is the demo's own, which this process serves."""

    kind: Literal["square"]
    name: Name
    url: Address | None = None
    token: SecretStr | None = None
    poll_seconds: Annotated[float, Field(ge=0.1, le=3600)] = 2.0

    @model_validator(mode="after")
    def _the_token_stays_secret_on_its_way(self) -> Self:
        if self.url is not None:
            address("url", self.url, "https://square.example.com")
        return self


class _Searched(Value):
    """A source that is searched. `words` are looked for, `but_not` are names that are not us."""

    words: tuple[Word, ...] = ()
    but_not: tuple[Word, ...] = ()

    @model_validator(mode="after")
    def _what_is_taken_away_was_found(self) -> Self:
        if self.but_not and not self.words:
            raise ValueError("but_not needs words: it takes away from what they find")
        return self

    @property
    def keywords(self) -> Keywords | None:
        """What is looked for."""
        return Keywords(words=self.words, but_not=self.but_not) if self.words else None


class FeedSource(_Searched):
    """An RSS or Atom feed. Without `words` every entry is a mention, as in a feed that is about us alone."""

    kind: Literal["feed"]
    name: Name
    platform: Name = "feed"
    url: Address
    delivery: Literal["assisted", "report_only"] = "report_only"
    reason: Reason = "a feed can be read, and not answered"
    hosts: tuple[Host, ...] = ()
    max_length: Annotated[int, Field(strict=True, gt=0)] | None = None
    poll_seconds: Annotated[float, Field(ge=10, le=86_400)] = 300.0

    @model_validator(mode="after")
    def _it_can_be_fetched_and_answered_as_it_says(self) -> Self:
        address("url", self.url, "https://example.com/feed.xml", plain=True)
        if self.delivery == "assisted" and not self.hosts:
            raise ValueError(_NEEDS_HOSTS)
        return self


class BlueskySource(_Searched):
    """An account on Bluesky: it signs in at `url`, people read at `site`.

    `words` are searched for besides what names the account.
    """

    kind: Literal["bluesky"]
    name: Name
    account: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", max_length=253)]
    url: Address = "https://bsky.social"
    site: Address = "https://bsky.app"
    poll_seconds: Annotated[float, Field(ge=0.1, le=3600)] = 20.0
    password: SecretStr | None = None

    @model_validator(mode="after")
    def _the_password_stays_secret_on_its_way(self) -> Self:
        address("url", self.url, "https://bsky.social")
        address("site", self.site, "https://bsky.app")
        return self


Source = Annotated[WebhookSource | SquareSource | FeedSource | BlueskySource, Field(discriminator="kind")]

_NEEDS_HOSTS = 'delivery "assisted" needs hosts, the platform\'s own: the address of a reply is checked'


def address(name: str, url: str, like: str, *, plain: bool = False) -> None:
    """Raise `ValueError` unless `url` can be asked; without https only on this machine, or `plain`."""
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise ValueError(f"{name} holds a user or a password, and a secret does not belong in a file")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{name} {url!r} should be like {like!r}")
    if parts.query and not plain:
        raise ValueError(f"{name} {url!r} should be like {like!r}")
    if parts.scheme == "http" and not plain and not is_loopback(parts.hostname):
        raise ValueError(f"{name} {url!r} should begin with https: a secret travels with every call")


def is_near(url: str) -> bool:
    """Whether `url` names a machine of our own network: a name without dots, or a private address."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return bool(host) and "." not in host


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def secret_name(kind: str, source: str) -> str:
    """Return the environment variable that holds a source's secret."""
    what = {"webhook": "SECRET", "bluesky": "PASSWORD"}.get(kind, "TOKEN")
    return f"LEVELHEAD_{kind.upper()}_{re.sub('[^A-Z0-9]', '_', source.upper())}_{what}"
