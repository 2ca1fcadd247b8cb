"""A call to the model with all that surrounds it: the day's tokens, tries, rest, record, cost.

Each try sets its tokens aside before it is made and settles them after, whatever its end, so that the day's
limit holds for any number of calls at once. A call is over within `timeout_seconds`, waiting between tries
included; what the store takes to count comes on top.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from random import SystemRandom
from typing import TYPE_CHECKING, Final, Generic

import structlog

from adapters.llm.openai import failures as f
from adapters.llm.openai.breaker import Breaker
from adapters.llm.openai.failures import Failed
from adapters.llm.openai.shapes import Kind, S, read
from adapters.llm.openai.tokens import Usage, estimate
from bot.errors import OverBudget, PlatformBusy, PlatformSilent, StoreUnavailable
from bot.ports import Spent

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from adapters.llm.openai.record import Recorder
    from adapters.llm.openai.settings import ModelSettings
    from adapters.llm.openai.wire import Wire
    from bot.ports import Clock, Meter, Prompt

log = structlog.get_logger(__name__)

_FIRST_WAIT: Final = 0.5
_LONGEST_WAIT: Final = 8.0
#: Tokens of the schema and of what the server puts around it.
_SCHEMA: Final = 400


@dataclass(frozen=True, slots=True)
class Ask(Generic[S]):
    """What is asked of which model, and how many tokens it may take."""

    kind: Kind[S]
    prompt: Prompt
    model: str

    @property
    def worst(self) -> Usage:
        """What it costs at most, as far as we can tell."""
        tokens_in = estimate(self.prompt.stable, self.prompt.case) + _SCHEMA
        return Usage(tokens_in, 0, self.kind.most_out(self.prompt))


@dataclass(slots=True)
class _Seen:
    """What is known of a try so far: the worst, until the server tells."""

    usage: Usage
    outcome: str = "broken_off"
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Calls:
    """Asks, and pays."""

    settings: ModelSettings
    wire: Wire
    meter: Meter
    clock: Clock
    sleep: Callable[[float], Awaitable[None]]
    recorder: Recorder | None
    breaker: Breaker
    _random: SystemRandom = field(default_factory=SystemRandom)

    async def ask(self, ask: Ask[S]) -> S:
        """Return the answer in its form; raises `Failed`."""
        on_trial = self.breaker.enter()
        good: bool | None = None
        try:
            answer = await self._tries(ask)
            good = True
        except Failed as failed:
            good = _answered(failed)
            raise
        finally:
            self.breaker.leave(on_trial=on_trial, good=good)
        return answer

    async def _tries(self, ask: Ask[S]) -> S:
        deadline = _now() + self.settings.timeout_seconds
        number = 1
        while True:
            try:
                return await self._try(ask, number, deadline)
            except Failed as failed:
                wait = self._wait(failed, number)
                last = not failed.failure.again or number >= self.settings.tries
                if last or _now() + wait >= deadline:
                    raise
            await self.sleep(wait)
            number += 1

    def _wait(self, failed: Failed, number: int) -> float:
        """Seconds until the next try: what the server asks for, or twice as long each time; never in step."""
        wait = min(_FIRST_WAIT * 2 ** (number - 1), _LONGEST_WAIT)
        if failed.wait is not None:
            wait = max(failed.wait / timedelta(seconds=1), _FIRST_WAIT / 2)
        return wait * (1 + self._random.random() / 4)

    async def _try(self, ask: Ask[S], number: int, deadline: float) -> S:
        worst = ask.worst
        reserved = worst.tokens_in + worst.tokens_out
        await self._reserve(reserved, urgent=ask.prompt.urgent)
        began, seen = _now(), _Seen(worst)
        try:
            return await self._answer(ask, deadline, seen)
        except Failed as failed:
            seen.outcome = failed.failure.code
            raise
        finally:
            milliseconds = round((_now() - began) * 1000)
            await self._settle(ask, reserved, seen, milliseconds)
            await self._record(ask, number, seen, milliseconds)

    async def _reserve(self, tokens: int, *, urgent: bool) -> None:
        most = self.settings.tokens_a_day
        limit = most if urgent else most * (100 - self.settings.reserved_percent) // 100
        if not await self.meter.reserve(tokens, limit=limit):
            raise Failed(f.SPENT if urgent or limit == most else f.KEPT)

    async def _answer(self, ask: Ask[S], deadline: float, seen: _Seen) -> S:
        seconds = max(deadline - _now(), 0.001)
        try:
            async with asyncio.timeout(seconds):
                said = await self.wire.ask(ask.kind, ask.prompt, ask.model, seconds)
        except TimeoutError:
            raise Failed(f.SLOW, f"{self.settings.timeout_seconds:g}") from None
        except Failed as failed:
            if failed.usage is not None:
                seen.usage = failed.usage
            elif not failed.failure.used:
                seen.usage = Usage()
            raise
        seen.answer = said.text
        seen.usage = said.usage or Usage(seen.usage.tokens_in, 0, estimate(said.text))
        answer = read(ask.kind, said.text, ask.prompt)
        seen.outcome = "answered"
        return answer

    async def _settle(self, ask: Ask[S], reserved: int, seen: _Seen, milliseconds: int) -> None:
        usage = seen.usage
        spent = Spent(
            calls=1,
            failed=int(seen.outcome != "answered"),
            tokens_in=usage.tokens_in,
            tokens_cached=usage.cached,
            tokens_out=usage.tokens_out,
            micros=usage.micros(self.settings),
            milliseconds=milliseconds,
        )
        case, label = ask.prompt.case_id, ask.prompt.label
        log.info(
            "model_asked",
            case=case,
            prompt=label,
            model=ask.model,
            outcome=seen.outcome,
            tokens_in=usage.tokens_in,
            tokens_cached=usage.cached,
            tokens_out=usage.tokens_out,
            ms=milliseconds,
        )
        try:
            await self.meter.settle(case, reserved=reserved, spent=spent)
        except StoreUnavailable:
            # An answer that was paid for is not thrown away; what was set aside stays counted for today.
            log.warning("model_not_settled", case=case, prompt=label)

    async def _record(self, ask: Ask[S], number: int, seen: _Seen, milliseconds: int) -> None:
        if self.recorder is None:
            return
        await self.recorder.write(
            ask.prompt,
            seen.answer,
            self.clock(),
            kind=ask.kind.name,
            model=ask.model,
            number=number,
            outcome=seen.outcome,
            tokens_in=seen.usage.tokens_in,
            tokens_cached=seen.usage.cached,
            tokens_out=seen.usage.tokens_out,
            ms=milliseconds,
        )


def _answered(failed: Failed) -> bool | None:
    """Whether the server did its part: what it says may be no use, but it speaks."""
    if issubclass(failed.failure.kind, OverBudget):
        return None
    return not issubclass(failed.failure.kind, PlatformBusy | PlatformSilent)


def _now() -> float:
    return asyncio.get_running_loop().time()
