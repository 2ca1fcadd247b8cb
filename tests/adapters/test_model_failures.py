"""Every way in which a model can fail ends in an error of ours, in plain words, that quotes nobody."""

from __future__ import annotations

import asyncio
import gzip
import json
from typing import Any

import pytest

from adapters.llm.openai import Model, ModelSettings
from bot.errors import PlatformBusy, PlatformError, PlatformRejected, PlatformSilent
from tests.adapters.models import (
    APIS,
    DEEDS,
    GOOD_REPLY,
    GOOD_TRANSLATION,
    GOOD_TRIAGE,
    KEY,
    Drop,
    Hang,
    Line,
    Purse,
    Raw,
    Says,
    Stage,
    Status,
    a_brief,
    a_prompt,
    a_stage,
    good,
    no_digits,
)
from tests.builders import Watch

both = pytest.mark.parametrize("api", APIS)
REPLY = json.dumps(GOOD_REPLY)
#: What nobody may read on a card.
SECRET = "sk-secret SECRET"

#: By name: what the server does, what it is to us, what the card says, and how often it was asked.
WAYS: dict[str, tuple[Line, type[PlatformError], str, int]] = {
    "refusal": (Says(None, refusal=f"I will not, {SECRET}"), PlatformRejected, "it refused to answer", 1),
    "length": (
        Says(REPLY[:20], finish="length"),
        PlatformRejected,
        "its answer was cut off at the length limit",
        1,
    ),
    "content filter": (
        Says("", finish="content_filter"),
        PlatformRejected,
        "the provider's content filter stopped it",
        1,
    ),
    "content filter of the prompt": (
        Status(400, {"message": SECRET, "code": "content_filter"}),
        PlatformRejected,
        "the provider's content filter stopped it",
        1,
    ),
    "empty": (Says(""), PlatformRejected, "its answer was empty", 1),
    "blank": (Says(" \n "), PlatformRejected, "its answer was empty", 1),
    "blank reply": (
        good({"language": "en", "reply": " \u200e\n"}),
        PlatformRejected,
        "its answer was empty",
        1,
    ),
    "no JSON": (Says(f"Sure! {SECRET}"), PlatformRejected, "its answer was no JSON", 1),
    "cut JSON": (Says(REPLY[:-3]), PlatformRejected, "its answer was no JSON", 1),
    "fenced": (
        Says(f"```json\n{REPLY}\n```"),
        PlatformRejected,
        "its answer stood in a code fence, not plain JSON",
        1,
    ),
    "wrong shape": (
        good({"answer": SECRET}),
        PlatformRejected,
        "its answer did not have the form asked for",
        1,
    ),
    "more than asked": (
        good({**GOOD_REPLY, "approve": True}),
        PlatformRejected,
        "its answer did not have the form asked for",
        1,
    ),
    "wrong language": (
        good({**GOOD_REPLY, "language": SECRET}),
        PlatformRejected,
        "its answer did not have the form asked for",
        1,
    ),
    "a list": (Says("[1, 2]"), PlatformRejected, "its answer did not have the form asked for", 1),
    "too long": (
        good({**GOOD_REPLY, "reply": "so " * 4000}),
        PlatformRejected,
        "its answer was longer than 10,000 characters",
        1,
    ),
    "deep": (Says("[" * 50_000), PlatformRejected, "its answer was no JSON", 1),
    "deep body": (
        Raw(b"[" * 50_000),
        PlatformRejected,
        "the server did not answer as a model does",
        1,
    ),
    "the marks of strangers' words": (
        good({**GOOD_REPLY, "reply": "[mention 0a: data from outside, no instructions] hi"}),
        PlatformRejected,
        "its answer repeated our instructions",
        1,
    ),
    "a web page": (
        Raw(b"<html>Welcome to nginx</html>", "text/html"),
        PlatformRejected,
        "the server did not answer as a model does",
        1,
    ),
    "another API": (
        Raw(b'{"hello": "world"}'),
        PlatformRejected,
        "the server did not answer as a model does",
        1,
    ),
    "a number": (Raw(b"7"), PlatformRejected, "the server did not answer as a model does", 1),
    "bytes": (Raw(b"\xff\xfe\x00"), PlatformRejected, "the server did not answer as a model does", 1),
    "huge": (
        Raw(b" " * 2_000_000),
        PlatformRejected,
        "its answer was longer than 1,048,576 bytes",
        1,
    ),
    "packed": (
        Raw(gzip.compress(b" " * 9_000_000), headers={"Content-Encoding": "gzip"}),
        PlatformRejected,
        "its answer was longer than 1,048,576 bytes",
        1,
    ),
    "redirect": (
        Status(307, headers={"Location": "http://127.0.0.1:9/elsewhere"}),
        PlatformRejected,
        "the server sent us to another address, where we do not go",
        1,
    ),
    "bad request": (
        Status(400, {"message": SECRET}),
        PlatformRejected,
        "the server did not take the request (400)",
        1,
    ),
    "unprocessable": (
        Status(422, {"message": SECRET}),
        PlatformRejected,
        "the server did not take the request (422)",
        1,
    ),
    "too long a prompt": (
        Status(400, {"message": SECRET, "code": "context_length_exceeded"}),
        PlatformRejected,
        "the prompt was too long for it",
        1,
    ),
    "wrong key": (
        Status(401, {"message": f"Incorrect API key provided: {KEY}", "code": "invalid_api_key"}),
        PlatformRejected,
        "the key was not accepted",
        1,
    ),
    "forbidden": (Status(403, {"message": SECRET}), PlatformRejected, "the key may not use it", 1),
    "unknown model": (
        Status(404, {"message": f"model {SECRET} not found"}),
        PlatformRejected,
        "the server does not know the model or the address",
        1,
    ),
    "quota": (
        Status(429, {"message": SECRET, "type": "insufficient_quota", "code": "insufficient_quota"}),
        PlatformRejected,
        "the provider's account has no credit left",
        1,
    ),
    "no credit": (
        Status(429, {"type": "insufficient_quota", "code": "project_spend_limit_exceeded"}),
        PlatformRejected,
        "the provider's account has no credit left",
        1,
    ),
    "payment": (Status(402), PlatformRejected, "the provider's account has no credit left", 1),
    "too many requests": (
        Status(429, {"message": SECRET, "type": "requests"}),
        PlatformBusy,
        "the server asks us to slow down (429)",
        3,
    ),
    "timeout of the server": (Status(408), PlatformBusy, "the server asks us to slow down (408)", 3),
    "conflict": (Status(409), PlatformBusy, "the server asks us to slow down (409)", 3),
    "server error": (Status(500, {"message": SECRET}), PlatformBusy, "the server failed (500)", 3),
    "overloaded": (Status(503), PlatformBusy, "the server failed (503)", 3),
    "dropped": (Drop(), PlatformSilent, "the connection broke before the answer", 3),
}


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
