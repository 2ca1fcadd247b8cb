"""The reader of mentions without a model: what it sees, what it admits not to see, what it never waves by."""

from __future__ import annotations

import tomllib
from datetime import timedelta
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


def read(text: str, **changes: Any) -> Assessment:
    return CLASSIFIER.read(a_mention(text, **changes))


def known_to(followers: int) -> Author:
    return Author(handle="ada", name="Ada Park", followers=followers)


@pytest.mark.parametrize(("text", "language", "topic"), [
    ("My breakfast arrived two hours late, again", "en", "late_delivery"),
    ("The rolls were stone cold and the bread was stale", "en", "cold_or_stale"),
    ("I found a hair in my cinnamon roll", "en", "foreign_object"),
    ("You sent me the wrong order and half of it is missing", "en", "wrong_order"),
    ("The cashier at the till was so rude to my mother", "en", "rude_staff"),
    ("I wrote three emails and nobody replies", "en", "no_answer"),
    ("Your app keeps crashing whenever I try to pay", "en", "app"),
    ("You charged me twice for one loaf of bread", "en", "payment"),
    ("All the points on my loyalty card disappeared, this is unfair", "en", "loyalty"),
    ("Four euros for a roll is overpriced, I am sorry", "en", "price"),
    ("The cake contained nuts although the label said it did not", "en", "allergen"),
    ("I slipped on your wet floor and broke my wrist", "en", "injury"),
    ("Your trucks at 4am keep us awake, such a noise every night", "en", "noise"),
    ("There is no ramp, so I can't get in with my wheelchair", "en", "accessibility"),
    ("There were mice in the shop and the counter was dirty", "en", "hygiene"),
    ("El pedido llegó dos horas tarde y nadie avisa", "es", "late_delivery"),
    ("El pan estaba frío y duro como una piedra", "es", "cold_or_stale"),
    ("Encontré un pelo en el pastel que compré", "es", "foreign_object"),
    ("La dependienta fue muy grosera con mi madre", "es", "rude_staff"),
    ("Me cobraron dos veces y quiero que me devuelvan mi dinero", "es", "payment"),
    ("La app no carga y se cierra cada vez que la abro", "es", "app"),
    ("La tienda estaba muy sucia y vi una cucaracha en el suelo", "es", "hygiene"),
    ("Die Lieferung kam zwei Stunden zu spät, und niemand hat Bescheid gesagt", "de", "late_delivery"),
    ("Die Brötchen waren kalt und hart wie Stein", "de", "cold_or_stale"),
    ("In meiner Semmel war ein Haar, das ist ja widerlich", "de", "foreign_object"),
    ("Ihr habt mir das falsche Brot eingepackt, und die Hälfte fehlt", "de", "wrong_order"),
    ("Die Verkäuferin war richtig pampig zu meiner Mutter", "de", "rude_staff"),
    ("Ich habe drei Mails geschrieben, und keiner antwortet", "de", "no_answer"),
    ("Eure App stürzt jedes Mal ab, wenn ich bezahlen will", "de", "app"),
    ("Mir wurde der Betrag doppelt abgebucht, ich will mein Geld zurück", "de", "payment"),
    ("Auf meiner Treuekarte sind alle Punkte weg, das ist unfair", "de", "loyalty"),
    ("Vier Euro für ein Brötchen ist völlig überteuert", "de", "price"),
    ("Im Kuchen waren Nüsse, obwohl es nicht gekennzeichnet war, ich bin Allergikerin", "de", "allergen"),
    ("Ich bin bei euch ausgerutscht und habe mir das Handgelenk gebrochen", "de", "injury"),
    ("Eure LKWs machen um 4 Uhr morgens einen Lärm, dass keiner schlafen kann", "de", "noise"),
    ("Ohne Rampe komme ich mit dem Rollstuhl nicht rein, sehr schade", "de", "accessibility"),
    ("Der Laden war dreckig und ich habe eine Maus gesehen", "de", "hygiene"),
    ("La livraison a eu deux heures de retard et personne n'a prévenu", "fr", "late_delivery"),
    ("La baguette était rassie et les croissants froids", "fr", "cold_or_stale"),
    ("J'ai trouvé un cheveu dans ma brioche", "fr", "foreign_object"),
    ("Ce n'est pas ce que j'ai commandé, et il manque la moitié", "fr", "wrong_order"),
    ("La vendeuse a été très désagréable avec ma mère", "fr", "rude_staff"),
    ("J'ai écrit trois mails et personne ne répond", "fr", "no_answer"),
    ("L'appli plante à chaque fois que je veux payer", "fr", "app"),
    ("J'ai été débitée deux fois, je veux être remboursée", "fr", "payment"),
    ("Mes points de fidélité ont disparu, c'est injuste", "fr", "loyalty"),
    ("Quatre euros la baguette, c'est hors de prix", "fr", "price"),
    ("Le gâteau contenait des noix alors que ce n'était pas indiqué, je suis allergique", "fr", "allergen"),
    ("J'ai glissé dans votre magasin et je me suis cassé le poignet", "fr", "injury"),
    ("Vos camions à 4h du matin, un bruit pareil empêche de dormir", "fr", "noise"),
    ("Pas de rampe, impossible d'entrer avec mon fauteuil roulant", "fr", "accessibility"),
    ("La boutique était sale et j'ai vu une souris", "fr", "hygiene"),
    ("La consegna è arrivata con due ore di ritardo e nessuno ha avvisato", "it", "late_delivery"),
    ("Il pane era raffermo e i cornetti freddi", "it", "cold_or_stale"),
    ("Ho trovato un capello nel cornetto", "it", "foreign_object"),
    ("Non è quello che avevo ordinato e manca metà della roba", "it", "wrong_order"),
    ("La commessa è stata maleducata con mia madre", "it", "rude_staff"),
    ("Ho scritto tre mail e nessuno risponde", "it", "no_answer"),
    ("L'app si blocca ogni volta che provo a pagare", "it", "app"),
    ("Mi avete addebitato due volte la spesa, rivoglio i miei soldi", "it", "payment"),
    ("I punti della mia tessera fedeltà sono spariti, è ingiusto", "it", "loyalty"),
    ("Quattro euro per un panino è un furto", "it", "price"),
    ("La torta conteneva noci e non era scritto da nessuna parte, sono allergica", "it", "allergen"),
    ("Sono scivolata nel vostro negozio e mi sono rotta il polso", "it", "injury"),
    ("I vostri camion alle 4 di notte fanno un rumore che non si dorme", "it", "noise"),
    ("Non c'è una rampa, con la sedia a rotelle non riesco a entrare", "it", "accessibility"),
    ("Il negozio era sporco e ho visto un topo", "it", "hygiene"),
    ("O pedido chegou duas horas atrasado e ninguém avisou", "pt", "late_delivery"),
    ("O pão estava frio e duro que nem pedra", "pt", "cold_or_stale"),
    ("Encontrei um cabelo no bolo que comprei", "pt", "foreign_object"),
    ("Veio tudo trocado, não foi isso que pedi", "pt", "wrong_order"),
    ("A atendente foi super grossa com a minha mãe", "pt", "rude_staff"),
    ("Já mandei três e-mails e ninguém responde", "pt", "no_answer"),
    ("O aplicativo trava toda hora e não consigo logar", "pt", "app"),
    ("Me cobraram duas vezes no cartão, quero meu dinheiro de volta", "pt", "payment"),
    ("Os pontos do meu cartão de fidelidade sumiram, que raiva", "pt", "loyalty"),
    ("Seis euros por um croissant é um roubo", "pt", "price"),
    ("Ninguém me disse que o bolo tinha amendoim e tenho alergia", "pt", "allergen"),
    ("Escorreguei na loja e parti o pulso", "pt", "injury"),
    ("Não consigo dormir com os camiões às quatro da manhã", "pt", "noise"),
    ("Não tem rampa, com a cadeira de rodas não entro, é triste", "pt", "accessibility"),
    ("A loja estava imunda e vi uma barata no balcão", "pt", "hygiene"),
    ("Dalawang oras late ang delivery at wala man lang pasabi", "tl", "late_delivery"),
    ("Malamig at matigas na yung pandesal pagdating", "tl", "cold_or_stale"),
    ("May buhok sa ensaymada na binili ko", "tl", "foreign_object"),
    ("Maling order ang binigay nyo, kulang pa", "tl", "wrong_order"),
    ("Ang bastos ng kahera nyo sa nanay ko", "tl", "rude_staff"),
    ("Tatlong beses na akong nag-email, walang sumasagot", "tl", "no_answer"),
    ("Nagka-crash ang app nyo tuwing magbabayad ako", "tl", "app"),
    ("Dalawang beses akong siningil sa isang tinapay", "tl", "payment"),
    ("Ang mahal naman ng pandesal nyo, hindi sulit", "tl", "price"),
    ("May ipis at daga sa tindahan, ang dumi", "tl", "hygiene"),
    ("Pesanan telat dua jam dan tidak ada kabar sama sekali", "id", "late_delivery"),
    ("Rotinya keras kayak batu dan udah dingin", "id", "cold_or_stale"),
    ("Nemu rambut di dalam donat yang saya beli", "id", "foreign_object"),
    ("Pesanannya ketuker, isinya kurang dua", "id", "wrong_order"),
    ("Kasirnya judes banget sama ibu saya", "id", "rude_staff"),
    ("Sudah chat admin tiga kali gak dibalas", "id", "no_answer"),
    ("Aplikasinya error terus, gak bisa login", "id", "app"),
    ("Saldo saya kepotong dua kali, tolong uangnya dikembalikan", "id", "payment"),
    ("Poin di kartu member saya hilang semua, kecewa", "id", "loyalty"),
    ("Harganya mahal banget untuk roti sekecil itu", "id", "price"),
    ("Kuenya mengandung kacang padahal saya alergi, tidak ada labelnya", "id", "allergen"),
    ("Saya terpeleset di toko kalian dan tangan saya patah", "id", "injury"),
    ("Truk kalian berisik jam 3 pagi, saya gak bisa tidur", "id", "noise"),
    ("Tidak ada jalur kursi roda, ibu saya tidak bisa masuk", "id", "accessibility"),
    ("Ada kecoa di etalase, jorok banget", "id", "hygiene"),
    ("ऑर्डर दो घंटे लेट आया और किसी ने बताया भी नहीं", "hi", "late_delivery"),
    ("ब्रेड ठंडी और बासी थी, बहुत निराशा हुई", "hi", "cold_or_stale"),
    ("केक में बाल निकला, छी", "hi", "foreign_object"),
    ("गलत ऑर्डर भेज दिया और आधा सामान गायब है", "hi", "wrong_order"),
    ("आपके कैशियर ने मेरी माँ से बदतमीज़ी की", "hi", "rude_staff"),
    ("तीन ईमेल लिखे, कोई जवाब नहीं देता", "hi", "no_answer"),
    ("ऐप बार-बार क्रैश हो जाता है", "hi", "app"),
    ("मेरे पैसे दो बार कट गए हैं, पैसे वापस करो", "hi", "payment"),
    ("रैंप ही नहीं है, व्हीलचेयर से अंदर नहीं जा सकता", "hi", "accessibility"),
    ("दुकान बहुत गंदी थी और हर जगह मक्खियाँ थीं", "hi", "hygiene"),
    ("mera order abhi tak nahi aaya, kab aayega", "hi", "late_delivery"),
    ("bread thandi thi aur basi bhi, bahut kharab", "hi", "cold_or_stale"),
    ("koi phone nahi uthata, 3 din se try kar raha hu", "hi", "no_answer"),
    ("paise kat gaye par order nahi mila", "hi", "payment"),
    ("bohat buri service hai, paise wapis karo", "ur", "payment"),
    ("Pasūtījums atnāca divas stundas par vēlu, un neviens nebrīdināja", "lv", "late_delivery"),
    ("Maize bija auksta un cieta kā akmens", "lv", "cold_or_stale"),
    ("Atradu matu kūkā, ko nopirku vakar", "lv", "foreign_object"),
    ("Nepareizs pasūtījums, trūka divas bulciņas", "lv", "wrong_order"),
    ("Pārdevēja bija rupja pret manu mammu", "lv", "rude_staff"),
    ("Rakstīju trīs e-pastus, un neviens neatbild", "lv", "no_answer"),
    ("Lietotne uzkaras, un nevaru ielogoties", "lv", "app"),
    ("No kartes noņēma naudu divreiz, atdodiet manu naudu", "lv", "payment"),
    ("No klienta kartes pazuda visi mani punkti", "lv", "loyalty"),
    ("Seši eiro par kruasānu ir pārāk dārgi", "lv", "price"),
    ("Kūkā bija rieksti, bet man ir alerģija", "lv", "allergen"),
    ("Paslīdēju uz slapjās grīdas un lauzu roku", "lv", "injury"),
    ("Jūsu kravas auto četros no rīta, nevaru gulēt", "lv", "noise"),
    ("Nav uzbrauktuves, ar ratiņkrēslu nevaru iekļūt", "lv", "accessibility"),
    ("Veikalā bija netīrs, un redzēju prusaku", "lv", "hygiene"),
    ("Siparişim iki saat geç geldi ve kimse haber vermedi", "tr", "late_delivery"),
    ("Ekmek bayattı, taş gibi olmuş, yazık size", "tr", "cold_or_stale"),
    ("Böreğin içinden saç çıktı, iğrenç bir durum", "tr", "foreign_object"),
    ("Kasiyer anneme çok kaba davrandı, çok saygısızdı", "tr", "rude_staff"),
    ("Uygulama açılmıyor, bir türlü giriş yapamadım", "tr", "app"),
    ("Kartımdan iki kere para çekildi ve iade etmiyorsunuz", "tr", "payment"),
    ("آرڈر دو گھنٹے لیٹ آیا اور کسی نے بتایا بھی نہیں", "ur", "late_delivery"),
    ("روٹی ٹھنڈی اور باسی تھی، بہت مایوسی ہوئی", "ur", "cold_or_stale"),
    ("آپ کے کیشئر نے میری والدہ سے بدتمیزی کی", "ur", "rude_staff"),
    ("میرے پیسے دو بار کٹ گئے ہیں، رقم واپس کریں", "ur", "payment"),
    ("دکان بہت گندی تھی اور مکھیاں ہر جگہ تھیں", "ur", "hygiene"),
    ("التوصيل تأخر ساعتين ولم يصل الطلب حتى الآن", "ar", "late_delivery"),
    ("الخبز كان باردًا ويابسًا جدا", "ar", "cold_or_stale"),
    ("وجدت شعرة في الكعكة وهذا مقرف", "ar", "foreign_object"),
    ("الموظف كان وقحًا مع أمي وهذا غير مقبول", "ar", "rude_staff"),
    ("التطبيق لا يعمل وكل مرة يعلق", "ar", "app"),
    ("خصمتم المبلغ من بطاقتي مرتين وأريد استرداد فلوسي", "ar", "payment"),
])  # fmt: skip
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


def test_the_reason_is_one_plain_sentence() -> None:
    seen = read("late, cold and rude, you idiots", language="en")
    assert seen.why == "4 negative words; topics: late delivery, cold or stale, rude staff; abusive words"
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
