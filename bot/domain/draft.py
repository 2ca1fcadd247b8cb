"""A draft: what may become a reply, where it came from, and what the checks said of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from bot.domain.value import Language, Value, Words, digest

#: No platform takes a longer reply; a form refuses more than this before any check runs.
MAX_DRAFT = 10_000
#: A translation is cut here; the original stands beside it.
MAX_TRANSLATION = 20_000


class Purpose(StrEnum):
    """What a draft is for."""

    ANSWER = "answer"
    NEXT_MESSAGE = "next_message"
    PRIVATE_REPLY = "private_reply"
    HOLDING = "holding"
    FOLLOW_UP = "follow_up"
    THANKS = "thanks"
    REMOVAL_REQUEST = "removal_request"
    STATEMENT = "statement"


class Verdict(StrEnum):
    """What a check says of a text."""

    PASS = "pass"  # noqa: S105 a verdict, no password
    WARN = "warn"  # needs a reason
    SECOND = "second_approver"  # needs another person than the editor and the approver
    BLOCK = "block"  # nobody can override it


class Finding(Value):
    """One thing a check found: the rule, the exact phrase (empty: the whole text), and what to do about it.

    `role` is set with `SECOND`: the role the second person needs, empty for anyone else who may approve.
    """

    rule: Annotated[str, StringConstraints(pattern=r"^[A-Z]\d{1,2}$")]
    verdict: Verdict
    says: Annotated[str, Field(max_length=500)]
    phrase: Annotated[str, Field(max_length=500)] = ""
    role: Annotated[str, Field(max_length=40)] = ""


class Draft(Value):
    """A text that may be approved. `by` is `offline`, a model's name, or `person:<id>` after an edit.

    `note` tells the reader of the card what they must know of its making ("no model is configured").
    `reading` is what they wrote in the team's language, `back_translation` what the draft says in it, made by
    a call that saw the draft alone; both are empty where the language is the team's, or nobody translated.
    """

    text: Annotated[Words, Field(max_length=MAX_DRAFT)]
    language: Language
    purpose: Purpose
    by: Annotated[str, StringConstraints(max_length=100)]
    protocol: Annotated[str, StringConstraints(max_length=80)] = ""
    prompt: Annotated[str, StringConstraints(max_length=80)] = ""
    note: Annotated[str, Field(max_length=300)] = ""
    reading: Annotated[Words, Field(max_length=MAX_TRANSLATION)] = ""
    back_translation: Annotated[Words, Field(max_length=MAX_TRANSLATION)] = ""
    findings: tuple[Finding, ...] = ()
    checks: Annotated[int, Field(ge=0)] = 0  # how many checks it was put to

    @property
    def passed(self) -> int:
        """How many checks had nothing to say."""
        return max(0, self.checks - len({finding.rule for finding in self.findings}))

    @property
    def id(self) -> str:
        """What an approval names: any other word in the text gives another ID."""
        return digest(f"{self.purpose}\n{self.language}\n{self.text}")

    @property
    def editor(self) -> str | None:
        """The ID of the person who last changed it, `None` when no person did."""
        return self.by.removeprefix("person:") if self.by.startswith("person:") else None

    def findings_of(self, verdict: Verdict) -> tuple[Finding, ...]:
        """Return the findings with this verdict."""
        return tuple(f for f in self.findings if f.verdict is verdict)
