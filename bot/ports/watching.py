"""What an operator's machines ask of a process: whether it lives, whether it can work, its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Readiness:
    """`reasons` keep this process from its work; `notes` are good to know, and keep it from nothing."""

    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signs:
    """Numbers of the whole installation, the same from each of its processes. Times in seconds."""

    counts: Mapping[str, int] = field(default_factory=dict[str, int])  # named by `bot.domain.counting`
    states: Mapping[str, int] = field(default_factory=dict[str, int])
    #: How many steps of a lane are due and wait, and how long the oldest in line does.
    lanes: Mapping[str, tuple[int, float]] = field(default_factory=dict[str, tuple[int, float]])
    silence: Mapping[str, float] = field(default_factory=dict[str, float])  # since each source was read
    failing: frozenset[str] = frozenset()  # sources whose last reading failed
    steps_aside: int = 0
    items_aside: int = 0  # of the last 24 hours
    channels: Mapping[str, bool] = field(default_factory=dict[str, bool])  # whether each takes its cards
    paused: bool = False
    resting: bool = False  # in this process, no model is asked for the moment
    currency: str = ""  # empty without a model


class Watched(Protocol):
    """A running process, as its operator's machines see it."""

    def stuck(self) -> str:
        """Return why only a restart helps, empty where none is needed."""
        ...

    async def readiness(self) -> Readiness:
        """Return what keeps this process from its work; an unreachable record is one of the reasons."""
        ...

    async def signs(self) -> Signs:
        """Return the numbers; raises `StoreUnavailable`."""
        ...
