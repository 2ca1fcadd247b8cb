"""What the bot needs from the world, each need as a Protocol. A platform can do what it implements."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from bot.domain.assessment import Assessment
from bot.domain.card import Card
from bot.domain.case import Case
from bot.domain.decision import Decision
from bot.domain.delivery import Mode, Receipt
from bot.domain.draft import Purpose
from bot.domain.events import Entry, Message
from bot.domain.mention import Gone, Mention, Native, SetAside
from bot.domain.team import Person, Team

Cursor = str


class Clock(Protocol):
    """What time it is, with a time zone."""

    def __call__(self) -> datetime:
        """Return now, in UTC."""
        ...


# --- platforms


@dataclass(frozen=True, slots=True)
class Batch:
    """What a source found, oldest first. `cursor` is where to read on, `None` to stay where it was."""

    items: tuple[Mention | Gone | Native, ...] = ()
    cursor: Cursor | None = None
    set_aside: tuple[SetAside, ...] = ()
    more: bool = False  # there is more to read at once


@runtime_checkable
class MentionSource(Protocol):
    """A platform we ask. `name` is the configured source's."""

    name: str

    async def fetch(self, since: Cursor | None) -> Batch:
        """Return what is new after `since`; raises `PlatformError`."""
        ...


@runtime_checkable
class MentionReceiver(Protocol):
    """A platform that pushes."""

    name: str
    max_body: int  # bytes

    async def receive(self, headers: Mapping[str, str], body: bytes) -> Batch:
        """Check that it is genuine and read it; raises `BadInput` and its kinds."""
        ...


@dataclass(frozen=True, slots=True)
class NotThere:
    """The platform is certain: nothing was posted under this key."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The platform cannot say."""


@dataclass(frozen=True, slots=True)
class Look:
    """The thread as the platform shows it now. `since` are messages after the mention, oldest first."""

    text: str | None  # None: it is gone
    since: tuple[Message, ...] = ()


@runtime_checkable
class Publisher(Protocol):
    """A platform we can also answer on. Calls raise `PlatformError`."""

    max_length: int

    async def reply(self, to: Mention, text: str, *, key: str) -> Receipt:
        """Post `text` under `to`. The same `key` never posts twice."""
        ...

    async def find(self, to: Mention, text: str, key: str) -> Receipt | NotThere | Unknown:
        """Say whether a reply with `key` is live."""
        ...

    async def look(self, mention: Mention) -> Look:
        """Return the mention and what was said after it, as they stand now."""
        ...


@dataclass(frozen=True, slots=True)
class Platform:
    """One configured source with what it can do. `mode` caps the delivery, `reason` says why."""

    name: str
    mode: Mode
    reason: str
    max_length: int | None = None
    hosts: tuple[str, ...] = ()
    source: MentionSource | None = None
    receiver: MentionReceiver | None = None
    publisher: Publisher | None = None


# --- words


class Classifier(Protocol):
    """Reads mentions."""

    async def assess(self, mention: Mention, thread: Sequence[Message]) -> Assessment:
        """Say what kind it is and how bad; raises `PlatformError` when it cannot."""
        ...


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything a writer may know. Texts are masked: no personal data but the author's shown name.

    `prompt` is the rendered prompt for a model; the fields beside it are the same facts for a writer that
    composes from the protocol's own parts. `avoid` are texts too near to what others were sent; `variant`
    is a stable number of this draft, so that the same brief gives the same words.
    """

    case_id: str
    purpose: Purpose
    language: str
    mention: str
    category: str
    topics: tuple[str, ...]
    name: str | None
    private: bool
    instruction: str = ""
    answer: str = ""  # the desk's answer, to be told to the author
    previous: str = ""  # the draft that is to be changed
    thread: tuple[str, ...] = ()
    max_length: int | None = None
    avoid: tuple[str, ...] = ()
    variant: int = 0
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What a writer wrote. `by` names it; `note` is what the reader of the card must know of it."""

    text: str
    language: str
    by: str
    note: str = ""


class ReplyWriter(Protocol):
    """Writes drafts."""

    async def write(self, brief: Brief) -> Written:
        """Return a draft for `brief`; raises `PlatformError` when it cannot."""
        ...


# --- the team's channels


class ChatSurface(Protocol):
    """A channel where cards stand. `name` is its lane's."""

    name: str

    async def draw(self, card: Card, posted: str | None) -> str:
        """Post the card, or redraw the one `posted` names; return the name it is posted under."""
        ...


@dataclass(frozen=True, slots=True)
class Press:
    """A button somebody pressed: which decision, on which case, by whom (an ID of the team's)."""

    case_id: str
    decision: Decision
    by: str


@dataclass(frozen=True, slots=True)
class Redraw:
    """The press counted: the card as it stands now."""

    card: Card


@dataclass(frozen=True, slots=True)
class Refusal:
    """The press did not count. `says` is for the presser alone; `confirmed` is False where we cannot know."""

    says: str
    card: Card | None = None
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One line of a case's history in human words; `text` is what was written, `who` a name or "Levelhead"."""

    at: datetime
    who: str
    says: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    """What a team wants to know at a glance."""

    open_cases: int
    counts: Mapping[str, int]
    sample: Sequence[Card]
    beats: Sequence[Beat]
    asides: int
    paused: str = ""  # who and when, in words; empty while publishing runs


