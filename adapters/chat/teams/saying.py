"""What we say in Teams beside the cards: short messages of paragraphs, in which nobody's words do anything.

Pages, under learn.microsoft.com/en-us: microsoftteams/platform/task-modules-and-cards/cards/cards-format and
adaptive-cards/schema-explorer/rich-text-block. Of a message that is only text, Teams makes links and
previews; runs of rich text are shown as they are.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from adapters.chat.teams.refused import Json
from adapters.chat.teams.text import clip, plain
from adapters.chat.words import direction, in_utc, isolated

_CARD: Final = "application/vnd.microsoft.card.adaptive"
_NOT_SHOWN: Final = "This version of Teams cannot show what stands here. A newer one can."
_NAME, _NOTIFIED = 60, 150


def said(parts: list[Json], notified: str) -> Json:
    """Return a message of these parts; `notified` is what a notification of it says."""
    card = {"type": "AdaptiveCard", "version": "1.5", "body": parts, "fallbackText": _NOT_SHOWN}
    return {
        "type": "message",
        "summary": clip(plain(notified), _NOTIFIED)[0],
        "attachments": [{"contentType": _CARD, "content": card}],
    }


def spoken(text: str, *, italic: bool = False) -> Json:
    """Return a paragraph."""
    return _paragraph({"text": plain(text), **({"italic": True} if italic else {})})


def stamped(who: str, says: str, at: datetime, *, most: int) -> Json:
    """Return a line of a history: who did what, in at most `most` characters, and when."""
    return _paragraph(
        {"text": isolated(clip(plain(who), _NAME)[0]), "weight": "Bolder"},
        {"text": f" {clip(plain(says), most)[0]} "},
        {"text": in_utc(at), "isSubtle": True},
    )


def quoted(text: str, most: int) -> Json:
    """Return what somebody wrote, set apart from our words by a ground that no text can draw."""
    words = clip(plain(text), most)[0]
    box: Json = {"type": "Container", "style": "emphasis", "items": [_paragraph({"text": words})]}
    return box | ({"rtl": True} if direction(words) == "rtl" else {})


def _paragraph(*runs: Json) -> Json:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", **run} for run in runs]}
