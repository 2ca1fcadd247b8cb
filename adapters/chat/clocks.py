"""Whether our clock and a chat's agree: signatures and tokens end by the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import httpx2

#: Whether it is well (`None`: worth knowing, and not wrong), what was looked at, and what was found.
Found = tuple[bool | None, str, str]

#: A clock may be off by this much. Signatures end at five minutes: a chat's, and our own.
SKEW: Final = timedelta(seconds=60)


class Heard(httpx2.AsyncBaseTransport):
    """Passes requests on, and keeps the headers of the last answer."""

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        """`inner` sends them."""
        self._inner = inner
        self.headers = httpx2.Headers()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request."""
        response = await self._inner.handle_async_request(request)
        self.headers = response.headers
        return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


def compared(heard: Heard, whose: str, before: datetime, after: datetime, *, then: str) -> Found:
    """Compare clocks. Theirs was read somewhere between `before` and `after`, to the second.

    `then` is what happens where they differ by more than five minutes.
    """
    name = f"{whose.lower()} clock"
    try:
        theirs = parsedate_to_datetime(heard.headers.get("date", ""))
    except ValueError:
        return (None, name, f"{whose} did not say what time it is")
    theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    off = max(before - timedelta(seconds=1) - theirs, theirs - after, timedelta(0))
    if off <= SKEW:
        return (True, name, f"ours and {_of(whose)} agree")
    way = "behind" if theirs > after else "ahead of"
    says = f"ours is {round(off.total_seconds()):,} seconds {way} {_of(whose)}: set it by NTP"
    return (False, name, f"{says}. From five minutes on, {then}")


def _of(whose: str) -> str:
    return f"{whose}'" if whose.endswith("s") else f"{whose}'s"
