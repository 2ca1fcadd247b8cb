"""The App Home of each person: drawn when they open it and when something was pressed, never twice at once.

Pages: docs.slack.dev/surfaces/app-home, /reference/methods/views.publish (Tier 4: 100 a minute and more for
the whole workspace).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

import structlog

from adapters.chat.after import Afterwards
from adapters.chat.slack.directory import Directory
from adapters.chat.slack.home import home
from adapters.chat.slack.text import Json, plain
from adapters.chat.slack.web import SlackWeb
from adapters.chat.words import sentence
from bot.domain.card import Card
from bot.domain.team import Person, Role
from bot.errors import PlatformError, StoreUnavailable
from bot.ports import Bot, Refusal

log = structlog.get_logger(__name__)

#: So much of the queue is looked through for what is somebody's own.
_QUEUE = 100
#: What only waits for somebody else than those who did the last step.
_FOR_ME = frozenset({"second_approve", "answer", "acknowledge"})
#: A colleague's press is drawn for those who opened theirs within so many seconds, the last ones of them,
LATELY, MOST = 30 * 60, 50
#: and so many seconds after the last such round; for many people later, to stay within 100 a minute.
EVERY, EACH = 10.0, 0.8


class Homes:
    """Everybody's App Home."""

    def __init__(
        self,
        bot: Bot,
        web: SlackWeb,
        directory: Directory,
        after: Afterwards,
        *,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        """`after` does the drawing, when there is time; `seconds` is a clock that never goes back."""
        self._bot, self._web, self._directory, self._after = bot, web, directory, after
        self._seconds = seconds
        self._opened: dict[str, float] = {}  # who opened theirs, and when: the latest last
        self._drawing: set[str] = set()
        self._again: set[str] = set()
        self._owed: set[str] = set()  # who has not seen a colleague's press yet
        self._next = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def opened(self, user: str) -> None:
        """Somebody opened theirs."""
        self._opened.pop(user, None)
        self._opened[user] = self._seconds()
        self.touch(user)

    def changed(self, by: str) -> None:
        """Something was pressed: drawn for who did it at once, and soon for everybody who may be looking."""
        self.touch(by)
        self._owed |= {user for user in self._looking() if user != by}
        if not self._owed or (self._timer and not self._timer.cancelled()):
            return
        wait = self._next - self._seconds()
        if wait > 0:
            self._timer = self._after.later(wait, self._round)
        else:
            self._round()

    def _looking(self) -> list[str]:
        since = self._seconds() - LATELY
        return [user for user, at in list(self._opened.items())[-MOST:] if at >= since]

    def _round(self) -> None:
        owed, self._owed, self._timer = self._owed, set(), None
        self._next = self._seconds() + max(EVERY, EACH * len(owed))
        for user in owed:
            self.touch(user)

    def touch(self, user: str) -> None:
        """Draw the one of `user`; who never opened it gets no drawing."""
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
