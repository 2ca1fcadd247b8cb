"""What every place of a team channel is set to: which cases stand there."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.assessment import Category, Severity
from bot.domain.mention import Name
from bot.domain.value import Language, Value


class Place(Value):
    """One channel and the cases that stand there; empty lists take all.

    `severity` is the least that is taken. `risks` true takes only cases with dangers, false only those
    without. With `stub`, a case that is for another channel leaves a line here, without anybody's words.
    """

    name: Name
    channel: str
    languages: tuple[Language, ...] = ()
    platforms: tuple[Name, ...] = ()
    categories: tuple[Category, ...] = ()
    severity: Severity = Severity.LOW
    risks: bool | None = None
    stub: bool = False


def each_its_own(places: Sequence[Place]) -> None:
    """Raise `ValueError` where two places share a name or a channel."""
    for what in ("name", "channel"):
        names = [getattr(place, what) for place in places]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"places: the {what} {min(twice)!r} is there twice; each needs its own")
