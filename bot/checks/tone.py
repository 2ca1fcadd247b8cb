"""How a reply sounds: no selling, arguing or threat, nothing the protocol forbids; an apology and thanks."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bot.checks.folding import WORD
from bot.checks.phrasebook import Phrase
from bot.domain.draft import Finding, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.checks.reply import Reading

RULES: Final = ("W1", "W2", "W5", "W7", "W8", "W9", "M23")

_BLOCKED: Final = {
    "W7": "This sounds like selling. Nobody who complains wants an offer: leave it out.",
    "W8": "This argues, blames or speaks ill. Say what you understood, and what is next.",
    "W9": "This threatens, or speaks of suing or the police. Take it out; law is for the legal desk.",
}
# No small letter of Latin-1, nothing above Latin script (which has no capitals in our languages).
_CAPITAL: Final = r"[^\W\d_a-zß-öø-ÿ\u0250-\U0010ffff]"
#: A name or an abbreviation in capitals is no shouting: several words in a row are.
_SHOUTED: Final = re.compile(rf"(?<!\w){_CAPITAL}{{4,}}(?:[\s,]+{_CAPITAL}{{2,}})+(?!\w)|[!؟?]{{3,}}")


def check(reading: Reading) -> Iterator[Finding]:
    """Yield what is wrong with the tone."""
    for rule, says in _BLOCKED.items():
        for phrase in reading.hits(rule):
            yield Finding(rule=rule, verdict=Verdict.BLOCK, phrase=phrase[:500], says=says)
    yield from _never_said(reading)
    yield from _shouting(reading.reply.text)
    yield from _missing(reading)


def _never_said(reading: Reading) -> Iterator[Finding]:
    for written, phrase in _forbidden(reading.reply.never_say):
        if phrase is None:
            found = [written] if written in reading.reply.text else []
        else:
            found = [reading.quote(*span) for span in phrase.spans(reading.folded)]
        for said in found:
            says = f"The protocol says never to say {written[:200]!r}. Put it in other words."
            yield Finding(rule="M23", verdict=Verdict.BLOCK, phrase=said[:500], says=says)


@lru_cache(maxsize=64)
def _forbidden(never_say: tuple[str, ...]) -> tuple[tuple[str, Phrase | None], ...]:
    """Return each forbidden phrase, ready to look for; `None` for one without words, looked for as it is."""
    words = re.compile(rf"{WORD}+\*?")
    plain = [(written, " ".join(words.findall(written))) for written in never_say if written.strip()]
    return tuple((written, Phrase(said, "") if said else None) for written, said in plain)


def _shouting(text: str) -> Iterator[Finding]:
    for match in _SHOUTED.finditer(text):
        if not match[0][0].isalpha() or match[0].isupper():
            says = "This reads as shouting. Write it in small letters, with one mark at the end."
            yield Finding(rule="W1", verdict=Verdict.WARN, phrase=match[0][:500], says=says)


def _missing(reading: Reading) -> Iterator[Finding]:
    reply = reading.reply
    if reply.purpose != "answer" or not reply.complaint:
        return
    if not reading.says("apology"):
        says = "An answer to a complaint says sorry for what they went through. Add it, or say why not."
        yield Finding(rule="W2", verdict=Verdict.WARN, says=says)
    if not reading.says("thanks"):
        says = "An answer to a complaint thanks them for telling us. Add it, or say why not."
        yield Finding(rule="W5", verdict=Verdict.WARN, says=says)
