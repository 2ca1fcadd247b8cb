"""Which language a text is in, told from its script, its small words, its endings and its letters.

It knows five languages well enough to act on; of the others it knows only enough words not to mistake
them for one of the five, and answers `und`. A wrong answer costs more here than none.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The thirteen languages of the product, by the name an English reader knows.
NAMES: Final[Mapping[str, str]] = MappingProxyType({
    "en": "English", "es": "Spanish", "de": "German", "fr": "French", "it": "Italian",
    "pt": "Portuguese", "tr": "Turkish", "ur": "Urdu", "ar": "Arabic", "lv": "Latvian",
    "tl": "Tagalog", "hi": "Hindi", "id": "Indonesian",
})  # fmt: skip
UNKNOWN: Final = "und"
#: What `detect` may answer beside `und`.
READ: Final = frozenset({"en", "es", "tr", "ur", "ar"})
_RTL: Final = frozenset({"ar", "ur", "fa", "he", "ps", "sd", "ug", "yi", "ckb"})
#: The script each of the thirteen is written in, where it is not Latin.
_SCRIPTS: Final[Mapping[str, str]] = MappingProxyType({"ar": "Arabic", "ur": "Arabic", "hi": "Devanagari"})

#: A language needs this share of the evidence for itself and the next one.
_CLEARLY: Final = 0.56
#: More text than this adds cost and no certainty.
_ENOUGH: Final = 1500

# Small words, and the words complaints are made of. The rivals (below `ar`) are there to win against the five.
_WORDS: Final[Mapping[str, str]] = MappingProxyType({
    "en": (
        "the and is are was were be been being have has had do does did not you your yours we our they their "
        "them he she his her its it i my me this that these those there here what when where why how who "
        "which with without from for of to in on at by as if but or so because about after before again "
        "never always ever just still only very too can could will would should shall may might must get got "
        "an all any some more most much many other than then now out up down over off into back one two "
        "don't didn't isn't can't won't i'm you're we're it's i've doesn't wasn't dont cant im ive "
        "hello hi dear thank thanks please sorry worst best good bad service order delivery refund money "
        "waiting waited weeks days hours nobody anyone someone everything nothing customer really people "
        "know think want need make take go going come like time day help told said call answer love hate "
        "yes right wrong great happy apologise apologize experience every while been"
    ),
    "es": (
        "el la los las un una unos unas de del al y o pero que qué quien quién como cómo cuando cuándo donde "
        "dónde por para con sin sobre entre desde hasta hacia en es son era fue fueron ser está están estoy "
        "estamos estaba he ha han hay había no sí si muy más menos ya también nunca siempre aún todavía me te se "
        "nos le les lo mi mis tu tus su sus nuestro nuestra nuestros este esta esto estos estas ese esa eso yo "
        "tú él ella ellos usted ustedes todo todos toda todas nada nadie alguien algo porque pues así ahora "
        "hoy ayer mañana después antes tiene tengo tienen tener hacer hace hecho puede puedo pueden quiero "
        "gracias hola lo siento sentimos disculpa disculpas perdón favor pedido servicio atención cliente "
        "dinero semanas días horas meses llegó llamar respuesta peor mejor bueno malo mal bien buenos buenas "
        "ni vez mucho mucha muchas solo sólo cada otro otra ver vamos voy va son han ojalá lamentamos mismo"
    ),
    "tr": (
        "ve bir bu şu o da de ki mi mı mu mü için ile çok daha en ama fakat ancak değil yok var gibi kadar "
        "sonra önce hiç her hâlâ hala ne neden niye nasıl nerede kim ben sen biz siz onlar bana sana bize size "
        "beni seni bizi sizi benim senin bizim sizin onun bunu bunun şey şimdi bugün dün yarın evet hayır "
        "teşekkür teşekkürler merhaba lütfen özür dileriz üzgünüz üzgünüm sipariş siparişim kargo ürün para "
        "paramı hizmet müşteri gün gündür hafta saat saattir oldu olan olarak olur ise ya yani artık "
        "bile kötü iyi güzel rezalet berbat kimse hiçbir tüm bütün yine tekrar aynı kendi sadece zaman "
        "diye eğer çünkü geldi gelmedi etti edin ediyor yapın dedi bence böyle şöyle öyle"
    ),
    "pt": (
        "o os as um uma uns umas do da dos das no na nos nas ao aos à às e ou mas que não sim é são foi era "
        "está estão estou você vocês eu ele ela nós meu minha meus minhas seu sua seus suas isso isto esse essa "
        "este esta muito mais também já ainda nunca sempre com sem para por pelo pela em de até quando "
        "onde como porque tem tenho têm fazer obrigado obrigada olá pedido entrega atendimento péssimo dinheiro "
        "ninguém nada tudo todos vou vai gente pra bom boa dia hoje fui só nem depois pessoas"
    ),
    "it": (
        "il lo la i gli le un uno una di del della dei delle dello al alla ai alle da dal dalla in nel nella "
        "con su per tra fra e ed o ma che chi cui non sono è sei siamo era stato stata ho hai ha abbiamo hanno "
        "mi ti si ci vi mio mia tuo sua suo nostro questo questa questi quello come quando dove perché più "
        "anche ancora mai sempre già molto tutto tutti niente nessuno grazie ciao ordine servizio soldi "
        "peggiore consegna fare fatto cosa così poi bene oggi buongiorno sto solo essere"
    ),
    "fr": (
        "le la les un une des du de au aux et ou mais que qui quoi ne pas plus je tu il elle on nous vous ils "
        "elles mon ma mes ton ta tes son sa ses notre nos votre vos leur ce cet cette ces est sont était être "
        "suis ai as a avons avez ont avec sans pour par dans sur sous chez en y très trop aussi encore jamais "
        "toujours bien tout tous toute rien personne merci bonjour commande livraison argent service "
        "c'est j'ai n'est d'un d'une qu'il quand comme où pourquoi parce si fait faire même va après"
    ),
    "de": (
        "der die das den dem des ein eine einen einem einer und oder aber nicht kein keine ist sind war waren "
        "sein haben hat habe hatte ich du er sie es wir ihr mich dich sich mir dir uns euch mein meine ihre "
        "ihren unser mit ohne für von vom zu zum zur bei nach aus auf an am im in über unter vor wie was wer wo "
        "wann warum wenn dass weil als auch noch schon nur sehr immer nie mehr wird werden wurde kann können "
        "muss danke hallo bitte bestellung lieferung geld kunde man so nun jetzt heute doch mal gibt"
    ),
    "nl": (
        "de het een en of maar niet geen is zijn was waren heb hebt heeft hebben ik jij je u wij we jullie zij "
        "ze hij mijn uw ons onze dit dat deze die met zonder voor van naar bij uit op aan in over wat wie waar "
        "wanneer waarom als ook nog al zeer altijd nooit meer wordt worden kan kunnen moet bedankt hallo "
        "bestelling geld klant dan toch er te om"
    ),
    "id": (
        "yang dan di ke dari untuk dengan tidak bukan ini itu saya aku kami kita anda kamu dia mereka ada "
        "adalah akan sudah belum telah bisa dapat juga sangat lagi saja atau tapi tetapi karena jika kalau "
        "apa siapa kapan kenapa bagaimana mana terima kasih maaf pesanan barang uang layanan pelayanan "
        "hari minggu jam tak gak nggak ga nya pada oleh sama buat lebih banget kok dong"
    ),
    "tl": (
        "ang ng mga sa na at ay ako ikaw siya kami tayo kayo sila ko mo niya namin natin ninyo nila hindi "
        "wala may mayroon ito iyan iyon dito diyan doon ba po opo naman lang din rin pa kung kasi para pero "
        "ano sino kailan bakit paano saan salamat pera araw yung nung si ni kay nang"
    ),
    "lv": (
        "un ir nav bija būs esmu es tu viņš viņa mēs jūs viņi mans mana jūsu kas ko kā kad kur kāpēc ar bez "
        "par no uz pie līdz pēc pirms arī vēl jau ļoti tikai vai bet ja lai tas tā šis šī šo to man mums jums "
        "paldies labdien lūdzu pasūtījums nauda serviss nekad vienmēr"
    ),
    "pl": "nie jest to i w na z do się że jak co czy ale już tylko bardzo dla mnie jestem są był zamówienie dziękuję",
    "ro": "și nu este sunt am ai cu la pe din pentru că ce mai foarte dar sau acest această mulțumesc comanda în",
    "sv": "och att det är jag inte en ett som för på med har av till den du vi ni om men var från tack mycket",
    "ca": "i el la els les un una de del amb per que no és són va han ha hem meu meva molt més però com quan gràcies",
    "az": "və bu bir üçün ilə çox daha deyil yox var kimi qədər sonra mən sən biz siz mənə sizə sifariş pul hələ",
    # Urdu and Hindi in Latin letters.
    "roman": (
        "hai hain nahi nahin kya kyun kab kahan mera meri mere mujhe hum aap apka apki yeh ye woh wo ka ki ke ko se "
        "mein par aur bhi bohat bahut abhi tak raha rahi rahe gaya gayi kar karo karna hua hoga koi "
        "paisa paise bhai yaar kuch sab ek tha thi the ho na"
    ),
})  # fmt: skip

#: Endings that hardly occur elsewhere; Turkish says with them what others say with small words.
_ENDINGS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = tuple((language, tuple(endings.split())) for language, endings in (
    ("tr", (
        "lar ler ları leri larım lerim ınız iniz unuz ünüz ıyor iyor uyor üyor yorum yoruz yorsunuz mış miş muş "
        "müş mek mak madı medi dık dik duk dük acak ecek ımız imiz umuz ümüz ınızı inizi siniz sınız dır dir dur "
        "dür ması mesi nız niz yım yim"
    )),
    ("es", "ción ciones amos emos aron ieron aba aban ando iendo arme arte arle ías"),
    ("en", "ing ness tion ould ight n't ly"),
    ("pt", "ção ções mente aram inho inha ões ão"),
    ("it", "zione zioni mente ando endo ato ata iamo issimo issima"),
    ("fr", "eaux tion ment ait aient eux euse ez"),
    ("de", "ung ungen keit heit lich isch schaft sch cht"),
))  # fmt: skip
_LETTERS: Final = (
    ("tr", re.compile(r"[ğşıİ]"), 0.7),
    ("es", re.compile(r"[ñ¿¡]"), 1.0),
    ("pt", re.compile(r"[ãõ]"), 1.0),
    ("de", re.compile(r"[äß]"), 0.8),
    ("fr", re.compile(r"[êèœùâ]|ç(?=a|on)"), 0.7),
    ("it", re.compile(r"[èòì]"), 0.5),
    ("lv", re.compile(r"[āēīūķļņģč]"), 0.8),
    ("pl", re.compile(r"[ąęłńśźż]"), 0.8),
    ("ro", re.compile(r"[șțăț]"), 0.8),
    ("sv", re.compile(r"å"), 0.8),
    ("az", re.compile(r"ə"), 1.5),
)


def _evidence() -> dict[str, tuple[tuple[str, float], ...]]:
    owners: dict[str, set[str]] = {}
    for language, words in _WORDS.items():
        for word in words.split():
            owners.setdefault(word, set()).add(language)
    # A word that four languages share says little for any of them.
    return {w: tuple((x, 1 / len(who) ** 0.7) for x in sorted(who)) for w, who in owners.items()}


_EVIDENCE: Final = _evidence()
_NOISE: Final = re.compile(r"https?://\S+|www\.\S+|[@#]\S+|\S+@\S+")
# Marks that Arabic readers leave out: vowels, the dagger alef, tatweel.
_VOWELS: Final = re.compile(r"[\u064b-\u0652\u0670\u0640\u200c\u200d]")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ARABIC_WORDS: Final = frozenset(
    ["في", "من", "على", "إلى", "الى", "عن", "مع", "هذا", "هذه", "ذلك", "التي", "الذي", "ما", "لا", "لم", "لن", "إن", "أن", "ان", "كان", "كانت", "هل", "أنا", "انا", "نحن", "أنت", "هو", "هي", "هم", "كل", "بعد", "قبل", "حتى", "لكن", "أو", "او", "ثم", "قد", "لقد", "عند", "عندي", "لدي", "شكرا", "مرحبا", "آسف", "نعتذر", "طلب", "الطلب", "خدمة", "الخدمة", "العملاء", "جدا", "يوم", "أيام", "اسبوع", "أسبوع", "ولا", "وما", "يا", "أي", "غير", "بدون", "عليكم", "السلام", "لكم", "لنا", "مش", "اللي", "ليش", "شو", "ايش", "كيف", "متى", "أين", "وين"]
)
_URDU_WORDS: Final = frozenset(
    ["ہے", "ہیں", "تھا", "تھی", "تھے", "ہو", "ہوا", "ہوئی", "ہوں", "کا", "کی", "کے", "کو", "سے", "میں", "پر", "اور", "نہیں", "یہ", "وہ", "بھی", "تو", "نے", "کر", "کیا", "کیوں", "کب", "کہاں", "مجھے", "میرا", "میری", "میرے", "ہم", "آپ", "اپنا", "ابھی", "تک", "بہت", "ایک", "کوئی", "کچھ", "رہا", "رہی", "رہے", "گیا", "گئی", "گئے", "جی", "شکریہ", "معذرت", "براہ", "کرم", "آرڈر", "لیے", "ساتھ"]
)
_PERSIAN_WORDS: Final = frozenset(
    ["است", "این", "را", "که", "از", "به", "با", "برای", "نیست", "بود", "شد", "می\u200cشود", "من", "ما", "شما", "آن", "یک", "هم", "خیلی", "چرا", "ولی", "سفارش", "ممنون", "سلام", "کرد", "کنید", "کنم", "هیچ", "نمی", "می", "شده", "دارم", "دارد", "هستم", "هنوز", "بسیار"]
)
_URDU_LETTERS: Final = re.compile(r"[ٹڈڑںےھہ]")
_PERSIAN_LETTERS: Final = re.compile(r"[پچژگکی]")
_ARABIC_LETTERS: Final = re.compile(r"[ةىيكأإؤ]")
_OTHER_ARABIC: Final = re.compile(r"[ڪڳڻٺٿڀݨۋېۍځڅډړږښڤڕڵۆێەݢڄڃ]")  # Sindhi, Pashto, Kurdish, Uyghur


def is_rtl(language: str) -> bool:
    """Say whether the language is written from right to left."""
    return language.split("-", maxsplit=1)[0].lower() in _RTL


def script_of(language: str) -> str:
    """Return the script a language of ours is written in: `Latin`, `Arabic` or `Devanagari`."""
    return _SCRIPTS.get(language.split("-", maxsplit=1)[0].lower(), "Latin")


def script(text: str) -> str:
    """Return the script most letters of `text` are in (`Latin`, `Arabic`, `Cyrillic`, ...), `""` for no letters."""
    return _reading(text[:_ENOUGH])[2]


def detect(text: str) -> tuple[str, float]:
    """Return an ISO 639 code of `READ`, or `und`, and how sure that is: 0.8 and above is clear."""
    return _reading(text[:_ENOUGH])[:2]


@lru_cache(maxsize=256)
def _reading(text: str) -> tuple[str, float, str]:
    """Return language, certainty and script; kept for a moment, since a mention is asked about several times."""
    plain = _VOWELS.sub("", _NOISE.sub(" ", text))
    words = _WORD.findall(plain)
    found = _script(words)
    if found == "Latin":
        return *_latin([w.replace("İ", "i").lower().replace("’", "'") for w in words], plain), found
    if found == "Arabic":
        return *_arabic(words, plain), found
    return UNKNOWN, 0.0, found


def _script(words: list[str]) -> str:
    counts: dict[str, int] = {}
    for word in words:
        name = _script_of_letter(word[0])
        counts[name] = counts.get(name, 0) + len(word)
    return max(counts, key=counts.__getitem__) if counts else ""


def _script_of_letter(letter: str) -> str:
    if letter < "\u0250":
        return "Latin"
    if "\u0600" <= letter <= "\u06ff":
        return "Arabic"
    return unicodedata.name(letter, "?").split()[0].split("-")[0].title()


def _latin(words: list[str], plain: str) -> tuple[str, float]:
    scores: dict[str, float] = {}
    unknown: list[str] = []
    for word in words:
        owners = _EVIDENCE.get(word)
        if owners is None:
            unknown.append(word)
        for language, weight in owners or ():
            scores[language] = scores.get(language, 0.0) + weight
    for language, endings in _ENDINGS:
        if hits := sum(word.endswith(endings) for word in unknown):
            scores[language] = scores.get(language, 0.0) + 0.5 * hits
    for language, letter, weight in _LETTERS:
        if hits := len(letter.findall(plain)):
            scores[language] = scores.get(language, 0.0) + weight * min(hits, 4)
    return _verdict(scores, len(words))


def _arabic(words: list[str], plain: str) -> tuple[str, float]:
    if len(_OTHER_ARABIC.findall(plain)) > len(words) / 8:
        return UNKNOWN, 0.0
    known = set(words)
    own = len(_URDU_LETTERS.findall(plain))
    scores = {
        "ur": 1.0 * sum(w in _URDU_WORDS for w in words) + 0.5 * own,
        "ar": 1.0 * sum(w in _ARABIC_WORDS for w in words)
        + 0.4 * len(_ARABIC_LETTERS.findall(plain))
        + 0.4 * sum(w.startswith("ال") for w in words),
        "fa": 1.0 * sum(w in _PERSIAN_WORDS for w in words)
        + (0.3 * len(_PERSIAN_LETTERS.findall(plain)) if not own else 0.0)
        + (1.0 if "است" in known else 0.0),
    }
    return _verdict(scores, len(words))


def _verdict(scores: dict[str, float], words: int) -> tuple[str, float]:
    ranked = [*sorted(scores.items(), key=lambda item: -item[1]), (UNKNOWN, 0.0), (UNKNOWN, 0.0)]
    (best, score), (_, second) = ranked[:2]
    # Evidence for a tenth of the words is chance: a name, a loan word.
    if best not in READ or score < max(0.8, 0.14 * words):
        return UNKNOWN, 0.0
    share = score / (score + second)
    if share < _CLEARLY:
        return UNKNOWN, 0.0
    # Two clear words are a hint, four are certain, however even the race of look-alike languages is.
    margin = min(1.0, (2 * share - 1) * 2.2)
    return best, round(margin * (1 - 0.55 ** (score * 1.2)), 3)
