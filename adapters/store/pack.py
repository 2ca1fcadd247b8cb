"""How cases stand in Redis: the JSON of the domain's own values, each text once beside it under its digest.

A case closed as noted is folded: it, its history and its words in one deflated string. `DICTIONARY` is part
of that format and kept for ever; another one needs another number.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from bot.domain.case import Case
from bot.domain.events import Entry
from bot.domain.value import digest

Fields = dict[str, bytes]

#: Begins a folded case: the format's number, then version, mark of the last change, and day of closing.
FOLDED = b"F1"
DICTIONARY = """\
 the that and with for have this they their would very just about great thanks thank you all for your good \
love best amazing friendly recommend staff team service shop store food delivery order ordered arrived \
today again always never company product price quality place people really nice happy was were from here \
la los las por para con una muy gracias que todo de el en es \
bir ve bu çok için teşekkürler بہت شکریہ في من على شكرا \
","in_reply_to":"","thread":"","rating":5,"moved":"spoken","returned":true,"carded":true,"risks":["press"],\
"abusive":true,"category":"spam","severity":"medium","outcome":"spam","language":"und","language":"es",\
"language":"ur","language":"ar","language":"tr","by":"rules","topics":["thanks","staff","product"],\
"why":"1 negative word; 3 kind words; topics: price; it asks something; words of advertising; 5 of 5 stars; \
,000 followers; nothing in it could be read for sure, so a person has to","platform":"webhook",\
"source":"webhook"
{"schema":1,"id":"square:","state":"closed","version":2,"mention":{"source":"square","platform":"square","id":"",\
"author":{"handle":"","name":"","url":"http://127.0.0.1:8080/square/@","followers":1},"text":"",\
"posted_at":"2026-11-22T12:00:00.000000Z","url":"http://127.0.0.1:8080/square/post/","url":"https://www.",\
"tagged":true,"language":"en"},"severity":"low","received_at":"2026-12-","changed_at":"2027-01-",\
"assessment":{"category":"neutral","severity":"low","language":"en","by":"offline","topics":["","why":\
"1 kind word"},"outcome":"noted"}
{"version":1,"at":"2026-11-22T12:00:00.000000Z","event":{"kind":"mention_received","mention":{"source":\
"square","severity":"low"}}
{"version":2,"at":"2026-11-22T12:00:00.000000Z","event":{"kind":"case_noted","assessment":{"category":"praise",\
"severity":"low","language":"en","by":"offline","topics":[],"risks":[],"abusive":false,"why":"2 kind words"},\
"outcome":"praise"}}
{"schema":1,"id":"square:","state":"closed","version":2,"mention":{"source":"square","platform":"square","id":"\
""".encode()


class Texts(dict[str, str]):
    """Texts by digest, as the domain's values put them away and fetch them."""

    @property
    def context(self) -> dict[str, Any]:
        """What pydantic is given."""
        return {"texts": self}

    @property
    def fields(self) -> list[str]:
        """Names and texts, as a case's hash keeps them. An empty text needs no keeping."""
        return [part for name, text in self.items() if text for part in (f"t:{name}", text)]


_NOTHING = digest("")


def texts_of(fields: Mapping[str, bytes]) -> Texts:
    """Return the texts of a case's hash; an erased one is empty there and missing here."""
    texts = Texts({name[2:]: value.decode() for name, value in fields.items() if value and name[:2] == "t:"})
    texts[_NOTHING] = ""
    return texts


def dump_case(case: Case, texts: Texts) -> bytes:
    """Return the case without its words, which go into `texts`."""
    return case.model_dump_json(by_alias=True, exclude_defaults=True, context=texts.context).encode()


def load_case(raw: bytes, texts: Texts) -> Case:
    """Return the case; what is not in `texts` reads `[erased]`."""
    return Case.model_validate_json(raw, context=texts.context)


def dump_entry(entry: Entry, texts: Texts) -> bytes:
    """Return a line of the trail without its words."""
    return entry.model_dump_json(exclude_none=True, context=texts.context).encode()


def load_entry(raw: bytes, texts: Texts) -> Entry:
    """Return a line of the trail."""
    return Entry.model_validate_json(raw, context=texts.context)


def mark(change_id: str) -> str:
    """Return what is kept of a change's ID: 64 bits and a space, enough among the last eight."""
    return sha256(change_id.encode()).hexdigest()[:16] + " "


def unbundle(raw: bytes) -> Fields:
    """Return the fields of a hash that a script sent as one string (bundle.lua)."""
    head, _, body = raw.partition(b"\n")
    parts: list[bytes] = []
    at = 0
    for size in map(int, head.split()):
        parts.append(body[at : at + size])
        at += size
    return {name.decode(): value for name, value in zip(parts[::2], parts[1::2], strict=True)}


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded case, unpacked."""

    fields: Fields
    entries: tuple[bytes, ...]


def fold(case: Case, entries: Sequence[Entry], *, change: str, day: str) -> bytes:
    """Return a closed case with its whole history in one string, words and all: deflate finds them again."""
    lines = [case.model_dump_json(by_alias=True, exclude_defaults=True)]
    lines += [entry.model_dump_json(exclude_none=True) for entry in entries]
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, DICTIONARY)
    packed = deflate.compress("\n".join(lines).encode()) + deflate.flush()
    return b"%s%d %s%s\n" % (FOLDED, case.version, mark(change).encode(), day.encode()) + packed


def unfold(raw: bytes) -> Folded:
    """Return the fields and the trail that a folded case had, and has again when it is reopened."""
    head, _, packed = raw.partition(b"\n")
    version, change, day = head.removeprefix(FOLDED).split()
    inflate = zlib.decompressobj(-15, DICTIONARY)
    case, *lines = (inflate.decompress(packed) + inflate.flush()).split(b"\n")
    texts = Texts()
    entries = tuple(dump_entry(Entry.model_validate_json(line), texts) for line in lines)
    fields = {"v": version, "s": b"", "c": dump_case(Case.model_validate_json(case), texts)}
    fields |= {"e": change + b" ", "x": day}
    fields |= {f"t:{name}": text.encode() for name, text in texts.items() if text}
    return Folded(fields, entries)
