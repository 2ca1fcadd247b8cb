"""Words: who reads mentions and who writes drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.assessment import Assessment
from bot.domain.draft import Purpose
from bot.domain.events import Message
from bot.domain.mention import Mention


class Classifier(Protocol):
    """Reads mentions."""

    async def assess(self, mention: Mention, thread: Sequence[Message]) -> Assessment:
        """Say what kind it is and how bad; raises `PlatformError` when it cannot."""
        ...


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything a writer may know. Texts are masked: no personal data but the author's shown name.

    `prompt` is the rendered prompt for a model; the fields beside it are the same facts for a writer that
    composes from the protocol's own parts. `avoid` are texts too near to what others were sent; `variant`
    is a stable number of this draft, so that the same brief gives the same words.
    """

    case_id: str
    purpose: Purpose
    language: str
    mention: str
    category: str
    topics: tuple[str, ...]
    name: str | None
    private: bool
    instruction: str = ""
    answer: str = ""  # the desk's answer, to be told to the author
    previous: str = ""  # the draft that is to be changed
    thread: tuple[str, ...] = ()
    max_length: int | None = None
    avoid: tuple[str, ...] = ()
    variant: int = 0
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What a writer wrote. `by` names it; `note` is what the reader of the card must know of it."""

    text: str
    language: str
    by: str
    note: str = ""


class ReplyWriter(Protocol):
    """Writes drafts."""

    async def write(self, brief: Brief) -> Written:
        """Return a draft for `brief`; raises `PlatformError` when it cannot."""
        ...
