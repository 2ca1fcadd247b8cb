"""Reads what somebody asks of a redraft, as far as it can be done without a model, and says what cannot."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_suffix(".toml")
#: What can be left out, by the name its words are listed under.
PARTS: Final = ("apology", "thanks", "greeting", "signature", "closing")
_LISTS: Final = frozenset({*PARTS, "without", "after", "not", "idle"})
#: Characters of a word. Devanagari vowel signs are marks, which `\w` leaves out.
_LETTER: Final = r"[\w\u0900-\u0963]"
_GAP: Final = rf"(?: {_LETTER}+){{0,3}}"
_QUOTED: Final = 70
#: Letters that are typed for one another.
_ALIKE: Final = str.maketrans(dict(zip("ıیکہھةىۃँऑॉ", "iيكهههيهंआा", strict=True)))
_VIRAMA: Final = "\u094d"

Lists = Mapping[str, Iterable[str]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What can be followed of an instruction (`without …` leaves a part out), and whether more was asked."""

    does: frozenset[str] = frozenset()
    left: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    asks: tuple[tuple[str, re.Pattern[str]], ...]
    opposite: re.Pattern[str]
    idle: frozenset[str]


def read(instruction: str, styles: Mapping[str, str]) -> Wish:
    """Return what `instruction` asks for: a style of the protocol by its key, or a person's own words."""
    words = _words()
    plain = _fold(styles.get(instruction.strip(), instruction))
    does: set[str] = set()
    for name, pattern in words.asks:
        plain, hits = pattern.subn(" ", plain)
        if hits:
            does.add(name)
    # "not shorter, but …" asks for the opposite of what its words say: better to follow none of it.
    if words.opposite.search(plain):
        return Wish(left=True)
    return Wish(frozenset(does), left=bool(set(plain.split()) - words.idle))


def note_of(wish: Wish, instruction: str) -> str:
    """Return what the card's reader must know of how the instruction was followed, empty for nothing."""
    if wish.does and not wish.left:
        return ""
    quoted = " ".join(instruction.split())
    quoted = repr(quoted if len(quoted) <= _QUOTED else quoted[: _QUOTED - 1] + "…")
    if not wish.does:
        return f"no model is configured, so the instruction could not be followed: {quoted}"
    done = ", ".join(sorted(wish.does))
    return f"no model is configured; of the instruction {quoted} only this was followed: {done}"


@cache
def _words() -> _Words:
    languages: Mapping[str, Lists] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    asks: list[tuple[str, re.Pattern[str]]] = []
    # What is to be left out comes first: "without the warm greeting" asks for no warmth.
    for lists in languages.values():
        asks += [(f"without {part}", _left_out(lists, part)) for part in PARTS]
    for lists in languages.values():
        asks += [(name, _any(lists[name])) for name in lists if name not in _LISTS]
    return _Words(
        asks=tuple(asks),
        opposite=_any(word for lists in languages.values() for word in lists["not"]),
        idle=frozenset(_fold(word) for lists in languages.values() for word in lists["idle"]),
    )


def _left_out(lists: Lists, part: str) -> re.Pattern[str]:
    """Return what asks for it to go: before its name, after it, or (German) both."""
    thing = _either(lists[part])
    ways: list[str] = []
    if "without" in lists:
        ways.append(rf"\b(?:{_either(lists['without'])}){_GAP} (?:{thing})(?!\w)")
    if "after" in lists:
        ways.append(rf"\b(?:{thing}){_GAP} (?:{_either(lists['after'])})(?!\w)")
    return re.compile("|".join(ways))


def _any(words: Iterable[str]) -> re.Pattern[str]:
    return _words_of(f"(?:{_either(words)})")


def _words_of(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!{_LETTER}){pattern}(?!{_LETTER})")


def _either(words: Iterable[str]) -> str:
    return "|".join(
        re.escape(_fold(word.replace("..", "DOTS").replace("*", "STAR")))
        .replace(r"\ dots", _GAP)
        .replace(r"star", rf"{_LETTER}*")
        .replace(r"\ ", " ")
        for word in words
    )


def _fold(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not _accent(c))
    plain = bare.replace("'", "").replace("’", "").translate(_ALIKE)
    return " ".join(re.sub(r"[^\w\s\u0900-\u0963]", " ", plain).split())


def _accent(letter: str) -> bool:
    """Say whether it is a mark that may be left out; the virama joins two letters of a word."""
    return unicodedata.combining(letter) > 0 and letter != _VIRAMA
