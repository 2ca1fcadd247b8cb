"""What people press: a button becomes a decision, recorded before it is acknowledged, or opens its form.

Page: docs.slack.dev/reference/interaction-payloads/block_actions-payload. A press redraws no card in a
channel: the channel's lane owes that drawing, and a second one would count against Slack's pace.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

from adapters.chat.asking import AT_ONCE, asked_for
from adapters.chat.slack import names
from adapters.chat.slack.forms import Forms
from adapters.chat.slack.message import message
from adapters.chat.slack.payloads import Payload
from adapters.chat.slack.taking import Kit
from adapters.chat.taking import Outcome
from bot.domain.actions import Action
from bot.domain.card import Card
from bot.domain.decision import Decision
from bot.domain.forms import read_form
from bot.errors import BadInput
from bot.ports import Redraw, Refusal

Ack = Callable[[], Awaitable[Any]]


class Presses:
    """Every button."""

    def __init__(self, kit: Kit, forms: Forms) -> None:
        """`forms` are opened by those buttons that ask for something."""
        self._kit, self._forms = kit, forms

    async def take(self, ack: Ack, body: Mapping[str, Any]) -> None:
        """Take a press, acknowledging it in time."""
        payload = Payload.model_validate(body)
        try:
            pressing = names.read(payload.actions[0] if payload.actions else {})
            pressed = pressing.pressed
            if pressing.kind == "decide" and pressing.name in AT_ONCE and pressed is not None:
                decision = read_form(pressing.name, pressed.hidden, at=self._kit.clock())
                await self._decide(ack, payload, body, pressed.case_id, decision)
                return
            if pressing.kind == "style" and pressed is not None:
                decision = read_form("redraft", {"style": pressing.name}, at=self._kit.clock())
                await self._decide(ack, payload, body, pressed.case_id, decision)
                return
        except BadInput as bad:
            await ack()
            self._kit.after.do(self._kit.teller.alone(payload.spot, str(bad)))
            return
        await ack()
        if pressed is not None:
            self._kit.after.do(self._open(payload, body, pressing, pressed))

    async def _decide(
        self, ack: Ack, payload: Payload, body: Mapping[str, Any], case_id: str, decision: Decision
    ) -> None:
        taken = self._kit.start(payload, body, case_id, decision)
        in_time = await taken.in_time()
        await ack()
        if in_time:
            self._kit.after.do(self._answer(payload, decision, taken.task.result()))
        else:
            self._kit.after.do(self._kit.tell_late(taken, payload.spot))

    async def _answer(self, payload: Payload, decision: Decision, answer: Outcome) -> None:
        if isinstance(answer, Redraw):
            self._kit.homes.changed(payload.user.id)
            await self._redraw(payload, answer.card)
        elif isinstance(answer, Refusal):
            asked = asked_for(decision, answer.card)
            if asked is not None and answer.card is not None:
                await self._forms.fill(payload, answer.card, asked)
            else:
                await self._kit.teller.alone(payload.spot, answer.says)

    async def _redraw(self, payload: Payload, card: Card) -> None:
        """Draw what this person alone looks at; no lane does."""
        if payload.in_modal:
            await self._forms.refresh(payload, card)
        elif payload.container.is_ephemeral and payload.response_url:
            drawn = message(card)
            body = {"replace_original": True, "text": drawn.text, "blocks": drawn.blocks}
            await self._kit.teller.respond(payload.response_url, body)

    async def _open(
        self, payload: Payload, body: Mapping[str, Any], pressing: names.Pressing, pressed: names.Pressed
    ) -> None:
        if pressing.kind == "open":
            await self._forms.show(payload, pressed.case_id, "all", buttons=True)
        elif pressing.kind == "show":
            await self._forms.show(payload, pressed.case_id, cast("names.What", pressing.name))
        else:
            action = await self._forms.ask(payload, pressed.case_id, pressing.name)
            if action is not None:
                await self._decide_late(payload, body, pressed, action)

    async def _decide_late(
        self, payload: Payload, body: Mapping[str, Any], pressed: names.Pressed, action: Action
    ) -> None:
        """Take a decision that asks for nothing after all; it is acknowledged already."""
        try:
            decision = read_form(action.decision, pressed.hidden, at=self._kit.clock())
        except BadInput as bad:
            await self._kit.teller.alone(payload.spot, str(bad))
            return
        taken = self._kit.start(payload, body, pressed.case_id, decision)
        await self._answer(payload, decision, await taken.task)
