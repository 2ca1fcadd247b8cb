"""What the writer without a model does with a person's wishes and a desk's answer, and what it admits."""

from __future__ import annotations

from typing import Any

import pytest
from rapidfuzz import fuzz

from adapters.llm.offline import OfflineWriter
from bot.domain.draft import Purpose
from bot.ports import Brief
from tests.builders import protocol
from tests.languages import LANGUAGES


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
    ("ohne die Unterschrift bitte", "signature"), ("lass die Entschuldigung weg", "apology"),
    ("sans la signature, s'il te plaît", "signature"), ("enlève les excuses", "apology"),
    ("senza la firma, per favore", "signature"), ("togli le scuse", "apology"),
    ("sem a assinatura, por favor", "signature"), ("tire a saudação", "greeting_named"),
    ("tanggalin ang paumanhin", "apology"), ("walang pirma", "signature"),
    ("tanpa tanda tangan, tolong", "signature"), ("hapus permintaan maaf", "apology"),
    ("माफ़ी हटा दीजिए", "apology"), ("नमस्ते हटा दें", "greeting_named"), ("dhanyavaad hata do", "thanks"),
    ("bez paraksta, lūdzu", "signature"), ("izņem atvainošanos", "apology"),
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


@pytest.mark.parametrize("instruction", [
    "make it shorter", "bitte kürzer", "plus court s'il te plaît", "più corto per favore",
    "más corto", "mais curto, por favor", "tolong lebih singkat", "lūdzu, īsāk",
    "paikliin mo", "mas maikli po", "इसे छोटा कीजिए", "thoda chhota karo",
    "daha kısa yaz", "مختصر کریں", "اجعله أقصر من فضلك",
])  # fmt: skip
def test_shorter_is_understood_in_our_languages(writer: OfflineWriter, instruction: str) -> None:
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
    ("de", "Der Ofen in der Filiale war heute Morgen kaputt und läuft wieder"),
    ("fr", "Le four de la boutique était en panne ce matin et il remarche"),
    ("it", "Il forno del negozio era guasto stamattina e adesso funziona di nuovo"),
    ("pt", "O forno da loja estava avariado esta manhã e já funciona outra vez"),
    ("tl", "Sira po ang pugon namin kaninang umaga at gumagana na ulit ngayon"),
    ("id", "Oven di toko itu rusak tadi pagi dan sekarang sudah bisa dipakai lagi"),
    ("hi", "आज सुबह भट्ठी खराब थी और अब फिर से चल रही है"),
    ("lv", "Krāsns veikalā šorīt bija sabojājusies un tagad atkal darbojas"),
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


def test_a_sentence_without_its_end_gets_the_one_of_its_language(writer: OfflineWriter) -> None:
    answer = "आज सुबह भट्ठी खराब थी और अब फिर से चल रही है"
    assert f"{answer}। " in writer.compose(brief(language="hi", answer=answer)).text
    assert "।।" not in writer.compose(brief(language="hi", answer=f"{answer}।")).text


def test_an_answer_in_another_language_is_left_to_a_person(writer: OfflineWriter) -> None:
    written = writer.compose(brief(language="tr", answer="The oven was out of order this morning"))
    assert "oven" not in written.text
    assert "the desk's answer is not in Turkish" in written.note


def test_braces_in_a_desks_answer_stay_as_they_are(writer: OfflineWriter) -> None:
    answer = "The form asks for {name} and {company}, and that was the mistake."
    assert answer in writer.compose(brief(answer=answer)).text
