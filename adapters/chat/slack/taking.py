"""Take a press: who may, from memory; once, by the press's own name; then the one script that records it.

Slack waits three seconds for an acknowledgement (docs.slack.dev/interactivity/handling-user-interaction), and
what is done after it dies with the process. So a decision is recorded before; where the record is slow, the
presser is told that nothing is confirmed, and what came of it as soon as that is known.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.chat.slack.after import Afterwards
from adapters.chat.slack.directory import Directory
from adapters.chat.slack.homes import Homes
from adapters.chat.slack.payloads import Payload
from adapters.chat.slack.settings import SlackSettings
from adapters.chat.slack.telling import Spot, Teller
from adapters.chat.slack.web import SlackWeb
from bot.domain.decision import Decision, Edit
from bot.domain.team import Person
from bot.errors import StoreUnavailable
from bot.ports import Bot, Clock, Press, Redraw, Refusal

#: An acknowledgement leaves this many seconds after the press came in, at the latest.
ACKNOWLEDGE = 2.0
NOT_YET = "Not confirmed: the record has not answered yet. Look at the card before you press again"
_UNCONFIRMED = Refusal(
    "Not confirmed: the record cannot be reached. Look at the card before you press again", confirmed=False
)

#: Whether this name is given for the first time; raises `StoreUnavailable`.
Once = Callable[[str], Awaitable[bool]]
#: What became of a press; `None` for one that was here before.
Outcome = Redraw | Refusal | None


@dataclass(frozen=True, slots=True)
class Kit:
    """What everything that Slack sends is answered with."""

    bot: Bot
    settings: SlackSettings
    directory: Directory
    web: SlackWeb
    clock: Clock
    once: Once
    after: Afterwards
    teller: Teller
    homes: Homes

    async def take(self, user: str, identity: str, case_id: str, decision: Decision) -> Outcome:
        """Record a decision, and return what became of it."""
        person = await self.directory.find(user)
        if isinstance(person, Refusal):
            return person
        try:
            if not await self.once(identity):
                return None
            return await self._press(case_id, decision, person)
        except StoreUnavailable:
            return _UNCONFIRMED

    async def _press(self, case_id: str, decision: Decision, person: Person) -> Outcome:
        answer = await self.bot.press(Press(case_id, decision, person.id, person))
        if not isinstance(decision, Edit) or not isinstance(answer, Refusal):
            return answer
        # Their own text, which the checks blocked a moment ago, is the draft now: they go on writing over it.
        card = answer.card
        if (
            card is None
            or card.draft is None
            or card.draft.by != person.name
            or card.draft_id == decision.draft
        ):
            return answer
        again = decision.model_copy(update={"draft": card.draft_id})
        return await self.bot.press(Press(case_id, again, person.id, person))

    def start(self, payload: Payload, body: Mapping[str, Any], case_id: str, decision: Decision) -> Taken:
        """Begin to take what a payload asks for."""
        work = self.take(payload.user.id, payload.identity(body), case_id, decision)
        return Taken(self.after.do(work), self.after)


@dataclass(frozen=True, slots=True)
class Taken:
    """A press that is being recorded."""

    task: asyncio.Task[Outcome]
    after: Afterwards

    async def in_time(self) -> bool:
        """Return whether it is known what became of it, while Slack still waits."""
        return await self.after.within(self.task, ACKNOWLEDGE)

    async def tell_late(self, kit: Kit, spot: Spot, *, unconfirmed: bool = True) -> None:
        """Tell the presser that nothing is confirmed, and then what came of it."""
        if unconfirmed:
            await kit.teller.alone(spot, NOT_YET)
        answer = await self.task
        if isinstance(answer, Redraw):
            await kit.teller.alone(spot, f"It counted after all. {answer.card.status}")
            kit.homes.changed(spot.user)
        elif isinstance(answer, Refusal) and answer.confirmed:
            await kit.teller.alone(spot, answer.says)
