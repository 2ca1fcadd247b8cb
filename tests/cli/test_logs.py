"""What is logged names what happened and where, and never what a stranger wrote."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog
from pydantic import ValidationError

from bot.domain.mention import Mention
from bot.main.logs import configure_logs

WORDS = "words of a stranger"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.configure(**before)
    root.handlers[:], root.level = handlers, level


@pytest.mark.parametrize("as_json", [True, False])
def test_an_error_is_told_by_its_kind_and_place_alone(
    capsys: pytest.CaptureFixture[str], *, as_json: bool
) -> None:
    configure_logs(as_json=as_json)
    try:
        Mention.model_validate({"text": WORDS})
    except ValidationError as problem:
        structlog.get_logger().error("step_failed", case="square:1", exc_info=True)
        structlog.get_logger().error("step_failed", exc_info=RuntimeError(WORDS))
        error = problem
    logging.getLogger("asyncio").error("never retrieved: %s", WORDS, exc_info=error)
    told = capsys.readouterr().err
    assert "words of" not in told
    assert all(word in told for word in ("square:1", "ValidationError", "RuntimeError", "test_logs.py"))
    assert "never retrieved" in told


def test_personal_data_is_masked_wherever_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(as_json=True)
    structlog.get_logger().warning("source_failed", problem="no account for ada@example.com")
    assert "[e-mail]" in capsys.readouterr().err
