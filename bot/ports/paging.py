"""A way to somebody that leads past every team channel, for when such a channel is gone."""

from __future__ import annotations

from typing import Protocol


class Pager(Protocol):
    """Reaches somebody. `name` is for logs and `levelhead check`: it never tells an address."""

    name: str

    async def page(self, title: str, words: str) -> None:
        """Tell them; raises `PlatformError` where it is not sure that they were told."""
        ...

    async def check(self) -> None:
        """Raise `BadSettings` unless the address is understood; nothing is sent."""
        ...
