"""What everything that Teams sends is answered with, and how a press is taken that may come three times.

Pages: learn.microsoft.com/en-us/microsoftteams/platform/messaging-extensions/how-to/action-commands/
respond-to-task-module-submit (five seconds, and two more tries) and /task-modules-and-cards/cards/
universal-actions-for-adaptive-cards/work-with-universal-actions-for-adaptive-cards.

Teams cannot be searched for a card whose first post was never confirmed, so one case may stand there twice.
Only the card on record decides: a press on another one turns it into a pointer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import structlog

from adapters.chat.after import Afterwards
from adapters.chat.taking import UNCONFIRMED, Outcome, Taken, Taker
from adapters.chat.teams.activity import Activity
from adapters.chat.teams.card import pointer
from adapters.chat.teams.channel import Posted
from adapters.chat.teams.connector import Connector
from adapters.chat.teams.directory import Directory
from adapters.chat.teams.known import Known, channel_of
from adapters.chat.teams.names import Pressed
from adapters.chat.teams.settings import TeamsPlace, TeamsSettings
from adapters.chat.teams.telling import Teller
from bot.domain.card import Card
from bot.domain.decision import Decision
from bot.domain.team import Person
from bot.domain.value import digest
from bot.errors import PlatformError, StoreUnavailable
from bot.ports import Bot, Clock, Refusal

log = structlog.get_logger(__name__)

Json = dict[str, Any]

_NOT_ON_RECORD = (
    "this card is not the one on record, and nothing was done. The case stands in another message"
)
GONE = Refusal("this case is gone: closed ones are kept for 90 days")
UNREADABLE = Refusal("the record cannot be reached just now, and nothing was done. Try again in a minute")


@dataclass(frozen=True, slots=True)
class Elsewhere(Refusal):
    """The card that was pressed is not the one on record; `channel` and `message` name that one."""

    channel: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Kit:
    """The bot, Teams, and who takes presses."""

    bot: Bot
    settings: TeamsSettings
    connector: Connector
    known: Known
    directory: Directory
    clock: Clock
    taker: Taker
    after: Afterwards
    teller: Teller
    #: Presses that are being recorded, by their identity: who comes again while it lasts waits for the same.
    under_way: dict[str, Taken] = field(default_factory=dict[str, Taken])

    def start(
        self, activity: Activity, pressed: Pressed, decision: Decision, fields: Mapping[str, str]
    ) -> Taken:
        """Begin to take what somebody pressed; `fields` is all that they said with it."""
        identity = _identity(activity, pressed, decision.kind, fields)
        if (taken := self.under_way.get(identity)) is not None:
            return taken
        taken = Taken(self.after.do(self._take(activity, identity, pressed, decision)), self.after)
        self.under_way[identity] = taken
        taken.task.add_done_callback(lambda _: self.under_way.pop(identity, None))
        return taken

    async def _take(self, activity: Activity, identity: str, pressed: Pressed, decision: Decision) -> Outcome:
        if activity.name == "adaptiveCard/action":  # a dialog is no card; it was looked at when it opened
            elsewhere = await self.elsewhere(activity, pressed.case_id)
            if elsewhere is not None:
                return elsewhere
        user = activity.user.aad
        answer = await self.taker.take(user, identity, pressed.case_id, decision)
        if answer is not None:
            return answer
        card = await self.card(activity, pressed.case_id)
        if isinstance(card, Refusal) or card.version != pressed.version:
            return None  # it counted the first time
        # Nothing came of it the first time, so this is a person who tries again.
        return await self.taker.take(user, f"{identity}:{digest(activity.id)}", pressed.case_id, decision)

    async def card(self, activity: Activity, case_id: str) -> Card | Refusal:
        """Return a card as whoever sent `activity` may see it."""
        person = await self.directory.find(activity.user.aad)
        return person if isinstance(person, Refusal) else await self.card_for(person, case_id)

    async def card_for(self, person: Person, case_id: str) -> Card | Refusal:
        """Return a card as `person` sees it."""
        try:
            return await self.bot.card(case_id, person) or GONE
        except StoreUnavailable:
            return UNREADABLE

    async def elsewhere(self, activity: Activity, case_id: str) -> Refusal | None:
        """Return why the card that was pressed does not decide; `None` where it does."""
        place = self._place(activity.conversation.id)
        if place is None or not activity.reply_to:
            return None  # no card of a channel: a list or a card that a command gave
        person = await self.directory.find(activity.user.aad)
        if isinstance(person, Refusal):
            return person
        try:
            posted = (await self.bot.stands(case_id)).get(f"teams:{place.name}", "")
        except StoreUnavailable:
            return UNCONFIRMED
        stands = Posted.read(posted)  # none for a first post in doubt: whichever card is there is as good
        if stands is None or stands.activity == activity.reply_to:
            return None
        card = await self.card_for(person, case_id)
        found = None if isinstance(card, Refusal) else card
        return Elsewhere(_NOT_ON_RECORD, found, channel=stands.channel, message=stands.activity)

    def _place(self, conversation: str) -> TeamsPlace | None:
        channel = channel_of(conversation)
        return next((one for one in self.settings.places if one.channel == channel), None)

    def is_place(self, conversation: str) -> bool:
        """Whether a conversation is a channel where cards stand; a lane draws those."""
        return self._place(conversation) is not None

    def point(self, activity: Activity, elsewhere: Elsewhere) -> Json | None:
        """Put a pointer in the place of the card that was pressed; returns it, where the case is known."""
        if elsewhere.card is None:
            return None
        drawn = pointer(elsewhere.card, address(elsewhere.channel, elsewhere.message))
        self.put(activity, channel_of(activity.conversation.id), activity.reply_to, drawn)
        return drawn

    def tell_late(self, taken: Taken, activity: Activity) -> None:
        """Tell whoever pressed what came of it in the end, in the chat with them."""

        async def tell(words: str) -> None:
            await self.teller.alone(activity, words)

        self.after.do(taken.late(tell, unconfirmed=False))

    def put(self, activity: Activity, conversation: str, message: str, drawn: Json) -> None:
        """Put what is `drawn` in a message's place, when there is time."""
        self.after.do(self._put(activity.service_url, conversation, message, drawn))

    async def _put(self, service: str, conversation: str, message: str, drawn: Json) -> None:
        try:
            await self.connector.update(service, conversation, message, drawn)
        except PlatformError as failure:
            log.warning("teams_not_redrawn", error=type(failure).__name__)


def _identity(activity: Activity, pressed: Pressed, decision: str, fields: Mapping[str, str]) -> str:
    """Return what names a press: Teams tries again under other IDs, but what was said is the same."""
    seen = [activity.user.aad, pressed.case_id, pressed.version, decision, *sorted(fields.items())]
    return f"teams:{digest(json.dumps(seen))}"


def address(channel: str, message: str) -> str:
    """Return the address of a message in a channel, as Teams makes them ("Copy link")."""
    return f"https://teams.microsoft.com/l/message/{quote(channel, safe='')}/{quote(message, safe='')}"
