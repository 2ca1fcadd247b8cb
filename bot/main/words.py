"""Build who reads, writes and translates: a model where one is configured, and the rules always."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.protocol import ResponseProtocol
from bot.flows.asking import Prompts
from bot.main.platforms import now
from bot.masking import mask
from bot.ports import Classifier, Meter, ReplyWriter, Translator
from bot.settings import Model, Settings

if TYPE_CHECKING:
    from adapters.llm.offline import OfflineWriter
    from adapters.llm.openai import Model as Asked
    from adapters.triage.offline import OfflineClassifier


@dataclass(frozen=True, slots=True)
class Words:
    """Who reads, writes and translates; without a model `model` and what it needs are `None`."""

    rules: OfflineClassifier
    offline: OfflineWriter
    model: Asked | None = None
    prompts: Prompts | None = None

    @property
    def classifier(self) -> Classifier:
        """Who reads first."""
        return self.model.classifier if self.model else self.rules

    @property
    def writer(self) -> ReplyWriter:
        """Who writes first."""
        return self.model.writer if self.model else self.offline

    @property
    def translator(self) -> Translator | None:
        """Who translates, if anybody."""
        return self.model.translator if self.model else None


async def words(settings: Settings, protocol: ResponseProtocol, meter: Meter, stack: AsyncExitStack) -> Words:
    """Return who reads and writes; a connection to a model is closed with `stack`."""
    from adapters.llm.offline import OfflineWriter  # noqa: PLC0415 as every adapter: only when it is used
    from adapters.triage.offline import OfflineClassifier  # noqa: PLC0415

    rules, offline = OfflineClassifier(), OfflineWriter(protocol)
    if settings.model is None:
        return Words(rules, offline)
    model = await stack.enter_async_context(_model(settings.model, meter))
    return Words(rules, offline, model, Prompts.of(protocol))


def _model(model: Model, meter: Meter) -> Asked:
    from adapters.llm.openai import Model as Asked  # noqa: PLC0415
    from adapters.llm.openai import ModelSettings  # noqa: PLC0415

    settings = ModelSettings(
        model=model.name,
        triage_model=model.triage,
        translate_model=model.translate,
        key=model.key.get_secret_value() if model.key else "",
        base_url=model.base_url,
        api=model.api,
        timeout_seconds=model.timeout_seconds,
        tries=model.tries,
        tokens_a_day=model.tokens_a_day,
        reserved_percent=model.reserved_percent,
        price_in=model.price_in,
        price_cached=model.price_cached,
        price_out=model.price_out,
        record=model.record,
    )
    return Asked(settings, meter=meter, clock=now, mask=lambda text: mask(text).text)
