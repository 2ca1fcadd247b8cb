"""What a model costs is counted for its case, kept within the day's tokens, and told to nobody else."""

from __future__ import annotations

import asyncio

import pytest
import structlog

from adapters.llm.openai import ModelSettings
from adapters.llm.openai.tokens import Usage, estimate
from bot.errors import OverBudget, PlatformRejected, StoreUnavailable
from bot.ports import Spent
from tests.adapters.model_purse import Purse
from tests.adapters.models import (
    APIS,
    GOOD_REPLY,
    GOOD_TRIAGE,
    Says,
    Status,
    a_brief,
    a_prompt,
    a_stage,
    an_unread,
    good,
)

both = pytest.mark.parametrize("api", APIS)
WELL = good(GOOD_REPLY)
#: What a draft sets aside: its prompt, the schema, and the longest answer it may have.
A_DRAFT = 4486


@both
async def test_a_call_is_counted_for_its_case_with_what_the_server_told(api: str) -> None:
    prices = {"price_in": 2.0, "price_cached": 0.5, "price_out": 8.0}
    async with a_stage(WELL, api=api, **prices) as stage:
        await stage.model.writer.write(a_brief())
    ((case, spent),) = stage.purse.settled
    assert case == "square:100"
    assert (spent.calls, spent.failed) == (1, 0)
    assert (spent.tokens_in, spent.tokens_cached, spent.tokens_out) == (900, 600, 50)
    # 300 new, 600 kept and 50 written tokens, in millionths of what a million costs.
    assert spent.micros == 300 * 2 + 300 + 50 * 8
    assert 0 < spent.milliseconds < 10_000
    assert (stage.purse.used, stage.purse.set_aside) == (950, 0)


def test_a_price_that_is_not_known_costs_nothing_and_a_kept_token_is_never_cheaper_by_ignorance() -> None:
    usage = Usage(1000, 400, 10)
    assert usage.micros(ModelSettings("m")) == 0
    assert usage.micros(ModelSettings("m", price_in=3.0)) == 3000
    assert usage.micros(ModelSettings("m", price_in=0.15, price_cached=0.075)) == 120


@both
@pytest.mark.parametrize(
    "line",
    [
        Says("no JSON", usage=(900, 0, 7)),
        Says(None, refusal="no", usage=(900, 0, 7)),
        Says("{", finish="length", usage=(900, 0, 7)),
    ],
)
async def test_an_answer_that_is_no_use_costs_what_the_server_told(api: str, line: Says) -> None:
    async with a_stage(line, api=api) as stage:
        with pytest.raises(PlatformRejected):
            await stage.model.writer.write(a_brief())
    ((_, spent),) = stage.purse.settled
    assert (spent.failed, spent.tokens_in, spent.tokens_out) == (1, 900, 7)


@both
async def test_what_the_server_did_not_take_costs_nothing(api: str) -> None:
    async with a_stage(Status(401), api=api, price_in=1.0) as stage:
        with pytest.raises(PlatformRejected, match="key"):
            await stage.model.writer.write(a_brief())
    ((_, spent),) = stage.purse.settled
    assert (spent.calls, spent.failed, spent.tokens_in, spent.micros) == (1, 1, 0, 0)


async def test_urgent_cases_may_use_the_part_that_is_kept_for_them() -> None:
    async with a_stage(WELL, tokens_a_day=A_DRAFT + 500, reserved_percent=25) as stage:
        with pytest.raises(OverBudget, match="is kept for urgent cases until 00:00 UTC"):
            await stage.model.writer.write(a_brief())
        assert stage.fake.asked == []
        await stage.model.writer.write(a_brief(a_prompt(urgent=True)))
        with pytest.raises(OverBudget, match="today's tokens are spent until 00:00 UTC"):
            await stage.model.writer.write(a_brief(a_prompt(urgent=True)))
    assert stage.purse.limits == [(A_DRAFT + 500) * 75 // 100, A_DRAFT + 500, A_DRAFT + 500]


async def test_with_nothing_kept_everyone_is_told_that_the_day_is_spent() -> None:
    async with a_stage(WELL, tokens_a_day=100, reserved_percent=0) as stage:
        with pytest.raises(OverBudget, match="today's tokens are spent"):
            await stage.model.writer.write(a_brief())
    assert stage.model.resting() is None


@both
async def test_twenty_calls_at_once_never_pass_the_days_tokens(api: str) -> None:
    most = A_DRAFT * 5
    async with a_stage(WELL, api=api, tokens_a_day=most, reserved_percent=0) as stage:
        done = await asyncio.gather(
            *(stage.model.writer.write(a_brief()) for _ in range(20)), return_exceptions=True
        )
    written = [one for one in done if not isinstance(one, BaseException)]
    over = [one for one in done if isinstance(one, OverBudget)]
    assert len(written) + len(over) == 20
    assert len(written) >= 5
    assert over
    assert stage.purse.most <= most
    assert stage.purse.set_aside == 0
    assert stage.purse.used == 950 * len(written)


async def test_each_try_sets_its_own_tokens_aside() -> None:
    async with a_stage(Status(503), WELL, tokens_a_day=A_DRAFT + 10, reserved_percent=0) as stage:
        await stage.model.writer.write(a_brief())
    assert [spent.failed for _, spent in stage.purse.settled] == [1, 0]
    assert stage.purse.most == A_DRAFT


class TornPurse(Purse):
    """The store goes away while the model answers."""

    async def settle(self, case_id: str, *, reserved: int, spent: Spent) -> None:
        raise StoreUnavailable("gone")


async def test_an_answer_that_was_paid_for_is_not_thrown_away_with_the_store() -> None:
    async with a_stage(WELL, purse=TornPurse()) as stage:
        assert (await stage.model.writer.write(a_brief())).text == GOOD_REPLY["reply"]
    assert stage.purse.set_aside == A_DRAFT


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        # Beside each: how many tokens the usual tokenizers make of it.
        ("The bread came two hours late again.", 8, 14),  # 8
        ("Das Brot kam schon wieder zwei Stunden zu spät, unerhört!", 14, 25),  # 14 to 18
        ("Ekmek yine iki saat geç geldi, çok üzüldüm.", 14, 25),  # 14 to 19
        ("روٹی پھر دو گھنٹے دیر سے آئی۔", 12, 40),  # 12 to 27
        ("ब्रेड फिर दो घंटे देर से आई।", 10, 60),  # 10 to 32
        ("😡" * 10, 10, 40),  # 10 to 30
    ],
)
def test_tokens_are_estimated_rather_too_many_in_every_script(text: str, least: int, most: int) -> None:
    assert least <= estimate(text) - estimate("") <= most


async def test_the_log_carries_ids_and_counts_and_no_text() -> None:
    with structlog.testing.capture_logs() as logged:
        async with a_stage(good(GOOD_TRIAGE)) as stage:
            await stage.model.classifier.assess(an_unread())
    (line,) = logged
    assert line.pop("ms") >= 0
    assert line == {
        "event": "model_asked",
        "log_level": "info",
        "case": "square:100",
        "prompt": "triage/v1",
        "model": "m-1",
        "outcome": "answered",
        "tokens_in": 900,
        "tokens_cached": 600,
        "tokens_out": 50,
    }
