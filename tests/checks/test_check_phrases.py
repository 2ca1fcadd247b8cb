"""Each rule in each language: what must be caught, what must pass, and what no spelling hides."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks import RULES, Checked, check
from bot.checks.folding import Folded, fold
from bot.checks.phrasebook import languages, read
from bot.domain.draft import Finding, Verdict

CASES = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parent / "cases").glob("*.toml"))
}
WORDING = {"W7", "W8", "W9", "L1", "L2", "L3", "L4", "L5"}


def of_rules(kind: str) -> list[tuple[str, str, str, str]]:
    return [
        (language, rule, text, cases.get("mention", ""))
        for language, rules in CASES.items()
        for rule, cases in rules.items()
        if rule != "good"
        for text in cases[kind]
    ]


def findings(text: str, language: str, mention: str = "", *, public: bool = True) -> tuple[Finding, ...]:
    reply = Checked(text, language, mention_language=language, mention_text=mention, public=public)
    return check(reply)


def rules(text: str, language: str = "en") -> set[str]:
    return {finding.rule for finding in findings(text, language)}


def test_every_language_with_phrases_has_cases_for_every_rule_of_wording() -> None:
    assert set(languages()) == set(CASES)
    for language, cases in CASES.items():
        assert set(cases) == WORDING | {"good"}, language
        for rule in WORDING:
            assert len(cases[rule]["caught"]) >= 4, (language, rule)
            assert len(cases[rule]["passes"]) >= 4, (language, rule)


@pytest.mark.parametrize(("language", "rule", "text", "mention"), of_rules("caught"))
def test_what_must_not_be_said_is_caught_with_its_exact_words(
    language: str, rule: str, text: str, mention: str
) -> None:
    plain = text.replace("«", "").replace("»", "")
    phrases = [f.phrase for f in findings(plain, language, mention) if f.rule == rule]
    assert phrases, f"{rule} did not see it"
    assert all(phrase in plain for phrase in phrases)
    if "«" in text:
        assert text[text.index("«") + 1 : text.index("»")] in phrases


@pytest.mark.parametrize(("language", "rule", "text", "mention"), of_rules("passes"))
def test_what_only_sounds_alike_passes(language: str, rule: str, text: str, mention: str) -> None:
    found = findings(text, language, mention)
    assert [f for f in found if f.rule == rule] == []
    assert [f for f in found if f.verdict is Verdict.BLOCK] == []


@pytest.mark.parametrize(("language", "text"), [(x, text) for x in CASES for text in CASES[x]["good"]])
def test_a_good_reply_is_not_stopped(language: str, text: str) -> None:
    assert findings(text, language) == ()


@pytest.mark.parametrize(
    ("language", "rule", "text", "mention"), [c for c in of_rules("caught") if c[1] in {"W7", "W9"}]
)
def test_english_phrases_and_those_of_the_script_are_looked_for_in_every_reply(
    language: str, rule: str, text: str, mention: str
) -> None:
    plain = text.replace("«", "").replace("»", "")
    # The reply says that it is English: a foreign sentence in it is caught all the same.
    assert rule in {f.rule for f in findings(plain, "en", mention)}


@pytest.mark.parametrize(
    "spelled",
    [
        "We will s\u200bu\u200be you",
        "We will s\u00adue you",
        "We will \u202esue\u202c you",
        "We will ѕuе you",
        "Ｗｅ ｗｉｌｌ ｓｕｅ ｙｏｕ",
        "We will s u e you",
        "We will s.u.e. you",
        "We WiLL sUE yOU",
        "We will $ue you",
        "𝓦𝓮 𝔀𝓲𝓵𝓵 𝓼𝓾𝓮 𝔂𝓸𝓾",
        "Ⓦⓔ ⓦⓘⓛⓛ ⓢⓤⓔ ⓨⓞⓤ",
        "We will 🅂🅄🄴 you",
        "We will sué yöu",
        "We  will,\n sue — you",
        "We will ꜱᴜᴇ you",
        "We will sυe you",
    ],
)
def test_no_spelling_hides_a_threat(spelled: str) -> None:
    assert "W9" in rules(spelled)


@pytest.mark.parametrize(
    ("language", "spelled", "rule"),
    [
        ("en", "Use c0de SORRY for a d1sc0unt c0de on your next order", "W7"),
        ("tr", "AVUKATLARIMIZ SİZİNLE GÖRÜŞECEK", "W9"),
        ("tr", "avukatlarimiz sizinle gorusecek", "W9"),
        ("tr", "Avukatlarımız sizinle görüşecek", "W9"),
        ("ar", "سـنـقـاضـيـك", "W9"),
        ("ar", "سَنُقَاضِيكَ", "W9"),
        ("ar", "هذه اِدعاءات كاذبه", "W8"),
        ("ur", "ہمارے وكيل آپ سے رابطہ کریں گے", "W9"),
        ("ur", "ہم عد\u200cالت جائیں گے", "W9"),
        ("hi", "हम आप पर मुक़दमा करेंगे", "W9"),
        ("hi", "हम आप पर मु\u200dकदमा करेंगे", "W9"),
        ("hi", "यह बेबुनियाद इलजाम और झूठ है, ऐसा कभी हुआ ही नही", "W8"),
        ("hi", "आपको शर्तें पढनी चाहिये थी", "W8"),
        ("tl", "KAKASUHAN NAMIN KAYO", "W9"),
        ("es", "TE VAMOS A DEMANDAR", "W9"),
        ("es", "Descubre nuestra nueva coleccion", "W7"),
    ],
)
def test_case_marks_and_letter_variants_of_each_language_change_nothing(
    language: str, spelled: str, rule: str
) -> None:
    assert rule in rules(spelled, language)


def test_a_sentence_of_single_letters_is_blocked_because_nobody_can_check_it() -> None:
    found = findings("w e w i l l s u e y o u", "en")
    assert [f.rule for f in found if f.verdict is Verdict.BLOCK] == ["C1"]


def test_a_phrase_is_quoted_as_it_was_written() -> None:
    quoted = [f.phrase for f in findings("Sorry. We will s\u200b u e yöu!", "en") if f.rule == "W9"]
    assert quoted == ["will s\u200b u e yöu"]


def test_in_private_a_kind_word_about_the_review_passes_but_never_for_a_gift() -> None:
    asks = "Would you consider updating your review? Thank you, and sorry again."
    assert findings(asks, "en", public=False) == ()
    gift = "Would you consider updating your review? We would refund you."
    assert "L1" in {f.rule for f in findings(gift, "en", public=False)}


def test_a_customer_fact_from_their_own_post_may_be_repeated() -> None:
    text = "Thank you, and sorry about your order."
    assert [f.rule for f in findings(text, "en", "My order never arrived")] == []
    assert [f.rule for f in findings(text, "en", "You are terrible")] == ["L3"]


def test_a_new_language_is_one_phrase_file() -> None:
    book = read(
        "xx", {"words": {"thing": "ka|ko"}, "W9": {"find": ["{thing} ... zum*"], "except": ["ka nie zum*"]}}
    )
    text = Folded("Ka one two ZÜMBA")
    assert [(section.rule, start, end) for section, start, end in book.hits(text)] == [("W9", 0, 16)]


@pytest.mark.parametrize("wrong", ["(a|b", "a)", "(a|)", "...", "a ...", "{missing} a", "*", "a*b", ""])
def test_a_broken_phrase_is_named(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"phrase|group|gap|word|stands"):
        read("xx", {"W9": {"find": [wrong]}})


def test_a_table_that_is_not_understood_is_named() -> None:
    with pytest.raises(ValueError, match=r"W9.*exept"):
        read("xx", {"W9": {"find": ["a"], "exept": ["b"]}})


@pytest.mark.parametrize("inside", ["नाकरदोष", "लोगोंकर दो", "कर दोगे", "अकर दो"])
def test_a_phrase_is_never_found_inside_a_devanagari_word(inside: str) -> None:
    book = read("xx", {"W9": {"find": ["कर .. दो", "करदो"]}})
    assert list(book.hits(Folded(inside))) == []
    assert list(book.hits(Folded("अब कर ही दो।")))


def test_a_check_makes_only_the_books_it_needs() -> None:
    code = (
        "from bot.checks import Checked, check; from bot.checks.phrasebook import book;"
        "check(Checked('Thanks for telling us, we are sorry for all that.', 'en', mention_language='en'));"
        "print(book.cache_info().currsize)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "1"


def test_the_rules_are_named_once_each() -> None:
    assert len(set(RULES)) == len(RULES)
    assert {"L1", "L2", "L4", "L11", "L12", "W7", "W8", "W9", "W12", "W13", "C1"} <= set(RULES)


@given(st.text(max_size=300), st.sampled_from([*languages(), "nl", "und"]))
def test_no_text_breaks_a_check_and_every_quote_is_from_it(text: str, language: str) -> None:
    for finding in check(Checked(text, language, mention_text=text, mention_language=language)):
        assert finding.rule in RULES
        assert finding.phrase in text
        assert finding.says


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing_more_and_every_letter_knows_its_place(text: str) -> None:
    folded = Folded(text)
    assert len(folded.origins) == len(folded.folded)
    assert folded.origins == sorted(folded.origins)
    assert fold(text) == folded.folded
