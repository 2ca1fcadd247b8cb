"""What a press in Teams is answered with: a card in the pressed one's place, words, or a dialog.

Pages: learn.microsoft.com/en-us/adaptive-cards/authoring-cards/universal-action-model (answers to
`adaptiveCard/action`) and learn.microsoft.com/en-us/microsoftteams/platform/task-modules-and-cards/
task-modules/task-modules-bots (answers to `task/fetch` and `task/submit`). Only the presser sees them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from adapters.chat.teams import dialogs
from adapters.chat.teams.card import activity, adapted
from adapters.chat.teams.text import clip, rich, run, shown
from adapters.chat.words import sentence
from bot.domain.card import Card

Json = dict[str, Any]

_CARD: Final = "application/vnd.microsoft.card.adaptive"
_MESSAGE: Final = "application/vnd.microsoft.activity.message"
#: What is told in a bar below a card.
_WORDS: Final = 1_000
#: What stands in a message.
_NOTE: Final = 4_000


@dataclass(frozen=True, slots=True)
class Page:
    """A card with a title: a form, or something to read."""

    title: str
    card: Json


@dataclass(frozen=True, slots=True)
class Says:
    """Words, and nothing else changes."""

    words: str


@dataclass(frozen=True, slots=True)
class Done:
    """What was asked for is done; the case stands so now, where that is known."""

    card: Card | None = None


Next = Page | Says | Done


def card(drawn: Json) -> Json:
    """Answer a press with a card in the place of the pressed one."""
    return {"statusCode": 200, "type": _CARD, "value": drawn}


def words(says: str) -> Json:
    """Answer a press in words, below the card."""
    return {"statusCode": 200, "type": _MESSAGE, "value": _plainly(says)}


def dialog(step: Next) -> Json:
    """Answer a dialog: it goes on, it says something and closes, or it closes."""
    match step:
        case Page(title, drawn):
            return dialogs.task(title, drawn)
        case Says(says):
            return {"task": {"type": "message", "value": _plainly(says)}}
        case Done():
            return {}


def note(says: str) -> Json:
    """Return a message of our own: runs of rich text, of which Teams makes neither links nor previews."""
    told = clip(shown(says), _NOTE)[0]
    return activity(adapted([rich(run(told))], told), told)


def _plainly(says: str) -> str:
    return clip(shown(sentence(says)), _WORDS)[0]
