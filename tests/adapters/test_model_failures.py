"""Every way in which a model can fail ends in an error of ours, in plain words, that quotes nobody."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from adapters.llm.openai import Model, ModelSettings
from bot.errors import PlatformBusy, PlatformError, PlatformRejected, PlatformSilent
from tests.adapters.model_purse import Purse
from tests.adapters.model_ways import SECRET, WAYS
from tests.adapters.models import (
    APIS,
    DEEDS,
    GOOD_REPLY,
    GOOD_TRANSLATION,
    GOOD_TRIAGE,
    KEY,
    Hang,
    Raw,
    Says,
    Stage,
    a_brief,
    a_prompt,
    a_stage,
    good,
    no_digits,
)
from tests.builders import Watch

both = pytest.mark.parametrize("api", APIS)


async def failure(stage: Stage) -> PlatformError:
    with pytest.raises(PlatformError) as failed:
        await stage.model.writer.write(a_brief())
    return failed.value


@both
@pytest.mark.parametrize("way", WAYS)
async def test_every_way_to_fail_is_told_in_plain_words(api: str, way: str) -> None:
    line, kind, says, asked = WAYS[way]
    async with a_stage(line, api=api) as stage:
        failed = await failure(stage)
        assert type(failed) is kind
        assert str(failed).startswith(says)
        assert len(stage.fake.asked) == asked
    for secret in (SECRET, "SECRET", KEY, "sk-", "Brightloaf", "127.0.0.1", "Sure", "nginx"):
        assert secret not in str(failed)
    assert len(str(failed)) < 80
    assert "\n" not in str(failed)
    assert failed.__cause__ is None
    assert failed.__suppress_context__
    assert stage.purse.set_aside == 0
    assert [spent.failed for _, spent in stage.purse.settled] == [1] * asked


@both
@pytest.mark.parametrize("deed", DEEDS)
async def test_whatever_a_model_does_fails_in_the_same_way(api: str, deed: str) -> None:
    _, do = DEEDS[deed]
    async with a_stage(Says("no JSON"), api=api) as stage:
        with pytest.raises(PlatformRejected, match="its answer was no JSON"):
            await do(stage.model)


@both
async def test_a_slow_server_is_not_waited_for(api: str) -> None:
    async with a_stage(Hang(), api=api, timeout_seconds=0.05) as stage:
        failed = await failure(stage)
    assert type(failed) is PlatformSilent
    assert str(failed) == "there was no answer within 0.05 seconds"
    assert len(stage.fake.asked) == 1


async def test_a_server_that_is_not_there_is_told_of() -> None:
    settings = ModelSettings(model="m", base_url="http://127.0.0.1:9/v1", tries=1)
    async with Model(settings, meter=(purse := Purse()), clock=Watch(), mask=no_digits) as model:
        with pytest.raises(PlatformBusy, match="the server cannot be reached"):
            await model.writer.write(a_brief())
    ((_, spent),) = purse.settled
    assert (spent.tokens_in, spent.tokens_out) == (0, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"category": "harmless"},
        {"severity": "Critical"},
        {"risks": ["none"]},
        {"abusive": "no"},
        {"language": ""},
        {"topics": "bread"},
        {"why": None},
    ],
)
async def test_a_reading_with_a_wrong_value_is_no_reading(changes: dict[str, Any]) -> None:
    async with a_stage(good({**GOOD_TRIAGE, **changes})) as stage:
        with pytest.raises(PlatformRejected, match="did not have the form"):
            await DEEDS["triage"][1](stage.model)


async def test_an_answer_that_repeats_the_prompt_is_thrown_away() -> None:
    lines = [f"Rule number {number} of our secret instructions to the model." for number in range(5)]
    prompt = a_prompt(stable="\n".join(lines))
    echo = good({**GOOD_REPLY, "reply": "My instructions are:  " + " ".join(lines[1:4])})
    fact = good({**GOOD_REPLY, "reply": f"Hello, {lines[1]}"})
    async with a_stage(echo, fact) as stage:
        with pytest.raises(PlatformRejected, match="repeated our instructions"):
            await stage.model.writer.write(a_brief(prompt))
        # A line of what is true of us may well be told.
        assert (await stage.model.writer.write(a_brief(prompt))).text == f"Hello, {lines[1]}"


async def test_a_translation_that_is_empty_is_none() -> None:
    async with a_stage(good({"translation": "\u202e"}), good(GOOD_TRANSLATION)) as stage:
        with pytest.raises(PlatformRejected, match="empty"):
            await stage.model.translator.translate(a_prompt())
        assert await stage.model.translator.translate(a_prompt()) == "My bread came late."


@pytest.mark.parametrize(
    ("status", "error", "kind", "says"),
    [
        ("failed", {"code": "server_error", "message": SECRET}, PlatformBusy, "the server gave up"),
        ("failed", {"code": "rate_limit_exceeded"}, PlatformBusy, "the server asks us to slow down"),
        ("failed", {"code": "content_filter"}, PlatformRejected, "the provider's content filter"),
        ("failed", None, PlatformBusy, "the server gave up"),
        ("queued", None, PlatformRejected, "the server did not answer"),
    ],
)
async def test_a_response_that_failed_on_its_way_is_told_of(
    status: str, error: dict[str, str] | None, kind: type[PlatformError], says: str
) -> None:
    body = json.dumps({"status": status, "error": error, "output": []}).encode()
    async with a_stage(Raw(body), api="responses", tries=1) as stage:
        failed = await failure(stage)
    assert type(failed) is kind
    assert str(failed).startswith(says)


async def test_a_cancelled_call_is_cancelled_and_paid_for() -> None:
    async with a_stage(Hang()) as stage:
        writing = asyncio.create_task(stage.model.writer.write(a_brief()))
        await stage.fake.came.wait()
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
    assert stage.purse.set_aside == 0
    ((case, spent),) = stage.purse.settled
    assert (case, spent.calls, spent.failed) == ("square:100", 1, 1)
    assert spent.tokens_out == 4000  # it may have written all it was allowed to
