"""A house whose cards stand in Slack, and what people see there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.chat.slack.channel import SlackChannel
from adapters.chat.slack.settings import SlackPlace
from adapters.chat.slack.web import SlackWeb
from adapters.square.site import Site
from bot.domain.card import Card, card_of
from bot.domain.case import Case
from bot.domain.team import Person
from bot.flows.front import Front
from bot.ports import ChatSurface
from tests.adapters.slacks import Slack
from tests.builders import TEAM, Watch, in_review, protocol
from tests.flows.houses import House, a_square, parts_of
from tests.stores import a_store

#: Our clock in these tests; Slack's is the machine's, which is never before it.
LONG_AGO = datetime(2020, 3, 2, 9, 0, tzinfo=UTC)
TEAM_PLACE = SlackPlace(name="team", channel="C1")
LANE = "slack:team"


@dataclass
class Dies:
    """A channel whose process is killed when it draws: before the card is up, or before that is saved."""

    inner: ChatSurface
    after: bool
    times: int = 1
    name: str = field(init=False)
    pace: timedelta | None = field(init=False)

    def __post_init__(self) -> None:
        self.name, self.pace = self.inner.name, self.inner.pace

    async def draw(self, card: Card, posted: str | None) -> str:
        self.times -= 1
        if self.times < 0:
            return await self.inner.draw(card, posted)
        if self.after:
            await self.inner.draw(card, posted)
        raise asyncio.CancelledError  # nothing of ours is done any more, as in a process that is gone

    async def tell(self, person: Person, words: str) -> bool:
        return await self.inner.tell(person, words)


@asynccontextmanager
async def a_slack_house(
    url: str, folder: Path, watch: Watch, slack: Slack, *places: SlackPlace, more: Sequence[ChatSurface] = ()
) -> AsyncIterator[House]:
    """Yield a house with a lane for each place, and for each of `more` channels."""
    places = places or (TEAM_PLACE,)
    settings = slack.settings(places=places)
    site = Site(folder / "square.db", now=watch)
    async with AsyncExitStack() as stack:
        stack.callback(site.close)
        square = await stack.enter_async_context(a_square(site, watch))
        lanes = (*(channel.name for channel in more), *(f"slack:{place.name}" for place in places))
        store = await stack.enter_async_context(a_store(url, watch, channels=lanes))
        web = await stack.enter_async_context(SlackWeb(settings))
        parts = parts_of(store, square, watch)
        trail = Front(parts).trail
        drawn = [SlackChannel(settings, p, clock=watch, client=web, trail=trail) for p in places]
        channels = {channel.name: channel for channel in (*more, *drawn)}
        yield House(store, watch, site, square, replace(parts, channels=channels))


def card(case: Case) -> Card:
    """The card of a case as every channel gets it."""
    return card_of(case, TEAM, protocol())


def a_card(**changes: Any) -> Card:
    """A card in review of a mention that was posted before everything in Slack."""
    shown = card(in_review())
    return shown.model_copy(update={"mention": shown.mention.model_copy(update={"at": LONG_AGO}), **changes})


def drawings(calls: Sequence[tuple[str, dict[str, Any]]]) -> list[tuple[str, str]]:
    """Every posting and redrawing of a card among some calls: its channel and its case, in their order."""
    return [
        (asked["channel"], asked["metadata"]["event_payload"]["case"])
        for method, asked in calls
        if method == "chat.update" or (method == "chat.postMessage" and "thread_ts" not in asked)
    ]


def of_case(messages: Sequence[dict[str, Any]], case: Case) -> dict[str, Any]:
    """The one card of a case among some messages."""
    (found,) = [
        m
        for m in messages
        if m["metadata"]["event_type"] == "levelhead_card"
        and m["metadata"]["event_payload"]["case"] == case.id
    ]
    return found


def words_of(message: dict[str, Any]) -> str:
    """Every text in a message, one a line."""
    found: list[str] = []

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            found.extend(str(v) for k, v in part.items() if k == "text" and isinstance(v, str))
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk({"text": message["text"], "blocks": message["blocks"]})
    return "\n".join(found)
