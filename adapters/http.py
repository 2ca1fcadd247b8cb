"""Send a request to a platform; failures come back as ours, named for what the caller should do.

No redirect is followed: a token goes to the hosts in the settings and nowhere else. Bodies are read up to a
limit, and the whole exchange has a time limit, whatever the other side trickles.
"""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, cast

import httpx2

from bot.errors import MentionGone, PlatformBusy, PlatformRejected, PlatformSilent

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from bot.errors import PlatformError

#: Bytes of an answer, unpacked, that are read.
MOST_BYTES: Final = 8 * 1024 * 1024
#: Seconds for a whole exchange.
MOST_SECONDS: Final = 30.0
#: Nobody is waited for longer than this at a time, whatever they ask.
LONGEST_WAIT: Final = timedelta(hours=1)

_SAFE: Final = frozenset({"GET", "HEAD"})
_NOT_NOW: Final = frozenset({408, 425, 429})
_UNAVAILABLE: Final = 503
_NOT_SENT: Final = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)


def client(*, transport: httpx2.AsyncBaseTransport | None = None) -> httpx2.AsyncClient:
    """Return a client that goes where it is sent, past no proxy of the environment."""
    limits = httpx2.Timeout(10.0, connect=5.0)
    return httpx2.AsyncClient(transport=transport, timeout=limits, follow_redirects=False, trust_env=False)


async def send(
    http: httpx2.AsyncClient, platform: str, request: httpx2.Request, *, also: AbstractSet[int] = frozenset()
) -> httpx2.Response:
    """Return a good answer, read to its end; raises `PlatformError` for every other.

    `also` are statuses that are an answer to this request and no failure, such as 304, or a redirect that the
    caller looks at: it is reported, never followed.

    `PlatformBusy`: nothing happened, or the request can be repeated without harm. `PlatformSilent`: what was
    asked for may have happened. `MentionGone`: 404 or 410. `PlatformRejected`: no, for good.
    """
    safe = request.method in _SAFE
    try:
        async with asyncio.timeout(MOST_SECONDS):
            response = await http.send(request, stream=True, follow_redirects=False)
            try:
                body = await _read(response)
            finally:
                await response.aclose()
    except _NOT_SENT as problem:
        raise PlatformBusy(f"{platform} cannot be reached ({type(problem).__name__})") from problem
    except (httpx2.TransportError, httpx2.DecodingError, TimeoutError) as problem:
        says = f"{platform} gave no clear answer ({type(problem).__name__})"
        raise (PlatformBusy(says) if safe else PlatformSilent(says)) from problem
    answer = httpx2.Response(
        response.status_code, headers=_plain(response), content=body or b"", request=request
    )
    if body is None:
        says = f"{platform} answered with more than {MOST_BYTES:,} bytes"
        raise PlatformRejected(says) if safe else PlatformSilent(says)
    if not answer.is_success and answer.status_code not in also:
        raise _failure(platform, answer, safe=safe)
    return answer


async def _read(response: httpx2.Response) -> bytes | None:
    """Return the unpacked body, `None` when it is too large."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _plain(response: httpx2.Response) -> dict[str, str]:
    # The body is unpacked by now: its old length and packing would be a lie.
    packed = {"content-encoding", "content-length", "transfer-encoding"}
    return {name: value for name, value in response.headers.items() if name.lower() not in packed}


def _failure(platform: str, answer: httpx2.Response, *, safe: bool) -> PlatformError:
    status = answer.status_code
    says = f"{platform} answered {status}{_their_words(answer)}"
    wait = asked_wait(answer)
    if status in _NOT_NOW or (status == _UNAVAILABLE and wait is not None):
        return PlatformBusy(says, wait)
    if status in {404, 410}:
        return MentionGone(says)
    if httpx2.codes.is_client_error(status):
        return PlatformRejected(says)
    if httpx2.codes.is_redirect(status) and safe:
        return PlatformRejected(f"{says}, a redirect, which is not followed")
    # A server that failed, or sent us elsewhere, may have done it first.
    return PlatformBusy(says, wait) if safe else PlatformSilent(says)


def asked_wait(answer: httpx2.Response) -> timedelta | None:
    """Read Retry-After: seconds or a date; `None` when it says nothing we can use."""
    text = answer.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(timedelta(seconds=int(text)), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - datetime.now(UTC), timedelta(0)), LONGEST_WAIT)


def _their_words(answer: httpx2.Response) -> str:
    """Return the reason a JSON answer gives, short and on one line, for the person who reads the card."""
    try:
        parsed: Any = answer.json()
    except (ValueError, RecursionError):
        return ""
    told = cast("dict[str, Any]", parsed) if isinstance(parsed, dict) else {}
    # An error's name, and what is said of it beside it (XRPC has both).
    said = [word for word in (told.get("error"), told.get("message")) if isinstance(word, str) and word]
    line = "".join(letter if letter.isprintable() else " " for letter in ": ".join(said)[:200])
    return f": {line}" if line else ""
