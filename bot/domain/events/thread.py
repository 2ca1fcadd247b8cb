"""What the author, or a colleague on the platform itself, does."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.domain.events.common import Message
from bot.domain.mention import MAX_TEXT
from bot.domain.value import Value, Words


class MentionEdited(Value):
    kind: Literal["mention_edited"] = "mention_edited"
    text: Annotated[Words, Field(max_length=MAX_TEXT)]


class MentionRemoved(Value):
    kind: Literal["mention_removed"] = "mention_removed"


class AuthorReplied(Value):
    kind: Literal["author_replied"] = "author_replied"
    message: Message


class ColleagueReplied(Value):
    kind: Literal["colleague_replied"] = "colleague_replied"
    message: Message
