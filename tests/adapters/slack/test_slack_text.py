"""Words on their way into Slack: nothing hidden, nothing pinging, nothing cut unsaid, no character broken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat.difference import words
from adapters.chat.slack.difference import difference, runs
from adapters.chat.slack.text import (
    clip,
    escaped,
    in_utc,
    is_blank,
    isolated,
    length_of,
    line,
    pieces,
    plain,
    run,
    shown,
    when,
)
from tests.adapters.slack.cards import NASTY, texts
from tests.builders import NOON

FAST = settings(max_examples=150, deadline=None)


def whole_characters(text: str, part: str) -> bool:
    """Whether `part` begins `text` and ends where a character ends, as a reader sees it."""
    ends = {0, *(found.end() for found in regex.finditer(r"\X", text))}
    return text.startswith(part) and len(part) in ends


@pytest.mark.parametrize(
    "sign", ["<!here>", "<@U123>", "<#C1>", "<https://evil.example|us>", "<!subteam^S1>"]
)
def test_no_ping_and_no_link_survives_where_slack_reads_markup(sign: str) -> None:
    assert "<" not in escaped(sign)
    assert escaped(sign).startswith("&lt;")


def test_formatting_signs_of_others_format_nothing() -> None:
    assert escaped("*bold* & _it_") == "\u2060*bold\u2060* &amp; \u2060_it\u2060_"


def test_hidden_characters_stand_there_as_marks() -> None:
    assert shown("a\u202eb\x07c\ufeff\u200bd\ud800") == "a[RLO]b␇c[BOM][ZWSP]d[U+D800]"
    assert shown("\U000e0068\U000e0069") == "[hidden text: 'hi']"


@pytest.mark.parametrize("text", ["👩‍👩‍👧", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "क्‍ष", "می\u200cخواهم", "العربية\u200f!"])
def test_what_a_script_needs_is_left_alone(text: str) -> None:
    assert shown(text) == text


def test_a_line_is_one_line() -> None:
    assert line(" a\r\nb\u2028c\x85d\t e ") == "a b c d e"


def test_a_name_is_bounded_so_that_it_turns_nothing_around() -> None:
    assert isolated("عائشہ") == "\u2068عائشہ\u2069"
    assert isolated("x\u2069\u202ey").count("\u2069") == 1


def test_length_is_counted_as_strictly_as_slack_may() -> None:
    assert length_of("a😀") == 3
    assert length_of("&<>") == 13


@FAST
@given(text=texts(3_000), most=st.integers(2, 400))
def test_a_clipped_text_fits_and_says_that_it_was_cut(text: str, most: int) -> None:
    head, cut = clip(text, most)
    assert length_of(head) <= most
    assert cut == (length_of(text) > most)
    assert head == text if not cut else head.endswith("…")


@FAST
@given(text=st.sampled_from([t for t in NASTY if "\u0301" * 50 not in t]), most=st.integers(30, 90))
def test_a_clip_breaks_no_character(text: str, most: int) -> None:
    head, cut = clip(text, most)
    assert whole_characters(text, head.removesuffix("…") if cut else head)


@pytest.mark.parametrize("sign", ["👩‍👩‍👧‍👦", "e\u0301\u0323", "श्री", "🇱🇻", "👍🏽"])
def test_a_text_without_spaces_is_cut_between_characters(sign: str) -> None:
    text = sign * 200
    for most in range(40, 90):
        head, _ = clip(text, most)
        assert whole_characters(text, head.removesuffix("…"))


def test_a_pile_of_marks_is_cut_all_the_same() -> None:
    head, cut = clip("a" + "\u0301" * 5_000, 100)
    assert cut
    assert 50 < length_of(head) <= 100


@FAST
@given(text=texts(9_000), most=st.integers(10, 3_000))
def test_pieces_fit_and_are_the_text(text: str, most: int) -> None:
    cut = list(pieces(text, most))
    assert "".join(cut) == text
    assert all(piece and length_of(piece) <= most for piece in cut)


def test_a_book_is_cut_in_a_moment() -> None:
    began = datetime.now(UTC)
    for text in ("word " * 10_000, "&" * 50_000, "a" + "\u0301" * 49_999, "देर से " * 7_000):
        assert "".join(pieces(shown(text), 3_000)) == text
    assert datetime.now(UTC) - began < timedelta(seconds=1)


def test_a_time_is_shown_in_each_readers_zone_and_falls_back_to_utc() -> None:
    riga = NOON.astimezone(timezone(timedelta(hours=2)))
    assert when(riga) == "<!date^1795348800^{date_short_pretty} {time}|22 Nov 2026, 12:00 UTC>"
    assert in_utc(riga, exact=True) == "22 Nov 2026, 12:00:00 UTC"


def test_no_text_object_is_ever_empty() -> None:
    assert plain("")["text"] == " "
    assert run("")["text"] == " "
    assert is_blank(" \n\u200d\t")
    assert not is_blank("۔")


# --- the difference


def test_a_difference_strikes_out_what_is_gone_and_sets_what_is_new_in_bold() -> None:
    assert runs("We are sorry, Ada.", "We are very sorry, Ada.") == [
        {"type": "text", "text": "We are "},
        {"type": "text", "text": "very ", "style": {"bold": True}},
        {"type": "text", "text": "sorry, Ada."},
    ]
    assert runs("a refund.", "a loaf.")[1:] == [
        {"type": "text", "text": "refund.", "style": {"strike": True}},
        {"type": "text", "text": " "},
        {"type": "text", "text": "loaf.", "style": {"bold": True}},
    ]


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("ہم معذرت خواہ ہیں۔", "ہم بہت معذرت خواہ ہیں۔", "بہت "),
        ("हम क्षमा चाहते हैं", "हम आपसे क्षमा चाहते हैं", "आपसे "),
    ],
)
def test_a_difference_keeps_the_words_of_every_script_whole(old: str, new: str, changed: str) -> None:
    assert [one["text"] for one in runs(old, new) if one.get("style")] == [changed]


@FAST
@given(old=texts(300), new=texts(300))
def test_both_texts_can_be_read_off_their_difference(old: str, new: str) -> None:
    found = runs(old, new)
    now = "".join(one["text"] for one in found if not one.get("style", {}).get("strike"))
    assert "".join(now.split()) == "".join(shown(new).split())
    assert "".join(words(shown(old))) == shown(old)


@FAST
@given(old=texts(9_000), new=texts(9_000))
def test_a_difference_of_any_length_fits_one_block(old: str, new: str) -> None:
    block = difference(old, new)
    [part] = block["elements"]
    assert part["elements"]
    assert sum(length_of(one["text"]) for one in part["elements"]) <= 3_000


def test_a_text_too_long_to_compare_says_so() -> None:
    assert "too long to compare" in runs("a " * 2_000, "b")[0]["text"]
