"""Draw cases on a terminal. Every word goes in as plain text: no markup, nothing a terminal would obey."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.cli.words import harmless, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.domain.card import Action, Card, Said
    from bot.domain.draft import Finding
    from bot.ports import TrailLine

_STYLES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "green"}
_BY, _STATUS, _LEAST = 14, 22, 20
#: The width of severity, time, author and status with the two spaces between all columns.
_OTHERS = 8 + 11 + _BY + _STATUS + 5 * 2


def draw_list(cards: Sequence[Card]) -> None:
    """Draw a table, in the order given."""
    out = Console(highlight=False)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("Severity", "Due (UTC)", "Case", "By", "Status", "Words"):
        table.add_column(name, no_wrap=True)
    ids = max(len(one_line(card.case_id)) for card in cards)
    # What the other columns leave, so that a case keeps to one line; on a narrow terminal that line wraps,
    # as an ID cut short is of no use.
    room = max(out.width - ids - _OTHERS, _LEAST)
    out.width = ids + _OTHERS + room
    for card in cards:
        table.add_row(
            Text(card.severity, _STYLES.get(card.severity, "")),
            Text(_time(card.deadline)),
            Text(one_line(card.case_id)),
            Text(one_line(card.author, _BY)),
            Text(one_line(card.status, _STATUS)),
            Text(one_line(card.mention.text, room)),
        )
    out.print(table, crop=False)


def draw_case(card: Card, trail: Sequence[TrailLine], *, cost: str = "") -> None:
    """Draw a card with its decisions, what it has cost where it has cost something, and its trail."""
    out = Console(highlight=False)
    _say(out, card.title, _STYLES.get(card.severity, "") + " bold")
    _say(out, f"{card.case_id}, version {card.version}: {card.status}")
    for label, value in (*_facts(card), *([("Cost", cost)] if cost else [])):
        _say(out, f"{label}: {one_line(value)}")
    _draw_words(out, card)
    for finding in card.findings:
        _say(out, _finding(finding))
    if card.actions:
        _say(out, "\nDecisions, each with its fields", "bold")
        for action in card.actions:
            _say(out, f"  {_action(action)}")
    _draw_trail(out, trail)


def _draw_words(out: Console, card: Card) -> None:
    """Draw what was written on both sides, and what that says in the team's language."""
    _quote(out, f"@{card.handle} wrote", card.mention.text)
    for said in card.thread:
        _quote(out, f"then, {said.by}{', in private' if said.private else ''}", said.text)
    if card.reading:
        _quote(out, f"What they wrote, in {card.reading.language}", card.reading.text)
    if card.draft:
        _quote(out, _maker(card, card.draft), card.draft.text)
    if card.back_translation:
        _quote(out, f"What the draft says, in {card.back_translation.language}", card.back_translation.text)


def _draw_trail(out: Console, trail: Sequence[TrailLine]) -> None:
    _say(out, "\nTrail", "bold")
    for line in trail:
        _say(out, f"{line.at:%Y-%m-%d %H:%M:%S}  {line.who}: {line.says}")
        if line.text:
            out.print(Padding(Text(harmless(line.text)), (0, 0, 0, 21)))


def _facts(card: Card) -> list[tuple[str, str]]:
    facts = [
        ("Posted", f"{_time(card.mention.at)} UTC on {card.platform} {card.url or ''}"),
        ("Due", f"{_time(card.deadline)} UTC" if card.deadline else ""),
        ("Why", card.why),
        ("Risks", ", ".join(card.risks)),
        *((fact.label, fact.value) for fact in card.facts),
        ("Delivery", f"{card.delivery.replace('_', ' ')}: {card.delivery_reason}" if card.delivery else ""),
        ("Reply", card.reply_url or ""),
        ("Note", card.notice),
    ]
    return [(label, value) for label, value in facts if value]


def _maker(card: Card, draft: Said) -> str:
    note = f" ({card.draft_note})" if card.draft_note else ""
    return f"Draft by {draft.by}, in {draft.language}{note}"


def _finding(finding: Finding) -> str:
    phrase = f" (“{finding.phrase}”)" if finding.phrase else ""
    return f"{finding.verdict.value.replace('_', ' ')}, {finding.rule}: {finding.says}{phrase}"


def _action(action: Action) -> str:
    fields: list[str] = []
    for ask in action.asks:
        wants = "|".join(choice.value for choice in ask.choices) or (
            ask.value if ask.kind == "hidden" else "…"
        )
        fields.append(f"{ask.name}={wants}" + ("" if ask.required else " (if you like)"))
    return f"{action.decision}  {'  '.join(fields)}".rstrip()


def _say(out: Console, words: str, style: str = "") -> None:
    out.print(Text(harmless(words), style), soft_wrap=True)


def _quote(out: Console, heading: str, text: str) -> None:
    _say(out, f"\n{heading}:", "bold")
    out.print(Padding(Text(harmless(text)), (0, 0, 0, 2)))


def _time(at: datetime | None) -> str:
    return f"{at:%m-%d %H:%M}" if at else ""
