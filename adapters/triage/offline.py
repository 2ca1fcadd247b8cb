"""Reads mentions by rules and word lists: quick, explainable, and honest about what it cannot read.

It never waves a doubtful mention through: without evidence the answer is `unclear`, which a person sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Final

from adapters.triage.words import Hits, Index, Lexicon, fold, is_arabic, load
from bot.domain.assessment import Assessment, Category, Risk, Severity
from bot.domain.events import Message
from bot.domain.language import NAMES, UNKNOWN, detect
from bot.domain.mention import Mention

FOLDER: Final = Path(__file__).parent / "lexicon"
_ARABIC_SCRIPT: Final = frozenset({"ar", "ur"})

#: Followers from which a mention is taken one step, and two steps, more seriously; few never lower it (M17).
_HEARD: Final = 10_000
_HEARD_WIDELY: Final = 100_000
_CRITICAL: Final = frozenset({Risk.SAFETY, Risk.INJURY, Risk.SELF_HARM, Risk.VIOLENCE, Risk.MINORS})
#: Topics that are never small, whatever the tone.
_GRAVE: Final = frozenset({"foreign_object", "hygiene", "allergen", "injury"})
_ORDER: Final = tuple(Severity)
#: From this sum of bad words on, it is bad; at or below one, it is mild.
_VERY_BAD: Final = 5
#: A rating of one or two stars says as much as two bad words; four or five as much as a good one.
_BAD_RATING: Final = 2
_GOOD_RATING: Final = 4
#: Praise is closed without a card, so it takes more than one kind word ("good morning") to be praise.
_SURELY_KIND: Final = 2
_SURE: Final = 0.8
_MOST_TOPICS: Final = 3


@dataclass(frozen=True)
class _Reading:
    """What one text says: hits of its language's lexicon, and what stands around it."""

    mention: Mention
    language: str
    hits: Hits
    asks: bool
    alone: int  # how often they wrote with nobody answering

    @cached_property
    def bad(self) -> int:
        stars = 2 if self.mention.rating and self.mention.rating <= _BAD_RATING else 0
        return stars - sum(f for f in self.hits.feelings.values() if f < 0)

    @cached_property
    def kind(self) -> int:
        stars = 1 if self.mention.rating and self.mention.rating >= _GOOD_RATING else 0
        return stars + sum(f for f in self.hits.feelings.values() if f > 0)

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """The topics, those with a bad word and then with the most words first."""
        found = {tag[6:]: places for tag, places in self.hits.tags.items() if tag.startswith("topic:")}
        felt = self.hits.feelings

        def weight(topic: str) -> tuple[int, int, int]:
            places = found[topic]
            return -sum(felt.get(p, 0) < 0 for p in places), -len(places), places[0]

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


class OfflineClassifier:
    """A `Classifier` of word lists. A language more is a file more in `lexicon/`."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Know every language that has a file; each is read when it is first needed."""
        self._folder = folder
        self._known = frozenset(p.stem for p in folder.glob("*.toml")) - {"pictures"}
        self._lexicons: dict[str, Lexicon] = {}
        self._indexes: dict[bool, list[tuple[Lexicon, Index]]] = {}

    async def assess(self, mention: Mention, thread: Sequence[Message]) -> Assessment:
        """Say what kind it is and how bad, from the mention and what its author wrote after it."""
        return self.read(mention, thread)

    def read(self, mention: Mention, thread: Sequence[Message] = ()) -> Assessment:
        """Return the assessment; what `assess` does, without waiting."""
        text = "\n".join([mention.text, *(m.text for m in thread if m.by == "author")])
        language = _language(mention)
        folded = fold(text)
        if language not in self._known:
            language, lexicon = self._guessed(language, folded)
            if lexicon is None:
                return self._unreadable(mention, language, folded)
        else:
            lexicon = self._lexicon(language)
        hits = lexicon.read(lexicon.words(folded))
        asks = "?" in text or "؟" in text or "question" in hits.tags
        return _assessed(_Reading(mention, language, hits, asks, _alone(thread)))

    def provisional(self, mention: Mention) -> Severity:
        """Return a first severity for the queue, from dangers, stars and reach alone; `assess` has the last word."""
        severity = Severity.MEDIUM
        if mention.rating == 1:
            severity = Severity.HIGH
        return _raised(_at_least(severity, self._risks(fold(mention.text))), _reach(mention))

    def _risks(self, folded: str) -> frozenset[Risk]:
        """The dangers in any language of this script, found in one pass for those that spell words alike."""
        found: set[Risk] = set()
        for lexicon, index in self._dangers(arabic=is_arabic(folded)):
            found.update(Risk(tag[5:]) for tag in index.find(lexicon.words(folded)).tags)
        return frozenset(found)

    def _dangers(self, *, arabic: bool) -> list[tuple[Lexicon, Index]]:
        if arabic not in self._indexes:
            lexicons = [self._lexicon(name) for name in sorted(self._known) if (name in _ARABIC_SCRIPT) == arabic]
            groups: dict[bool, list[Lexicon]] = {}
            for lexicon in lexicons:
                groups.setdefault(lexicon.strips, []).append(lexicon)
            self._indexes[arabic] = [
                (group[0], Index(p for lexicon in group for p in lexicon.dangers)) for group in groups.values()
            ]
        return self._indexes[arabic]

    def _guessed(self, language: str, folded: str) -> tuple[str, Lexicon | None]:
        """For a text too short to tell its language: the lexicon that alone knows most of its words."""
        if language != UNKNOWN:
            return language, None
        arabic = is_arabic(folded)
        scores: list[tuple[float, str]] = []
        for name in sorted(self._known):
            if (name in _ARABIC_SCRIPT) == arabic:
                words = self._lexicon(name).words(folded)
                felt = self._lexicon(name).read(words).feelings
                scores.append((len(felt) / max(len(words), 1), name))
        scores.sort(reverse=True)
        best, second = [*scores, (0.0, ""), (0.0, "")][:2]
        # A third of the words, and no other language close: "cold again", "muy malo".
        if best[0] >= 1 / 3 and best[0] > 1.5 * second[0]:
            return best[1], self._lexicon(best[1])
        return language, None

    def _unreadable(self, mention: Mention, language: str, folded: str) -> Assessment:
        risks = self._risks(folded)
        named = NAMES.get(language, language)
        tongue = "its language could not be told" if language == UNKNOWN else f"{named} cannot be read offline"
        low = mention.rating is not None and mention.rating <= _BAD_RATING
        why = [f"{tongue}, so a person has to read it", *_around(mention, risks)]
        return Assessment(
            category=Category.COMPLAINT if low else Category.UNCLEAR,
            severity=_raised(_at_least(Severity.MEDIUM, risks), _reach(mention)),
            language=language,
            by="offline",
            risks=risks,
            why="; ".join(why)[:300],
        )

    def _lexicon(self, language: str) -> Lexicon:
        if language not in self._lexicons:
            self._lexicons[language] = load(self._folder, language)
        return self._lexicons[language]


