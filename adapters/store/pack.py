"""How cases stand in Redis: the JSON of the domain's own values, each text once beside it under its digest.

A case closed as noted is folded: it, its history and its words in one deflated string. `DICTIONARY` is part
of that format and kept for ever; another one needs another number.
"""

from __future__ import annotations

import json
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
DICTIONARY = b"""\
the that and with for have this they their would very just about great thanks thank you all for your good
love best amazing friendly recommend staff team service shop store food delivery order ordered arrived
today again always never company product price quality place people really nice happy
","posted_at":"2026-01-01T00:00:00Z","url":"https://www.example.com/posts/1","in_reply_to":"","thread":"",\
"tagged":true,"rating":5,"moved":"spoken","returned":true,"carded":true,"risks":["press"],"abusive":true,\
"category":"praise","severity":"low","category":"neutral","category":"spam","severity":"medium",\
"outcome":"praise","outcome":"spam","language":"en","language":"es","language":"ur","language":"ar",\
"language":"tr","by":"rules","topics":["thanks"],"why":"It praises us.","platform":"webhook",\
"source":"square",{"version":2,"at":"2026-01-01T00:00:00.000000Z","event":{"kind":"case_noted","assessment":{"category":"neutral",\
"severity":"low","language":"en","by":"offline","topics":[],"risks":[],"abusive":false,"why":""},"outcome":"noted"}}
{"version":1,"at":"2026-01-01T00:00:00.000000Z","event":{"kind":"mention_received","mention":{"source":"",\
"platform":"","id":"","author":{"handle":"","name":"","url":"https://","followers":},"text":"","posted_at":"2026-",\
"tagged":false},"severity":"low"}}
{"schema":1,"id":"","state":"closed","version":2,"mention":{"source":"","platform":"","id":"","author":{"handle":"",\
"name":"","url":"https://","followers":},"text":"","posted_at":"2026-01-01T00:00:00Z"},"severity":"low",\
"received_at":"2026-01-01T00:00:00.000000Z","changed_at":"2026-01-01T00:00:00.000000Z","assessment":{"category":\
"neutral","severity":"low","language":"en","by":"offline"},"outcome":"noted"}"""


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
    """Return a closed case with its whole history in one string."""
    texts = Texts()
    lines = [dump_case(case, texts), *(dump_entry(entry, texts) for entry in entries)]
    lines.append(json.dumps(texts, ensure_ascii=False, separators=(",", ":")).encode())
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, DICTIONARY)
    packed = deflate.compress(b"\n".join(lines)) + deflate.flush()
    return b"%s%d %s%s\n" % (FOLDED, case.version, mark(change).encode(), day.encode()) + packed


def unfold(raw: bytes) -> Folded:
    """Return the fields and the trail that a folded case had, and has again when it is reopened."""
    head, _, packed = raw.partition(b"\n")
    version, change, day = head.removeprefix(FOLDED).split()
    inflate = zlib.decompressobj(-15, DICTIONARY)
    case, *entries, texts = (inflate.decompress(packed) + inflate.flush()).split(b"\n")
    fields = {"v": version, "s": b"", "c": case, "e": change + b" ", "x": day}
    fields |= {f"t:{name}": text.encode() for name, text in json.loads(texts).items() if text}
    return Folded(fields, tuple(entries))
