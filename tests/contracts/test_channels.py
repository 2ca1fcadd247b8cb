"""The promises of a team channel, kept by each of them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import pytest
import pytest_asyncio

from adapters.chat.console.channel import Console
from adapters.chat.slack.channel import SlackChannel
from adapters.chat.slack.web import SlackWeb
from adapters.chat.teams.channel import TeamsChannel
from adapters.chat.teams.connector import Connector
from adapters.chat.teams.known import Known
from bot.domain.case import Case
from bot.ports import ChatSurface
from tests.adapters.consoles import TeamAtWork, visiting
from tests.adapters.msteams import Teams, a_teams
from tests.adapters.slack.drawing.slack_houses import LONG_AGO, TEAM_PLACE
from tests.adapters.slacks import Slack, a_slack
from tests.adapters.teams.drawing.teams_houses import Notebook, cards_in, carried, words_of
from tests.builders import NOON, Watch
from tests.contracts.channel_contract import ChannelContract, PostingContract, SearchedContract, Wall

#: Marks that turn the text around them, and characters nobody sees.
STEERING = re.compile("[\u200b\u202a-\u202e\u2060-\u2064\ufeff]")


class Tags(HTMLParser):
    """What a page would do: its addresses, its handlers, and the scripts that stand in it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [f"{tag} {name}={value}" for name, value in attrs if name.startswith("on")]
        self.found += [
            f"{tag} {name}={value}"
            for name, value in attrs
            if name in {"href", "src"} and "evil" in (value or "")
        ]
        if tag == "script" and not dict(attrs).get("src"):
            self.found.append("script")


@dataclass
class ConsoleWall:
    """The console's own page of a case: it is made from the case at every look."""

    async def _page(self, case: Case) -> str:
        async with visiting(TeamAtWork(Watch(NOON), case)) as visitor:
            status, page = await visitor.get("/")
        assert status == 200
        return page

    async def count(self, case: Case) -> int:
        return len(re.findall(r"<article\b", await self._page(case)))

    async def newest(self, case: Case) -> str:
        return await self._page(case)

    async def effects(self, case: Case) -> Sequence[str]:
        page, tags = await self._page(case), Tags()
        tags.feed(page)
        # What is being edited stands in its field as it is, and turns no more than the field around.
        outside = re.sub(r"<textarea\b.*?</textarea>", "", page, flags=re.DOTALL)
        return [*tags.found, *STEERING.findall(outside)]


class TestConsole(ChannelContract):
    """The page that every newcomer sees first."""

    @pytest.fixture
    def channel(self) -> ChatSurface:
        return Console()

    @pytest.fixture
    def wall(self) -> Wall:
        return ConsoleWall()


@dataclass
class SlackWall:
    """What stands in the fake Slack's channel."""

    slack: Slack

    def _cards(self, case: Case) -> list[dict[str, Any]]:
        return [m for m in self.slack.messages() if m["metadata"]["event_payload"]["case"] == case.id]

    async def count(self, case: Case) -> int:
        return len(self._cards(case))

    async def newest(self, case: Case) -> str:
        return str(self._cards(case)[-1]["blocks"])

    async def effects(self, case: Case) -> Sequence[str]:
        (card,) = self._cards(case)
        return [*_read_as_markup(card["text"]), *_effects(card["blocks"])]


def _effects(part: Any) -> list[str]:
    """What Slack's client would make of blocks: it reads markup in `mrkdwn`, and elements of rich text."""
    if isinstance(part, list):
        return [found for one in part for found in _effects(one)]
    if not isinstance(part, dict):
        return STEERING.findall(part) if isinstance(part, str) else []
    found: list[str] = []
    if part.get("type") in {"user", "usergroup", "broadcast", "channel", "link", "emoji"}:
        found.append(str(part))
    if part.get("type") == "mrkdwn":
        found += _read_as_markup(part["text"])
        part = {name: value for name, value in part.items() if name != "text"}
    if part.get("type") == "plain_text" and part.get("emoji"):
        found.append("emoji in plain text")
    return found + [one for name, value in part.items() if name != "value" for one in _effects(value)]


def _read_as_markup(text: str) -> list[str]:
    return re.findall(r"<(?!!date\^)[^>]*>", text) + re.findall("[\u202a-\u202e\ufeff\u200b]", text)


