"""What colleagues write in a channel stays among them; only our name with an instruction is heard.

Page: learn.microsoft.com/en-us/microsoftteams/platform/bots/how-to/conversations/
channel-and-group-conversations (`entities`, `<at>`). The only decision made here is a redraft: no other is in
reach, so no way leads from a message to a platform.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

import structlog

from adapters.chat.teams.activity import Activity
from adapters.chat.teams.answers import note
from adapters.chat.teams.taking import Kit
from bot.domain.decision import Redraft
from bot.domain.forms import read_form
from bot.domain.value import digest
from bot.errors import BadInput, PlatformError, StoreUnavailable
from bot.ports import Redraw, Refusal

log = structlog.get_logger(__name__)

_HINT: Final = (
    "say what to change, as in “shorter, drop the refund line”. Anything else in that thread stays with you"
)
_ELSEWHERE: Final = (
    "write that in the thread of a card, and its draft is written again so. For the rest: write help here"
)
_DONE: Final = "Another draft is being written, as you asked. It will stand on the card."
_NAME = re.compile(r"<at[^>]*>(.*?)</at>", re.DOTALL | re.IGNORECASE)
_BETWEEN = " \t\r\n\xa0,:"


class Mentions:
    """Messages in a channel that name us."""

    def __init__(self, kit: Kit) -> None:
        """`kit` is what presses are taken with."""
        self._kit = kit

    async def heard(self, activity: Activity, entities: Iterable[Any], us: str) -> None:
        """Take an instruction; whatever else was said is left alone. Teams' retries are heard once."""
        instruction = spoken_to(activity.text, entities, us)
        if instruction is None or not activity.user.id or activity.user.id == us:
            return
        try:
            case_id = await self._case(activity)
        except StoreUnavailable:
            await self._tell(activity, "the record cannot be reached. Try again in a minute")
            return
        if case_id is None:
            await self._tell(activity, _ELSEWHERE)
            return
        await self._redraft(activity, case_id, instruction)

    async def _redraft(self, activity: Activity, case_id: str, instruction: str) -> None:
        if not instruction:
            await self._tell(activity, _HINT)
            return
        try:
            decision = read_form("redraft", {"instruction": instruction}, at=self._kit.clock())
        except BadInput as bad:
            await self._tell(activity, str(bad))
            return
        if not isinstance(decision, Redraft):
            return
        # By the message: when Teams tells it again, it is about the same one.
        identity = f"teams:{digest(f'{activity.conversation.id} {activity.id}')}"
        answer = await self._kit.taker.take(activity.user.aad, identity, case_id, decision)
        if isinstance(answer, Refusal):
            await self._tell(activity, answer.says)
        elif isinstance(answer, Redraw):
            await self._say(activity)

    async def _case(self, activity: Activity) -> str | None:
        """Return the case whose card a thread is under: we kept it when we posted the card."""
        channel, _, thread = activity.conversation.id.partition(";messageid=")
        return await self._kit.known.case_of(channel, thread) if thread else None

    async def _say(self, activity: Activity) -> None:
        """Answer in the thread, where colleagues see that somebody asked."""
        try:
            await self._kit.connector.send(activity.service_url, activity.conversation.id, note(_DONE))
        except PlatformError as failure:
            log.warning("teams_not_told", error=type(failure).__name__)
            await self._tell(activity, _DONE)

    async def _tell(self, activity: Activity, words: str) -> None:
        await self._kit.teller.alone(activity, words)


def spoken_to(text: str, entities: Iterable[Any], us: str) -> str | None:
    """Return what a message says to us that begins with our name; `None` where it does not."""
    begins = text.lstrip(_BETWEEN)
    named = [name for name in _names(entities, us) if begins.startswith(name)]
    if not named:
        return None
    rest = begins[len(max(named, key=len)) :]
    return html.unescape(_NAME.sub(r"\1", rest)).replace("\xa0", " ").strip(_BETWEEN)


def _names(entities: Iterable[Any], us: str) -> list[str]:
    """Return how we are named in a message: by Teams' own list, not by what stands in the text."""
    found: list[str] = []
    for one in entities:
        if not isinstance(one, Mapping):
            continue
        entity = cast("Mapping[str, Any]", one)
        mentioned = entity.get("mentioned")
        if entity.get("type") != "mention" or not isinstance(mentioned, Mapping):
            continue
        if us and cast("Mapping[str, Any]", mentioned).get("id") == us and entity.get("text"):
            found.append(str(entity["text"]))
    return found
