"""The phrases of one language, from `phrases/<language>.toml`: what each rule looks for, what excuses it.

A phrase is written as people write it, and found in folded text (`folding.py`):

    word        that word; words follow one another whatever stands between them
    word*       any ending; *word any beginning
    (a|b c)     one of these; (a|b)? one of these or none
    ...         up to six words of the same sentence; .. up to three; >> up to 25, over sentences too
    #           a number
    {name}      the alternatives listed under that name in `[words]`
    /regex/     a regular expression over the folded text, where nothing else will do

A rule is one table or several, each with `find`; `except` lists phrases that excuse a finding they overlap;
`unless` lists phrases that excuse it when the mention itself says them.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from bot.checks.folding import KEY, NOT_WORD, WORD, Folded, fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FOLDER: Final = Path(__file__).parent / "phrases"
#: Between two words of one sentence.
_WITHIN: Final = NOT_WORD.replace("]", ".!?؟۔।]")
#: Between two words of a phrase: anything; within a gap the sentence must not end.
_SPACE: Final = f"{NOT_WORD}+"
_GAPS: Final = {
    "..": rf"{NOT_WORD}+(?:{WORD}+{_WITHIN}+){{0,3}}?",
    "...": rf"{NOT_WORD}+(?:{WORD}+{_WITHIN}+){{0,6}}?",
    ">>": rf"{NOT_WORD}+(?:{WORD}+{NOT_WORD}+){{0,25}}?",
}
_NUMBER: Final = r"\d{1,9}(?:[.,]\d{1,9}){0,3}"
_TOKEN: Final = re.compile(rf"\.\.\.|\.\.|>>|\(|\)\?|\)|\||#|[*{WORD[1:]}+")


@dataclass(frozen=True, slots=True)
class _Piece:
    """One part of a phrase: its expression, and the keys of words one of which it needs (none: any text).

    `first` are the keys of the words it may begin with (none: any word).
    """

    expression: str
    keys: frozenset[str] = frozenset()
    first: frozenset[str] = frozenset()
    optional: bool = False
    gap: bool = False


class Phrase:
    """One phrase, ready to be looked for; its expression is compiled when a text first might hold it."""

    def __init__(self, written: str, before: str) -> None:
        """Read `written`; `before` is an expression for what the language glues to the front of words."""
        self.written = written
        self._before = before
        if written.startswith("/") and written.endswith("/"):
            self._pieces = [_Piece(written[1:-1])]
        else:
            self._tokens = _TOKEN.findall(fold(written))[::-1]
            self._pieces = self._sequence()
            if self._tokens or not self._pieces:
                raise ValueError(f"a phrase has a word, and each ) its (: {written!r}")
        # What begins the phrase must be there: its words are the only places to try.
        while self._pieces[0].optional:
            del self._pieces[0]
        #: For each part that must be there, the keys of which the text needs one.
        self.needs = [p.keys for p in self._pieces if p.keys and not p.optional]

    def _sequence(self) -> list[_Piece]:
        pieces: list[_Piece] = []
        while self._tokens and self._tokens[-1] not in {"|", ")", ")?"}:
            written = self._tokens.pop()
            piece = self._group() if written == "(" else self._word(written)
            if piece.gap:
                _drop_optional(pieces)
            pieces.append(piece)
        _drop_optional(pieces)
        if pieces and (pieces[0].gap or pieces[-1].gap):
            raise ValueError(f"a gap stands between words: {self.written!r}")
        return pieces

    def _group(self) -> _Piece:
        options = [self._sequence()]
        while self._tokens and self._tokens[-1] == "|":
            self._tokens.pop()
            options.append(self._sequence())
        if not self._tokens or not all(options):
            raise ValueError(f"a group is (a|b), each with a word: {self.written!r}")
        keys = [max((p.keys for p in pieces if not p.optional), key=_telling) for pieces in options]
        return _Piece(
            expression=f"(?:{'|'.join(map(_join, options))})",
            keys=_either(keys),
            first=_either([_beginning(pieces) for pieces in options]),
            optional=self._tokens.pop() == ")?",
        )

    def _word(self, written: str) -> _Piece:
        if written in _GAPS:
            return _Piece(_GAPS[written], gap=True)
        if written == "#":
            return _Piece(_NUMBER)
        plain = written.strip("*")
        if not plain or "*" in plain:
            raise ValueError(f"a * stands before or after a word: {self.written!r}")
        starts, ends = written.startswith("*"), written.endswith("*")
        key = plain[:KEY]
        if ends and len(plain) < KEY:
            # A short beginning has no key of its own (its words have longer ones), but Arabic roots have.
            key = f"{plain}*" if len(plain) == KEY - 1 and plain[0] >= "\u0600" else ""
        front = f"{WORD}*" if starts else self._before
        keys = frozenset({key} if key and not starts else ())
        return _Piece(f"{front}{plain}{WORD}*" if ends else f"{front}{plain}", keys, keys)

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """What finds it in folded text."""
        if self.written.startswith("/"):
            return re.compile(self._pieces[0].expression)
        return re.compile(rf"(?<!{WORD}){_join(self._pieces)}(?!{WORD})")

    def spans(self, text: Folded) -> list[tuple[int, int]]:
        """Return where the folded text says it."""
        present = text.places.keys()
        for need in self.needs:
            if present.isdisjoint(need):
                return []
        first = self._pieces[0].first
        if not first:
            return [match.span() for match in self.expression.finditer(text.folded)]
        starts = [at for key in first for at in text.places.get(key, ())]
        return [m.span() for at in starts if (m := self.expression.match(text.folded, at))]


def _either(keys: list[frozenset[str]]) -> frozenset[str]:
    """Return all the keys, none when one part may be any word."""
    return frozenset[str]().union(*keys) if all(keys) else frozenset()


def _beginning(pieces: list[_Piece]) -> frozenset[str]:
    last = next(i for i, piece in enumerate(pieces) if not piece.optional)
    return _either([piece.first for piece in pieces[: last + 1]])


def _drop_optional(pieces: list[_Piece]) -> None:
    """Leave out what need not be there anyway: at the end, or before a gap."""
    while pieces and pieces[-1].optional:
        pieces.pop()


def _telling(keys: frozenset[str]) -> int:
    return min(map(len, keys)) if keys else 0


def _join(pieces: list[_Piece]) -> str:
    written = ""
    for piece, follower in zip(pieces, [*pieces[1:], None], strict=True):
        space = "" if piece.gap or follower is None or follower.gap else _SPACE
        written += f"(?:{piece.expression}{space})?" if piece.optional else piece.expression + space
    return written


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """What one table of a rule looks for, and what excuses it."""

    rule: str
    find: tuple[Phrase, ...]
    excuses: tuple[Phrase, ...] = ()
    unless: tuple[Phrase, ...] = ()


_Sought = tuple[Section, Phrase]


@dataclass(frozen=True)
class Book:
    """All phrases of one language."""

    language: str
    sections: tuple[Section, ...]
    _index: dict[str, list[_Sought]] = field(default_factory=dict[str, "list[_Sought]"])
    _always: list[_Sought] = field(default_factory=list["_Sought"])

    def __post_init__(self) -> None:
        """Index each phrase under the rarest word it cannot do without."""
        for section in self.sections:
            for phrase in section.find:
                if not phrase.needs:
                    self._always.append((section, phrase))
                    continue
                for key in max(phrase.needs, key=_telling):
                    self._index.setdefault(key, []).append((section, phrase))

    def hits(self, text: Folded) -> Iterator[tuple[Section, int, int]]:
        """Yield each section that finds something in the text, and where; its excuses are not yet heard."""
        likely = [pair for key in text.places if key in self._index for pair in self._index[key]]
        for section, phrase in dict.fromkeys((*likely, *self._always)):
            for start, end in phrase.spans(text):
                yield section, start, end


@cache
def languages() -> tuple[str, ...]:
    """Return the languages there is a phrase file for."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@cache
