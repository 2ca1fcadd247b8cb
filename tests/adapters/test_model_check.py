"""`levelhead check` asks each model a small question and says what to do about the answer."""

from __future__ import annotations

import pytest

from tests.adapters.models import APIS, KEY, Line, Raw, Says, Status, a_stage

both = pytest.mark.parametrize("api", APIS)
READY = Says('{"ready": true}')


@both
async def test_a_model_that_answers_is_well(api: str) -> None:
    async with a_stage(READY, api=api) as stage:
        good, says = await stage.model.check()
    assert good
    assert says.startswith("answered: m-1 (")
    ((case, spent),) = stage.purse.settled
    assert (case, spent.calls) == ("", 1)


async def test_each_model_is_asked_once() -> None:
    async with a_stage(READY, triage_model="small", translate_model="m-1") as stage:
        good, says = await stage.model.check()
    assert good
    assert [asked.body["model"] for asked in stage.fake.asked] == ["m-1", "small"]
    assert "small" in says


@both
@pytest.mark.parametrize(
    ("line", "says", "advice"),
    [
        (Status(401, {"message": KEY}), "the key was not accepted", "LEVELHEAD_MODEL_KEY"),
        (Status(403), "the key may not use it", "give the key access"),
        (Status(404), "the server does not know the model", "Azure the deployment's"),
        (Status(429, {"code": "insufficient_quota"}), "has no credit left", "add credit"),
        (Status(400), "did not take the request (400)", "may not support JSON schemas"),
        (Status(500), "the server failed (500)", "look again in a minute"),
        (Raw(b"<html>", "text/html"), "did not answer as a model does", "it usually ends in /v1"),
        (Says("Yes, I am!"), "its answer was no JSON", "structured outputs"),
    ],
)
async def test_what_is_wrong_is_told_with_what_to_do(api: str, line: Line, says: str, advice: str) -> None:
    async with a_stage(line, api=api) as stage:
        good, told = await stage.model.check()
    assert not good
    assert told.startswith("m-1: ")
    assert says in told
    assert advice in told
    assert KEY not in told


async def test_a_key_that_was_never_set_is_told_so() -> None:
    async with a_stage(Status(401), key="") as stage:
        _, told = await stage.model.check()
    assert told.startswith("m-1: it asks for a key, and none is set; put the right one into LEVELHEAD_MODEL")


async def test_the_key_is_not_shown_with_the_settings() -> None:
    async with a_stage(READY) as stage:
        assert KEY not in repr(stage.model._settings)
