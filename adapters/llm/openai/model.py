"""A model that reads mentions, writes drafts and translates, at any server that speaks OpenAI's protocol.

It is sent the prompt it is given and nothing else of the case. Whatever goes wrong is a `PlatformError` in
plain words for the card, after which the rules and the offline writer do the work.
"""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import TYPE_CHECKING, Self

from adapters.llm.openai.breaker import Breaker
from adapters.llm.openai.calls import Ask, Calls
from adapters.llm.openai.failures import KEY, NO_PROMPT, Failed
from adapters.llm.openai.record import Recorder
from adapters.llm.openai.shapes import READY, REPLY, TRANSLATION, TRIAGE, Kind, S
from bot.ports import Prompt, Written

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    import httpx2

    from adapters.llm.openai.settings import ModelSettings
    from bot.domain.assessment import Assessment
    from bot.ports import Brief, Classifier, Clock, Meter, ReplyWriter, Translator, Unread

_READY = Prompt(
    label="check",
    stable="This is a test of the connection. Answer in the form asked for.",
    case="Are you ready?",
    case_id="",
    urgent=True,
)


class Model:
    """A `Classifier`, a `ReplyWriter` and a `Translator` in one; use it as an async context manager."""

    def __init__(
        self,
        settings: ModelSettings,
        *,
        meter: Meter,
        clock: Clock,
        mask: Callable[[str], str],
        transport: httpx2.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`mask` replaces personal data in what is recorded; `transport` and `sleep` are for tests."""
        # The library takes over half a second to import; only who has a model waits for it.
        from adapters.llm.openai.wire import Wire  # noqa: PLC0415

        self._settings = settings
        self._breaker = Breaker(clock)
        self._wire = Wire.to(settings, clock, transport)
        self._calls = Calls(
            settings=settings,
            wire=self._wire,
            meter=meter,
            clock=clock,
            sleep=sleep,
            recorder=Recorder(settings.record, mask) if settings.record else None,
            breaker=self._breaker,
        )

    @property
    def classifier(self) -> Classifier:
        """Reads mentions."""
        return self

    @property
    def writer(self) -> ReplyWriter:
        """Writes drafts."""
        return self

    @property
    def translator(self) -> Translator:
        """Translates."""
        return self

    async def __aenter__(self) -> Self:
        """Nothing is sent yet."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connection."""
        await self._wire.close()

    async def assess(self, unread: Unread) -> Assessment:
        """Read a mention from its prompt alone."""
        model = self._settings.triage_model or self._settings.model
        try:
            return (await self._ask(TRIAGE, unread.prompt, model)).assessment(model)
        except Failed as failed:
            raise failed.ours() from None

    async def write(self, brief: Brief) -> Written:
        """Write a draft from the prompt of the brief alone."""
        model = self._settings.model
        try:
            answer = await self._ask(REPLY, brief.prompt, model)
            label = brief.prompt.label if brief.prompt else ""
            return Written(answer.words, answer.language, model[:80], prompt=label)
        except Failed as failed:
            raise failed.ours() from None

    async def translate(self, prompt: Prompt) -> str:
        """Translate what the prompt holds."""
        model = self._settings.translate_model or self._settings.model
        try:
            return (await self._ask(TRANSLATION, prompt, model)).words
        except Failed as failed:
            raise failed.ours() from None

    async def check(self) -> tuple[bool, str]:
        """Ask each model a small question, and say how that went and what to do about it."""
        answered: list[str] = []
        for model in self._settings.models:
            began = perf_counter()
            try:
                await self._ask(READY, _READY, model)
            except Failed as failed:
                missing = not self._settings.key and failed.failure is KEY
                why = "it asks for a key, and none is set" if missing else str(failed)
                return False, f"{model}: {why}; {failed.failure.advice}"
            answered.append(f"{model} ({perf_counter() - began:.1f} s)")
        return True, f"answered: {', '.join(answered)}"

    def resting(self) -> datetime | None:
        """Return until when the model is left alone after failures, `None` when it is not."""
        return self._breaker.resting()

    async def _ask(self, kind: Kind[S], prompt: Prompt | None, model: str) -> S:
        if prompt is None:
            raise Failed(NO_PROMPT)
        return await self._calls.ask(Ask(kind, prompt, model))
