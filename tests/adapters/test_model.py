"""A model reads, writes and translates: what leaves, what comes back, and what it is told nothing of."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from adapters.llm.openai.shapes import READY, REPLY, TRANSLATION, TRIAGE
from bot.domain.assessment import Category, Risk, Severity
from bot.errors import PlatformRejected
from bot.ports import Written
from tests.adapters.models import (
    APIS,
    DEEDS,
    GOOD_REPLY,
    GOOD_TRANSLATION,
    GOOD_TRIAGE,
    KEY,
    Raw,
    a_brief,
    a_prompt,
    a_stage,
    an_unread,
    completion,
    good,
)

both = pytest.mark.parametrize("api", APIS)


@both
async def test_a_mention_is_read(api: str) -> None:
    answer = good({**GOOD_TRIAGE, "risks": ["injury"], "language": "en-GB"})
    async with a_stage(answer, api=api, triage_model="small") as stage:
        read = await stage.model.classifier.assess(an_unread())
    assert (read.category, read.severity) == (Category.COMPLAINT, Severity.MEDIUM)
    assert (read.language, read.by, read.risks) == ("en", "small", {Risk.INJURY})
    assert (read.topics, read.why) == (("delivery", "bread"), "The bread came late.")


@both
async def test_a_draft_is_written(api: str) -> None:
    async with a_stage(good(GOOD_REPLY), api=api) as stage:
        written = await stage.model.writer.write(a_brief())
    assert written == Written(GOOD_REPLY["reply"], "en", "m-1", prompt="draft/v2")


@both
async def test_a_text_is_translated(api: str) -> None:
    async with a_stage(good(GOOD_TRANSLATION), api=api, translate_model="polyglot") as stage:
        assert await stage.model.translator.translate(a_prompt("translate/v1")) == "My bread came late."
    assert stage.fake.asked[0].body["model"] == "polyglot"


async def test_a_chat_is_asked_for_with_the_stable_part_first() -> None:
    prompt = a_prompt()
    async with a_stage(good(GOOD_REPLY)) as stage:
        await stage.model.writer.write(a_brief(prompt))
    asked = stage.fake.asked[0]
    assert asked.path == "/v1/chat/completions"
    assert asked.body == {
        "model": "m-1",
        "messages": [
            {"role": "system", "content": prompt.stable},
            {"role": "user", "content": prompt.case},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "reply", "schema": REPLY.schema, "strict": True},
        },
        "max_completion_tokens": 4000,
        "store": False,
    }


async def test_a_response_is_asked_for_with_the_stable_part_as_instructions() -> None:
    prompt = a_prompt()
    async with a_stage(good(GOOD_REPLY), api="responses") as stage:
        await stage.model.writer.write(a_brief(prompt))
    asked = stage.fake.asked[0]
    assert asked.path == "/v1/responses"
    assert asked.body == {
        "model": "m-1",
        "instructions": prompt.stable,
        "input": [{"role": "user", "content": prompt.case}],
        "text": {"format": {"type": "json_schema", "name": "reply", "schema": REPLY.schema, "strict": True}},
        "max_output_tokens": 4000,
        "store": False,
    }


@both
@pytest.mark.parametrize("deed", DEEDS)
async def test_nothing_of_the_case_leaves_but_its_prompt(api: str, deed: str) -> None:
    answer, do = DEEDS[deed]
    async with a_stage(good(answer), api=api) as stage:
        await do(stage.model)
    (asked,) = stage.fake.asked
    sent = asked.raw + json.dumps(asked.headers).encode()
    for secret in (b"SECRET", b"ada", b"Ada", b"square", b"100"):
        assert secret not in sent


@both
async def test_these_headers_leave_and_no_others(api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-environment")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/elsewhere")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-the-environment")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-of-the-environment")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer stolen\nX-Telling: much")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    async with a_stage(good(GOOD_REPLY), api=api) as stage:
        await stage.model.writer.write(a_brief())
    headers = {name.lower(): value for name, value in stage.fake.asked[0].headers.items()}
    assert headers.keys() == {
        "host",
        "connection",
        "accept",
        "content-type",
        "content-length",
        "user-agent",
        "accept-encoding",
        "authorization",
    }
    assert (headers["authorization"], headers["user-agent"]) == (f"Bearer {KEY}", "levelhead")


async def test_a_server_without_a_key_is_sent_none() -> None:
    async with a_stage(good(GOOD_REPLY), key="") as stage:
        await stage.model.writer.write(a_brief())
    assert "Authorization" not in stage.fake.asked[0].headers


@pytest.mark.parametrize("kind", [TRIAGE, REPLY, TRANSLATION, READY], ids=lambda kind: kind.name)
def test_the_schemas_are_strict_flat_and_without_our_own_words(kind: Any) -> None:
    schema = kind.schema
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == set(schema["properties"])
    told = json.dumps(schema)
    for word in ("$ref", "description", "title", "maxLength", "pattern"):
        assert word not in told


async def test_control_and_hidden_characters_are_taken_out_of_a_draft() -> None:
    told = "Hello\x00 \u202eAda\u2066,\r\nthank\tyou\x1b[31m. \U000e0041क्\u200dष 👩\u200d🍳\ue000"
    async with a_stage(good({"language": "EN_us", "reply": told})) as stage:
        written = await stage.model.writer.write(a_brief())
    assert written.text == "Hello Ada,\nthank you[31m. क्\u200dष 👩\u200d🍳"
    assert written.language == "en"


async def test_topics_that_are_none_are_dropped_and_a_long_reason_is_cut() -> None:
    topics = ["bread", "Two Words", "<b>", "bread", "x" * 50]
    answer = good({**GOOD_TRIAGE, "topics": topics, "why": "why\n" * 200})
    async with a_stage(answer) as stage:
        read = await stage.model.classifier.assess(an_unread())
    assert read.topics == ("bread",)
    assert len(read.why) <= 300
    assert "\n" not in read.why


async def test_half_a_character_in_a_post_does_not_stop_the_call() -> None:
    async with a_stage(good(GOOD_REPLY)) as stage:
        await stage.model.writer.write(a_brief(a_prompt(case="broken \ud83d emoji")))
    assert stage.fake.asked[0].body["messages"][1]["content"] == "broken ? emoji"


async def test_a_long_mention_may_have_a_long_translation() -> None:
    async with a_stage(good(GOOD_TRANSLATION)) as stage:
        await stage.model.translator.translate(a_prompt(case="پ" * 5_000))
        await stage.model.translator.translate(a_prompt(case="پ" * 50_000))
    asked = [asked.body["max_completion_tokens"] for asked in stage.fake.asked]
    assert asked == [7_020, 16_000]


async def test_without_a_prompt_a_model_does_nothing() -> None:
    async with a_stage(good(GOOD_REPLY)) as stage:
        with pytest.raises(PlatformRejected, match="there is no prompt"):
            await stage.model.writer.write(replace(a_brief(), prompt=None))
    assert stage.fake.asked == []


async def test_a_server_that_tells_no_cost_or_nonsense_still_answers() -> None:
    told = completion(good(GOOD_REPLY))
    none = {"prompt_tokens": 0, "completion_tokens": 0}
    for usage in (None, "much", {"prompt_tokens": -1, "completion_tokens": 10**30}, none):
        body = json.dumps({**told, "usage": usage}).encode()
        async with a_stage(Raw(body)) as stage:
            assert (await stage.model.writer.write(a_brief())).text == GOOD_REPLY["reply"]
        ((_, spent),) = stage.purse.settled
        assert 0 < spent.tokens_in < 2000
        assert 0 < spent.tokens_out < 100


def test_the_library_is_imported_only_when_a_model_is_made() -> None:
    told = "import sys, adapters.llm.openai; sys.exit('openai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0
