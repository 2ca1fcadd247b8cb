"""The thread under a card: what happened since, in human words, and what the author wrote next.

Pages: docs.slack.dev/reference/methods/chat.postMessage (thread_ts), and
/reference/block-kit/blocks/rich-text-block.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog

from adapters.chat.slack.limits import MESSAGE_BYTES
from adapters.chat.slack.message import size
from adapters.chat.slack.text import (
    Json,
    clip,
    date,
    escaped,
    isolated,
    line,
    paragraph,
    quote,
    rich,
    run,
    shown,
)
from adapters.chat.slack.web import SlackRefused, SlackWeb
from bot.domain.card import Card
from bot.domain.trail import AUTHOR, US
from bot.errors import PlatformBusy
from bot.ports import TrailLine

log = structlog.get_logger(__name__)

Trail = Callable[[str], Awaitable[Sequence[TrailLine]]]

TRAIL: Final = "levelhead_trail"
#: So many lines go into one message; of more, the newest: an outage is told by where things stand now.
MOST_LINES = 12
#: How much of one text is shown; the first that keeps a message within Slack's limit is taken.
_SHARES = (1_000, 500, 250, 120, 60)
_SAYS, _NOTIFIED = 300, 150
_LABELLED = "Hidden here, as it is abusive. The card has a button that shows it."


class Thread:
    """The threads under the cards of a channel. A line is told at least once: twice only after a kill."""

    def __init__(self, web: SlackWeb, trail: Trail) -> None:
        """`trail` gives the history of a case."""
        self._web, self._trail = web, trail
        #: Cases whose last message got no clear answer: what their thread tells is looked up.
        self._unsure: set[str] = set()

    async def tell(self, card: Card, channel: str, ts: str, told: int) -> int:
        """Tell what happened since the line `told`, in one message; return up to which line it is told now.

        `PlatformBusy`: the drawing is made again, and this with it.
        """
        trail = await self._trail(card.case_id)
        if card.case_id in self._unsure:
            said = [lines_of(one.get("metadata")) for one in await self._ours(channel, ts)]
            told = max([told, *said])
            self._unsure.discard(card.case_id)
        if len(trail) <= told:
            return told
        fields = {"channel": channel, "thread_ts": ts, "unfurl_links": False, "unfurl_media": False}
        try:
            await self._web.write("chat.postMessage", **fields, **reply(card, trail, told))
        except PlatformBusy:
            self._unsure.add(card.case_id)
            raise
        except SlackRefused as refused:  # the card says the truth without it
            log.warning("thread_refused", case=card.case_id, error=refused.error)
            return told
        return len(trail)

    async def take_back(self, channel: str, ts: str) -> None:
        """Delete what we told in the thread; what colleagues wrote there is theirs."""
        for one in await self._ours(channel, ts):
            try:
                await self._web.write("chat.delete", channel=channel, ts=str(one.get("ts")))
            except SlackRefused as refused:
                log.warning("thread_not_taken_back", channel=channel, error=refused.error)

    async def _ours(self, channel: str, ts: str) -> list[Json]:
        every = self._web.messages("conversations.replies", channel=channel, ts=ts)
        return [one async for one in every if lines_of(one.get("metadata"))]


def reply(card: Card, trail: Sequence[TrailLine], told: int) -> Json:
    """Return the message that tells the trail from its line `told` on: there has to be one.

    Our own lines come without the texts they are about, which stand on the card.
    """
    fresh = trail[told:]
    lines = fresh[-MOST_LINES:]
    blocks: list[Json] = []
    for share in _SHARES:
        blocks = [*_left_out(len(fresh) - len(lines)), *(rich(*_told(card, one, share)) for one in lines)]
        if size(blocks) <= MESSAGE_BYTES:
            break
    return {
        "text": escaped(clip(_said(lines[-1]), _NOTIFIED)[0]),
        "blocks": blocks,
        "metadata": {"event_type": TRAIL, "event_payload": {"case": card.case_id, "lines": len(trail)}},
    }


def lines_of(metadata: object) -> int:
    """Return up to which line of the trail a message in the thread goes; 0 for anybody else's message."""
    match metadata:
        case {"event_type": "levelhead_trail", "event_payload": {"lines": int(lines)}}:
            return lines
        case _:
            return 0


def _left_out(count: int) -> list[Json]:
    if not count:
        return []
    says = f"{count} earlier {'line' if count == 1 else 'lines'} of the history: see the case in full."
    return [rich(paragraph(run(says, italic=True)))]


def _told(card: Card, one: TrailLine, share: int) -> list[Json]:
    says, _ = clip(f" {line(one.says)} ", min(_SAYS, max(share, 120)))
    who = run(isolated(clip(one.who, 60)[0]), bold=True)
    elements = [paragraph(who, run(says), date(one.at))]
    if not one.text or one.who == US:
        return elements
    if card.abusive and one.who == AUTHOR:
        return [*elements, paragraph(run(_LABELLED, italic=True))]
    return [*elements, quote(run(clip(shown(one.text), share)[0]))]


def _said(one: TrailLine) -> str:
    return f"{isolated(one.who)} {line(one.says)}"
