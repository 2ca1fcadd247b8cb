"""The writer without a model: whom it speaks to and of what, what it never says, what it admits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from adapters.llm.offline import OfflineWriter
from bot.checks import Checked, check
from bot.domain.draft import Purpose
from bot.domain.language import detect
from bot.ports import Brief
from tests.builders import protocol

LANGUAGES = ("en", "es", "tr", "ur", "ar")
TOPICS = tuple(protocol().parts["en"].topics)
TALKED = (Purpose.ANSWER, Purpose.NEXT_MESSAGE, Purpose.PRIVATE_REPLY, Purpose.HOLDING)
OTHERS = ("question", "unclear", "misdirected", "impersonation", "troll")
#: Every purpose and kind the protocol has sentences for, with a topic where it speaks of one.
KINDS = [
    *((purpose, "complaint", topic) for purpose in TALKED for topic in TOPICS),
    *((Purpose.ANSWER, category, "") for category in OTHERS),
    (Purpose.FOLLOW_UP, "complaint", ""),
    (Purpose.THANKS, "praise", ""),
]
STYLES = ("", *protocol().styles)


@pytest.fixture
def writer() -> OfflineWriter:
    return OfflineWriter(protocol())


def brief(**changes: Any) -> Brief:
    fields: dict[str, Any] = {
        "case_id": "square:1",
        "purpose": Purpose.ANSWER,
        "language": "en",
        "mention": "my bread was late",
        "category": "complaint",
        "topics": ("late_delivery",),
        "name": "Ada",
        "private": False,
    }
    return Brief(**(fields | changes))


def a_kind(purpose: Purpose, category: str, topic: str, **changes: Any) -> Brief:
    private = purpose is Purpose.PRIVATE_REPLY
    topics = (topic,) if topic else ()
    return brief(purpose=purpose, category=category, topics=topics, private=private, **changes)


def findings(text: str, asked: Brief) -> list[str]:
    rules = protocol()
    found = check(
        Checked(
            text=text,
            language=asked.language,
            purpose=asked.purpose.value,
            public=not asked.private,
            mention_language=asked.language,
            author_name=asked.name or "",
            complaint=asked.category == "complaint",
            never_say=rules.never_say,
            allowed_promises=rules.allowed_promises,
            own_contacts=rules.own_contacts,
        )
    )
    return [f"{f.rule} {f.verdict}: {f.phrase or f.says}" for f in found]


def alike(texts: list[str]) -> list[tuple[str, str]]:
    kept: list[str] = []
    near: list[tuple[str, str]] = []
    for text in texts:
        other = next((k for k in kept if fuzz.ratio(text, k, score_cutoff=90)), None)
        if other is None:
            kept.append(text)
        else:
            near.append((text, other))
    return near


# --- what it says


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("style", STYLES)
def test_nothing_it_can_write_is_stopped_by_a_check(writer: OfflineWriter, language: str, style: str) -> None:
    stopped: list[str] = []
    for purpose, category, topic in KINDS:
        for variant in range(4):
            asked = a_kind(purpose, category, topic, language=language, variant=variant, instruction=style)
            stopped += findings(writer.compose(asked).text, asked)
    assert stopped == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("purpose", "category", "topic"), [
    (Purpose.ANSWER, "complaint", "late_delivery"), (Purpose.NEXT_MESSAGE, "complaint", "app"),
    (Purpose.PRIVATE_REPLY, "complaint", "payment"), (Purpose.HOLDING, "complaint", "hygiene"),
    (Purpose.FOLLOW_UP, "complaint", ""), (Purpose.THANKS, "praise", ""),
    *((Purpose.ANSWER, category, "") for category in OTHERS),
])  # fmt: skip
def test_hundreds_of_people_get_words_of_their_own(
    writer: OfflineWriter, language: str, purpose: Purpose, category: str, topic: str
) -> None:
    asked = a_kind(purpose, category, topic, language=language, name=None)
    texts = [writer.compose(replace(asked, variant=v)).text for v in range(200)]
    assert len(texts) - len(alike(texts)) >= 170


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", TOPICS)
def test_it_speaks_of_what_went_wrong_in_the_language_of_the_mention(
    writer: OfflineWriter, language: str, topic: str
) -> None:
    written = writer.compose(brief(language=language, topics=(topic,)))
    assert any(line in written.text for line in protocol().parts[language].topics[topic])
    assert written.language == language
    assert detect(written.text)[0] == language


def test_it_speaks_of_two_topics_and_of_no_third(writer: OfflineWriter) -> None:
    text = writer.compose(brief(topics=("app", "payment", "noise"))).text
    lines = protocol().parts["en"].topics
    assert [any(line in text for line in lines[t]) for t in ("app", "payment", "noise")] == [
        True,
        True,
        False,
    ]


def test_a_topic_it_has_no_words_for_is_met_in_general(writer: OfflineWriter) -> None:
    text = writer.compose(brief(topics=("spaceships",))).text
    assert any(line in text for line in protocol().parts["en"].topics["general"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_greets_by_name_where_there_is_one_and_plainly_where_not(
    writer: OfflineWriter, language: str
) -> None:
    for variant in range(12):
        asked = brief(language=language, variant=variant, name="Zeynep")
        assert "Zeynep" in writer.compose(asked).text.splitlines()[0]
        plain = writer.compose(replace(asked, name=None)).text
        assert plain.splitlines()[0] in protocol().parts[language].greeting


@given(st.text(max_size=60))
def test_a_name_never_brings_a_line_or_a_hidden_character_with_it(name: str) -> None:
    text = OfflineWriter(protocol()).compose(brief(name=name)).text
    plain = OfflineWriter(protocol()).compose(brief(name="Ada")).text
    assert text.count("\n") == plain.count("\n")
    assert all(c.isprintable() or c == "\n" for c in text)


@given(st.text(min_size=8, max_size=200))
def test_no_word_of_the_mention_reaches_the_reply(said: str) -> None:
    writer = OfflineWriter(protocol())
    thread = (said, f"{{company}} {said}")
    assert writer.compose(brief(mention=said, thread=thread)) == writer.compose(brief(mention="x"))


async def test_the_same_brief_gives_the_same_words(writer: OfflineWriter) -> None:
    assert await writer.write(brief(variant=99)) == await writer.write(brief(variant=99))


def test_it_says_that_no_model_is_configured(writer: OfflineWriter) -> None:
    written = writer.compose(brief())
    assert written.by == "offline"
    assert written.note == "no model is configured: this draft is composed from the protocol's own sentences"


# --- not the same text to a third person


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_others_were_sent_is_avoided(writer: OfflineWriter, language: str) -> None:
    sent: list[str] = []
    for _ in range(40):
        text = writer.compose(brief(language=language, avoid=tuple(sent), variant=7)).text
        assert not any(fuzz.ratio(text, other) >= 90 for other in sent)
        sent.append(text)


def test_when_every_wording_was_sent_it_says_so(writer: OfflineWriter) -> None:
    everything = tuple(writer.compose(brief(variant=v)).text for v in range(900))
    written = writer.compose(brief(avoid=everything))
    assert "every wording is near to what others were sent" in written.note
    assert written.text


# --- what it is asked to change


@pytest.mark.parametrize("language", LANGUAGES)
def test_shorter_is_shorter_and_still_thanks_and_apologises(writer: OfflineWriter, language: str) -> None:
    longer = writer.compose(brief(language=language, topics=("app", "price")))
    shorter = writer.compose(brief(language=language, topics=("app", "price"), instruction="shorter"))
    parts = protocol().parts[language]
    assert len(shorter.text) < 0.8 * len(longer.text)
    assert any(line in shorter.text for line in parts.thanks)
    assert any(line in shorter.text for line in parts.apology)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("style", "part"), [
    ("warmer", "warm"), ("ask_for_details", "details"), ("more_formal", "formal_closing"),
])  # fmt: skip
def test_each_style_brings_its_own_words(writer: OfflineWriter, language: str, style: str, part: str) -> None:
    lines = getattr(protocol().parts[language], part)
    plain, styled = (
        writer.compose(brief(language=language)),
        writer.compose(brief(language=language, instruction=style)),
    )
    assert any(line in styled.text for line in lines)
    assert not any(line in plain.text for line in lines)
    assert styled.note == plain.note


@pytest.mark.parametrize(("instruction", "part"), [
    ("Please drop the apology", "apology"), ("without the signature", "signature"),
    ("no greeting please", "greeting_named"),
    ("sin la firma, por favor", "signature"), ("quita el saludo", "greeting_named"),
    ("selamı çıkar", "greeting_named"), ("imza olmadan", "signature"),
    ("دستخط ہٹا دیں", "signature"), ("بدون توقيع", "signature"), ("احذف الاعتذار", "apology"),
])  # fmt: skip
def test_what_is_to_be_left_out_is_left_out(writer: OfflineWriter, instruction: str, part: str) -> None:
    parts = protocol().parts["en"]
    # The company's bare name is a signature too, and may stand in other words.
    lines = [
        line.replace("{company}", "Brightloaf Bakery").replace("{name}", "Ada")
        for line in getattr(parts, part)
    ]
    text = writer.compose(brief(instruction=instruction)).text
    assert not any(line in text for line in lines)


@pytest.mark.parametrize(
    "instruction", ["make it shorter", "más corto", "daha kısa yaz", "مختصر کریں", "اجعله أقصر من فضلك"]
)
def test_shorter_is_understood_in_five_languages(writer: OfflineWriter, instruction: str) -> None:
    assert len(writer.compose(brief(instruction=instruction)).text) < len(writer.compose(brief()).text)


@pytest.mark.parametrize("instruction", [
    "mention that our Mill Lane shop closes at six", "ofrece un descuento", "not shorter, longer",
    "say it in French",
    "{company}", "don't make it formal", "<b>bold</b>",
])  # fmt: skip
def test_what_it_cannot_do_it_says_and_never_writes_into_the_reply(
    writer: OfflineWriter, instruction: str
) -> None:
    written = writer.compose(brief(instruction=instruction))
    assert written.note.startswith("no model is configured, so the instruction could not be followed: ")
    assert instruction in written.note
    assert written.text == writer.compose(brief()).text


def test_what_it_can_do_in_part_it_does_and_says_which(writer: OfflineWriter) -> None:
    written = writer.compose(brief(instruction="shorter, and mention the mayor"))
    assert "only this was followed: shorter" in written.note
    assert "mayor" not in written.text


def test_a_very_long_instruction_leaves_a_note_that_fits_a_card(writer: OfflineWriter) -> None:
    assert len(writer.compose(brief(instruction="tell them " * 100, language="lv")).note) <= 300


def test_another_version_is_another_one(writer: OfflineWriter) -> None:
    first = writer.compose(brief())
    again = writer.compose(brief(instruction="another version", previous=first.text))
    assert fuzz.ratio(first.text, again.text) < 90


def test_a_redraft_never_gives_the_very_same_text_back(writer: OfflineWriter) -> None:
    first = writer.compose(brief())
    assert writer.compose(brief(instruction="tell a joke", previous=first.text)).text != first.text


# --- what a desk answered


@pytest.mark.parametrize(("language", "answer"), [
    ("en", "The oven in Mill Lane was out of order this morning and is working again"),
    ("es", "El horno de la tienda estaba averiado esta mañana y ya funciona otra vez"),
    ("tr", "Fırın bu sabah bozuktu ve şimdi yeniden çalışıyor"),
    ("ur", "آج صبح تندور خراب تھا اور اب دوبارہ کام کر رہا ہے"),
    ("ar", "كان الفرن معطلا هذا الصباح وهو يعمل الآن من جديد"),
])  # fmt: skip
def test_the_desks_answer_is_told_in_a_sentence_of_its_own(
    writer: OfflineWriter, language: str, answer: str
) -> None:
    written = writer.compose(brief(language=language, answer=answer))
    assert answer in written.text
    assert not any(line in written.text for line in protocol().parts[language].next)


def test_an_answer_in_another_language_is_left_to_a_person(writer: OfflineWriter) -> None:
    written = writer.compose(brief(language="tr", answer="The oven was out of order this morning"))
    assert "oven" not in written.text
    assert "the desk's answer is not in Turkish" in written.note


def test_braces_in_a_desks_answer_stay_as_they_are(writer: OfflineWriter) -> None:
    answer = "The form asks for {name} and {company}, and that was the mistake."
    assert answer in writer.compose(brief(answer=answer)).text


# --- languages, lengths, statements


@pytest.mark.parametrize(
    ("language", "words"), [("lv", "there are no sentences in Latvian"), ("und", "is not known")]
)
def test_a_language_without_sentences_is_answered_in_the_teams_own_and_said_so(
    writer: OfflineWriter, language: str, words: str
) -> None:
    written = writer.compose(brief(language=language))
    assert written.language == "en"
    assert words in written.note
    assert "so this is in English" in written.note


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("limit", [500, 300, 280])
def test_it_keeps_within_what_the_platform_takes(writer: OfflineWriter, language: str, limit: int) -> None:
    for purpose, category, topic in KINDS:
        asked = a_kind(purpose, category, topic, language=language, max_length=limit)
        assert len(writer.compose(asked).text) <= limit


def test_what_cannot_be_made_short_enough_is_never_cut_but_said(writer: OfflineWriter) -> None:
    written = writer.compose(brief(max_length=60))
    assert "characters too long for the platform" in written.note
    assert written.text.endswith((".", "?", "!"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_prepared_statement_is_given_word_for_word(writer: OfflineWriter, language: str) -> None:
    asked = brief(purpose=Purpose.STATEMENT, instruction="where_did_it_go", language=language)
    assert writer.compose(asked).text == protocol().statements["where_did_it_go"].text[language]


def test_a_removal_request_has_no_words_and_asks_for_none(writer: OfflineWriter) -> None:
    written = writer.compose(brief(purpose=Purpose.REMOVAL_REQUEST, private=True))
    assert "no words for a removal request" in written.note
    assert "remove" not in written.text
