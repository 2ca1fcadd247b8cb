"""What a model costs: tokens set aside before a call and settled after it, for all processes together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import UTC, timedelta
from secrets import token_hex

from adapters.store.keys import Keys, ms
from adapters.store.link import script
from adapters.store.part import Part, pairs
from bot.ports import Spent

RESERVE, SETTLE = script("reserve"), script("settle", after="count")

#: How long a call of ours is known again: far longer than the line to the server is tried.
_KNOWN = timedelta(minutes=5)
_NAMES = tuple(field.name for field in fields(Spent))


class RedisMeter(Part):
    """The `Meter` port. Each call here counts once, however often the line is cut while it is sent.

    Who calls again after `StoreUnavailable` may be counted twice: the first one may have arrived. A process
    that dies between the two calls leaves its tokens set aside until the day is over; a call that begins on
    one day and ends on the next gives back on the new day at most what is set aside there.
    """

    async def reserve(self, tokens: int, *, limit: int) -> bool:
        """Set `tokens` of today (UTC) aside for a call; False when more than `limit` would be used today."""
        keys = [self._keys.numbers(self._today), self._once()]
        return bool(await self._link.run(RESERVE, keys, [tokens, limit, ms(Keys.NUMBERS_TTL), ms(_KNOWN)]))

    async def settle(self, case_id: str, *, reserved: int, spent: Spent) -> None:
        """Put what a call used in the place of what was set aside for it, for today and for its case."""
        k = self._keys
        keys = [k.numbers(self._today), k.total, k.spent(case_id), self._once()]
        used = [part for name, n in asdict(spent).items() if n for part in (f"spent:{name}", n)]
        args = [reserved, ms(Keys.NUMBERS_TTL), ms(_KNOWN), int(bool(case_id)), *used]
        await self._link.run(SETTLE, keys, args)

    async def spent_on(self, case_id: str) -> Spent:
        """Return what a case has cost; kept for 90 days from the last call."""
        return await self._spent(self._keys.spent(case_id))

    async def spent_in(self, day: str) -> Spent:
        """Return what a day (YYYY-MM-DD, UTC) has cost."""
        return await self._spent(self._keys.numbers(day))

    async def spent(self) -> Spent:
        """Return what was ever spent."""
        return await self._spent(self._keys.total)

    async def _spent(self, key: str) -> Spent:
        found: Mapping[str, int] = {
            name.decode(): int(n) for name, n in pairs(await self._link.send("HGETALL", key))
        }
        return Spent(**{name: found.get(f"spent:{name}", 0) for name in _NAMES})

    @property
    def _today(self) -> str:
        return self._clock().astimezone(UTC).date().isoformat()

    def _once(self) -> str:
        return self._keys.once(f"spend:{token_hex(8)}")
