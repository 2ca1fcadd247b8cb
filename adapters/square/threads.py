"""Lay a thread out for a page: its posts in reading order, each answer under what it answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from adapters.square.model import Account, Post

_DEEPEST = 3
_LONG = 1_200
_EXCERPT = 400
_HUES = 8
_HANDLES = re.compile(r"(?<!\w)@[^\W_](?:[\w.\-]*\w)?")


@dataclass(frozen=True)
class Placed:
    """A post and where it stands; `depth` stops at what a narrow screen can show."""

    post: Post
    depth: int
    answers: Post | None


def in_reading_order(thread: list[Post]) -> list[Placed]:
    """Place each post of a thread (oldest first) under its parent; no recursion, as chains grow long."""
    by_id = {post.id: post for post in thread}
    children: dict[str | None, list[Post]] = {}
    for post in thread:
        children.setdefault(post.in_reply_to, []).append(post)
    placed: list[Placed] = []
    waiting = [(post, 0) for post in reversed(children.get(None, []))]
    while waiting:
        post, depth = waiting.pop()
        placed.append(Placed(post, min(depth, _DEEPEST), by_id.get(post.in_reply_to or "")))
        waiting += [(child, depth + 1) for child in reversed(children.get(post.id, []))]
    return placed


def version(thread: list[Post]) -> str:
    """Return what changes whenever the thread does: the live page compares it."""
    return f"{len(thread)}.{sum(post.revision for post in thread)}.{sum(bool(p.deleted_at) for p in thread)}"


def tagged(text: str) -> Markup:
    """Escape `text` and set off the handles in it.

    Each handle is isolated: in a right-to-left sentence its at sign would otherwise jump to its other end.
    """
    parts: list[Markup] = []
    end = 0
    for match in _HANDLES.finditer(text):
        parts += [escape(text[end : match.start()]), Markup('<bdi class="tag">{}</bdi>').format(match[0])]
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])


def excerpt(text: str) -> str | None:
    """Return the beginning of a text too long to stand open, else `None`."""
    return text[:_EXCERPT] if len(text) > _LONG else None


def initial(account: Account) -> str:
    """Return the letter for the account's picture."""
    letters = (letter for letter in (account.name or "") + account.handle if letter.isalnum())
    return next(letters, "?").upper()


def hue(account: Account) -> int:
    """Return which of the palette's colours is this account's, always the same."""
    return sum(account.handle.casefold().encode()) % _HUES
