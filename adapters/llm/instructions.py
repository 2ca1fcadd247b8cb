"""Reads what somebody asks of a redraft, as far as a writer without a model can do it, and says what it cannot."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

#: What can be done, and the words that ask for it in English, Spanish, Turkish, Urdu and Arabic (folded).
#: Those that leave something out come first: "without the warm greeting" asks for no warmth.
_DROP: Final = r"(?:drop|remove|without|no|skip|leave out|omit|delete|cut|sin|quit\w*|elimin\w*|bez)"
_THINGS: Final = {
    "no_apology": (r"apolog\w*|sorry", r"disculpa\w*|perdon\w*", r"ozru?\w*", r"معذرت\w*", r"\w*اعتذار\w*"),
    "no_thanks": (r"thank\w*", r"agradec\w*|gracias", r"tesekkur\w*", r"شكريه", r"\w*شكر\w*"),
    "no_greeting": (r"greeting|salutation|hello", r"saludo", r"selam\w*", r"سلام", r"\w*تحيه|\w*التحيه"),
    "no_signature": (r"signature|sign.?off", r"firma", r"imza\w*", r"دستخط", r"\w*توقيع"),
    "no_closing": (r"closing|ending|last (?:line|sentence)", r"cierre|despedida", r"kapanis\w*", r"اختتام\w*", r"\w*خاتمه"),
}
_ASKS: Final = (
    ("ask for details", r"ask\w*(?: \w+){0,4} (?:details?|information)|ask (?:what happened|which shop|when|where)"
        r"|ped\w*(?: \w+){0,3} detalles|pregunt\w*(?: \w+){0,3} (?:detalles|tienda)"
        r"|(?:ayrinti|detay)\w*(?: \w+){0,2} (?:sor|iste)\w*|تفصيلات? پوچھ\w*|تفصيل پوچھ\w*|(?:اطلب\w*|اسال\w*)(?: \w+){0,3} \w*تفاصيل"),
    ("shorter", r"short(?:er|en)?|brief(?:er)?|concise|less words|cort[oa]|acort\w*|breve|kisa\w*|مختصر|چھوٹ[اي]|\w*اقصر|\w*اختصر\w*|قصير\w*"),
    ("warmer", r"warm(?:er|ly|th)?|friendl(?:y|ier)|kinder|softer|empath\w+|calid[oa]|amable|cercan[oa]"
        r"|sicak\w*|samimi\w*|icten|گرمجوش\w*|دوستانه|نرم|دافي\w*|ودي\w*|\w*الطف|لطيف\w*|دف[ءي]\w*"),
    ("more formal", r"(?<!less )formal(?:ly)?|resmi\w*|رسمي\w*"),
    ("another version", r"another|different(?:ly)?|rewrite|rephrase|again|other words|new (?:one|version|draft)"
        r"|otr[oa]|diferente|distint[oa]|reescrib\w*|de nuevo|baska\w*|farkli\w*|yeniden|tekrar|دوباره|مختلف|اخر[يى]?|اعد"),
)  # fmt: skip
_AFTER: Final = r"(?: \w+){0,2} (?:cikar\w*|olmadan|olmasin|sil\w*|نكال\w*|كے بغير|هٹا\w*)|siz\b|suz\b"
_BEFORE: Final = rf"(?:{_DROP}|بدون|احذف\w*|بغير)(?: \w+){{0,2}} "
_RULES: Final = (
    *(
        (name.replace("_", " "), re.compile(rf"{_BEFORE}(?:{'|'.join(words)})|(?:{'|'.join(words)})(?:{_AFTER})"))
        for name, words in _THINGS.items()
    ),
    *((name, re.compile(rf"\b(?:{words})\b")) for name, words in _ASKS),
)
#: Words that ask for nothing by themselves.
_FILLERS: Final = frozenset(
    "a an the it its this that and or please make be write more bit little much very tone draft reply text in with "
    "to of for sound version one us them me can could you they we need needed look into so too "
    "un una el la lo mas mucho por favor haz hazlo que sea y tono texto respuesta con poco algo favor version "
    "daha biraz bir bu ve lutfen yap yapin olsun yaz yazin metin cevap cok "
    "اسے يه اور براه كرم كر كريں كرو ديں لكهيں زياده تهوڑا بنائيں "
    "اكثر من فضلك اجعله اجعلها النص الرد و هذا قليلا رجاء صياغه مره".split()
)
_NOT: Final = re.compile(r"\b(?:not|don t|dont|never|less|but|instead|no|nunca|pero|degil|ama|نهيں|مت|لا|ليس)\b")
_SWAPS: Final = str.maketrans({"ı": "i", "ی": "ي", "ک": "ك", "ہ": "ه", "ة": "ه", "ى": "ي", "ۃ": "ه"})


@dataclass(frozen=True, slots=True)
class Wish:
    """What can be followed of an instruction, and whether anything else was asked."""

    does: frozenset[str]
    left: bool


def read(instruction: str, styles: Mapping[str, str]) -> Wish:
    """Return what `instruction` asks for: one of the protocol's styles by its key, or somebody's own words."""
    plain = _fold(styles.get(instruction.strip(), instruction))
    does: set[str] = set()
    for name, pattern in _RULES:
        plain, hits = pattern.subn(" · ", plain)
        if hits:
            does.add(name)
    # "not shorter, but …" asks for the opposite of what its words say: better to follow none of it.
    if _NOT.search(plain):
        return Wish(frozenset(), left=True)
    return Wish(frozenset(does), left=bool(set(re.findall(r"[^\W\d_]+", plain)) - _FILLERS))


def note_of(wish: Wish, instruction: str) -> str:
    """Return what the reader of the card must know of how the instruction was followed, empty for nothing."""
    if not wish.left and wish.does:
        return ""
    quoted = " ".join(instruction.split())
    quoted = quoted if len(quoted) <= 70 else quoted[:69] + "…"
    if not wish.does:
        return f"no model is configured, so the instruction could not be followed: {quoted!r}"
    return f"no model is configured; of the instruction {quoted!r} only this was followed: {', '.join(sorted(wish.does))}"


def _fold(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w\s]", " ", bare.translate(_SWAPS)).split())
