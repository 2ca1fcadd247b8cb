"""Finds the phrases that a check named, in the text they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from bot.domain.draft import Finding, Verdict


def marked(text: str, findings: Iterable[Finding]) -> list[tuple[str, bool]]:
    """Return `text` in pieces, and of each whether it stands in a phrase of `findings`."""
    phrases = {f.phrase for f in findings if f.verdict is not Verdict.PASS and f.phrase.strip()}
    spans = [span for phrase in phrases for span in places(text, phrase)]
    if not spans:
        return [(text, False)]
    cuts = sorted({0, len(text), *(at for span in spans for at in span)})
    return [
        (text[start:end], any(first <= start and end <= last for first, last in spans))
        for start, end in pairwise(cuts)
    ]


def places(text: str, phrase: str) -> list[tuple[int, int]]:
    """Return where `phrase` stands in `text`, in other case where it stands nowhere as it is."""
    exact = [found.span() for found in re.finditer(re.escape(phrase), text)]
    return exact or [found.span() for found in re.finditer(re.escape(phrase), text, re.IGNORECASE)]
