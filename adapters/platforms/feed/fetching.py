"""Fetch a feed's document: conditionally, and through redirects that stay at home.

A feed must not make the bot fetch what only the bot can reach. So a redirect is followed only on the
configured host or its other spelling with or without `www.`, never from https to http, never to another port
than the scheme's or the configured one. The configured host is the operator's own choice, wherever it stands;
the other spelling is the feed owner's: all its addresses must be public, and one is connected to by number.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

import httpx2

from adapters.http import send
from bot.errors import MentionGone, PlatformBusy, PlatformRejected

Resolve = Callable[[str, int], Awaitable[tuple[str, ...]]]

MOST_HOPS: Final = 3
_NOT_MODIFIED: Final = 304
_GONE: Final = 410
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_ANSWERS: Final = _MOVED | {_GONE}
_PERMANENT: Final = frozenset({301, 308})
_PORTS: Final = {"http": 80, "https": 443}
_HEADERS: Final = {
    "User-Agent": "Levelhead (feed reader)",
    "Accept": "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.5",
}
#: Addresses that stand for IPv4 ones behind a translator (RFC 6052).
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")


async def resolved(host: str, port: int) -> tuple[str, ...]:
    """Return the addresses of a host; raises `OSError`."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(str(address[0]) for *_, address in found)


def is_public(address: str) -> bool:
    """Whether an address is reached over the internet, the same from everywhere."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and (
        found.ipv4_mapped or found.sixtofour or found.teredo or found in _TRANSLATED
    ):
        return False
    return found.is_global and not found.is_multicast


class Fetcher:
    """Fetches from one configured address. `moved` is where it has moved for good, at the last look."""

    def __init__(self, http: httpx2.AsyncClient, url: str, resolve: Resolve = resolved) -> None:
        """`resolve` looks a host up; it may raise `OSError`."""
        self._http, self._resolve = http, resolve
        self._home = httpx2.URL(url)
        self.moved: str | None = None

    async def get(self, conditions: Mapping[str, str]) -> httpx2.Response:
        """Return the document, or a 304 where `conditions` were sent; raises `PlatformError`."""
        url, for_good, moved = self._home, True, False
        for _ in range(MOST_HOPS + 1):
            answer = await self._ask(url, conditions)
            if answer.status_code not in _MOVED:
                self.moved = shown(url) if moved and for_good else None
                return answer
            # One temporary step, and the address we have is still the one to keep.
            for_good = for_good and answer.status_code in _PERMANENT
            url, moved = self._next(url, answer.headers.get("location", "")), True
        raise PlatformRejected(f"the feed sends us on more than {MOST_HOPS} times, at last to {shown(url)}")

    async def _ask(self, url: httpx2.URL, conditions: Mapping[str, str]) -> httpx2.Response:
        also = _ANSWERS | {_NOT_MODIFIED} if conditions else _ANSWERS
        request = self._http.build_request("GET", url, headers={**_HEADERS, **conditions})
        if url.host != self._home.host:
            await self._pin(request)
        try:
            answer = await send(self._http, "the feed", request, also=also)
        except MentionGone as wrong:
            raise PlatformRejected(f"{wrong} (not found): check its address in levelhead.toml") from wrong
        if answer.status_code == _GONE:
            raise PlatformRejected("the feed is gone for good (410): take it out of levelhead.toml")
        return answer

    def _next(self, here: httpx2.URL, location: str) -> httpx2.URL:
        try:
            there = here.join(location).copy_with(userinfo=b"", fragment=None)
        except httpx2.InvalidURL as wrong:
            raise PlatformRejected("the feed moved to an address that is none") from wrong
        if not location or there.scheme not in _PORTS or not there.host:
            raise PlatformRejected("the feed moved to an address that is none of the web")
        if here.scheme == "https" and there.scheme != "https":
            raise PlatformRejected(f"the feed moved to {shown(there)}, without https, which is not followed")
        ours = {_PORTS[there.scheme], self._home.port or _PORTS[self._home.scheme]}
        same = _bare(there.host) == _bare(self._home.host)
        if not same or (there.port or _PORTS[there.scheme]) not in ours:
            says = f"the feed moved to {shown(there)}; if that is right, put it in levelhead.toml"
            raise PlatformRejected(says)
        return there

    async def _pin(self, request: httpx2.Request) -> None:
        """Let `request` go to a public address of its host, not to what a second look-up may tell."""
        url = request.url
        try:
            found = await self._resolve(url.host, url.port or _PORTS[url.scheme])
        except OSError as wrong:
            raise PlatformBusy(f"the feed moved to {shown(url)}, which cannot be found") from wrong
        if not found or not all(is_public(address) for address in found):
            raise PlatformRejected(f"the feed moved to {shown(url)}, which is no public address")
        request.extensions = {**request.extensions, "sni_hostname": url.host}
        request.url = url.copy_with(host=found[0])


def shown(url: httpx2.URL) -> str:
    """Return an address for a person to read: without a password, on one line."""
    text = str(url.copy_with(userinfo=b""))
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:200]


def _bare(host: str) -> str:
    return host.lower().rstrip(".").removeprefix("www.")
