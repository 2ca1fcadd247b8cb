"""The parts of a card in Slack's blocks: what they wrote, why it is here, what we answer, what was checked.

Page: docs.slack.dev/reference/block-kit/blocks/rich-text-block. What somebody wrote stands in a quotation of
rich text: it wraps, has a bar beside it that no text can draw, and Slack reads nothing into it. Each part
takes a `share`: the most characters of one text it shows; what is left out is said, and a button away.
"""

from __future__ import annotations

from collections.abc import Iterable

from adapters.chat import labels
from adapters.chat.labels import ABUSIVE, language, spoken, verdict
from adapters.chat.slack import difference, limits
from adapters.chat.slack.buttons import link, show
from adapters.chat.slack.marking import marked
from adapters.chat.slack.text import (
    Json,
    clip,
    date,
    is_blank,
    isolated,
    length_of,
    line,
    paragraph,
    pieces,
    quote,
    rich,
    run,
    shown,
)
from bot.domain.card import Card, Said
from bot.domain.draft import Finding

#: Beyond these, what else there is stands behind the button.
_MESSAGES, _FINDINGS, _FACT, _SAYS, _NAME = 2, 5, 300, 500, 80
_TIGHT, _SHORT = 100, 300


def theirs(card: Card, share: int) -> list[Json]:
    """Return what they wrote, in full or with a button to it; abusive words are only named (L13)."""
    who = paragraph(*_by(card))
    buttons = link("mention", f"See it on {card.platform}", _with_room(card.url, share))
    if card.abusive:
        blocks = [rich(who, paragraph(run(f"⚠ {ABUSIVE}", bold=True)))]
        buttons.insert(0, show(card, "mention", "Show what they wrote"))
    else:
        blocks, cut = _said(card, who, share)
        if cut:
            buttons.insert(0, show(card, "mention", "Show all they wrote"))
    return blocks + ([{"type": "actions", "elements": buttons}] if buttons else [])


def _with_room(url: str | None, share: int) -> str | None:
    """On a card that hardly fits, a very long address stands only in what "Show everything" opens."""
    return url if url and (share > _TIGHT or len(url) <= _SHORT) else None


def _said(card: Card, who: Json, share: int) -> tuple[list[Json], bool]:
    words, cut = cited(card.mention.text, share)
    blocks = [rich(who, *words)]
    earlier = len(card.thread) - _MESSAGES
    if earlier > 0:
        blocks.append(rich(paragraph(run(f"{earlier} earlier in this thread, not shown here", italic=True))))
    for message in card.thread[-_MESSAGES:]:
        words, was_cut = cited(message.text, share)
        blocks.append(rich(wrote(message), *words))
        cut = cut or was_cut
    if card.reading:
        words, was_cut = cited(card.reading.text, share)
        blocks.append(rich(translated("What they wrote, in", card.reading), *words))
        cut = cut or was_cut
    return blocks, cut or earlier > 0


def _by(card: Card) -> list[Json]:
    runs = [run(isolated(clip(line(card.author), _NAME)[0]), bold=True)]
    if card.handle != card.author:
        runs.append(run(f" {isolated('@' + clip(line(card.handle), _NAME)[0])}"))
    runs.append(run(f" on {card.platform}"))
    if card.mention.at:
        runs += [run(", "), date(card.mention.at)]
    return [*runs, run(f", in {language(card.mention.language)}")]


def wrote(message: Said) -> Json:
    """Return the line above a message of the thread: who wrote it when, and whether for us alone."""
    return paragraph(
        run(labels.wrote(message), bold=True), *([run(", "), date(message.at)] if message.at else [])
    )


def translated(what: str, words: Said) -> Json:
    """Return the line above a translation: nobody may take a program's words for the author's."""
    return paragraph(
        run(f"{what} {language(words.language)}", bold=True), run(" (translated by a program)", italic=True)
    )


def cited(text: str, share: int, findings: Iterable[Finding] = ()) -> tuple[list[Json], bool]:
    """Return a quotation of `text` within `share`, with a line that says how much was left out, if any."""
    if is_blank(text):
        return [paragraph(run("Nothing that can be seen.", italic=True))], False
    head, cut = clip(shown(text), share)
    quoted = quote(*marked(head, findings))
    if not cut:
        return [quoted], False
    left = f"The beginning of {len(text):,} characters; a button below shows all of it."
    return [quoted, paragraph(run(left, italic=True))], True


def in_full(label: Json, text: str, findings: Iterable[Finding] = ()) -> list[Json]:
    """Return the whole of a text under its label, in as many blocks as it takes."""
    found = list(findings)
    if is_blank(text):
        return [rich(label, *cited(text, 1)[0])]
    # Marks are made visible first: they are longer than what they stand for.
    first, *rest = pieces(shown(text), limits.RICH_TEXT)
    return [rich(label, quote(*marked(first, found))), *(rich(quote(*marked(p, found))) for p in rest)]


