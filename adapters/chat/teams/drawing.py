"""The parts of a card in Adaptive Cards: what they wrote, why it is here, what we answer, what was checked.

Pages: learn.microsoft.com/en-us/adaptive-cards/schema-explorer/rich-text-block, /container (`rtl`, `style`).
What somebody wrote stands in a container with a ground of its own. Each part takes a `share`: the most
characters of one text it shows; what is left out is said, and a button away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from adapters.chat import labels
from adapters.chat.difference import Change, changes
from adapters.chat.labels import ABUSIVE, language, spoken, verdict
from adapters.chat.marking import marked
from adapters.chat.teams.buttons import link, row, show
from adapters.chat.teams.text import (
    ELLIPSIS,
    Json,
    block,
    clip,
    group,
    is_blank,
    isolated,
    length_of,
    line,
    pieces,
    quote,
    rich,
    run,
    shown,
    when,
)
from bot.domain.card import Card, Said
from bot.domain.draft import Finding

#: Beyond these, what else there is stands behind a button.
_MESSAGES, _FINDINGS, _FACTS, _FACT, _SAYS, _NAME = 2, 5, 12, 300, 500, 80
#: A share as small as this is of a card that hardly fits: then fewer of each, and no long address.
_TIGHT, _SHORT, _FEWER = 100, 150, (1, 3, 4)
#: So much of one text stands in one block: a page holds a few of them.
_BLOCK = 3_000
#: So many runs a block has at most, each costs more than its words; what comes then is in one, unmarked.
_RUNS = 40
_CHANGES = {
    "same": {},
    "gone": {"strikethrough": True, "subtle": True},
    "new": {"bold": True, "highlight": True},
}


def theirs(card: Card, share: int, *, inline: bool = False) -> list[Json]:
    """Return what they wrote, in full or with a button to it; abusive words are only named (L13)."""
    buttons = link(f"See it on {card.platform}", _with_room(card.url, share))
    if card.abusive:
        items = [*by(card), rich(run(f"⚠ {ABUSIVE}", bold=True))]
        buttons.insert(0, show(card, "mention", "Show what they wrote", inline=inline))
    else:
        said, cut = _said(card, share)
        items = [*by(card), *said]
        if cut:
            buttons.insert(0, show(card, "mention", "Show all they wrote", inline=inline))
    return [group(*items, *row(*buttons), separator=True)]


def _with_room(url: str | None, share: int) -> str | None:
    """On a card that hardly fits, a very long address stands only in what "Show everything" opens."""
    return url if url and (share > _TIGHT or len(url) <= _SHORT) else None


def _counts(share: int) -> tuple[int, int, int]:
    """Return how many messages, findings and facts a card shows."""
    return _FEWER if share <= _TIGHT else (_MESSAGES, _FINDINGS, _FACTS)


def _said(card: Card, share: int) -> tuple[list[Json], bool]:
    items, cut = cited(card.mention.text, share)
    most, _, _ = _counts(share)
    earlier = len(card.thread) - most
    if earlier > 0:
        items.append(rich(run(f"{earlier} earlier in this thread, not shown here", italic=True)))
    for message in card.thread[-most:]:
        words, was_cut = cited(message.text, share)
        items += [wrote(message), *at(message), *words]
        cut = cut or was_cut
    if card.reading:
        words, was_cut = cited(card.reading.text, share)
        items += [translated("What they wrote, in", card.reading), *words]
        cut = cut or was_cut
    return items, cut or earlier > 0


def by(card: Card) -> list[Json]:
    """Return who wrote it, where, in what language, and when."""
    runs = [run(isolated(clip(line(card.author), _NAME)[0]), bold=True)]
    if card.handle != card.author:
        runs.append(run(f" {isolated('@' + clip(line(card.handle), _NAME)[0])}"))
    runs.append(run(f" on {line(card.platform)}, in {language(card.mention.language)}"))
    return [rich(*runs), *at(card.mention)]


def at(said: Said) -> list[Json]:
    """Return when something was written, if that is known."""
    return [block(f"Written {when(said.at)}", isSubtle=True, size="Small", spacing="None")] if said.at else []


def wrote(message: Said) -> Json:
    """Return the line above a message of the thread: who wrote it, and whether for us alone."""
    return rich(run(labels.wrote(message), bold=True))


def translated(what: str, words: Said) -> Json:
    """Return the line above a translation: nobody may take a program's words for the author's."""
    return rich(
        run(f"{what} {language(words.language)}", bold=True), run(" (translated by a program)", italic=True)
    )


def cited(
    text: str, share: int, findings: Iterable[Finding] = (), *, rest: str = "a button below shows all of it"
) -> tuple[list[Json], bool]:
    """Return a quotation of `text` within `share`, with a line that says how much was left out, if any."""
    if is_blank(text):
        return [rich(run("Nothing that can be seen.", italic=True))], False
    head, cut = clip(shown(text), share)
    quoted = _marked(head, findings)
    if not cut:
        return [quoted], False
    left = f"The beginning of {len(text):,} characters; {rest}."
    return [quoted, rich(run(left, italic=True))], True


def _marked(text: str, findings: Iterable[Finding]) -> Json:
    parts = marked(text, findings)
    rest = "".join(part for part, _ in parts[_RUNS:])
    runs = [run(part, bold=inside, underline=inside) for part, inside in parts[:_RUNS]]
    return quote(text, *runs, *([run(rest)] if rest else []))


def in_full(label: Json, text: str, findings: Iterable[Finding] = ()) -> list[Json]:
    """Return the whole of a text under its label, in as many blocks as it takes."""
    found = list(findings)
    if is_blank(text):
        return [label, *cited(text, 1)[0]]
    # Marks are made visible first: they are longer than what they stand for.
    return [label, *(_marked(piece, found) for piece in pieces(shown(text), _BLOCK))]


def reasons(card: Card, share: int = _FACT) -> list[Json]:
    """Return why it is here: the reading, its dangers, what is known of the author."""
    parts: list[Json] = []
    most = min(share, _FACT)
    if card.why:
        parts.append(rich(run("Why it is here: ", bold=True), run(clip(line(card.why), most)[0])))
    if card.risks:
        parts.append(rich(run(f"⚠ Danger: {', '.join(card.risks)}", alarm=True)))
    _, _, count = _counts(share)
    for fact in card.facts[:count]:
        value, _ = clip(line(fact.value), most)
        parts.append(rich(run(f"{fact.label}: ", bold=True), run(isolated(value)), spacing="Small"))
    if len(card.facts) > count:
        left = f"{len(card.facts) - count} more are told by “Show everything”"
        parts.append(rich(run(left, italic=True), spacing="Small"))
    return [group(*parts, separator=True)] if parts else []


def ours(card: Card, share: int, *, inline: bool = False) -> list[Json]:
    """Return the draft, what changed in it, what it says, what the checks say, and how it goes out."""
    items: list[Json] = []
    cut = False
    if card.draft:
        words, cut = cited(card.draft.text, share * 2, card.findings)
        changed = _changes(card, share)
        if changed and share <= _TIGHT:
            changed, cut = [], True
        items += [made(card, card.draft, share), *words, *changed]
    if card.back_translation:
        words, was_cut = cited(card.back_translation.text, share)
        items += [translated("What this text says, in", card.back_translation), *words]
        cut = cut or was_cut
    found = spoken(card)
    most = min(_SAYS, max(share // 2, 40))
    cut = cut or any(max(length_of(f.says), length_of(f.phrase)) > most for f in found)
    _, count, _ = _counts(share)
    items += [*checks(found[:count], card, most), *delivery(card, share)]
    if len(found) > count:
        items.append(rich(run(f"{len(found) - count} more findings behind the button", italic=True)))
        cut = True
    buttons = [show(card, "draft", "Show all of the draft and its checks", inline=inline)] if cut else []
    buttons += link("See the live reply", _with_room(card.reply_url, share))
    items += row(*buttons)
    return [group(*items, separator=True)] if items else []


def _changes(card: Card, share: int) -> list[Json]:
    if not card.draft or not card.draft_before or card.draft_before == card.draft.text:
        return []
    return difference(card.draft_before, card.draft.text, share)


def difference(old: str, new: str, most: int = _BLOCK) -> list[Json]:
    """Return what a redraft changed, within `most` characters; the signs are told in words as well."""
    label = rich(
        run("Changed from the last draft", bold=True),
        run(" (struck out: gone; bold and highlighted: new)", italic=True),
    )
    runs = (run(text, **_CHANGES[kind]) for kind, text in _within(changes(old, new), most))
    return [label, quote(new, *runs)]


def _within(found: Sequence[Change], most: int) -> list[Change]:
    """Return the changes that fit, the last one cut with an ellipsis."""
    kept: list[Change] = []
    for kind, text in found:
        if most <= 1:
            return kept
        if len(kept) >= _RUNS:
            return [*kept, ("same", ELLIPSIS)]
        head, was_cut = clip(text, most)
        kept.append((kind, head))
        if was_cut:
            return kept
        most -= length_of(head)
    return kept or [("same", "")]


def made(card: Card, draft: Said, share: int = _FACT) -> Json:
    """Return what our text is and who made it."""
    what, who = labels.made(card, draft)
    note = [run(f". {clip(line(card.draft_note), share)[0]}", italic=True)] if card.draft_note else []
    return rich(run(what, bold=True), run(who), *note)


def checks(found: Iterable[Finding], card: Card, most: int = _BLOCK) -> list[Json]:
    """Return findings, each with the exact phrase, and how many checks had nothing to say."""
    rows = [rich(*_finding(f, most), spacing="Small") for f in found]
    passed = labels.passed(card)
    return [*rows, rich(run(passed), spacing="Small")] if passed else rows


def findings(card: Card) -> list[Json]:
    """Return all that the checks say."""
    return checks(spoken(card), card)


def _finding(found: Finding, most: int) -> list[Json]:
    says, phrase = (clip(line(words), most)[0] for words in (found.says, found.phrase))
    words = [run(f"• {found.rule} {verdict(found)}: ", bold=True), run(says)]
    return [*words, run(" "), run(isolated(phrase), mono=True)] if phrase else words


def key_messages(card: Card) -> list[Json]:
    """Return what the team wants to be understood, whatever the reply is about (M22)."""
    if not card.key_messages:
        return []
    said = "\n".join(f"• {line(one)}" for one in card.key_messages)
    return in_full(rich(run("Our key messages", bold=True)), said)


def delivery(card: Card, share: int = _FACT) -> list[Json]:
    """Return how the reply reaches its reader, and why so (L9)."""
    if not card.delivery:
        return []
    why = [run(f": {clip(line(card.delivery_reason), share)[0]}")] if card.delivery_reason else []
    return [rich(run(labels.way(card), bold=True), *why)]
