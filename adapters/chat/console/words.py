"""Words of strangers on a page: escaped, their hidden characters made visible, nothing reordered or cut."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from markupsafe import Markup, escape

from adapters.chat.marking import places
from adapters.chat.words import BREAK, HIDDEN, direction, mark

#: A longer mention is folded on a card, with all of it one press away.
LONG = 900
_OPENING = 480


def plain(text: str) -> str:
    """Return `text` for a line or an attribute: hidden characters stand as visible marks."""
    return HIDDEN.sub(lambda found: found["flag"] or mark(found), BREAK.sub(" ", text))


def shown(text: str) -> Markup:
    """Return `text` as HTML, every hidden character as a small visible mark."""
    parts: list[Markup] = []
    text, end = BREAK.sub("\n", text), 0
    for found in HIDDEN.finditer(text):
        if found["flag"]:
            continue
        parts += [escape(text[end : found.start()]), _visible(mark(found))]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


_HANDLE = re.compile(r"@[A-Za-z0-9_.]+")


def said(text: str) -> Markup:
    """Return a mention as HTML: as `shown`, each handle with a direction of its own."""
    # On the escaped text: an @ stands in no tag of ours, and what follows it here is never markup.
    return Markup(_HANDLE.sub(r"<bdi>\g<0></bdi>", str(shown(text))))  # noqa: S704 escaped above


def _visible(mark: str) -> Markup:
    return Markup('<span class="hidden-mark" title="a hidden character, made visible">{}</span>').format(mark)


def highlighted(text: str, phrases: Iterable[tuple[str, str]]) -> Markup:
    """Return `text` as HTML with marks. `phrases` are pairs of a phrase and the rule that found it."""
    spans = [
        (start, end, rule)
        for phrase, rule in phrases
        if phrase.strip()
        for start, end in places(text, phrase)
    ]
    cuts = sorted({0, len(text), *(at for start, end, _ in spans for at in (start, end))})
    parts: list[Markup] = []
    for start, end in pairwise(cuts):
        rules = sorted({rule for first, last, rule in spans if first <= start and end <= last})
        words = shown(text[start:end])
        parts.append(Markup('<mark title="{}">{}</mark>').format(", ".join(rules), words) if rules else words)
    return Markup("").join(parts)


def opening(text: str) -> str:
    """Return the first words of a long text, cut between words where there is a space to cut at."""
    head = text[:_OPENING]
    cut = max(head.rfind(" "), head.rfind("\n"))
    return head[:cut] if cut > _OPENING // 2 else head


__all__ = ["direction", "highlighted", "opening", "plain", "said", "shown"]
