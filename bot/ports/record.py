"""The record: cases, their due steps, their history."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.domain.case import Case
from bot.domain.events import Entry
from bot.domain.mention import Mention, SetAside

#: What a card is posted under whose first post was begun, and whose answer was never saved.
DOUBT: Final = "?"
#: What may come twice has a name that is kept for so long: longer than any chat tries anything again.
REMEMBERED: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Owed:
    """A claimed step: the case, its lane (`triage`, …, `card:<channel>`) and the name of the lease."""

    lane: str
    case: Case
    lease: str
    tries: int = 0
    #: In a card lane: what the card is posted under there, `DOUBT` for a first post that was never saved.
    posted: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One save: the case as it was, as it is, and the events between them. `id` makes a retry safe.

    `once` names what is done; another change under the same name within `REMEMBERED` is not written.
    """

    before: Case
    after: Case
    entries: tuple[Entry, ...]
    id: str
    drawn: Mapping[str, str] = field(default_factory=dict[str, str])  # channel -> name it is posted under
    once: str = ""


@dataclass(frozen=True, slots=True)
class Aside:
    """Something that needs a person: a bad item of a batch, or a step that failed five times."""

    kind: str  # "item" or the lane of a step
    what: str  # the source, or the case's ID
    reason: str
    at: datetime
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A text some author was sent, or is about to be."""

    case_id: str
    author: str  # a digest of platform and handle, never the handle itself
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Beat:
    """The last signs of life of a source."""

    source: str
    read_at: datetime | None
    found_at: datetime | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """What one day closed without a card, by outcome, with a few cases to look at (M1)."""

    day: str
    counts: Mapping[str, int]
    sample: tuple[str, ...]


class Numbers(Protocol):
    """Numbers of the whole, with nobody's words or name in them."""

    async def counts(self, day: str | None = None) -> Mapping[str, int]:
        """Return what was counted and spent on `day` (YYYY-MM-DD, UTC; kept for 90 days), or ever.

        `bot.domain.counting` names what is counted; what a model used stands under `spent:`.
        """
        ...

    async def states(self) -> Mapping[str, int]:
        """Return how many open cases are in each state that any is in."""
        ...

    async def lanes(self) -> Mapping[str, tuple[int, datetime | None]]:
        """Return for each lane how many steps are due and wait, and since when the oldest in line does."""
        ...

    async def count_aside(self) -> tuple[int, int]:
        """Return how many steps are set aside, and how many bad items were within 24 hours."""
        ...


