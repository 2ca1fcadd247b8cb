"""Find what is new: who names us, who uses our words, and what colleagues answered as our account themselves.

After https://docs.bsky.app/docs/api/app-bsky-notification-list-notifications, app-bsky-feed-search-posts and
com-atproto-repo-list-records.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

import structlog
from pydantic import ValidationError

from adapters.platforms.bluesky.names import POSTS, Place, is_ours
from adapters.platforms.bluesky.reading import Desk, Item, part, time_of
from adapters.platforms.bluesky.shapes import Notifications, Post, Posts, Profiles, Records, Written
from adapters.platforms.bluesky.streams import Page, Reach, read_back, read_cursor, write_cursor
from adapters.platforms.bluesky.xrpc import Xrpc
from bot.domain.mention import Mention, Native, SetAside
from bot.errors import PlatformError
from bot.ports import Batch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from bot.domain.keywords import Keywords
    from bot.ports import Clock

log = structlog.get_logger(__name__)

_REASONS: Final = ("mention", "reply", "quote")
_AT_ONCE: Final = 100
_PROFILES_AT_ONCE: Final = 25
#: Authors whose reach is remembered.
_REMEMBERED: Final = 5000

Turn = Callable[[str | None], Awaitable[Page]]


class Fetching:
    """Reads the lists. `horizon` is how far back it goes when nothing was read before."""

    def __init__(self, xrpc: Xrpc, *, keywords: Keywords | None, clock: Clock, horizon: timedelta) -> None:
        self._xrpc, self._keywords, self._clock, self._horizon = xrpc, keywords, clock, horizon
        self._reach: dict[str, int | None] = {}
        self._search_failed: PlatformError | None = None

    async def fetch(self, desk: Desk, since: str | None) -> Batch:
        """Return what is new since a cursor, oldest first."""
        if (problem := self._search_failed) is not None:
            self._search_failed = None
            raise problem
        now = self._clock()
        haul = _Haul(desk, read_cursor(since), now, now - self._horizon)
        await haul.read("named", self._named, lambda raw: _named(desk, raw))
        await haul.read("ours", lambda mark: self._ours(desk.did, mark), lambda raw: _native(desk, raw))
        try:
            for word in self._keywords.words if self._keywords else ():
                await haul.read(
                    f"word {word}",
                    lambda mark, word=word: self._search(word, mark),
                    lambda raw: self._hit(desk, raw),
                )
        except PlatformError as problem:
            # Who named us is taken in first; the next reading, at once, tells that the search failed.
            log.warning("bluesky_search_failed", source=desk.source, problem=str(problem))
            self._search_failed, haul.more = problem, True
        return await self._batch(haul)

    async def _batch(self, haul: _Haul) -> Batch:
        items = sorted(haul.items.values(), key=lambda item: (_at(item), item.id))
        await self._ask_reach([item for item in items if isinstance(item, Mention)])
        return Batch(
            items=tuple(self._with_reach(item) for item in items),
            cursor=write_cursor(haul.reaches),
            set_aside=tuple(haul.aside),
            more=haul.more,
        )

    async def _named(self, mark: str | None) -> Page:
        # Else an account that prefers to hear of those it follows would hear of nobody else.
        everybody = {"priority": "false"}
        query = {"reasons": list(_REASONS), "limit": str(_AT_ONCE), **everybody, **_from(mark)}
        told = await self._xrpc.ask("app.bsky.notification.listNotifications", Notifications, **query)
        return _page(told.notifications, told.cursor)

    async def _ours(self, did: str, mark: str | None) -> Page:
        query = {"repo": did, "collection": POSTS, "limit": str(_AT_ONCE), **_from(mark)}
        found = await self._xrpc.ask("com.atproto.repo.listRecords", Records, **query)
        theirs = [raw for raw in found.records if not _posted_by_us(raw)]
        # The newest key comes first, and every key of ours is older than a client's: then there are no more.
        return _page(theirs, found.cursor if len(theirs) == len(found.records) else None)

    async def _search(self, word: str, mark: str | None) -> Page:
        query = {"q": _quoted(word), "sort": "latest", "limit": str(_AT_ONCE), **_from(mark)}
        found = await self._xrpc.ask("app.bsky.feed.searchPosts", Posts, **query)
        return _page(found.posts, found.cursor)

    def _hit(self, desk: Desk, raw: Any) -> Item | None:
        post = Post.model_validate(raw)
        wanted = self._keywords is not None and self._keywords.found(post.record.text) is not None
        return desk.item(post) if wanted else None

    async def _ask_reach(self, mentions: Sequence[Mention]) -> None:
        """Look up how many follow the authors. Not knowing it holds nothing up: reach only ever raises."""
        dids = {_did(mention) for mention in mentions} - self._reach.keys()
        if len(self._reach) + len(dids) > _REMEMBERED:
            self._reach.clear()
        wanted = sorted(dids)
        for start in range(0, len(wanted), _PROFILES_AT_ONCE):
            actors = wanted[start : start + _PROFILES_AT_ONCE]
            try:
                found = await self._xrpc.ask("app.bsky.actor.getProfiles", Profiles, actors=actors)
            except PlatformError as problem:
                log.info("bluesky_reach_unknown", problem=str(problem))
                return
            self._reach |= dict.fromkeys(actors)
            self._reach |= {p.did: p.followers_count for p in found.profiles if p}

    def _with_reach(self, item: Item) -> Item:
        if not isinstance(item, Mention) or self._reach.get(_did(item)) is None:
            return item
        author = item.author.model_copy(update={"followers": self._reach[_did(item)]})
        return item.model_copy(update={"author": author})


class _Haul:
    """What one fetch has brought so far. A post that several lists have is one."""

    def __init__(self, desk: Desk, reaches: dict[str, Reach], now: datetime, start: datetime) -> None:
        self.desk, self.now, self.start = desk, now, start
        self.items: dict[str, Item] = {}
        self.aside: list[SetAside] = []
        self.reaches = reaches
        self.more = False

    async def read(self, name: str, turn: Turn, make: Callable[[Any], Item | None]) -> None:
        """Read one list; when that fails, its reach stays where it was."""
        before = self.reaches.setdefault(name, Reach(start=self.start, until=self.start))
        found, self.reaches[name] = await read_back(before, turn, now=self.now)
        self.more = self.more or self.reaches[name].page is not None
        for raw in found:
            self._take(raw, make)

    def _take(self, raw: Any, make: Callable[[Any], Item | None]) -> None:
        try:
            item = make(raw)
        except ValidationError as wrong:
            bad = self.desk.set_aside(raw, wrong, self.now)
            self.aside += [] if bad in self.aside else [bad]
            return
        if item is not None:
            self.items.setdefault(item.id, item)


def _named(desk: Desk, raw: Any) -> Item | None:
    # A server that does not know the filter sends likes, too.
    return desk.item(Post.model_validate(raw)) if part(raw, "reason") in _REASONS else None


def _native(desk: Desk, raw: Any) -> Native | None:
    return desk.native(Written.model_validate(raw))


def _page(items: Sequence[Any], mark: str | None) -> Page:
    return Page([(raw, time_of(raw)) for raw in items], mark)


def _from(mark: str | None) -> dict[str, str]:
    return {"cursor": mark} if mark else {}


def _posted_by_us(raw: Any) -> bool:
    place = Place.read(str(part(raw, "uri")))
    return place is not None and is_ours(place.key)


def _quoted(word: str) -> str:
    """Return a word as it is asked for: what is more than letters stands in quotes, and is no operator."""
    bare = word.replace('"', " ").strip()
    return bare if bare.removeprefix("#").isalnum() else f'"{bare}"'


def _did(mention: Mention) -> str:
    place = Place.read(mention.id)
    return place.did if place else ""


def _at(item: Item) -> datetime:
    return item.posted_at if isinstance(item, Mention) else item.at
