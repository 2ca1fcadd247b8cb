"""Strangers' words on a page: every character is there, and none of them does anything."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat.console.cards import drawn, safe_url
from adapters.chat.console.words import direction, highlighted, opening, plain, said, shown
from bot.domain.card import card_of
from bot.domain.events import OtherCase, Outcome
from tests.adapters.consoles import TeamAtWork, visiting
from tests.builders import NOON, TEAM, Watch, a_draft, a_mention, in_review, protocol

UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u2028-\u202e\u2060\u2066-\u206f\ufeff\ud800-\udfff]"
)


@given(st.text(st.characters(exclude_categories=())))
def test_no_character_hides_or_steers(text: str) -> None:
    for drawing in (str(shown(text)), plain(text), str(highlighted(text, [(text[:3], "L1")]))):
        assert not UNSEEN.search(drawing.replace("\n", ""))
        drawing.encode("utf-8")


@given(st.text(st.characters(categories=("L", "N", "P", "Zs"), exclude_characters="\u00ad")))
def test_honest_words_are_shown_whole(text: str) -> None:
    assert unescape(str(shown(text))) == text
    assert unescape(re.sub("</?mark[^>]*>", "", str(highlighted(text, [(text[1:4], "L1")])))) == text


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("a\u202eb", "[RLO]"),
        ("a\u2066b", "[LRI]"),
        ("a\u200bb", "[ZWSP]"),
        ("a\x00b", "\u2400"),
        ("a\x9bb", "[U+009B]"),
        ("a\U000e0068\U000e0069b", "[hidden text: 'hi']"),
        ("a\ud800b", "[U+D800]"),
    ],
)
def test_a_hidden_character_is_made_visible(text: str, mark: str) -> None:
    assert mark in unescape(str(shown(text)))
    assert mark in plain(text)


@pytest.mark.parametrize(
    "text", ["می\u200cخواهم", "क्\u200dष", "👩\u200d👩", "🏴\U000e0067\U000e0062\U000e007f"]
)
def test_what_scripts_and_flags_need_stays(text: str) -> None:
    assert str(shown(text)) == text


def test_every_place_of_a_phrase_is_marked_and_overlaps_name_both_rules() -> None:
    assert highlighted("sue and sue", [("sue", "W9")]) == (
        '<mark title="W9">sue</mark> and <mark title="W9">sue</mark>'
    )
    assert 'title="L5, W9">b</mark>' in highlighted("abc", [("ab", "W9"), ("bc", "L5")])
    assert highlighted("We SUE", [("sue", "W9")]) == 'We <mark title="W9">SUE</mark>'
    assert highlighted("a<b", [("<", "W9"), ("", "L1")]) == 'a<mark title="W9">&lt;</mark>b'


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//x", "http:", "http://[", "x", None, ""]
)
def test_only_web_addresses_can_be_followed(url: str | None) -> None:
    assert safe_url(url) is None


def test_a_web_address_can_be_followed() -> None:
    assert safe_url("https://a.example/b?c=1") == "https://a.example/b?c=1"


async def test_a_translation_stands_beside_the_words_it_is_of() -> None:
    draft = a_draft(
        "ہم معذرت خواہ ہیں", language="ur", reading="It <b>came</b> late", back_translation="We are sorry"
    )
    async with visiting(TeamAtWork(Watch(), in_review(language="ur", draft=draft))) as visitor:
        _, page = await visitor.get("/")
    theirs, ours = page.split('aria-label="What we answer"', 1)
    assert "What they wrote, in English" in theirs
    assert "It &lt;b&gt;came&lt;/b&gt; late" in theirs
    assert "What this text says, in English" in ours
    assert "We are sorry" in ours


def test_an_opening_ends_between_words() -> None:
    text = "word " * 400
    assert text.startswith(opening(text))
    assert not opening(text).endswith("wor")
    assert len(opening("x" * 2000)) < 600


async def test_a_long_mention_is_folded_and_never_cut() -> None:
    text = "begin " + "bread " * 8000 + "the very end"
    bot = TeamAtWork(Watch(), in_review().model_copy(update={"mention": a_mention(text)}))
    async with visiting(bot) as visitor:
        _, page = await visitor.get("/")
    assert f"Show all {len(text):,} characters" in page
    assert "the very end" in page


async def test_a_mention_keeps_its_own_direction_and_language() -> None:
    case = in_review(language="ur")
    mention = a_mention("روٹی دیر سے آئی")
    author = mention.author.model_copy(update={"name": "سارہ"})
    bot = TeamAtWork(
        Watch(), case.model_copy(update={"mention": mention.model_copy(update={"author": author})})
    )
    async with visiting(bot) as visitor:
        _, page = await visitor.get("/")
    assert '<div class="text" dir="rtl" lang="ur">روٹی دیر سے آئی</div>' in page
    assert "Complaint, <bdi>سارہ</bdi> on square" in page


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("@brightloaf روٹی ٹھنڈی تھی", "rtl"),
        ("https://brightloaf.example/menu الخبز بارد", "rtl"),
        ("The sign says خبز and nothing else", "ltr"),
        ("12345 !!", "auto"),
    ],
)
def test_the_direction_is_that_of_most_letters_not_of_a_handle_in_front(text: str, side: str) -> None:
    assert direction(text) == side


async def test_abuse_is_labelled_before_it_is_shown_and_can_be_read() -> None:
    async with visiting(TeamAtWork(Watch(), in_review(abusive=True))) as visitor:
        _, page = await visitor.get("/")
    label, words = page.index("Abusive language."), page.index("My bread came two hours late again.")
    assert label < words
    assert '<details class="abusive">' in page[:label]


async def test_the_authors_other_cases_stand_there_and_an_id_from_outside_does_nothing() -> None:
    other = OtherCase(case_id='hook:<b onclick="x">\u202e1', at=NOON, outcome=Outcome.TROLL)
    case = in_review().model_copy(update={"history": (other,), "history_count": 1})
    async with visiting(TeamAtWork(Watch(), case)) as visitor:
        _, page = await visitor.get("/")
    said = "1 case: not read, troll, 22 Nov 2026 (hook:&lt;b onclick=&#34;x&#34;&gt;"
    assert f"<dt>Also under this name</dt><dd><bdi>{said}" in page
    assert "\u202e" not in page


def test_a_changed_card_has_another_stamp() -> None:
    card = card_of(in_review(), TEAM, protocol())
    stamps = {
        drawn(card, at=NOON).stamp,
        drawn(card.model_copy(update={"version": 99}), at=NOON).stamp,
        drawn(card, at=NOON.replace(day=23)).stamp,
    }
    assert len(stamps) == 3


def test_a_handle_keeps_its_own_direction_and_takes_no_markup_with_it() -> None:
    assert str(said("روٹی @brightloaf ٹھنڈی")) == "روٹی <bdi>@brightloaf</bdi> ٹھنڈی"
    assert str(said('@<script x="@a">')) == "@&lt;script x=&#34;<bdi>@a</bdi>&#34;&gt;"
