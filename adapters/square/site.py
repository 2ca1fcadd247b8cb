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

from adapters.square.model import (
    MAX_REPLY,
    Account,
    BadCursor,
    Call,
    Company,
    Event,
    EventKind,
    Fault,
    FaultKind,
    NoSuchAccount,
    NoSuchPost,
    NotYours,
    Post,
    PostGone,
    Via,
    clean_handle,
    clean_language,
    clean_name,
    clean_text,
    post_number,
)
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


class Site:
    """The whole square, in the file at `path`."""

    def __init__(
        self,
        path: str | Path,
        *,
        company: Company | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`company` is whom the bot speaks for; raises `sqlite3.Error` when the file cannot be used."""
        self.company = company or Company()
        self._now = now
        self._records = Records(path, self.company)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="square")
        self._faults: list[Fault] = []
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

    def reply_as_company(self, text: str, in_reply_to: str | None, key: str) -> tuple[Post, bool]:
        """Post for the company by API, once per `key`; also says whether this call made it.

        A known key answers before anything else is looked at: the parent may have gone since.
        """
        draft = _Draft(self.company.handle, text, None, in_reply_to, f"api:{key}", "api")
        with self._records.one_step():
            return self._write(draft)

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

    # Reading

    def get(self, post_id: str) -> Post:
        """Return a post, deleted or not, or raise `NoSuchPost`."""
        found = self._records.posts("WHERE p.id = ?", post_number(post_id))
        if not found:
            raise NoSuchPost(f"there is no post {post_id!r}")
        return found[0]

    def made_with(self, key: str) -> Post | None:
        """Return what `post` made with this key."""
        return self._keyed(key)

    def company_post(self, key: str) -> Post | None:
        """Return the company's post made with this key; `None` is certain that there is none."""
        return self._keyed(f"api:{key}")

    def thread(self, post_id: str) -> list[Post]:
        """Return the whole thread a post stands in, oldest first; raises `NoSuchPost`."""
        root = int(self.get(post_id).thread)
        return self._records.posts("WHERE p.id = ? OR p.root = ? ORDER BY p.id", root, root)

    def timeline(self, *, before: str | None = None, limit: int = 20) -> list[list[Post]]:
        """Return threads, newest first, each oldest post first; `before` is where the last page ended."""
        ceiling = post_number(before) if before else 1 << 62
        roots = "SELECT id FROM posts WHERE root IS NULL AND id < ? ORDER BY id DESC LIMIT ?"
        clause = f"WHERE p.id IN ({roots}) OR p.root IN ({roots}) ORDER BY p.id"
        threads: dict[str, list[Post]] = {}
        for post in self._records.posts(clause, ceiling, limit, ceiling, limit):
            threads.setdefault(post.thread, []).append(post)
        return sorted(threads.values(), key=lambda thread: int(thread[0].id), reverse=True)

    def account(self, handle: str) -> Account:
        """Return who writes under `handle`, or raise `NoSuchAccount`."""
        found = self._records.accounts("WHERE handle = ?", handle)
        if not found:
            raise NoSuchAccount(f"nobody here is called @{handle[:60]}")
        return found[0]

    def posts_by(self, handle: str, limit: int = 30) -> list[Post]:
        """Return what somebody wrote and did not delete, newest first; raises `NoSuchAccount`."""
        author = self.account(handle).handle
        clause = "WHERE p.author = ? AND p.deleted_at IS NULL ORDER BY p.id DESC LIMIT ?"
        return self._records.posts(clause, author, limit)

    def people(self, limit: int = 12) -> list[Account]:
        """Return who wrote something lately, by handle."""
        recent = "SELECT author FROM posts ORDER BY id DESC LIMIT 60"
        return self._records.accounts(f"WHERE handle IN ({recent}) ORDER BY handle LIMIT ?", limit)

    def mentions(self, since: int, limit: int) -> list[Event]:
        """Return what happened after `since` that concerns the company, oldest first; or raise `BadCursor`.

        A post stands in its events as it is now; of a deleted one only the deletion is left.
        """
        found = self._records.events(since, limit)
        if not found and since > self.newest_event():
            raise BadCursor(f"cursor {since} is ahead of the newest event, {self.newest_event()}")
        return found

    def newest_event(self) -> int:
        """Return the number of the newest event of any kind, 0 before the first."""
        return self._records.newest_event()

    # What a platform does on a bad day

    def fail_next(self, kind: FaultKind, *, call: Call = "write", times: int = 1, wait: float = 0.0) -> None:
        """Let the next `times` API calls that read or write go wrong.

        `busy` and `error` answer 429 and 500 before anything is done, `lost` does it and hangs up without an
        answer, `slow` waits `wait` seconds first. One call meets one of them.
        """
        self._faults += [Fault(kind, call, wait)] * times

    def take_fault(self, call: Call) -> Fault | None:
        """Return the bad moment that waits for this call, if any, and use it up."""
        waiting = next((fault for fault in self._faults if fault.call == call), None)
        if waiting is not None:
            self._faults.remove(waiting)
        return waiting

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
        self._records.rows(
            "INSERT INTO posts (author, text, language, created_at, in_reply_to, root, key, via, of_interest)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
            *(draft.author, draft.text, draft.language, self._now().isoformat()),
            *((int(parent.id), int(parent.thread)) if parent else (None, None)),
            *(draft.key, draft.via),
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

    def _keyed(self, key: str) -> Post | None:
        found = self._records.posts("WHERE p.key = ?", key)
        return found[0] if found else None
