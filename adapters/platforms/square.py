"""The square, our own small social site: `adapters/square/api.py` is the API this speaks to.

It takes an idempotency key, and is certain of what was posted under one, so a second try can do no harm.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar
from urllib.parse import quote

import httpx2
from pydantic import AwareDatetime, BaseModel, ValidationError

from adapters.http import client, send
from bot.domain.delivery import How, Receipt
from bot.domain.events import Message
from bot.domain.mention import Author, Gone, Mention, Native, SetAside
from bot.errors import MentionGone, PlatformRejected, PlatformSilent
from bot.ports import Batch, Look, NotThere

if TYPE_CHECKING:
    from bot.ports import Clock

PLATFORM = "square"
_AT_ONCE = 200
#: Of a long talk, the newest messages that are looked at before a reply goes out.
_NEWEST = 20


class _Account(BaseModel):
    handle: str
    name: str | None
    followers: int
    profile_url: str
    is_company: bool


class _Post(BaseModel):
    id: str
    text: str
    language: str | None = None
    created_at: AwareDatetime
    deleted: bool
    in_reply_to: str | None
    thread: str
    tagged: bool
    via: str
    private_with: str | None = None
    on_company_page: bool = False
    url: str
    author: _Account

    @property
    def ours(self) -> bool:
        """Whether we posted it, through the API."""
        return self.author.is_company and self.via == "api"


class _Reply(BaseModel):
    id: str
    author: str
    is_company: bool
    via: str
    private_with: str | None = None


class _Thread(_Post):
    replies: tuple[_Reply, ...]


class _Gone(BaseModel):
    id: str
    thread: str
    deleted: Literal[True]


class _Event(BaseModel):
    kind: Literal["posted", "edited", "deleted"]
    post: _Post | _Gone


class _Page(BaseModel):
    events: tuple[Any, ...]
    next: int


_Shape = TypeVar("_Shape", bound=BaseModel)


class Square:
    """Reads and answers as the company. Use it with `async with`; `url` is the site's, without a path."""

    max_length = 500
    moderates: frozenset[How] = frozenset({"hide", "mute", "block", "report"})

    def __init__(
        self,
        *,
        name: str,
        url: str,
        token: str,
        clock: Clock = lambda: datetime.now(UTC),
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """`token` is the company account's; `transport` stands in for the network in tests."""
        self.name = name
        self._api = url.rstrip("/") + "/square/api"
        self._us, self._clock = {"Authorization": f"Bearer {token}"}, clock
        self._http = client(transport=transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def fetch(self, since: str | None) -> Batch:
        """Return what happened after `since` that concerns the company."""
        answer = await self._get("/mentions", since=since or "0", limit=str(_AT_ONCE))
        page = _read(_Page, answer)
        items: list[Mention | Gone | Native] = []
        aside: list[SetAside] = []
        for raw in page.events:
            try:
                item = self._item(_Event.model_validate(raw))
            except ValidationError as wrong:
                aside.append(self._set_aside(raw, wrong))
            else:
                items += [] if item is None else [item]
        more = len(page.events) >= _AT_ONCE
        return Batch(items=tuple(items), cursor=str(page.next), set_aside=tuple(aside), more=more)

    async def reply(self, to: Mention, text: str, *, key: str) -> Receipt:
        """Post `text` under `to`."""
        return await self._post(to, text, key, private=False)

    async def send(self, to: Mention, text: str, *, key: str) -> Receipt:
        """Send `text` to the author of `to` in private."""
        return await self._post(to, text, key, private=True)

    async def _post(self, to: Mention, text: str, key: str, *, private: bool) -> Receipt:
        request = self._http.build_request(
            "POST",
            f"{self._api}/posts",
            json={"text": text, "in_reply_to": to.id, "private": private},
            headers={**self._us, "Idempotency-Key": key},
        )
        answer = await send(self._http, PLATFORM, request)
        try:
            return _receipt(_read(_Post, answer), text)
        except PlatformRejected as wrong:
            # It said yes, and we cannot read to what.
            raise PlatformSilent(f"{PLATFORM} took the reply and answered in a way we do not know") from wrong

    async def find(self, to: Mention, text: str, key: str) -> Receipt | NotThere:  # noqa: ARG002 the key is enough
        """Say whether a reply with `key` was posted; the square is certain when it was not."""
        try:
            answer = await self._get("/posts", key=key)
        except MentionGone:
            return NotThere()
        return _receipt(_read(_Post, answer), text)

    async def sent(self, to: Mention, text: str, key: str) -> Receipt | NotThere:
        """Say whether a message with `key` was sent."""
        return await self.find(to, text, key)

    async def retract(self, reply: Receipt, *, key: str) -> None:  # noqa: ARG002 again is as good as once
        """Delete a reply of ours."""
        request = self._http.build_request(
            "DELETE", f"{self._api}/posts/{quote(reply.id, safe='')}", headers=self._us
        )
        await send(self._http, PLATFORM, request)

    async def stands(self, reply: Receipt) -> bool:
        """Say whether it is still there; the square knows every post it ever had."""
        return not _read(_Post, await self._get(f"/posts/{quote(reply.id, safe='')}")).deleted

    async def moderate(self, mention: Mention, how: How, *, key: str) -> None:
        """Hide a post under our own, mute or block its author, or report it."""
        request = self._http.build_request(
            "POST",
            f"{self._api}/posts/{quote(mention.id, safe='')}/moderation",
            json={"how": how},
            headers={**self._us, "Idempotency-Key": key},
        )
        await send(self._http, PLATFORM, request)

    async def look(self, mention: Mention) -> Look:
        """Return the mention and what its author and our colleagues said after it."""
        try:
            thread = _read(_Thread, await self._get(f"/posts/{quote(mention.id, safe='')}"))
        except MentionGone:
            return Look(text=None)
        if thread.deleted:
            return Look(text=None)
        author = thread.author.handle
        heard = [
            reply
            for reply in thread.replies
            if reply.via != "api"
            and (reply.is_company or reply.author == author)
            and reply.private_with in {None, author}
        ]
        found = [await self._message(reply) for reply in heard[-_NEWEST:]]
        return Look(text=thread.text, since=tuple(message for message in found if message))

    async def _message(self, reply: _Reply) -> Message | None:
        """Return a message with its text, `None` when it was deleted meanwhile."""
        try:
            post = _read(_Post, await self._get(f"/posts/{quote(reply.id, safe='')}"))
        except MentionGone:
            return None
        by: Literal["author", "colleague"] = "colleague" if reply.is_company else "author"
        if post.deleted:
            return None
        private = post.private_with is not None
        return Message(id=post.id, by=by, text=post.text, at=post.created_at, private=private)

    async def _get(self, path: str, **query: str) -> httpx2.Response:
        request = self._http.build_request("GET", f"{self._api}{path}", params=query, headers=self._us)
        return await send(self._http, PLATFORM, request)

    def _item(self, event: _Event) -> Mention | Gone | Native | None:
        post = event.post
        if isinstance(post, _Gone):
            return Gone(source=self.name, id=post.id, at=self._clock())
        if post.ours:
            return None
        if post.author.is_company:
            return Native(
                source=self.name,
                id=post.id,
                thread=post.thread,
                in_reply_to=post.in_reply_to,
                text=post.text,
                at=post.created_at,
            )
        return self._mention(post)

    def _mention(self, post: _Post) -> Mention:
        author = post.author
        return Mention(
            source=self.name,
            platform=PLATFORM,
            id=post.id,
            author=Author(
                handle=author.handle, name=author.name, url=author.profile_url, followers=author.followers
            ),
            text=post.text,
            posted_at=post.created_at,
            url=post.url,
            in_reply_to=post.in_reply_to,
            thread=post.thread,
            tagged=post.tagged,
            on_our_page=post.on_company_page,
            private=post.private_with is not None,
            language=post.language.split("-")[0] if post.language else None,
        )

    def _set_aside(self, raw: Any, wrong: ValidationError) -> SetAside:
        first = wrong.errors(include_url=False, include_input=False)[0]
        path = ".".join(str(part) for part in first["loc"])
        return SetAside(
            source=self.name,
            reason=f"an event of the square, {path}: {first['msg']}"[:1000],
            raw=repr(raw)[:2000],
            at=self._clock(),
        )


def _receipt(post: _Post, text: str) -> Receipt:
    return Receipt(id=post.id, url=post.url, at=post.created_at, text=post.text or text)


def _read(shape: type[_Shape], answer: httpx2.Response) -> _Shape:
    try:
        return shape.model_validate(answer.json())
    except (ValueError, RecursionError) as wrong:  # a ValidationError is a ValueError
        raise PlatformRejected(f"{PLATFORM} answered in a way we do not know") from wrong
