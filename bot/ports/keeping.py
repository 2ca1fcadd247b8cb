"""What a channel has to remember of where it is installed: no case's own record, and no secret."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol


class Keeper(Protocol):
    """Small things by name, for all processes together. Every call raises `StoreUnavailable`."""

    async def keep(self, name: str, value: str, *, keep: timedelta | None = None) -> None:
        """Remember `value` under `name`, for ever or for `keep`."""
        ...

    async def kept(self, name: str) -> str | None:
        """Return what was kept under `name`, `None` for nothing."""
        ...

    async def drop(self, name: str) -> None:
        """Forget it."""
        ...
