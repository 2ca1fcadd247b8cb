"""Leaves a server alone that fails again and again, and tries it again by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from adapters.llm.openai.failures import ON_TRIAL, RESTING, Failed

if TYPE_CHECKING:
    from bot.ports import Clock

#: So many failures in a row, and it rests.
MOST: Final = 5
FIRST_REST: Final = timedelta(seconds=30)
LONGEST_REST: Final = timedelta(minutes=5)


class Breaker:
    """Closed, it lets every call through; resting, none; after the rest, one, which closes it or not.

    Only the last call of a rest makes the next rest longer: calls under way when it began say nothing new.
    """

    def __init__(self, clock: Clock) -> None:
        """Closed, to begin with."""
        self._clock = clock
        self._in_a_row = 0
        self._until: datetime | None = None
        self._rest = FIRST_REST
        self._on_trial = False

    def resting(self) -> datetime | None:
        """Return until when it rests, `None` when calls go through."""
        return self._until if self._until is not None and self._clock() < self._until else None

    def enter(self) -> bool:
        """Let a call through, or raise `Failed`; True for the one call that tries after a rest."""
        if self._until is None:
            return False
        now = self._clock()
        if now < self._until:
            raise Failed(RESTING, f"{self._until:%H:%M} UTC", wait=self._until - now)
        if self._on_trial:
            raise Failed(ON_TRIAL)
        self._on_trial = True
        return True

    def leave(self, *, on_trial: bool, good: bool | None) -> None:
        """Say how a call ended: the server answered, it did not, or `None` for nobody knows."""
        if on_trial:
            self._on_trial = False
        if good:
            self._in_a_row, self._until, self._rest = 0, None, FIRST_REST
        elif good is False:
            self._failed(on_trial=on_trial)

    def _failed(self, *, on_trial: bool) -> None:
        self._in_a_row += 1
        if on_trial:
            self._rest = min(self._rest * 2, LONGEST_REST)
        elif self._until is not None or self._in_a_row < MOST:
            return
        self._until = self._clock() + self._rest
