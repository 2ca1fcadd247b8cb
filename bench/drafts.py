"""What a draft costs outside the model: our own time, tokens around the mention, bytes that change."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from statistics import mean, median
from time import perf_counter
from typing import Any

import httpx2
from openai import AsyncOpenAI

from adapters.llm.openai import Model, ModelSettings
from adapters.llm.openai.tokens import estimate
from bench.mentions import stock
from bench.stage import staged
from bench.table import Progress, Row, Sizes
from bot.flows.asking import Prompts
from bot.flows.draft import draft
from bot.flows.parts import Parts
from bot.flows.triage import triage
from bot.main.wiring import now
from bot.ports import Meter

#: Of the prompt's bytes, the share that is the same from draft to draft.
SAME = 0.70
#: Milliseconds of our own for a draft: what nobody notices beside a model's seconds.
MOST_MS = 30.0
_LEASE = timedelta(minutes=5)
_PLAIN = "Write a polite reply to this post.\n\n"


@dataclass(frozen=True, slots=True)
class Round:
    """One round: milliseconds a draft, of the step and of a bare client, and the prompts that were sent."""

    ours: float
    bare: float
    calls: float
    prompts: Sequence[str]
    mentions: Sequence[str]


async def rows(sizes: Sizes, progress: Progress) -> Sequence[Row]:
    """Draft the same mentions by our step and by a bare client, turn by turn."""
    found: list[Round] = []
    async with _server() as url:
        for nth in range(sizes.rounds):
            found.append(await _round(url, sizes))
            progress((nth + 1) / sizes.rounds)
    return [_time(found), _tokens(found[-1]), _bytes(found[-1])]


async def _round(url: str, sizes: Sizes) -> Round:
    async with staged() as stage:
        mentions = (await stock(stage.parts)).mixed(0)
        taken = [next(mentions) for _ in range(sizes.drafts)]
        await stage.take_in(taken, len(taken))
        for owed in await stage.store.claim({"triage": len(taken)}, lease=_LEASE):
            await triage(owed, stage.parts)
        async with _model(url, stage.store.meter) as model:
            ours, calls, prompts = await _drafted(url, _with(stage.parts, model), len(taken))
        bare = await _bare(url, prompts)
        return Round(ours, bare, calls, prompts, [mention.text for mention in taken])


def _with(parts: Parts, model: Model) -> Parts:
    prompts = Prompts.of(parts.protocol)
    return replace(parts, writer=model.writer, translator=model.translator, prompts=prompts)


async def _drafted(url: str, parts: Parts, count: int) -> tuple[float, float, Sequence[str]]:
    """Pay `count` drafts in a row; return the milliseconds of each that are ours, calls, and prompts."""
    steps = await parts.store.claim({"draft": count}, lease=_LEASE)
    if len(steps) != count:
        raise RuntimeError(f"bench: {len(steps)} drafts are owed, expected {count}")
    await draft(steps[0], parts)  # imports, connections, compiled phrases
    await _seen(url)
    began = perf_counter()
    for owed in steps[1:]:
        await draft(owed, parts)
    took = perf_counter() - began
    seen = await _seen(url)
    drafts = count - 1
    return (took - seen["seconds"]) / drafts * 1000, len(seen["prompts"]) / drafts, seen["prompts"]


async def _bare(url: str, prompts: Sequence[str]) -> float:
    """Return the milliseconds a bare client needs around the same prompts, one call a draft."""
    async with AsyncOpenAI(base_url=f"{url}/v1", api_key="bench", max_retries=0) as client:
        ask: Any = client.chat.completions.create
        await ask(model="bench", messages=[{"role": "user", "content": "warm"}])
        await _seen(url)
        began = perf_counter()
        for prompt in prompts:
            await ask(model="bench", messages=[{"role": "user", "content": prompt}])
        took = perf_counter() - began
    return (took - (await _seen(url))["seconds"]) / len(prompts) * 1000


async def _seen(url: str) -> dict[str, Any]:
    async with httpx2.AsyncClient() as client:
        return (await client.get(f"{url}/seen")).json()


@asynccontextmanager
async def _model(url: str, meter: Meter) -> AsyncGenerator[Model]:
    settings = ModelSettings(model="bench", base_url=f"{url}/v1", tokens_a_day=10**9)
    async with Model(settings, meter=meter, clock=now, mask=lambda text: text) as model:
        yield model


@asynccontextmanager
async def _server() -> AsyncGenerator[str]:
    """Yield the address of a model's server in a process of its own."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.model_server"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        if child.stdout is None or child.stdin is None:
            raise RuntimeError("bench: the server has no pipes")
        told = json.loads(await child.stdout.readline())
        yield f"http://127.0.0.1:{told['port']}"
        child.stdin.close()
        await asyncio.wait_for(child.wait(), 10)
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


def _time(rounds: Sequence[Round]) -> Row:
    ours, bare = median(one.ours for one in rounds), median(one.bare for one in rounds)
    return Row(
        "Milliseconds a draft outside the model",
        f"at most {MOST_MS:.0f}",
        f"{ours:.1f} ms",
        "prompt, call, 20 checks, sameness, budget and record, one draft after another\n"
        f"a bare openai client around the same prompts: {bare:.1f} ms a call; "
        f"{rounds[-1].calls:.2f} drafts a case",
        met=ours <= MOST_MS,
    )


def _tokens(one: Round) -> Row:
    whole = mean(estimate(prompt) for prompt in one.prompts)
    plain = mean(estimate(_PLAIN + mention) for mention in one.mentions)
    kept = estimate(_common(one.prompts))
    return Row(
        "Tokens of a draft's prompt that are not the mention's",
        "told, not limited",
        f"{whole - plain:,.0f}",
        f"{whole:,.0f} in all, of which {kept:,} can be read from the provider's cache from the second on\n"
        f'a bare "write a polite reply" prompt: {plain:,.0f} (estimated as the budget does, rather too many)',
        met=True,
    )


def _bytes(one: Round) -> Row:
    shares = [len(_common(pair).encode()) / len(pair[1].encode()) for pair in pairwise(one.prompts)]
    share = mean(shares)
    return Row(
        "Bytes of a draft's prompt that are the same as the last one's",
        f"at least {SAME:.0%}",
        f"{share:.0%}",
        f"the common beginning of two prompts as the server got them, over {len(shares)} pairs; "
        f"the least of them {min(shares):.0%}",
        met=share >= SAME,
    )


def _common(texts: Sequence[str]) -> str:
    """Return what all of them begin with."""
    first, last = min(texts), max(texts)
    length = next((at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[:length]
