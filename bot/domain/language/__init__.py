"""Which language a text is in, told from its script, its small words, its endings and its letters.

It knows the languages in `READ` well enough to act on; of their neighbours it knows only enough words not to
mistake them for one of these, and answers `und`. A wrong answer costs more here than none. Malay is told from
Indonesian by the few words that only Malay has: a line without one of them is taken for Indonesian.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bot.domain.language.hindi import DEVANAGARI, LATIN, ROMAN
from bot.domain.language.rivals import MALAY, RIVALS
from bot.domain.language.words import ARABIC_SCRIPT, BEGINNINGS, ENDINGS, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: The thirteen languages of the product, by the name an English reader knows.
NAMES: Final[Mapping[str, str]] = MappingProxyType({
    "en": "English", "es": "Spanish", "de": "German", "fr": "French", "it": "Italian",
    "pt": "Portuguese", "tr": "Turkish", "ur": "Urdu", "ar": "Arabic", "lv": "Latvian",
    "tl": "Tagalog", "hi": "Hindi", "id": "Indonesian",
})  # fmt: skip
UNKNOWN: Final = "und"
#: What `detect` may answer beside `und`.
READ: Final = frozenset({"en", "es", "de", "fr", "it", "pt", "lv", "tr", "ur", "ar", "tl", "hi", "id"})
#: The script each of the thirteen is written in, where it is not Latin.
_SCRIPTS: Final[Mapping[str, str]] = MappingProxyType({"ar": "Arabic", "ur": "Arabic", "hi": "Devanagari"})

#: A language needs this share of the evidence for itself and the next one.
_CLEARLY: Final = 0.56
#: Taglish and Hinglish are half English words around a frame of their own: with this share of the words in
#: the frame, English ones count for less.
_BORROWERS: Final = ("tl", "hi")
_MIXED: Final = 0.28
_BORROWED: Final = 0.6
#: More text than this adds cost and no certainty.
_ENOUGH: Final = 1500

_LETTERS: Final = (
    ("tr", re.compile(r"[ğşıİ]"), 0.7),
    ("es", re.compile(r"[ñ¿¡]"), 1.0),
    ("pt", re.compile(r"[ãõ]"), 1.0),
    ("de", re.compile(r"[äß]"), 0.8),
    ("fr", re.compile(r"[êèœùâ]|ç(?=a|on)"), 0.7),
    ("it", re.compile(r"[èòì]"), 0.5),
    ("lv", re.compile(r"[āēīūķļņģč]"), 0.8),
    ("lt", re.compile(r"[ėųįęą]"), 0.8),
    ("pl", re.compile(r"[ąęłńśźż]"), 0.8),
    ("ro", re.compile(r"[șțăț]"), 0.8),
    ("sv", re.compile(r"å"), 0.8),
    ("az", re.compile(r"ə"), 1.5),
)


def _evidence() -> dict[str, tuple[tuple[str, float], ...]]:
    owners: dict[str, set[str]] = {}
    for language, words in (*WORDS.items(), *RIVALS.items(), ("hi", LATIN)):
        for word in words.split():
            owners.setdefault(word, set()).add(language)
    # A word that four languages share says little for any of them.
    return {w: tuple((x, 1 / len(who) ** 0.7) for x in sorted(who)) for w, who in owners.items()}


_EVIDENCE: Final = _evidence()
_MALAY: Final = frozenset(MALAY.split())
_BY_BEGINNING: Final = {x: tuple(beginnings.split()) for x, beginnings in BEGINNINGS.items()}
_BY_ENDING: Final = {x: tuple(endings.split()) for x, endings in ENDINGS.items()}
_NOISE: Final = re.compile(r"https?://\S+|www\.\S+|[@#]\S+|\S+@\S+|\S*\d\S*")
# Marks that Arabic readers leave out: vowels, the dagger alef, tatweel.
_VOWELS: Final = re.compile(r"[\u064b-\u0652\u0670\u0640\u200c\u200d]")
# Devanagari vowel signs are part of a word, though `\w` leaves them out.
_SIGNS: Final = r"[\u0900-\u0903\u093a-\u093c\u093e-\u094f\u0955-\u0957\u0962\u0963]"
_WORD: Final = re.compile(rf"[^\W\d_]+(?:['’][^\W\d_]+|{_SIGNS}+[^\W\d_]*)*")
_ARABIC_SCRIPT_WORDS: Final = {x: frozenset(words.split()) for x, words in ARABIC_SCRIPT.items()}
_ROMAN: Final = {x: frozenset(words.split()) for x, words in ROMAN.items()}


def _plain(word: str) -> str:
    """Return a Devanagari word without the dots that many leave out, and with one nasal sign."""
    return unicodedata.normalize("NFD", word).replace("\u093c", "").replace("ँ", "ं")


_DEVANAGARI_WORDS: Final = {x: frozenset(map(_plain, w.split())) for x, w in DEVANAGARI.items()}
_URDU_LETTERS: Final = re.compile(r"[ٹڈڑںےھہ]")
_PERSIAN_LETTERS: Final = re.compile(r"[پچژگکی]")
_ARABIC_LETTERS: Final = re.compile(r"[ةىيكأإؤ]")
_OTHER_ARABIC: Final = re.compile(r"[ڪڳڻٺٿڀݨۋېۍځڅډړږښڤڕڵۆێەݢڄڃ]")  # Sindhi, Pashto, Kurdish, Uyghur


def script_of(language: str) -> str:
    """Return the script a language of ours is written in: `Latin`, `Arabic` or `Devanagari`."""
    return _SCRIPTS.get(language.split("-", maxsplit=1)[0].lower(), "Latin")


def script(text: str) -> str:
    """Return the script of most letters (`Latin`, `Arabic`, `Cyrillic`, ...), `""` when there are none."""
    return _reading(text[:_ENOUGH])[2]


def detect(text: str) -> tuple[str, float]:
    """Return an ISO 639 code of `READ`, or `und`, and how sure that is: 0.8 and above is clear.

    In Latin letters Hindi and Urdu are one; that is `hi`, unless words of Urdu are in it: who declares either
    knows better.
    """
    return _reading(text[:_ENOUGH])[:2]


@lru_cache(maxsize=256)
def _reading(text: str) -> tuple[str, float, str]:
    """Return language, certainty and script; kept, since a mention is asked about several times."""
    plain = _VOWELS.sub("", _NOISE.sub(" ", text))
    words = _WORD.findall(plain)
    found = _script(words)
    if found == "Latin":
        return *_latin([w.replace("İ", "i").lower().replace("’", "'") for w in words], plain), found
    if found == "Arabic":
        return *_arabic(words, plain), found
    if found == "Devanagari":
        return *_devanagari(words), found
    return UNKNOWN, 0.0, found


def _script(words: list[str]) -> str:
    counts: dict[str, int] = {}
    for word in words:
        name = _script_of_letter(word[0])
        counts[name] = counts.get(name, 0) + len(word)
    return max(counts, key=counts.__getitem__) if counts else ""


def _script_of_letter(letter: str) -> str:
    if letter < "\u0250":
        return "Latin"
    if "\u0600" <= letter <= "\u06ff":
        return "Arabic"
    return unicodedata.name(letter, "?").split()[0].split("-")[0].title()


def _latin(words: list[str], plain: str) -> tuple[str, float]:
    scores: dict[str, float] = {}
    unknown: list[str] = []
    for word in words:
        owners = _EVIDENCE.get(word)
        if owners is None:
            unknown.append(word)
        for language, weight in owners or ():
            scores[language] = scores.get(language, 0.0) + weight
    for language, more in _by_shape(unknown, plain):
        scores[language] = scores.get(language, 0.0) + more
    if any(scores.get(language, 0.0) > _MIXED * len(words) for language in _BORROWERS):
        scores["en"] = _BORROWED * scores.get("en", 0.0)
    best, sure = _verdict(scores, len(words))
    if best == "id" and not _MALAY.isdisjoint(words):
        return UNKNOWN, 0.0
    return _hindi_or_urdu(words) if best == "hi" else best, sure


def _by_shape(unknown: list[str], plain: str) -> Iterator[tuple[str, float]]:
    """Yield what the beginnings and endings of unknown words, and the letters, say for a language."""
    for language, beginnings in _BY_BEGINNING.items():
        yield language, 0.5 * sum(word.startswith(beginnings) for word in unknown)
    for language, endings in _BY_ENDING.items():
        yield language, 0.5 * sum(word.endswith(endings) for word in unknown)
    for language, letter, weight in _LETTERS:
        yield language, weight * min(len(letter.findall(plain)), 4)


def _hindi_or_urdu(words: list[str]) -> str:
    """Say which of the two it is in Latin letters: Hindi, unless words of Urdu tell."""
    urdu, hindi = (sum(word in _ROMAN[x] for word in words) for x in ("ur", "hi"))
    return "ur" if urdu > hindi else "hi"


def _devanagari(words: list[str]) -> tuple[str, float]:
    if any("ळ" in word for word in words):  # Marathi, and no other of these
        return UNKNOWN, 0.0
    plain = [_plain(word) for word in words]
    scores = {x: float(sum(w in known for w in plain)) for x, known in _DEVANAGARI_WORDS.items()}
    return _verdict(scores, len(words))


def _arabic(words: list[str], plain: str) -> tuple[str, float]:
    if len(_OTHER_ARABIC.findall(plain)) > len(words) / 8:
        return UNKNOWN, 0.0
    own = len(_URDU_LETTERS.findall(plain))
    scores = {x: float(sum(w in known for w in words)) for x, known in _ARABIC_SCRIPT_WORDS.items()}
    scores["ur"] += 0.5 * own
    scores["ar"] += 0.4 * len(_ARABIC_LETTERS.findall(plain)) + 0.4 * sum(w.startswith("ال") for w in words)
    scores["fa"] += 0.0 if own else 0.3 * len(_PERSIAN_LETTERS.findall(plain)) + 1.0 * ("است" in words)
    return _verdict(scores, len(words))


def _verdict(scores: dict[str, float], words: int) -> tuple[str, float]:
    ranked = [*sorted(scores.items(), key=lambda item: -item[1]), (UNKNOWN, 0.0), (UNKNOWN, 0.0)]
    (best, score), (_, second) = ranked[:2]
    # Evidence for a tenth of the words is chance: a name, a loan word.
    if best not in READ or score < max(0.8, 0.14 * words):
        return UNKNOWN, 0.0
    share = score / (score + second)
    if share < _CLEARLY:
        return UNKNOWN, 0.0
    # Two clear words are a hint, four are certain, however even the race of look-alike languages is.
    margin = min(1.0, (2 * share - 1) * 2.2)
    return best, round(margin * (1 - 0.55 ** (score * 1.2)), 3)
