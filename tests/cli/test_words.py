"""Strangers' words on a terminal are letters, and nothing else."""

from __future__ import annotations

import pytest

from bot.cli.words import harmless, one_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x1b]8;;https://evil.example\x07link", "\\x1b]8;;https://evil.example\\x07link"),
        ("\x9b2J", "\\x9b2J"),
        ("over\rwritten\b", "over\\rwritten\\x08"),
        ("a\x00b", "a\\x00b"),
        ("\u202etxt.exe\u202c", "\\u202etxt.exe\\u202c"),
        ("\u2067turned", "\\u2067turned"),
        ("half \ud83d a pair", "half \\ud83d a pair"),
    ],
)
def test_what_a_terminal_would_obey_is_written_out(text: str, shown: str) -> None:
    assert harmless(text) == shown


@pytest.mark.parametrize(
    "text", ["Bröt, 🥐!", "روٹی ٹھنڈی تھی", "می\u200cخواهم", "👩\u200d🍳", "two\nlines\tand a tab"]
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_a_line_stays_one_line_and_is_cut_where_it_must_be() -> None:
    assert one_line("a\nb\t c") == "a b c"
    assert one_line("abcdef", 4) == "abc…"
    assert one_line("abcd", 4) == "abcd"
