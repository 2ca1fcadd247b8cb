"""Keywords find the brand in every script of ours, and in nothing that only looks like it."""

from __future__ import annotations

import time

import pytest
from pydantic import ValidationError

from bot.domain.keywords import Keywords


def finds(word: str, text: str, *but_not: str) -> bool:
    return Keywords(words=(word,), but_not=but_not).found(text) == word


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("Brightloaf", "brightloaf"),
        ("Brightloaf", "I love BRIGHTLOAF!"),
        ("Brightloaf", "Brightloaf's rolls"),
        ("Brightloaf", "Brightloaf’s rolls"),
        ("Brightloaf", "die Brightloaf-Filiale"),
        ("Brightloaf", "_Brightloaf_ and **Brightloaf**"),
        ("Brightloaf", "see brightloaf.example/menu"),
        ("Brightloaf", "Brightloaf™ bread"),
        ("Brightloaf", "great bread¹Brightloaf²"),
        ("Brightloaf", "❤️Brightloaf❤️"),
        ("Brightloaf", "Ｂｒｉｇｈｔｌｏａｆ"),
        ("Brightloaf", "𝕭𝖗𝖎𝖌𝖍𝖙𝖑𝖔𝖆𝖋"),
        ("Brightloaf", "Bright\u200bl\u00adoaf\ufeff"),
        ("Brightloaf", "\u202eBrightloaf\u202c"),
        ("Brightloaf", "Bri\x00ghtloaf"),
        ("Bright\u200bloaf", "brightloaf"),
        ("Bright Loaf", "bright \n\t loaf"),
        ("Bright  Loaf", "Bright\u00a0Loaf"),
        ("Bright-Loaf", "Bright\u2011Loaf, Bright–Loaf"),
        ("Loaf'n'Go", "Loaf’n‘Go"),
        ("Bäckerei Straße", "BÄCKEREI STRASSE"),
        ("Maizīte", "Maizi\u0304te"),  # a letter and its mark apart
        ("Pão", "o PÃO de hoje"),
        ("C++", "written in C++, sadly"),
        ("3M", "3m tape"),
    ],
)
def test_a_word_is_found_as_people_write_it(word: str, text: str) -> None:
    assert finds(word, text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("Brightloaf", "brightloafs"),
        ("Brightloaf", "mybrightloaf"),
        ("Brightloaf", "brightloaf2"),
        ("Brightloaf", "#BrightloafFail"),
        ("Brightloaf", "bright loaf"),
        ("Bright Loaf", "brightloaf"),
        ("Brightloaf", "Brightloaf\u0301"),  # another letter
        ("Rose", "Rosé"),
        ("Loaf", "L'oaf"),
        ("Brightloaf", ""),
    ],
)
def test_what_only_looks_like_the_word_is_not_it(word: str, text: str) -> None:
    assert not finds(word, text)


@pytest.mark.parametrize("text", ["İŞIK", "ışık", "Işık", "işik", "i\u0307şık", "I\u0307ŞIK"])
def test_dotted_and_dotless_i_are_one_letter(text: str) -> None:
    assert finds("Işık", f"yeni {text} ekmeği")
    assert finds("İşık", f"{text}'ta")


@pytest.mark.parametrize(
    "text",
    [
        "الخبز من برايتلوف بارد",
        "خبز برايتلوف؟",
        "وبرايتلوف",
        "ببرايتلوف",
        "فالبرايتلوف",
        "للبرايتلوف",
        "وبالبرايتلوف",
        "بَرايتلوف",  # with a short vowel
        "برايـــتلوف",  # drawn out
        "ﺑﺮﺍﻳﺘﻠﻮﻑ",  # letters of old fonts
        "برایتلوف نے",  # an Urdu keyboard
        "برایتلوفکا",
        "برایتلوف‌میں",  # with an invisible joint
        "#برايتلوف",
    ],
)
def test_an_arabic_name_is_found_under_what_adheres_to_it(text: str) -> None:
    assert finds("برايتلوف", text)


def test_an_article_melts_into_its_preposition_and_is_not_left_out() -> None:
    assert finds("المخبز", "شكرا للمخبز")
    assert finds("المخبز", "وللمخبز")
    assert not finds("المخبز", "مخبز")


def test_an_arabic_name_inside_another_word_is_not_found() -> None:
    assert not finds("برايتلوف", "سوبرايتلوف")
    assert not finds("برايتلوف", "برايتلوفات")
    assert not finds("رز", "وبرز")  # too short to be told from a word it begins or ends


