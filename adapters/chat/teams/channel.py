"""A Teams channel as the worker draws to it: posts a card, redraws it, and tells the rest in its thread.

Pages, under learn.microsoft.com/en-us: microsoftteams/platform/bots/how-to/rate-limit (60 calls in 30 seconds
a channel, redraws counted), microsoftteams/platform/bots/how-to/conversations/send-proactive-messages and
azure/bot-service/rest-api/bot-framework-rest-connector-api-reference.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, Self

import structlog

from adapters.chat.teams.card import message, pointer
from adapters.chat.teams.connector import Connector
from adapters.chat.teams.known import Known
from adapters.chat.teams.refused import TeamsRefused
from adapters.chat.teams.settings import TeamsPlace, TeamsSettings
from adapters.chat.teams.telling import Teller
from adapters.chat.teams.thread import Thread, Trail
from bot.domain.card import Card
from bot.domain.case import State
from bot.domain.routing import Standing, elsewhere, standing
from bot.domain.team import Person
from bot.errors import ChannelGone, PlatformRejected
from bot.ports import DOUBT

log = structlog.get_logger(__name__)

Json = dict[str, Any]
People = Callable[[Card], Awaitable[tuple[str, ...]]]

#: The message is not there any more, or was never ours.
_GONE: Final = frozenset({404, 410})
#: What is wrong is in our own drawing, and has to be put right here.
_OUR_FAULT: Final = frozenset({400, 413})
_FORMS: Final = {"": Standing.CARD, "-": Standing.STUB, "~": Standing.POINTER}
_NAME = re.compile(r"(?P<channel>[^;#~\s]+);(?P<id>[\w:.-]*[\w:.])(?:#(?P<told>\d+))?(?P<form>[-~]?)")


@dataclass(frozen=True, slots=True)
class Posted:
    """The name a card is posted under: `<channel>;<activity>`, then how much of the trail its thread tells.

    That is `#3`, and then `-` for a stub and `~` for a pointer, which is drawn once.
    """

    channel: str
    activity: str
    told: int = 0
    form: Standing = Standing.CARD

    @classmethod
    def read(cls, name: str | None) -> Self | None:
        """Return what a name says; `None` for none, and for one in doubt."""
        found = _NAME.fullmatch(name or "")
        if found is None:
            return None
        return cls(found["channel"], found["id"], int(found["told"] or 0), _FORMS[found["form"]])

    def __str__(self) -> str:
        """Return the name."""
        form = next(sign for sign, form in _FORMS.items() if form is self.form)
        return f"{self.channel};{self.activity}{f'#{self.told}' if self.told else ''}{form}"


class TeamsChannel:
    """One Teams channel. A first post whose answer was lost is made again: Teams cannot be searched.

    The older of the two is not on record then, and becomes a pointer when somebody presses it.
    """

    #: A redraw and a reply in the thread are two calls, and Teams takes 60 in 30 seconds.
    pace: timedelta | None = timedelta(seconds=1)

    def __init__(
        self,
        settings: TeamsSettings,
        place: TeamsPlace,
        *,
        connector: Connector,
        known: Known,
        trail: Trail | None = None,
        people: People | None = None,
    ) -> None:
        """`trail` gives a case's history, to be told in the thread; without one, there is no thread.

        `people` gives who sees the card refreshed when they look at it, by what Teams calls them.
        """
        self.name = f"teams:{place.name}"
        self._place = place
        self._inline = settings.inline
        self._others = tuple(other for other in settings.places if other.name != place.name)
        self._connector, self._known, self._people = connector, known, people
        self._thread = Thread(connector, known, trail) if trail else None
        self._teller = Teller(connector, known)

    async def draw(self, card: Card, posted: str | None) -> str | None:
        """Post the card, or redraw the one `posted` names; return the name it is posted under.

        Empty where it has no place here; `None` where nothing is to be done to what stands here.
        `PlatformBusy`: not now, or no clear answer. `ChannelGone`: it takes no card, and what to do about it.
        `PlatformRejected`: it does not take this one.
        """
        try:
            return await self._draw(card, posted)
        except TeamsRefused as refused:
            _say_so(card, refused)
            why = ChannelGone if refused.out_of_reach else PlatformRejected
            raise why(f"{self.name} ({self._place.channel}): {refused}") from refused
        except PlatformRejected as elsewhere:  # a proxy, or a wrong address
            raise ChannelGone(f"{self.name}: {elsewhere}") from elsewhere

    async def tell(self, person: Person, words: str) -> bool:
        """Send one colleague a message of their own; False where Teams does not let us reach them."""
        user = person.teams or (await self._known.behind(person.email) if person.email else None)
        return await self._teller.tell(user, words) if user else False

    async def _draw(self, card: Card, posted: str | None) -> str | None:
        was = Posted.read(posted)
        if card.state is State.RECEIVED and self._place.risks is False:
            return None if was else ""  # something new in it that nobody has read yet: it may be a danger
        here = was is not None and was.form is Standing.CARD
        stands = standing(card, self._place, self._others, was_here=here)
        if stands is Standing.NOTHING:
            if posted != DOUBT:
                return None if was else ""  # what stands here points elsewhere already
            stands = Standing.POINTER  # if it stands here, as far as we know
        if was and was.channel != self._place.channel:
            await self._leave(card, was)
            was = None
        begun = await self._begun(card) if posted is not None else None
        return await self._stand(card, stands, was, begun)

    async def _begun(self, card: Card) -> Posted | None:
        """Return the newest card of this case that we know of here: its name may not have been saved."""
        activity = await self._known.message_of(self._place.channel, card.case_id)
        return Posted(self._place.channel, activity) if activity else None

    async def _stand(self, card: Card, stands: Standing, was: Posted | None, begun: Posted | None) -> str:
        drawing = await self._drawing(card, stands)
        if was and begun and begun.activity == was.activity:
            begun = None
        for one in (was, begun):
            if one and await self._redrawn(one, drawing):
                return str(replace(one, told=await self._told(card, one, stands), form=stands))
        if stands is Standing.POINTER:
            return ""
        place = self._place.channel
        activity = await self._connector.send(await self._known.service(), place, drawing)
        # At once: whoever is killed before the name is saved with the case leaves no second card.
        await self._known.card_posted(place, activity, card.case_id)
        return str(Posted(place, activity, form=stands))

    async def _told(self, card: Card, was: Posted, stands: Standing) -> int:
        """Bring the thread up to date, or take it back where its words are not to be seen any more."""
        if self._thread is None:
            return was.told
        if stands is Standing.CARD:
            return await self._thread.tell(card, was.channel, was.activity, was.told)
        if self._place.risks is False:
            await self._thread.take_back(was.channel, was.activity)
            return 0
        return was.told

    async def _drawing(self, card: Card, stands: Standing) -> Json:
        places = elsewhere(card, self._others)
        where = places[0].name if places else ""
        if stands is Standing.POINTER:
            return pointer(card, where)
        if stands is Standing.STUB:
            return message(card, stub=True, where=where)
        people = await self._people(card) if self._people else ()
        return message(card, where=where, people=people, inline=self._inline)

    async def _redrawn(self, was: Posted, drawing: Json) -> bool:
        """Redraw a message; False when somebody deleted it, or it is not ours."""
        try:
            await self._connector.update(await self._known.service(), was.channel, was.activity, drawing)
        except TeamsRefused as refused:
            if refused.status in _GONE:
                return False
            raise
        return True

    async def _leave(self, card: Card, was: Posted) -> None:
        """The place is another channel by now: the card there points here, if it can be reached."""
        try:
            await self._redrawn(was, pointer(card, self._place.name))
        except TeamsRefused as refused:
            log.info("old_card_out_of_reach", case=card.case_id, channel=was.channel, status=refused.status)


def _say_so(card: Card, refused: TeamsRefused) -> None:
    """Log a refusal that only we can mend. Without a traceback, whose variables are people's words."""
    if refused.status in _OUR_FAULT and not refused.out_of_reach:
        log.error("teams_refused_a_card", case=card.case_id, error=refused.error or refused.status)
