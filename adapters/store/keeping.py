"""What channels have to remember of where they are installed: one string by its name."""

from __future__ import annotations

from datetime import timedelta

from adapters.store.keys import ms
from adapters.store.part import Part


class RedisKeeper(Part):
    """The `Keeper` port."""

    async def keep(self, name: str, value: str, *, keep: timedelta | None = None) -> None:
        """Remember `value` under `name`, for ever or for `keep`."""
        ends = ("PX", max(1, ms(keep))) if keep is not None else ()
        await self._link.send("SET", self._keys.kept(name), value, *ends)

    async def kept(self, name: str) -> str | None:
        """Return what was kept under `name`, `None` for nothing."""
        found: bytes | None = await self._link.send("GET", self._keys.kept(name))
        return None if found is None else found.decode()

    async def drop(self, name: str) -> None:
        """Forget it."""
        await self._link.send("DEL", self._keys.kept(name))
