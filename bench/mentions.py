"""Mentions to work on: the demo's texts and some kind ones in five languages, no two with the same words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from bot.domain.assessment import Severity
from bot.domain.mention import Author, Mention
from bot.flows.parts import Parts
from bot.main.wiring import now
from bot.ports import Unread
from bot.settings import DEMO

#: Sentences that change a text and say nothing good or bad.
_DETAILS = {
    "en": ("It was {a}:{b:02}.", "There were {b} of us.", "I live at number {b}."),
    "es": ("Eran las {a}:{b:02}.", "Éramos {b}.", "Vivo en el número {b}."),
    "tr": ("Saat {a}:{b:02} idi.", "{b} kişiydik.", "{b} numarada oturuyorum."),
    "ur": ("اس وقت {a}:{b:02} بجے تھے۔", "ہم {b} لوگ تھے۔", "میں {b} نمبر میں رہتا ہوں۔"),
    "ar": ("كانت الساعة {a}:{b:02}.", "كان عددنا {b}.", "أسكن في رقم {b}."),
}
#: What is read and noted without a card.
_KIND = (
    ("en", "Lovely bread and friendly staff @brightloaf, thank you, it was delicious."),
    ("en", "Thank you @brightloaf, a delicious cake, and the staff were wonderful."),
    ("es", "¡Gracias @brightloaf por la tarta, estaba buenísima! Todo perfecto."),
    ("es", "El mejor pan de la ciudad, @brightloaf, muchas gracias, delicioso."),
    ("tr", "@brightloaf ekmekleriniz harika, elinize sağlık, çok teşekkürler!"),
    ("tr", "Çok lezzetli bir börekti @brightloaf, teşekkürler, harika bir dükkân."),
    ("ur", "شکریہ @brightloaf آپ کی ڈبل روٹی بہت مزیدار تھی، زبردست!"),
    ("ar", "شكرًا لكم @brightloaf، الخبز كان رائعًا ولذيذًا جدًا!"),
)
#: A critical one, whose card must not wait.
CRITICAL = (
    "@brightloaf my son has a nut allergy. He ate your croissant and is in hospital. The label said no nuts."
)


@dataclass(frozen=True, slots=True)
class Words:
    """A text to vary, with the language of what is added and who wrote it."""

    text: str
    language: str
    handle: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Stock:
    """Texts by what becomes of them: a card, a card that is not critical, a note."""

    carded: Sequence[Words]
    calm: Sequence[Words]
    noted: Sequence[Words]

    def mixed(self, noted: int) -> Iterator[Mention]:
        """Yield mentions for ever, of which every `noted`-th ends without a card; 0 for none of them."""
        for nth in count():
            kind = self.noted if noted and nth % noted == noted - 1 else self.carded
            yield a_mention(kind[(nth // max(noted, 1)) % len(kind)], nth)

    def rare(self, carded: int) -> Iterator[Mention]:
        """Yield mentions for ever, of which every `carded`-th becomes a card."""
        for nth in count():
            kind = self.carded if nth % carded == 0 else self.noted
            yield a_mention(kind[(nth // (carded if kind is self.carded else 1)) % len(kind)], nth)

    def waiting(self) -> Iterator[Mention]:
        """Yield mentions for ever that become cards, none of them critical."""
        for nth in count():
            yield a_mention(self.calm[nth % len(self.calm)], nth)


async def stock(parts: Parts) -> Stock:
    """Sort the texts by how the bot itself reads them."""
    carded: list[Words] = []
    calm: list[Words] = []
    noted: list[Words] = []
    for words in _all():
        mention = a_mention(words, 0)
        reading = await parts.classifier.assess(Unread(mention))
        if not reading.category.needs_answer:
            noted.append(words)
            continue
        carded.append(words)
        if Severity.CRITICAL not in {reading.severity, parts.provisional(mention)}:
            calm.append(words)
    if missing := set(_DETAILS) - {words.language for words in noted}:
        raise ValueError(f"bench: no text in {sorted(missing)} is read as a kind one; add one to {__name__}")
    return Stock(carded, calm, noted)


def _all() -> Iterator[Words]:
    for line in (DEMO / "mentions.jsonl").read_text(encoding="utf-8").splitlines():
        told: dict[str, Any] = json.loads(line)
        yield Words(told["text"], told.get("language") or "en", told["handle"], told.get("name"))
    for language, text in _KIND:
        yield Words(text, language, "kind", "Ada Park")


def a_mention(words: Words, nth: int, *, name: str = "") -> Mention:
    """Return a mention with the words changed a little, by an author of its own."""
    details = _DETAILS[words.language]
    detail = details[nth % len(details)].format(a=nth // 3 % 12 + 1, b=nth // 5 % 58 + 2)
    at = now()
    return Mention(
        source="square",
        platform="square",
        id=name or str(nth),
        author=Author(handle=f"{words.handle}_{nth}", name=words.name, followers=nth % 500),
        text=f"{words.text} {detail}",
        posted_at=at,
        url=f"http://127.0.0.1:8080/square/post/{nth}",
        tagged=True,
    )
