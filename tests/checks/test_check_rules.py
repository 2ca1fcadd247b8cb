"""The rules that are not about phrases: who must agree, what is missing, hidden, or said before."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks import Checked, alike, bands, check, fingerprint
from bot.domain.assessment import Risk
from bot.domain.draft import Verdict

CASES = Path(__file__).parent / "cases"
KIND = (
    "Thank you for telling us, and we are very sorry. We look into it now; please send us a direct message."
)


def verdicts(text: str = KIND, language: str = "en", **known: Any) -> dict[str, Verdict]:
    known.setdefault("mention_language", language)
    reply = Checked(text=text, language=language, **known)
    return {finding.rule: finding.verdict for finding in check(reply)}


# --- law ---


def test_the_third_public_reply_needs_a_manager() -> None:
    assert verdicts(public_replies=1) == {}
    (finding,) = check(Checked(KIND, "en", mention_language="en", public_replies=2))
    assert (finding.rule, finding.verdict, finding.role) == ("L11", Verdict.SECOND, "manager")
    assert verdicts(public_replies=5, public=False) == {}


@pytest.mark.parametrize("risk", [risk.value for risk in Risk])
def test_a_dangerous_matter_needs_a_second_person(risk: str) -> None:
    (finding,) = check(Checked(KIND, "en", mention_language="en", risks=frozenset({risk})))
    assert (finding.rule, finding.verdict, finding.role) == ("L12", Verdict.SECOND, "")
    assert risk.replace("_", " ") in finding.says


# --- tone ---


def test_an_answer_to_a_complaint_says_sorry_and_thanks() -> None:
    assert verdicts("We are looking into it now, all of us.") == {"W2": Verdict.WARN, "W5": Verdict.WARN}
    assert verdicts("We are looking into it now, all of us.", complaint=False) == {}
    assert verdicts("We are looking into it now, all of us.", purpose="next_message") == {}


@pytest.mark.parametrize("text", [f"WE ARE REALLY LOOKING. {KIND}", f"{KIND}!!!"])
def test_shouting_is_questioned(text: str) -> None:
    assert verdicts(text) == {"W1": Verdict.WARN}


def test_an_abbreviation_is_no_shouting() -> None:
    assert verdicts(f"{KIND} The NASA team. FAQ.") == {}


def test_what_the_protocol_never_says_is_blocked_with_its_words() -> None:
    reply = Checked(
        f"{KIND} As per our POLICY.", "en", mention_language="en", never_say=("per our policy", ":-)")
    )
    (finding,) = check(reply)
    assert (finding.rule, finding.verdict, finding.phrase) == ("M23", Verdict.BLOCK, "per our POLICY")
    assert verdicts(f"{KIND} Well :-)", never_say=(":-)",)) == {"M23": Verdict.BLOCK}


# --- promises and privacy ---


def test_a_promise_the_protocol_allows_needs_nobody_else() -> None:
    text = f"{KIND} You will hear from us within two days."
    assert verdicts(text) == {"L5": Verdict.SECOND}
    assert verdicts(text, allowed_promises=("hear from us within two days",)) == {}


def test_an_amount_from_their_own_post_is_no_promise() -> None:
    text = f"{KIND} That you paid €45 twice is not right."
    assert verdicts(text) == {"L5": Verdict.SECOND}
    assert verdicts(text, mention_text="They took €45 twice from me") == {}


def test_an_address_in_public_must_be_the_companys_own() -> None:
    text = f"{KIND} Our address is care@brightloaf.example or +44 20 7946 0958."
    assert verdicts(text) == {"L4": Verdict.BLOCK}
    assert verdicts(text, own_contacts=("care@brightloaf.example", "+442079460958")) == {}
    assert verdicts(text, public=False) == {}


def test_an_order_number_may_be_repeated_but_not_revealed() -> None:
    text = f"{KIND} This is about order number 77-4412."
    assert verdicts(text, mention_text="order nr. 77-4412 is late") == {}
    assert verdicts(text) == {"L3": Verdict.WARN}
    assert verdicts(text, sensitive_sector=True) == {"L3": Verdict.BLOCK}


# --- writing ---


@pytest.mark.parametrize(
    "hidden",
    list(
        "\u202e\u2066\u200b\u2060\ufeff\U000e0041\x00\x1b\u00ad\u3164\u200d\ufe0f\U000e0101\ud800\u2028\u200f"
    ),
)
def test_a_hidden_character_is_blocked_and_named_but_not_carried_on(hidden: str) -> None:
    found = check(Checked(f"Thank{hidden}s, and sorry for it all", "en", mention_language="en"))
    assert [(f.rule, f.verdict, f.phrase) for f in found] == [("C1", Verdict.BLOCK, "")]
    assert f"U+{ord(hidden):04X}" in found[0].says
    assert hidden not in found[0].says


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Thanks 👩‍👩‍👧 and sorry ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 👍🏽 1️⃣ for all of it", "en"),
        ("آپ کا شکریہ، ہم معذرت خواہ ہیں کہ کار\u200cکردگی اچھی نہیں تھی", "ur"),
        ("شكرا لك، نعتذر جدا عن ذلك \u200f(حقا)\u200f", "ar"),
        ("Thanks, and sorry:\n\n\tall of it.\r\nYes", "en"),
    ],
)
def test_what_writing_needs_unseen_is_allowed(text: str, language: str) -> None:
    assert verdicts(text, language) == {}


def test_letters_of_two_alphabets_in_a_word_are_questioned() -> None:
    (finding,) = check(Checked(f"{KIND} It is a pаrcel.", "en", mention_language="en"))
    assert (finding.rule, finding.verdict, finding.phrase) == ("C1", Verdict.WARN, "pаrcel")


def test_a_reply_fits_the_platform_and_is_not_empty() -> None:
    assert verdicts(KIND, max_length=len(KIND)) == {}
    assert verdicts(KIND, max_length=len(KIND) - 1) == {"C2": Verdict.BLOCK}
    assert verdicts(" \n ", complaint=False) == {"C2": Verdict.BLOCK}


TURKISH = "Bize yazdığınız için teşekkür ederiz, çok üzgünüz. Lütfen bize özel mesaj gönderin."
URDU = "ہمیں بتانے کا شکریہ، ہم معذرت خواہ ہیں۔ براہ کرم ہمیں نجی پیغام بھیجیں۔"
ARABIC = "شكرا لأنك أخبرتنا، ونعتذر عن كل ما حدث. راسلنا على الخاص."
SPANISH = "Gracias por contárnoslo, y lo sentimos mucho. Escríbanos un mensaje directo, por favor."


@pytest.mark.parametrize(
    ("text", "language", "theirs"),
    [
        (TURKISH, "tr", "en"),
        (KIND, "en", "tr"),
        (URDU, "ur", "ar"),
        (ARABIC, "ar", "ur"),
        (SPANISH, "es", "en"),
        (ARABIC, "ar", "es"),
        (KIND, "en", "ur"),
        (SPANISH, "es", "tr"),
    ],
)
def test_another_language_than_theirs_is_blocked(text: str, language: str, theirs: str) -> None:
    assert verdicts(text, language, mention_language=theirs) == {"W13": Verdict.BLOCK}


def test_the_language_of_the_mention_is_read_when_the_assessment_does_not_know_it() -> None:
    mention = "Siparişim üç haftadır gelmedi ve kimse cevap vermiyor, çok kötü bir hizmet"
    assert verdicts(KIND, mention_language="und", mention_text=mention) == {"W13": Verdict.BLOCK}
    assert verdicts(TURKISH, "tr", mention_language="und", mention_text=mention) == {}


def test_an_unsure_language_is_questioned() -> None:
    dutch = "Mijn bestelling is na drie weken nog steeds niet aangekomen en niemand neemt op."
    assert verdicts(KIND, mention_language="und", mention_text=dutch) == {"W13": Verdict.WARN}


def test_a_reply_in_the_script_they_do_not_write_is_questioned() -> None:
    roman = "mera order abhi tak nahi aya, bohat buri service hai"
    assert verdicts(URDU, "ur", mention_language="ur", mention_text=roman) == {"W13": Verdict.WARN}


def test_hindi_in_latin_letters_is_answered_so_or_the_approver_looks_at_it() -> None:
    roman = "mera order abhi tak nahi aaya, bahut kharab service hai"
    same = "Batane ke liye dhanyavaad, aur hum maafi chahte hain. Kripya hamein direct message kijiye."
    other = "बताने के लिए धन्यवाद, और हम क्षमा चाहते हैं। कृपया हमें डायरेक्ट मैसेज कीजिए।"
    assert verdicts(same, "hi", mention_text=roman) == {}
    assert verdicts(other, "hi", mention_text=roman) == {"W13": Verdict.WARN}
    assert verdicts(f"{same} Ye aapki galti hai.", "hi", mention_text=roman) == {"W8": Verdict.BLOCK}


def test_urdu_letters_for_a_mention_that_may_be_hindi_or_urdu_are_questioned_not_blocked() -> None:
    roman = "mera order abhi tak nahi aaya aur koi phone nahi uthata"
    assert verdicts(URDU, "ur", mention_language="und", mention_text=roman) == {"W13": Verdict.WARN}
    assert verdicts(URDU, "ur", mention_language="hi", mention_text=roman) == {"W13": Verdict.WARN}
    devanagari = "मेरा ऑर्डर अभी तक नहीं आया और कोई फोन नहीं उठाता।"
    assert verdicts(URDU, "ur", mention_language="hi", mention_text=devanagari) == {"W13": Verdict.BLOCK}


def test_what_the_protocol_never_says_is_found_in_devanagari_too() -> None:
    text = "बताने के लिए धन्यवाद, और क्षमा कीजिए। शान्ति बनाए रखें।"
    assert verdicts(text, "hi", never_say=("शान्ति बनाए",)) == {"M23": Verdict.BLOCK}
    assert verdicts(text, "hi", never_say=("शान्त",)) == {}


def test_a_language_without_phrases_needs_a_second_reader() -> None:
    text = "Bedankt voor uw bericht. Het spijt ons, en we gaan er meteen naar kijken."
    assert verdicts(text, "nl", complaint=False) == {"C3": Verdict.SECOND}


# --- sameness ---

TEMPLATE = (
    "Dear {name}, thank you for telling us about this. We are very sorry that you waited {n} days for it, "
    "and that nobody {verb} the phone. That is not how it should be, and the team is looking into it now."
)
MARIA = TEMPLATE.format(name="Maria", n=3, verb="answered")
TOM = TEMPLATE.format(name="Tom Baker", n=12, verb="picked up")
ANA = TEMPLATE.format(name="Ana", n=7, verb="answered").replace("very sorry", "sorry")
OWN = (
    "Hello Iris! Reading how your cake arrived made us wince. "
    "Thank you for the photo; we are sorry about the day."
)


def test_the_third_person_gets_words_of_their_own() -> None:
    text = MARIA + " Please write us a direct message."
    assert "W12" not in verdicts(MARIA, similar=(TOM,), author_name="Maria")
    assert verdicts(MARIA, similar=(TOM, ANA), author_name="Maria") == {"W12": Verdict.BLOCK}
    assert "W12" not in verdicts(text, similar=(TOM, OWN), author_name="Maria")
    assert "W12" not in verdicts(MARIA, similar=(TOM, ANA), author_name="Maria", prepared=True)


def test_a_disguised_template_is_the_same_text() -> None:
    assert alike(MARIA, TOM.upper())
    assert alike(MARIA, ANA.replace("o", "о").replace("a", "а"))  # Cyrillic
    assert not alike(MARIA, OWN)
    assert not alike("", "")


@pytest.mark.parametrize(
    "other", [TOM, ANA, MARIA.upper(), MARIA.replace("Dear Maria", "Hi"), f"@maria {MARIA}"]
)
def test_nearly_the_same_texts_share_a_band(other: str) -> None:
    ours, theirs = bands(fingerprint(MARIA, "Maria")), bands(fingerprint(other, ""))
    assert any(a == b for a, b in zip(ours, theirs, strict=True))
    assert alike(MARIA, other)


def test_a_word_or_two_changed_anywhere_is_still_found() -> None:
    words = MARIA.split()
    missed = 0
    for i in range(1, len(words) - 1):
        changed = " ".join((*words[:i], "quite", *words[i + 1 : -1], "soon."))
        shared = set(enumerate(bands(fingerprint(MARIA)))) & set(enumerate(bands(fingerprint(changed))))
        missed += not shared
        assert alike(MARIA, changed)
    assert missed == 0


def test_other_texts_seldom_share_a_band() -> None:
    cases = [tomllib.loads(path.read_text(encoding="utf-8")) for path in CASES.glob("*.toml")]
    texts = [text for case in cases for text in case["good"]]
    pairs = [(a, b) for i, a in enumerate(texts) for b in texts[:i]]
    shared = [p for p in pairs if set.intersection(*(set(enumerate(bands(fingerprint(x)))) for x in p))]
    assert len(shared) / len(pairs) <= 0.03
    assert not [pair for pair in pairs if alike(*pair)]


@given(st.text(max_size=300), st.text(max_size=20))
def test_a_fingerprint_is_64_bits_and_always_the_same(text: str, name: str) -> None:
    bits = fingerprint(text, name)
    assert bits == fingerprint(text, name)
    assert 0 <= bits < 2**64
    first, second, third, fourth = bands(bits)
    assert first << 48 | second << 32 | third << 16 | fourth == bits


def test_findings_come_worst_first() -> None:
    found = check(Checked("WE WILL SUE you within two days", "en", mention_language="en", public_replies=2))
    order = [Verdict.BLOCK, Verdict.SECOND, Verdict.WARN]
    assert [order.index(f.verdict) for f in found] == sorted(order.index(f.verdict) for f in found)
    assert {f.verdict for f in found} == set(order)


@pytest.mark.parametrize(
    "piece", ["a", "1,", "A ", "s u e ", "change your review ", "\u200b", "aа", "a\u0301", "a at "]
)
def test_a_text_made_to_be_slow_is_checked_like_any_other(piece: str) -> None:
    text = piece * (10_000 // len(piece))
    assert check(
        Checked(text, "en", mention_language="en", mention_text=text, similar=(text, text), max_length=10)
    )
