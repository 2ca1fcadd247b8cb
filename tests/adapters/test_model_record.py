"""What was asked and answered can be kept, without personal data, in files nobody else can read."""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from adapters.llm.openai.record import Recorder
from bot.errors import PlatformRejected
from tests.adapters.models import (
    GOOD_REPLY,
    Says,
    Status,
    a_brief,
    a_prompt,
    a_stage,
    good,
    no_digits,
)
from tests.builders import NOON

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2026-11-22.jsonl"


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / DAY).read_text().splitlines()]


async def test_every_prompt_and_answer_is_kept_without_personal_data(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "kept"
    prompt = a_prompt(stable="Our number is 555.", case="Call me: 0171 234")
    answer = good({**GOOD_REPLY, "reply": "We call you at 0171 234."})
    async with a_stage(answer, record=folder) as stage:
        await stage.model.writer.write(a_brief(prompt))
        await stage.model.writer.write(a_brief(prompt))
    first, second = lines(folder)
    assert first["asked"] == "Call me: #### ###"
    assert json.loads(first["answer"])["reply"] == "We call you at #### ###."
    assert (folder / f"stable-{first['stable']}.txt").read_text() == "Our number is ###."
    assert first["stable"] == second["stable"]
    facts = ("kind", "prompt", "model", "outcome", "number", "tokens_in", "tokens_cached", "tokens_out")
    assert [first[fact] for fact in facts] == ["reply", "draft/v2", "m-1", "answered", 1, 900, 600, 50]
    assert first["at"] == "2026-11-22T12:00:00.000+00:00"
    everything = "".join(path.read_text() for path in folder.iterdir())
    for secret in ("square", "0171", "555", "SECRET"):
        assert secret not in everything
    # What was sent is the prompt itself: masking is for the record alone.
    assert b"0171 234" in stage.fake.asked[0].raw


async def test_failed_tries_are_kept_too(tmp_path: Path) -> None:
    async with a_stage(Status(503), Says("no JSON 17"), record=tmp_path) as stage:
        with pytest.raises(PlatformRejected, match="no JSON"):
            await stage.model.writer.write(a_brief())
    first, second = lines(tmp_path)
    assert (first["outcome"], first["number"], first["answer"]) == ("fault", 1, "")
    assert (second["outcome"], second["number"], second["answer"]) == ("not_json", 2, "no JSON ##")


async def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    before = os.umask(0)
    try:
        async with a_stage(good(GOOD_REPLY), record=folder) as stage:
            await stage.model.writer.write(a_brief())
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600, 0o600]


async def test_a_link_is_not_followed_and_never_stops_a_draft(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    (tmp_path / DAY).symlink_to(elsewhere)
    with structlog.testing.capture_logs() as logged:
        async with a_stage(good(GOOD_REPLY), record=tmp_path) as stage:
            assert (await stage.model.writer.write(a_brief())).text == GOOD_REPLY["reply"]
    assert elsewhere.read_text() == "mine"
    assert [line["event"] for line in logged] == ["model_asked", "model_not_recorded"]


async def test_a_folder_that_cannot_be_made_never_stops_a_draft(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    async with a_stage(good(GOOD_REPLY), record=tmp_path / "file" / "kept") as stage:
        assert (await stage.model.writer.write(a_brief())).text == GOOD_REPLY["reply"]


async def test_a_days_file_has_an_end(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, no_digits, most_a_day=2000)
    with structlog.testing.capture_logs() as logged:
        for _ in range(20):
            await recorder.write(a_prompt(), "an answer", NOON, kind="reply")
    assert 1000 < (tmp_path / DAY).stat().st_size <= 2000
    assert {line["event"] for line in logged} == {"model_not_recorded"}
    assert len(lines(tmp_path)) + len(logged) == 20


async def test_without_a_folder_nothing_is_kept() -> None:
    async with a_stage(good(GOOD_REPLY)) as stage:
        await stage.model.writer.write(a_brief())
    assert stage.model._calls.recorder is None
