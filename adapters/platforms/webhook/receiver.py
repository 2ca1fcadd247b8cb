"""Check that a push is genuine and read it.

The signature is over the raw bytes, so nothing is parsed before its sender is known. One bad item of a batch
is set aside for a person to see, and costs the good ones nothing.
"""

from __future__ import annotations

import hmac
import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NoReturn, cast

from pydantic import ValidationError

from adapters.platforms.webhook.items import Item, Unfit, as_text, cleaned, in_words
from bot.domain.mention import Gone, Mention, SetAside
from bot.errors import BadInput, NotGenuine, Replayed, TooLarge
from bot.ports import Batch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.ports import Clock

TIMESTAMP, SIGNATURE = "X-Levelhead-Timestamp", "X-Levelhead-Signature"
WINDOW: Final = timedelta(minutes=5)
MOST_ITEMS: Final = 1000
DEEPEST: Final = 32
_MOST_RAW: Final = 2000

# A string that is never closed runs to the end, so that no quote is looked at twice; `*+` gives nothing back.
_BRACKETS: Final = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


class WrongShape(BadInput):
    """It is JSON, but not the JSON we take."""


def status_of(error: BadInput) -> int:
    """Return the HTTP status a sender is answered with."""
    by_kind = ((NotGenuine, 401), (Replayed, 409), (TooLarge, 413), (WrongShape, 422))
    return next((status for kind, status in by_kind if isinstance(error, kind)), 400)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return the signature header of a request."""
    message = b"v1:" + timestamp.encode() + b":" + body
    return "v1=" + hmac.new(secret.encode(), message, "sha256").hexdigest()


class Webhook:
    """The receiver of one source. `secret` may hold two, with a comma between: both are good."""

    max_body = 4 * 1024 * 1024

    def __init__(self, *, name: str, platform: str, secret: str, clock: Clock) -> None:
        """Raises `ValueError` on an empty secret: anybody could sign with it."""
        self.name = name
        self._platform, self._clock = platform, clock
        self._secrets = [part.strip() for part in secret.split(",") if part.strip()]
        if not self._secrets:
            raise ValueError(f"source {name!r} needs a secret that is not empty")

    async def receive(self, headers: Mapping[str, str], body: bytes) -> Batch:
        """Return what was pushed; raises `BadInput` or one of its kinds."""
        now = self._clock()
        if len(body) > self.max_body:
            raise TooLarge(f"the body has {len(body):,} bytes; at most {self.max_body:,} are read")
        self._check(headers, body, now)
        mentions, deleted = _lists(_parsed(body))
        found: list[Mention | Gone] = []
        aside: list[SetAside] = []
        for path, item, taken in (*self._mentions(mentions, now), *self._deleted(deleted, now)):
            if isinstance(taken, Unfit):
                aside.append(_set_aside(self.name, f"{path}{taken}", item, now))
            elif taken is not None:
                found.append(taken)
        return Batch(items=tuple(found), set_aside=tuple(aside))

    def fingerprint(self, headers: Mapping[str, str]) -> str:
        """Return what a genuine request is known by: the same request again has the same one."""
        return _header(headers, SIGNATURE).removeprefix("v1=")

    def _check(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        timestamp, given = _header(headers, TIMESTAMP), _header(headers, SIGNATURE)
        if not re.fullmatch(r"[0-9]{1,12}", timestamp):
            raise NotGenuine(f"{TIMESTAMP} should be the time in whole Unix seconds")
        # Bytes, as a comparison of texts refuses letters beyond ASCII; each secret is tried, for equal time.
        good = [
            hmac.compare_digest(sign(secret, timestamp, body).encode(), given.encode(errors="replace"))
            for secret in self._secrets
        ]
        if not any(good):
            raise NotGenuine(f'{SIGNATURE} should be "v1=" and the HMAC-SHA256 of "v1:<timestamp>:<body>"')
        if abs(now.timestamp() - int(timestamp)) > WINDOW.total_seconds():
            raise Replayed(
                f"the request is of {timestamp}, and it is {int(now.timestamp())} here; at most "
                f"{int(WINDOW.total_seconds())} s may lie between: sign it anew, and look at your clock"
            )

    def _mentions(
        self, items: Sequence[Any], now: datetime
    ) -> Iterator[tuple[str, Any, Mention | Unfit | None]]:
        known: dict[str, Mention] = {}
        for number, item in enumerate(items):
            path = f"mentions[{number}]"
            try:
                mention = Item.read(cleaned(item)).mention(self.name, self._platform, now)
            except ValidationError as wrong:
                yield path, item, Unfit(in_words(wrong))
                continue
            first = known.setdefault(mention.id, mention)
            if first is mention:
                yield path, item, mention
            elif first != mention:
                yield path, item, Unfit(f".id: {mention.id!r} is there twice; the first one was taken")

    def _deleted(self, items: Sequence[Any], now: datetime) -> Iterator[tuple[str, Any, Gone | Unfit]]:
        for number, item in enumerate(items):
            try:
                gone = Gone(source=self.name, id=cleaned(as_text(item)), at=now)
            except ValidationError:
                yield f"deleted[{number}]", item, Unfit(": expected the ID of a mention, 1 to 200 characters")
            else:
                yield f"deleted[{number}]", item, gone


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((value.strip() for key, value in headers.items() if key.lower() == name.lower()), "")


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise BadInput(f"byte {wrong.start + 1} of the body is not UTF-8") from None
    _bound_depth(text)
    try:
        parsed = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as wrong:
        raise BadInput(
            f"the body is not JSON: line {wrong.lineno}, column {wrong.colno}: {wrong.msg.lower()}"
        ) from None
    except ValueError as wrong:
        raise BadInput(f"the body is not JSON we read: {str(wrong)[:100]}") from None
    if not isinstance(parsed, dict):
        raise WrongShape('expected one mention as a JSON object, or {"mentions": [...]}')
    return cast("dict[str, Any]", parsed)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")


def _bound_depth(text: str) -> None:
    """Refuse deep nesting before the parser, which recurses, meets it."""
    depth = 0
    for found in _BRACKETS.finditer(text):
        bracket = found[0]
        if bracket in "[{":
            depth += 1
            if depth > DEEPEST:
                raise BadInput(f"the JSON is nested deeper than {DEEPEST} levels")
        elif bracket in "]}":
            depth -= 1


def _lists(parsed: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """Return the mentions and the deleted IDs; an object with neither list is one mention."""
    if not parsed.keys() & {"mentions", "deleted"}:
        return [parsed], []
    if unknown := sorted(parsed.keys() - {"mentions", "deleted"}):
        raise WrongShape(f'unknown name {unknown[0][:60]!r} beside "mentions" and "deleted"')
    lists = [parsed.get("mentions", []), parsed.get("deleted", [])]
    for name, items in zip(("mentions", "deleted"), lists, strict=True):
        if not isinstance(items, list):
            raise WrongShape(f"{name} should be a list")
        if len(cast("list[Any]", items)) > MOST_ITEMS:
            raise WrongShape(f"{name} has more than {MOST_ITEMS:,} items; send several requests")
    return lists[0], lists[1]


def _set_aside(source: str, reason: str, item: Any, now: datetime) -> SetAside:
    raw = cleaned(json.dumps(item, ensure_ascii=False)[:_MOST_RAW])
    return SetAside(source=source, reason=cleaned(reason)[:1000], raw=raw, at=now)
