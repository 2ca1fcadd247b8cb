"""The only way out to the model's server: these headers and no others, an answer of so many bytes.

What the environment of the process holds (proxies, `OPENAI_ORG_ID`, `OPENAI_CUSTOM_HEADERS`) and what a
client library tells of this machine stay here. Packed answers are not asked for and not unpacked: a small one
may become a very large one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import httpx2

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

#: Bytes of an answer that are read; the longest one asked for has a tenth of it.
MOST_BYTES: Final = 1024 * 1024
_SENT: Final = frozenset({"host", "content-type", "content-length", "accept", "connection"})


class TooLarge(httpx2.TransportError):
    """The answer has more bytes than we read, or is packed."""


class Door(httpx2.AsyncBaseTransport):
    """Lets requests out with the operator's key, and answers in up to a size."""

    def __init__(self, key: str, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        """`transport` is what lies beyond; an empty key is not sent."""
        self._key = key
        self._beyond = transport or httpx2.AsyncHTTPTransport(trust_env=False)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send it on, and read no more of the answer than we must."""
        kept = [(name, value) for name, value in request.headers.items() if name.lower() in _SENT]
        kept += [("user-agent", "levelhead"), ("accept-encoding", "identity")]
        if self._key:
            kept.append(("authorization", f"Bearer {self._key}"))
        # A request of its own: the library reads its marks in the headers of the old one again.
        sent = httpx2.Request(
            request.method, request.url, headers=kept, stream=request.stream, extensions=request.extensions
        )
        response = await self._beyond.handle_async_request(sent)
        stream = cast("httpx2.AsyncByteStream", response.stream)
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            await stream.aclose()
            raise TooLarge("a packed answer")
        response.stream = _Bounded(stream)
        return response

    async def aclose(self) -> None:
        """Close what lies beyond."""
        await self._beyond.aclose()


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._stream:
            size += len(chunk)
            if size > MOST_BYTES:
                raise TooLarge(f"more than {MOST_BYTES:,} bytes")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
