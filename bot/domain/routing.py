"""Which channels a card stands in: by language, platform, kind, severity and dangers; in doubt, in more."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol, TypeVar

from bot.domain.assessment import Severity
from bot.domain.card import Card

_UNKNOWN = frozenset({"", "und"})


class Route(Protocol):
    """What a channel takes; empty sets take all.

    `severity` is the least that is taken. `risks`: True takes only cases with dangers, False only others.
    """

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639 codes."""
        ...

    @property
    def platforms(self) -> frozenset[str]:
        """Names of platforms."""
        ...

    @property
    def categories(self) -> frozenset[str]:
        """Kinds of cases."""
        ...

    @property
    def severity(self) -> str:
        """The least that is taken."""
        ...

    @property
    def risks(self) -> bool | None:
        """Whether only cases with dangers (True) or without (False) are taken; None takes both."""
        ...

    @property
    def stub(self) -> bool:
        """Whether a case that is not for this channel leaves a line there."""
        ...


class Standing(StrEnum):
    """How a case stands in a channel."""

    CARD = "card"
    STUB = "stub"  # a line without anybody's words
    POINTER = "pointer"  # it stood here, and now stands elsewhere
    NOTHING = "nothing"


R = TypeVar("R", bound=Route)


def takes(route: Route, card: Card) -> bool:
    """Whether a card is for this channel. What is not known yet is no reason to keep a card away."""
    return fits(
        route, card.mention.language, card.platform, card.category, card.severity, danger=bool(card.risks)
    )


def fits(route: Route, language: str, platform: str, category: str, severity: str, *, danger: bool) -> bool:
    """Whether a case like this is for this channel."""
    return (
        _among(language, route.languages)
        and _among(category, route.categories)
        and (not route.platforms or platform in route.platforms)
        and Severity(severity).rank >= Severity(route.severity).rank
        and (route.risks is None or route.risks == danger)
    )


def elsewhere(card: Card, others: Iterable[R]) -> list[R]:
    """Return those of the other channels that the card is for."""
    return [route for route in others if takes(route, card)]


def standing(card: Card, here: Route, others: Iterable[Route], *, was_here: bool) -> Standing:
    """Return how `card` stands `here`; `was_here` is whether it stands there as a card now.

    A card that no channel takes any more stays where it is, so that it gets lost nowhere; one with dangers
    leaves a channel that is open to all, even so.
    """
    if takes(here, card):
        return Standing.CARD
    stays = not elsewhere(card, others) and not (here.risks is False and card.risks)
    if was_here and stays:
        return Standing.CARD
    if here.stub:
        return Standing.STUB
    return Standing.POINTER if was_here else Standing.NOTHING


def _among(name: str, wanted: frozenset[str]) -> bool:
    return not wanted or name in wanted or name in _UNKNOWN