def test_a_devanagari_word_ends_after_its_vowel_signs() -> None:
    assert finds("ब्रेड", "ब्रेड में कीड़ा था।")
    assert finds("ब्रेड", "यह ब्रेड, बासी है")
    assert finds("ब्रेड", "#ब्रेड")
    assert not finds("ब्रेड", "ब्रेडों में")
    assert finds("क़लम", "क\u093cलम")  # with its dot apart


def test_a_letter_of_another_script_ends_a_word() -> None:
    assert finds("Brightloaf", "وBrightloaf سيئ")
    assert finds("Brightloaf", "Brightloafکی روٹی")
    assert finds("Brightloaf", "Brightloafकी रोटी")


def test_a_bare_word_is_found_in_a_hashtag_and_a_handle_and_in_an_address() -> None:
    for text in (
        "#Brightloaf",
        "@brightloaf!",
        "@brightloaf.example",
        "#brightloaf_fail",
        "hi@brightloaf.example",
    ):
        assert finds("Brightloaf", text), text


def test_a_handle_means_that_handle() -> None:
    assert finds("@brightloaf", "thanks, @Brightloaf.")
    assert finds("@brightloaf", "(@brightloaf) @brightloaf's")
    assert finds("@brightloaf", "＠brightloaf")
    assert finds("@brightloaf.example", "@brightloaf.example: hello")
    for other in (
        "brightloaf",
        "#brightloaf",
        "@brightloaf_de",
        "@brightloafs",
        "@brightloaf.example",
        "@@brightloaf",
    ):
        assert not finds("@brightloaf", other), other
    assert not finds("@brightloaf", "info@brightloaf.example, info@brightloaf")


def test_a_hashtag_means_that_hashtag() -> None:
    assert finds("#brightloaf", "bread #BrightLoaf.")
    assert finds("#brightloaf", "#brightloaf-bread")
    for other in ("brightloaf", "@brightloaf", "#brightloafs", "#brightloaf_fail", "C#brightloaf"):
        assert not finds("#brightloaf", other), other


def test_a_word_counts_only_outside_of_every_exclusion() -> None:
    keywords = Keywords(words=("Brightloaf",), but_not=("Brightloaf Records", "DJ Brightloaf"))
    assert keywords.found("a new single at BRIGHTLOAF\nRecords") is None
    assert keywords.found("DJ Brightloaf Records") is None
    assert keywords.found("Brightloaf Records is not Brightloaf the bakery") == "Brightloaf"
    assert keywords.found("Brightloaf Recordsmen") == "Brightloaf"
    assert keywords.found("Records of Brightloaf") == "Brightloaf"


def test_exclusions_that_overlap_each_other_all_count() -> None:
    keywords = Keywords(words=("loaf",), but_not=("big loaf big",))
    assert keywords.found("big loaf big loaf big") is None


def test_the_first_word_that_hits_is_told_as_it_was_configured() -> None:
    keywords = Keywords(words=("Brightloaf", "#BrightBread"))
    assert keywords.found("more #brightbread") == "#BrightBread"
    assert keywords.found("#brightbread by brightloaf") == "Brightloaf"
    assert keywords.found("bread") is None


@pytest.mark.parametrize("word", ["", "  ", "@", "#", "\u200b", "@\u200b", "x" * 81])
def test_a_word_that_names_nothing_is_refused(word: str) -> None:
    with pytest.raises(ValidationError):
        Keywords(words=(word,))
    with pytest.raises(ValidationError):
        Keywords(words=("Brightloaf",), but_not=(word,))


def test_at_least_one_word_is_needed() -> None:
    with pytest.raises(ValidationError):
        Keywords(words=())


@pytest.mark.parametrize(
    "text",
    [
        "a" * 50_000,
        "a " * 25_000,
        " " * 50_000,
        "\u0301\u0327" * 25_000,  # marks that have to be sorted
        "\u0f73" * 50_000,  # marks made of marks
        "\uff9e\u0301" * 25_000,
        "ﷺ" * 50_000,  # one letter that stands for eighteen
        "برايتلو" * 7_000,
        "@a" * 25_000,
        "İ" * 50_000,
    ],
)
def test_the_worst_text_takes_time_by_its_length(text: str) -> None:
    keywords = Keywords(words=("a" * 79 + "b", "a a a b", "برايتلوف", "@a@a@b"), but_not=("a" * 40,))
    began = time.process_time()
    assert keywords.found(text) is None
    assert time.process_time() - began < 2
