"""The reader of mentions without a model: what it sees, what it admits not to see, what it never waves by."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.triage.offline import FOLDER, OfflineClassifier
from bot.domain.assessment import Assessment, Category, Risk, Severity
from bot.domain.events import Message
from bot.domain.mention import Author
from bot.ports import Unread
from tests.builders import NOON, a_mention, protocol
from tests.languages import LANGUAGES

CLASSIFIER = OfflineClassifier()
COMPLAINTS = [
    (text, language, topic)
    for language, topics in tomllib.loads(
        (Path(__file__).parent / "topics.toml").read_text(encoding="utf-8")
    ).items()
    for topic, texts in topics.items()
    for text in texts
]


def read(text: str, **changes: Any) -> Assessment:
    return CLASSIFIER.read(a_mention(text, **changes))


def known_to(followers: int) -> Author:
    return Author(handle="ada", name="Ada Park", followers=followers)


@pytest.mark.parametrize(("text", "language", "topic"), COMPLAINTS)
def test_a_complaint_is_seen_with_what_it_is_about(text: str, language: str, topic: str) -> None:
    seen = read(text)
    assert (seen.category, seen.language) == (Category.COMPLAINT, language)
    assert seen.topics[0] == topic


@pytest.mark.parametrize(("text", "category"), [
    ("Love your sourdough, best bakery in town!", Category.PRAISE),
    ("¡Me encanta su pan, está riquísimo!", Category.PRAISE),
    ("Das beste Brot der Stadt, ich liebe eure Bäckerei, vielen Dank!", Category.PRAISE),
    ("J'adore votre pain, la meilleure boulangerie de la ville !", Category.PRAISE),
    ("Adoro il vostro pane, il miglior panificio della città, grazie mille!", Category.PRAISE),
    ("A che ora aprite la domenica?", Category.QUESTION),
    ("C'è un profilo falso che si spaccia per voi", Category.IMPERSONATION),
    ("Scusate, ho sbagliato panificio, era per un altro", Category.MISDIRECTED),
    ("siete un branco di imbecilli", Category.TROLL),
    ("Clicca qui per guadagnare soldi facili con i bitcoin", Category.SPAM),
    ("À quelle heure ouvrez-vous le dimanche ?", Category.QUESTION),
    ("Un faux compte se fait passer pour vous", Category.IMPERSONATION),
    ("Désolée, je me suis trompée de boulangerie", Category.MISDIRECTED),
    ("bande d'abrutis, allez vous faire voir", Category.TROLL),
    ("Cliquez ici pour gagner de l'argent facile avec le bitcoin", Category.SPAM),
    ("Wann macht ihr am Sonntag auf?", Category.QUESTION),
    ("Jemand hat ein Fake-Profil von euch und gibt sich als Brightloaf aus", Category.IMPERSONATION),
    ("Sorry, falsche Bäckerei markiert, das war für jemand anderen", Category.MISDIRECTED),
    ("ihr seid ein Haufen Vollidioten", Category.TROLL),
    ("Klick hier und geld verdienen mit Bitcoin, kostenlose Follower", Category.SPAM),
    ("O melhor pão da cidade, amei o atendimento, muito obrigada!", Category.PRAISE),
    ("A que horas abrem ao domingo?", Category.QUESTION),
    ("Criaram uma conta falsa que se faz passar por vocês", Category.IMPERSONATION),
    ("Desculpem, marquei a padaria errada", Category.MISDIRECTED),
    ("bando de otários", Category.TROLL),
    ("Ganhe dinheiro fácil, renda extra, clique aqui", Category.SPAM),
    ("Rotinya enak banget, pelayanannya ramah, makasih ya!", Category.PRAISE),
    ("Hari Minggu buka jam berapa ya?", Category.QUESTION),
    ("Ada akun palsu yang mengatasnamakan kalian", Category.IMPERSONATION),
    ("Maaf, saya salah tag, maksudnya toko yang di sebelah", Category.MISDIRECTED),
    ("dasar goblok kalian", Category.TROLL),
    ("Slot gacor hari ini, bonus new member, klik link di bio", Category.SPAM),
    ("Labākā maize pilsētā, ļoti garšīgi, paldies!", Category.PRAISE),
    ("Cikos jūs svētdien verat vaļā?", Category.QUESTION),
    ("Kāds izveidojis viltus kontu un uzdodas par jums", Category.IMPERSONATION),
    ("Piedodiet, sajaucu kontu, tas bija domāts citai maiznīcai", Category.MISDIRECTED),
    ("idioti tādi", Category.TROLL),
    ("Nopelni naudu bez riska, spied šeit, bezmaksas sekotāji", Category.SPAM),
    ("Ekmeğiniz harika, ellerinize sağlık", Category.PRAISE),
    ("बहुत स्वादिष्ट ब्रेड, कमाल का काम", Category.PRAISE),
    ("bahut badhiya cake tha, maza aa gaya", Category.PRAISE),
    ("आपकी दुकान रविवार को कब खुलती है?", Category.QUESTION),
    ("sunday ko kitne baje khulta hai?", Category.QUESTION),
    ("किसी ने आपके नाम से फर्जी अकाउंट बनाया है", Category.IMPERSONATION),
    ("माफ करना, गलत बेकरी को टैग कर दिया", Category.MISDIRECTED),
    ("घर बैठे पैसे कमाएँ, लिंक पर क्लिक करें", Category.SPAM),
    ("Napakasarap ng ensaymada, paborito ng buong pamilya, salamat!", Category.PRAISE),
    ("Anong oras po kayo nagbubukas tuwing Linggo?", Category.QUESTION),
    ("May gumagamit ng pangalan nyo, pekeng account yata", Category.IMPERSONATION),
    ("Ay sorry, maling panaderya ang na-tag ko", Category.MISDIRECTED),
    ("بہت مزیدار روٹی، زبردست کام", Category.PRAISE),
    ("الخبز رائع ولذيذ، شكرا لكم", Category.PRAISE),
    ("What time does the shop in Mill Lane open on Sunday?", Category.QUESTION),
    ("¿A qué hora abren los domingos?", Category.QUESTION),
    ("Pazar günü kaçta açıyorsunuz?", Category.QUESTION),
    ("اتوار کو آپ کی دکان کب کھلتی ہے؟", Category.QUESTION),
    ("متى تفتحون يوم الأحد؟", Category.QUESTION),
    ("Someone opened a fake account and asks people for their card", Category.IMPERSONATION),
    ("Adınıza sahte hesap açmışlar, dikkat edin lütfen", Category.IMPERSONATION),
    ("Sorry, I tagged the wrong bakery, this was meant for someone else", Category.MISDIRECTED),
    ("you bunch of idiots", Category.TROLL),
    ("Click here to make money fast with crypto, free followers for all", Category.SPAM),
    ("We are hiring: job opening for a baker in Wexbridge", Category.NEUTRAL),
])  # fmt: skip
def test_each_kind_is_told_from_the_others(text: str, category: Category) -> None:
    assert read(text).category is category


@pytest.mark.parametrize("text", [
    "Best bread in town, I love it, but the driver was rude",
    "Great cakes as always. Sadly the coffee was cold.",
    "great job, cold again",
    "Thanks for nothing",
    "Wow, amazing service, only three hours late this time",
    "El pan es excelente, pero llegó frío",
    "Das Brot ist super, aber die Lieferung kam schon wieder zu spät",
    "Le pain est excellent, mais la livraison est encore en retard",
    "Il pane è ottimo, ma la consegna è arrivata di nuovo in ritardo",
    "Complimenti davvero, grazie per niente",
    "Bravo, merci pour rien",
    "Na toll, wieder zwei Stunden gewartet, herzlichen Dank auch",
    "O pão é ótimo, mas a entrega atrasou de novo",
    "Rotinya enak tapi kirimannya telat lagi",
    "Maize garšīga, bet piegāde atkal kavējās",
    "Ekmek harika ama sipariş yine geç geldi",
    "ब्रेड बहुत अच्छी है मगर ऑर्डर लेट आया", "wah kya service hai, 2 ghante late",
    "Masarap ang tinapay pero ang tagal ng delivery", "galing nyo naman, late na naman", "salamat sa wala",
    "روٹی بہت اچھی ہے مگر آرڈر لیٹ آیا",
    "الخبز رائع لكن التوصيل متأخر",
    "Oh lovely, another delicious brick of a loaf. Bravo, wonderful.",
])  # fmt: skip
def test_praise_with_a_complaint_in_it_is_a_complaint(text: str) -> None:
    assert read(text).category is Category.COMPLAINT


@pytest.mark.parametrize("text", [
    "The bread is not good", "no es bueno este pan", "o pão não é bom", "rotinya gak enak",
    "šī maize nav laba",
    "Das Brot ist nicht gut", "ce pain n'est pas bon", "j'aime pas votre pain",
    "questo pane non è buono", "nn mi piace questo pane",
    "Hindi masarap ang tinapay ninyo", "Bu ekmek hiç iyi değil", "یہ روٹی اچھی نہیں ہے", "هذا الخبز ليس جيدا",
])  # fmt: skip
def test_a_not_turns_a_kind_word_round(text: str) -> None:
    assert read(text).category is Category.COMPLAINT


def test_a_not_further_off_leaves_praise_what_it_is() -> None:
    assert read("Sin exagerar, el mejor pan de la ciudad, me encanta").category is Category.PRAISE


@pytest.mark.parametrize("text", [
    "The loaf was not bad at all, thank you so much", "no problem at all, lovely people here",
])  # fmt: skip
def test_a_not_turns_a_bad_word_round(text: str) -> None:
    assert read(text).category is Category.PRAISE


@pytest.mark.parametrize(
    "text", ["Good morning @brightloaf, my order number is written above", "nice", "thanks", "ok", "🥐"]
)
def test_a_kind_word_alone_is_not_enough_to_wave_a_mention_by(text: str) -> None:
    assert read(text).category.needs_answer


@pytest.mark.parametrize(("text", "language"), [
    ("Het brood was koud en niemand antwoordt", "nl"), ("Chleb był zimny i nikt nie odpowiada", "pl"),
    ("хлеб холодный", "und"),
    ("", "und"), ("???", "und"), ("https://example.org/x", "und"), ("@brightloaf", "und"),
])  # fmt: skip
def test_what_it_cannot_read_goes_to_a_person_with_the_reason(text: str, language: str) -> None:
    declared = None if language == "und" else language
    seen = read(text, language=declared)
    assert (seen.category, seen.severity, seen.language) == (Category.UNCLEAR, Severity.MEDIUM, language)
    assert "so a person has to read it" in seen.why


def test_two_stars_in_a_language_it_cannot_read_are_a_complaint() -> None:
    assert read("Het brood was koud", language="nl", rating=2).category is Category.COMPLAINT


# --- how bad


@given(
    st.sampled_from(["late again", "I love it", "where is it?", "glass in my bread", "ok"]),
    st.integers(0, 10_000_000),
)
def test_reach_raises_and_never_lowers(text: str, followers: int) -> None:
    nobody, somebody = read(text, author=known_to(0)), read(text, author=known_to(followers))
    assert somebody.severity.rank >= nobody.severity.rank


@pytest.mark.parametrize(("followers", "severity"), [(20, "medium"), (10_000, "high"), (100_000, "critical")])
def test_a_complaint_that_many_hear_is_worse(followers: int, severity: str) -> None:
    seen = read("the rolls were cold", author=known_to(followers))
    assert seen.severity == severity
    assert ("followers" in seen.why) == (followers >= 10_000)


@pytest.mark.parametrize(("text", "severity"), [
    ("that was bad", "low"),
    ("the bread was cold", "medium"),
    ("late, cold, stale, rude and expensive, the worst", "high"),
    ("a hair in my roll", "high"),
    ("please share: stay away from this place, it is bad and slow", "high"),
])  # fmt: skip
def test_worse_words_are_worse(text: str, severity: str) -> None:
    assert read(text, language="en").severity == severity


@pytest.mark.parametrize("text", [
    "please look at my message, please",
    "please tell my friend, please, before Friday",
])  # fmt: skip
def test_please_is_no_praise(text: str) -> None:
    assert read(text, language="en").category.needs_answer


def test_please_makes_no_complaint_milder() -> None:
    seen = read("there was a bit of plastic string in my rye loaf, please tell me why", language="en")
    assert (seen.category, seen.severity) == (Category.COMPLAINT, Severity.HIGH)
    assert "kind" not in seen.why


@pytest.mark.parametrize("rating", [1, 2])
def test_few_stars_are_a_complaint_whatever_the_words(rating: int) -> None:
    assert read("good morning", rating=rating, language="en").category is Category.COMPLAINT


def test_a_kind_word_with_five_stars_is_praise() -> None:
    assert read("nice place", rating=5, language="en").category is Category.PRAISE


def said(text: str, by: str = "author", minutes: int = 5) -> Message:
    return Message.model_validate(
        {"id": str(minutes), "by": by, "text": text, "at": NOON + timedelta(minutes=minutes)}
    )


async def test_what_they_wrote_afterwards_counts_too() -> None:
    mention = a_mention("my bread was late")
    seen = await CLASSIFIER.assess(Unread(mention, [said("and now I am in hospital")]))
    assert Risk.INJURY in seen.risks
    assert "nobody has answered" in seen.why


def test_whoever_writes_again_and_again_without_an_answer_waits_less() -> None:
    mention = a_mention("the rolls were cold")
    once = CLASSIFIER.read(mention, [said("the rolls")])
    twice = CLASSIFIER.read(mention, [said("the rolls", minutes=5), said("the rolls", minutes=6)])
    assert twice.severity.rank == once.severity.rank + 1
    assert "wrote 3 times, and nobody has answered" in twice.why


def test_a_colleagues_words_are_not_read_as_the_authors() -> None:
    seen = CLASSIFIER.read(
        a_mention("Love it, best bakery!"), [said("sorry for the late delivery", by="colleague")]
    )
    assert seen.category is Category.PRAISE


@pytest.mark.parametrize(("text", "main"), [
    ("I could not get in with my wheelchair, and waited in the rain", "accessibility"),
    ("Your delivery lorry stands idling in our street every night", "noise"),
    ("The delivery driver was rude to me", "rude_staff"),
    ("My delivery came two hours late, I waited all morning", "late_delivery"),
])  # fmt: skip
def test_a_waiting_word_in_passing_is_not_what_it_is_about(text: str, main: str) -> None:
    assert read(text).topics[0] == main


def test_the_reason_is_one_plain_sentence() -> None:
    seen = read("late, cold and rude, you idiots", language="en")
    assert seen.why == "4 negative words; topics: cold or stale, rude staff, late delivery; abusive words"
    assert seen.abusive


def test_the_words_win_over_a_wrongly_declared_language() -> None:
    assert read("El pan estaba frío y nadie contesta el teléfono", language="en").language == "es"


@pytest.mark.parametrize(("declared", "language"), [
    (None, "hi"), ("en", "hi"), ("hi", "hi"), ("ur", "ur"),
])  # fmt: skip
def test_in_latin_letters_hindi_and_urdu_are_told_by_who_declares_them(
    declared: str | None, language: str
) -> None:
    seen = read("mera order abhi tak nahi aaya aur koi phone nahi uthata", language=declared)
    assert (seen.category, seen.language) == (Category.COMPLAINT, language)


@given(st.text(max_size=400), st.sampled_from([None, *LANGUAGES, "nl"]))
def test_any_text_gets_an_honest_reading(text: str, language: str | None) -> None:
    mention = a_mention(text, language=language)
    seen = CLASSIFIER.read(mention)
    assert seen.by == "offline"
    assert seen.why
    assert CLASSIFIER.provisional(mention) in Severity


def test_fifty_thousand_characters_are_read_to_the_end() -> None:
    assert Risk.SAFETY in read("bread " * 8_000 + "glass in my bread", language="en").risks


# --- the word lists


@pytest.mark.parametrize("language", [*LANGUAGES, "hi-Latn"])
def test_the_word_lists_speak_of_the_topics_and_dangers_that_the_protocol_knows(language: str) -> None:
    lists = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    assert set(lists["topics"]) | {"general"} == set(protocol().parts["en"].topics)
    assert set(lists["risks"]) == set(Risk)


@pytest.mark.parametrize("language", [*LANGUAGES, "hi-Latn", "pictures"])
def test_no_open_pattern_is_too_short_to_be_found(language: str) -> None:
    lists = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    groups = [g for g in lists.values() if isinstance(g, list)]
    groups += [g for section in ("topics", "risks") for g in lists.get(section, {}).values()]
    firsts = [
        word for group in groups for pattern in group for word in pattern.split()[0].lstrip("!").split("|")
    ]
    assert [word for word in firsts if word.endswith("*") and len(word) < 4] == []


def test_a_language_more_is_a_file_more(tmp_path: Any) -> None:
    for name in ("en", "pictures"):
        (tmp_path / f"{name}.toml").write_text(
            (FOLDER / f"{name}.toml").read_text(encoding="utf-8"), encoding="utf-8"
        )
    (tmp_path / "lv.toml").write_text('language = "lv"\nnegative = ["auksts*", "slikt*"]\n', encoding="utf-8")
    reader = OfflineClassifier(tmp_path)
    seen = reader.read(a_mention("Maize bija auksta un slikta", language="lv"))
    assert (seen.category, seen.language) == (Category.COMPLAINT, "lv")
