"""One pushed mention: the fields a sender may write, and what is wrong with one in words."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final, Self, cast

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from bot.domain.mention import MAX_TEXT, Author, Mention
from bot.domain.toml_file import near

if TYPE_CHECKING:
    from pydantic import ValidationError

# Half a surrogate pair cannot be stored, and control characters have no meaning in a post: of a text, only
# tabs and line ends are kept. Direction marks stay: right-to-left writing needs them, and cards isolate them.
_UNSOUND: Final = re.compile(r"[\ud800-\udfff]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Unfit(str):
    """Why an item cannot be taken in."""

    __slots__ = ()


def cleaned(value: Any) -> Any:
    """Return `value` with texts that can be stored, however deep they stand (the depth is bounded)."""
    match value:
        case str():
            return _CONTROL.sub("", _UNSOUND.sub("\N{REPLACEMENT CHARACTER}", value))
        case list():
            return [cleaned(item) for item in cast("list[Any]", value)]
        case dict():
            return {cleaned(key): cleaned(item) for key, item in cast("dict[str, Any]", value).items()}
        case _:
            return value


def as_text(value: Any) -> Any:
    """Return a whole number as the ID it stands for; anything else as it is."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty")
    return value


def _web_address(value: str) -> str:
    if not re.match(r"https?://[^\s/?#]", value, re.IGNORECASE):
        raise ValueError("expected an address that begins with https:// or http://")
    return value


def _code(value: Any) -> Any:
    return re.split("[-_]", value)[0].lower() if isinstance(value, str) else value


_Id = Annotated[str, Field(max_length=200), BeforeValidator(as_text), AfterValidator(_not_blank)]
_Url = Annotated[str, Field(max_length=2000), AfterValidator(_web_address)]


class Writer(BaseModel):
    """Who wrote it."""

    model_config = ConfigDict(extra="forbid")

    handle: Annotated[str, Field(max_length=300), AfterValidator(_not_blank)]
    name: Annotated[str, Field(max_length=300)] | None = None
    url: _Url | None = None
    followers: Annotated[int, Field(strict=True, ge=0)] | None = None


class Item(BaseModel):
    """One mention as it is pushed; without `posted_at` it was posted just now."""

    model_config = ConfigDict(extra="forbid")

    id: _Id
    text: Annotated[str, Field(max_length=MAX_TEXT), AfterValidator(_not_blank)]
    author: Writer
    posted_at: AwareDatetime | None = None
    url: _Url | None = None
    in_reply_to: _Id | None = None
    thread: _Id | None = None
    tagged: Annotated[bool, Field(strict=True)] = False
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$"), BeforeValidator(_code)] | None = None
    rating: Annotated[int, Field(strict=True, ge=1, le=5)] | None = None

    @classmethod
    def read(cls, item: Any) -> Self:
        """Return the item; raises `ValidationError`."""
        return cls.model_validate(item)

    def mention(self, source: str, platform: str, now: datetime) -> Mention:
        """Return it as the bot knows it."""
        writer = self.author
        return Mention(
            source=source,
            platform=platform,
            id=self.id,
            author=Author(
                handle=writer.handle.strip().removeprefix("@") or writer.handle,
                name=writer.name or None,
                url=writer.url,
                followers=writer.followers,
            ),
            text=self.text,
            posted_at=self.posted_at or now,
            url=self.url,
            in_reply_to=self.in_reply_to,
            thread=self.thread,
            tagged=self.tagged,
            language=self.language,
            rating=self.rating,
        )


def in_words(wrong: ValidationError) -> str:
    """Return every mistake of an item, each with its path from the item on."""
    return "; ".join(
        f"{_path(error['loc'])}: {_said(cast('dict[str, Any]', error))}"
        for error in wrong.errors(include_url=False)
    )


def _path(loc: tuple[str | int, ...]) -> str:
    return "".join(f".{str(part)[:60]}" for part in loc)


def _said(error: dict[str, Any]) -> str:
    loc, kind, limits = error["loc"], error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        names = Writer.model_fields if loc[0] == "author" else Item.model_fields
        return f"unknown field{near(str(loc[-1])[:60], names)}"
    if kind == "missing":
        return "is missing"
    if kind == "string_too_long":
        return f"has {len(error['input']):,} characters; at most {limits['max_length']:,} are taken"
    if kind == "value_error":
        return str(error["msg"]).removeprefix("Value error, ")
    return _EXPECTED.get(str(loc[-1]) if loc else "", "expected a JSON object with id, text and author")


_EXPECTED: Final = {
    "author": "expected a JSON object with handle",
    "followers": "expected a whole number, 0 or more",
    "handle": "expected the handle in quotes",
    "id": "expected an ID, in quotes or a whole number",
    "in_reply_to": "expected an ID, in quotes or a whole number",
    "language": 'expected a language code such as "en"',
    "name": "expected the shown name in quotes",
    "posted_at": 'expected a time with its zone, such as "2026-11-22T09:30:00Z", or Unix seconds',
    "rating": "expected a whole number from 1 to 5",
    "tagged": "expected true or false",
    "text": "expected the text in quotes",
    "thread": "expected an ID, in quotes or a whole number",
    "url": "expected an address in quotes",
}
