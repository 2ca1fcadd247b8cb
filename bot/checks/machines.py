"""Words between people and programs: a mention that speaks to one, a reply that sounds like one (L6).

A model reads what strangers write. Whether it obeys them is decided here and in the flows, in plain code:
what a mention asks of a program changes nothing that people then see, approve or send.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.checks.folding import Folded
from bot.checks.phrasebook import Book, read
from bot.domain.draft import Finding, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.checks.reply import Reading

RULES: Final = ("L6",)

_FILE: Final = Path(__file__).parent / "machines.toml"
#: What no keyboard writes and a model reads: Unicode's tags. Only flags use them, after a black flag.
_TAGS: Final = re.compile(r"(?<!\U0001f3f4)(?<![\U000e0061-\U000e007a])[\U000e0020-\U000e007e]{2,}")
#: What stands in a prompt for something that is not shown, or around a stranger's words.
_LEFT_OVER: Final = re.compile(
    r"\[\s*(?:name|account|e-?mail|phone|card|iban|order number)(?: \d+)?\s*\]"
    r"|\[(?:end of )?(?:mention|thread|previous|others|said|text) [0-9a-f]{16}[^\]]*\]?"
    r"|\{\{.{0,200}?\}\}|<<[a-z_]+>>",
    re.IGNORECASE,
)
#: What was perhaps to be filled in, in whatever language (`[nombre]`), or is shown as it is typed (`<b>`).
_TO_FILL: Final = re.compile(r"\[[^\[\]\n]{1,80}\]|<[^<>\n]{1,80}>|(?<!\{)\{[^{}\n]{1,80}\}(?!\})")
_HANDLE: Final = re.compile(r"(?<![\w.@/])[@\uff20][\w.-]*\w")
#: Ends of hosts. Short words of English among them (`sorry.so`) only count with a path behind.
_ENDS: Final = (
    "com|net|org|io|info|biz|shop|store|online|site|xyz|top|link|me|ly|gg|app|dev|ru|cn|tk|co|live|club|page|click|fun"
    "|website|space|pro|vip|tv|eu|uk|de|at|ch|fr|es|it|pt|br|mx|ar|cl|pe|tr|pk|in|id|ph|lv|lt|ee|pl|nl|se|dk|fi|cz|sk|hu"
    "|ro|bg|gr|ua|by|kz|az|ge|ir|iq|sa|ae|qa|kw|eg|ma|dz|tn|jo|lb|bd|lk|np|my|sg|th|vn|jp|kr|tw|hk|au|nz|za|ng|ke|ca|us"
)
_ADDRESS: Final = re.compile(
    r"\b(?:https?://|www\.)\S+"
    r"|(?<=\]\()//\S+"
    rf"|(?<![a-z0-9])(?<![a-z0-9][.-])[a-z0-9][a-z0-9-]{{0,62}}(?:\.[a-z0-9-]{{2,63}})*\.(?:(?:{_ENDS})\b(?:[/?#:]\S*)?|[a-z]{{2,24}}/\S+)",
    re.IGNORECASE,
)
#: So many words in a row of our own instructions are no accident.
_RUN: Final = 8


@cache
def _book() -> Book:
    return read("machines", tomllib.loads(_FILE.read_text(encoding="utf-8")))


def spoken_to(text: str) -> str:
    """Return the words with which a text speaks to a program, `""` where it speaks to people."""
    if hidden := _TAGS.search(text):
        return "".join(chr(ord(letter) - 0xE0000) for letter in hidden[0])
    folded = Folded(text)
    for one in (folded, folded.joined) if folded.joined else (folded,):
        for section, start, end in _book().hits(one):
            if section.rule in {"asks", "signs"}:
                return text[slice(*one.original(start, end))]
    return ""


def check(reading: Reading) -> Iterator[Finding]:
    """Yield what a person would not have written, and what only our instructions hold."""
    text = reading.reply.text
    for found in _LEFT_OVER.finditer(text):
        says = "This stands for something that is not shown here. Write it out, or take it away."
        yield Finding(rule="L6", verdict=Verdict.BLOCK, phrase=found[0][:500], says=says)
    for section, start, end in _book().hits(reading.folded):
        if section.rule != "asks":
            says = "This is how a program speaks, or to one. Say it as a person would."
            yield Finding(rule="L6", verdict=Verdict.BLOCK, phrase=reading.quote(start, end)[:500], says=says)
    if leaked := _leaked(text, reading.reply.instructions):
        says = "These words are from our own instructions. Nobody outside is to read them."
        yield Finding(rule="L6", verdict=Verdict.BLOCK, phrase=leaked[:500], says=says)
    yield from _to_fill(text)
    yield from _addresses(reading)
    yield from _accounts(reading)


def _to_fill(text: str) -> Iterator[Finding]:
    for found in _TO_FILL.finditer(_LEFT_OVER.sub(" ", text)):
        says = "People read this exactly as it stands, brackets and all. Write it out, or say why it stays."
        yield Finding(rule="L6", verdict=Verdict.WARN, phrase=found[0][:500], says=says)


def _addresses(reading: Reading) -> Iterator[Finding]:
    own = reading.reply.own_contacts
    for found in _ADDRESS.finditer(_without(own, reading.reply.text)):
        said = found[0].rstrip(".,;:!?)\"'")
        if not any(_is_within(said, contact) for contact in own):
            says = "This address is not one of our own. Another person must agree, or take it out."
            yield Finding(rule="L6", verdict=Verdict.SECOND, phrase=said[:500], says=says)


def _without(contacts: tuple[str, ...], text: str) -> str:
    """Take our own e-mail addresses out, each only where it stands alone."""
    for contact in contacts:
        if "@" in contact:
            alone = rf"(?<![\w./@+-]){re.escape(contact)}(?![\w@/]|[.-]\w)"
            text = re.sub(alone, " ", text, flags=re.IGNORECASE)
    return text


def _is_within(said: str, contact: str) -> bool:
    """Whether a browser that opens `said` comes to the page that `contact` names, or to one below it."""
    if "@" in contact:
        return False
    (host, path), (own, ours) = _host_and_path(said), _host_and_path(contact)
    at_home = host == own or host.endswith(f".{own}")
    return "." in own and at_home and (not ours or path == ours or path.startswith(f"{ours}/"))


def _host_and_path(address: str) -> tuple[str, str]:
    bare = re.sub(r"^(?:https?:)?//|^(?=www\.)", "", address.casefold()).removeprefix("www.")
    host = re.split(r"[/?#\\]", bare, maxsplit=1)[0]
    path = bare[len(host) :]
    return re.sub(r":\d+$", "", host), path.split("?")[0].split("#")[0].rstrip("/")


def _accounts(reading: Reading) -> Iterator[Finding]:
    """Whoever is named by their handle is called there: nobody but us and them is, by one person alone."""
    reply = reading.reply
    known = {account.casefold().lstrip("@") for account in (*reply.accounts, *reply.own_contacts)}
    for found in _HANDLE.finditer(_without(reply.own_contacts, reply.text)):
        if found[0][1:].casefold() not in known:
            says = "This calls another account into the talk. Another person must agree, or take it out."
            yield Finding(rule="L6", verdict=Verdict.SECOND, phrase=found[0][:500], says=says)


def _leaked(text: str, instructions: tuple[str, ...]) -> str:
    """Return a run of words that stands in the reply and in our instructions."""
    words = _words(text)
    if len(words) < _RUN:
        return ""
    known = _runs(instructions)
    for at in range(len(words) - _RUN + 1):
        if " ".join(words[at : at + _RUN]) in known:
            return " ".join(words[at : at + _RUN])
    return ""


@cache
def _runs(instructions: tuple[str, ...]) -> frozenset[str]:
    runs: set[str] = set()
    for text in instructions:
        words = _words(text)
        runs.update(" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))
    return frozenset(runs)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())
