"""How a mention was read: what kind it is, how bad it is, and what makes it dangerous."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from bot.domain.value import Language, Value, Words


class Severity(StrEnum):
    """How bad, worst last; compare by `rank`."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for low to 3 for critical."""
        return _ORDER[self.value]


_ORDER = {"low": 0, "medium": 1, "high": 2, "critical": 3}


class Category(StrEnum):
    """What kind of mention it is; each has its playbook in the protocol."""

    COMPLAINT = "complaint"
    QUESTION = "question"
    UNCLEAR = "unclear"  # W3: ask, do not guess
    MISDIRECTED = "misdirected"  # W3: they mean another company
    IMPERSONATION = "impersonation"  # M14
    TROLL = "troll"  # M12
    PRAISE = "praise"
    NEUTRAL = "neutral"
    SPAM = "spam"

    @property
    def needs_answer(self) -> bool:
        """Whether a mention of this kind becomes a card; the others are counted and sampled (M1)."""
        return self not in {Category.PRAISE, Category.NEUTRAL, Category.SPAM}


def at_least(severity: Severity, category: Category) -> Severity:
    """Return how bad a mention is once a person says what kind it is: what needs an answer is not low."""
    return Severity.MEDIUM if category.needs_answer and severity is Severity.LOW else severity


class Risk(StrEnum):
    """What takes a one-click approval away (L12)."""

    SAFETY = "safety"
    INJURY = "injury"
    SELF_HARM = "self_harm"
    VIOLENCE = "violence"
    DISCRIMINATION = "discrimination"
    MINORS = "minors"
    DATA_BREACH = "data_breach"
    PRESS = "press"
    LAWYER = "lawyer"
    REGULATOR = "regulator"


Topic = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")]


class Assessment(Value):
    """The reading of one mention. `by` says who read it (`rules`, `offline`, a model's name, a person's ID).

    `language` is an ISO 639 code or `und`; `why` is one plain sentence for the card; `topics` are keys of
    the protocol's reply parts, the main one first.
    """

    category: Category
    severity: Severity
    language: Language
    by: Annotated[str, StringConstraints(max_length=80)]
    topics: tuple[Topic, ...] = ()
    risks: frozenset[Risk] = frozenset()
    abusive: bool = False
    why: Annotated[Words, Field(max_length=300)] = ""  # a model's retells the mention, and is erased with it


def unread(language: str, why: str) -> Assessment:
    """What we assume when nothing could read the mention: an outage must not hide a complaint."""
    return Assessment(
        category=Category.COMPLAINT, severity=Severity.HIGH, language=language, by="nobody", why=why
    )
