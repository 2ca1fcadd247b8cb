"""Keeps names from a model: the author's, whole or in part, and every account's but our own.

What rules cannot find goes through: the names of third persons, a name with an ending grown onto it, words of
fewer than three letters ("Bo"). And a name that is a common word takes that word from the text too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.mention import Mention
from bot.domain.protocol import ResponseProtocol

#: Stands for the author's name, which no model is told.
NAME: Final = "[name]"
_HANDLE: Final = re.compile(
    r"(?<![\w@\uff20])[@\uff20]\u200b?[\w.-]*\w|(?<![\w/])/?u/[\w-]{3,}|(?<![\w.@-])[\w.-]+\.bsky\.social(?!\w)"
)
_SHORT_NAME: Final = 3
_HIDDEN: Final = r"\[(?:name|account|e-mail|phone|card|IBAN|order number)(?: \d+)?\]"
#: Vowel signs of Devanagari belong to a word, though `\w` leaves them out.
_SIGNS: Final = "\u0900-\u0903\u093a-\u094f\u0955-\u0957\u0962\u0963"
#: Arabic writes "and", "to", "by", "so", "like" onto the word behind them.
_BEFORE: Final = r"(?:(?<![^\W_])|(?<=[\W_][وفبلك])|(?<=^[وفبلك]))"
_AFTER: Final = rf"(?![^\W_]|[{_SIGNS}])"
_WORD: Final = re.compile(rf"[^\W\d_](?:[^\W_]|[{_SIGNS}'])*")
_SAME: Final = str.maketrans({"ı": "i", "’": "'", "ʼ": "'"})


@dataclass(frozen=True, slots=True)
class Covered:
    """A text without the names in it, and what stands for what."""

    text: str
    hidden: Mapping[str, str]

    def shown(self, text: str) -> str:
        """Return `text`, written by a model, with what was hidden put back."""
        return put_back(text, self.hidden)


def put_back(text: str, hidden: Mapping[str, str]) -> str:
    """Return `text` with each placeholder replaced, in one pass: what is put in is not read again."""
    if not hidden:
        return text
    known = "|".join(map(re.escape, sorted(hidden, key=len, reverse=True)))
    return re.sub(known, lambda found: hidden[found[0]], text)


def covered(
    texts: Sequence[str], mention: Mention, protocol: ResponseProtocol, *, apart: bool = False
) -> tuple[list[str], Mapping[str, str]]:
    """Return texts without the author's name and without anybody's handle but ours, and what was hidden.

    The name is `[name]` however they write it; `apart`, each way has its own number, so that exactly what
    stood there can be put back.
    """
    hiding = _Hiding({a.casefold().lstrip("@") for a in protocol.accounts}, apart=apart)
    names = _names(mention.author.name or "", mention.author.handle)
    clear = [_HANDLE.sub(hiding.account, text) for text in texts]
    return [_nameless(text, names, hiding) for text in clear] if names else clear, hiding.hidden


class _Hiding:
    """Gives out placeholders, the same for the same."""

    def __init__(self, own: set[str], *, apart: bool) -> None:
        self._own, self._apart = own, apart
        self._given: dict[tuple[str, str], str] = {}
        self._count = {"account": 0, "name": 0}
        self.hidden: dict[str, str] = {}

    def account(self, found: re.Match[str]) -> str:
        name = found[0].casefold().lstrip("@\uff20\u200b")
        return found[0] if name in self._own else self._placeholder("account", name, found[0])

    def name(self, said: str) -> str:
        return self._placeholder("name", said if self._apart else "", said)

    def _placeholder(self, kind: str, key: str, said: str) -> str:
        if (kind, key) not in self._given:
            self._count[kind] += 1
            number = self._count[kind]
            self._given[kind, key] = f"[{kind} {number}]" if number > 1 else f"[{kind}]"
            self.hidden[self._given[kind, key]] = said
        return self._given[kind, key]


def _nameless(text: str, names: re.Pattern[str], hiding: _Hiding) -> str:
    plain, places = _plain(text)
    pieces: list[str] = []
    at = 0
    for found in names.finditer(plain):
        if found["kept"] is not None or found.start() == found.end():
            continue
        start, end = places[found.start()], places[found.end()]
        pieces += text[at:start], hiding.name(text[start:end])
        at = end
    return "".join((*pieces, text[at:]))


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """Return the letters of a text without accents, decoration and size, and where each of them stands."""
    if text.isascii():
        return text.lower(), range(len(text) + 1)
    letters: list[str] = []
    places: list[int] = []
    for at, written in enumerate(text):
        for letter in unicodedata.normalize("NFKD", written).casefold():
            if not unicodedata.combining(letter) and letter not in "\u200b\u200c\u200d\u00ad\u0640":
                letters.append(letter)
                places.append(at)
    return "".join(letters).translate(_SAME), [*places, len(text)]


def _names(name: str, handle: str) -> re.Pattern[str] | None:
    """Return what finds the author's name, whole or a word of it, and their handle without its sign."""
    words = _WORD.findall(_plain(name)[0])
    sign = _plain(handle.lstrip("@"))[0]
    # Whole, its words may be joined in any way: "AdaPark", "ada_park".
    whole = [r"[\s._-]{0,3}".join(map(re.escape, words))] if sum(map(len, words)) >= _SHORT_NAME else []
    alone = [re.escape(word) for word in (sign, *_longest_first(words)) if len(word) >= _SHORT_NAME]
    if not whole and not alone:
        return None
    return re.compile(rf"(?P<kept>{_HIDDEN.lower()})|{_BEFORE}(?:{'|'.join([*whole, *alone])}){_AFTER}")


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(set(words), key=len, reverse=True)