def book(language: str) -> Book:
    """Return the phrases of a language; `ValueError` names the file and the place that is wrong."""
    try:
        return read(language, _tables(language))
    except ValueError as wrong:
        raise ValueError(f"{language}.toml: {wrong}") from wrong


def greetings() -> set[str]:
    """Return the words a reply may begin with in any language, folded; for them no book is made."""
    tables = (_tables(language).get("language", {}) for language in languages())
    return {fold(greeting) for table in tables for greeting in table.get("greetings", ())}


def _tables(language: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def read(language: str, tables: Mapping[str, Any]) -> Book:
    """Make a book of the tables of a phrase file."""
    words: dict[str, str] = {}
    for name, value in tables.get("words", {}).items():
        words[name] = _filled(str(value), words)  # a name may use the ones before it
    before = str(tables.get("language", {}).get("before_words", ""))
    return Book(
        language=language,
        sections=tuple(_sections(tables, words, before)),
    )


def _sections(tables: Mapping[str, Any], words: dict[str, str], before: str) -> Iterator[Section]:
    for rule, content in tables.items():
        if rule in {"words", "language"}:
            continue
        several = cast("list[dict[str, list[str]]]", content if isinstance(content, list) else [content])
        for table in several:
            unknown = set(table) - {"find", "except", "unless"}
            if unknown or not table.get("find"):
                raise ValueError(f"[{rule}] takes find, except and unless, not {sorted(unknown)}")
            find, excuses, unless = (
                tuple(Phrase(_filled(p, words), before) for p in table.get(name, ()))
                for name in ("find", "except", "unless")
            )
            yield Section(rule, find, excuses, unless)


def _filled(phrase: str, words: Mapping[str, str]) -> str:
    def one(match: re.Match[str]) -> str:
        if match[1] not in words:
            raise ValueError(f"{{{match[1]}}} in {phrase!r} is not under [words]")
        return f"({words[match[1]]})"

    return phrase if phrase.startswith("/") else re.sub(r"\{(\w+)\}", one, phrase)
