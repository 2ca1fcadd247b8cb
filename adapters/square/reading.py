"""What the square shows: posts, threads, talks in private, people, and what concerns the company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.square.model import BadCursor, NoSuchAccount, NoSuchPost, post_number

if TYPE_CHECKING:
    from adapters.square.model import Account, Company, Event, Post
    from adapters.square.records import Records


class Reading:
    """The half of the site's rules that changes nothing. Plain blocking calls, safe from any thread."""

    def __init__(self, records: Records, company: Company) -> None:
        """`company` is whom the bot speaks for."""
        self._records, self.company = records, company

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

    def thread(self, post_id: str, *, private: bool = False) -> list[Post]:
        """Return the thread a post stands in, oldest first; with `private`, what was said in private too.

        Raises `NoSuchPost`: to the public, what is private is not there.
        """
        post = self.get(post_id)
        if post.private_with is not None and not private:
            raise NoSuchPost(f"there is no post {post_id!r}")
        clause = "WHERE (p.id = ? OR p.root = ?) AND (? OR p.private_with IS NULL) ORDER BY p.id"
        return self._records.posts(clause, int(post.thread), int(post.thread), private)

    def talk(self, handle: str) -> list[Post]:
        """Return what somebody and the company said to each other in private, oldest first."""
        return self._records.posts("WHERE p.private_with = ? ORDER BY p.id", handle)

    def timeline(self, *, before: str | None = None, limit: int = 20) -> list[list[Post]]:
        """Return threads, newest first, each oldest post first; `before` is where the last page ended."""
        ceiling = post_number(before) if before else 1 << 62
        roots = (
            "SELECT id FROM posts WHERE root IS NULL AND private_with IS NULL AND id < ?"
            " ORDER BY id DESC LIMIT ?"
        )
        clause = f"WHERE (p.id IN ({roots}) OR p.root IN ({roots})) AND p.private_with IS NULL ORDER BY p.id"
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
        """Return what somebody wrote in public and did not delete, newest first; raises `NoSuchAccount`."""
        author = self.account(handle).handle
        public = "WHERE p.author = ? AND p.deleted_at IS NULL AND p.private_with IS NULL"
        return self._records.posts(f"{public} ORDER BY p.id DESC LIMIT ?", author, limit)

    def people(self, limit: int = 12) -> list[Account]:
        """Return who wrote something lately, by handle."""
        recent = "SELECT author FROM posts ORDER BY id DESC LIMIT 60"
        return self._records.accounts(f"WHERE handle IN ({recent}) ORDER BY handle LIMIT ?", limit)

    def mentions(self, since: int, limit: int, *, private: bool = False) -> list[Event]:
        """Return what happened after `since` that concerns the company, oldest first; or raise `BadCursor`.

        With `private`, what was said to it in private too.
        A post stands in its events as it is now; of a deleted one only the deletion is left.
        """
        found = self._records.events(since, limit, private=private)
        if not found and since > self.newest_event():
            raise BadCursor(f"cursor {since} is ahead of the newest event, {self.newest_event()}")
        return found

    def newest_event(self) -> int:
        """Return the number of the newest event of any kind, 0 before the first."""
        return self._records.newest_event()

    def _keyed(self, key: str) -> Post | None:
        found = self._records.posts("WHERE p.key = ?", key)
        return found[0] if found else None
