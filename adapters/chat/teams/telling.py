"""Tell one person something in Teams that nobody else sees: in the chat they have with the app.

Page: learn.microsoft.com/en-us/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages.
"""

from __future__ import annotations

from typing import Final

import structlog

from adapters.chat.teams.activity import Activity
from adapters.chat.teams.card import activity, adapted
from adapters.chat.teams.connector import Connector
from adapters.chat.teams.known import Known
from adapters.chat.teams.refused import TeamsRefused
from adapters.chat.teams.text import clip, rich, run, shown
from adapters.chat.words import sentence
from bot.errors import BotError

log = structlog.get_logger(__name__)

#: Nobody of this ID, nobody who has the app, or somebody who has blocked it.
_NOBODY: Final = frozenset({400, 403, 404})
#: What no one person's chat can be the reason of.
_FOR_ALL: Final = frozenset({"BotDisabledByAdmin"})
#: Characters of what is told: nobody reads more of it in a chat.
_MOST: Final = 4_000


class Teller:
    """Tells people things. A chat with somebody is begun once, and kept."""

    def __init__(self, connector: Connector, known: Known) -> None:
        """`known` has where people are talked with."""
        self._connector, self._known = connector, known

    async def tell(self, user: str, words: str) -> bool:
        """Tell somebody, by their object ID in Entra; False where they cannot be reached.

        `PlatformBusy` and `PlatformRejected`: Teams cannot tell anybody just now.
        """
        chat = await self._known.chat(user)
        if chat and await self._told(chat, words):
            return True
        try:
            chat = await self._connector.personal(await self._known.service(), user)
        except TeamsRefused as refused:
            if _is_nobody(refused):
                return False
            raise
        await self._known.keep_chat(user, chat)
        return await self._told(chat, words)

    async def alone(self, who: Activity | str, words: str) -> None:
        """Tell whoever acted, or somebody by their object ID; what cannot be told is logged."""
        user = who if isinstance(who, str) else who.user.aad or who.user.id
        try:
            if not user or not await self.tell(user, sentence(words)):
                log.info("teams_not_told", error="out of reach")
        except BotError as failure:  # the record's included: nothing depends on it
            log.warning("teams_not_told", error=type(failure).__name__)

    async def _told(self, chat: str, words: str) -> bool:
        message = activity(adapted([rich(run(clip(shown(words), _MOST)[0]))], words), words)
        try:
            await self._connector.send(await self._known.service(), chat, message)
        except TeamsRefused as refused:
            if _is_nobody(refused):
                return False
            raise
        return True


def _is_nobody(refused: TeamsRefused) -> bool:
    return refused.status in _NOBODY and refused.error not in _FOR_ALL
