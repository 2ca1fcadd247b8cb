"""Personal data in a text, found and replaced before any model or log sees it.

E-mail addresses, phone numbers, card numbers, IBANs and order numbers become `[e-mail]`, `[phone]`, `[card]`,
`[IBAN]` and `[order number]`, numbered from the second one on. Prices, dates, years and times stay.
Masking a masked text changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, MutableMapping

#: Where a number without a country code may be from.
REGIONS: Final = ("US", "GB", "ES", "MX", "AR", "TR", "PK", "SA", "AE", "EG", "IN")


@dataclass(frozen=True, slots=True)
class Found:
    """One piece of personal data: `text[start:end]` is `original`."""

    kind: str
    placeholder: str
    original: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without personal data, and what was taken out, in order."""

    text: str
    found: tuple[Found, ...]


def mask(text: str, regions: tuple[str, ...] = REGIONS) -> Masked:
    """Replace the personal data in `text`; `regions` are the countries of numbers without a country code."""
    spans = sorted(_spans(text, regions))
    names: dict[tuple[str, str], str] = {}
    counts: dict[str, int] = {}
    found: list[Found] = []
    pieces: list[str] = []
    at = 0
    for start, end, kind in spans:
        original = text[start:end]
        name = names.get((kind, original))
        if name is None:
            counts[kind] = counts.get(kind, 0) + 1
            name = f"[{kind}]" if counts[kind] == 1 else f"[{kind} {counts[kind]}]"
            names[kind, original] = name
        found.append(Found(kind, name, original, start, end))
        pieces += text[at:start], name
        at = end
    return Masked("".join((*pieces, text[at:])), tuple(found))


#: Not masked in a log: they name things of ours, and must be searchable.
_NAMES: Final = frozenset({"level", "timestamp", "logger", "id", "case", "mention", "source", "brand", "version"})


