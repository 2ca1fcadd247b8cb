"""A Slack channel as the worker draws to it: posts a card, redraws it, finds it again after doubt.

Pages: docs.slack.dev/apis/web-api/rate-limits (posting: one message a second a channel), and of
/reference/methods chat.postMessage, chat.update (Tier 3, 50 a minute and more for the whole workspace, bursts
allowed), conversations.history and conversations.replies (Tier 3 for an app of one's own), and
/messaging/message-metadata.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, Self

import structlog

from adapters.chat.slack.message import CARD, Message, message, nonce, pointer
from adapters.chat.slack.personal import tell
from adapters.chat.slack.settings import SlackPlace, SlackSettings
from adapters.chat.slack.thread import Thread, Trail
from adapters.chat.slack.web import SlackRefused, SlackWeb
from bot.domain.card import Card
from bot.domain.case import State
from bot.domain.routing import Standing, elsewhere, standing
from bot.domain.team import Person
from bot.errors import ChannelGone, PlatformRejected
from bot.ports import DOUBT, Clock

log = structlog.get_logger(__name__)

Json = dict[str, Any]

#: The message is not there any more, or was never ours.
_GONE: Final = frozenset({"message_not_found", "cant_update_message"})
#: What is wrong is in our own drawing, and has to be put right here.
_OUR_FAULT: Final = frozenset({
    "invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long", "no_text",
    "invalid_metadata_format", "invalid_metadata_schema", "metadata_too_large", "invalid_arguments",
})  # fmt: skip
#: How far back a card in doubt is looked for, and by how much a clock may be wrong.
_LOOK_BACK, _CLOCKS = timedelta(days=7), timedelta(hours=1)
_FORMS: Final = {"": Standing.CARD, "-": Standing.STUB, "~": Standing.POINTER}
_NAME = re.compile(r"(?P<channel>\w+):(?P<ts>\d+\.\d+)(?:#(?P<told>\d+))?(?P<form>[-~]?)")


@dataclass(frozen=True, slots=True)
class Posted:
    """The name a card is posted under: `<channel>:<ts>`, then how much of the trail its thread tells (`#3`).

    Then `-` for a stub and `~` for a pointer, which is drawn once.
    """

    channel: str
    ts: str
    told: int = 0
    form: Standing = Standing.CARD

    @classmethod
    def read(cls, name: str | None) -> Self | None:
        """Return what a name says; `None` for none, and for one in doubt."""
        found = _NAME.fullmatch(name or "")
        if found is None:
            return None
        return cls(found["channel"], found["ts"], int(found["told"] or 0), _FORMS[found["form"]])

    def __str__(self) -> str:
        """Return the name."""
        form = next(sign for sign, form in _FORMS.items() if form is self.form)
        return f"{self.channel}:{self.ts}{f'#{self.told}' if self.told else ''}{form}"


class SlackChannel:
    """One Slack channel. A first post whose answer was lost is found by its metadata, and not made again.

    A drawing is one call of one method, and a redraw may be followed by one message in the card's thread, so
    that no slot posts more than one message.
    """

    #: What Slack asks for: one message a second a channel.
    pace: timedelta | None = timedelta(seconds=1)

    def __init__(
        self,
        settings: SlackSettings,
        place: SlackPlace,
        *,
        clock: Clock,
        client: SlackWeb | None = None,
        trail: Trail | None = None,
    ) -> None:
        """`trail` gives a case's history, to be told in the thread; without one, there is no thread."""
        self.name = f"slack:{place.name}"
        self._place = place
        self._others = tuple(other for other in settings.places if other.name != place.name)
        self._clock = clock
        self._web = client or SlackWeb(settings)
        self._thread = Thread(self._web, trail) if trail else None

    async def aclose(self) -> None:
        """Close the connections to Slack."""
        await self._web.aclose()

    async def draw(self, card: Card, posted: str | None) -> str | None:
        """Post the card, or redraw the one `posted` names; return the name it is posted under.

        Empty where it has no place here; `None` where nothing is to be done to what stands here.
        `PlatformBusy`: not now, or no clear answer. `ChannelGone`: it takes no card, and what to do about it.
        `PlatformRejected`: it does not take this one.
        """
        try:
            return await self._draw(card, posted)
        except SlackRefused as refused:
            _say_so(card, refused)
            why = ChannelGone if refused.out_of_reach else PlatformRejected
            raise why(f"{self.name} ({self._place.channel}): {refused}") from refused
        except PlatformRejected as elsewhere:  # Slack says no with 200: this is a proxy, or a wrong address
            raise ChannelGone(f"{self.name}: {elsewhere}") from elsewhere

    async def tell(self, person: Person, words: str) -> bool:
        """Send one colleague a message of their own; False where the workspace does not know them."""
        return await tell(self._web, person, words)

    async def _draw(self, card: Card, posted: str | None) -> str | None:
        was = Posted.read(posted)
        if card.state is State.RECEIVED and self._place.risks is False:
            return None if was else ""  # something new in it that nobody has read yet: it may be a danger
        here = was is not None and was.form is Standing.CARD
        stands = standing(card, self._place, self._others, was_here=here)
        if stands is Standing.NOTHING:
            if posted != DOUBT:
                return None if was else ""  # what stands here points elsewhere already
            stands = Standing.POINTER  # if it stands here at all
        if was and was.channel != self._place.channel:
            await self._leave(card, was)
            was = None
        return await self._stand(card, stands, was, in_doubt=posted is not None)

    async def _stand(self, card: Card, stands: Standing, was: Posted | None, *, in_doubt: bool) -> str:
        drawing = self._drawing(card, stands)
        if was and await self._redrawn(self._place.channel, was.ts, drawing):
            return str(replace(was, told=await self._told(card, was, stands), form=stands))
        ts = await self._adopted(card, drawing) if in_doubt else None
        if ts is None and stands is not Standing.POINTER:
            ts = await self._posted(drawing)
        return str(Posted(self._place.channel, ts, form=stands)) if ts else ""

    async def _told(self, card: Card, was: Posted, stands: Standing) -> int:
        """Bring the thread up to date, or take it back where its words are not to be seen any more."""
        if self._thread is None:
            return was.told
        if stands is Standing.CARD:
            return await self._thread.tell(card, was.channel, was.ts, was.told)
        if was.told and self._place.risks is False:
            await self._thread.take_back(was.channel, was.ts)
            return 0
        return was.told

    def _drawing(self, card: Card, stands: Standing) -> Message:
        places = elsewhere(card, self._others)
        where = places[0].channel if places else ""
        if stands is Standing.POINTER:
            return pointer(card, where, lane=self.name)
        return message(card, lane=self.name, stub=stands is Standing.STUB, where=where)

    async def _posted(self, drawing: Message) -> str:
        answer = await self._web.write("chat.postMessage", channel=self._place.channel, **drawing.payload)
        return str(answer.get("ts", ""))

    async def _redrawn(self, channel: str, ts: str, drawing: Message) -> bool:
        """Redraw a message; False when somebody deleted it, or it is not ours."""
        # `parse` has another default here than for a first post: names in a text would become links.
        fields = {
            "text": drawing.text,
            "blocks": drawing.blocks,
            "metadata": drawing.metadata,
            "parse": "none",
        }
        try:
            await self._web.write("chat.update", channel=channel, ts=ts, **fields)
        except SlackRefused as refused:
            if refused.error in _GONE:
                return False
            raise
        return True

    async def _leave(self, card: Card, was: Posted) -> None:
        """The place is another Slack channel by now: the card there points here, if it can be reached."""
        try:
            await self._redrawn(was.channel, was.ts, pointer(card, self._place.channel, lane=self.name))
        except SlackRefused as refused:
            log.info("old_card_out_of_reach", case=card.case_id, channel=was.channel, error=refused.error)

    # After doubt

    async def _adopted(self, card: Card, drawing: Message) -> str | None:
        """Redraw the first card of this case that stands here, and let the others point; return its name."""
        first: str | None = None
        for ts in await self._found(card):
            if first is None:
                first = ts if await self._redrawn(self._place.channel, ts, drawing) else None
            else:
                other = pointer(card, self._place.channel, lane=self.name)
                await self._redrawn(self._place.channel, ts, other)
        if first:
            log.info("card_adopted", case=card.case_id, channel=self.name)
        return first

    async def _found(self, card: Card) -> list[str]:
        """Return the messages of this case that stand in the channel, oldest first."""
        now, own = self._clock(), nonce(self.name, card.case_id)
        since = max(min(card.mention.at or now, now), now - _LOOK_BACK) - _CLOCKS
        fields = {"channel": self._place.channel, "oldest": f"{since.timestamp():.6f}"}
        found = [
            str(one["ts"])
            async for one in self._web.messages("conversations.history", **fields)
            if _nonce_of(one) == own
        ]
        return sorted(found, key=float)


def _say_so(card: Card, refused: SlackRefused) -> None:
    """Log a refusal that only we can mend. Without a traceback, whose variables are people's words."""
    if refused.error in _OUR_FAULT:
        log.error("slack_refused_a_card", case=card.case_id, error=refused.error, at=refused.where)


def _nonce_of(one: Json) -> str:
    match one.get("metadata"):
        case {"event_type": str(kind), "event_payload": {"nonce": str(found)}} if kind == CARD:
            return found
        case _:
            return ""
