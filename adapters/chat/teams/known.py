"""What Teams told us of itself, and what no call of Teams' can look up: kept for all processes together.

Page: learn.microsoft.com/en-us/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages
(service URLs change; conversation IDs are for keeping).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, cast

import structlog

from adapters.chat.teams.activity import Activity
from adapters.chat.teams.connector import is_microsofts
from adapters.chat.teams.settings import TeamsSettings
from bot.ports import Keeper

log = structlog.get_logger(__name__)

#: Cards and their threads are known so long; a closed case is kept for 90 days.
CARDS: Final = timedelta(days=180)
#: Who somebody is, and where we talk with them: asked again after this.
PEOPLE: Final = timedelta(days=180)


class Known:
    """What we know of one tenant. Every call raises `StoreUnavailable`."""

    def __init__(self, keeper: Keeper, settings: TeamsSettings) -> None:
        """`settings` say whose service URL is believed, and which tenant's."""
        self._keeper, self._settings = keeper, settings

    # What an activity tells

    async def heard(self, activity: Activity) -> None:
        """Keep what a verified activity tells: the newest service URL, and how to reach who sent it."""
        if activity.tenant.casefold() != self._settings.tenant.casefold():
            return  # another organisation's people stand on other servers
        if not is_microsofts(activity.service_url, self._settings.cloud):
            log.warning("service_url_not_taken", activity=activity.id)
            return
        await self._learn("service", activity.service_url)
        user = activity.user
        if user.aad and user.id:
            await self._learn(f"user:{user.aad.casefold()}", user.id, PEOPLE)
        if user.aad and activity.conversation.type == "personal":
            await self.keep_chat(user.aad, activity.conversation.id)

    async def service(self) -> str:
        """Return where calls go: the newest address we heard, or the one that the cloud begins with."""
        kept = await self._kept("service")
        if kept and is_microsofts(kept, self._settings.cloud):
            return kept
        return self._settings.cloud.service

    # People

    async def user_id(self, aad: str) -> str | None:
        """Return what Teams calls a person (`29:...`), by their object ID in Entra."""
        return await self._kept(f"user:{aad.casefold()}")

    async def keep_address(self, address: str, aad: str) -> None:
        """Keep whose address this is, as the directory has it (an e-mail address or a UPN)."""
        await self._learn(_address(address), aad, PEOPLE)

    async def behind(self, address: str) -> str | None:
        """Return the object ID in Entra of whoever has this address; `None` where nobody told us."""
        return await self._kept(_address(address))

    async def chat(self, user_aad: str) -> str | None:
        """Return our personal conversation with somebody."""
        return await self._kept(f"chat:{user_aad.casefold()}")

    async def keep_chat(self, user_aad: str, conversation: str) -> None:
        """Keep our personal conversation with somebody."""
        await self._learn(f"chat:{user_aad.casefold()}", conversation, PEOPLE)

    # Cards and their threads

    async def card_posted(self, conversation: str, message_id: str, case_id: str) -> None:
        """Keep which case stands under this message, and that it is the newest of its cards there."""
        await self._keep(f"card:{_message(conversation, message_id)}", case_id, CARDS)
        await self._keep(f"case:{channel_of(conversation)};{case_id}", message_id, CARDS)

    async def case_of(self, conversation: str, message_id: str) -> str | None:
        """Return whose card a message is; the conversation may be the channel or the card's own thread."""
        return await self._kept(f"card:{_message(conversation, message_id)}")

    async def message_of(self, conversation: str, case_id: str) -> str | None:
        """Return the newest card of a case in a channel."""
        return await self._kept(f"case:{channel_of(conversation)};{case_id}")

    async def replies(self, conversation: str, message_id: str) -> dict[str, int]:
        """Return what we wrote under a card, oldest first: up to which line of the trail each tells."""
        kept = await self._kept(f"thread:{_message(conversation, message_id)}")
        return cast("dict[str, int]", json.loads(kept)) if kept else {}

    async def keep_replies(self, conversation: str, message_id: str, replies: Mapping[str, int]) -> None:
        """Keep what we wrote under a card, as Teams gives nobody a list of it. One drawing at a time."""
        await self._keep(f"thread:{_message(conversation, message_id)}", json.dumps(dict(replies)), CARDS)

    async def _learn(self, name: str, value: str, keep: timedelta | None = None) -> None:
        """Keep what is said again and again, without writing it again and again."""
        if await self._kept(name) != value:
            await self._keep(name, value, keep)

    async def _keep(self, name: str, value: str, keep: timedelta | None) -> None:
        await self._keeper.keep(f"teams:{name}", value, keep=keep)

    async def _kept(self, name: str) -> str | None:
        return await self._keeper.kept(f"teams:{name}")


def channel_of(conversation: str) -> str:
    """Return the channel of a thread, whose name is `<channel>;messageid=<its first message>`."""
    return conversation.partition(";")[0]


def _message(conversation: str, message_id: str) -> str:
    return f"{channel_of(conversation)};{message_id}"


def _address(address: str) -> str:
    """An address as part of a name in the record: nobody's is to be read there."""
    return f"address:{hashlib.sha256(address.strip().casefold().encode()).hexdigest()}"
