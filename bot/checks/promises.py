"""What a reply promises: nothing for a review or for changing one, nothing beyond the protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.checks.folding import fold
from bot.domain.draft import Finding, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.checks.reply import Reading

RULES: Final = ("L1", "L2", "L5")


def check(reading: Reading) -> Iterator[Finding]:
    """Yield what is promised or asked for and must not be."""
    for phrase in reading.hits("L1"):
        says = "Nothing of value may hang on a review, or on changing one: that is against the law."
        yield Finding(rule="L1", verdict=Verdict.BLOCK, phrase=phrase[:500], says=says)
    if reading.reply.public:
        for phrase in reading.hits("L2"):
            says = "Never ask in public to change what they wrote. When all is solved, ask kindly in private."
            yield Finding(rule="L2", verdict=Verdict.BLOCK, phrase=phrase[:500], says=says)
    for phrase in _promised(reading):
        says = "This promises what is not in the company's facts. Another person must agree, or take it out."
        yield Finding(rule="L5", verdict=Verdict.SECOND, phrase=phrase[:500], says=says)


def _promised(reading: Reading) -> Iterator[str]:
    allowed = [fold(promise) for promise in reading.reply.allowed_promises if promise.strip()]
    text = reading.folded.folded
    spans = [(at, at + len(p)) for p in allowed for at in _places(text, p)]
    origins = [reading.folded.original(start, end) for start, end in spans]
    for start, end in reading.spans("L5"):
        if not any(a < end and start < b for a, b in origins):
            yield reading.reply.text[start:end]
    mentioned = fold(reading.reply.mention_text)
    for start, end in reading.spans("amount"):
        amount = reading.reply.text[start:end]
        known = any(a < end and start < b for a, b in origins) or fold(amount) in mentioned
        if not known:
            yield amount


def _places(text: str, phrase: str) -> Iterator[int]:
    at = text.find(phrase)
    while at >= 0:
        yield at
        at = text.find(phrase, at + 1)
