"""What personal data looks like: an expression for each kind, and a proof (a check sum, a numbering plan).

Each finder gets the text with plain digits, in which what was found before stands as `TAKEN`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

#: Stands where something was found already: part of no word and no number.
TAKEN: Final = "\x00"

_EMAIL: Final = re.compile(r"(?<![\w.+%@-])[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,5}[^\W\d_]{2,24}(?![\w@])")
_DOT: Final = (
    r"(?:\s{0,2}[\[({<]?\s{0,2}(?:dot|punto|nokta|ponto|point|punkts?|titik|ڈاٹ|دوت|نقطة)"
    r"\s{0,2}[\])}>]?\s{0,2}|\.)"
)
_AT: Final = (
    r"\s{0,2}[\[({<]\s{0,2}(?:at|@|ät|arroba|arr?obase?|chiocciola|et|ایٹ|ات|آت)\s{0,2}[\])}>]\s{0,2}"
)
_DISGUISED: Final = re.compile(
    rf"(?<![\w.+%@-])[\w.+%-]{{1,64}}(?:{_AT}(?:[\w-]{{1,63}}{_DOT}){{1,4}}"
    rf"|\s(?:at|arroba|chiocciola)\s(?:[\w-]{{1,63}}\s(?:dot|punto|ponto|titik|punkt)\s){{1,3}}"
    rf"|\sarr?obase?\s(?:[\w-]{{1,63}}\spoint\s){{1,3}})[^\W\d_]{{2,12}}(?!\w)",
    re.IGNORECASE,
)


def _emails(shadow: str, _regions: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    for pattern in (_EMAIL, _DISGUISED):
        for match in pattern.finditer(shadow):
            yield match.span()


_IBAN: Final = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=[ -]?[A-Za-z0-9])")
# Country and length, as the IBAN registry lists them.
_IBAN_LENGTHS: Final = {
    country: int(length)
    for country, length in re.findall(
        r"([A-Z]{2})(\d\d)",
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 "
        "ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 "
        "LB28 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 "
        "RO24 RS22 SA24 SE24 SI19 SK24 SM27 TN24 TR26 UA29 VG24 XK20",
    )
}


def _ibans(shadow: str, _regions: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    for match in _IBAN.finditer(shadow):
        length = _IBAN_LENGTHS.get(match[0][:2].upper(), 0)
        rest = re.compile(rf"[A-Za-z]{{2}}\d{{2}}(?:[ -]?[A-Za-z0-9]){{{max(length - 4, 0)}}}(?![A-Za-z0-9])")
        whole = rest.match(shadow, match.start()) if length else None
        if whole and _mod97(re.sub("[ -]", "", whole[0])):
            yield whole.span()


def _mod97(iban: str) -> bool:
    return int("".join(str(int(letter, 36)) for letter in iban[4:] + iban[:4])) % 97 == 1


_CARD: Final = re.compile(r"(?<![\d.,+-])[2-6]\d{3}(?:[ .-]?\d){8,14}(?![\d-]|[.,]\d)")


def _cards(shadow: str, _regions: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    for match in _CARD.finditer(shadow):
        digits = [int(d) for d in match[0] if d.isdigit()]
        if len(digits) >= 13 and _luhn(digits) and len(set(digits)) > 1:  # noqa: PLR2004 the shortest card number
            yield match.span()


def _luhn(digits: Iterable[int]) -> bool:
    doubled = (sum(divmod(2 * d, 10)) if i % 2 else d for i, d in enumerate(reversed(list(digits))))
    return sum(doubled) % 10 == 0


_THING: Final = (
    r"(?:order|purchase|booking|reservation|invoice|receipt|tracking|reference|ref|ticket|shipment|customer|account"
    r"|pedido|orden|compra|reserva|factura|seguimiento|cliente|cuenta|referencia"
    r"|sipari[sş](?:im|imin|in|i)?|kargo|takip|fatura|rezervasyon|m[uü][sş]teri|hesap|referans"
    r"|bestell(?:ung)?s?|auftrags?|kunden|buchungs?|reservierungs?|rechnungs?|sendungs?(?:verfolgungs)?|vorgangs?|konto"
    r"|commande|r[eé]servation|facture|suivi|colis|dossier|client"
    r"|ordine|prenotazione|fattura|spedizione|pratica|scontrino"
    r"|encomenda|recibo|nota fiscal|rastre(?:io|amento)|referência|protocolo"
    r"|(?:pa)?s[uū]t[iī]jum[sau]?|r[eē][kķ]in[sau]|[cč]ek[sau]|rezerv[aā]cij(?:as?|u)|klienta|konta|izsekošanas"
    r"|pesanan(?:ku)?|orderan|resi|faktur|transaksi|reservasi|pelanggan|rekening|akun|pembelian"
    r"|resibo|[आऑ]र्डर|बुकिंग|रसीद|इनव[ॉा]इस|ट्रैकिंग|अकाउंट|ग्राहक|कस्टमर"
    r"|آرڈر|بکنگ|انوائس|رسید|ٹریکنگ|اکاؤنٹ"
    r"|(?:ال)?(?:طلب(?:ي|ية|يتي)?|حجز(?:ي)?|فاتورة|شحنة|تتبع|حساب|عميل))"
)
_NUMBER: Final = (
    r"(?:numbers?|num(?:ber)?\.?|no\.?|nr\.?|id|code|n[º°o]\.?|n\.º|n[uúoº°]?\.|n[uú]m(?:[eé]ro)?\.?|nummer"
    r"|numaras[iı]|numaram|"
    r"numur[su]|kods|nomor|nomer|kode|"
    r"kodu|नंबर|नम्बर|संख्या|क्रमांक|आईडी|نمبر|رقم|رقمه|رقمها|#|№)"
)
_LINK: Final = (
    r"(?:\s(?:ko|namin)(?:\spo)?)?"
    r"(?:\s{0,2}(?:is|was|ist|war|lautet|est|è|era|ay|hai|है|es|é|foi|ir|bija|adalah|saya(?: adalah)?"
    r"|:|=|#|-|هو|هي|ہے|de(?:l)?))?"
    r"\s{0,2}[#:]?\s{0,2}"
)
_CODE: Final = (
    r"(?P<code>[A-Z]{0,5}[-_/]?\d[A-Z0-9]*(?:[-_/][A-Z0-9]{1,12}){0,4})(?![\w@]|[.,:]\d|\s?[%€$£₺₹₱])"
)
_OF: Final = r"\s{0,2}(?:of\s|ng\s|de\s|del\s|d['’]\s?|di\s|do\s|da\s|my\s|mi\s|the\s)?"
#: How many digits a code needs at least, and what it stands behind.
_ORDERS: Final = tuple(
    (fewest, re.compile(rf"(?<!\w){before}{_CODE}", re.IGNORECASE))
    for fewest, before in (
        # The thing, then the word for number: in English, Turkish, Urdu, Arabic.
        (3, rf"{_THING}[\s-]{{0,2}}{_NUMBER}{_LINK}"),
        # The word for number, then the thing: in Spanish, French, Arabic.
        (3, rf"{_NUMBER}{_OF}{_THING}{_LINK}"),
        (4, rf"{_THING}\s{{0,2}}[:#]?\s{{0,2}}"),
        (5, r"(?<![#&/])#(?=\d{5,20}(?!\w))"),
    )
)
_DATE: Final = re.compile(
    r"(?:19|20)\d{2}(?:[-/.]\d{1,2}){0,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d{2}|(?:19|20)\d{2}[01]\d[0-3]\d"
)


def _orders(shadow: str, _regions: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    for fewest, pattern in _ORDERS:
        for match in pattern.finditer(shadow):
            code = match["code"]
            if sum(map(str.isdigit, code)) >= fewest and not _DATE.fullmatch(code):
                yield match.span("code")


_PHONE: Final = re.compile(
    r"(?<![\w.,/#€$£₺₹₱+-])(?:\+ ?|\()?\(?\d(?:[ ().\-/]{0,3}\d){6,15}(?![\w%€$£₺₹₱]|[.,:/-]\d| ?[€$£₺₹₱%])"
)
_SAID: Final = re.compile(
    r"(?:tel|phone|call|mobile|cell|whats ?app|number|fax|text me|reach me"
    r"|tel[eé]fono|m[oó]vil|celular|llam\w+|n[uú]mero"
    r"|t[eé]l[eé]phone|portable|appel\w*|joindre|num[eé]ro|handy|mobil|nummer|anruf\w*|ruf\w*|erreich\w*"
    r"|cellulare|telefonino|chiam\w+|recapito"
    r"|telem[oó]vel|telp|tlp|telpon|nomor|nomer|no hp|hubungi|t[aā]lr\w*|zvan\w+|ligu?\w{1,3}|zap"
    r"|tawag\w*|numero|kontak|फ़?ोन|मोबाइल|नंबर|नम्बर|व्हाट्स ?[ऐए]प|कॉल|संपर्क"
    r"|telefon\w*|numara\w*|cep|ara(?:y\w+)?|فون|نمبر|موبائل|رابطہ|واٹس ایپ"
    r"|هاتف\w*|جوال\w*|رقم\w*|اتصل\w*|واتس\w*|موبايل\w*)[^\d\x00]{0,20}\Z",
    re.IGNORECASE,
)
_TIMES: Final = re.compile(r"\d{1,2}[.:]\d{2}\s?-\s?\d{1,2}[.:]\d{2}")
_YEARS: Final = re.compile(r"(?:19|20)\d{2}\s?[-/]\s?(?:19|20)\d{2}")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:[. ]\d{3})+")
_MONEY: Final = re.compile(
    r"(?:[€$£₺₹₱]|usd|eur|gbp|chf|brl|idr|inr|php|रु\.?|रू\.?|\brp\.?|\bp|try|tl|rs\.?|pkr|sar|aed)\s?\Z",
    re.IGNORECASE,
)
_AFTER: Final = re.compile(
    r"\s?(?:usd|eur(?:os?)?|eiro|chf|franken|francs?|franchi|gbp|brl|reais|idr|rupiah|ribu|rb|juta|tl|lira|rs|pkr|sar|aed|dollars?|pounds?"
    r"|inr|php|pesos?|piso|rupees?|rupaye|lakhs?|रुपये|रुपए|रुपयों|रु|लाख|करोड़?"
    r"|روپے|ريال|درهم)(?!\w)",
    re.IGNORECASE,
)


def _phones(shadow: str, regions: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    for match in _PHONE.finditer(shadow):
        start, end = match.span()
        written = match[0]
        before = shadow[max(0, start - 40) : start]
        if not _figure(written, before, shadow[end : end + 10]) and _is_phone(
            re.sub(r"\D", "", written), "+" in written, bool(_SAID.search(before)), regions
        ):
            yield start, end


def _figure(written: str, before: str, after: str) -> bool:
    """Say whether the digits are a date, a time, a span of years or an amount."""
    dates = " ".join(written.replace("(", " ").replace(")", " ").split())
    return bool(
        all(_DATE.fullmatch(part) for part in dates.split())
        or any(pattern.fullmatch(dates) for pattern in (_DATE, _TIMES, _YEARS))
        or re.match(r"(?:19|20)\d{2}-\d{2}-\d{2}\b|\d{1,2}[./]\d{1,2}[./](?:19|20)\d{2}\b", dates)
        or (_THOUSANDS.fullmatch(dates) and "." in dates)
        or _MONEY.search(before)
        or _AFTER.match(after)
    )


_ZERO_FIRST: Final = frozenset({"DE", "AT", "CH", "FR", "BE"})


@lru_cache(maxsize=2048)
def _is_phone(digits: str, international: bool, said: bool, regions: tuple[str, ...]) -> bool:  # noqa: FBT001 cached by place
    # Here and not above: most texts hold no number, and the library's tables take a while to load.
    import phonenumbers  # noqa: PLC0415

    if international or digits.startswith("00"):
        number = _parsed("+" + digits.removeprefix("00"), None)
        return number is not None and phonenumbers.is_possible_number(number)
    for region in regions:
        # Their numbers have no fixed length: without the 0 in front any figure would be one.
        if region in _ZERO_FIRST and digits[0] != "0":
            continue
        number = _parsed(digits, region)
        if number is not None and phonenumbers.is_valid_number(number):
            return True
    return said


def _parsed(digits: str, region: str | None) -> Any:
    import phonenumbers  # noqa: PLC0415

    try:
        return phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None


#: In order: what an earlier one takes, a later one does not see.
FINDERS: Final[tuple[tuple[str, Callable[[str, tuple[str, ...]], Iterator[tuple[int, int]]]], ...]] = (
    ("e-mail", _emails),
    ("IBAN", _ibans),
    ("card", _cards),
    ("order number", _orders),
    ("phone", _phones),
)
