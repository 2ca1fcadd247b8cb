"""Every key of the record, spelled once, with what it holds and how long it lives.

All keys of a brand share its hash tag, so that one script may change any of them on a Redis Cluster too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import ClassVar


def ms(span: timedelta) -> int:
    """Return a span in whole milliseconds, as every script counts it."""
    return int(span.total_seconds() * 1000)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one brand. `prefix` keeps several products on one server apart."""

    prefix: str
    brand: str  # the hash tag: one brand, one slot

    #: Kept this long after closing. An open case never expires.
    CLOSED_TTL: ClassVar[timedelta] = timedelta(days=90)
    #: A mention is known this long after its case was closed: longer than the case itself.
    SEEN_TTL: ClassVar[timedelta] = timedelta(days=180)
    #: The list of one day's closed cases, from the last of them: a day more than they are kept.
    DAY_TTL: ClassVar[timedelta] = timedelta(days=91)
    #: What one day closed without a card.
    TALLY_TTL: ClassVar[timedelta] = timedelta(days=400)
    #: A day's numbers, from the first of them; what a case has cost, from the last.
    NUMBERS_TTL: ClassVar[timedelta] = timedelta(days=90)
    #: Texts are compared for 24 hours, and kept in spans of eight.
    NEAR_SPAN: ClassVar[timedelta] = timedelta(hours=8)
    NEAR_TTL: ClassVar[timedelta] = timedelta(hours=33)
    #: Longer than the longest time between two tries to draw a card, so that trouble stays until it is over.
    TROUBLE_TTL: ClassVar[timedelta] = timedelta(minutes=20)

    #: Kinds of keys without a time to live, and why each is bounded.
    FOR_EVER: ClassVar[Mapping[str, str]] = MappingProxyType({
        "open": "one member an open case, gone when it closes",
        "board": "one member an open case with a card, gone when it closes",
        "due": "one member a step that waits for its time, gone when it is paid",
        "ready": "one member a step that is due, gone when it is paid",
        "paused": "there only while publishing is paused",
        "aside": "one member a step that needs a person, and at most 1,000 bad items",
        "revision": "one number",
        "total": "a number for each thing that is counted, of closed sets and the configured sources",
        "states": "a number for each state that open cases are in",
        "guests": "a name for each colleague whom only a user group of the team's chat vouches for",
        "kept": "a few a conversation the app is installed in; what hangs on a case has a time to live",
        "beats": "three fields a configured source",
        "source": "four fields a configured source: forgetting a cursor would read everything again",
    })  # fmt: skip
    #: Kinds which live for ever while their case is open, and have a time to live from its closing.
    WHILE_OPEN: ClassVar[frozenset[str]] = frozenset({"case", "trail", "seen", "who", "thread"})

    def _key(self, kind: str, *rest: str) -> str:
        return ":".join((f"{self.prefix}:{{{self.brand}}}:{kind}", *rest))

    def case(self, case_id: str) -> str:
        """Hash: the case (`FIELDS` in cases.py). While open for ever, then `CLOSED_TTL`."""
        return self._key("case", case_id)

    def folded(self, case_id: str) -> str:
        """String: a case closed as noted with its trail and texts, packed (pack.py). `CLOSED_TTL`."""
        return self._key("folded", case_id)

    def trail(self, case_id: str) -> str:
        """List: the case's history, one entry an event. As long as the case."""
        return self._key("trail", case_id)

    def seen(self, source: str, mention_id: str) -> str:
        """String: the digest of the text known of a mention. While its case is open, then `SEEN_TTL`."""
        return self._key("seen", source, mention_id)

    def who(self, thread_key: str) -> str:
        """String: the ID of the case of one author in one thread. As long as the case."""
        return self._key("who", thread_key)

    def author(self, author_key: str) -> str:
        """Sorted set: the newest cases of one author, by when they came. `CLOSED_TTL` from the last one.

        It holds `COUNTED_OTHERS` and one, and does not wait for those that are open: what is lost with it is
        a line on a card, about somebody who wrote nothing new for as long as a closed case is kept.
        """
        return self._key("author", author_key)

    def address(self, address_key: str) -> str:
        """Set: the cases of what stands on an address, 50 at most. `CLOSED_TTL` from the last one."""
        return self._key("address", address_key)

    def thread(self, source: str, thread: str) -> str:
        """Sorted set: cases in a thread that another post began, by when they expire. As long as the last."""
        return self._key("thread", source, thread)

    @property
    def open(self) -> str:
        """Sorted set: every open case, by rank. For ever."""
        return self._key("open")

    @property
    def board(self) -> str:
        """Sorted set: the open cases which have a card or will have one, by rank. For ever."""
        return self._key("board")

    def closed(self, day: str) -> str:
        """List: the cases closed on a day (UTC), in that order. `DAY_TTL` from the last one."""
        return self._key("closed", day)

    def due(self, lane: str) -> str:
        """Sorted set: steps of a lane that wait or are leased, by when they are due, in ms. For ever."""
        return self._key("due", lane)

    def ready(self, lane: str) -> str:
        """Sorted set: steps of a lane that are due, by the case's rank. For ever."""
        return self._key("ready", lane)

    def pace(self, lane: str) -> str:
        """String: when a lane with a pace gives its next step, in ms. A minute longer than until then."""
        return self._key("pace", lane)

    @property
    def paused(self) -> str:
        """String: who paused publishing, and when. Until publishing is resumed."""
        return self._key("paused")

    @property
    def aside_steps(self) -> str:
        """Sorted set: `lane case` of each step that failed too often, by when. For ever."""
        return self._key("aside", "steps")

    @property
    def aside_items(self) -> str:
        """Sorted set: bad items of batches, as JSON, by when; the newest 1,000. For ever."""
        return self._key("aside", "items")

    def counts(self, day: str) -> str:
        """Hash: how many cases a day closed without a card, by outcome. `TALLY_TTL`."""
        return self._key("counts", day)

    def sample(self, day: str) -> str:
        """List: some of the cases a day closed without a card. `TALLY_TTL`."""
        return self._key("sample", day)

    def numbers(self, day: str) -> str:
        """Hash: what was counted and spent on a day (UTC), and tokens that are set aside. `NUMBERS_TTL`."""
        return self._key("numbers", day)

    @property
    def total(self) -> str:
        """Hash: what was ever counted and spent, by the same names. For ever."""
        return self._key("total")

    @property
    def states(self) -> str:
        """Hash: how many open cases are in each state. For ever."""
        return self._key("states")

    def spent(self, case_id: str) -> str:
        """Hash: what a case has cost. `NUMBERS_TTL` from the last time."""
        return self._key("spent", case_id)

    def near(self, span: int) -> str:
        """Hash: band of a fingerprint -> places in `sent` of the texts that share it. `NEAR_TTL`."""
        return self._key("near", str(span))

    def sent(self, span: int) -> str:
        """List: texts drafted or sent in a span, by where they stand in their cases. `NEAR_TTL`."""
        return self._key("sent", str(span))

    def once(self, name: str) -> str:
        """String: this name was given. As long as the caller asks for."""
        return self._key("once", name)

    def trouble(self, channel: str) -> str:
        """String: when a channel last refused a card, in ms, and why. `TROUBLE_TTL` from then."""
        return self._key("trouble", channel)

    def kept(self, name: str) -> str:
        """String: what a channel has to remember of where it stands. For ever, or as long as it asks."""
        return self._key("kept", name)

    @property
    def revision(self) -> str:
        """String: how many changes were saved. For ever."""
        return self._key("revision")

    @property
    def guests(self) -> str:
        """Hash: what each colleague is called who is not in the team's file. For ever, as the trail's IDs."""
        return self._key("guests")

    @property
    def beats(self) -> str:
        """Hash: the last signs of life of each source. For ever."""
        return self._key("beats")

    def source(self, source: str) -> str:
        """Hash: where a source is read on, by whom, until when, and the fence. For ever."""
        return self._key("source", source)
