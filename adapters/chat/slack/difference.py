"""What a redraft changed, word by word: what was taken away is struck out, what is new is bold.

Page: docs.slack.dev/reference/block-kit/blocks/rich-text-block.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.chat.difference import changes
from adapters.chat.slack.limits import RICH_TEXT
from adapters.chat.slack.text import Json, clip, length_of, paragraph, rich, run

_STYLES: Mapping[str, dict[str, bool]] = {"same": {}, "gone": {"strike": True}, "new": {"bold": True}}


def runs(old: str, new: str) -> list[Json]:
    """Return the runs of rich text that show what changed from `old` to `new`."""
    return [run(text, **_STYLES[kind]) for kind, text in changes(old, new)]


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
