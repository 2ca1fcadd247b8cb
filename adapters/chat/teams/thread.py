"""The thread under a card: what happened since, in human words, and what the author wrote next.

Pages, under learn.microsoft.com/en-us: azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
(a reply is a post in `<channel>;messageid=<card>`; update, delete) and
microsoftteams/platform/task-modules-and-cards/cards/cards-format.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final

import structlog

from adapters.chat.teams.card import activity, adapted
from adapters.chat.teams.connector import Connector
from adapters.chat.teams.known import Known
from adapters.chat.teams.limits import MESSAGE_BYTES, weight
from adapters.chat.teams.refused import TeamsRefused
from adapters.chat.teams.text import Json, block, clip, isolated, line, quote, rich, run, shown, when
from bot.domain.card import Card
from bot.domain.trail import AUTHOR, US
from bot.errors import PlatformBusy
from bot.ports import TrailLine

log = structlog.get_logger(__name__)

Trail = Callable[[str], Awaitable[Sequence[TrailLine]]]

#: So many lines go into one message; of more, the newest: an outage is told by where things stand now.
MOST_LINES: Final = 12
#: How much of one text is shown; the first that keeps a message within Teams' limit is taken.
_SHARES: Final = (1_000, 500, 250, 120, 60)
_SAYS, _NOTIFIED = 300, 150
_LABELLED = "Hidden here, as it is abusive. The card has a button that shows it."
_TAKEN_BACK = "Taken back: this case is not for this channel any more."


class Thread:
    """The threads under the cards of a channel. A line is told at least once.

    Twice only where Teams gave no clear answer: it says nobody what stands in a thread. Such a message cannot
    be taken back either.
    """

    def __init__(self, connector: Connector, known: Known, trail: Trail) -> None:
        """`trail` gives the history of a case."""
        self._connector, self._known, self._trail = connector, known, trail

    async def tell(self, card: Card, channel: str, root: str, told: int) -> int:
        """Tell what happened since the line `told`, in one message; return up to which line it is told now.

        `root` is the card's message. `PlatformBusy`: the drawing is made again, and this with it.
        """
        trail = await self._trail(card.case_id)
        ours = await self._known.replies(channel, root)
        told = max([told, *ours.values()])
        if len(trail) <= told:
            return told
        message, service = reply(card, trail, told), await self._known.service()
        try:
            name = await self._connector.send(service, _under(channel, root), message)
        except TeamsRefused as refused:  # the card says the truth without it
            log.warning("thread_refused", case=card.case_id, error=refused.error or refused.status)
            return told
        await self._known.keep_replies(channel, root, ours | {name: len(trail)})
        return len(trail)

    async def take_back(self, channel: str, root: str) -> None:
        """Take our words out of the thread; what colleagues wrote there is theirs."""
        ours = await self._known.replies(channel, root)
        for name in list(ours):
            if not await self._deleted(channel, root, name):
                await self._overwritten(channel, root, name)
            del ours[name]  # one by one: whoever is told to wait goes on from here
            await self._known.keep_replies(channel, root, ours)

    async def _deleted(self, channel: str, root: str, name: str) -> bool:
        try:
            await self._connector.delete(await self._known.service(), _under(channel, root), name)
        except (TeamsRefused, PlatformBusy) as failure:  # not every Teams lets an app delete
            log.info("reply_not_deleted", channel=channel, error=type(failure).__name__)
            return False
        return True

    async def _overwritten(self, channel: str, root: str, name: str) -> None:
        service, words = (
            await self._known.service(),
            _said([rich(run(_TAKEN_BACK, italic=True))], _TAKEN_BACK),
        )
        try:
            await self._connector.update(service, _under(channel, root), name, words)
        except TeamsRefused as refused:
            log.warning("thread_not_taken_back", channel=channel, error=refused.error or refused.status)


def reply(card: Card, trail: Sequence[TrailLine], told: int) -> Json:
    """Return the message that tells the trail from its line `told` on: there has to be one.

    Our own lines come without the texts they are about, which stand on the card.
    """
    fresh = trail[told:]
    lines = fresh[-MOST_LINES:]
    message: Json = {}
    for share in _SHARES:
        parts = [part for one in lines for part in _told(card, one, share)]
        message = _said([*_left_out(len(fresh) - len(lines)), *parts], _notified(lines[-1]))
        if weight(message) <= MESSAGE_BYTES:
            break
    return message


def _said(parts: list[Json], notified: str) -> Json:
    return activity(adapted(parts, notified), notified)


def _left_out(count: int) -> list[Json]:
    if not count:
        return []
    says = f"{count} earlier {'line' if count == 1 else 'lines'} of the history: see the case in full."
    return [rich(run(says, italic=True))]


def _told(card: Card, one: TrailLine, share: int) -> list[Json]:
    says, _ = clip(f" {line(one.says)} ", min(_SAYS, max(share, 120)))
    who = run(isolated(clip(one.who, 60)[0]), bold=True)
    told = [rich(who, run(says)), _at(one.at)]
    if not one.text or one.who == US:
        return told
    if card.abusive and one.who == AUTHOR:
        return [*told, rich(run(_LABELLED, italic=True))]
    words, _ = clip(shown(one.text), share)
    return [*told, quote(words, run(words))]


def _at(at: datetime) -> Json:
    """A moment, which each reader sees in their own zone."""
    return block(when(at), isSubtle=True, size="Small", spacing="None")


def _notified(one: TrailLine) -> str:
    return clip(f"{isolated(one.who)} {line(one.says)}", _NOTIFIED)[0]


def _under(channel: str, root: str) -> str:
    return f"{channel};messageid={root}"