class TestSlack(SearchedContract):
    """A channel of a workspace."""

    @pytest_asyncio.fixture
    async def slack(self) -> AsyncIterator[Slack]:
        async with a_slack() as slack:
            yield slack

    @pytest_asyncio.fixture
    async def channel(self, slack: Slack) -> AsyncIterator[ChatSurface]:
        settings = slack.settings(places=(TEAM_PLACE,))
        async with SlackWeb(settings) as web:
            yield SlackChannel(settings, TEAM_PLACE, clock=Watch(LONG_AGO), client=web)

    @pytest.fixture
    def wall(self, slack: Slack) -> Wall:
        return SlackWall(slack)

    @pytest.fixture
    def lost(self, slack: Slack) -> Callable[[], None]:
        return lambda: slack.drop_next("chat.postMessage")

    @pytest.fixture
    def broken(self, slack: Slack) -> Sequence[Callable[[], None]]:
        def failing(**how: Any) -> Callable[[], None]:
            def breaks() -> None:
                for method in ("chat.postMessage", "chat.update", "conversations.history"):
                    slack.fail_next(method, **how)

            return breaks

        return [
            failing(error="ratelimited", retry_after=3), failing(error="internal_error"),
            failing(error="x", status=500), failing(error="x", status=302), failing(error="x", status=404),
            failing(error="channel_not_found"), failing(error="invalid_blocks"), failing(error="new_error"),
            failing(error="Not <one> of Slack's"),
        ]  # fmt: skip


@dataclass
class TeamsWall:
    """What stands in the fake Teams' channel."""

    teams: Teams

    def _cards(self, case: Case) -> list[dict[str, Any]]:
        return [one for one in cards_in(self.teams) if case.id in carried(one)]

    async def count(self, case: Case) -> int:
        return len(self._cards(case))

    async def newest(self, case: Case) -> str:
        return words_of(self._cards(case)[-1])

    async def effects(self, case: Case) -> Sequence[str]:
        (card,) = self._cards(case)
        content = card["attachments"][0]["content"]
        loud = [name for name in ("text", "entities") if name in card] + [
            name for name in ("msteams", "authentication") if name in content
        ]
        return [*loud, *_in_teams(card["summary"]), *_in_teams(content)]


def _in_teams(part: Any) -> list[str]:
    """What Teams' client would make of a card: markdown and mentions in a TextBlock, times in every text."""
    if isinstance(part, list):
        return [found for one in part for found in _in_teams(one)]
    if not isinstance(part, dict):  # a time is filled in wherever it stands, and ours are of this century
        return re.findall("\\{\\{(?!(?:DATE|TIME)\\(20)|[\u200b\u202a-\u202e\ufeff]", str(part))
    found = [f"{part.get('type')} {url}" for url in [part.get("url")] if "evil" in str(url)]
    if part.get("type") == "TextBlock":
        found += re.findall(r"(?<!\\)\[[^\]]*\]\(|<at>|https?://\S+|(?<!\\)\*[^*]+\*", part["text"])
    return found + [one for name, value in part.items() if name != "data" for one in _in_teams(value)]


class TestTeams(PostingContract):
    """A channel of a team. It cannot be searched: a card whose answer was lost is put up once more."""

    @pytest_asyncio.fixture
    async def teams(self) -> AsyncIterator[Teams]:
        async with a_teams() as teams:
            yield teams

    @pytest_asyncio.fixture
    async def channel(self, teams: Teams) -> AsyncIterator[ChatSurface]:
        settings = teams.settings()
        async with Connector(settings) as connector:
            known = Known(Notebook(), settings)
            yield TeamsChannel(settings, settings.places[0], connector=connector, known=known)

    @pytest.fixture
    def wall(self, teams: Teams) -> Wall:
        return TeamsWall(teams)

    @pytest.fixture
    def lost(self, teams: Teams) -> Callable[[], None]:
        return lambda: teams.lose_next("send")

    @pytest.fixture
    def broken(self, teams: Teams) -> Sequence[Callable[[], None]]:
        def failing(status: int, error: str = "", *, retry_after: int | None = None) -> Callable[[], None]:
            def breaks() -> None:
                for what in ("send", "update"):  # a 404 is asked twice, and so is a 401
                    teams.fail_next(what, status, error=error, retry_after=retry_after, times=2)

            return breaks

        return [
            failing(429, retry_after=3), failing(412), failing(500), failing(502), failing(503), failing(302),
            failing(401, "Unauthorized"), failing(403, "BotNotInConversationRoster"),
            failing(404, "ConversationNotFound"), failing(413, "MessageSizeTooBig"),
            failing(400, "BadSyntax"), failing(403, "Not <one> of theirs"),
        ]  # fmt: skip
