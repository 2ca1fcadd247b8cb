"""Which language a text is in: those we know are told, the rest is honestly unknown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.language import NAMES, READ, detect, script, script_of

TOLD = {
    file.stem: file.read_text(encoding="utf-8").splitlines()
    for file in sorted((Path(__file__).parent / "complaints").glob("*.txt"))
}
NOT_OURS = [
    "Mijn bestelling is nog steeds niet aangekomen en niemand neemt op.",
    "Slechtste service ooit, ik wil mijn geld terug",
    "Al drie weken wachten en nog steeds niets",
    "Min bestilling er stadig ikke kommet, og ingen tager telefonen.",
    "Bestillingen min har fortsatt ikke kommet, og ingen svarer.",
    "Pesanan saya masih belum sampai dan tiada siapa yang menjawab telefon.",
    "Perkhidmatan paling teruk, saya nak balik duit saya",
    "Mano užsakymas dar neatvyko, ir niekas neatsako telefonu.",
    "Blogiausias aptarnavimas, noriu savo pinigų atgal",
    "Minu tellimus pole ikka veel kohale jõudnud ja keegi ei vasta.",
    "Wala pa gyud miabot ang akong order ug walay nitubag sa telepono.",
    "Pangit kaayo ang serbisyo, ibalik ang akong kuwarta",
    "Saan ti simmangpet ti order ko ken awan ti sumungbat",
    "माझी ऑर्डर अजून आली नाही आणि कोणीही फोन उचलत नाही.",
    "खूप वाईट सेवा, मला माझे पैसे परत हवे आहेत",
    "ब्रेड मिळाला नाही",
    "मेरो अर्डर अझै आएको छैन र कसैले फोन उठाउँदैन।",
    "एकदम नराम्रो सेवा, मेरो पैसा फिर्ता दिनुहोस्",
    "हमार ऑर्डर अबहीं ले नइखे आइल",
    "Мой заказ так и не пришёл, и никто не отвечает.",
    "سفارش من هنوز نرسیده است و هیچ کس جواب نمی‌دهد",
    "我的订单还没到",
    "Comanda mea nu a ajuns și nimeni nu răspunde la telefon.",
    "Vreau banii înapoi, pâinea era rece și tare",
    "O meu pedido aínda non chegou e ninguén colle o teléfono.",
    "A miña comanda leva dúas semanas de atraso, isto é unha vergoña.",
    "La meva comanda encara no ha arribat i ningú no respon.",
    "El pitjor servei de la meva vida, vull que em tornin els diners",
    "O meu pedido aínda non chegou e ninguén colle o teléfono.",
    "Sifarişim hələ gəlməyib və heç kim cavab vermir.",
    "Min beställning har inte kommit och ingen svarar.",
    "12345 :( !!!",
    "https://example.com/the-worst-service @nobody #fail",
    "",
]


@pytest.mark.parametrize(("language", "text"), [(x, text) for x, texts in TOLD.items() for text in texts])
def test_a_complaint_in_a_language_of_ours_is_told(language: str, text: str) -> None:
    assert detect(text)[0] == language


@pytest.mark.parametrize("text", NOT_OURS)
def test_another_language_is_never_taken_for_one_of_ours(text: str) -> None:
    assert detect(text) == ("und", 0.0)


def test_a_few_sentences_are_clear_and_one_word_is_not() -> None:
    for language, texts in TOLD.items():
        assert detect(" ".join(texts))[1] >= 0.8, language
    assert detect("Hello")[1] < 0.8


@pytest.mark.parametrize(("text", "language"), [
    ("mera order abhi tak nahi aya aur bahut galat jawab mila", "hi"),
    ("mera order abhi tak nahi aya aur koi phone nahi uthata", "hi"),
    ("mera order abhi tak nahi aya aur bohat ghalat jawab mila", "ur"),
    ("Assalam o alaikum, mujhay meri roti nahi mili", "ur"),
])  # fmt: skip
def test_hindi_and_urdu_in_latin_letters_are_told_where_a_word_tells_them(text: str, language: str) -> None:
    assert detect(text)[0] == language


@pytest.mark.parametrize(("text", "language"), [
    ("sobrang tagal ng delivery niyo, 2 hours late na, hindi pa sumasagot ang customer service", "tl"),
    ("super disappointed ako sa service nyo today, ang tagal ng order namin", "tl"),
    ("Worst service, mera order 2 ghante late aaya aur delivery boy ne badtameezi ki", "hi"),
])  # fmt: skip
def test_english_words_in_a_frame_of_another_language_do_not_make_it_english(
    text: str, language: str
) -> None:
    assert detect(text)[0] == language


def test_dots_that_people_leave_out_of_devanagari_make_no_difference() -> None:
    assert detect("मैं हफ़्तों से पूछ रहा हूँ")[0] == detect("मैं हफ्तों से पूछ रहा हूं")[0] == "hi"


def test_names_and_links_do_not_decide() -> None:
    assert detect("@the_best_service https://the.example/and/the/of Siparişim gelmedi, neden?")[0] == "tr"


def test_the_script_is_the_one_of_most_letters() -> None:
    assert script("Brightloaf کی سروس بہت خراب ہے") == "Arabic"
    assert script("Привет") == "Cyrillic"
    assert script("नमस्ते") == "Devanagari"
    assert script("12 !") == ""
    assert {x: script_of(x) for x in ("en", "ar", "ur", "hi", "tr")} == {
        "en": "Latin", "ar": "Arabic", "ur": "Arabic", "hi": "Devanagari", "tr": "Latin",
    }  # fmt: skip


def test_there_are_thirteen_languages() -> None:
    assert len(NAMES) == 13


@given(st.text(max_size=400))
def test_any_text_has_an_answer(text: str) -> None:
    language, sure = detect(text)
    assert language in {*READ, "und"}
    assert 0.0 <= sure <= 1.0
