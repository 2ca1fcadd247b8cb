"""Whether every case has a place in Slack or Teams: what `levelhead check` says of all channels together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import TYPE_CHECKING

from bot.domain.assessment import Category, Severity
from bot.domain.language import NAMES
from bot.domain.routing import Route, fits
from bot.main.slack import slack_settings
from bot.main.teams import teams_settings
from bot.settings import FeedSource, Settings, WebhookSource

if TYPE_CHECKING:
    from adapters.chat.slack.settings import SlackPlace
    from adapters.chat.teams.settings import TeamsPlace

#: Stands for any language, and any platform, that no place names: colleagues bring in cases from anywhere.
_ANOTHER = "another"
#: The language, platform, kind, severity and danger of a case, in this order.
_Case = tuple[str, str, str, str, bool]
_Axes = tuple[Sequence[str], Sequence[str], Sequence[str], Sequence[str], Sequence[bool]]


def unplaced(settings: Settings) -> str:
    """Return which cases no channel takes, by an example, and where their cards are; empty for none."""
    places = [
        *(slack_settings(settings.slack).places if settings.slack else ()),
        *(teams_settings(settings.teams).places if settings.teams else ()),
    ]
    if not places:
        return ""
    axes = _axes(places, _platforms(settings))
    gaps = [case for case in product(*axes) if not any(_fits(place, case) for place in places)]
    if not gaps:
        return ""
    says = (
        f"{_words(gaps[0], frozenset(gaps), axes)} is for none of your channels: its card is in the console"
    )
    return f"{says} alone{_stubs(places)}"


def _fits(place: Route, case: _Case) -> bool:
    language, platform, kind, severity, danger = case
    return fits(place, language, platform, kind, severity, danger=danger)


def _platforms(settings: Settings) -> list[str]:
    named = (WebhookSource, FeedSource)
    return sorted({one.platform if isinstance(one, named) else one.kind for one in settings.sources})


def _axes(places: Iterable[Route], platforms: Sequence[str]) -> _Axes:
    """Return all that a case may be, the worst first."""
    languages = sorted({language for place in places for language in place.languages})
    kinds = [category.value for category in Category if category.needs_answer]
    severities = [severity.value for severity in reversed(Severity)]
    return [*languages, _ANOTHER], [*platforms, _ANOTHER], kinds, severities, [True, False]


def _words(gap: _Case, gaps: frozenset[_Case], axes: _Axes) -> str:
    """Return a gap by what it is about: what could be anything is left out."""
    free: set[int] = set()
    for axis in range(len(axes)):
        some = ((axes[n] if n in {*free, axis} else (gap[n],)) for n in range(len(axes)))
        if gaps.issuperset(product(*some)):
            free.add(axis)
    language, platform, kind, severity, danger = gap
    words = (
        "in another language" if language == _ANOTHER else f"in {NAMES.get(language, language)}",
        "brought in from another platform" if platform == _ANOTHER else f"from {platform}",
        f"of the kind \N{LEFT DOUBLE QUOTATION MARK}{kind}\N{RIGHT DOUBLE QUOTATION MARK}",
        f"of {severity} severity",
        "with a danger" if danger else "without a danger",
    )
    return " ".join(["a case", *(word for axis, word in enumerate(words) if axis not in free)])


def _stubs(places: Iterable[SlackPlace | TeamsPlace]) -> str:
    names = [place.name for place in places if place.stub]
    if not names:
        return ""
    shows = "show" if len(names) > 1 else "shows"
    return f", and {' and '.join(names)} {shows} only a line that there is one"
