"""Everything that a card had no room for, in a dialog of as many pages as it takes.

Page: learn.microsoft.com/en-us/microsoftteams/platform/task-modules-and-cards/task-modules/task-modules-bots.
A page is a card within the limit; its buttons lead to the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from adapters.chat.labels import ABUSIVE, language
from adapters.chat.teams import limits
from adapters.chat.teams.buttons import execute, refreshing, submit
from adapters.chat.teams.card import adapted, heading
from adapters.chat.teams.drawing import (
    at,
    by,
    delivery,
    difference,
    findings,
    in_full,
    key_messages,
    made,
    reasons,
    translated,
    wrote,
)
from adapters.chat.teams.names import What, carried, data
from adapters.chat.teams.text import Json, group, line, pieces, rich, run, shown
from bot.domain.card import Card
from bot.domain.draft import Finding

TITLES: dict[What, str] = {"mention": "What they wrote", "draft": "The draft", "all": "The whole case"}
#: Room for the frame of a page: its heading, its number, its buttons.
_FRAME = 6_000
#: So much of a notice is told, in bytes; nothing of ours is near it.
_PIECE = 2_000


def whole(card: Card, what: What, *, page: int = 0, inline: bool = False) -> Json:
    """Return a page, counted from 0, of the whole of `what`; `inline`: for the card's own place.

    Abusive words stand only in `mention`, which is what a person asked for by its name (L13).
    """
    pages = _pages(list(_parts(card, what)))
    page = min(page, len(pages) - 1)
    title = TITLES[what]
    body = [heading(title), *pages[page]]
    if len(pages) > 1:
        body.append(rich(run(f"Page {page + 1} of {len(pages)}", bold=True), separator=True))
    return adapted(body, title, _turns(card, what, page, len(pages), inline=inline))


def says(title: str, text: str) -> Json:
    """Return a card that tells something: a refusal, or a notice. All of it, as far as Teams takes it."""
    told = shown(text).strip() or "Nothing to say."
    parts = [rich(run(piece)) for piece in pieces(told, _PIECE)]
    first, *more = _pages(parts)
    if more:
        first = [*first, rich(run("There is more than Teams can show here.", bold=True))]
    return adapted([rich(run(line(title), bold=True, large=True)), *first], title)


def _turns(card: Card, what: What, page: int, count: int, *, inline: bool) -> list[Json]:
    """Return the buttons to the pages beside this one, and back to the card where it gave its place."""
    turns = [(page + 1, "Next page")] if page + 1 < count else []
    turns += [(page - 1, "Previous page")] if page else []
    seen = carried(card)
    if inline:
        buttons = [execute(title, "show", what, seen, page=number) for number, title in turns]
        return [*buttons, refreshing(card, "Back to the card")]
    return [submit(title, data("show", what, seen, page=number)) for number, title in turns]


def _pages(parts: Sequence[Json]) -> list[list[Json]]:
    """Return the parts in pages that fit; there is always one."""
    pages: list[list[Json]] = [[]]
    left = limits.MESSAGE_BYTES - _FRAME
    for part in parts:
        cost = limits.weight(part) + 4
        if cost > left and pages[-1]:
            pages.append([])
            left = limits.MESSAGE_BYTES - _FRAME
        pages[-1].append(part)
        left -= cost
    return pages


def _parts(card: Card, what: What) -> Iterable[Json]:
    if what == "all":
        yield from _case(card)
    if what == "mention" or (what == "all" and not card.abusive):
        yield from _mention(card)
    elif what == "all":
        yield rich(run(f"⚠ {ABUSIVE}", bold=True))
    if what != "mention":
        yield from _draft(card)


def _words(label: str, text: str, found: Iterable[Finding] = ()) -> list[Json]:
    return in_full(rich(run(label, bold=True)), text, found)


def _case(card: Card) -> Iterable[Json]:
    yield from _words("Now", f"{card.title}\n{card.status}\n{card.notice}".strip())
    yield from reasons(card.model_copy(update={"facts": ()}))
    for fact in card.facts:
        yield from _words(fact.label, fact.value)
    yield rich(run("Case ", bold=True), run(line(card.case_id)))


def _mention(card: Card) -> Iterable[Json]:
    yield group(*by(card))
    yield from _words(f"They wrote, in {language(card.mention.language)}", card.mention.text)
    if card.reading:
        yield from in_full(translated("What they wrote, in", card.reading), card.reading.text)
    for message in card.thread:
        yield from in_full(wrote(message), message.text)
        yield from at(message)
    if card.url:
        yield from _words("Where", card.url)


def _draft(card: Card) -> Iterable[Json]:
    if card.draft:
        yield from in_full(made(card, card.draft), card.draft.text, card.findings)
        if card.draft_before and card.draft_before != card.draft.text:
            yield from difference(card.draft_before, card.draft.text)
    if card.back_translation:
        yield from in_full(
            translated("What this text says, in", card.back_translation), card.back_translation.text
        )
    if card.reply_url:
        yield from _words("The live reply", card.reply_url)
    yield from findings(card)
    yield from delivery(card)
    yield from key_messages(card)
