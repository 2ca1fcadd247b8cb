"""Bluesky as one account: who mentions, answers or quotes it, who uses our words, and what it answers.

The vendor's pages are named in each module: `xrpc` (sessions), `fetching` and `streams` (lists), `writing`
(replies), `words` (text), `names` (addresses and keys). Bluesky wants bots to answer only who tagged them:
https://docs.bsky.app/docs/starter-templates/bots.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

from adapters.platforms.bluesky.fetching import Fetching
from adapters.platforms.bluesky.reading import Desk
from adapters.platforms.bluesky.threads import look
from adapters.platforms.bluesky.words import MOST_GRAPHEMES, measure
from adapters.platforms.bluesky.writing import Writing
from adapters.platforms.bluesky.xrpc import Xrpc

if TYPE_CHECKING:
    import httpx2

    from bot.domain.delivery import Receipt
    from bot.domain.keywords import Keywords
    from bot.domain.mention import Mention
    from bot.ports import Batch, Clock, Look, NotThere, Unknown

#: Why a post that only uses our name is answered by hand, for the card.
UNTAGGED: Final = (
    "they did not mention, answer or quote our account, and Bluesky lets programs answer only those who did"
)


class Bluesky:
    """Reads and answers as one account. Use it with `async with`."""

    max_length = MOST_GRAPHEMES

    def __init__(  # noqa: PLR0913 what an operator sets, and three seams for tests
        self,
        *,
        name: str,
        url: str = "https://bsky.social",
        account: str,
        password: str,
        site: str = "https://bsky.app",
        keywords: Keywords | None = None,
        horizon: timedelta = timedelta(days=1),
        clock: Clock = lambda: datetime.now(UTC),
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """`url` is where the account signs in with its app password; `site` is where people read.

        `keywords` are searched for besides what names the account. `horizon` is how far back the first
        reading goes; the same as the bot's own.
        """
        self.name = name
        self._site = site.rstrip("/")
        self._xrpc = Xrpc(url=url, account=account, password=password, clock=clock, transport=transport)
        self._fetching = Fetching(self._xrpc, keywords=keywords, clock=clock, horizon=horizon)
        self._writing = Writing(self._xrpc, site=self._site, clock=clock)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._xrpc.aclose()

    @property
    def hosts(self) -> tuple[str, ...]:
        """Where the address of a reply that a person posted has to be."""
        return (urlsplit(self._site).hostname or "",)

    def measure(self, text: str) -> int:
        """Return a text's length as `max_length` counts: graphemes; too many where the bytes are."""
        return measure(text)

    async def fetch(self, since: str | None) -> Batch:
        """Return what is new after `since`: mentions, answers, quotes, hits of the search, native replies.

        An edit comes as the same mention with its new text, when the list shows it. A post the moderators hid
        comes as gone. Not seen here, but by `look`: what was deleted; an author who goes on under their own
        post without naming us; a post whose date lies further back than a page and an hour.
        """
        return await self._fetching.fetch(await self._desk(), since)

    async def reply(self, to: Mention, text: str, *, key: str) -> Receipt:
        """Post `text` under `to`."""
        return await self._writing.reply(to, text, key)

    async def find(self, to: Mention, text: str, key: str) -> Receipt | NotThere | Unknown:  # noqa: ARG002 the key is enough
        """Say whether a reply with `key` stands; the account's own server is certain when it does not."""
        return await self._writing.find(key)

    async def look(self, mention: Mention) -> Look:
        """Return the mention and what its author and our colleagues said below it."""
        return await look(self._xrpc, await self._desk(), mention)

    async def _desk(self) -> Desk:
        return Desk(source=self.name, did=await self._xrpc.did(), site=self._site)
