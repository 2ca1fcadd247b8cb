"""Personal data never leaves: found in many spellings, and nothing else is taken for it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.masking import mask, mask_event

#: What each line looks like when masked.
PERSONAL = {
    "Write to jane.doe+shop@example.co.uk please": "Write to [e-mail] please",
    "jane [at] example [dot] com": "[e-mail]",
    "ana arroba correo punto es": "[e-mail]",
    "mail: bob (at) example.org": "mail: [e-mail]",
    "ayse@örnek.com.tr adresine yazın": "[e-mail] adresine yazın",
    "a@b.example and c@d.example and a@b.example": "[e-mail] and [e-mail 2] and [e-mail]",
    "میرا ای میل ali@example.pk ہے": "میرا ای میل [e-mail] ہے",
    "call +44 20 7946 0958 now": "call [phone] now",
    "my number is (202) 555-0143": "my number is [phone]",
    "0555 123 45 67 numaralı telefonum": "[phone] numaralı telefonum",
    "+90 (555) 123-45-67": "[phone]",
    "ruft mich an: 0171 2345678": "ruft mich an: [phone]",
    "Meine Nummer ist 030 901820": "Meine Nummer ist [phone]",
    "erreichbar unter +43 664 1234567": "erreichbar unter [phone]",
    "mon numéro : 06 12 34 56 78": "mon numéro : [phone]",
    "appelez-moi au 01.42.68.53.00": "appelez-moi au [phone]",
    "il mio cellulare è 347 123 4567": "il mio cellulare è [phone]",
    "chiamatemi allo 06 6982 1234": "chiamatemi allo [phone]",
    "max.muster (ät) example punkt de": "[e-mail]",
    "jean.dupont arobase exemple point fr": "[e-mail]",
    "mario.rossi chiocciola esempio punto it": "[e-mail]",
    "Bestellnummer 123456": "Bestellnummer [order number]",
    "meine Bestell-Nr.: 88-1234": "meine Bestell-Nr.: [order number]",
    "Die Kundennummer lautet 99812": "Die Kundennummer lautet [order number]",
    "numéro de commande 45-1234": "numéro de commande [order number]",
    "ma commande n° 99812": "ma commande n° [order number]",
    "numero d'ordine 4455-A": "numero d'ordine [order number]",
    "ordine n. 99812": "ordine n. [order number]",
    "DE89 3704 0044 0532 0130 00": "[IBAN]",
    "llámame al 612 345 678": "llámame al [phone]",
    "Mi móvil es +34 612 34 56 78.": "Mi móvil es [phone].",
    "میرا نمبر ۰۳۰۰۱۲۳۴۵۶۷ ہے": "میرا نمبر [phone] ہے",
    "میرا فون 0300-1234567": "میرا فون [phone]",
    "اتصلوا بي على ٠٥٠١٢٣٤٥٦٧": "اتصلوا بي على [phone]",
    "هاتفي +966 50 123 4567": "هاتفي [phone]",
    "00971 50 123 4567": "[phone]",
    "tel. 5551234": "tel. [phone]",
    "WhatsApp: ０５５５１２３４５６７": "WhatsApp: [phone]",
    "paid with 4111 1111 1111 1111": "paid with [card]",
    "card 5500-0055-5555-5559 was charged": "card [card] was charged",
    "378282246310005 is my amex": "[card] is my amex",
    "kartım ٤١١١ ١١١١ ١١١١ ١١١١": "kartım [card]",
    "IBAN TR33 0006 1005 1978 6457 8413 26 thanks": "IBAN [IBAN] thanks",
    "ES9121000418450200051332": "[IBAN]",
    "gb82 west 1234 5698 7654 32": "[IBAN]",
    "PK36SCBL0000001123456702 میں بھیجیں": "[IBAN] میں بھیجیں",
    "order #12345 never came": "order #[order number] never came",
    "my order number is AB-99812": "my order number is [order number]",
    "Order no. 771": "Order no. [order number]",
    "booking reference: XK7712": "booking reference: [order number]",
    "invoice 2291-B/7": "invoice [order number]",
    "pedido 4455-A": "pedido [order number]",
    "mi número de pedido es 99812": "mi número de pedido es [order number]",
    "Pedido nº 5512": "Pedido nº [order number]",
    "sipariş no: 998877": "sipariş no: [order number]",
    "SİPARİŞ NUMARAM 1234567": "SİPARİŞ NUMARAM [order number]",
    "kargo takip no 8812345": "kargo takip no [order number]",
    "میرا آرڈر نمبر ۱۲۳۴۵ ہے": "میرا آرڈر نمبر [order number] ہے",
    "tawagan nyo ako sa 0917 123 4567": "tawagan nyo ako sa [phone]",
    "+63 917 123 4567 po ito": "[phone] po ito",
    "ang order number ko po ay AB-55121": "ang order number ko po ay [order number]",
    "numero ng order: 551234": "numero ng order: [order number]",
    "mera number 98765 43210 hai": "mera number [phone] hai",
    "मेरा नंबर ९८७६५४३२१० है": "मेरा नंबर [phone] है",
    "मोबाइल: +91 98765 43210": "मोबाइल: [phone]",
    "ऑर्डर नंबर 445512 नहीं आया": "ऑर्डर नंबर [order number] नहीं आया",
    "मेरा ऑर्डर नंबर है AB-99812": "मेरा ऑर्डर नंबर है [order number]",
    "رقم الطلب ١٢٣٤٥٦": "رقم الطلب [order number]",
    "طلب رقم 88123": "طلب رقم [order number]",
    "see #8812345": "see #[order number]",
    "número do pedido: 99812": "número do pedido: [order number]",
    "liga para 912 345 678": "liga para [phone]",
    "meu celular é (11) 91234-5678": "meu celular é [phone]",
    "joao [arroba] correio [ponto] com [ponto] br": "[e-mail]",
    "pasūtījuma numurs ir 12345": "pasūtījuma numurs ir [order number]",
    "Mans tālrunis 29123456": "Mans tālrunis [phone]",
    "LV80BANK0000435195001": "[IBAN]",
    "nomor pesanan saya 12345": "nomor pesanan saya [order number]",
    "WA 0812-3456-7890": "WA [phone]",
    "budi [at] surat [titik] id": "[e-mail]",
}
HARMLESS = [
    "I paid €1.234,50 for it",
    "It cost $45.99, then 45.99 USD",
    "1 250 000 TL",
    "Rs. 12,500 gone",
    "٢٥٠ ريال",
    "on 12.11.2024 at 10:30",
    "2024-11-22 08:45",
    "20241122",
    "22/11/2024",
    "open 10:30-18:45",
    "since 2019-2024",
    "I waited 3 weeks and 2 days",
    "room 204, 3rd floor",
    "12 Baker Street, London",
    "100% of 50 people",
    "order 2 pizzas",
    "my order from 2024",
    "I ordered 1500 of them",
    "24/7 support",
    "version 3.11.4",
    "@user@mastodon.social",
    "the #1 bakery",
    "#2024 was bad",
    "pedido de 3 panes",
    "3 adet sipariş verdim",
    "۲۵ روپے",
    "look at this dot",
    "1234",
    "4111 1111 1111 1112",
    "score 3-2",
    "10.000.000 views",
    "between 1990 and 2005",
    "Vier Brötchen kosten 12,50 Euro",
    "am 24.12.2025 um 08:30 Uhr",
    "seit 20 Jahren Kundin, 3 Filialen",
    "je l'ai regardé à ce point de vue",
    "j'ai payé 1 234,50 € le 12/11/2024",
    "18 000 francs",
    "look at this point in time",
    "ho ordinato 3 torte il 12.11.2024",
    "ordine del 2024",
    "1.250 Gäste und 3.400 Brote",
    "five @ 3 each",
    "Paguei R$ 1.234,50 por isso",
    "pedido de 12 pães",
    "Samaksāju 12,50 eiro 22.11.2024.",
    "Rp 1250000",
    "₱1250000 ang binayad ko",
    "P 12500 po",
    "12,500 pesos",
    "₹1250000 चले गए",
    "रु. 12500 कट गए",
    "1250000 रुपये",
    "१५ मिनट में २ रोटी",
    "25000 rupiah, pesan 3 roti",
]


@pytest.mark.parametrize(("text", "masked"), PERSONAL.items())
def test_personal_data_is_replaced(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize("text", HARMLESS)
def test_prices_dates_and_times_stay(text: str) -> None:
    assert mask(text).text == text


def test_how_much_is_found_and_how_much_of_it_rightly() -> None:
    right = sum(mask(text).text == masked for text, masked in PERSONAL.items())
    wrong = sum(bool(mask(text).found) for text in HARMLESS)
    print(f"masking: recall {right}/{len(PERSONAL)}, false alarms {wrong}/{len(HARMLESS)}")  # noqa: T201 the figures
    assert len(PERSONAL) + len(HARMLESS) >= 60
    assert right / len(PERSONAL) >= 0.97
    assert wrong / len(HARMLESS) <= 0.03


def test_what_was_found_is_where_it_says() -> None:
    text = "a@b.example, order #12345, +44 20 7946 0958"
    found = mask(text).found
    assert [f.kind for f in found] == ["e-mail", "order number", "phone"]
    assert [text[f.start : f.end] for f in found] == [f.original for f in found]


GLUE = (" ", ", ", "+", "#", "12", "[phone]", "[order number 2]", "@", "-", "order ", "tel ")
PIECES = st.sampled_from([*PERSONAL, *HARMLESS, *GLUE])


@given(st.lists(PIECES | st.text(max_size=8), max_size=8).map("".join))
def test_masking_a_masked_text_changes_nothing(text: str) -> None:
    once = mask(text)
    assert mask(once.text).text == once.text
    pieces, at = [], 0
    for found in once.found:
        pieces += text[at : found.start], found.placeholder
        at = found.end
    assert "".join((*pieces, text[at:])) == once.text


def test_a_log_event_is_masked_but_its_names_are_not() -> None:
    names = {"event": "failed", "case": "square:4111111111111111", "count": 3}
    event = {**names, "error": ["mail a@b.example", {"n": "tel 5551234"}]}
    masked = {**names, "error": ["mail [e-mail]", {"n": "tel [phone]"}]}
    assert mask_event(None, "info", event) == masked


def test_a_text_without_numbers_does_not_load_the_tables_of_numbers() -> None:
    code = (
        "import sys, bot.masking as m; m.mask('a@b.example, 12 loaves'); print('phonenumbers' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


@pytest.mark.parametrize(
    "hard", ["a" * 50_000, "1 " * 25_000, "a@" * 25_000, "12-" * 17_000, "a at " * 10_000, "order 1" * 7_000]
)
def test_a_mention_as_long_as_we_take_is_masked_at_once(hard: str) -> None:
    assert len(mask(hard).text) > 1000
