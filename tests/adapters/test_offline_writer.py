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
from bot.domain.language import NAMES, detect
from bot.ports import Brief
from tests.builders import protocol
from tests.languages import LANGUAGES

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


# --- languages, lengths, statements


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "there are no sentences in nl"), ("und", "is not known")]
)
def test_a_language_without_sentences_is_answered_in_the_teams_own_and_said_so(
    writer: OfflineWriter, language: str, words: str
) -> None:
    written = writer.compose(brief(language=language))
    assert written.language == "en"
    assert words in written.note
    assert "so this is in English" in written.note


@pytest.mark.parametrize(("language", "said"), [
    ("ur", "mera order abhi tak nahi aya"), ("hi", "mera order abhi tak nahi aya"),
])  # fmt: skip
def test_whoever_writes_another_script_than_we_do_is_shown_to_the_approver(
    writer: OfflineWriter, language: str, said: str
) -> None:
    theirs = writer.compose(brief(language=language, mention=said))
    assert f"they write {NAMES[language]} in Latin letters" in theirs.note
    assert theirs.language == language
    ours = writer.compose(brief(language=language, mention=protocol().parts[language].thanks[0]))
    assert "Latin letters" not in ours.note
    assert ours.text == theirs.text


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
