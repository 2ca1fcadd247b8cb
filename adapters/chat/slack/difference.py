"""What a redraft changed, word by word: what was taken away is struck out, what is new is bold.

Page: docs.slack.dev/reference/block-kit/blocks/rich-text-block. Words are never cut inside, so letters that
join (Arabic, Urdu) and signs that stand on others (Hindi) stay whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

import regex

from adapters.chat.slack.limits import RICH_TEXT
from adapters.chat.slack.text import Json, clip, length_of, paragraph, rich, run, shown

#: A word as a reader sees it, with the spaces after it. A mark on a space belongs to that space.
_WORD = regex.compile(r"(?:(?!\s)\X)*(?:(?=\s)\X)+|(?:(?!\s)\X)+")
#: Comparing grows with the square of the words; a longer text is shown beside the old one instead.
_MOST_WORDS = 1_500


def words(text: str) -> list[str]:
    """Return the words of a text; joined, they are the text."""
    return _WORD.findall(text)


def runs(old: str, new: str) -> list[Json]:
    """Return the runs of rich text that show what changed from `old` to `new`."""
    before, after = words(shown(old)), words(shown(new))
    if max(len(before), len(after)) > _MOST_WORDS:
        return [run("It is too long to compare word by word.")]
    found: list[Json] = []
    for kind, first, last, start, end in SequenceMatcher(None, before, after).get_opcodes():
        if kind == "equal":
            found.append(run("".join(after[start:end])))
            continue
        found += _changed(before[first:last], after[start:end])
    return found


def _changed(before: Sequence[str], after: Sequence[str]) -> list[Json]:
    gone = [run("".join(before), strike=True)] if before else []
    come = [run("".join(after), bold=True)] if after else []
    if gone and come and not gone[0]["text"][-1].isspace():
        gone.append(run(" "))
    return gone + come


def difference(old: str, new: str, *, most: int = RICH_TEXT) -> Json:
    """Return a block of rich text within `most` characters that shows what changed from `old` to `new`."""
    return rich(paragraph(*within(runs(old, new), most)))


def within(found: Sequence[Json], most: int) -> list[Json]:
    """Return the runs that fit, the last one cut with an ellipsis."""
    kept: list[Json] = []
    for one in found:
        if most <= 1:
            return kept
        text, was_cut = clip(one["text"], most)
        kept.append({**one, "text": text})
        if was_cut:
            return kept
        most -= length_of(text)
    return kept or [run("")]
