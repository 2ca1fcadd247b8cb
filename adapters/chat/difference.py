"""What a redraft changed, word by word: what stayed, what was taken away, what is new.

Words are never cut inside, so letters that join (Arabic, Urdu) and signs that stand on others (Hindi) stay
whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal

import regex

from adapters.chat.words import shown

#: One stretch of a difference.
Change = tuple[Literal["same", "gone", "new"], str]

#: A word as a reader sees it, with the spaces after it. A mark on a space belongs to that space.
_WORD = regex.compile(r"(?:(?!\s)\X)*(?:(?=\s)\X)+|(?:(?!\s)\X)+")
#: Comparing grows with the square of the words; a longer text is shown beside the old one instead.
_MOST_WORDS = 1_500
TOO_LONG = "It is too long to compare word by word."


def words(text: str) -> list[str]:
    """Return the words of a text; joined, they are the text."""
    return _WORD.findall(text)


def changes(old: str, new: str) -> list[Change]:
    """Return what changed from `old` to `new`; for texts too long to compare, a sentence that says so."""
    before, after = words(shown(old)), words(shown(new))
    if max(len(before), len(after)) > _MOST_WORDS:
        return [("same", TOO_LONG)]
    found: list[Change] = []
    for kind, first, last, start, end in SequenceMatcher(None, before, after).get_opcodes():
        if kind == "equal":
            found.append(("same", "".join(after[start:end])))
            continue
        found += _changed(before[first:last], after[start:end])
    return found


def _changed(before: Sequence[str], after: Sequence[str]) -> list[Change]:
    gone: list[Change] = [("gone", "".join(before))] if before else []
    come: list[Change] = [("new", "".join(after))] if after else []
    if gone and come and not gone[0][1][-1].isspace():
        gone.append(("same", " "))
    return gone + come
