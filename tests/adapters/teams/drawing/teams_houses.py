"""A house whose cards stand in Teams, and what people see there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from adapters.chat.teams.channel import TeamsChannel
from adapters.chat.teams.connector import Connector
from adapters.chat.teams.known import Known
from adapters.chat.teams.settings import TeamsPlace
from adapters.square.site import Site
from bot.domain.case import Case
from bot.flows.front import Front
from bot.ports import ChatSurface
from tests.adapters.msteams import CHANNEL, Teams
from tests.builders import Watch
from tests.flows.houses import House, a_square, parts_of
from tests.stores import a_store

TEAM_PLACE = TeamsPlace(name="team", channel=CHANNEL)
LANE = "teams:team"


@dataclass
class Notebook:
    """A `Keeper` that everybody can read."""

    pages: dict[str, str] = field(default_factory=dict)
    writes: int = 0

    async def keep(self, name: str, value: str, *, keep: timedelta | None = None) -> None:
        self.writes += 1
        self.pages[name] = value

    async def kept(self, name: str) -> str | None:
        return self.pages.get(name)

    async def drop(self, name: str) -> None:
        self.pages.pop(name, None)


@asynccontextmanager
async def a_teams_house(
    url: str, folder: Path, watch: Watch, teams: Teams, *places: TeamsPlace, more: Sequence[ChatSurface] = ()
) -> AsyncIterator[House]:
    """Yield a house with a lane for each place, and for each of `more` channels."""
    places = places or (TEAM_PLACE,)
    settings = teams.settings(places=places)
    site = Site(folder / "square.db", now=watch)
    async with AsyncExitStack() as stack:
        stack.callback(site.close)
        square = await stack.enter_async_context(a_square(site, watch))
        lanes = (*(channel.name for channel in more), *(f"teams:{place.name}" for place in places))
        store = await stack.enter_async_context(a_store(url, watch, channels=lanes))
        connector = await stack.enter_async_context(Connector(settings))
        known = Known(store.keeper, settings)
        parts = parts_of(store, square, watch)
        drawn = [
            TeamsChannel(settings, place, connector=connector, known=known, trail=Front(parts).trail)
            for place in places
        ]
        channels = {channel.name: channel for channel in (*more, *drawn)}
        yield House(store, watch, site, square, replace(parts, channels=channels))


def cards_in(teams: Teams, channel: str = CHANNEL) -> list[dict[str, Any]]:
    """What stands in a channel and is no reply, oldest first."""
    return [one for one in teams.activities(channel) if not one.get("replyToId")]


def thread_of(teams: Teams, card: dict[str, Any], channel: str = CHANNEL) -> list[dict[str, Any]]:
    """What stands below a card, oldest first."""
    return teams.activities(f"{channel};messageid={card['id']}")


def of_case(teams: Teams, case: Case, channel: str = CHANNEL) -> dict[str, Any]:
    """The one card of a case in a channel."""
    (found,) = [one for one in cards_in(teams, channel) if case.id in carried(one)]
    return found


def carried(activity: dict[str, Any]) -> set[str]:
    """The cases that the buttons of a card are about."""
    return {str(data["lh"]["c"]) for data in _under("data", activity) if "lh" in data}


def words_of(activity: dict[str, Any]) -> str:
    """Every text in a message, one a line."""
    found = [activity.get("text"), activity.get("summary"), *_under("text", activity)]
    found += [*_under("fallbackText", activity), *_under("title", activity), *_under("value", activity)]
    return "\n".join(one for one in found if isinstance(one, str))


def buttons_of(activity: dict[str, Any]) -> list[str]:
    """The titles, or else the verbs, of the actions of a card."""
    every = [one for one in _under("actions", activity) if isinstance(one, list)]
    return [str(action.get("title") or action.get("verb")) for actions in every for action in actions]


def calls_of(teams: Teams, *methods: str) -> list[str]:
    """Which conversations were written to by these methods, in their order, tokens left out."""
    return [
        path.partition("/conversations/")[2].partition("/")[0]
        for method, path in teams.calls
        if method in methods and "/conversations/" in path
    ]


def _under(name: str, part: Any) -> Iterator[Any]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key == name:
                yield value
            yield from _under(name, value)
    elif isinstance(part, list):
        for value in part:
            yield from _under(name, value)
