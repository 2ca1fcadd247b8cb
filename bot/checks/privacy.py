"""What a reply gives away or asks for: no customer facts they did not show, no personal data in public."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.checks.folding import fold
from bot.domain.draft import Finding, Verdict
from bot.masking import mask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.checks.reply import Reading

RULES: Final = ("L3", "L4")

_NAMES: Final = {
    "e-mail": "an e-mail address",
    "phone": "a phone number",
    "card": "a card number",
    "IBAN": "an IBAN",
}


def check(reading: Reading) -> Iterator[Finding]:
    """Yield what a public reply must not show or ask; in private there is nothing to find."""
    if not reading.reply.public:
        return
    for phrase in reading.hits("L4"):
        says = "This asks for personal data where everybody reads it. Offer a direct message instead."
        yield Finding(rule="L4", verdict=Verdict.BLOCK, phrase=phrase[:500], says=says)
    verdict = Verdict.BLOCK if reading.reply.sensitive_sector else Verdict.WARN
    for phrase in reading.hits("L3"):
        says = "This confirms something their own post does not show. Leave it for a private message."
        yield Finding(rule="L3", verdict=verdict, phrase=phrase[:500], says=says)
    yield from _shown(reading, verdict)


def _shown(reading: Reading, verdict: Verdict) -> Iterator[Finding]:
    reply = reading.reply
    own = {_bare(contact) for contact in reply.own_contacts}
    for found in mask(reply.text).found:
        if found.kind == "order number":
            if _bare(found.original) not in _bare(reply.mention_text):
                says = "This order number is not in their own post. Leave it for a private message."
                yield Finding(rule="L3", verdict=verdict, phrase=found.original[:500], says=says)
        elif _bare(found.original) not in own:
            says = f"This shows {_NAMES[found.kind]} in public. Take it out, or list it as our own."
            yield Finding(rule="L4", verdict=Verdict.BLOCK, phrase=found.original[:500], says=says)


def _bare(text: str) -> str:
    """Return letters and digits alone: the same number is written in many ways."""
    return re.sub(r"[\W_]+", "", fold(text))
