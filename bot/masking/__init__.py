"""Personal data in a text, found and replaced before any model or log sees it.

E-mail addresses, phone numbers, card numbers, IBANs and order numbers become `[e-mail]`, `[phone]`, `[card]`,
`[IBAN]` and `[order number]`, numbered from the second one on. Prices, dates, years and times stay.
Masking a masked text changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from bot.masking.finders import FINDERS, TAKEN

if TYPE_CHECKING:
    from collections.abc import MutableMapping

#: Where a number without a country code may be from.
REGIONS: Final = (
    "US", "GB", "ES", "MX", "AR", "TR", "PK", "SA", "AE", "EG", "IN", "PH", "BR", "PT", "LV", "ID",
    "DE", "AT", "CH", "FR", "BE", "IT",
)  # fmt: skip


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
_NAMES: Final = frozenset(
    {"level", "timestamp", "logger", "id", "case", "mention", "source", "brand", "version"}
)


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
        return {key: _masked(inner) for key, inner in cast("dict[Any, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_masked(inner) for inner in cast("list[Any]", value)]
    return value


# Digits of other scripts, and other hyphens, spaces and signs: one for one, so that places in the text stay.
_ZEROS: Final = (0x660, 0x6F0, 0x966, 0x9E6, 0xFF10, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6)
_PLAIN: Final = {
    **{zero + i: str(i) for zero in _ZEROS for i in range(10)},
    **dict.fromkeys(map(ord, "‐‑‒–—−"), "-"),
    **dict.fromkeys(map(ord, "\u00a0\u2009\u202f"), " "),
    0xFF0B: "+",
    0xFF20: "@",
}
_PLACEHOLDER: Final = re.compile(r"\[(?:e-mail|phone|card|IBAN|order number)(?: \d+)?\]")
_WORTH: Final = re.compile(
    r"@|\d[\d\W]*\d|[\[({ ](?:at|ät|arroba|kuyruklu|arr?obase?|chiocciola)\b", re.IGNORECASE
)


def _spans(text: str, regions: tuple[str, ...]) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    shadow = text.translate(_PLAIN)
    if not _WORTH.search(shadow):
        return found
    shadow = _PLACEHOLDER.sub(lambda m: TAKEN * len(m[0]), shadow)
    more = True
    while more:  # what is taken out can lay something else bare
        more = False
        for kind, spans in FINDERS:
            for start, end in list(spans(shadow, regions)):
                if TAKEN not in shadow[start:end]:
                    found.append((start, end, kind))
                    shadow = shadow[:start] + TAKEN * (end - start) + shadow[end:]
                    more = True
    return found