class Bot(Protocol):
    """What a team channel may ask of the bot. Nothing here raises but `StoreUnavailable`."""

    team: Team
    shadow: bool

    async def press(self, press: Press) -> Redraw | Refusal:
        """Take a decision."""
        ...

    async def queue(self, viewer: Person, *, first: int, count: int) -> tuple[Sequence[Card], int]:
        """Return open cards, worst first, and how many there are in all."""
        ...

    async def card(self, case_id: str, viewer: Person) -> Card | None:
        """Return one card, `None` when there is no such case."""
        ...

    async def trail(self, case_id: str) -> Sequence[TrailLine]:
        """Return the history of a case, oldest first."""
        ...

    async def search(self, text: str, viewer: Person, *, most: int) -> Sequence[Card]:
        """Return cards whose words, author or ID contain `text`, open ones first, then the newest."""
        ...

    async def today(self, viewer: Person) -> Today:
        """Return the day's numbers."""
        ...

    async def dismiss_many(
        self, case_ids: Sequence[str], *, outcome: str, reason: str, by: str
    ) -> Mapping[str, Redraw | Refusal]:
        """Dismiss several cases with one reason: one event each, each answered for itself."""
        ...

    async def pause(self, by: str) -> Refusal | None:
        """Stop publishing; `None` when it was done."""
        ...

    async def resume(self, by: str) -> Refusal | None:
        """Go on publishing; `None` when it was done."""
        ...

    async def revision(self) -> int:
        """Return a number that grows whenever any case changes."""
        ...


# --- the record


@dataclass(frozen=True, slots=True)
class Owed:
    """A claimed step: the case, its lane (`triage`, …, `card:<channel>`) and the name of the lease."""

    lane: str
    case: Case
    lease: str
    tries: int = 0
    posted: str | None = None  # in a card lane: what the card is posted under there


@dataclass(frozen=True, slots=True)
class Change:
    """One save: the case as it was, as it is, and the events between them. `id` makes a retry safe."""

    before: Case
    after: Case
    entries: tuple[Entry, ...]
    id: str
    drawn: Mapping[str, str] = field(default_factory=dict[str, str])  # channel -> name it is posted under


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


class CaseStore(Protocol):
    """The record. Every call raises `StoreUnavailable` when it cannot be reached."""

    channels: tuple[str, ...]

    async def receive(self, cases: Sequence[tuple[Case, Entry]]) -> Sequence[str | None]:
        """Open these cases; for each return `None` when it is new, else the digest of the text known."""
        ...

    async def mark_seen(self, source: str, mention_id: str, text_digest: str) -> None:
        """Remember that this mention's text was taken in, after its case was changed."""
        ...

    async def seen(self, source: str, mention_id: str) -> str | None:
        """Return the digest of the text known of a mention, `None` when it was never taken in."""
        ...

    async def case_of_thread(self, thread_key: str) -> str | None:
        """Return the ID of the case of this author in this thread."""
        ...

    async def case_of_post(self, source: str, thread: str) -> Sequence[str]:
        """Return the IDs of the cases in a thread, whoever wrote them."""
        ...

    async def get(self, case_id: str) -> Case:
        """Return the case; raises `NoSuchCase`."""
        ...

    async def get_many(self, case_ids: Sequence[str]) -> Sequence[Case]:
        """Return the cases that still exist, in the order asked for."""
        ...

    async def save(self, change: Change) -> None:
        """Write case, trail, due time, indexes and counts in one step; raises `StaleCase`.

        A change whose ID was already written is taken as done.
        """
        ...

    async def trail(self, case_id: str) -> Sequence[Entry]:
        """Return the whole history, oldest first."""
        ...

    async def claim(self, lanes: Mapping[str, int], *, lease: timedelta) -> Sequence[Owed]:
        """Lease what is due, worst first, at most so many of each lane; `publish` gives none in a pause."""
        ...

    async def renew(self, owed: Owed, *, lease: timedelta) -> bool:
        """Keep a long step hidden for longer; False when the lease was lost."""
        ...

    async def drawn(self, owed: Owed, posted: str) -> None:
        """Pay a drawing: this version of the case stands in the lane's channel, posted under `posted`."""
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

    async def once(self, name: str, *, keep: timedelta) -> bool:
        """Return True the first time `name` is given within `keep`."""
        ...

    async def beat(self, source: str, at: datetime, *, found: bool, error: str = "") -> None:
        """Record a sign of life of a source, or its failure."""
        ...

    async def beats(self) -> Sequence[Beat]:
        """Return the last signs of life of every source seen."""
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


@dataclass(frozen=True, slots=True)
class SourceLease:
    """The right to read a source, until it ends; `fence` only grows, so an old reader can be refused."""

    source: str
    fence: int


class Cursors(Protocol):
    """Where each source is read from next, and who reads it."""

    async def take(self, source: str, *, by: str, lease: timedelta) -> SourceLease | None:
        """Take or keep the right to read `source`; `None` while somebody else has it."""
        ...

    async def get(self, source: str) -> Cursor | None:
        """Return where to read on, `None` for a new source."""
        ...

    async def put(self, lease: SourceLease, cursor: Cursor) -> None:
        """Move the cursor; raises `LeaseLost` when a newer reader has taken over."""
        ...