class CaseStore(Numbers, Protocol):
    """The record. Every call raises `StoreUnavailable` when it cannot be reached."""

    channels: tuple[str, ...]

    async def receive(self, cases: Sequence[tuple[Case, Entry]]) -> Sequence[str | None]:
        """Open these cases; for each return `None` when it is new, else the digest of the text known."""
        ...

    async def mark_seen(self, source: str, mention_id: str, text_digest: str) -> None:
        """Remember that this mention's text was taken in, after its case was changed."""
        ...

    async def forget(self, source: str, mention_id: str) -> None:
        """Take the mark of a mention away whose case has expired: it is received as a new one."""
        ...

    async def seen(self, source: str, mention_id: str) -> str | None:
        """Return the digest of the text known of a mention, `None` when it was never taken in."""
        ...

    async def cases_of_addresses(self, address_keys: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Return by `Mention.address_key` the cases of what stands there, of those that have any."""
        ...

    async def join(self, mention: Mention, case_id: str) -> None:
        """Remember that a mention belongs to a case that was brought in: it opens none, and is followed."""
        ...

    async def case_of_thread(self, thread_key: str) -> str | None:
        """Return the ID of the case of this author in this thread."""
        ...

    async def case_of_post(self, source: str, thread: str) -> Sequence[str]:
        """Return the IDs of the cases in a thread, whoever wrote them."""
        ...

    async def cases_of(self, author_key: str, *, besides: str, most: int) -> tuple[Sequence[str], int]:
        """Return the IDs of an author's cases but `besides`, the newest `most` first, and how many are kept.

        They are counted up to `COUNTED_OTHERS`.
        """
        ...

    async def get(self, case_id: str) -> Case:
        """Return the case; raises `NoSuchCase`."""
        ...

    async def get_many(self, case_ids: Sequence[str]) -> Sequence[Case]:
        """Return the cases that still exist, in the order asked for."""
        ...

    async def save(self, change: Change) -> None:
        """Write case, trail, due time, indexes and counts in one step; raises `StaleCase`, `AlreadyDone`.

        A change whose ID was already written is taken as done.
        """
        ...

    async def trail(self, case_id: str) -> Sequence[Entry]:
        """Return the whole history, oldest first."""
        ...

    async def claim(
        self, lanes: Mapping[str, int], *, lease: timedelta, pace: Mapping[str, timedelta] = ...
    ) -> Sequence[Owed]:
        """Lease what is due, worst first, at most so many of each lane; `publish` gives none in a pause.

        A card lane with a `pace` gives one step, and the next one so long after it, whoever asks.
        """
        ...

    async def hold(self, lane: str, until: datetime) -> None:
        """Let a lane with a pace give nothing before `until`; a moment that has passed frees its slot."""
        ...

    async def renew(self, owed: Owed, *, lease: timedelta) -> bool:
        """Keep a long step hidden for longer; False when the lease was lost."""
        ...

    async def drawn(self, owed: Owed, posted: str) -> None:
        """Pay a drawing: this version of the case stands in the lane's channel, posted under `posted`."""
        ...

    async def stands(self, case_id: str) -> Mapping[str, str]:
        """Return what the card of a case is posted under in each channel; `DOUBT` where that is not known."""
        ...

    async def failed(self, owed: Owed, reason: str, *, again: timedelta, most: int) -> bool:
        """Give a step back for later; after `most` tries set it aside and return False."""
        ...

    async def retry(self, case_id: str) -> bool:
        """Take what was set aside of this case up again; False when nothing was."""
        ...

    async def open_cases(self, *, first: int, count: int) -> Sequence[str]:
        """Return IDs of open cases that have a card or will have one, worst first."""
        ...

    async def count_cards(self) -> tuple[int, int]:
        """Return how many open cases have a card or will have one, and how many of them wait for a person."""
        ...

    async def count_open(self) -> int:
        """Return how many cases are open."""
        ...

    def all_cases(self, *, chunk: int = 200) -> AsyncIterator[Case]:
        """Yield every case kept: the open ones worst first, then the closed ones, the newest first."""
        ...

    def search(self, text: str) -> AsyncIterator[Case]:
        """Yield the cases whose words, author or ID contain `text`, in the order of `all_cases`."""
        ...

    async def similar(self, bands: Sequence[int], *, since: datetime, sent_only: bool) -> Sequence[Sent]:
        """Return texts that share a band with a fingerprint, the newest 20 of each band."""
        ...

    async def remember(self, bands: Sequence[int], sent: Sent, *, is_sent: bool) -> None:
        """Remember a text under its bands for 24 hours; `is_sent` once it is approved."""
        ...

    async def put_aside(self, aside: Sequence[SetAside]) -> None:
        """Keep bad items where a person sees them."""
        ...

    async def asides(self) -> Sequence[Aside]:
        """Return what was set aside, newest first, at most 1,000."""
        ...

    async def tally(self, day: str) -> Tally:
        """Return what `day` (YYYY-MM-DD, UTC) closed without a card."""
        ...

    async def pause(self, by: str, at: datetime) -> None:
        """Stop publishing, for everybody, until `resume`."""
        ...

    async def resume(self) -> None:
        """Go on publishing."""
        ...

    async def paused(self) -> tuple[str, datetime] | None:
        """Return who paused publishing and when, `None` when it runs."""
        ...

    async def meet(self, person_id: str, name: str) -> None:
        """Remember what a colleague is called who is not in the team's file."""
        ...

    async def met(self, person_ids: Collection[str]) -> Mapping[str, str]:
        """Return the names of those of them who were met."""
        ...

    async def once(self, name: str, *, keep: timedelta) -> bool:
        """Return True the first time `name` is given within `keep`."""
        ...

    async def told(self, name: str) -> bool:
        """Return whether `name` was given to `once` and is still kept."""
        ...

    async def beat(self, source: str, at: datetime, *, found: bool, error: str = "") -> None:
        """Record a sign of life of a source, or its failure."""
        ...

    async def beats(self) -> Sequence[Beat]:
        """Return the last signs of life of every source seen."""
        ...

    async def trouble(self, channel: str, words: str) -> None:
        """Remember for 20 minutes that a channel refused a card, and in words why; the last one stands."""
        ...

    async def troubles(self) -> Mapping[str, tuple[str, datetime]]:
        """Return why, and when last, each channel refused a card that did so within 20 minutes."""
        ...

    async def revision(self) -> int:
        """Return a number that grows with every save of any case."""
        ...

    async def ping(self) -> None:
        """Raise `StoreUnavailable` unless the record answers."""
        ...

    async def durability(self) -> Sequence[tuple[bool, str]]:
        """Return plain verdicts on how safe an acknowledged decision is on this server."""
        ...
