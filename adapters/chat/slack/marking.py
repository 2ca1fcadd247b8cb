"""Marks the phrases that a check found, in the text they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from adapters.chat.slack.text import Json, run
from bot.domain.draft import Finding, Verdict


def marked(text: str, findings: Iterable[Finding]) -> list[Json]:
    """Return `text` as runs of rich text, with every phrase of `findings` bold and underlined."""
    phrases = {f.phrase for f in findings if f.verdict is not Verdict.PASS and f.phrase.strip()}
    spans = [span for phrase in phrases for span in _places(text, phrase)]
    if not spans:
        return [run(text)]
    cuts = sorted({0, len(text), *(at for span in spans for at in span)})
    runs: list[Json] = []
    for start, end in pairwise(cuts):
        inside = any(first <= start and end <= last for first, last in spans)
        style = {"bold": True, "underline": True} if inside else {}
        runs.append(run(text[start:end], **style))
    return runs


def _places(text: str, phrase: str) -> list[tuple[int, int]]:
    exact = [found.span() for found in re.finditer(re.escape(phrase), text)]
    return exact or [found.span() for found in re.finditer(re.escape(phrase), text, re.IGNORECASE)]
