"""A model in the house: what it adds to a card, and each way it fails: an offline draft that says why."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from adapters.llm.openai import Model, ModelSettings
from bot.domain.assessment import Category, Severity
from bot.domain.case import Case, State
from bot.domain.draft import Verdict
from bot.domain.events import FirstApproved
from bot.errors import NotAllowed
from bot.flows.asking import Prompts
from bot.masking import mask
from tests.adapters.models import (
    GOOD_REPLY,
    GOOD_TRANSLATION,
    GOOD_TRIAGE,
    Drop,
    Fake,
    Hang,
    Line,
    Raw,
    Says,
    Sleeps,
    Status,
    a_fake,
    good,
)
from tests.builders import MANAGER, ON_CALL, RESPONDER, protocol
from tests.flows.houses import LATE, House

REPLY_ES = "Hola, [name]: gracias por decírnoslo. Sentimos mucho lo que pasó con el pan."
SPANISH = {"language": "es", "reply": REPLY_ES}
QUOTA = {"code": "insufficient_quota", "type": "insufficient_quota", "message": "no credit"}


@dataclass
class Asked:
    """A house whose words come from a model on a server of ours."""

    house: House
    fake: Fake
    model: Model

    async def hears(self, *lines: Line, text: str = LATE, **more: Any) -> Case:
        self.fake.will(*lines)
        return await self.house.hears(text, **more)


@pytest.fixture
async def asked(house: House) -> AsyncIterator[Asked]:
    async with a_fake() as fake:
        yield_of = await enter(house, fake)
        async with yield_of.model:
            yield yield_of


async def enter(house: House, fake: Fake, **settings: Any) -> Asked:
    """Put a model into the house."""
    chosen = ModelSettings(model="m-1", base_url=fake.base, price_in=2.0, price_out=8.0, **settings)
    meter = house.store.meter
    model = Model(chosen, meter=meter, clock=house.watch, mask=lambda text: mask(text).text, sleep=Sleeps())
    house.change(
        classifier=model.classifier, writer=model.writer, translator=model.translator, meter=meter,
        rules=house.parts.classifier, prompts=Prompts.of(protocol()),
    )  # fmt: skip
    return Asked(house, fake, model)


# --- what it adds


async def test_a_models_draft_stands_on_the_card_with_its_name_and_its_prompt(asked: Asked) -> None:
    case = await asked.hears(good(GOOD_TRIAGE), good(GOOD_REPLY))
    assert case.state is State.IN_REVIEW
    assert case.draft is not None
    assert case.draft.text == "Hello Ada, thank you for telling us. We are sorry."
    assert (case.draft.by, case.draft.prompt) == ("m-1", "draft/v2")
    assert (case.draft.note, case.draft.reading, case.draft.back_translation) == ("", "", "")
    assert case.assessment is not None
    assert (case.assessment.by, case.assessment.why) == ("m-1", "The bread came late.")


async def test_a_name_the_model_never_sees_is_put_into_its_draft_or_left_out(asked: Asked) -> None:
    case = await asked.hears(good(GOOD_TRIAGE), good(GOOD_REPLY), name="x_9000_x", handle="x_9000_x")
    assert case.draft is not None
    assert case.draft.text == "Hello, thank you for telling us. We are sorry."
    assert all(b"Ada" not in one.raw and b"x_9000_x" not in one.raw for one in asked.fake.asked)


async def test_a_card_in_another_language_has_a_reading_and_a_back_translation(asked: Asked) -> None:
    back = {"translation": "Hello, Ada: thank you for telling us. We are very sorry."}

    def said(one: Any) -> dict[str, Any]:
        shape = str(one["response_format"])
        if "category" in shape:
            return {**GOOD_TRIAGE, "language": "es"}
        if "reply" in shape:
            return SPANISH
        return back if "Sentimos mucho" in str(one["messages"]) else GOOD_TRANSLATION

    asked.fake.completes(said)
    case = await asked.house.hears("@brightloaf el pan llegó dos horas tarde y estaba frío, pésimo servicio")
    assert case.draft is not None
    assert case.draft.text.startswith("Hola, Ada: gracias")
    assert (case.draft.reading, case.draft.back_translation) == ("My bread came late.", back["translation"])
    card = asked.house.card(case)
    assert card.reading is not None
    assert card.back_translation is not None
    assert (card.reading.text, card.back_translation.language) == ("My bread came late.", "en")
    assert len(asked.fake.asked) == 4


async def test_what_a_case_costs_is_counted_for_it_and_for_the_day(asked: Asked) -> None:
    case = await asked.hears(good(GOOD_TRIAGE), good(GOOD_REPLY))
    meter = asked.house.store.meter
    spent = await meter.spent_on(case.id)
    assert (spent.calls, spent.failed, spent.tokens_in, spent.tokens_out) == (2, 0, 1800, 100)
    assert spent.micros == 2 * (900 * 2 + 50 * 8)
    assert await meter.spent_in(f"{asked.house.watch():%Y-%m-%d}") == spent


# --- each way to fail


FAILURES: dict[str, tuple[Line, str]] = {
    "refusal": (Says(None, refusal="I cannot help with that."), "it refused to answer"),
    "length": (Says('{"language": "en", "rep', finish="length"), "cut off at the length limit"),
    "filter": (Says(None, finish="content_filter"), "content filter stopped it"),
    "no JSON": (Says("Dear customer, we are sorry"), "its answer was no JSON"),
    "fenced JSON": (Says('```json\n{"language": "en", "reply": "Hello"}\n```'), "in a code fence"),
    "another shape": (Says('{"answer": "Hello"}'), "did not have the form asked for"),
    "empty": (Says(""), "its answer was empty"),
    "dropped": (Drop(), "the model could not write"),
    "429": (Status(429, {"message": "slow down"}), "asks us to slow down"),
    "500": (Status(500, {"message": "oops"}), "the model could not write"),
    "quota": (Status(429, QUOTA), "no credit left"),
    "a page": (Raw(b"<html>Welcome</html>", "text/html"), "did not answer as a model does"),
    "a wrong key": (Status(401, {"message": "bad key"}), "the key was not accepted"),
}


@pytest.mark.parametrize(("line", "reason"), FAILURES.values(), ids=FAILURES)
async def test_each_way_to_fail_leaves_an_offline_draft_with_the_reason_on_the_card(
    asked: Asked, line: Line, reason: str
) -> None:
    case = await asked.hears(good(GOOD_TRIAGE), line)
    assert case.state is State.IN_REVIEW
    assert case.draft is not None
    assert case.draft.by == "offline"
    assert case.draft.prompt == ""
    note = asked.house.card(case).draft_note
    assert note.startswith("the model could not write (")
    assert reason in note
    assert not case.draft.findings_of(Verdict.BLOCK)
    assert (await asked.house.approves(case)).state is State.APPROVED


async def test_a_slow_model_is_not_waited_for(house: House) -> None:
    async with a_fake() as fake:
        slow = await enter(house, fake, timeout_seconds=0.3)
        async with slow.model:
            case = await slow.hears(good(GOOD_TRIAGE), Hang())
            assert case.draft is not None
            assert case.draft.by == "offline"
            assert "within" in case.draft.note


@pytest.mark.parametrize("line", [Status(500), Drop(), Says("rubbish")])
async def test_a_model_that_cannot_read_hides_nothing(asked: Asked, line: Line) -> None:
    case = await asked.hears(line, text="@brightloaf lovely bread, thank you so much!")
    assert case.state is State.IN_REVIEW
    assert case.assessment is not None
    assert case.assessment.category is Category.COMPLAINT
    assert "could not be read by the model" in case.assessment.why


async def test_when_the_days_tokens_are_used_the_rules_read_and_the_drafter_writes(house: House) -> None:
    async with a_fake() as fake:
        poor = await enter(house, fake, tokens_a_day=10)
        async with poor.model:
            praise = await poor.hears(good(GOOD_TRIAGE), text="@brightloaf lovely bread, thank you so much!")
            assert praise.state is State.CLOSED
            case = await poor.hears(good(GOOD_TRIAGE), handle="bob")
            assert case.draft is not None
            assert case.draft.by == "offline"
            assert "today's tokens are spent until 00:00 UTC" in case.draft.note
            assert "no model is configured" not in case.draft.note
            assert fake.asked == []


async def test_a_missing_translation_is_told_and_stops_nothing(asked: Asked) -> None:
    def said(one: Any) -> dict[str, Any] | Status:
        shape = str(one["response_format"])
        if "translation" in shape:
            return Status(500)
        return {**GOOD_TRIAGE, "language": "es"} if "category" in shape else SPANISH

    asked.fake.completes(said)
    case = await asked.house.hears("@brightloaf el pan llegó dos horas tarde y estaba frío, pésimo servicio")
    assert case.draft is not None
    assert case.draft.by == "m-1"
    assert "not translated (" in case.draft.note


# --- who reads it (W13)


async def test_nobody_approves_alone_what_they_cannot_read(house: House) -> None:
    case = await house.hears("@brightloaf el pan llegó dos horas tarde y estaba frío, pésimo servicio")
    first = await house.approves(case, MANAGER)
    assert first.state is State.IN_REVIEW
    event = (await house.entries(case))[-1].event
    assert isinstance(event, FirstApproved)
    assert [(f.rule, f.verdict) for f in event.findings if f.rule == "W13"] == [("W13", Verdict.SECOND)]
    with pytest.raises(NotAllowed, match="neither of you reads Spanish; the second approval needs Rosa"):
        await house.agrees(first, ON_CALL)
    assert (await house.agrees(first, RESPONDER)).state is State.APPROVED


async def test_a_back_translation_lets_anybody_approve(asked: Asked) -> None:
    def said(one: Any) -> dict[str, Any]:
        shape = str(one["response_format"])
        if "translation" in shape:
            return GOOD_TRANSLATION
        return {**GOOD_TRIAGE, "language": "es"} if "category" in shape else SPANISH

    asked.fake.completes(said)
    case = await asked.house.hears("@brightloaf el pan llegó dos horas tarde y estaba frío, pésimo servicio")
    assert (await asked.house.approves(case, MANAGER)).state is State.APPROVED


# --- what the rules hold against it


async def test_a_model_sees_more_than_the_rules_and_hides_nothing_they_see(asked: Asked) -> None:
    worse = {**GOOD_TRIAGE, "severity": "critical", "risks": ["press"]}
    gazette = "@brightloaf a colleague of mine at the Gazette would like a word"
    case = await asked.hears(good(worse), good(GOOD_REPLY), text=gazette)
    assert case.severity is Severity.CRITICAL
    assert case.assessment is not None
    assert {risk.value for risk in case.assessment.risks} == {"press"}
    hiding = {**GOOD_TRIAGE, "category": "praise", "severity": "low"}
    glass = "@brightloaf there was glass in my roll and I am bleeding"
    hurt = await asked.hears(good(hiding), good(GOOD_REPLY), text=glass, handle="bo")
    assert hurt.state is State.IN_REVIEW
    assert hurt.severity is Severity.CRITICAL
    assert hurt.assessment is not None
    assert "injury" in {risk.value for risk in hurt.assessment.risks}
