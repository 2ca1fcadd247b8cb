"""Whether a reply is a template: nearly the same words already sent to two others (W12).

Names, greetings, numbers and spelling are taken away first. A fingerprint finds candidates among many texts
without comparing them all: it is made of four independent samples of the text's longer words and word pairs
(min-hashes), so two texts that differ in a word or two nearly always share at least one sample. A simhash of
64 bits in four bands would miss about a third of them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from sys import intern
from typing import TYPE_CHECKING, Final
from zlib import crc32

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from bot.checks.folding import NOT_WORD, WORD, fold
from bot.checks.phrasebook import greetings
from bot.domain.draft import Finding, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.checks.reply import Reading

RULES: Final = ("W12",)
#: A third person gets no text that this many others got.
OTHERS: Final = 2
#: Of 100: how alike two texts are, letter by letter.
_NEARLY: Final = 90.0

#: A word of so many letters says something of what a text is about.
_TELLING: Final = 5

_WORDS: Final = re.compile(rf"@?{WORD}+")
#: Between the words of a greeting.
_WITHIN: Final = NOT_WORD.replace("]", r",!:.\n،।]")
#: Odd multipliers and masks, one pair a band: any fixed ones do, and stored bands depend on them for ever.
_BANDS: Final = (
    (0x9E3779B1, 0x00000000),
    (0x85EBCA6B, 0x5BD1E995),
    (0xC2B2AE35, 0x27D4EB2F),
    (0x27D4EB2D, 0x165667B1),
)
_LOW: Final = 0xFFFFFFFF


def check(reading: Reading) -> Iterator[Finding]:
    """Yield the block when two other persons already have this text."""
    reply = reading.reply
    if reply.prepared:
        return
    ours = _essence(reply.text, reply.author_name)
    others = sum(_alike(ours, _essence(text, "")) for text in reply.similar)
    if others >= OTHERS:
        says = f"{others} others got nearly the same words within 24 hours. Say it anew, to this person."
        yield Finding(rule="W12", verdict=Verdict.BLOCK, says=says)


def alike(a: str, b: str) -> bool:
    """Say whether two texts differ in no more than names, numbers, greetings and a word or two."""
    return _alike(_essence(a, ""), _essence(b, ""))


def fingerprint(text: str, name: str = "") -> int:
    """Return 64 bits that nearly the same texts share a quarter of; `name` is the receiver's."""
    words = _essence(text, name)
    pieces = [*(word for word in words if len(word) >= _TELLING), *map(" ".join, pairwise(words))]
    hashes = [crc32(piece.encode()) for piece in pieces or words or [""]]
    bits = 0
    for factor, mask in _BANDS:
        least = min([(h ^ mask) * factor & _LOW for h in hashes])
        # The least of many numbers begins with zeros: its last bits tell them apart.
        bits = bits << 16 | least & 0xFFFF
    return bits


def bands(bits: int) -> tuple[int, int, int, int]:
    """Return the four quarters of a fingerprint: texts that share one are worth comparing."""
    return bits >> 48, bits >> 32 & 0xFFFF, bits >> 16 & 0xFFFF, bits & 0xFFFF


def _alike(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    if not a or not b:
        return False
    if fuzz.ratio(" ".join(a), " ".join(b)) >= _NEARLY:
        return True
    few = min(2, min(len(a), len(b)) // 5)
    return Levenshtein.distance(a, b, score_cutoff=few) <= few


@lru_cache(maxsize=2048)
def _essence(text: str, name: str) -> tuple[str, ...]:
    """Return the words that make the text what it is; kept, since a text is compared again and again."""
    theirs = set(_WORDS.findall(fold(name)))
    folded = _greeting().sub("", fold(text), count=1)
    # One string a word, not one for each time it was written: it is most of what is kept.
    return tuple(
        intern(word)
        for word in _WORDS.findall(folded)
        if word not in theirs and word[0] != "@" and not any(map(str.isdigit, word))
    )


@lru_cache(maxsize=1)
def _greeting() -> re.Pattern[str]:
    """Return what finds a greeting at the beginning, with the name that follows it."""
    said = "|".join(map(re.escape, sorted(greetings(), key=len, reverse=True)))
    name = rf"(?:{_WITHIN}+{WORD}+){{0,4}}?\s*[,!:.\n،।]"
    return re.compile(rf"\A\W*(?:{said})(?!{WORD})(?:{name})?")
