"""Who sees a card drawn for themselves when they look at it: the people of the team, as Teams calls them.

Page: learn.microsoft.com/en-us/microsoftteams/platform/task-modules-and-cards/cards/
universal-actions-for-adaptive-cards/work-with-universal-actions-for-adaptive-cards (at most 60 people).
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.chat.teams import limits
from adapters.chat.teams.known import Known
from bot.domain.card import Card
from bot.errors import StoreUnavailable


class People:
    """Everybody of the team whom Teams told us of: each of them has buttons of their own on a card."""

    def __init__(self, team: Sequence[str], known: Known) -> None:
        """`team` are object IDs in Entra. What Teams calls somebody stays the same, and is asked once."""
        self._team, self._known = tuple(team), known
        self._called: dict[str, str] = {}

    async def __call__(self, card: Card) -> tuple[str, ...]:
        """Return whose view of `card` is their own; nobody's, where nothing is to be pressed any more."""
        if not card.actions:
            return ()
        for aad in self._team:
            if aad not in self._called and (called := await self._ask(aad)):
                self._called[aad] = called
        return tuple(self._called[aad] for aad in self._team if aad in self._called)[: limits.REFRESHED]

    async def _ask(self, aad: str) -> str | None:
        try:
            return await self._known.user_id(aad)
        except StoreUnavailable:
            return None
