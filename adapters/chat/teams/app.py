"""What Teams sends us: each thing is handed to where it belongs, and whatever needs no answer goes on after.

Page: learn.microsoft.com/en-us/microsoftteams/platform/bots/how-to/conversations/
subscribe-to-conversation-events. The door has checked who sends it; who may decide is asked of the directory.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, cast

import structlog

from adapters.chat.after import Afterwards
from adapters.chat.taking import ACKNOWLEDGE, Once, Taker
from adapters.chat.teams.activity import Activity
from adapters.chat.teams.commands import Commands
from adapters.chat.teams.connector import Connector
from adapters.chat.teams.directory import Directory
from adapters.chat.teams.forms import Forms
from adapters.chat.teams.known import Known
from adapters.chat.teams.mentions import Mentions
from adapters.chat.teams.pasted import Paste
from adapters.chat.teams.presses import Presses
from adapters.chat.teams.settings import TeamsSettings
from adapters.chat.teams.taking import Kit
from adapters.chat.teams.telling import Teller
from bot.errors import StoreUnavailable
from bot.ports import Bot, Clock

log = structlog.get_logger(__name__)

Json = dict[str, Any]

_PERSONAL: Final = "personal"


class TeamsApp:
    """Everything behind the door. What goes on after an answer is in `after`; who stops us waits for it."""

    def __init__(  # noqa: PLR0913 what it is put together from
        self,
        bot: Bot,
        settings: TeamsSettings,
        connector: Connector,
        known: Known,
        directory: Directory,
        *,
        clock: Clock,
        once: Once,
        after: Afterwards | None = None,
    ) -> None:
        """`once` keeps a name for at least an hour: longer than Teams tries anything again."""
        self.after = after or Afterwards()
        self._known, self._directory = known, directory
        taker = Taker(bot, directory.find, once, self.after)
        teller = Teller(connector, known)
        kit = Kit(bot, settings, connector, known, directory, clock, taker, self.after, teller)
        forms = Forms(kit)
        presses, paste = Presses(kit, forms), Paste(kit, forms)
        self._commands, self._mentions = Commands(kit), Mentions(kit)
        self._invokes: Mapping[str, Callable[[Activity], Awaitable[Json]]] = {
            "adaptiveCard/action": presses.take,
            "task/fetch": forms.fetch,
            "task/submit": forms.submit,
            "composeExtension/fetchTask": paste.ask,
            "composeExtension/submitAction": paste.submit,
        }

    async def invoke(self, activity: Json) -> Json | None:
        """Answer what waits for an answer; `None` for what we do not know."""
        found = self._read(activity)
        answer = self._invokes.get(found.name)
        return await answer(found) if answer else None

    async def message(self, activity: Json) -> None:
        """Take what somebody wrote to us: in their own chat a command, elsewhere only with our name."""
        found = self._read(activity)
        if found.conversation.type == _PERSONAL:
            await self._commands.take(found)
            return
        entities = activity.get("entities")
        us = str(cast("Json", activity.get("recipient") or {}).get("id") or "")
        listed = cast("list[Any]", entities) if isinstance(entities, list) else []
        await self.after.within(self.after.do(self._mentions.heard(found, listed, us)), ACKNOWLEDGE)

    async def changed(self, activity: Json) -> None:
        """Note where we were added or removed; whoever has us in their own chat now is told how we work."""
        found = self._read(activity)
        added, removed = _bots(activity, "membersAdded"), _bots(activity, "membersRemoved")
        action = str(activity.get("action") or "")
        if removed or action.startswith("remove"):
            log.warning("teams_removed", conversation=found.conversation.id)
        elif found.conversation.type == _PERSONAL and (added or action.startswith("add")):
            self.after.do(self._commands.welcome(found))

    def _read(self, body: Json) -> Activity:
        found = Activity.read(body)
        if found.user.aad:
            self._directory.saw(found.user.aad, found.conversation.id, found.user.id)
        self.after.do(self._heard(found))
        return found

    async def _heard(self, activity: Activity) -> None:
        try:
            await self._known.heard(activity)
            if activity.conversation.type == _PERSONAL and activity.user.aad:
                await self._known.keep_chat(activity.user.aad, activity.conversation.id)
        except StoreUnavailable:
            log.info("teams_not_kept", activity=activity.id)


def _bots(activity: Mapping[str, Any], name: str) -> bool:
    """Whether we are among those whom a conversation gained or lost."""
    us = cast("Json", activity.get("recipient") or {}).get("id")
    listed = activity.get(name)
    members = cast("list[Any]", listed) if isinstance(listed, list) else []
    return any(isinstance(one, dict) and us and cast("Json", one).get("id") == us for one in members)
