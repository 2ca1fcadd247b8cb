"""Forms: opened at once, filled in after, and submitted with every word either taken or shown again.

Pages: docs.slack.dev/surfaces/modals (trigger_id lives three seconds; `errors`, `update`, `clear`),
/reference/methods/views.open, /views.push, /views.update.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog

from adapters.chat.asking import action_of, asks, can_be_put_right, kept, reason_wanted, why_not
from adapters.chat.slack import limits, modals, names
from adapters.chat.slack.buttons import actions
from adapters.chat.slack.payloads import Json, Meta, Payload
from adapters.chat.slack.taking import Kit
from adapters.chat.slack.telling import Spot
from adapters.chat.slack.whole import says, whole
from adapters.chat.taking import NOT_YET, Outcome
from adapters.chat.words import sentence
from bot.domain.actions import Action
from bot.domain.card import Card
from bot.domain.draft import Verdict
from bot.domain.forms import read_form
from bot.domain.team import Person
from bot.errors import BadInput, PlatformError, StoreUnavailable
from bot.ports import Redraw, Refusal

log = structlog.get_logger(__name__)

#: So long a form waits for its case; then a page that says so is opened, and replaced.
_WAIT_FOR_CASE = 0.5
_UNREADABLE = Refusal("the record cannot be reached just now, and nothing was done. Try again in a minute")
_TOO_SLOW = "Slack did not open the form in time, and nothing was done. Press the button again"


class Forms:
    """Every modal."""

    def __init__(self, kit: Kit) -> None:
        """`kit` is what presses are taken with."""
        self._kit = kit

    # Opening

    async def ask(self, payload: Payload, case_id: str, decision: str) -> Action | None:
        """Open the form of a decision; return its action instead where it asks for nothing."""
        person = await self._kit.directory.find(payload.user.id)
        if isinstance(person, Refusal):
            await self._kit.teller.alone(payload.spot, person.says)
            return None
        reading = self._kit.after.do(self._form(case_id, decision, person, payload.spot))
        opened = None
        if not await self._kit.after.within(reading, _WAIT_FOR_CASE):
            opened = await self._open(payload, says("One moment", "The case is being read."))
        found = await reading
        if isinstance(found, Action):
            return found
        if isinstance(found, Refusal):
            if opened is None:
                await self._kit.teller.alone(payload.spot, found.says)
                return None
            found = says("Not possible now", sentence(found.says))
        await (self._open(payload, found) if opened is None else self._replace(opened, found))
        return None

    async def show(self, payload: Payload, case_id: str, what: names.What, *, buttons: bool = False) -> None:
        """Open what had no room on a card; with `buttons`, the case can be decided there."""
        person = await self._kit.directory.find(payload.user.id)
        if isinstance(person, Refusal):
            await self._kit.teller.alone(payload.spot, person.says)
            return
        found = await self._card(case_id, person)
        if isinstance(found, Refusal):
            await self._kit.teller.alone(payload.spot, found.says)
            return
        await self._open(payload, self.page(found, what, buttons=buttons))

    def page(self, card: Card, what: names.What, *, buttons: bool) -> Json:
        """Return a modal with the whole of `what`."""
        view = whole(card, what, console=self._kit.settings.console)
        if not buttons:
            return view
        pressable = actions(card)
        blocks = [*view["blocks"][: limits.VIEW_BLOCKS - len(pressable)], *pressable]
        return {**view, "blocks": blocks, "private_metadata": card.case_id}

    async def fill(self, payload: Payload, card: Card, action: Action) -> None:
        """Open the form of an action of this card."""
        await self._open(payload, _form_of(card, action, payload.spot))

    async def refresh(self, payload: Payload, card: Card) -> None:
        """Draw the modal anew in which a button was pressed."""
        await self._replace({"id": payload.view.id}, self.page(card, "all", buttons=True))

    async def _form(self, case_id: str, decision: str, person: Person, spot: Spot) -> Json | Action | Refusal:
        card = await self._card(case_id, person)
        if isinstance(card, Refusal):
            return card
        action = action_of(card, decision)
        if action is None:
            return await why_not(self._kit.bot, card, decision, person)
        return _form_of(card, action, spot) if asks(action) else action

    async def _card(self, case_id: str, person: Person) -> Card | Refusal:
        try:
            card = await self._kit.bot.card(case_id, person)
        except StoreUnavailable:
            return _UNREADABLE
        return card or Refusal("this case is gone: closed ones are kept for 90 days")

    async def _open(self, payload: Payload, view: Json) -> Json | None:
        """Open a modal, above the one the button stood in; returns it, `None` where Slack would not."""
        method = "views.push" if payload.in_modal else "views.open"
        try:
            answer = await self._kit.web.write(method, trigger_id=payload.trigger_id, view=view)
        except PlatformError as failure:
            log.warning("slack_view_not_opened", error=getattr(failure, "error", type(failure).__name__))
            await self._kit.teller.alone(payload.spot, _TOO_SLOW)
            return None
        return answer.get("view") or {}

    async def _replace(self, opened: Mapping[str, Any], view: Json) -> None:
        try:
            asked = {"view_id": opened.get("id", ""), "hash": opened.get("hash"), "view": view}
            await self._kit.web.write("views.update", **asked)
        except PlatformError as failure:  # closed meanwhile: nothing was in it that could be lost
            log.info("slack_view_not_replaced", error=getattr(failure, "error", type(failure).__name__))

    # Submitting

    async def submit(self, body: Mapping[str, Any]) -> Json:
        """Take a submitted form, and return what its modal is to do; empty to close it."""
        payload = Payload.model_validate(body)
        try:
            meta = Meta.read(payload.view.private_metadata)
        except BadInput as bad:
            return _update(says("Not done", sentence(str(bad))))
        typed = modals.fields(payload.view.values, meta.action)
        try:
            decision = read_form(meta.decision, {**typed, **meta.hidden}, at=self._kit.clock())
        except BadInput as bad:
            return _errors(modals.problems(bad, meta.action), sentence(str(bad)))
        taken = self._kit.start(payload, body, meta.case_id, decision)
        if not await taken.in_time():
            self._kit.after.do(self._kit.tell_late(taken, meta.where(payload), unconfirmed=False))
            return _errors(_first(meta, sentence(NOT_YET)), NOT_YET)
        return self._answered(taken.task.result(), payload, meta, typed)

    def _answered(self, answer: Outcome, payload: Payload, meta: Meta, typed: Mapping[str, str]) -> Json:
        match answer:
            case Redraw(card=card):
                self._kit.homes.changed(payload.user.id)
                return _done(card, meta, meta.where(payload))
            case Refusal() as refusal if not refusal.confirmed or _right(refusal, meta):
                return _errors(_first(meta, sentence(refusal.says)), refusal.says)
            case Refusal() as refusal:
                return _update(says("Not done", kept(refusal.says, typed)))
            case None:  # the same submission, come again
                return {"response_action": "clear"}


def _form_of(card: Card, action: Action, spot: Spot) -> Json:
    metadata = Meta.of(card.case_id, action, spot).dump()
    return modals.form(card, action, private_metadata=metadata, most=card.max_length)


def _done(card: Card, meta: Meta, spot: Spot) -> Json:
    """Close the form; after an edit, what blocks stands at the field, and what warns asks for a reason."""
    if meta.decision != "edit":
        return {"response_action": "clear"}
    blocks = [found for found in card.findings if found.verdict is Verdict.BLOCK]
    if blocks:
        return _errors(modals.problems(blocks, meta.action), "Your text is kept, and cannot be sent so.")
    if (approve := reason_wanted(card)) is not None:
        return _update(_form_of(card, approve, spot))
    return {"response_action": "clear"}


def _right(refusal: Refusal, meta: Meta) -> bool:
    return can_be_put_right(refusal, meta.decision, meta.hidden)


def _first(meta: Meta, words: str) -> dict[str, str]:
    return {name: words for name, _, _ in meta.asks[:1]}


def _errors(errors: Mapping[str, str], words: str) -> Json:
    """Show what is wrong at its field, where the form has fields; everything typed stays."""
    if not errors:
        return _update(says("Not done", sentence(words)))
    return {"response_action": "errors", "errors": dict(errors)}


def _update(view: Json) -> Json:
    return {"response_action": "update", "view": view}
