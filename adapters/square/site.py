"""The square's rules: who may post what, what happens to it, and which of it concerns the company.

Plain blocking calls, safe from any thread. `Site.run` carries them to one thread of their own: a commit waits
for the disk, which must not hold up the event loop the bot lives on, and one thread keeps calls in order
without filling the shared pool with waiters.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, ParamSpec, TypeVar

from adapters.square.faults import Faults
from adapters.square.model import (
    MAX_REPLY,
    BadPost,
    Company,
    EventKind,
    NotYours,
    Post,
    PostGone,
    Via,
    clean_handle,
    clean_language,
    clean_name,
    clean_text,
)
from adapters.square.moderating import Guard
from adapters.square.records import Records

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

P = ParamSpec("P")
T = TypeVar("T")


class _Draft(NamedTuple):
    author: str
    text: str
    language: str | None
    in_reply_to: str | None
    key: str | None
    via: Via
    private_with: str | None = None


class Site(Guard, Faults):
    """The whole square, in the file at `path`."""

    def __init__(
        self,
        path: str | Path,
        *,
        company: Company | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`company` is whom the bot speaks for; raises `sqlite3.Error` when the file cannot be used."""
        company = company or Company()
        Guard.__init__(self, Records(path, company), company, now)
        Faults.__init__(self)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="square")
        ours = self.company
        self._records.rows(
            "INSERT INTO accounts (handle, name, followers, bio) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            *(ours.handle, ours.name, ours.followers, ours.bio),
        )

    def close(self) -> None:
        """Finish what is being written and close the file."""
        self._thread.shutdown()
        self._records.close()

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do `work`, one of the blocking calls below, on the square's own thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, partial(work, *args, **kwargs))

    # Writing

    def post(
        self,
        handle: str,
        name: str | None,
        text: str,
        in_reply_to: str | None = None,
        *,
        followers: int | None = None,
        language: str | None = None,
        key: str | None = None,
    ) -> Post:
        """Post as anybody, the company included. A `key` used before: the post made then, unchanged."""
        bare, shown, written = clean_handle(handle), clean_name(name), clean_text(text)
        spoken = clean_language(language)
        with self._records.one_step():
            author = self._introduce(bare, shown, followers)
            return self._write(_Draft(author, written, spoken, in_reply_to, key, "page"))[0]

    def reply_as_company(
        self, text: str, in_reply_to: str | None, key: str, *, private: bool = False
    ) -> tuple[Post, bool]:
        """Post for the company by API, once per `key`; also says whether this call made it.

        A known key answers before anything else is looked at: the parent may have gone since. A `private`
        one is for the eyes of the parent's author alone.
        """
        draft = _Draft(self.company.handle, text, None, in_reply_to, f"api:{key}", "api")
        with self._records.one_step():
            if private and in_reply_to is not None and self._keyed(f"api:{key}") is None:
                parent = self._live(in_reply_to)
                draft = draft._replace(private_with=parent.private_with or parent.author.handle)
            return self._write(draft)

    def message(self, handle: str, text: str) -> Post:
        """Write to the company in private, in the talk that is open with it, if one is."""
        bare, written = clean_handle(handle), clean_text(text)
        with self._records.one_step():
            author = self._introduce(bare, None, None)
            last = self._records.posts(
                "WHERE p.private_with = ? AND p.deleted_at IS NULL ORDER BY p.id DESC LIMIT 1", author
            )
            to = last[0].id if last else None
            return self._write(_Draft(author, written, None, to, None, "page", author))[0]

    def edit(self, post_id: str, text: str) -> Post:
        """Replace the text; the same text again changes nothing."""
        written = clean_text(text)
        with self._records.one_step():
            post = self._live(post_id)
            if post.text != written:
                self._records.rows(
                    "UPDATE posts SET text = ?, edited_at = ?, revision = revision + 1 WHERE id = ?",
                    *(written, self._now().isoformat(), int(post.id)),
                )
                self._log("edited", post.id)
            return self.get(post_id)

    def delete(self, post_id: str, *, by: str | None = None) -> Post:
        """Delete a post and its text; a deleted one stays deleted. With `by`, only a post of theirs."""
        with self._records.one_step():
            post = self.get(post_id)
            if by is not None and post.author.handle != by:
                raise NotYours(f"post {post.id} was written by @{post.author.handle}, not by @{by}")
            if post.deleted_at is None:
                self._records.rows(
                    "UPDATE posts SET text = '', deleted_at = ? WHERE id = ?",
                    *(self._now().isoformat(), int(post.id)),
                )
                self._log("deleted", post.id)
            return self.get(post_id)

    # Inside one step

    def _introduce(self, handle: str, name: str | None, followers: int | None) -> str:
        known = self._records.accounts("WHERE handle = ?", handle)
        if known and known[0].is_company:
            return known[0].handle
        self._records.rows("INSERT INTO accounts (handle) VALUES (?) ON CONFLICT DO NOTHING", handle)
        self._records.rows(
            "UPDATE accounts SET name = coalesce(?, name), followers = coalesce(?, followers)"
            " WHERE handle = ?",
            *(name, followers, handle),
        )
        return self.account(handle).handle

    def _write(self, draft: _Draft) -> tuple[Post, bool]:
        known = None if draft.key is None else self._keyed(draft.key)
        if known is not None:
            return known, False
        if draft.via == "api":
            draft = draft._replace(text=clean_text(draft.text, MAX_REPLY))
        parent = None if draft.in_reply_to is None else self._live(draft.in_reply_to)
        self._let_in(draft.author, parent, private=draft.private_with is not None)
        if draft.private_with == self.company.handle:
            raise BadPost("a private message needs somebody else to read it")
        if parent and parent.private_with != draft.private_with and parent.private_with is not None:
            raise BadPost("what was said in private can be answered in private alone")
        self._records.rows(
            "INSERT INTO posts (author, text, language, created_at, in_reply_to, root, key, via,"
            " private_with, of_interest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
            *(draft.author, draft.text, draft.language, self._now().isoformat()),
            *((int(parent.id), int(parent.thread)) if parent else (None, None)),
            *(draft.key, draft.via, draft.private_with),
        )
        post_id = str(self._records.rows("SELECT last_insert_rowid() AS id")[0]["id"])
        self._log("posted", post_id)
        return self.get(post_id), True

    def _log(self, kind: EventKind, post_id: str) -> None:
        post = self.get(post_id)
        self._records.rows(
            "UPDATE posts SET of_interest = max(of_interest, ?) WHERE id = ?",
            *(self._concerns_company(post), int(post_id)),
        )
        self._records.rows(
            "INSERT INTO events (kind, post, of_interest) SELECT ?, id, of_interest FROM posts WHERE id = ?",
            *(kind, int(post_id)),
        )

    def _concerns_company(self, post: Post) -> bool:
        if post.author.is_company:
            return post.via == "page"
        if post.private_with is not None:
            return True
        if self.company.named_in(post.text):
            return True
        root = int(post.thread)
        ours = "WHERE (p.id = ? OR p.root = ?) AND p.author = ? LIMIT 1"
        return bool(self._records.posts(ours, root, root, self.company.handle))

    def _live(self, post_id: str) -> Post:
        post = self.get(post_id)
        if post.deleted_at is not None:
            raise PostGone(f"post {post.id} was deleted by its author")
        return post
