"""A mention: a public post that names us, as its platform showed it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from bot.domain.addresses import same_address
from bot.domain.value import Language, Moment, Short, Value, Words, digest

#: The source of what colleagues found and brought in; no configured one has this name.
PASTED = "pasted"

#: The longest text we take in, in characters; a longer one is refused with a clear error.
MAX_TEXT = 50_000

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
RemoteId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Author(Value):
    """Who posted it. `name` is what they show, `None` where only a handle is known; reach in followers."""

    handle: Short
    name: Short | None = None
    url: Annotated[str, Field(max_length=2000)] | None = None
    followers: Annotated[int, Field(ge=0)] | None = None


class Mention(Value):
    """One post. `source` is the configured source that read it, `platform` where it was posted.

    `thread` is the ID of the post that began the conversation, this one's own ID when it did; `tagged` says
    that the author named our account and did not only use our name.
    """

    source: Name
    platform: Name
    id: RemoteId
    author: Author
    text: Annotated[Words, Field(max_length=MAX_TEXT)]
    posted_at: Moment
    url: Annotated[str, Field(max_length=2000)] | None = None
    in_reply_to: RemoteId | None = None
    thread: RemoteId | None = None
    tagged: bool = False
    private: bool = False  # only its author and we can read it
    on_our_page: bool = False  # it stands under a post of our own account
    language: Language | None = None
    rating: Annotated[int, Field(ge=1, le=5)] | None = None

    @property
    def case_id(self) -> str:
        """The ID of the case this mention opens: the same mention never opens two."""
        return f"{self.source}:{self.id}"

    @property
    def address_key(self) -> str:
        """Where it can be seen, however its address was shared; empty where it has none."""
        return digest(same_address(self.url)) if self.url else ""

    @property
    def thread_key(self) -> str:
        """What one person says in one thread is one story: the index of their case."""
        return digest(f"{self.source}\n{self.thread or self.id}\n{self.author.handle.casefold()}")

    @property
    def author_key(self) -> str:
        """Who the author is, without their handle: the same in each source that reads their platform."""
        return digest(f"{self.platform}\n{self.author.handle.casefold()}")[:16]


class Gone(Value):
    """A post the platform no longer shows."""

    source: Name
    id: RemoteId
    at: Moment


class Native(Value):
    """A reply that a colleague posted on the platform itself, not through us."""

    source: Name
    id: RemoteId
    thread: RemoteId
    in_reply_to: RemoteId | None = None
    text: Annotated[Words, Field(max_length=MAX_TEXT)] = ""
    at: Moment


class SetAside(Value):
    """One bad item of a batch: what was wrong with it, and the first of what came."""

    source: Name
    reason: Annotated[str, StringConstraints(max_length=1000)]
    raw: Annotated[str, StringConstraints(max_length=2000)]
    at: datetime
