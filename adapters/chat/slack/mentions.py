"""What colleagues write in a card's thread stays among them; only our name with an instruction is heard.

Pages: docs.slack.dev/reference/events/app_mention, /events/message, /reference/methods/conversations.replies.
The only decision made here is a redraft: no other is in reach, so no way leads from a message to a platform.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

import structlog

from adapters.chat.slack.message import CARD
from adapters.chat.slack.payloads import Event, Json, unescaped
from adapters.chat.slack.taking import Kit
from adapters.chat.slack.telling import Spot
from bot.domain.decision import Redraft
from bot.domain.forms import read_form
from bot.domain.value import digest
from bot.errors import BadInput, PlatformError
from bot.ports import Redraw, Refusal

log = structlog.get_logger(__name__)

_NAMED = re.compile(r"\s*<@([A-Z0-9]{1,40})(?:\|[^>]*)?>[\s,:]*")
_HINT = (
    "say what to change, as in “shorter, drop the refund line”. Anything else in this thread stays with you"
)
_ELSEWHERE = (
    "write that in the thread of a card, and its draft is written again so. For the rest: /levelhead help"
)


class Mentions:
    """Messages that name us."""

    def __init__(self, kit: Kit) -> None:
        """`kit` is what presses are taken with."""
        self._kit = kit

    async def heard(self, body: Mapping[str, Any]) -> None:
        """Take an instruction; whatever else was said is left alone. Slack's retries are heard once."""
        event = Event.model_validate(body.get("event") or {})
        us = _us(body)
        named = _NAMED.match(event.text)
        if event.type != "app_mention" or event.subtype or event.bot_id or not event.user or named is None:
            return
        if not us or named[1] != us:
            return
        instruction = unescaped(event.text[named.end() :]).strip()
        spot = Spot(event.user, event.channel, event.thread_ts)
        case_id = await self._case(event, us)
        if case_id is None:
            await self._kit.teller.alone(spot, _ELSEWHERE)
            return
        await self._redraft(event, spot, case_id, instruction)

    async def _redraft(self, event: Event, spot: Spot, case_id: str, instruction: str) -> None:
        if not instruction:
            await self._kit.teller.alone(spot, _HINT)
            return
        try:
            decision = read_form("redraft", {"instruction": instruction}, at=self._kit.clock())
        except BadInput as bad:
            await self._kit.teller.alone(spot, str(bad))
            return
        if not isinstance(decision, Redraft):
            return
        # By the message: Slack's retries, and an event told twice, are about the same one.
        identity = digest(f"{event.channel} {event.ts}")
        answer = await self._kit.taker.take(event.user, f"slack:{identity}", case_id, decision)
        if isinstance(answer, Refusal):
            await self._kit.teller.alone(spot, answer.says)
        elif isinstance(answer, Redraw):
            self._kit.homes.changed(event.user)
            await self._say(spot, "Another draft is being written, as you asked. It will stand on the card.")

    async def _say(self, spot: Spot, words: str) -> None:
        """Answer in the thread, where colleagues see that somebody asked."""
        try:
            await self._kit.web.write(
                "chat.postMessage", channel=spot.channel, thread_ts=spot.thread, text=words
            )
        except PlatformError:
            await self._kit.teller.alone(spot, words)

    async def _case(self, event: Event, us: str) -> str | None:
        """Return the case whose card a thread is under: read from the card's own metadata, posted by us."""
        if not event.thread_ts:
            return None
        try:
            answer = await self._kit.web.read(
                "conversations.replies", channel=event.channel, ts=event.thread_ts, limit="1",
                include_all_metadata="true",
            )  # fmt: skip
        except PlatformError as failure:
            log.warning("slack_thread_not_read", error=type(failure).__name__)
            return None
        messages = cast("list[Json]", answer.get("messages") or [])
        card = messages[0] if messages else {}
        metadata = cast("Json", card.get("metadata") or {})
        if card.get("ts") != event.thread_ts or card.get("user") != us or metadata.get("event_type") != CARD:
            return None
        case_id = cast("Json", metadata.get("event_payload") or {}).get("case")
        return case_id if isinstance(case_id, str) else None


def _us(body: Mapping[str, Any]) -> str:
    """Return our own user ID, as Slack tells it with every event."""
    for one in cast("list[Json]", body.get("authorizations") or []):
        if one.get("is_bot"):
            return str(one.get("user_id") or "")
    return ""
