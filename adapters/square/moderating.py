"""What the company may do about others on the square: hide what is on its own page, mute, block, report."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from adapters.square.model import BadPost, Blocked, Moderating, NotYours, PostGone
from adapters.square.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from adapters.square.model import Company, Post
    from adapters.square.records import Records


class Guard(Reading):
    """The company's moderation. Done again is as good as once, and a report counts once per key."""

    def __init__(self, records: Records, company: Company, now: Callable[[], datetime]) -> None:
        """`company` is who moderates."""
        super().__init__(records, company)
        self._now = now

    def moderate(self, post_id: str, how: str, key: str) -> None:
        """Do `how` about a post or its author; raises `BadPost`, `NotYours`, `NoSuchPost`, `PostGone`."""
        if how not in get_args(Moderating):
            raise BadPost(f"there is no moderation {how[:40]!r}, but {', '.join(get_args(Moderating))}")
        with self._records.one_step():
            post = self.get(post_id)
            if post.author.is_company:
                raise BadPost("the company does not moderate itself")
            match how:
                case "hide":
                    self._hide(post)
                case "report":
                    self._report(post, key)
                case _:
                    self._keep_away(post.author.handle, blocked=how == "block")
            # Nothing that concerns the company, but an open page looks again.
            self._records.rows(
                "INSERT INTO events (kind, post, of_interest) VALUES ('edited', ?, 0)", int(post.id)
            )

    def _hide(self, post: Post) -> None:
        if not post.on_company_page:
            raise NotYours("only what stands under a post of the company's own can be hidden")
        if post.deleted_at is not None:
            raise PostGone(f"post {post.id} was deleted by its author")
        self._records.rows(
            "UPDATE posts SET hidden = 1, revision = revision + 1 WHERE id = ? AND NOT hidden", int(post.id)
        )

    def _report(self, post: Post, key: str) -> None:
        self._records.rows(
            "INSERT INTO reports (key, post, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            *(key, int(post.id), self._now().isoformat()),
        )

    def _keep_away(self, handle: str, *, blocked: bool) -> None:
        """What they write from here on is not brought to the company; blocked, they cannot write to it."""
        self._records.rows(
            "UPDATE accounts SET muted_from = coalesce(muted_from, ?), blocked = max(blocked, ?)"
            " WHERE handle = ?",
            *(self.newest_event(), blocked, handle),
        )

    def _let_in(self, author: str, parent: Post | None, *, private: bool) -> None:
        """Raise `Blocked` where the company does not want to hear this author."""
        own_page = parent is not None and (parent.on_company_page or parent.author.is_company)
        if (own_page or private) and self.account(author).blocked:
            raise Blocked(f"@{self.company.handle} has blocked @{author}")
