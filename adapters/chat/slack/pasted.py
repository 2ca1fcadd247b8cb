"""The message shortcut "Make this a case": for a post somebody found, or was sent.

Pages: docs.slack.dev/interactivity/implementing-shortcuts and
/reference/interaction-payloads/shortcuts-interaction-payload.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping
from typing import Any, cast

from adapters.chat.slack import limits
from adapters.chat.slack.payloads import Json, Payload, unescaped
from adapters.chat.slack.taking import Kit
from adapters.chat.slack.text import clip, length_of, plain
from adapters.chat.slack.whole import says
from adapters.chat.taking import ACKNOWLEDGE
from adapters.chat.words import sentence
from bot.errors import PlatformError, StoreUnavailable
from bot.ports import Pasted, Redraw, Refusal

FORM = "lh:paste"
_LINK = re.compile(r"<(https?://[^|>\s]+)(?:\|[^>]*)?>")
#: Somebody, a channel, or a group: `<@U1|ada>`, `<#C1|general>`, `<!here>`.
_NAMED = re.compile(r"<([@#!])([^|>]*)(?:\|([^>]*))?>")
_SIGNS = {"@": "@", "#": "#", "!": "@"}
_NOT_YET = "Not confirmed yet: the record is slow. You will be told; sending it again makes no second case."
_NAME = 80


class Paste:
    """The shortcut and its form."""

    def __init__(self, kit: Kit) -> None:
        """`kit` is what presses are taken with."""
        self._kit = kit

    async def ask(self, body: Mapping[str, Any]) -> None:
        """Open the form, filled in as far as the message says."""
        payload = Payload.model_validate(body)
        person = await self._kit.directory.find(payload.user.id)
        if isinstance(person, Refusal):
            await self._kit.teller.alone(payload.spot, person.says)
            return
        text = str(payload.message.get("text") or "")
        found = _LINK.search(text)
        view = _form(as_typed(text), unescaped(found[1]) if found else "")
        try:
            await self._kit.web.write("views.open", trigger_id=payload.trigger_id, view=view)
        except PlatformError:
            await self._kit.teller.alone(payload.spot, "Slack did not open the form in time. Try it again")

    async def submit(self, body: Mapping[str, Any]) -> Json:
        """Make the case, and return what the modal is to show."""
        payload = Payload.model_validate(body)
        typed = {name: _typed(payload, name) for name in ("text", "url", "platform", "author")}
        work = self._kit.after.do(self._make(Pasted(**typed), payload, body))
        if not await self._kit.after.within(work, ACKNOWLEDGE):
            self._kit.after.do(self._tell_late(payload, work))
            return {"response_action": "errors", "errors": {"text": _NOT_YET}}
        match work.result():
            case Redraw() as made:
                return _update(says(*_made(made)))
            case Refusal(says=words):
                return {"response_action": "errors", "errors": {"text": sentence(words)}}
            case None:
                return {"response_action": "clear"}

    async def _tell_late(self, payload: Payload, work: Awaitable[Redraw | Refusal | None]) -> None:
        answer = await work
        if isinstance(answer, Redraw):
            title, words = _made(answer)
            await self._kit.teller.alone(payload.spot, f"{title}: {words}")
        elif isinstance(answer, Refusal):
            await self._kit.teller.alone(payload.spot, answer.says)

    async def _make(
        self, pasted: Pasted, payload: Payload, body: Mapping[str, Any]
    ) -> Redraw | Refusal | None:
        person = await self._kit.directory.find(payload.user.id)
        if isinstance(person, Refusal):
            return person
        try:
            if not await self._kit.taker.once(payload.identity(body)):
                return None
            return await self._kit.bot.bring_in(pasted, person)
        except StoreUnavailable:
            return Refusal("not confirmed: the record cannot be reached. Send it again in a minute")


def as_typed(text: str) -> str:
    """Return a message as people read it: Slack escapes three signs and puts links and names in brackets."""
    named = _NAMED.sub(lambda found: f"{_SIGNS[found[1]]}{found[3] or found[2]}", _LINK.sub(r"\1", text))
    return unescaped(named)


def _made(made: Redraw) -> tuple[str, str]:
    card = made.card
    title = "It is a case already" if made.already else "It is a case now"
    return title, f"{card.title}\n{sentence(card.status)}\n{card.case_id}"


def _typed(payload: Payload, name: str) -> str:
    state = cast("Json", payload.view.values.get(name, {}).get(name) or {})
    return str(state.get("value") or "").replace("\r\n", "\n").strip()


def _update(view: Json) -> Json:
    return {"response_action": "update", "view": view}


def _form(text: str, url: str) -> Json:
    words, cut = clip(text, limits.INPUT)
    return {
        "type": "modal",
        "callback_id": FORM,
        "title": plain("Make this a case"),
        "submit": plain("Make it a case"),
        "close": plain("Cancel"),
        "blocks": [
            _field("text", "What they wrote", words, many=True, hint="It was longer." if cut else ""),
            _field(
                "url",
                "Its address",
                url if length_of(url) <= limits.INPUT else "",
                optional=True,
                hint="Without it nothing can be answered there: the case is for the record",
            ),
            _field("author", "Who wrote it, as they are called there", "", optional=True),
            _field(
                "platform",
                "The platform or site",
                "",
                optional=True,
                hint="Left empty, it is taken from the address",
            ),
        ],
    }


def _field(
    name: str, label: str, value: str, *, many: bool = False, optional: bool = False, hint: str = ""
) -> Json:
    most = limits.INPUT if many else (2000 if name == "url" else _NAME)
    kind: Json = (
        {"type": "url_text_input"} if name == "url" else {"type": "plain_text_input", "max_length": most}
    )
    element = kind | {"action_id": name} | ({"multiline": True} if many else {})
    element |= {"initial_value": value} if value else {}
    drawn: Json = {
        "type": "input", "block_id": name, "label": plain(label), "element": element, "optional": optional,
    }  # fmt: skip
    return drawn | ({"hint": plain(hint)} if hint else {})
