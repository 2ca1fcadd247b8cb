"""What we say in Teams beside the cards: short messages of paragraphs, in which nobody's words do anything.

Page: learn.microsoft.com/en-us/microsoftteams/platform/task-modules-and-cards/cards/cards-format. Of a
message that is only text, Teams makes links and previews; runs of rich text are shown as they are.
"""

from __future__ import annotations

from typing import Final

from adapters.chat.teams.text import Json, plain

_CARD: Final = "application/vnd.microsoft.card.adaptive"
_NOT_SHOWN: Final = "This version of Teams cannot show what stands here. A newer one can."
_NOTIFIED: Final = 150


def said(parts: list[Json], notified: str) -> Json:
    """Return a message of these parts; `notified` is what a notification of it says."""
    card = {"type": "AdaptiveCard", "version": "1.5", "body": parts, "fallbackText": _NOT_SHOWN}
    return {
        "type": "message",
        "summary": plain(notified, _NOTIFIED),
        "attachments": [{"contentType": _CARD, "content": card}],
    }
