"""How many tokens a text has, roughly and rather too many, and what tokens cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapters.llm.openai.settings import ModelSettings

#: What the roles, the marks between messages and the like add to each message.
_AROUND = 20


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call; `cached` are the part of `tokens_in` that the provider had kept."""

    tokens_in: int = 0
    cached: int = 0
    tokens_out: int = 0

    def micros(self, settings: ModelSettings) -> int:
        """Return the cost in millionths of the operator's currency: a price is for a million tokens."""
        price_cached = settings.price_cached or settings.price_in
        fresh = self.tokens_in - self.cached
        return round(
            fresh * settings.price_in + self.cached * price_cached + self.tokens_out * settings.price_out
        )


def estimate(*texts: str) -> int:
    """Return how many tokens these texts have at most, for most models.

    Without the model's own tokenizer, which is not ours to download: a token is taken to be three bytes of
    ASCII (four are usual in English) or two bytes of anything else, which makes one for a letter of
    Arabic, Urdu or Turkish, one and a half for a letter of Hindi. Older tokenizers come near to that.
    """
    return sum(_AROUND + _of(text) for text in texts)


def _of(text: str) -> int:
    size = len(text.encode("utf-8", "replace"))
    plain = sum(letter.isascii() for letter in text)
    return -(-plain // 3) - (-(size - plain) // 2)
