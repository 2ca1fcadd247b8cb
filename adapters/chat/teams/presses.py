"""What people press on a card: a decision is recorded before it is answered; what asks first shows its form.

Pages: learn.microsoft.com/en-us/adaptive-cards/authoring-cards/universal-action-model and
learn.microsoft.com/en-us/microsoftteams/platform/task-modules-and-cards/cards/
universal-actions-for-adaptive-cards/sequential-workflows. The answer is for the presser alone; for everybody
else the channel's lane owes a drawing.
"""

from __future__ import annotations

from typing import Any, cast

import structlog

from adapters.chat.asking import AT_ONCE, asked_for
from adapters.chat.taking import ACKNOWLEDGE, NOT_YET, Outcome
from adapters.chat.teams import answers, names
from adapters.chat.teams.activity import Activity
from adapters.chat.teams.answers import Done, Next, Page, Says
from adapters.chat.teams.card import adaptive, message
from adapters.chat.teams.forms import NOT_READ, Forms
from adapters.chat.teams.names import Pressing
from adapters.chat.teams.taking import Elsewhere, Kit
from bot.domain.card import Card
from bot.domain.decision import Decision
from bot.domain.forms import read_form
from bot.errors import BadInput, PlatformError
from bot.ports import Redraw, Refusal

log = structlog.get_logger(__name__)

Json = dict[str, Any]

_BELOW = "it stands below"


class Presses:
    """Every button of a card."""

    def __init__(self, kit: Kit, forms: Forms) -> None:
        """`forms` are shown by those buttons that ask for something."""
        self._kit, self._forms = kit, forms

    async def take(self, activity: Activity) -> Json:
        """Take a press, and return its answer in time."""
        pressed = cast("Json", activity.value.get("action") or {})
        try:
            pressing = names.read(pressed)
            if pressing.kind == "decide" and pressing.name in AT_ONCE:
                fields = pressing.pressed.hidden
                decision = read_form(pressing.name, fields, at=self._kit.clock())
                return await self._decide(activity, pressing, decision)
        except BadInput as bad:
            return answers.words(str(bad))
        if pressing.kind == "submit":
            data = cast("Json", pressed.get("data") or {})
            return await self._drawn(activity, await self._forms.take(activity, pressing, data, inline=True))
        work = self._kit.after.do(self._read(activity, pressing))
        if await self._kit.after.within(work, ACKNOWLEDGE):
            return work.result()
        return answers.words(NOT_READ)

    # Decisions

    async def _decide(self, activity: Activity, pressing: Pressing, decision: Decision) -> Json:
        taken = self._kit.start(activity, pressing.pressed, decision, pressing.pressed.hidden)
        if not await taken.in_time():
            self._kit.tell_late(taken, activity)
            return answers.words(NOT_YET)
        return await self._answer(activity, pressing, decision, taken.task.result())

    async def _answer(
        self, activity: Activity, pressing: Pressing, decision: Decision, answer: Outcome
    ) -> Json:
        match answer:
            case Redraw(card=card):
                self._redraw(activity, card)
                return self._card(activity, card)
            case Elsewhere() as elsewhere:
                return self._pointed(activity, elsewhere)
            case Refusal(card=card) as refusal:
                asked = asked_for(decision, card)
                if card is None or asked is None:
                    return answers.words(refusal.says)
                spot = (activity.conversation.id, activity.reply_to)
                return answers.card(self._forms.form(card, asked, spot, inline=True).card)
            case None:
                return await self._as_it_stands(activity, pressing)

    async def _as_it_stands(self, activity: Activity, pressing: Pressing) -> Json:
        card = await self._kit.card(activity, pressing.pressed.case_id)
        return answers.words(card.says) if isinstance(card, Refusal) else self._card(activity, card)

    def _card(self, activity: Activity, card: Card) -> Json:
        """Return the card for whoever pressed, who gets it anew whenever they look at it again."""
        return answers.card(adaptive(card, people=(activity.user.id,), inline=self._kit.settings.inline))

    def _redraw(self, activity: Activity, card: Card) -> None:
        """Draw a card anew that a command gave: no lane owes that."""
        where = activity.conversation.id
        if activity.reply_to and not self._kit.is_place(where):
            self._kit.put(activity, where, activity.reply_to, message(card, inline=self._kit.settings.inline))

    def _pointed(self, activity: Activity, elsewhere: Refusal) -> Json:
        drawn = self._kit.point(activity, elsewhere) if isinstance(elsewhere, Elsewhere) else None
        if drawn is None:
            return answers.words(elsewhere.says)
        return answers.card(drawn["attachments"][0]["content"])

    # Everything that changes nothing

    async def _read(self, activity: Activity, pressing: Pressing) -> Json:
        elsewhere = await self._kit.elsewhere(activity, pressing.pressed.case_id)
        if elsewhere is not None:
            return self._pointed(activity, elsewhere)
        card = await self._kit.card(activity, pressing.pressed.case_id)
        if isinstance(card, Refusal):
            return answers.words(card.says)
        match pressing.kind:
            case "refresh":
                return self._card(activity, card)
            case "open":
                self._kit.after.do(self._post(activity, card))
                return answers.words(_BELOW)
            case "show":
                return answers.card(self._forms.page(card, pressing, inline=True).card)
            case _:
                asked = await self._forms.ask(activity, card, pressing, inline=True)
                return await self._drawn(activity, asked)

    async def _post(self, activity: Activity, card: Card) -> None:
        """Post a case of a list below it, in the same chat."""
        drawn = message(card, inline=self._kit.settings.inline)
        try:
            await self._kit.connector.send(activity.service_url, activity.conversation.id, drawn)
        except PlatformError as failure:
            log.warning("teams_not_told", error=type(failure).__name__)

    async def _drawn(self, activity: Activity, step: Next) -> Json:
        match step:
            case Page(card=drawn):
                return answers.card(drawn)
            case Says(words):
                return answers.words(words)
            case Done(card=card):
                return self._card(activity, card) if card else answers.words("that was done already")
