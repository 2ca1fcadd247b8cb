"""Forms: whole in the first answer, and submitted with every word either taken or shown again.

Pages: learn.microsoft.com/en-us/microsoftteams/platform/task-modules-and-cards/task-modules/task-modules-bots
and /task-modules-and-cards/task-modules/invoking-task-modules. A dialog cannot be filled in after it opened:
where the case is not read in time, it says so instead.

The same form stands in a dialog or, where a client has none, in the card's own place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adapters.chat.asking import action_of, can_be_put_right, kept, reason_wanted, seen, why_not
from adapters.chat.pressed import TOO_OLD
from adapters.chat.problems import problems
from adapters.chat.taking import ACKNOWLEDGE, NOT_YET, Outcome, Taken
from adapters.chat.teams import dialogs, names
from adapters.chat.teams.activity import Activity
from adapters.chat.teams.answers import Done, Next, Page, Says, dialog
from adapters.chat.teams.card import message
from adapters.chat.teams.names import Pressing
from adapters.chat.teams.taking import Elsewhere, Kit
from adapters.chat.teams.whole import says, whole
from adapters.chat.words import sentence
from bot.domain.actions import Action, Ask, Kind
from bot.domain.card import Card
from bot.domain.draft import Verdict
from bot.domain.forms import read_form
from bot.errors import BadInput
from bot.ports import Redraw, Refusal

Json = dict[str, Any]

NOT_READ = "the case was not read in time, and nothing was done. Press the button again"
_COPY = "Copy what you wrote before you close this"


class Meta(BaseModel):
    """What a form carries beside the case: its hidden fields, what it asks, and where its card stands."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    hidden: Annotated[dict[str, str], Field(alias="h")] = {}
    asks: Annotated[tuple[tuple[str, Kind, str], ...], Field(alias="a")] = ()
    spot: Annotated[tuple[str, str], Field(alias="s")] = ("", "")

    @classmethod
    def of(cls, action: Action, spot: tuple[str, str]) -> Meta:
        """Return what the form of `action` carries; its card is the message `spot` of a conversation."""
        asked = tuple(_asked(ask) for ask in action.asks if ask.kind != "hidden")
        return cls(hidden=seen(action), asks=asked, spot=spot)

    @classmethod
    def read(cls, text: str) -> Meta:
        """Return what a submitted form carried; raises `BadInput`, in words for its sender."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as odd:
            raise BadInput(TOO_OLD) from odd

    def dump(self) -> str:
        """Return it as text."""
        return self.model_dump_json(by_alias=True, exclude_defaults=True)

    def action(self, decision: str) -> Action:
        """Return the action as far as reading its fields goes."""
        asked = tuple(Ask(name=name, kind=kind, label=label) for name, kind, label in self.asks)
        return Action(decision=decision, label="", asks=asked)


class Forms:
    """Every form."""

    def __init__(self, kit: Kit) -> None:
        """`kit` is what presses are taken with."""
        self._kit = kit

    # Dialogs

    async def fetch(self, activity: Activity) -> Json:
        """Open the dialog of a button."""
        try:
            pressing = names.read(activity.value)
        except BadInput as bad:
            return dialog(Says(str(bad)))
        work = self._kit.after.do(self._opened(activity, pressing))
        if await self._kit.after.within(work, ACKNOWLEDGE):
            return dialog(work.result())
        return dialog(Says(NOT_READ))

    async def submit(self, activity: Activity) -> Json:
        """Take what was filled in, or what was pressed, in a dialog."""
        data = _data(activity.value)
        try:
            pressing = names.read(data)
        except BadInput as bad:
            return dialog(Page("Not done", says("Not done", sentence(str(bad)))))
        if pressing.kind != "submit":  # a button, which some phones send so
            return await self.fetch(activity)
        return dialog(await self.take(activity, pressing, data))

    async def _opened(self, activity: Activity, pressing: Pressing) -> Next:
        if activity.name.startswith("task/"):
            elsewhere = await self._kit.elsewhere(activity, pressing.pressed.case_id)
            if elsewhere is not None:
                if isinstance(elsewhere, Elsewhere):
                    self._kit.point(activity, elsewhere)
                return Says(elsewhere.says)
        card = await self._kit.card(activity, pressing.pressed.case_id)
        if isinstance(card, Refusal):
            return Says(card.says)
        if pressing.kind in {"decide", "form"}:
            return await self.ask(activity, card, pressing)
        return Says(TOO_OLD) if pressing.kind == "submit" else self.page(card, pressing)

    # What both kinds share

    def page(self, card: Card, pressing: Pressing, *, inline: bool = False) -> Page:
        """Return what had no room on a card."""
        what = cast("names.What", pressing.name or "all")
        return Page("In full", whole(card, what, page=pressing.page, inline=inline))

    async def ask(self, activity: Activity, card: Card, pressing: Pressing, *, inline: bool = False) -> Next:
        """Return the form of a decision, or why there is none."""
        action = action_of(card, pressing.name)
        if action is None:
            person = await self._kit.directory.find(activity.user.aad)
            if isinstance(person, Refusal):
                return Says(person.says)
            return Says((await why_not(self._kit.bot, card, pressing.name, person)).says)
        return self.form(card, action, _spot(activity), inline=inline)

    def form(self, card: Card, action: Action, spot: tuple[str, str], *, inline: bool) -> Page:
        """Return the form of an action of this card."""
        drawn = dialogs.form(card, action, Meta.of(action, spot).dump(), inline=inline)
        return Page(action.label, drawn)

    async def take(
        self, activity: Activity, pressing: Pressing, data: Mapping[str, Any], *, inline: bool = False
    ) -> Next:
        """Take a form that was filled in."""
        try:
            meta = Meta.read(pressing.meta)
        except BadInput as bad:
            return Page("Not done", says("Not done", sentence(str(bad))))
        typed = dialogs.fields(data, meta.action(pressing.name))
        sent = _Sent(activity, pressing, meta, typed, inline=inline)
        try:
            decision = read_form(pressing.name, sent.values, at=self._kit.clock())
        except BadInput as bad:
            return await self._misfilled(sent, bad)
        taken = self._kit.start(activity, pressing.pressed, decision, sent.values)
        if not await taken.in_time():
            return self._too_slow(sent, taken)
        return self._answered(taken.task.result(), sent)

    def _too_slow(self, sent: _Sent, taken: Taken) -> Next:
        self._kit.tell_late(taken, sent.activity)
        return _lost(NOT_YET, sent)

    def _answered(self, answer: Outcome, sent: _Sent) -> Next:
        match answer:
            case Redraw(card=card):
                return self._done(card, sent)
            case Elsewhere() as elsewhere:
                self._kit.point(sent.activity, elsewhere)
                return _lost(elsewhere.says, sent)
            case Refusal() as refusal if can_be_put_right(refusal, sent.decision, sent.meta.hidden):
                return self._again(refusal.card, sent, refusal.says)
            case Refusal() as refusal:
                return _lost(refusal.says, sent)
            case None:  # the same form, come again
                return Done()

    def _done(self, card: Card, sent: _Sent) -> Next:
        """Return what follows: after an edit, what blocks stands in the form, and what warns asks why."""
        self._redraw(card, sent)
        if sent.decision != "edit":
            return Done(card)
        blocks = [found for found in card.findings if found.verdict is Verdict.BLOCK]
        if blocks:
            return self._again(card, sent, "Your text is kept, and cannot be sent so", blocks)
        if (approve := reason_wanted(card)) is not None:
            return self.form(card, approve, sent.meta.spot, inline=sent.inline)
        return Done(card)

    def _redraw(self, card: Card, sent: _Sent) -> None:
        """Draw a card anew that a command gave: no lane owes that."""
        conversation, name = sent.meta.spot
        if conversation and name and not self._kit.is_place(conversation):
            self._kit.put(sent.activity, conversation, name, message(card))

    async def _misfilled(self, sent: _Sent, bad: BadInput) -> Next:
        reading = self._kit.after.do(self._kit.card(sent.activity, sent.pressing.pressed.case_id))
        if not await self._kit.after.within(reading, ACKNOWLEDGE):
            return _lost(str(bad), sent)
        card = reading.result()
        if isinstance(card, Refusal):
            return _lost(card.says, sent)
        return self._again(card, sent, "", bad)

    def _again(self, card: Card | None, sent: _Sent, words: str, found: Any = ()) -> Next:
        """Show the form again, with what is wrong at its field and everything that was typed."""
        action = action_of(card, sent.decision)
        first = next((ask.name for ask in action.asks if ask.kind != "hidden"), "") if action else ""
        if card is None or action is None or not first:
            return _lost(words or str(found), sent)
        errors = problems(found, action) if found else {}
        if words:
            errors[first] = "\n".join(filter(None, (sentence(words), errors.get(first, ""))))
        page = self.form(card, action, sent.meta.spot, inline=sent.inline)
        return Page(page.title, dialogs.with_errors(page.card, errors, sent.typed))


class _Sent:
    """A form that was filled in: who sent it, what it carried, and what was typed."""

    def __init__(
        self, activity: Activity, pressing: Pressing, meta: Meta, typed: Mapping[str, str], *, inline: bool
    ) -> None:
        self.activity, self.pressing, self.meta, self.typed = activity, pressing, meta, typed
        self.inline, self.decision = inline, pressing.name

    @property
    def values(self) -> dict[str, str]:
        """Everything that the decision is read from."""
        return {**self.typed, **self.meta.hidden}


def _lost(words: str, sent: _Sent) -> Page:
    """Say why nothing was done, with what was typed, so that it is not lost with the form."""
    told = kept(words, sent.typed)
    told = f"{told}\n\n{_COPY}." if told != sentence(words) else told
    return Page("Not done", says("Not done", told))


def _data(value: Mapping[str, Any]) -> Mapping[str, Any]:
    found = value.get("data")
    return cast("Mapping[str, Any]", found) if isinstance(found, Mapping) else {}


def _asked(ask: Ask) -> tuple[str, Kind, str]:
    return ask.name, ask.kind, ask.label


def _spot(activity: Activity) -> tuple[str, str]:
    return activity.conversation.id, activity.reply_to
