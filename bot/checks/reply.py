"""What the checks are asked about: one reply with what is known around it, and the phrases found in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bot.checks.folding import Folded
from bot.checks.phrasebook import Book, Section, book, languages
from bot.domain.language import detect, script_of

_LETTERS: Final = {
    "Latin": re.compile("[a-z]"),
    "Arabic": re.compile("[\u0600-\u06ff]"),
    "Devanagari": re.compile("[\u0900-\u097f]"),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """The final text of a reply, as it would be posted, and what the rules need to know of its case.

    * `language`: of the reply; `mention_language` as the assessment says, `und` when unknown
    * `public`: whether anyone but its receiver can read it
    * `public_replies`: how many were already made to this author in this thread
    * `complaint`: whether the mention complains, so that an answer owes an apology
    * `prepared`: a statement a manager approved beforehand, exempt from W12
    * `similar`: texts sent to other persons in the last 24 hours, one a person
    * `never_say`, `allowed_promises`: phrases of the protocol
    * `own_contacts`: the company's own public addresses and numbers
    * `accounts`: handles that may stand in the reply: the company's own, and its receiver's
    * `sensitive_sector`: health, finance or legal, where L3 blocks
    * `max_length`: of the platform; `length`: of the text in the platform's own count, `None` for characters
    * `instructions`: what a model was told, and nobody is to read
    """

    text: str
    language: str
    purpose: str = "answer"
    public: bool = True
    mention_language: str = "und"
    mention_text: str = ""
    risks: frozenset[str] = frozenset()
    public_replies: int = 0
    author_name: str = ""
    complaint: bool = True
    prepared: bool = False
    similar: tuple[str, ...] = ()
    never_say: tuple[str, ...] = ()
    allowed_promises: tuple[str, ...] = ()
    own_contacts: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    sensitive_sector: bool = False
    max_length: int | None = None
    length: int | None = None
    instructions: tuple[str, ...] = ()


class Reading:
    """A reply read once for all rules: `hits(rule)` gives the exact phrases that nothing excuses."""

    def __init__(self, reply: Checked) -> None:
        """Fold the text; look for phrases of its language, English, and all languages of its scripts."""
        self.reply = reply
        self.folded = Folded(reply.text)
        self.books = tuple(_books(reply, self.folded.folded))
        self._found: dict[str, list[tuple[Folded, int, int]]] = {}
        joined = self.folded.joined
        for text in (self.folded, joined) if joined else (self.folded,):
            self._look(text)

    def hits(self, rule: str) -> tuple[str, ...]:
        """Return the exact phrases the rule found, in their order."""
        return tuple(self.reply.text[start:end] for start, end in self.spans(rule))

    def spans(self, rule: str) -> list[tuple[int, int]]:
        """Return where in the reply the rule found something; what overlaps is one."""
        merged: list[tuple[int, int]] = []
        for start, end in sorted(text.original(a, b) for text, a, b in self._found.get(rule, ())):
            if merged and start < merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged

    def quote(self, start: int, end: int) -> str:
        """Return the words of the reply that a span of the folded text came from."""
        return self.reply.text[slice(*self.folded.original(start, end))]

    def says(self, rule: str) -> bool:
        """Say whether the rule found anything."""
        return rule in self._found

    @cached_property
    def _mention(self) -> Folded:
        return Folded(self.reply.mention_text)

    def _look(self, text: Folded) -> None:
        for one in self.books:
            excused: dict[Section, list[tuple[int, int]] | None] = {}
            for section, start, end in one.hits(text):
                if section not in excused:
                    excused[section] = self._excuses(section, text)
                spans = excused[section]
                if spans is not None and not any(a < end and start < b for a, b in spans):
                    self._found.setdefault(section.rule, []).append((text, start, end))

    def _excuses(self, section: Section, text: Folded) -> list[tuple[int, int]] | None:
        """Return where the section's findings are excused, `None` when they are wherever they stand."""
        if any(phrase.spans(self._mention) for phrase in section.unless):
            return None
        return [span for phrase in section.excuses for span in phrase.spans(text)]


def _books(reply: Checked, folded: str) -> list[Book]:
    """Return its own language's book, the English one, those of other scripts in it, and of its sentences.

    A short word of one language may mean something else in another of the same script (Turkish "sus" is
    Spanish for "your"), so a language of the reply's own script counts only where a sentence is in it.
    """
    own = {reply.language, "en"}
    present = {name for name, letter in _LETTERS.items() if letter.search(folded)}
    written = {detect(sentence)[0] for sentence in _SENTENCES.split(reply.text) if len(sentence) > _SHORT}
    if detect(reply.text)[0] == reply.language:
        # It is what it says: no other language is in its script.
        present.discard(script_of(reply.language))
    return [book(x) for x in languages() if x in own or x in written or script_of(x) in present]


_SENTENCES = re.compile(r"[.!?\n؟۔।]+")
_SHORT = 12  # characters: below this a detector only guesses
