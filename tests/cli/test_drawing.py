"""A case on a terminal has all that an approver needs to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli.drawing import draw_case
from bot.domain.card import card_of
from bot.domain.events import Message
from tests.builders import NOON, TEAM, a_draft, in_review, protocol

if TYPE_CHECKING:
    import pytest


def test_who_does_not_read_a_language_sees_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    draft = a_draft(
        "Lo sentimos.", language="es", reading="The bread was cold.", back_translation="We are sorry."
    )
    draw_case(card_of(in_review(language="es", draft=draft), TEAM, protocol()), [])
    said = capsys.readouterr().out
    assert "What they wrote, in en:\n  The bread was cold." in said
    assert "What the draft says, in en:\n  We are sorry." in said


def test_what_was_written_in_private_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    said = Message(id="8", by="author", text="hello?", at=NOON, private=True)
    draw_case(card_of(in_review().model_copy(update={"thread": (said,)}), TEAM, protocol()), [])
    assert "then, author, in private:\n  hello?" in capsys.readouterr().out
