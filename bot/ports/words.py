"""Words: who reads mentions, who writes drafts, who translates. A model does each from a prompt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.assessment import Assessment
from bot.domain.draft import Purpose
from bot.domain.events import Message
from bot.domain.mention import Mention


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is asked, with personal data replaced. `label` is its version, such as `draft/v2`.

    `stable` is the same from case to case, so that the provider can keep it; `case` is this case alone, and
    holds all that strangers wrote. `urgent` asks may use the part of the day's tokens kept for them.
    """

    label: str
    stable: str
    case: str
    case_id: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """A mention to be read. A model reads `prompt` alone; rules read the mention and the thread."""

    mention: Mention
    thread: Sequence[Message] = ()
    prompt: Prompt | None = None


class Classifier(Protocol):
    """Reads mentions."""

    async def assess(self, unread: Unread) -> Assessment:
        """Say what kind it is and how bad; raises `PlatformError` when it cannot."""
        ...


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything a writer may know. Texts are masked: no personal data but the author's shown name.

    A model writes from `prompt` alone, in which the name is `[name]`, and its draft may say `[name]` too; the
    fields beside it are the same facts for a writer that composes from the protocol's own parts. `avoid` are
    texts too near to what others were sent; `variant` is a stable number of this draft, so that the same
    brief gives the same words.
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
    risks: tuple[str, ...] = ()
    said: tuple[str, ...] = ()  # what they were answered so far, by us or a colleague, oldest first
    max_length: int | None = None
    avoid: tuple[str, ...] = ()
    variant: int = 0
    prompt: Prompt | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What a writer wrote. `by` names it; `note` is what the reader of the card must know of it."""

    text: str
    language: str
    by: str
    note: str = ""
    prompt: str = ""  # the label of the prompt it was made by


class ReplyWriter(Protocol):
    """Writes drafts."""

    async def write(self, brief: Brief) -> Written:
        """Return a draft for `brief`; raises `PlatformError` when it cannot."""
        ...


class Translator(Protocol):
    """Translates, knowing nothing but the text: a call of its own, which no mention can speak to."""

    async def translate(self, prompt: Prompt) -> str:
        """Return the translation that `prompt` asks for; raises `PlatformError` when it cannot."""
        ...
