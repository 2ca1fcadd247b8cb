"""A `Meter` for tests."""

from __future__ import annotations

import asyncio

from bot.ports import Spent


class Purse:
    """A `Meter` that keeps its promise, in memory."""

    def __init__(self) -> None:
        self.used = 0
        self.most = 0
        self.set_aside = 0
        self.limits: list[int] = []
        self.settled: list[tuple[str, Spent]] = []

    async def reserve(self, tokens: int, *, limit: int) -> bool:
        self.limits.append(limit)
        if self.used + self.set_aside + tokens > limit:
            return False
        self.set_aside += tokens
        self.most = max(self.most, self.used + self.set_aside)
        await asyncio.sleep(0)
        return True

    async def settle(self, case_id: str, *, reserved: int, spent: Spent) -> None:
        self.set_aside -= reserved
        self.used += spent.tokens_in + spent.tokens_out
        self.settled.append((case_id, spent))
        await asyncio.sleep(0)

    async def spent_on(self, case_id: str) -> Spent:
        return self._sum([spent for case, spent in self.settled if case == case_id])

    async def spent_in(self, day: str) -> Spent:
        return await self.spent()

    async def spent(self) -> Spent:
        return self._sum([spent for _, spent in self.settled])

    def _sum(self, spent: list[Spent]) -> Spent:
        total = Spent()
        for one in spent:
            total = Spent(*(getattr(total, name) + getattr(one, name) for name in Spent.__dataclass_fields__))
        return total
