"""Words on their way into Teams: nothing filled in, formatted or hidden, nothing cut unsaid."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from hypothesis import given, settings

from adapters.chat.teams import limits
from adapters.chat.teams.text import (
    block,
    clip,
    escaped,
    length_of,
    pieces,
    plain,
    quote,
    run,
    unfilled,
    when,
)
from tests.adapters.slack.cards import texts
from tests.builders import NOON

FAST = settings(max_examples=150, deadline=None)


def test_two_braces_never_touch_so_that_no_time_is_filled_in() -> None:
    assert unfilled("{{DATE(2026-11-22T14:00:00Z)}}") == "{\u2060{DATE(2026-11-22T14:00:00Z)}}"
    assert "{{" not in unfilled("{" * 9)
    assert unfilled("a {b} c") == "a {b} c"
    for drawn in (run("{{TIME(x)}}")["text"], plain("{{TIME(x)}}", 99), escaped("{{TIME(x)}}")):
        assert "{{" not in drawn


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("**b** _i_", r"\*\*b\*\* \_i\_"),
        ("[x](https://evil.example)", r"\[x\](https://evil.example)"),
        ("<at>Rosa</at>", r"\<at\>Rosa\</at\>"),
        ("- one", "\u2060- one"),
        ("1. one", "\u20601. one"),
        ("a_b-c 1.5", "a_b-c 1.5"),
    ],
)
def test_markup_of_others_means_nothing_in_a_text_of_ours(text: str, safe: str) -> None:
    assert escaped(text) == safe


def test_a_time_is_shown_in_each_readers_zone_and_to_the_second_in_utc() -> None:
    riga = NOON.astimezone(timezone(timedelta(hours=2)))
    seen = "{{DATE(2026-11-22T12:00:00Z, SHORT)}} {{TIME(2026-11-22T12:00:00Z)}}"
    assert when(riga) == seen
    assert when(riga, exact=True) == f"{seen} (12:00:00 UTC)"


def test_styles_are_those_of_teams() -> None:
    assert run("x", bold=True, mono=True, italic=True) == {
        "type": "TextRun", "text": "x", "weight": "Bolder", "fontType": "Monospace", "italic": True,
    }  # fmt: skip
    assert run("x", bold=False) == {"type": "TextRun", "text": "x"}


def test_nothing_is_ever_empty() -> None:
    assert (run("")["text"], block("")["text"], plain(" \n", 9)) == (" ", " ", " ")


def test_a_quotation_is_set_from_the_side_it_is_read() -> None:
    assert quote("@brightloaf دیر سے آئی", run("x"))["rtl"] is True
    assert quote("late", run("x"))["rtl"] is False
    assert "rtl" not in quote("123", run("x"))


@FAST
@given(text=texts(3_000))
def test_length_is_never_less_than_what_teams_counts(text: str) -> None:
    drawn = run(text.encode("utf-8", "ignore").decode())["text"]
    counted = length_of(text.encode("utf-8", "ignore").decode())
    control = sum(c < " " and c not in "\n\t" for c in drawn) * 5
    assert limits.weight(drawn) // 2 - 2 <= max(counted, 1) + control


@FAST
@given(text=texts(9_000))
def test_a_text_is_cut_aloud_and_its_pieces_are_the_text(text: str) -> None:
    head, cut = clip(text, 300)
    assert length_of(head) <= 300
    assert head.endswith("…") if cut else head == text
    assert "".join(pieces(text, 300)) == text
