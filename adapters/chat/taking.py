"""Take a press: who may, from memory; then the one script that records it, once, by the press's own name.

A chat waits a few seconds for its answer, and what is done after it dies with the process. So a decision is
recorded before; where the record is slow, the presser is told that nothing is confirmed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from adapters.chat.after import Afterwards
from bot.domain.decision import Decision, Edit
from bot.domain.team import Person
from bot.errors import StoreUnavailable
from bot.ports import Bot, Press, Redraw, Refusal

#: An answer leaves this many seconds after the press came in, at the latest. Slack waits three, Teams five.
ACKNOWLEDGE = 2.0
NOT_YET = "Not confirmed: the record has not answered yet. Look at the card before you press again"
UNCONFIRMED = Refusal(
    "Not confirmed: the record cannot be reached. Look at the card before you press again", confirmed=False
)

#: Who a user of the chat is, or why they are nobody.
Find = Callable[[str], Awaitable[Person | Refusal]]
#: Whether this name is given for the first time; raises `StoreUnavailable`.
Once = Callable[[str], Awaitable[bool]]
#: What became of a press; `None` for one that was here before.
Outcome = Redraw | Refusal | None


@dataclass(frozen=True, slots=True)
class Taker:
    """Takes the presses of one chat."""

    bot: Bot
    find: Find
    once: Once
    after: Afterwards

    async def take(self, user: str, identity: str, case_id: str, decision: Decision) -> Outcome:
        """Record a decision, and return what became of it. `identity` names this press and no other."""
        person = await self.find(user)
        if isinstance(person, Refusal):
            return person
        try:
            answer = await self._press(Press(case_id, decision, person.id, person, identity), person)
        except StoreUnavailable:
            return UNCONFIRMED
        return None if isinstance(answer, Refusal) and answer.repeated else answer

    async def _press(self, press: Press, person: Person) -> Redraw | Refusal:
        answer, decision = await self.bot.press(press), press.decision
        if not isinstance(decision, Edit) or not isinstance(answer, Refusal):
            return answer
        # Their own text, which the checks blocked a moment ago, is the draft now: they go on writing over it.
        card = answer.card
        if (
            card is None
            or card.draft is None
            or card.draft_editor != person.id
            or card.draft_id == decision.draft
        ):
            return answer
        again = decision.model_copy(update={"draft": card.draft_id})
        return await self.bot.press(replace(press, decision=again))

    def start(self, user: str, identity: str, case_id: str, decision: Decision) -> Taken:
        """Begin to take a press."""
        return Taken(self.after.do(self.take(user, identity, case_id, decision)), self.after)


@dataclass(frozen=True, slots=True)
class Taken:
    """A press that is being recorded."""

    task: asyncio.Task[Outcome]
    after: Afterwards

    async def in_time(self) -> bool:
        """Return whether it is known what became of it, while the chat still waits."""
        return await self.after.within(self.task, ACKNOWLEDGE)

    async def late(self, tell: Callable[[str], Awaitable[None]], *, unconfirmed: bool = True) -> Outcome:
        """Tell the presser by `tell` that nothing is confirmed, then what came of it; return that."""
        if unconfirmed:
            await tell(NOT_YET)
        answer = await self.task
        if isinstance(answer, Redraw):
            await tell(f"It counted after all. {answer.card.status}")
        elif isinstance(answer, Refusal) and answer.confirmed:
            await tell(answer.says)
        return answer
