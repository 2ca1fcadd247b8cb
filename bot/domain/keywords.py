"""The words a search source looks for, and the contexts in which they are not ours.

Text is compared folded: compatibility forms, case, hyphens, apostrophes and runs of white space are made
one, and invisible characters are dropped. Nothing backtracks: plain search, then a look at both ends.

What ends a word, by script:

* Latin and the like: anything that is no letter, mark or digit, so `Brightloaf's` and `Brightloaf-Filiale`
  are hits and `brightloafs` is none. Diacritics count: `Rosé` is not `Rose`. Dotted and dotless i are one.
* A letter of another script: `وBrightloaf` and `Brightloafकी` name Brightloaf.
* Arabic script: a name of three letters or more is found under what adheres to it: a conjunction,
  preposition or article in front (و ف ب ك ل ال لل, in their order), an Urdu postposition behind. Short
  vowels, kashida and the letters that Arabic and Urdu keyboards write differently make no difference.
* Devanagari: vowel signs belong to the word, so `ब्रेडों` is not `ब्रेड`. Hindi postpositions stand apart.
* A name in several words is found as written, over line breaks too; `#BrightLoafFail` has no end inside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints

from bot.domain.value import Value

#: Marks on one letter that are read. Sorting more of them costs the square of their number, and no language
#: has them (30 is what Unicode's Stream-Safe format takes, UAX 15 section 13).
_MOST_MARKS: Final = 30

_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u0640\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_VOWELS: Final = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]")
#: Before NFKC, which would glue signs to a word (`Brightloaf™` would be `brightloaftm`) and make marks of
#: quotes.
_SIGNS: Final = str.maketrans(
    dict.fromkeys("™℠®©¹²³⁰⁴⁵⁶⁷⁸⁹", " ")
    | dict.fromkeys("‘’‛ʼʻʹ`´′＇", "'")
    | dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")
)
_ONE_LETTER: Final = str.maketrans("ıأإآٱىیکةہۃ", "iااااييكههه")

_BEFORE: Final = frozenset(
    "".join(parts) for parts in product(("", "و", "ف"), ("", "ب", "ك", "ل"), ("", "ال"))
) | {"لل", "ولل", "فلل"}
_BEHIND: Final = frozenset(("كا", "كي", "كے", "كو", "نے", "سے", "پر", "ميں", "تك", "والا", "والے", "والي"))
_LONGEST_CLITIC: Final = 4
_LEAST_ARABIC: Final = 3
_ARTICLE: Final = "ال"


def _names_something(word: str) -> str:
    if not _folded(word).lstrip("@#").strip():
        raise ValueError("expected a word with at least one visible letter, digit or sign")
    return word


Word = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80),
    AfterValidator(_names_something),
]


class Keywords(Value):
    """What is looked for. `@name` and `#name` mean the handle and the hashtag; a bare word is found in both.

    `but_not` are contexts: a word counts only where it overlaps none of them, so `Brightloaf Records` in a
    text does not hide another `Brightloaf` beside it.
    """

    words: Annotated[tuple[Word, ...], Field(min_length=1)]
    but_not: tuple[Word, ...] = ()

    def found(self, text: str) -> str | None:
        """Return the first of the words, as configured, that stands in `text`; `None` when none does."""
        folded = _folded(text)
        taken = bytearray(len(folded))
        for context in self.but_not:
            for start, end in _places(context, folded):
                taken[start:end] = b"\1" * (end - start)
        for word in self.words:
            if any(not any(taken[start:end]) for start, end in _places(word, folded)):
                return word
        return None


def _folded(text: str) -> str:
    text = _INVISIBLE.sub("", text).translate(_SIGNS)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _bounded(text))
    text = text.casefold().replace("i\u0307", "i")
    if not text.isascii():
        text = _VOWELS.sub("", unicodedata.normalize("NFKC", text)).translate(_ONE_LETTER)
    return " ".join(text.split())


def _bounded(text: str) -> str:
    """Drop the marks that no letter can carry."""
    kept: list[str] = []
    marks = 0
    for letter in text:
        # The two halfwidth sound marks are letters that NFKC makes marks of.
        marks = marks + 1 if unicodedata.category(letter)[0] == "M" or letter in "ﾞﾟ" else 0
        if marks <= _MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


@lru_cache(maxsize=4096)
def _forms(word: str) -> tuple[str, ...]:
    """Return how a configured word may be written: an Arabic article melts into the preposition ل."""
    folded = _folded(word)
    if folded.startswith(_ARTICLE) and len(folded) - len(_ARTICLE) >= _LEAST_ARABIC:
        return folded, f"ل{folded[1:]}"
    return (folded,)


def _places(word: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where a configured word stands in a folded text, from and to."""
    for form in _forms(word):
        start = text.find(form)
        while start >= 0:
            end = start + len(form)
            if _opens(form, text, start) and _closes(form, text, end):
                yield start, end
            start = text.find(form, start + 1)


def _opens(form: str, text: str, start: int) -> bool:
    if start == 0:
        return True
    if form[0] in "@#":
        # The @ of an address (`info@brightloaf.example`) begins no handle.
        return not (_is_letter(text[start - 1]) or text[start - 1] in "_@#")
    if not _joined(text[start - 1], text[start]):
        return True
    before = _run(text, start - 1, -1)[::-1]
    return _takes_clitics(form) and before in _BEFORE


def _closes(form: str, text: str, end: int) -> bool:
    if end == len(text):
        return True
    if form[0] in "@#" and text[end] == "_":
        return False
    if form[0] == "@" and text[end] in ".-" and end + 1 < len(text):
        # `@brightloaf.social.example` is somebody else's handle.
        return not _is_letter(text[end + 1])
    if not _joined(text[end - 1], text[end]):
        return True
    return _takes_clitics(form) and _run(text, end, 1) in _BEHIND


def _run(text: str, at: int, step: int) -> str:
    """Return the letters from `at` on in one direction, one more than a clitic has at most."""
    found = ""
    while 0 <= at < len(text) and _is_letter(text[at]) and len(found) <= _LONGEST_CLITIC:
        found += text[at]
        at += step
    return found


def _takes_clitics(form: str) -> bool:
    return sum(_script(letter) == "ARABIC" for letter in form) >= _LEAST_ARABIC


def _joined(left: str, right: str) -> bool:
    """Whether two neighbours are of one word: of one script, or one of them a digit or a mark of any."""
    scripts = _script(left), _script(right)
    return None not in scripts and (scripts[0] == scripts[1] or "" in scripts)


def _is_letter(letter: str) -> bool:
    return _script(letter) is not None


@lru_cache(maxsize=4096)
def _script(letter: str) -> str | None:
    """Return the script of a letter, "" for what goes with every script, `None` for no part of a word."""
    category = unicodedata.category(letter)
    if category[0] not in "LMN" or category == "Me":
        return None
    script = unicodedata.name(letter, "COMBINING").split()[0]
    return "" if category[0] == "N" or script == "COMBINING" else script