def _assessed(reading: _Reading) -> Assessment:
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


def _category(reading: _Reading) -> Category:
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


def _harmless(reading: _Reading) -> Category:
    if len(set(reading.hits.tags.get("spam", ()))) > 1 and not reading.topics:
        return Category.SPAM
    if reading.asks:
        return Category.QUESTION
    if reading.kind >= _SURELY_KIND:
        return Category.PRAISE
    return Category.NEUTRAL if reading.has("neutral") else Category.UNCLEAR


def _severity(reading: _Reading, category: Category) -> Severity:
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
    steps = _reach(reading.mention) + (reading.alone > 1) + reading.has("loud")
    return _raised(_at_least(severity, reading.risks), steps)


def _why(reading: _Reading) -> str:
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
    said += _around(reading.mention, reading.risks)
    if reading.alone:
        said.append("nobody has answered" if reading.alone == 1 else f"wrote {reading.alone + 1} times, and nobody has answered")
    return "; ".join(said) or "nothing in it could be read for sure, so a person has to"


_SAYS: Final[Mapping[str, str]] = MappingProxyType({
    "abuse": "abusive words",
    "loud": "calls on others",
    "spam": "words of advertising",
    "impersonation": "a false account of ours",
    "misdirected": "perhaps meant for somebody else",
})  # fmt: skip


def _around(mention: Mention, risks: Iterable[Risk]) -> list[str]:
    said: list[str] = []
    if mention.rating is not None:
        said.append(f"{mention.rating} of 5 stars")
    if named := sorted(risk.value.replace("_", " ") for risk in risks):
        said.append(f"danger: {', '.join(named)}")
    if _reach(mention):
        said.append(f"{mention.author.followers:,} followers")
    return said


def _language(mention: Mention) -> str:
    """The declared language, unless the words are clearly in another one."""
    found, sure = detect(mention.text)
    if mention.language is None or mention.language == UNKNOWN:
        return found
    return found if found != UNKNOWN and sure >= _SURE else mention.language


def _alone(thread: Sequence[Message]) -> int:
    """How many messages the author wrote since anybody answered."""
    count = 0
    for message in reversed(thread):
        if message.by != "author":
            break
        count += 1
    return count


def _reach(mention: Mention) -> int:
    followers = mention.author.followers or 0
    return (followers >= _HEARD) + (followers >= _HEARD_WIDELY)


def _at_least(severity: Severity, risks: Iterable[Risk]) -> Severity:
    for risk in risks:
        severity = _higher(severity, Severity.CRITICAL if risk in _CRITICAL else Severity.HIGH)
    return severity


def _higher(one: Severity, other: Severity) -> Severity:
    return max(one, other, key=lambda severity: severity.rank)


def _raised(severity: Severity, steps: int) -> Severity:
    return _ORDER[min(severity.rank + steps, len(_ORDER) - 1)]
