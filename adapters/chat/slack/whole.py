"""A modal with everything that a card had no room for, in as many blocks as it takes.

Page: docs.slack.dev/reference/views/modal-views. What even a modal cannot hold is said, and where to read it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from adapters.chat.labels import ABUSIVE, language
from adapters.chat.slack import difference, limits
from adapters.chat.slack.drawing import (
    delivery,
    findings,
    in_full,
    key_messages,
    made,
    reasons,
    translated,
    wrote,
)
from adapters.chat.slack.names import What
from adapters.chat.slack.text import Json, clip, date, line, paragraph, pieces, plain, rich, run, shown
from bot.domain.card import Card, Said
from bot.domain.draft import Finding

_TITLES: dict[What, str] = {"mention": "What they wrote", "draft": "The draft", "all": "The whole case"}
#: Room for the last block, which says that there is more.
_RESERVE = 1_000


class _Pages:
    """Blocks of a modal, taken in order until it is full."""

    def __init__(self) -> None:
        self.blocks: list[Json] = []
        self.full = False
        self._left = limits.VIEW_BYTES - _RESERVE

    def add(self, *blocks: Json) -> None:
        for block in blocks:
            cost = len(json.dumps(block)) + 1
            if self.full or cost > self._left or len(self.blocks) >= limits.VIEW_BLOCKS - 1:
                self.full = True
                return
            self.blocks.append(block)
            self._left -= cost

    def words(self, label: Json, text: str, found: Iterable[Finding] = ()) -> None:
        """Add a whole text under its label."""
        self.add(*in_full(label, text, found))


def whole(card: Card, what: What, *, console: str = "") -> Json:
    """Return a view with the whole of `what`; `console` is the web console's address, where there is one.

    Abusive words stand only in `mention`, which is what a person asked for by its name (L13).
    """
    pages = _Pages()
    if what == "all":
        _case(card, pages)
    if what == "mention" or (what == "all" and not card.abusive):
        _mention(card, pages)
    elif what == "all":
        pages.add(rich(paragraph(run(ABUSIVE, bold=True))))
    if what != "mention":
        _draft(card, pages)
    blocks = pages.blocks
    if pages.full:
        where = f" in the console: {console}" if console else f": levelhead case {line(card.case_id)}"
        says, _ = clip(f"There is more than Slack can show here. Read all of it{where}", limits.SECTION)
        blocks.append({"type": "section", "text": plain(says)})
    return _view(_TITLES[what], blocks)


def says(title: str, text: str) -> Json:
    """Return a view that tells something: a refusal, or a notice."""
    pages = _Pages()
    for piece in pieces(shown(text).strip() or "Nothing to say.", limits.SECTION):
        pages.add({"type": "section", "text": plain(piece)})
    if pages.full:
        pages.blocks.append({"type": "section", "text": plain("There is more than Slack can show here.")})
    return _view(title, pages.blocks)


def _view(title: str, blocks: list[Json]) -> Json:
    return {
        "type": "modal",
        "title": plain(clip(line(title), limits.MODAL_TITLE)[0]),
        "close": plain("Close"),
        "blocks": blocks,
    }


def _case(card: Card, pages: _Pages) -> None:
    pages.words(paragraph(run("Now", bold=True)), f"{card.title}\n{card.status}\n{card.notice}".strip())
    pages.add(*reasons(card.model_copy(update={"facts": ()})))
    for fact in card.facts:
        pages.words(paragraph(run(fact.label, bold=True)), fact.value)


def _mention(card: Card, pages: _Pages) -> None:
    first = f"They wrote, in {language(card.mention.language)}"
    pages.words(paragraph(run(first, bold=True), *_at(card.mention)), card.mention.text)
    if card.reading:
        pages.words(translated("What they wrote, in", card.reading), card.reading.text)
    for message in card.thread:
        pages.words(wrote(message), message.text)
    if card.url:
        pages.words(paragraph(run("Where", bold=True)), card.url)


def _reply(card: Card, pages: _Pages) -> None:
    if card.reply_url:
        pages.words(paragraph(run("The live reply", bold=True)), card.reply_url)


def _at(said: Said) -> list[Json]:
    return [run(", "), date(said.at)] if said.at else []


def _draft(card: Card, pages: _Pages) -> None:
    if card.draft:
        pages.words(paragraph(*made(card, card.draft)), card.draft.text, card.findings)
        before = card.draft_before
        if before and before != card.draft.text:
            pages.add(difference.difference(before, card.draft.text))
    if card.back_translation:
        pages.words(translated("What this text says, in", card.back_translation), card.back_translation.text)
    _reply(card, pages)
    pages.add(*findings(card))
    pages.add(*([rich(*delivery(card))] if card.delivery else []))
    pages.add(*key_messages(card))
