"""The console's lane: what the worker draws to."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.card import Card
from bot.domain.team import Person


class Console:
    """Every look makes the page from the case, so that drawing is recording."""

    name = "console"
    pace: timedelta | None = None

    async def draw(self, card: Card, posted: str | None) -> str:
        """Return the name the card is found under, which is its case's."""
        return posted or card.case_id

    async def tell(self, person: Person, words: str) -> bool:  # noqa: ARG002 as every channel takes them
        """Return False: a page reaches nobody who does not look at it."""
        return False
