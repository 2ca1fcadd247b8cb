"""The dangers that take a one-click approval away (L12), seen without a model, language by language."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.triage.offline import OfflineClassifier
from bot.domain.assessment import Assessment, Risk, Severity
from tests.builders import a_mention

CLASSIFIER = OfflineClassifier()


def read(text: str, **changes: Any) -> Assessment:
    return CLASSIFIER.read(a_mention(text, **changes))


@pytest.mark.parametrize(("text", "risk"), [
    ("There was a piece of glass in my roll", Risk.SAFETY),
    ("I had to go to hospital after eating your pie", Risk.INJURY),
    ("I can't take this anymore, I want to die", Risk.SELF_HARM),
    ("I will come and burn your shop down", Risk.VIOLENCE),
    ("They refused to serve me because I am black", Risk.DISCRIMINATION),
    ("My daughter got sick and threw up all night after your cake", Risk.MINORS),
    ("Your app shows me other customers' names, what about privacy", Risk.DATA_BREACH),
    ("I am a journalist and would like a comment", Risk.PRESS),
    ("You will hear from my lawyer", Risk.LAWYER),
    ("I have reported you to the health department", Risk.REGULATOR),
    ("Encontré un trozo de cristal en el pan", Risk.SAFETY),
    ("Terminé en urgencias por una intoxicación", Risk.INJURY),
    ("Hablaré con mi abogado", Risk.LAWYER),
    ("In meinem Brötchen war ein Stück Glas", Risk.SAFETY),
    ("Nach eurem Kuchen musste ich in die Notaufnahme", Risk.INJURY),
    ("Ich kann nicht mehr, ich will nicht mehr leben", Risk.SELF_HARM),
    ("Ich komme vorbei und zünde euren Laden an", Risk.VIOLENCE),
    ("Ich wurde nicht bedient, weil ich ein Kopftuch trage", Risk.DISCRIMINATION),
    ("Meine Tochter hat nach eurer Torte die ganze Nacht erbrochen", Risk.MINORS),
    ("In der App sehe ich Bestellungen fremder Kunden, was ist mit Datenschutz?", Risk.DATA_BREACH),
    ("Ich bin Journalistin und schreibe für die Zeitung", Risk.PRESS),
    ("Sie hören von meinem Anwalt", Risk.LAWYER),
    ("Ich habe das dem Gesundheitsamt gemeldet", Risk.REGULATOR),
    ("Il y avait un morceau de verre dans ma baguette", Risk.SAFETY),
    ("J'ai fini aux urgences après votre tarte", Risk.INJURY),
    ("Je n'en peux plus, j'ai envie de mourir", Risk.SELF_HARM),
    ("Je vais mettre le feu à votre boutique", Risk.VIOLENCE),
    ("On a refusé de me servir parce que je suis noire", Risk.DISCRIMINATION),
    ("Ma fille a vomi toute la nuit après votre gâteau", Risk.MINORS),
    ("Je vois les commandes des autres clients dans l'appli", Risk.DATA_BREACH),
    ("Je suis journaliste et je prépare un article", Risk.PRESS),
    ("Vous aurez des nouvelles de mon avocat", Risk.LAWYER),
    ("J'ai fait un signalement à la DGCCRF", Risk.REGULATOR),
    ("C'era un pezzo di vetro nel panino", Risk.SAFETY),
    ("Sono finita al pronto soccorso dopo la vostra torta", Risk.INJURY),
    ("Non ce la faccio più, voglio morire", Risk.SELF_HARM),
    ("Vengo lì e vi spacco la vetrina", Risk.VIOLENCE),
    ("Non mi hanno servita perché sono nera", Risk.DISCRIMINATION),
    ("Mia figlia ha vomitato tutta la notte dopo il vostro dolce", Risk.MINORS),
    ("Nell'app vedo gli ordini di altri clienti", Risk.DATA_BREACH),
    ("Sono una giornalista e sto preparando un articolo su di voi", Risk.PRESS),
    ("Vi contatterà il mio avvocato", Risk.LAWYER),
    ("Ho fatto una segnalazione all'ASL", Risk.REGULATOR),
    ("Soy periodista y preparo un reportaje", Risk.PRESS),
    ("May bubog sa loob ng tinapay ko", Risk.SAFETY),
    ("Naospital ako pagkatapos kumain ng cake nyo", Risk.INJURY),
    ("Ayoko nang mabuhay, pagod na pagod na ako", Risk.SELF_HARM),
    ("Susunugin ko ang tindahan nyo", Risk.VIOLENCE),
    ("Hindi nila ako pinagsilbihan dahil Muslim ako", Risk.DISCRIMINATION),
    ("Nagsuka buong gabi ang anak ko dahil sa ensaymada nyo", Risk.MINORS),
    ("Nakikita ko sa app nyo ang address ng ibang tao, nasaan ang data privacy", Risk.DATA_BREACH),
    ("Reporter po ako ng isang pahayagan at may tanong ako", Risk.PRESS),
    ("Kakasuhan ko kayo, may abogado na ako", Risk.LAWYER),
    ("Isusumbong ko kayo sa DTI at sa city hall", Risk.REGULATOR),
    ("ब्रेड में काँच का टुकड़ा निकला", Risk.SAFETY),
    ("केक खाने के बाद अस्पताल जाना पड़ा", Risk.INJURY),
    ("अब सहा नहीं जाता, मैं मरना चाहता हूँ", Risk.SELF_HARM),
    ("मैं आकर तुम्हारी दुकान को आग लगा दूंगा", Risk.VIOLENCE),
    ("मुसलमान होने पर मुझे सामान नहीं दिया", Risk.DISCRIMINATION),
    ("आपका केक खाकर मेरी बेटी को रात भर उल्टी हुई", Risk.MINORS),
    ("ऐप में दूसरे ग्राहकों के नाम दिखते हैं, मेरी निजी जानकारी का क्या", Risk.DATA_BREACH),
    ("मैं एक पत्रकार हूँ और आपकी टिप्पणी चाहिए", Risk.PRESS),
    ("अब मेरे वकील से बात कीजिए", Risk.LAWYER),
    ("मैंने खाद्य विभाग में शिकायत दर्ज कर दी है", Risk.REGULATOR),
    ("bread mein kaanch ka tukda nikla", Risk.SAFETY),
    ("cake khane ke baad beti ko ulti hui, hospital le jana pada", Risk.MINORS),
    ("main consumer court jaunga", Risk.REGULATOR),
    ("mere vakil se baat karo", Risk.LAWYER),
    ("Ekmekten cam parçası çıktı", Risk.SAFETY),
    ("Börekten sonra zehirlendim, hastaneye gittim", Risk.INJURY),
    ("Avukatıma verdim, mahkemede görüşürüz", Risk.LAWYER),
    ("Sizi zabıtaya bildirdim", Risk.REGULATOR),
    ("روٹی میں شیشے کا ٹکڑا تھا", Risk.SAFETY),
    ("کھانے کے بعد ہسپتال جانا پڑا", Risk.INJURY),
    ("میں اپنے وکیل سے بات کر رہا ہوں", Risk.LAWYER),
    ("وجدت قطعة زجاج في الخبز", Risk.SAFETY),
    ("نقلوني إلى المستشفى بعد الأكل من عندكم", Risk.INJURY),
    ("سأرفع عليكم قضية والمحامي سيتصل بكم", Risk.LAWYER),
    ("أبلغت حماية المستهلك عنكم", Risk.REGULATOR),
])  # fmt: skip
def test_a_danger_is_seen_and_never_small(text: str, risk: Risk) -> None:
    seen = read(text)
    assert risk in seen.risks
    assert seen.severity.rank >= Severity.HIGH.rank
    assert seen.category.needs_answer
    assert CLASSIFIER.provisional(a_mention(text)).rank >= Severity.HIGH.rank


@pytest.mark.parametrize(
    "text", ["I c\u200but my mouth, there was gl\u200bass in it", "GLASS IN MY BREAD", "Gláss in my bread"]
)
def test_no_danger_hides_behind_accents_capitals_or_hidden_characters(text: str) -> None:
    assert Risk.SAFETY in read(text, language="en").risks


def test_a_danger_counts_in_a_language_that_could_not_be_told() -> None:
    seen = read("salmonella? hospital! Brightloaf Wexbridge Mill Lane 14 xqz")
    assert Risk.INJURY in seen.risks
    assert seen.severity is Severity.CRITICAL


def test_a_birthday_cake_for_a_daughter_is_no_danger() -> None:
    assert read("The cake for my daughter came late and she was waiting for it").risks == frozenset()
