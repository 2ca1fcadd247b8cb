"""What the square is made of, and everything it says no to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

#: In characters (code points). Anybody may write a long post; the company's replies by API stay short.
MAX_TEXT = 50_000
MAX_REPLY = 500
MAX_NAME = 100

EventKind = Literal["posted", "edited", "deleted"]
Via = Literal["page", "api"]
FaultKind = Literal["busy", "error", "lost", "slow"]
Call = Literal["read", "write"]
Moderating = Literal["hide", "mute", "block", "report"]

_HANDLE = re.compile(r"[^\W_](?:[\w.\-]{0,38}\w)?")
_POST_ID = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", re.ASCII)
_LINE_ENDS = re.compile(r"\r\n?")


class SquareError(Exception):
    """The root of what the square says no with; the text is for whoever asked."""


class NoSuchPost(SquareError):
    """It never existed."""


class NoSuchAccount(SquareError):
    """Nobody has written under this handle."""


class PostGone(SquareError):
    """It existed and was deleted."""


class NotYours(SquareError):
    """Somebody else wrote it."""


class Blocked(SquareError):
    """The company does not hear this account."""


class BadPost(SquareError):
    """What was written cannot be a post."""


class BadCursor(SquareError):
    """The cursor is not one this square gave out."""


@dataclass(frozen=True)
class Company:
    """The account the bot speaks for, and how people name it in what they write."""

    handle: str = "brightloaf"
    name: str = "Brightloaf Bakery"
    bio: str = "Fresh bread from five shops in Wexbridge, and to your door. Tell us how we are doing."
    followers: int = 4180

    def named_in(self, text: str) -> bool:
        """Whether `text` says the company's name as a word, tagged or not."""
        return self._named.search(text) is not None

    def tagged_in(self, text: str) -> bool:
        """Whether `text` tags the account itself, not one whose handle only begins alike."""
        return self._tag.search(text) is not None

    # ASCII edges only: Arabic writes a preposition straight onto a foreign name.
    @cached_property
    def _named(self) -> re.Pattern[str]:
        return re.compile(rf"\b{re.escape(self.handle)}\b", re.IGNORECASE | re.ASCII)

    @cached_property
    def _tag(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w.@-])@{re.escape(self.handle)}(?!\w|[.-]\w)", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Account:
    """Somebody who writes here. `name` is what they show, `None` where they chose none."""

    handle: str
    name: str | None
    followers: int
    bio: str | None
    is_company: bool
    muted: bool = False  # by the company, which a blocked one is, too
    blocked: bool = False


@dataclass(frozen=True)
class Post:
    """One post. A deleted one keeps its place in the thread and nothing of its text."""

    id: str
    author: Account
    text: str
    language: str | None
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    in_reply_to: str | None
    thread: str
    revision: int
    via: Via
    tagged: bool
    private_with: str | None  # whom the company says it to, or hears it from, in private; None in public
    on_company_page: bool = False  # it stands under a post of the company's own
    hidden: bool = False
    reported: bool = False


@dataclass(frozen=True)
class Event:
    """One thing that happened to a post; `seq` is its place in the log, and the reader's cursor."""

    seq: int
    kind: EventKind
    post: Post


@dataclass(frozen=True)
class Fault:
    """A bad moment that waits for the next call of its kind; `wait` in seconds."""

    kind: FaultKind
    call: Call
    wait: float


def clean_handle(handle: str) -> str:
    """Return `handle` without its at sign, or raise `BadPost`."""
    bare = handle.strip().removeprefix("@")
    if _HANDLE.fullmatch(bare) is None:
        raise BadPost(f"handle {handle[:60]!r} must be 1 to 40 letters, digits, dots, dashes or underscores")
    return bare


def clean_name(name: str | None) -> str | None:
    """Return `name` on one line, `None` when nothing of it is left, or raise `BadPost`."""
    shown = _sound(" ".join((name or "").split()), "the display name")
    if len(shown) > MAX_NAME:
        raise BadPost(f"the display name has {len(shown)} characters, at most {MAX_NAME} are allowed")
    return shown or None


def clean_text(text: str, limit: int = MAX_TEXT) -> str:
    """Return `text` with plain line ends, or raise `BadPost`: it must say something, within `limit`."""
    # A browser's form sends every line end as two characters, which the writer never typed.
    written = _sound(_LINE_ENDS.sub("\n", text), "the text")
    if not written.strip():
        raise BadPost("the text is empty")
    if len(written) > limit:
        raise BadPost(f"the text has {len(written):,} characters, at most {limit:,} are allowed")
    return written


def clean_language(language: str | None) -> str | None:
    """Return a language tag fit for an attribute, or raise `BadPost`."""
    if language is not None and _LANGUAGE.fullmatch(language) is None:
        raise BadPost(f"language {language[:40]!r} is not a language tag such as 'en'")
    return language


def post_number(post_id: str) -> int:
    """Return the number behind a post's ID, or raise `NoSuchPost`."""
    if _POST_ID.fullmatch(post_id) is None:
        raise NoSuchPost(f"there is no post {post_id[:40]!r}")
    return int(post_id)


def _sound(text: str, what: str) -> str:
    # Half a surrogate pair can be written in JSON, but in no file and on no page.
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise BadPost(f"{what} is not valid Unicode")
    return text.replace("\x00", "")
