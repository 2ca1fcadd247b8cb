"""What a model costs: counted by day and by case, and kept within the day's tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Spent:
    """Calls of a model and what they used. `micros` are millionths of the currency the operator pays in."""

    calls: int = 0
    failed: int = 0  # of them without a usable answer
    tokens_in: int = 0  # of the prompts, the kept part too
    tokens_cached: int = 0  # of them read from the provider's cache
    tokens_out: int = 0
    micros: int = 0
    milliseconds: int = 0


class Meter(Protocol):
    """Counts what is spent, for all processes together. Calls raise `StoreUnavailable`."""

    async def reserve(self, tokens: int, *, limit: int) -> bool:
        """Set `tokens` of today (UTC) aside for a call; False when more than `limit` would be used today."""
        ...

    async def settle(self, case_id: str, *, reserved: int, spent: Spent) -> None:
        """Put what a call used in the place of what was set aside for it, for today and for its case.

        An empty `case_id` is a call that no case asked for, such as a check of the connection.

        A process that dies before leaves its reservation standing: rather too much counted than too little.
        """
        ...

    async def spent_on(self, case_id: str) -> Spent:
        """Return what a case has cost."""
        ...

    async def spent_in(self, day: str) -> Spent:
        """Return what a day (YYYY-MM-DD, UTC) has cost; kept for 90 days."""
        ...

    async def spent(self) -> Spent:
        """Return what was ever spent."""
        ...
