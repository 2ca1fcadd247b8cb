"""A text as a reader hears it, not as it is spelled: what every phrase is looked for in.

Case, accents, vowel marks, width, look-alike letters, hidden characters and a few digits written for
letters are folded away; each folded character knows where it came from, so a finding quotes the original.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property
from typing import Final

#: Characters of a word. Devanagari vowel signs are marks, which `\w` leaves out.
WORD: Final = r"[\w\u0900-\u0963\u0966-\u097f]"
NOT_WORD: Final = WORD.replace("[", "[^", 1)
#: So many first letters tell words apart.
KEY: Final = 4
_WORDS: Final = re.compile(rf"{WORD}+")

# Letters that look like Latin ones (or, within Arabic script, are typed for one another).
_ALIKE: Final = (
    ("аеорсухіјѕһԁԛԝӏвкмнтгпиьԍ", "aeopcyxijshdqwlbkmhtrnubg"),
    ("αβεζηικμνορτυχωϲϳ", "abeznikuvoptuxwcj"),
    ("օսհոցյզԼ", "ouhngjql"),
    ("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɑɡɩɾʋ", "abcdefghijklmnoprstuvwyzagirv"),
    ("ꭺꭰꭼꮋꭵꭻꮶꮮꮇꮲꭱꮪꭲꮩꮃꮓꮐꮯ", "adehijklmprstvwzgc"),
    ("ıøłđħæœðþŋə", "ioldhaodtne"),
    ("ىیےکڪہھەۀةۃںٱ", "ييےككههههههنا"),
)  # fmt: skip
# Capital letters whose small ones look like something else.
_CAPITALS: Final = ("ΒΕΖΗΙΚΜΝΟΡΤΥΧΑНВРСТ", "bezhikmnoptyxahbpct")
#: Devanagari: nasal signs and the English o, which people type either way.
_DEVANAGARI: Final = ("ँऑॉऍॅ", "ंआाएे")
#: The nukta that many leave out, and accents that only Vedic texts have.
_LEFT_OUT: Final = "\u093c\u0951\u0952\u0953\u0954"
_BLANK: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f")
_LEET: Final = re.compile(r"(?<=[a-z])[013457@$]+(?=[a-z])|(?<!\w)\$(?=[a-z]{2})")
_LEET_LETTERS: Final = str.maketrans("013457@$", "oieastas")
#: Single letters kept apart by spaces or dots: `s u e`, `r.e.f.u.n.d`.
SPACED: Final = re.compile(rf"(?<!{WORD})[^\W\d_](?:[ .·_*-][^\W\d_]){{2,}}(?!{WORD})")


def _latin_of_block(letter: str) -> str:
    """Return the letter inside a squared or circled capital, which Unicode does not decompose."""
    point = ord(letter)
    for first in (0x1F150, 0x1F170, 0x1F130):
        if first <= point < first + 26:
            return chr(97 + point - first)
    return ""


class _Table(dict[str, str]):
    """What each character folds to, worked out once."""

    def __missing__(self, letter: str) -> str:
        folded = _latin_of_block(letter) or "".join(map(self._fold, unicodedata.normalize("NFKD", letter)))
        self[letter] = folded
        return folded

    def _fold(self, letter: str) -> str:
        if letter in _SPECIAL:
            return _SPECIAL[letter]
        kind = unicodedata.category(letter)
        if letter in _BLANK or kind == "Cf":
            return ""
        if kind in {"Mn", "Me"} and not "\u0900" <= letter <= "\u097f":
            return ""
        if kind == "Nd":
            return str(unicodedata.digit(letter))
        # Once more: casefolding can make a new accent (the dotted capital I of Turkish).
        small = unicodedata.normalize("NFKD", letter.casefold())
        return "".join(_SPECIAL.get(x, x) for x in small if unicodedata.category(x) != "Mn" or x > "\u08ff")


_SPECIAL: Final[dict[str, str]] = {
    **{a: b for odd, plain in _ALIKE for a, b in zip(odd, plain, strict=True)},
    **dict(zip(*_CAPITALS, strict=True)),
    **dict(zip(*_DEVANAGARI, strict=True)),
    **dict.fromkeys(_LEFT_OUT, ""),
    "ـ": "",
    "ß": "ss",
}
_TABLE: Final = _Table()


class Folded:
    """A text, its folded form, and the way back."""

    __slots__ = ("__dict__", "folded", "text")

    def __init__(self, text: str) -> None:
        """Fold `text`; the way back is worked out only when something was found."""
        self.text = text
        table = _TABLE
        folded = "".join([table[letter] for letter in text])
        self.folded = _LEET.sub(lambda m: m[0].translate(_LEET_LETTERS), folded)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Where words begin, by their first letters: enough to leave nearly every phrase untried.

        In Arabic script roots are three letters long, and up to four more are glued to the front.
        """
        places: dict[str, list[int]] = {}
        for match in _WORDS.finditer(self.folded):
            word, at = match[0], match.start()
            if word[0] < "\u0600":
                places.setdefault(word[:KEY], []).append(at)
            else:
                for glued in range(min(5, len(word))):
                    places.setdefault(word[glued : glued + KEY], []).append(at)
                    places.setdefault(word[glued : glued + 3] + "*", []).append(at)
        return places

    @cached_property
    def origins(self) -> list[int]:
        """For each folded character, the index it came from."""
        return [i for i, letter in enumerate(self.text) for _ in _TABLE[letter]]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the text `folded[start:end]` came from."""
        return self.origins[start], self.origins[end - 1] + 1

    @cached_property
    def joined(self) -> Joined | None:
        """The same text with spaced-out letters joined to words, `None` when there are none."""
        return Joined(self) if SPACED.search(self.folded) else None


class Joined(Folded):
    """A text whose spaced-out letters are read as words; `longest` counts the letters of the longest one."""

    def __init__(self, apart: Folded) -> None:
        """Join each run of single letters in `apart`."""
        self.text = apart.text
        self.longest = 0
        kept: list[int] = []
        at = 0
        for run in SPACED.finditer(apart.folded):
            kept += range(at, run.start())
            kept += range(run.start(), run.end(), 2)
            self.longest = max(self.longest, len(run[0]) // 2 + 1)
            at = run.end()
        kept += range(at, len(apart.folded))
        self.folded = "".join([apart.folded[i] for i in kept])
        self.__dict__["origins"] = [apart.origins[i] for i in kept]


def fold(text: str) -> str:
    """Return the folded form of `text`."""
    return Folded(text).folded
