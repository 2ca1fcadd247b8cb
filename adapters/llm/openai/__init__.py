"""Words from a model: OpenAI's own, Azure's, or any server that speaks the same protocol."""

from __future__ import annotations

from adapters.llm.openai.model import Model
from adapters.llm.openai.settings import ModelSettings

__all__ = ["Model", "ModelSettings"]
