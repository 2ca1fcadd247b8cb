"""The message action "Make this a case": for a post somebody found, or was sent.

Pages: learn.microsoft.com/en-us/microsoftteams/platform/messaging-extensions/how-to/action-commands/
define-action-command (`messagePayload`) and /respond-to-task-module-submit. On one of our own cards it opens
that case's forms instead: a dialog for clients whose cards open none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from itertools import chain
from typing import Any, Final, cast

from adapters.chat.pressed import carried
from adapters.chat.taking import ACKNOWLEDGE, NOT_YET
from adapters.chat.teams import limits, names
from adapters.chat.teams.activity import Activity
from adapters.chat.teams.answers import Next, Page, Says, dialog
from adapters.chat.teams.buttons import row, submit
from adapters.chat.teams.card import adapted, heading, headline
from adapters.chat.teams.forms import NOT_READ, Forms
from adapters.chat.teams.taking import Kit
from adapters.chat.teams.text import clip, isolated, length_of, line, plain, rich, run, shown
from adapters.chat.teams.whole import says
from adapters.chat.words import sentence
from bot.domain.card import Card
from bot.errors import StoreUnavailable
from bot.ports import Pasted, Redraw, Refusal

Json = dict[str, Any]

COMMAND: Final = "makeCase"
TITLE: Final = "Make this a case"
_OLD: Final = "this action is from another version of the app; ask whoever installed it to upload the new one"
_LINK = re.compile(r"https?://[^\s<>\"']+")
_WORDS, _URL, _SHORT, _STATUS = 4_000, 2_000, 80, 300
#: Buttons beside each other.
_ROW = 3
_FIELDS: Final = ("text", "url", "author", "platform")
#: What ends a line in the HTML of a message.
_BREAKS: Final = frozenset({"p", "div", "br", "li", "tr", "blockquote", "h1", "h2", "h3", "pre"})
_UNSEEN: Final = frozenset({"script", "style", "head", "title", "template"})


class Paste:
    """The message action and its form."""

    def __init__(self, kit: Kit, forms: Forms) -> None:
        """`forms` are those of a case whose card the action is used on."""
        self._kit, self._forms = kit, forms

    async def ask(self, activity: Activity) -> Json:
        """Open the form, filled in as far as the message says."""
        if activity.value.get("commandId") != COMMAND:
            return dialog(Says(_OLD))
        work = self._kit.after.do(self._asked(activity))
        if await self._kit.after.within(work, ACKNOWLEDGE):
            return dialog(work.result())
        return dialog(Says(NOT_READ))

    async def submit(self, activity: Activity) -> Json:
        """Make the case, or take the form of one."""
        data = _mapping(activity.value.get("data"))
        if names.OURS in data:
            return await self._forms.submit(activity)
        typed = {name: _typed(data, name) for name in _FIELDS}
        work = self._kit.after.do(self._make(Pasted(**typed), activity))
        if not await self._kit.after.within(work, ACKNOWLEDGE):
            return dialog(Page(TITLE, _form(typed, error=sentence(NOT_YET))))
        match work.result():
            case Redraw(card=card):
                told = f"{headline(card)}\n{card.status}\n{card.case_id}"
                return dialog(Page(TITLE, says("It is a case now", told)))
            case Refusal(says=words):
                return dialog(Page(TITLE, _form(typed, error=sentence(words))))

    async def _asked(self, activity: Activity) -> Next:
        person = await self._kit.directory.find(activity.user.aad)
        if isinstance(person, Refusal):
            return Says(person.says)
        payload = _mapping(activity.value.get("messagePayload"))
        try:
            case_id = await self._kit.known.case_of(activity.conversation.id, str(payload.get("id") or ""))
        except StoreUnavailable:
            case_id = None  # a post of somebody's, for all we know: the form loses nothing
        if case_id is not None:
            card = await self._kit.card_for(person, case_id)
            return Says(card.says) if isinstance(card, Refusal) else Page("What to do", _forms_of(card))
        text, link = read(payload)
        sender = _mapping(_mapping(payload.get("from")).get("user"))
        return Page(TITLE, _form({"text": text, "url": link}, by=str(sender.get("displayName") or "")))

    async def _make(self, pasted: Pasted, activity: Activity) -> Redraw | Refusal:
        """Make it; sent twice it is the same case, as its address or its words are the same."""
        person = await self._kit.directory.find(activity.user.aad)
        if isinstance(person, Refusal):
            return person
        try:
            return await self._kit.bot.bring_in(pasted, person)
        except StoreUnavailable:
            return Refusal("not confirmed: the record cannot be reached. Send it again in a minute")


def read(payload: Mapping[str, Any]) -> tuple[str, str]:
    """Return the words of a message, and the first address in it."""
    body = _mapping(payload.get("body"))
    content = str(body.get("content") or "")
    if body.get("contentType") == "text":
        text, links = content, list[str]()
    else:
        reader = _Reader()
        reader.feed(content)
        reader.close()
        text, links = reader.text, reader.links
    found = links or _LINK.findall(text)
    return text, found[0].rstrip(".,;:!?)") if found else ""


class _Reader(HTMLParser):
    """Reads a message's HTML as a person sees it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self._parts: list[str] = []
        self._unseen = 0

    @property
    def text(self) -> str:
        """What was read: no more than one empty line in a row."""
        lines = [re.sub(r"[ \t\xa0]+", " ", one).strip() for one in "".join(self._parts).split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        address = given.get("href") or ""
        if tag == "a" and _LINK.fullmatch(address):
            self.links.append(address)
        if tag in {"img", "emoji"} and given.get("alt"):
            self._parts.append(str(given["alt"]))
        self._unseen += tag in _UNSEEN
        if tag in _BREAKS:
            self._parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        if tag in _BREAKS - {"br"}:
            self._parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._parts.append(data)


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _typed(data: Mapping[str, Any], name: str) -> str:
    return str(data.get(name) or "").replace("\r\n", "\n").replace("\r", "\n").strip()


# --- drawn


def _forms_of(card: Card) -> Json:
    """Return a dialog with a button for each form of a case."""
    buttons = [
        submit(
            plain(f"{action.label}…", limits.TITLE),
            names.data("form", action.decision, carried(card, action)),
        )
        for action in card.actions
    ]
    status, _ = clip(line(card.status), _STATUS)
    rows = [row(*buttons[first : first + _ROW]) for first in range(0, len(buttons), _ROW)]
    body = [heading(headline(card)), rich(run(status, bold=True)), *chain.from_iterable(rows)]
    return adapted(body, headline(card))


def _form(given: Mapping[str, str], *, by: str = "", error: str = "") -> Json:
    shared = f"Shared here by {isolated(line(by))}. " if by else ""
    body: list[Json] = [rich(run(shown(error), alarm=True))] if error else []
    text, cut = clip(given.get("text", ""), _WORDS)
    long = "It was longer: only its beginning stands here. " if cut else ""
    body += [
        _field("text", "What they wrote", text, _WORDS, isMultiline=True, isRequired=True,
               errorMessage="What did they write? Paste their words"),
        *_hint(long),
        _field("url", "Its address", given.get("url", ""), _URL, style="Url"),
        *_hint("Without it nothing can be answered there: the case is for the record."),
        _field("author", "Who wrote it, as they are called there", given.get("author", ""), _SHORT),
        *_hint(shared),
        _field("platform", "The platform or site", given.get("platform", ""), _SHORT),
        *_hint("Left empty, it is taken from the address."),
    ]  # fmt: skip
    return adapted(body, TITLE, [submit("Make it a case", {})])


def _field(name: str, label: str, value: str, most: int, **more: Any) -> Json:
    drawn: Json = {"type": "Input.Text", "id": name, "label": label, "maxLength": most, **more}
    return drawn | ({"value": value} if value and length_of(value) <= most * 2 else {})


def _hint(words: str) -> list[Json]:
    return [rich(run(words.strip(), subtle=True), spacing="None")] if words.strip() else []
