"""Word lists from `lexicon/<language>.toml`, and how they are found in one pass over the words of a text.

A pattern is one or more folded words: `late`, `wait*` (any ending), `never|not arriv*` (one of two),
`found .. in my` (up to three words between). A leading `!` in a topic says that it is bad by itself.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from pathlib import Path

# Devanagari vowel signs are part of a word, though `\w` leaves them out.
_TOKEN: Final = re.compile(
    "[^\\W_]+(?:[\u0900-\u0903\u093a-\u094f\u0955-\u0957\u0962\u0963]+[^\\W_]*)*"
    "|[\u2600-\u27bf\U0001f300-\U0001faff]"
)
# Accents, vowel marks, tatweel, joiners and whatever else is not seen: nobody may hide a word behind them.
_UNSEEN: Final = re.compile(
    "[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u0655\u0670\u093c\u0951-\u0954"
    "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\ufeff'’`]"
)
# French and Italian join an article to its word ("l'app"); English "don't" stays one word.
_ELIDED: Final = re.compile(
    r"\b([ldjnmsct]|qu|jusqu|lorsqu|puisqu|quelqu|all|dall|dell|nell|sull|coll|un|gl|dov|com|cos|anch|quest|quell"
    r"|bell|nessun|qualcun)['’](?=\w)"
)
_LETTERS: Final = (
    ("Latin", re.compile("[a-z\u00df-\u024f]")),
    ("Arabic", re.compile("[\u0600-\u06ff]")),
    ("Devanagari", re.compile("[\u0900-\u097f]")),
)
#: Letters that are typed for one another, by their script.
_ALIKE: Final = {
    "Arabic": tuple(zip("ىیےکہھةۃں", "يييكههههن", strict=True)),
    "Devanagari": tuple(zip("ँऑॉऍॅ", "ंआाएे", strict=True)),
}
#: Patterns are looked up by the first letters of their first word.
_HEAD: Final = 3
_GAP: Final = 3
#: How far before or after a word a "not" still turns it round.
_REACH: Final = 2

#: Lists that say how a text feels, with the weight of each; the other lists are flags.
_FEELINGS: Final = {"strong": -2, "negative": -1, "positive": 1, "delight": 2}
_FLAGS: Final = (
    "question", "abuse", "spam", "impersonation", "misdirected", "neutral", "loud", "negators", "calm",
)  # fmt: skip
_HEAPED: Final = re.compile("(?<=[\u0300-\u036f\u064b-\u065f]{8})[\u0300-\u036f\u064b-\u065f]+")


def fold(text: str) -> str:
    """Return the text without case, accents, vowel marks and hidden characters."""
    lower = text.lower()
    if "'" in lower or "’" in lower:
        lower = _ELIDED.sub(r"\1 ", lower)
    if lower.isascii():
        return lower.replace("'", "")
    # Marks heaped on one letter are no word; the time to put them in order grows with their square.
    lower = _HEAPED.sub("", lower)
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKD", lower)).replace("ı", "i")
    for script in scripts(plain):
        for letter, common in _ALIKE.get(script, ()):  # six times as quick as `translate` outside Latin
            plain = plain.replace(letter, common)
    return plain


def tokens(folded: str) -> list[str]:
    """Return the words and pictures of a folded text."""
    return _TOKEN.findall(folded)


def scripts(folded: str) -> list[str]:
    """Return the scripts of ours that a folded text has letters of."""
    return [script for script, letter in _LETTERS if letter.search(folded)]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several words may stand here: these whole words, or any that begin so."""

    whole: frozenset[str]
    begins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern: its first word, whether that takes any ending, and the words after it."""

    first: str
    open: bool
    rest: tuple[Choice | None, ...]
    tag: str
    weight: int
    firm: bool = False  # it has its "not" in it: "no answer" is not turned round


@dataclass(slots=True)
class Hits:
    """What was found, by the place of its first word: feelings from -2 to 2, and the tags of the lists."""

    feelings: dict[int, int] = field(default_factory=dict[int, int])
    tags: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    firm: set[int] = field(default_factory=set[int])

    def add(self, place: int, pattern: Pattern) -> None:
        """Note one hit; at one place the strongest feeling counts, and of equal ones the bad one."""
        felt, weight = self.feelings.get(place, 0), pattern.weight
        if (abs(weight), -weight) > (abs(felt), -felt):
            self.feelings[place] = weight
        if pattern.tag:
            self.tags.setdefault(pattern.tag, []).append(place)
        if pattern.firm:
            self.firm.add(place)


def _follow(rest: Sequence[Choice | None], words: Sequence[str], place: int) -> bool:
    """Say whether the words from `place` on are the rest of a pattern; `None` is up to three of any."""
    for step, choice in enumerate(rest):
        if choice is None:
            return any(_follow(rest[step + 1 :], words, place + skip) for skip in range(_GAP + 1))
        if place >= len(words):
            return False
        word = words[place]
        if word not in choice.whole and not word.startswith(choice.begins):
            return False
        place += 1
    return True


class Index:
    """Patterns by their first word, so that a text is read in one pass."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        """Take the patterns; one that is open needs at least `_HEAD` letters to be found by."""
        self._whole: dict[str, list[Pattern]] = {}
        self._open: dict[str, list[Pattern]] = {}
        for pattern in patterns:
            if pattern.open:
                self._open.setdefault(pattern.first[:_HEAD], []).append(pattern)
            else:
                self._whole.setdefault(pattern.first, []).append(pattern)

    def find(self, words: Sequence[str]) -> Hits:
        """Return every hit in these words."""
        hits = Hits()
        for place, word in enumerate(words):
            for pattern in self._whole.get(word, ()):
                if not pattern.rest or _follow(pattern.rest, words, place + 1):
                    hits.add(place, pattern)
            for pattern in self._open.get(word[:_HEAD], ()):
                starts = word.startswith(pattern.first)
                if starts and (not pattern.rest or _follow(pattern.rest, words, place + 1)):
                    hits.add(place, pattern)
        return hits


class Lexicon:
    """The word lists of one language. It takes its `prefixes`, and one letter of `suffixes`, off a word."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        """Take the lists of one file, as TOML gives them."""
        self.language: str = raw["language"]
        self._prefixes: tuple[str, ...] = tuple(fold(p) for p in raw.get("prefixes", ()))
        self._suffixes: tuple[str, ...] = tuple(fold(s) for s in raw.get("suffixes", ()))
        self._not_after: bool = raw.get("negate", "before") == "after"
        self._not = frozenset(fold(word) for word in raw.get("negators", ()))
        patterns = [made for entry in _entries(raw) for made in self._patterns(*entry)]
        self._all = Index(patterns)
        self.dangers = [pattern for pattern in patterns if pattern.tag.startswith("risk:")]

    @property
    def strips(self) -> bool:
        """Whether it takes prefixes off the words, so that it needs words of its own."""
        return bool(self._prefixes)

    def words(self, found: list[str]) -> list[str]:
        """Return the tokens of a folded text as this lexicon spells them."""
        if not self._prefixes:
            return found
        bare, front, back = self._bare, self._prefixes, self._suffixes
        return [bare(word) if word.startswith(front) or word.endswith(back) else word for word in found]

    def read(self, words: Sequence[str]) -> Hits:
        """Return everything found in these words, with what a "not" turns round."""
        hits = self._all.find(words)
        for place in hits.tags.get("calm", ()):
            # "good morning" praises nobody, "would like" likes nothing.
            hits.feelings[place] = hits.feelings[place + 1] = 0
        if "negators" in hits.tags:
            self._negate(hits)
        return hits

    def _negate(self, hits: Hits) -> None:
        side = -1 if self._not_after else 1
        for place in hits.tags["negators"]:
            for step in range(1, _REACH + 1):
                at = place + side * step
                if felt := hits.feelings.get(at, 0):
                    # "not good" is bad; "not bad" is nothing much.
                    hits.feelings[at] = felt if at in hits.firm else -1 if felt > 0 else 0
                    break

    def _bare(self, word: str) -> str:
        # The end first: of "وقحا" is left "وقح", whose first letter is its own.
        if word.endswith(self._suffixes) and len(word) > _HEAD:
            word = word[:-1]
        for prefix in self._prefixes:
            if word.startswith(prefix) and len(word) - len(prefix) >= _HEAD:
                return word[len(prefix) :]
        return word

    def _patterns(self, tag: str, weight: int, pattern: str) -> Iterator[Pattern]:
        firsts, *others = pattern.split()
        rest = tuple(None if words == ".." else self._choice(words) for words in others)
        first = self._choice(firsts)
        firm = any(choice and choice.whole & self._not for choice in rest)
        for word in first.whole:
            yield Pattern(word, open=False, rest=rest, tag=tag, weight=weight, firm=firm)
        for stem in first.begins:
            yield Pattern(stem, open=True, rest=rest, tag=tag, weight=weight, firm=firm)

    def _choice(self, words: str) -> Choice:
        options = words.split("|")
        whole = frozenset(self._bare(fold(word)) for word in options if not word.endswith("*"))
        begins = tuple(self._bare(fold(word[:-1])) for word in options if word.endswith("*"))
        return Choice(whole, begins)


def _entries(raw: Mapping[str, Any]) -> Iterator[tuple[str, int, str]]:
    for name, weight in _FEELINGS.items():
        yield from (("", weight, pattern) for pattern in raw.get(name, ()))
    for name in _FLAGS:
        yield from ((name, 0, pattern) for pattern in raw.get(name, ()))
    for kind in ("topic", "risk"):
        lists = cast("Mapping[str, Iterable[str]]", raw.get(f"{kind}s", {}))
        for name, patterns in lists.items():
            for pattern in patterns:
                # A danger is bad by itself, a topic only where it says so.
                bad = kind == "risk" or pattern.startswith("!")
                yield f"{kind}:{name}", -int(bad), pattern.removeprefix("!")


def load(folder: Path, language: str) -> Lexicon:
    """Return the lexicon of a language, with the pictures that mean the same in all of them."""
    raw = tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))
    pictures = tomllib.loads((folder / "pictures.toml").read_text(encoding="utf-8"))
    for name, patterns in pictures.items():
        raw[name] = [*raw.get(name, ()), *patterns]
    return Lexicon(raw)
