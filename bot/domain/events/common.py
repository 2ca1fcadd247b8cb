"""What several events carry."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.assessment import Category
from bot.domain.mention import MAX_TEXT
from bot.domain.value import Moment, Value, Words

Reason = Annotated[str, Field(max_length=1000)]


class Outcome(StrEnum):
    """How a case ended. `rehearsed`: approved in shadow mode, in which nothing is sent."""

    ANSWERED = "answered"
    ANSWERED_ELSEWHERE = "answered_elsewhere"
    SILENT = "silent"
    NOTED = "noted"
    PRAISE = "praise"
    NOT_US = "not_us"
    SPAM = "spam"
    TROLL = "troll"
    DUPLICATE = "duplicate"
    MERGED = "merged"
    RESOLVED = "resolved"
    REFUSED = "refused"
    WINDOW_PASSED = "window_passed"
    GONE = "gone"
    REHEARSED = "rehearsed"


#: How a mention ends that asks for no answer.
Noted = Literal[Outcome.NOTED, Outcome.PRAISE, Outcome.SPAM]


class Message(Value):
    """Something said in the thread after the mention: by its author, or by a colleague on the platform."""

    id: Annotated[str, Field(max_length=200)]
    by: Literal["author", "colleague"]
    text: Annotated[Words, Field(max_length=MAX_TEXT)] = ""
    at: Moment
    private: bool = False


class OtherCase(Value):
    """Another case of the same author, as it stood then: what a colleague would want to know (M16).

    It has none of the author's words, so there is nothing in it to erase. `category` is `None` for what was
    never read, `outcome` for what was open and not answered yet.
    """

    case_id: str
    at: Moment  # when the mention was posted
    category: Category | None = None
    outcome: Outcome | None = None
