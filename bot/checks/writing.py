"""Whether the reply is in their language and script, shows all it says, and fits the platform."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from bot.checks.phrasebook import languages
from bot.domain.draft import Finding, Verdict
from bot.domain.language import NAMES, READ, UNKNOWN, detect, script, script_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.checks.reply import Checked, Reading

#: C1 hidden characters, C2 length, C3 a language without a phrase list.
RULES: Final = ("W13", "C1", "C2", "C3")

_CLEAR: Final = 0.8
#: Fewer letters than this say too little of a language.
_FEW: Final = 20
#: Longer than this, letters kept apart hide whole sentences from every other rule.
_APART: Final = 9

_JOINING: Final = "[\u0620-\u06ff\u0750-\u077f\u08a0-\u08ff\u0900-\u0dff]"
_ALLOWED: Final = re.compile(
    # Joiners inside words of joining scripts, and between the parts of an emoji.
    rf"(?<={_JOINING})[\u200c\u200d](?={_JOINING})"
    r"|(?<=[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d(?=[\u2190-\u2bff\U0001f000-\U0001faff])"
    r"|(?<=[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff#*0-9])[\ufe0e\ufe0f]"
    # The flags of England, Scotland and Wales.
    r"|(?<=\U0001f3f4)[\U000e0061-\U000e007a]{3,6}\U000e007f"
)
_MARKS: Final = re.compile("[\u200e\u200f\u061c]")
_RTL: Final = re.compile("[\u0590-\u08ff]")
_BLANK: Final = "\u115f\u1160\u3164\uffa0\u2800\u034f"
_SUSPECT: Final = re.compile(
    rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    rf"\ud800-\udfff\ue000-\uf8ff\U000e0000-\U0010ffff{_BLANK}]"
)
_HEAPED: Final = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]{4,}")
#: Greek, Cyrillic, Armenian, Cherokee; and a word of Latin letters with one of them in it.
_LOOKALIKES: Final = re.compile("[\u0370-\u03ff\u0400-\u058f\u13a0-\u13ff]")
_DISGUISED: Final = re.compile(rf"(?<!\w)(?=[^\W\d_]*[A-Za-z])(?=[^\W\d_]*{_LOOKALIKES.pattern})[^\W\d_]+")


def check(reading: Reading) -> Iterator[Finding]:
    """Yield what is wrong with the writing itself."""
    yield from _length(reading.reply)
    yield from _hidden(reading)
    yield from _language(reading)
    if reading.reply.language not in languages():
        name = NAMES.get(reading.reply.language, reading.reply.language)
        unknown = "Its language cannot be told" if name == UNKNOWN else f"The rules on wording know no {name}"
        says = f"{unknown}. Another person who reads the language must agree."
        yield Finding(rule="C3", verdict=Verdict.SECOND, says=says)


def _length(reply: Checked) -> Iterator[Finding]:
    longest, length = reply.max_length, len(reply.text) if reply.length is None else reply.length
    if not reply.text.strip():
        says = "The reply is empty. Write one, or dismiss the case."
        yield Finding(rule="C2", verdict=Verdict.BLOCK, says=says)
    elif longest is not None and length > longest:
        says = f"The reply has {length} characters; the platform takes {longest}. Shorten it."
        yield Finding(rule="C2", verdict=Verdict.BLOCK, says=says)


def _hidden(reading: Reading) -> Iterator[Finding]:
    text = reading.reply.text
    if _SUSPECT.search(text) and (hidden := sorted({m[0] for m in _SUSPECT.finditer(_seen(text))})):
        names = ", ".join(_name(letter) for letter in hidden[:5])
        says = f"The text hides characters nobody sees ({names}). Take them out: type the words anew."
        # No phrase: these characters must not travel to the card.
        yield Finding(rule="C1", verdict=Verdict.BLOCK, says=says[:500])
    joined = reading.folded.joined
    if _HEAPED.search(text) or (joined and joined.longest > _APART):
        says = "Letters kept apart or heaped with marks cannot be read, nor checked. Write plain words."
        yield Finding(rule="C1", verdict=Verdict.BLOCK, says=says)
    if _LOOKALIKES.search(text) and (match := _DISGUISED.search(text)):
        says = "This word mixes letters of two alphabets that look alike. Type it anew."
        yield Finding(rule="C1", verdict=Verdict.WARN, phrase=match[0][:500], says=says)


def _seen(text: str) -> str:
    """Return the text without what may be there unseen."""
    plain = _ALLOWED.sub("", text)
    return _MARKS.sub("", plain) if _RTL.search(text) else plain


def _name(letter: str) -> str:
    return f"U+{ord(letter):04X} {unicodedata.name(letter, 'without a name').lower()}"


def _language(reading: Reading) -> Iterator[Finding]:
    """Yield W13; where the mention is too short, or in a language we do not read, a person says."""
    reply = reading.reply
    wanted = reply.mention_language
    if wanted == UNKNOWN:
        wanted, sure = detect(reply.mention_text)
        wanted = wanted if sure >= _CLEAR else UNKNOWN
    used, sure = detect(reply.text)
    written = script(reply.text)
    theirs = script(reply.mention_text) or (script_of(wanted) if wanted != UNKNOWN else "")
    # A name alone says nothing of a language; nor do Latin letters tell Hindi and Urdu.
    alike = wanted == used or sum(map(str.isalpha, reply.text)) < _FEW
    alike = alike or ("Latin" in {theirs, written} and {wanted, used} == {"hi", "ur"})
    if not written or not theirs:
        return
    if theirs != written:
        yield _other(f"They write in {theirs} letters, this is in {written} ones.", certain=not alike)
    elif not alike and {wanted, used} & READ:
        certain = UNKNOWN not in {wanted, used} and sure >= _CLEAR
        yield _other(f"{_theirs(wanted)}, this is {_named(used)}.", certain=certain)


def _other(what: str, *, certain: bool) -> Finding:
    if certain:
        says = f"{what} Answer in their own language and script."
        return Finding(rule="W13", verdict=Verdict.BLOCK, says=says)
    return Finding(rule="W13", verdict=Verdict.WARN, says=f"{what} Look at both before you approve.")


def _theirs(language: str) -> str:
    if language == UNKNOWN:
        return "We cannot tell which language they write"
    return f"They write {_named(language)}"


def _named(language: str) -> str:
    return NAMES.get(language, "in a language we cannot tell" if language == UNKNOWN else language)
