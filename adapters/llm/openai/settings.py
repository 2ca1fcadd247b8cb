"""What the operator chose of a model: which one, where, and what it may cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """One server that speaks OpenAI's protocol, and the models there. Empty models are `model`.

    `timeout_seconds` is for one call with all its tries. Prices are what a million tokens cost, in the
    operator's currency; 0 is unknown, and an unknown `price_cached` is taken for `price_in`. `record` is a
    folder for every prompt and answer, with personal data replaced.
    """

    model: str
    triage_model: str = ""
    translate_model: str = ""
    key: str = field(default="", repr=False)
    base_url: str | None = None
    api: Literal["chat.completions", "responses"] = "chat.completions"
    timeout_seconds: float = 20.0
    tries: int = 3
    tokens_a_day: int = 2_000_000
    reserved_percent: int = 25
    price_in: float = 0.0
    price_cached: float = 0.0
    price_out: float = 0.0
    record: Path | None = None

    @property
    def models(self) -> tuple[str, ...]:
        """Every model that is asked, each once."""
        named = (self.model, self.triage_model or self.model, self.translate_model or self.model)
        return tuple(dict.fromkeys(named))
