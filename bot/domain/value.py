"""What every value of the domain is: frozen, strict about unknown fields, equal by content.

Words that people wrote (a mention, a draft, a reply) are `Words`: the store keeps each of them once, under
its digest, apart from the case, so that it can be erased without breaking the history.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Any, Literal, cast

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    SerializationInfo,
    StringConstraints,
    ValidationInfo,
)

ERASED = "[erased]"
_DIGEST = re.compile(r"[0-9a-f]{32}")


class Value(BaseModel):
    """A value: never changed in place, equal to any other of the same content."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")


def digest(text: str) -> str:
    """Return the name a text is kept under: 128 bits of SHA-256, in hexadecimal."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _put_away(text: str, info: SerializationInfo) -> str:
    if info.context is None:
        return text
    texts = cast("dict[str, dict[str, str]]", info.context)["texts"]
    name = digest(text)
    texts[name] = text
    return name


def _fetch(text: Any, info: ValidationInfo) -> Any:
    if info.context is None:
        return text
    texts = cast("dict[str, dict[str, str]]", info.context)["texts"]
    # What is no digest was written before its kind of text was kept apart.
    return texts.get(text, ERASED if not isinstance(text, str) or _DIGEST.fullmatch(text) else text)


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("expected a time within the years 1 to 9999, in UTC") from None


#: A moment told from outside, in whatever zone: kept in UTC, as every card says that it is.
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Words = Annotated[str, BeforeValidator(_fetch), PlainSerializer(_put_away)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
PersonId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
#: How soon a desk has to look at a question.
Urgency = Literal["normal", "urgent"]

#: The thirteen languages of the product, by ISO 639 code; `und` when we cannot tell.
LanguageCode = Literal["en", "es", "de", "fr", "it", "pt", "tr", "ur", "ar", "lv", "tl", "hi", "id", "und"]
