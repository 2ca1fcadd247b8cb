"""Word lists read from `lexicon/<language>.toml`, and how they are found in a text in one pass over its words.

A pattern is one or more folded words: `late`, `wait*` (any ending), `never|not arriv*` (one of two),
`found .. in my` (up to three words between). A leading `!` in a topic says that it is bad by itself.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from pathlib import Path

_TOKEN: Final = re.compile("[^\\W_]+|[\u2600-\u27bf\U0001f300-\U0001faff]")
# Accents, vowel marks, tatweel, joiners and whatever else is not seen: nobody may hide a word behind them.
_UNSEEN: Final = re.compile(
    "[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u0655\u0670\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\ufeff'’`]"
)
_ARABIC: Final = re.compile("[\u0600-\u06ff]")
_ALIKE: Final = str.maketrans({"ى": "ي", "ی": "ي", "ے": "ي", "ک": "ك", "ہ": "ه", "ھ": "ه", "ة": "ه", "ۃ": "ه", "ں": "ن"})
#: Patterns are looked up by the first letters of their first word.
_HEAD: Final = 3
_GAP: Final = 3
#: How far before or after a word a "not" still turns it round.
_REACH: Final = 3
_SHORT: Final = 4

#: Lists that say how a text feels, with the weight of each; the other lists are flags.
_FEELINGS: Final = {"strong": -2, "negative": -1, "positive": 1, "delight": 2}
_FLAGS: Final = ("question", "abuse", "spam", "impersonation", "misdirected", "neutral", "loud", "negators", "calm")


def fold(text: str) -> str:
    """Return the text without case, accents, vowel marks and hidden characters."""
    if text.isascii():
        return text.lower().replace("'", "")
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKD", text.lower())).replace("ı", "i")
    return plain.translate(_ALIKE) if _ARABIC.search(plain) else plain


def tokens(folded: str) -> list[str]:
    """Return the words and pictures of a folded text."""
    return _TOKEN.findall(folded)


def is_arabic(text: str) -> bool:
    """Say whether there are Arabic letters in it."""
    return _ARABIC.search(text) is not None


@dataclass(slots=True)
class Hits:
    """What was found, by the place of its first word: feelings from -2 to 2, and the tags of the lists."""

    feelings: dict[int, int] = field(default_factory=dict[int, int])
    tags: dict[str, list[int]] = field(default_factory=dict[str, list[int]])

    def add(self, place: int, tag: str, weight: int) -> None:
        """Note one hit; at one place the strongest feeling counts."""
        if weight and abs(weight) >= abs(self.feelings.get(place, 0)):
            self.feelings[place] = weight
        if tag:
            self.tags.setdefault(tag, []).append(place)


@dataclass(frozen=True, slots=True)
class _Pattern:
    first: str
    open: bool  # any ending
    rest: tuple[str, ...]
    tag: str
    weight: int

    def fits(self, words: Sequence[str], place: int) -> bool:
        word = words[place]
        if not (word.startswith(self.first) if self.open else word == self.first):
            return False
        return not self.rest or _follow(self.rest, words, place + 1)


def _follow(rest: Sequence[str], words: Sequence[str], place: int) -> bool:
    if not rest:
        return True
    if rest[0] == "..":
        return any(_follow(rest[1:], words, place + skip) for skip in range(_GAP + 1))
    if place >= len(words):
        return False
    wanted, word = rest[0], words[place]
    fits = word.startswith(wanted[:-1]) if wanted[-1] == "*" else word == wanted
    return fits and _follow(rest[1:], words, place + 1)


class Lexicon:
    """The word lists of one language. `prefixes` are letters that this language writes onto a word's front."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        """Take the lists of one file, as TOML gives them."""
        self.language: str = raw["language"]
        self._prefixes: tuple[str, ...] = tuple(fold(p) for p in raw.get("prefixes", ()))
        self._not_after: bool = raw.get("negate", "before") == "after"
        self._index: dict[str, list[_Pattern]] = {}
        self._risks: dict[str, list[_Pattern]] = {}
        for tag, weight, pattern in _entries(raw):
            self._take(tag, weight, pattern)

    def words(self, folded: str) -> list[str]:
        """Return the words of a folded text as this lexicon spells them."""
        found = tokens(folded)
        return [self._bare(word) for word in found] if self._prefixes else found

    def read(self, words: Sequence[str]) -> Hits:
        """Return everything found in these words, with what a "not" turns round."""
        hits = self._find(words, self._index)
        for place in hits.tags.get("calm", ()):
            # "good morning" praises nobody, "would like" likes nothing.
            hits.feelings[place] = hits.feelings[place + 1] = 0
        if "negators" in hits.tags:
            self._negate(hits)
        return hits

    def risks(self, words: Sequence[str]) -> set[str]:
        """Return the names of the dangers found in these words."""
        return {tag.removeprefix("risk:") for tag in self._find(words, self._risks).tags}

    def _find(self, words: Sequence[str], index: Mapping[str, list[_Pattern]]) -> Hits:
        hits = Hits()
        for place, word in enumerate(words):
            for pattern in index.get(word[:_HEAD], ()):
                if pattern.fits(words, place):
                    hits.add(place, pattern.tag, pattern.weight)
        return hits

    def _negate(self, hits: Hits) -> None:
        side = -1 if self._not_after else 1
        for place in hits.tags["negators"]:
            for step in range(1, _REACH + 1):
                felt = hits.feelings.get(place + side * step, 0)
                if felt:
                    # "not good" is bad; "not bad" is nothing much.
                    hits.feelings[place + side * step] = -1 if felt > 0 else 0
                    break

    def _bare(self, word: str) -> str:
        for prefix in self._prefixes:
            if word.startswith(prefix) and len(word) - len(prefix) >= _HEAD:
                return word[len(prefix) :]
        return word

    def _take(self, tag: str, weight: int, pattern: str) -> None:
        for words in product(*(choice.split("|") for choice in pattern.split())):
            first, *rest = [self._spelled(word) for word in words]
            bare = first.removesuffix("*")
            made = _Pattern(bare, first != bare, tuple(rest), tag, weight)
            # An open stem shorter than the head could not be looked up: the lists hold none, as a test says.
            self._index.setdefault(bare[:_HEAD], []).append(made)
            if tag.startswith("risk:"):
                self._risks.setdefault(bare[:_HEAD], []).append(made)

    def _spelled(self, word: str) -> str:
        if word == "..":
            return word
        stem = self._bare(fold(word.removesuffix("*")))
        return f"{stem}*" if word.endswith("*") else stem


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
