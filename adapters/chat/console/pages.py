"""What people look at: the queue, one case, the day, a search, help."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from adapters.chat.console.cards import Typed, all_drawn, drawn
from adapters.chat.console.view import own_page, wants_json

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

    from adapters.chat.console.view import View
    from bot.domain.actions import Choice
    from bot.domain.card import Card
    from bot.domain.team import Person

#: Cards on one page of the queue.
PAGE = 20
_MOST_FOUND = 50
_NUMBER = re.compile(r"[0-9]{1,7}\Z")

Seen = Callable[[web.Request, "Person"], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Several:
    """A dismissal of several cases that was not taken, or not wholly: it opens again as it was sent."""

    says: str
    picked: frozenset[str] = frozenset()
    outcome: str = ""
    reason: str = ""


class Pages:
    """The pages, each for somebody who has signed in."""

    def __init__(self, view: View) -> None:
        """`view` fills the templates."""
        self._view, self._bot = view, view.bot

    def routes(self, events: Handler) -> list[web.AbstractRouteDef]:
        """Return the pages' routes; `events` is the stream that keeps them live."""
        return [
            web.get("/", self._seen(self.queue)),
            web.get("/case/{id:.+}", self._seen(self.case)),
            web.get("/search", self._seen(self.search)),
            web.get("/today", self._seen(self.day)),
            web.get("/help", self._seen(self.help)),
            web.get("/bring-in", self._seen(self.bring_in)),
            web.get("/events", self._seen(lambda request, _: events(request))),
        ]

    def _seen(self, page: Seen) -> Handler:
        async def seen(request: web.Request) -> web.StreamResponse:
            person = self._view.viewer(request)
            if person is not None:
                return await page(request, person)
            if wants_json(request):
                return self._view.problem(request, 403, self._view.settings.how_to_sign_in)
            how = self._view.settings.how_to_sign_in
            return self._view.page(request, "sign_in.html", status=403, how=how, whom="", token="")

        return seen

    async def queue(self, request: web.Request, person: Person) -> web.Response:
        """Show open cases, worst first."""
        return await self.show_queue(request, person)

    async def show_queue(
        self,
        request: web.Request,
        person: Person,
        *,
        status: int = 200,
        several: Several | None = None,
        back: str | None = None,
    ) -> web.Response:
        """Return a page of the queue; `several` is a dismissal that opens again."""
        first = _count(request.query.get("first", ""))
        cards, total = await self._bot.queue(person, first=first, count=PAGE)
        return await self._view.framed(
            request,
            "queue.html",
            person,
            status=status,
            cards=all_drawn(cards, at=self._view.clock(), picked=several.picked if several else ()),
            outcomes=_outcomes(cards),
            several=several,
            total=total,
            first=first,
            page=PAGE,
            back=own_page(back or request.path_qs),
        )

    async def case(self, request: web.Request, person: Person) -> web.Response:
        """Show one case with its trail."""
        card = await self._bot.card(request.match_info["id"], person)
        if card is None:
            raise web.HTTPNotFound(text="There is no such case. Closed ones are kept for 90 days.")
        return await self.show_case(request, person, card)

    async def show_case(
        self,
        request: web.Request,
        person: Person,
        card: Card,
        *,
        status: int = 200,
        typed: Typed | None = None,
        back: str | None = None,
    ) -> web.Response:
        """Return the page of a case; `typed` is a form of it that opens again."""
        one = drawn(card, at=self._view.clock(), typed=typed)
        trail = await self._bot.trail(card.case_id)
        values = {"one": one, "trail": trail, "back": own_page(back or one.path)}
        return await self._view.framed(request, "case.html", person, status=status, **values)

    async def search(self, request: web.Request, person: Person) -> web.Response:
        """Show what contains the words asked for."""
        text = request.query.get("q", "").strip()[:200]
        found = await self._bot.search(text, person, most=_MOST_FOUND) if text else ()
        cards = all_drawn(found, at=self._view.clock())
        values = {"q": text, "cards": cards, "most": _MOST_FOUND}
        return await self._view.framed(request, "search.html", person, **values)

    async def day(self, request: web.Request, person: Person) -> web.Response:
        """Show what was closed without a card, with a sample of it, and how the sources are (M1, M19)."""
        today = await self._bot.today(person)
        cards = all_drawn(today.sample, at=self._view.clock())
        return await self._view.framed(request, "today.html", person, today=today, cards=cards)

    async def bring_in(
        self,
        request: web.Request,
        person: Person,
        *,
        status: int = 200,
        says: str = "",
        typed: Mapping[str, str] | None = None,
    ) -> web.Response:
        """Show the form for a post that somebody found; `typed` is one that was not taken."""
        values = {"says": says, "typed": dict(typed or {}), "back": "/bring-in"}
        return await self._view.framed(request, "bring_in.html", person, status=status, **values)

    async def help(self, request: web.Request, person: Person) -> web.Response:
        """Show how to work here, for a reader without scripts."""
        return await self._view.framed(request, "help.html", person)


def _outcomes(cards: Sequence[Card]) -> tuple[Choice, ...]:
    """Return how several cards may be dismissed at once: as the first that can be dismissed offers it."""
    asks = (
        ask
        for card in cards
        for action in card.actions
        if action.decision == "dismiss"
        for ask in action.asks
    )
    return next((ask.choices for ask in asks if ask.name == "outcome"), ())


def _count(text: str) -> int:
    return int(text) if _NUMBER.match(text) else 0
