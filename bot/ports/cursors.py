"""Where each source is read on, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.ports.platforms import Cursor


@dataclass(frozen=True, slots=True)
class SourceLease:
    """The right to read a source, until it ends; `fence` only grows, so an old reader can be refused."""

    source: str
    fence: int


class Cursors(Protocol):
    """Where each source is read from next, and who reads it."""

    async def take(self, source: str, *, by: str, lease: timedelta) -> SourceLease | None:
        """Take or keep the right to read `source`; `None` while somebody else has it."""
        ...

    async def get(self, source: str) -> Cursor | None:
        """Return where to read on, `None` for a new source."""
        ...

    async def put(self, lease: SourceLease, cursor: Cursor) -> None:
        """Move the cursor; raises `LeaseLost` when a newer reader has taken over."""
        ...
