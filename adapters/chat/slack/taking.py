"""What everything that Slack sends is answered with; Slack waits three seconds for an acknowledgement.

Page: docs.slack.dev/interactivity/handling-user-interaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.chat.after import Afterwards
from adapters.chat.slack.directory import Directory
from adapters.chat.slack.homes import Homes
from adapters.chat.slack.payloads import Payload
from adapters.chat.slack.settings import SlackSettings
from adapters.chat.slack.telling import Spot, Teller
from adapters.chat.slack.web import SlackWeb
from adapters.chat.taking import Taken, Taker
from bot.domain.decision import Decision
from bot.ports import Bot, Clock, Redraw


@dataclass(frozen=True, slots=True)
class Kit:
    """The bot, Slack, and who takes presses."""

    bot: Bot
    settings: SlackSettings
    directory: Directory
    web: SlackWeb
    clock: Clock
    taker: Taker
    after: Afterwards
    teller: Teller
    homes: Homes

    def start(self, payload: Payload, body: Mapping[str, Any], case_id: str, decision: Decision) -> Taken:
        """Begin to take what a payload asks for."""
        return self.taker.start(payload.user.id, payload.identity(body), case_id, decision)

    async def tell_late(self, taken: Taken, spot: Spot, *, unconfirmed: bool = True) -> None:
        """Tell the presser that nothing is confirmed, and then what came of it."""

        async def tell(words: str) -> None:
            await self.teller.alone(spot, words)

        if isinstance(await taken.late(tell, unconfirmed=unconfirmed), Redraw):
            self.homes.changed(spot.user)
