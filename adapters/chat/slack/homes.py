"""The App Home of each person: drawn when they open it and after their own presses, never twice at once.

Page: docs.slack.dev/surfaces/app-home.
"""

from __future__ import annotations

import structlog

from adapters.chat.slack.after import Afterwards
from adapters.chat.slack.directory import Directory
from adapters.chat.slack.home import home
from adapters.chat.slack.telling import sentence
from adapters.chat.slack.text import Json, plain
from adapters.chat.slack.web import SlackWeb
from bot.domain.card import Card
from bot.domain.team import Person, Role
from bot.errors import PlatformError, StoreUnavailable
from bot.ports import Bot, Refusal

log = structlog.get_logger(__name__)

#: So much of the queue is looked through for what is somebody's own.
_QUEUE = 100
#: What only waits for somebody else than those who did the last step.
_FOR_ME = frozenset({"second_approve", "answer", "acknowledge"})


class Homes:
    """Everybody's App Home."""

    def __init__(self, bot: Bot, web: SlackWeb, directory: Directory, after: Afterwards) -> None:
        """`after` does the drawing, when there is time."""
        self._bot, self._web, self._directory, self._after = bot, web, directory, after
        self._opened: set[str] = set()
        self._drawing: set[str] = set()
        self._again: set[str] = set()

    def opened(self, user: str) -> None:
        """Somebody opened theirs."""
        self._opened.add(user)
        self.touch(user)

    def touch(self, user: str) -> None:
        """Something of theirs changed; who never opened it gets no drawing."""
        if user not in self._opened:
            return
        if user in self._drawing:
            self._again.add(user)
            return
        self._drawing.add(user)
        self._after.do(self._draw(user))

    async def _draw(self, user: str) -> None:
        try:
            await self._publish(user)
        except PlatformError as failure:
            log.warning("slack_home_failed", error=type(failure).__name__)
        finally:
            self._drawing.discard(user)
        if user in self._again:
            self._again.discard(user)
            self.touch(user)

    async def _publish(self, user: str) -> None:
        person = await self._directory.find(user)
        if isinstance(person, Refusal):
            view = _notice(person.says)
        else:
            try:
                view = await self._page(person)
            except StoreUnavailable:
                view = _notice("the record cannot be reached; open this page again in a minute")
        await self._web.write("views.publish", user_id=user, view=view)

    async def _page(self, person: Person) -> Json:
        queue, total = await self._bot.queue(person, first=0, count=_QUEUE)
        on_call = [p.name for p in self._bot.team.people if Role.ON_CALL in p.roles]
        mine = [card for card in queue if _can(card, "release")]
        waiting = [card for card in queue if any(_can(card, kind) for kind in _FOR_ME)]
        return home(person, mine, waiting, queue, total, await self._bot.today(person), on_call)


def _can(card: Card, decision: str) -> bool:
    return any(action.decision == decision for action in card.actions)


def _notice(says: str) -> Json:
    return {"type": "home", "blocks": [{"type": "section", "text": plain(sentence(says))}]}
