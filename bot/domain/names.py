"""What to call somebody: their name where it is plainly one, nothing where it is not (W4)."""

from __future__ import annotations

import re
import unicodedata

from bot.domain.mention import Author

_LONGEST = 40
_MOST_WORDS = 4
_INITIALS = 3  # capitals up to here may be initials
#: Words that make a shown name a label and no person's name.
_LABELS = re.compile(
    r"\b(?:official|oficial\w*|resmi|news|fan|shop|store|team|support|admin|anon\w*|user|guest"
    r"|account|bot|unknown|loja|padaria|offiziell\w*|officiel\w*|ufficiale|laden|bäckerei"
    r"|boutique|boulangerie|magasin|negozio|panificio|équipe|redaktion|nachrichten|notizie"
    r"|not[ií]cias|veikals|ziņas|toko|berita|tindahan|panaderya|balita|समाचार|दुकान)\b",
    re.IGNORECASE,
)
#: Shown names often start with a title, which is no name to greet somebody by.
_TITLES = {
    "mr",
    "mrs",
    "ms",
    "dr",
    "prof",
    "sr",
    "sra",
    "dra",
    "herr",
    "frau",
    "fr",
    "m",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "sig",
    "sig.ra",
    "signor",
    "signora",
    "dott",
    "dott.ssa",
    "avv",
    "ing",
    "dipl",
    "mag",
    "senhor",
    "senhora",
    "dona",
    "bapak",
    "pak",
    "ibu",
    "bu",
    "mas",
    "mbak",
    "kak",
    "hj",
    "g",
    "gng",
    "bb",
    "ginoo",
    "ginang",
    "kuya",
    "atty",
    "engr",
    "shri",
    "smt",
    "श्री",
    "श्रीमती",
    "सुश्री",
    "डॉ",
    "bay",
    "bayan",
    "sayın",
    "السيد",
    "السيدة",
    "جناب",
}


def greeting_name(author: Author) -> str | None:
    """Return the given name to greet `author` by, or `None` for a plain greeting.

    Never a handle, nor anything with digits, symbols, control or decorative characters in it.
    """
    if author.name is None:
        return None
    name = unicodedata.normalize("NFC", author.name).strip()
    if name != unicodedata.normalize("NFKC", name):  # 𝕱𝖆𝖓𝖈𝖞 letters are decoration
        return None
    if name.casefold().lstrip("@") == author.handle.casefold().lstrip("@") and not name.istitle():
        return None
    words = [word for word in name.split() if word.strip(".").casefold() not in _TITLES]
    if not words or len(words) > _MOST_WORDS or len(name) > _LONGEST or _LABELS.search(name):
        return None
    return words[0] if all(_is_name(word) for word in words) else None


def _is_name(word: str) -> bool:
    letters = [c for c in word if unicodedata.category(c)[0] in "LM"]
    others = set(word) - set(letters) - set("'’-.")
    scripts = {unicodedata.name(c, "?").split()[0] for c in letters if unicodedata.category(c)[0] == "L"}
    shouted = word.isupper() and len(word) > _INITIALS
    return len(letters) > 1 and not others and len(scripts) == 1 and not shouted
