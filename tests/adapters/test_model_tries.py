"""A model is tried again where that helps, waited for as it asks, and left alone when it keeps failing."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from email.utils import format_datetime

import pytest

from bot.errors import PlatformBusy, PlatformRejected, PlatformSilent
from tests.adapters.models import (
    APIS,
    GOOD_REPLY,
    Drop,
    Hang,
    Line,
    Says,
    Stage,
    Status,
    a_brief,
    a_stage,
    good,
)
from tests.builders import NOON

both = pytest.mark.parametrize("api", APIS)
DOWN = Status(503)
WELL = good(GOOD_REPLY)


@both
@pytest.mark.parametrize("line", [Status(429), Status(500), Status(408), Status(409), Drop()])
async def test_another_try_may_help(api: str, line: Line) -> None:
    async with a_stage(line, line, WELL, api=api) as stage:
        assert (await stage.model.writer.write(a_brief())).text == GOOD_REPLY["reply"]
    assert len(stage.fake.asked) == 3
    assert [spent.failed for _, spent in stage.purse.settled] == [1, 1, 0]
    first, second = stage.sleeps
    assert 0.5 <= first <= 0.625
    assert 1.0 <= second <= 1.25


async def test_tries_are_as_many_as_are_set() -> None:
    async with a_stage(DOWN, tries=1) as stage:
        with pytest.raises(PlatformBusy):
            await stage.model.writer.write(a_brief())
    assert len(stage.fake.asked) == 1
    assert stage.sleeps == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "4"},
        {"Retry-After": "4.0"},
        {"retry-after-ms": "4000", "Retry-After": "9"},
        {"Retry-After": format_datetime(NOON + timedelta(seconds=4), usegmt=True)},
    ],
)
async def test_the_server_says_how_long_to_wait(headers: dict[str, str]) -> None:
    async with a_stage(Status(429, headers=headers), WELL) as stage:
        await stage.model.writer.write(a_brief())
    assert len(stage.sleeps) == 1
    assert 4 <= stage.sleeps[0] <= 5


@pytest.mark.parametrize("said", ["soon", "-4", "1e9", "", "Infinity", "٤"])
async def test_a_wait_that_cannot_be_read_is_ours_to_choose(said: str) -> None:
    async with a_stage(Status(429, headers={"Retry-After": said}), WELL) as stage:
        await stage.model.writer.write(a_brief())
    assert 0.5 <= stage.sleeps[0] <= 0.625


@both
@pytest.mark.parametrize("seconds", ["30", "86400", "9" * 400])
async def test_a_wait_longer_than_the_call_fails_at_once_and_says_how_long(api: str, seconds: str) -> None:
    async with a_stage(Status(429, headers={"Retry-After": seconds}), WELL, api=api) as stage:
        with pytest.raises(PlatformBusy) as failed:
            await stage.model.writer.write(a_brief())
    assert stage.sleeps == []
    assert failed.value.wait is not None
    assert timedelta(seconds=30) <= failed.value.wait <= timedelta(days=1)


async def test_a_call_with_all_its_tries_stays_within_its_time() -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with a_stage(DOWN, DOWN, Hang(), timeout_seconds=2) as stage:
        with pytest.raises(PlatformSilent, match="within 2 seconds"):
            await stage.model.writer.write(a_brief())
    assert loop.time() - began < 4
    assert len(stage.fake.asked) == 3


async def fails(stage: Stage, times: int, kind: type[Exception] = PlatformBusy) -> None:
    for _ in range(times):
        with pytest.raises(kind):
            await stage.model.writer.write(a_brief())


async def test_after_five_failures_in_a_row_the_model_rests() -> None:
    async with a_stage(DOWN, tries=1) as stage:
        await fails(stage, 4)
        assert stage.model.resting() is None
        await fails(stage, 1)
        assert stage.model.resting() == NOON + timedelta(seconds=30)
        with pytest.raises(PlatformBusy, match="the model rests until 12:00 UTC after 5 failures in a row"):
            await stage.model.writer.write(a_brief())
        assert len(stage.fake.asked) == 5
        assert len(stage.purse.limits) == 5  # while it rests no tokens are set aside


async def test_what_is_the_answers_fault_lets_the_model_not_rest() -> None:
    async with a_stage(Says("no JSON")) as stage:
        await fails(stage, 12, PlatformRejected)
        assert len(stage.fake.asked) == 12


async def test_a_good_answer_between_begins_the_row_anew() -> None:
    async with a_stage(*[DOWN] * 4, WELL, DOWN, tries=1) as stage:
        await fails(stage, 4)
        await stage.model.writer.write(a_brief())
        await fails(stage, 4)
        assert stage.model.resting() is None


async def test_the_rest_doubles_up_to_five_minutes_and_ends_with_a_good_answer() -> None:
    async with a_stage(DOWN, tries=1) as stage:
        await fails(stage, 5)
        for rest in (60, 120, 240, 300, 300):
            until = stage.model.resting()
            assert until is not None
            stage.watch.at = until
            assert stage.model.resting() is None
            await fails(stage, 1)
            assert stage.model.resting() == until + timedelta(seconds=rest)
        stage.fake.will(WELL, *[DOWN] * 9)
        stage.watch.move(seconds=300)
        await stage.model.writer.write(a_brief())
        assert stage.model.resting() is None
        await fails(stage, 5)
        assert stage.model.resting() == stage.watch.at + timedelta(seconds=30)


async def test_after_a_rest_one_call_tries_and_the_others_wait_for_it() -> None:
    async with a_stage(*[DOWN] * 5, Hang(), tries=1) as stage:
        await fails(stage, 5)
        stage.watch.move(seconds=30)
        stage.fake.came.clear()
        trying = asyncio.create_task(stage.model.writer.write(a_brief()))
        await stage.fake.came.wait()
        with pytest.raises(PlatformBusy, match="is being tried again"):
            await stage.model.writer.write(a_brief())
        trying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await trying
        # A try that was broken off says nothing: the next call may try.
        stage.fake.will(WELL)
        assert (await stage.model.writer.write(a_brief())).by == "m-1"


async def test_calls_under_way_when_the_rest_begins_do_not_make_it_longer() -> None:
    async with a_stage(*[DOWN] * 5, tries=1) as stage:
        calls = [asyncio.create_task(stage.model.writer.write(a_brief())) for _ in range(5)]
        late = stage.model._breaker.enter()
        for call in calls:
            with pytest.raises(PlatformBusy):
                await call
        stage.watch.move(seconds=10)
        stage.model._breaker.leave(on_trial=late, good=False)
        assert stage.model.resting() == NOON + timedelta(seconds=30)
