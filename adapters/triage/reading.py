"""What the hits of a word list say together: the kind of a mention, how bad it is, and why, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final

from adapters.triage.words import Hits
from bot.domain.assessment import Assessment, Category, Risk, Severity
from bot.domain.mention import Mention

#: Followers from which a mention is taken one step, and two steps, more seriously; few never lower it (M17).
_HEARD: Final = 10_000
_HEARD_WIDELY: Final = 100_000
_CRITICAL: Final = frozenset({Risk.SAFETY, Risk.INJURY, Risk.SELF_HARM, Risk.VIOLENCE, Risk.MINORS})
#: Topics that are never small, whatever the tone.
_GRAVE: Final = frozenset({"foreign_object", "hygiene", "allergen", "injury"})
_PASSING: Final = frozenset({"late_delivery", "no_answer"})
_ORDER: Final = tuple(Severity)
#: From this sum of bad words on, it is bad; at or below one, it is mild.
_VERY_BAD: Final = 5
#: A rating of one or two stars says as much as two bad words; four or five as much as a good one.
BAD_RATING: Final = 2
_GOOD_RATING: Final = 4
#: Praise is closed without a card, so it takes more than one kind word ("good morning") to be praise.
_SURELY_KIND: Final = 2
_MOST_TOPICS: Final = 3


@dataclass(frozen=True)
class Reading:
    """What one text says: hits of its language's lexicon, and what stands around it."""

    mention: Mention
    language: str
    hits: Hits
    asks: bool
    alone: int  # how often they wrote with nobody answering

    @cached_property
    def bad(self) -> int:
        stars = 2 if self.mention.rating and self.mention.rating <= BAD_RATING else 0
        return stars - sum(f for f in self.hits.feelings.values() if f < 0)

    @cached_property
    def kind(self) -> int:
        stars = 1 if self.mention.rating and self.mention.rating >= _GOOD_RATING else 0
        return stars + sum(f for f in self.hits.feelings.values() if f > 0)

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """The topics, those with a bad word and then with the most words first; a waiting word alone last."""
        found = {tag[6:]: places for tag, places in self.hits.tags.items() if tag.startswith("topic:")}
        felt = self.hits.feelings

        def weight(topic: str) -> tuple[bool, int, int, int]:
            places = found[topic]
            # Whoever complains of something else has waited for it, too, or speaks of a delivery.
            passing = topic in _PASSING and len(places) == 1
            return passing, -sum(felt.get(p, 0) < 0 for p in places), -len(places), places[0]

        return tuple(sorted(found, key=weight)[:_MOST_TOPICS])

    @cached_property
    def concrete(self) -> bool:
        """Whether a bad word names what is bad: "cold", not only "bad"."""
        felt = self.hits.feelings
        places = [p for tag, found in self.hits.tags.items() if tag.startswith("topic:") for p in found]
        return any(felt.get(place, 0) < 0 for place in places)

    @cached_property
    def risks(self) -> frozenset[Risk]:
        return frozenset(Risk(tag[5:]) for tag in self.hits.tags if tag.startswith("risk:"))

    def has(self, tag: str) -> bool:
        return tag in self.hits.tags


def assessed(reading: Reading) -> Assessment:
    category = _category(reading)
    return Assessment(
        category=category,
        severity=_severity(reading, category),
        language=reading.language,
        by="offline",
        topics=reading.topics,
        risks=reading.risks,
        abusive=reading.has("abuse"),
        why=_why(reading)[:300],
    )


def _category(reading: Reading) -> Category:
    """The first that fits. What is bad in any way is a complaint, whatever praise stands beside it."""
    if reading.has("impersonation"):
        return Category.IMPERSONATION
    if reading.has("misdirected"):
        return Category.MISDIRECTED
    if reading.has("abuse") and not reading.topics and reading.bad <= 2 * len(reading.hits.tags["abuse"]):
        return Category.TROLL
    if reading.bad or reading.risks:
        return Category.COMPLAINT
    return _harmless(reading)


def _harmless(reading: Reading) -> Category:
    if len(set(reading.hits.tags.get("spam", ()))) > 1 and not reading.topics:
        return Category.SPAM
    if reading.asks:
        return Category.QUESTION
    if reading.kind >= _SURELY_KIND:
        return Category.PRAISE
    return Category.NEUTRAL if reading.has("neutral") else Category.UNCLEAR


def _severity(reading: Reading, category: Category) -> Severity:
    if not category.needs_answer or category is Category.TROLL:
        severity = Severity.LOW
    elif category is Category.COMPLAINT:
        mild = reading.bad <= 1 and reading.mention.rating is None and not reading.concrete
        severity = Severity.HIGH if reading.bad >= _VERY_BAD else Severity.LOW if mild else Severity.MEDIUM
        if _GRAVE & set(reading.topics):
            severity = _higher(severity, Severity.HIGH)
    elif category is Category.IMPERSONATION:
        severity = Severity.HIGH
    else:
        severity = Severity.MEDIUM
    if not category.needs_answer:
        return severity
    steps = reach(reading.mention) + (reading.alone > 1) + reading.has("loud")
    return raised(at_least(severity, reading.risks), steps)


def _why(reading: Reading) -> str:
    said: list[str] = []
    if bad := sum(f < 0 for f in reading.hits.feelings.values()):
        said.append(f"{bad} negative {'word' if bad == 1 else 'words'}")
    if kind := sum(f > 0 for f in reading.hits.feelings.values()):
        mixed = ", read as irony or as praise with a complaint in it" if bad else ""
        said.append(f"{kind} kind {'word' if kind == 1 else 'words'}{mixed}")
    if reading.topics:
        shown = ", ".join(topic.replace("_", " ") for topic in reading.topics)
        said.append(f"{'topic' if len(reading.topics) == 1 else 'topics'}: {shown}")
    if reading.asks:
        said.append("it asks something")
    said += [words for tag, words in _SAYS.items() if reading.has(tag)]
    said += around(reading.mention, reading.risks)
    if reading.alone:
        often = f"wrote {reading.alone + 1} times, and " if reading.alone > 1 else ""
        said.append(f"{often}nobody has answered")
    return "; ".join(said) or "nothing in it could be read for sure, so a person has to"


_SAYS: Final[Mapping[str, str]] = MappingProxyType({
    "abuse": "abusive words",
    "loud": "calls on others",
    "spam": "words of advertising",
    "impersonation": "a false account of ours",
    "misdirected": "perhaps meant for somebody else",
})  # fmt: skip


def around(mention: Mention, risks: Iterable[Risk]) -> list[str]:
    said: list[str] = []
    if mention.rating is not None:
        said.append(f"{mention.rating} of 5 stars")
    if named := sorted(risk.value.replace("_", " ") for risk in risks):
        said.append(f"danger: {', '.join(named)}")
    if reach(mention):
        said.append(f"{mention.author.followers:,} followers")
    return said


def reach(mention: Mention) -> int:
    followers = mention.author.followers or 0
    return (followers >= _HEARD) + (followers >= _HEARD_WIDELY)


def at_least(severity: Severity, risks: Iterable[Risk]) -> Severity:
    for risk in risks:
        severity = _higher(severity, Severity.CRITICAL if risk in _CRITICAL else Severity.HIGH)
    return severity


def _higher(one: Severity, other: Severity) -> Severity:
    return max(one, other, key=lambda severity: severity.rank)


def raised(severity: Severity, steps: int) -> Severity:
    return _ORDER[min(severity.rank + steps, len(_ORDER) - 1)]
