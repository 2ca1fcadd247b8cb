"""Marks the phrases that a check found, in the text they stand in."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.chat import marking
from adapters.chat.slack.text import Json, run
from bot.domain.draft import Finding


def marked(text: str, findings: Iterable[Finding]) -> list[Json]:
    """Return `text` as runs of rich text, with every phrase of `findings` bold and underlined."""
    return [
        run(part, bold=True, underline=True) if inside else run(part)
        for part, inside in marking.marked(text, findings)
    ]
