"""Platforms: where mentions come from and replies go to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bot.domain.delivery import How, Mode, Receipt
from bot.domain.events import Message
from bot.domain.mention import Gone, Mention, Native, SetAside

Cursor = str


@dataclass(frozen=True, slots=True)
class Batch:
    """What a source found, oldest first. `cursor` is where to read on, `None` to stay where it was."""

    items: tuple[Mention | Gone | Native, ...] = ()
    cursor: Cursor | None = None
    set_aside: tuple[SetAside, ...] = ()
    more: bool = False  # there is more to read at once


@runtime_checkable
class MentionSource(Protocol):
    """A platform we ask. `name` is the configured source's."""

    name: str

    async def fetch(self, since: Cursor | None) -> Batch:
        """Return what is new after `since`; raises `PlatformError`."""
        ...


@runtime_checkable
class MentionReceiver(Protocol):
    """A platform that pushes."""

    name: str
    max_body: int  # bytes

    async def receive(self, headers: Mapping[str, str], body: bytes) -> Batch:
        """Check that it is genuine and read it; raises `BadInput` and its kinds."""
        ...


@dataclass(frozen=True, slots=True)
class NotThere:
    """The platform is certain: nothing was posted under this key."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The platform cannot say."""


@dataclass(frozen=True, slots=True)
class Look:
    """The thread as the platform shows it now. `since` are messages after the mention, oldest first."""

    text: str | None  # None: it is gone
    since: tuple[Message, ...] = ()


@runtime_checkable
class Publisher(Protocol):
    """A platform we can also answer on. Calls raise `PlatformError`."""

    max_length: int

    async def reply(self, to: Mention, text: str, *, key: str) -> Receipt:
        """Post `text` under `to`. The same `key` never posts twice."""
        ...

    async def find(self, to: Mention, text: str, key: str) -> Receipt | NotThere | Unknown:
        """Say whether a reply with `key` is live."""
        ...

    async def look(self, mention: Mention) -> Look:
        """Return the mention and what was said after it, as they stand now."""
        ...


@runtime_checkable
class PrivateReplier(Protocol):
    """A platform we can also answer on in private. Calls raise `PlatformError`."""

    max_length: int

    async def send(self, to: Mention, text: str, *, key: str) -> Receipt:
        """Send `text` to the author of `to`, who alone can read it. The same `key` never sends twice."""
        ...

    async def sent(self, to: Mention, text: str, key: str) -> Receipt | NotThere | Unknown:
        """Say whether a message with `key` was sent."""
        ...


@runtime_checkable
class Retractor(Protocol):
    """A platform where a reply of ours can be taken down. Calls raise `PlatformError`."""

    async def retract(self, reply: Receipt, *, key: str) -> None:
        """Take it down. Again is as good as once, with the same `key` or another."""
        ...

    async def stands(self, reply: Receipt) -> bool | Unknown:
        """Say whether it is still there."""
        ...


@runtime_checkable
class Moderator(Protocol):
    """A platform where something can be done about a mention or its author. Calls raise `PlatformError`.

    `moderates` is what it can: hide a mention under our own post, mute or block its author, report it.
    """

    moderates: frozenset[How]

    async def moderate(self, mention: Mention, how: How, *, key: str) -> None:
        """Do it. The same `key` never does it twice."""
        ...


@dataclass(frozen=True, slots=True)
class Platform:
    """One configured source with what it can do. `mode` caps the delivery, `reason` says why.

    `called` is what its mentions say they are on. `untagged` is why a mention that does not name our account
    is answered by hand there, empty where it need not be (L9). `measure` counts a text as the platform does,
    against `max_length`.
    """

    name: str
    mode: Mode
    reason: str
    called: str = ""
    max_length: int | None = None
    hosts: tuple[str, ...] = ()
    untagged: str = ""
    measure: Callable[[str], int] = len
    source: MentionSource | None = None
    receiver: MentionReceiver | None = None
    publisher: Publisher | None = None
    private: PrivateReplier | None = None  # beside a publisher, which looks at the thread
    retractor: Retractor | None = None
    moderator: Moderator | None = None
