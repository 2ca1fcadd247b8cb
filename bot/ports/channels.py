"""Channels: where cards stand, and what a channel may ask of the bot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.card import Card
from bot.domain.decision import Decision
from bot.domain.team import Person, Team
from bot.ports.record import Beat


class ChatSurface(Protocol):
    """A channel where cards stand. `name` is its lane's.

    Drawings in it lie at least `pace` apart, for all workers together; `None` where it takes any number.
    """

    name: str
    pace: timedelta | None

    async def draw(self, card: Card, posted: str | None) -> str | None:
        """Post the card, or redraw the one `posted` names; return the name it is posted under.

        `DOUBT`: it may have been posted before; it is looked for first. The answer is empty where the card
        has no place in this channel, and `None` where what stands there was left as it is, without a call.
        Raises `PlatformError`: `ChannelGone` where no card is taken, another `PlatformRejected` for this one.
        """
        ...

    async def tell(self, person: Person, words: str) -> bool:
        """Send one colleague a message of their own in this channel's product; raises `PlatformError`.

        False where the product does not know them, or cannot reach a person at all.
        """
        ...


@dataclass(frozen=True, slots=True)
class Press:
    """A button somebody pressed: which decision, on which case, by whom (an ID of the team's).

    `person` is who a channel vouches for: with the rights its user groups give, or in one of them alone.
    `once` names this press and no other, where a channel may bring it twice: it counts once.
    """

    case_id: str
    decision: Decision
    by: str
    person: Person | None = None
    once: str = ""


@dataclass(frozen=True, slots=True)
class Redraw:
    """The press counted: the card as it stands now. `already`: what was asked for was there before."""

    card: Card
    already: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """The press did not count. `says` is for the presser alone; `confirmed` is False where we cannot know.

    `repeated`: it did count, when it came for the first time; whoever pressed knows.
    """

    says: str
    card: Card | None = None
    confirmed: bool = True
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Pasted:
    """A post, in the words of whoever found it. All but `text` may be empty."""

    text: str
    url: str = ""
    platform: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One line of a history in human words: `text` is what was written, `who` a name or "Levelhead"."""

    at: datetime
    who: str
    says: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    """What a team wants to know at a glance."""

    open_cases: int
    waiting: int  # of them with a card that waits for a person
    counts: Mapping[str, int]
    sample: Sequence[Card]
    beats: Sequence[Beat]
    asides: int
    paused: str = ""  # who and when, in words; empty while publishing runs
    balance: str = ""  # complaint beside praise among what was read, in words; empty for none
    troubles: Sequence[str] = ()  # a sentence or more for each channel that refuses its cards


class Bot(Protocol):
    """What a team channel may ask of the bot. Nothing here raises but `StoreUnavailable`."""

    @property
    def team(self) -> Team:
        """Everybody who may decide."""
        ...

    @property
    def shadow(self) -> bool:
        """Whether everything happens but sending."""
        ...

    async def press(self, press: Press, /) -> Redraw | Refusal:
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

    async def bring_in(self, pasted: Pasted, by: Person) -> Redraw | Refusal:
        """Make a case of what somebody found, or return the one it is already."""
        ...

    async def pause(self, by: Person) -> Refusal | None:
        """Stop publishing; `None` when it was done."""
        ...

    async def resume(self, by: Person) -> Refusal | None:
        """Go on publishing; `None` when it was done."""
        ...

    async def stands(self, case_id: str) -> Mapping[str, str]:
        """Return under which name the card of a case is posted in each channel, on record."""
        ...

    async def revision(self) -> int:
        """Return a number that grows whenever any case changes."""
        ...