def mask_event(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask every text of a log event, as a structlog processor."""
    for key, value in event.items():
        if key not in _NAMES and not key.endswith("_id"):
            event[key] = _masked(value)
    return event


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value).text
    if isinstance(value, dict):
        return {key: _masked(inner) for key, inner in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list | tuple):
        return [_masked(inner) for inner in value]  # pyright: ignore[reportUnknownVariableType]
    return value


# Digits of other scripts, one for one, so that places in the text stay.
_DIGITS: Final = str.maketrans({
    first + i: str(i)
    for first in (0x660, 0x6F0, 0x966, 0x9E6, 0xFF10, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6)
    for i in range(10)
} | dict.fromkeys(map(ord, "‐‑‒–—−"), "-") | dict.fromkeys(map(ord, "\u00a0\u2009\u202f"), " ") | {0xFF0B: "+", 0xFF20: "@"})  # fmt: skip
#: Stands where something was found already: part of no word and no number.
_TAKEN: Final = "\x00"
_PLACEHOLDER: Final = re.compile(r"\[(?:e-mail|phone|card|IBAN|order number)(?: \d+)?\]")
_WORTH: Final = re.compile(r"@|\d[\d\W]*\d|[\[({ ](?:at|arroba|kuyruklu)\b", re.IGNORECASE)


def _spans(text: str, regions: tuple[str, ...]) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    shadow = text.translate(_DIGITS)
    if not _WORTH.search(shadow):
        return found
    shadow = _PLACEHOLDER.sub(lambda m: _TAKEN * len(m[0]), shadow)
    more = True
    while more:  # what is taken out can lay something else bare
        more = False
        for kind, spans in _finders(regions):
            for start, end in list(spans(shadow)):
                if _TAKEN not in shadow[start:end]:
                    found.append((start, end, kind))
                    shadow = shadow[:start] + _TAKEN * (end - start) + shadow[end:]
                    more = True
    return found


def _finders(regions: tuple[str, ...]) -> tuple[tuple[str, Any], ...]:
    return (
        ("e-mail", _emails),
        ("IBAN", _ibans),
        ("card", _cards),
        ("order number", _orders),
        ("phone", lambda shadow: _phones(shadow, regions)),
    )


_EMAIL: Final = re.compile(r"(?<![\w.+%@-])[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,5}[^\W\d_]{2,24}(?![\w@])")
_DOT: Final = r"(?:\s{0,2}[\[({<]?\s{0,2}(?:dot|punto|nokta|ponto|ڈاٹ|دوت|نقطة)\s{0,2}[\])}>]?\s{0,2}|\.)"
_AT: Final = r"\s{0,2}[\[({<]\s{0,2}(?:at|@|arroba|et|ایٹ|ات|آت)\s{0,2}[\])}>]\s{0,2}"
_DISGUISED: Final = re.compile(
    rf"(?<![\w.+%@-])[\w.+%-]{{1,64}}(?:{_AT}(?:[\w-]{{1,63}}{_DOT}){{1,4}}"
    rf"|\s(?:at|arroba)\s(?:[\w-]{{1,63}}\s(?:dot|punto)\s){{1,3}})[^\W\d_]{{2,12}}(?!\w)",
    re.IGNORECASE,
)


def _emails(shadow: str) -> Iterator[tuple[int, int]]:
    for pattern in (_EMAIL, _DISGUISED):
        for match in pattern.finditer(shadow):
            yield match.span()


_IBAN: Final = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=[ -]?[A-Za-z0-9])")
# Country and length, as the IBAN registry lists them.
_IBAN_LENGTHS: Final = {
    pair[:2]: int(pair[2:])
    for pair in (
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 "
        "FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LI21 "
        "LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 "
        "SE24 SI19 SK24 SM27 TN24 TR26 UA29 VG24 XK20"
    ).split()
}


def _ibans(shadow: str) -> Iterator[tuple[int, int]]:
    for match in _IBAN.finditer(shadow):
        length = _IBAN_LENGTHS.get(match[0][:2].upper(), 0)
        rest = re.compile(rf"[A-Za-z]{{2}}\d{{2}}(?:[ -]?[A-Za-z0-9]){{{max(length - 4, 0)}}}(?![A-Za-z0-9])")
        whole = rest.match(shadow, match.start()) if length else None
        if whole and _mod97(re.sub("[ -]", "", whole[0])):
            yield whole.span()


def _mod97(iban: str) -> bool:
    return int("".join(str(int(letter, 36)) for letter in iban[4:] + iban[:4])) % 97 == 1


_CARD: Final = re.compile(r"(?<![\d.,+-])[2-6]\d{3}(?:[ .-]?\d){8,14}(?![\d-]|[.,]\d)")


def _cards(shadow: str) -> Iterator[tuple[int, int]]:
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
    r"|آرڈر|بکنگ|انوائس|رسید|ٹریکنگ|اکاؤنٹ"
    r"|(?:ال)?(?:طلب(?:ي|ية|يتي)?|حجز(?:ي)?|فاتورة|شحنة|تتبع|حساب|عميل))"
)
_NUMBER: Final = (
    r"(?:numbers?|num(?:ber)?\.?|no\.?|nr\.?|id|code|n[º°o]\.?|n\.º|n[uú]m(?:ero)?\.?|numaras[iı]|numaram|"
    r"kodu|نمبر|رقم|رقمه|رقمها|#|№)"
)
_LINK: Final = r"(?:\s{0,2}(?:is|was|es|:|=|#|-|هو|هي|ہے|de(?:l)?))?\s{0,2}[#:]?\s{0,2}"
_CODE: Final = r"(?P<code>[A-Z]{0,5}[-_/]?\d[A-Z0-9]*(?:[-_/][A-Z0-9]{1,12}){0,4})(?![\w@]|[.,:]\d|\s?[%€$£₺])"
_ORDERS: Final = (
    # "order number 123", "sipariş no: 123", "آرڈر نمبر ۱۲۳", "طلب رقم ١٢٣"
    (3, re.compile(rf"(?<!\w){_THING}\s{{0,2}}{_NUMBER}{_LINK}{_CODE}", re.IGNORECASE)),
    # "número de pedido 123", "رقم الطلب ١٢٣"
    (3, re.compile(rf"(?<!\w){_NUMBER}\s{{0,2}}(?:of\s|de\s|del\s|my\s|mi\s|the\s)?{_THING}{_LINK}{_CODE}", re.IGNORECASE)),
    # "order 4455-A"; "order: 44551"
    (4, re.compile(rf"(?<!\w){_THING}\s{{0,2}}[:#]?\s{{0,2}}{_CODE}", re.IGNORECASE)),
    (5, re.compile(r"(?<![\w#&/])#(?P<code>\d{5,20})(?!\w)")),
)  # fmt: skip
_DATE: Final = re.compile(
    r"(?:19|20)\d{2}(?:[-/.]\d{1,2}){0,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d{2}|(?:19|20)\d{2}[01]\d[0-3]\d"
)


def _orders(shadow: str) -> Iterator[tuple[int, int]]:
    for fewest, pattern in _ORDERS:
        for match in pattern.finditer(shadow):
            code = match["code"]
            if sum(map(str.isdigit, code)) >= fewest and not _DATE.fullmatch(code):
                yield match.span("code")


_PHONE: Final = re.compile(r"(?<![\w.,/#€$£₺+-])(?:\+ ?|\()?\(?\d(?:[ ().\-/]{0,3}\d){6,15}(?![\w%€$£₺]|[.,:/-]\d| ?[€$£₺%])")
_SAID: Final = re.compile(
    r"(?:tel|phone|call|mobile|cell|whats ?app|number|fax|text me|reach me"
    r"|tel[eé]fono|m[oó]vil|celular|llam\w+|n[uú]mero"
    r"|telefon\w*|numara\w*|cep|ara(?:y\w+)?|فون|نمبر|موبائل|رابطہ|واٹس ایپ"
    r"|هاتف\w*|جوال\w*|رقم\w*|اتصل\w*|واتس\w*|موبايل\w*)[^\d\x00]{0,20}\Z",
    re.IGNORECASE,
)
_TIMES: Final = re.compile(r"\d{1,2}[.:]\d{2}\s?-\s?\d{1,2}[.:]\d{2}")
_YEARS: Final = re.compile(r"(?:19|20)\d{2}\s?[-/]\s?(?:19|20)\d{2}")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:[. ]\d{3})+")
_MONEY: Final = re.compile(r"(?:[€$£₺]|usd|eur|gbp|try|tl|rs\.?|pkr|sar|aed)\s?\Z", re.IGNORECASE)
_AFTER: Final = re.compile(r"\s?(?:usd|eur(?:os?)?|gbp|tl|lira|rs|pkr|sar|aed|dollars?|pounds?|روپے|ريال|درهم)\b", re.IGNORECASE)


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


@lru_cache(maxsize=2048)
def _is_phone(digits: str, international: bool, said: bool, regions: tuple[str, ...]) -> bool:  # noqa: FBT001 cached by place
    # Here and not above: most texts hold no number, and the library's tables take a while to load.
    import phonenumbers  # noqa: PLC0415

    if international or digits.startswith("00"):
        number = _parsed("+" + digits.removeprefix("00"), None)
        return number is not None and phonenumbers.is_possible_number(number)
    for region in regions:
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