def reasons(card: Card, share: int = _FACT) -> list[Json]:
    """Return why it is here: the reading, its dangers, what is known of the author."""
    parts: list[Json] = []
    most = min(share, _FACT)
    if card.why:
        parts.append(paragraph(run("Why it is here: ", bold=True), run(clip(line(card.why), most)[0])))
    if card.risks:
        parts.append(paragraph(run(f"⚠ Danger: {', '.join(card.risks)}", bold=True)))
    for fact in card.facts:
        value, _ = clip(line(fact.value), most)
        parts.append(paragraph(run(f"{fact.label}: ", bold=True), run(isolated(value))))
    return [rich(*parts)] if parts else []


def ours(card: Card, share: int) -> list[Json]:
    """Return the draft, what changed in it, what it says, what the checks say, and how it goes out."""
    blocks: list[Json] = [{"type": "divider"}]
    cut = False
    if card.draft:
        words, cut = cited(card.draft.text, share * 2, card.findings)
        blocks.append(rich(paragraph(*made(card, card.draft, share)), *words))
        blocks += _changes(card.draft_before, card.draft.text, share)
    if card.back_translation:
        words, was_cut = cited(card.back_translation.text, share)
        blocks.append(rich(translated("What this text says, in", card.back_translation), *words))
        cut = cut or was_cut
    found = spoken(card)
    most = min(_SAYS, max(share // 2, 40))
    cut = cut or any(max(length_of(f.says), length_of(f.phrase)) > most for f in found)
    parts = [*checks(found[:_FINDINGS], card, most), *delivery(card, share)]
    if len(found) > _FINDINGS:
        parts.append(paragraph(run(f"{len(found) - _FINDINGS} more findings behind the button", italic=True)))
        cut = True
    blocks += [rich(*parts)] if parts else []
    buttons = [show(card, "draft", "Show all of the draft and its checks")] if cut else []
    buttons += link("reply", "See the live reply", _with_room(card.reply_url, share))
    blocks += [{"type": "actions", "elements": buttons}] if buttons else []
    return blocks if len(blocks) > 1 else []


def _changes(before: str, now: str, share: int) -> list[Json]:
    if not before or before == now:
        return []
    label = paragraph(
        run("Changed from the last draft", bold=True), run(" (struck out: gone; bold: new)", italic=True)
    )
    return [rich(label, quote(*difference.within(difference.runs(before, now), share)))]


def made(card: Card, draft: Said, share: int = _FACT) -> list[Json]:
    """Return what our text is and who made it: nobody may take a closed case's draft for what was sent."""
    what, by = labels.made(card, draft)
    note = [run(f". {clip(line(card.draft_note), share)[0]}", italic=True)] if card.draft_note else []
    return [run(what, bold=True), run(by), *note]


def checks(found: Iterable[Finding], card: Card, most: int = limits.RICH_TEXT) -> list[Json]:
    """Return findings as a list, each with the exact phrase, and how many checks had nothing to say."""
    rows = [paragraph(*_finding(f, most)) for f in found]
    if passed := labels.passed(card):
        rows.append(paragraph(run(passed)))
    return [{"type": "rich_text_list", "style": "bullet", "elements": rows}] if rows else []


def findings(card: Card) -> list[Json]:
    """Return all that the checks say, a block each, for a text of any length."""
    silent = card.model_copy(update={"passed": 0, "findings": ()})
    rows = [*(checks([found], silent) for found in spoken(card)), checks([], card)]
    return [rich(*row) for row in rows if row]


def key_messages(card: Card) -> list[Json]:
    """Return what the team wants to be understood, whatever the reply is about (M22)."""
    if not card.key_messages:
        return []
    said = "\n".join(f"• {line(one)}" for one in card.key_messages)
    return in_full(paragraph(run("Our key messages", bold=True)), said)


def _finding(found: Finding, most: int) -> list[Json]:
    says, phrase = (clip(line(words), most)[0] for words in (found.says, found.phrase))
    words = [run(f"{found.rule} {verdict(found)}: ", bold=True), run(says)]
    return [*words, run(" "), run(phrase, code=True)] if phrase else words


def delivery(card: Card, share: int = _FACT) -> list[Json]:
    """Return how the reply reaches its reader, and why so (L9)."""
    if not card.delivery:
        return []
    why = [run(f": {clip(line(card.delivery_reason), share)[0]}")] if card.delivery_reason else []
    return [paragraph(run(labels.way(card), bold=True), *why)]


def everything(card: Card) -> Json:
    """Return the button that opens the whole case."""
    return show(card, "all", "Show everything")
