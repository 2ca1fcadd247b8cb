"""Cases: received, read, saved, erased. One script a change, with a version check."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from math import ceil

from adapters.store import pack
from adapters.store.keys import Keys, ms
from adapters.store.link import Call, Words, script
from adapters.store.part import Part, case_of, chunks, fields_of, millis
from bot.domain.case import COUNTED_OTHERS, Case
from bot.domain.counting import counted
from bot.domain.events import Entry, MentionReceived, Outcome
from bot.domain.mention import Mention
from bot.domain.value import digest
from bot.errors import AlreadyDone, NoSuchCase, StaleCase
from bot.ports import REMEMBERED, Change

RECEIVE, SAVE = script("receive", after="count"), script("save", after="count")
UNFOLD, ERASE, AUTHOR = script("unfold"), script("erase"), script("author")

#: The fields of a case's hash. `<digest>`, `<lane>` and `<channel>` stand for many.
FIELDS = {
    "v": "version",
    "s": "lane of its state's step, empty for none",
    "c": "the case as JSON, without its words",
    "e": "marks of the last eight changes",
    "x": "day it was closed, absent while it is open",
    "t:<digest>": "a text; empty once it was erased",
    "d:<channel>": "version drawn there",
    "m:<channel>": "what its card is posted under there",
    "l:<lane>": "name of the lease on its step",
    "n:<lane>": "failed tries of its step",
    "a:<lane>": "why its step was set aside",
}

#: Cases that end without a card: counted by day.
COUNTED = frozenset({Outcome.NOTED, Outcome.PRAISE, Outcome.SPAM})
#: Messages of a thread from which on only new words are sent with a change.
_LONG_TALK = 4
#: New cases in one round trip.
BATCH = 200


class Cases(Part):
    """The part of the record that must never lose anything."""

    async def receive(self, cases: Sequence[tuple[Case, Entry]]) -> Sequence[str | None]:
        """Open these cases; for each return `None` when it is new, else the digest of the text known."""
        known: list[str | None] = []
        for chunk in chunks(cases, BATCH):
            answers = await self._link.batch([self._receiving(case, entry) for case, entry in chunk])
            known += [answer and answer.decode() for answer in answers]
        return known

    def _receiving(self, case: Case, entry: Entry) -> Call:
        k, mention, texts = self._keys, case.mention, pack.Texts()
        lane = str(case.lane or "")
        keys = [
            k.seen(mention.source, mention.id), k.case(case.id), k.folded(case.id), k.trail(case.id),
            k.who(mention.thread_key), k.open, k.ready(lane), k.numbers(_day(case)), k.total, k.states,
            k.author(mention.author_key), k.address(mention.address_key or "-"),
        ]  # fmt: skip
        if mention.thread and mention.thread != mention.id:
            keys.append(k.thread(mention.source, mention.thread))
        raw, line = pack.dump_case(case, texts), pack.dump_entry(entry, texts)
        head = (digest(mention.text), case.id, int(case.rank), case.version, lane, raw, line)
        counts = (case.state.value, f"mentions:{mention.source}", ms(Keys.NUMBERS_TTL))
        came = (millis(case.received_at), ms(Keys.CLOSED_TTL), COUNTED_OTHERS + 1, int(bool(mention.url)))
        return Call(RECEIVE, keys, (*head, *counts, *came, *texts.fields))

    async def mark_seen(self, source: str, mention_id: str, text_digest: str) -> None:
        """Remember that this mention's text was taken in, after its case was changed."""
        key = self._keys.seen(source, mention_id)
        # A mark that is there keeps its time, which hangs on its case.
        await self._link.batch([
            ("SET", key, text_digest, "XX", "KEEPTTL"),
            ("SET", key, text_digest, "NX", "PX", ms(Keys.SEEN_TTL)),
        ])  # fmt: skip

    async def forget(self, source: str, mention_id: str) -> None:
        """Take the mark of a mention away whose case has expired: it is received as a new one."""
        await self._link.send("DEL", self._keys.seen(source, mention_id))

    async def seen(self, source: str, mention_id: str) -> str | None:
        """Return the digest of the text known of a mention, `None` when it was never taken in."""
        found: bytes | None = await self._link.send("GET", self._keys.seen(source, mention_id))
        return None if found is None else found.decode()

    async def cases_of_addresses(self, address_keys: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Return by `Mention.address_key` the cases of what stands there, of those that have any."""
        calls = [("SMEMBERS", self._keys.address(key)) for key in address_keys]
        found = await self._link.batch(calls) if calls else []
        answers = zip(address_keys, found, strict=True)
        return {key: sorted(i.decode() for i in ids) for key, ids in answers if ids}

    async def join(self, mention: Mention, case_id: str) -> None:
        """Remember that a mention belongs to a case that was brought in: it opens none, and is followed."""
        seen, who = self._keys.seen(mention.source, mention.id), self._keys.who(mention.thread_key)
        kept = ms(Keys.SEEN_TTL)
        await self._link.batch([
            ("SET", seen, digest(mention.text), "PX", kept), ("SET", who, case_id, "NX", "PX", kept)
        ])  # fmt: skip

    async def case_of_thread(self, thread_key: str) -> str | None:
        """Return the ID of the case of this author in this thread."""
        found: bytes | None = await self._link.send("GET", self._keys.who(thread_key))
        return None if found is None else found.decode()

    async def case_of_post(self, source: str, thread: str) -> Sequence[str]:
        """Return the IDs of the cases in a thread, whoever wrote them."""
        first = f"{source}:{thread}"  # the post that began the thread is in no index: its ID says it
        others, here = await self._link.batch([
            ("ZRANGEBYSCORE", self._keys.thread(source, thread), f"({self._now()}", "+inf"),
            ("EXISTS", self._keys.case(first), self._keys.folded(first)),
        ])  # fmt: skip
        return [*([first] if here else []), *(i.decode() for i in others)]

    async def cases_of(self, author_key: str, *, besides: str, most: int) -> tuple[Sequence[str], int]:
        """Return the IDs of an author's cases but `besides`, the newest `most` first, and how many are kept.

        They are counted up to `COUNTED_OTHERS`.
        """
        k = self._keys
        args = [k.case(""), k.folded(""), besides, most, COUNTED_OTHERS]
        count, *found = await self._link.run(AUTHOR, [k.author(author_key)], args)
        return [i.decode() for i in found], count

    async def get(self, case_id: str) -> Case:
        """Return the case; raises `NoSuchCase`."""
        (raw,) = await self._read([case_id])
        if raw is None:
            raise NoSuchCase(case_id)
        return case_of(fields_of(raw)[0])

    async def get_many(self, case_ids: Sequence[str]) -> Sequence[Case]:
        """Return the cases that still exist, in the order asked for."""
        cases: list[Case] = []
        for chunk in chunks(case_ids, BATCH):
            cases += [case_of(fields_of(raw)[0]) for raw in await self._read(chunk) if raw is not None]
        return cases

    async def trail(self, case_id: str) -> Sequence[Entry]:
        """Return the whole history, oldest first; raises `NoSuchCase`."""
        lines, (raw,) = await self._link.batch([
            ("LRANGE", self._keys.trail(case_id), 0, -1), self._reading([case_id])
        ])  # fmt: skip
        if raw is None:
            raise NoSuchCase(case_id)
        fields, folded = fields_of(raw)
        texts = pack.texts_of(fields)
        return [pack.load_entry(line, texts) for line in folded or lines]

    async def save(self, change: Change) -> None:
        """Write case, trail, due time, indexes and counts in one step; raises `StaleCase`, `AlreadyDone`.

        A change whose ID was already written is taken as done.
        """
        saving = self._saving(change)
        answer: bytes = await self._link.run(saving.script, saving.keys, saving.args)
        if answer == b"folded":
            await self._unfold(change.before.id)
            answer = await self._link.run(saving.script, saving.keys, saving.args)
        if answer == b"again":
            raise AlreadyDone(change.once)
        if answer == b"gone":
            raise NoSuchCase(change.before.id)
        if answer != b"ok":
            raise StaleCase(
                f"case {change.before.id!r} has changed: it is at version {answer.decode()}, and this change "
                f"was made from version {change.before.version}; load it again and decide again"
            )

    def _saving(self, change: Change) -> Call:
        before, after, texts = change.before, change.after, pack.Texts()
        folded = self._folding(change)
        entries = [] if folded else [pack.dump_entry(entry, texts) for entry in change.entries]
        case = b"" if folded else pack.dump_case(after, texts)
        fields = [] if folded else self._new_texts(before, texts)
        channels = dict.fromkeys(self.channels, "") if after.needs_card else {}
        channels |= change.drawn
        drawings = [part for pair in channels.items() for part in pair]
        numbers = [part for pair in counted(before, after, change.entries).items() for part in pair]
        args: list[Words] = [
            after.id, before.version, after.version, pack.mark(change.id), case, folded or b"",
            _lane(before), _lane(after), int(_same_step(before, after)), self._due(after),
            int(after.rank), int(after.open), int(_on_board(after)), _moves(before, after),
            _day(after), ms(Keys.CLOSED_TTL), ms(Keys.SEEN_TTL), self._now() + ms(Keys.CLOSED_TTL),
            _closed_as(before, after), random.random(), ms(Keys.TALLY_TTL), ms(Keys.DAY_TTL),  # noqa: S311 (a sample)
            _state(before), _state(after), ms(Keys.NUMBERS_TTL), ms(REMEMBERED) if change.once else "",
            len(entries), len(fields) // 2, len(numbers) // 2, *entries, *fields, *numbers, *drawings,
        ]  # fmt: skip
        return Call(SAVE, self._saving_keys(change, channels), args)

    @staticmethod
    def _new_texts(before: Case, texts: pack.Texts) -> list[str]:
        """Leave out what stands there already, where a long talk makes that worth looking."""
        fields = texts.fields
        if len(before.thread) <= _LONG_TALK:
            return fields
        old = pack.Texts()
        pack.dump_case(before, old)
        known = set(old.fields[::2])
        pairs = zip(fields[::2], fields[1::2], strict=True)
        return [part for pair in pairs if pair[0] not in known for part in pair]

    def _saving_keys(self, change: Change, channels: Iterable[str]) -> list[str]:
        before, after, k = change.before, change.after, self._keys
        mention, day = after.mention, _day(after)
        lanes = [_lane(before) or "-", _lane(after) or "-", *(f"card:{channel}" for channel in channels)]
        return [
            k.case(after.id), k.folded(after.id), k.trail(after.id), k.open, k.board, k.aside_steps,
            k.seen(mention.source, mention.id), k.who(mention.thread_key),
            k.thread(mention.source, mention.thread or mention.id),
            k.closed(day), k.counts(day), k.sample(day), k.revision,
            k.numbers(day), k.total, k.states, k.once(change.once),
            *(key for lane in lanes for key in (k.due(lane), k.ready(lane))),
        ]  # fmt: skip

    def _folding(self, change: Change) -> bytes | None:
        """A case read once and noted is most of what comes in, so it is kept small: whole, in one string."""
        before, after = change.before, change.after
        if before.version != 1 or after.open or _closed_as(before, after) == "" or change.drawn:
            return None
        # A case at its first version is nothing but its first event.
        received = MentionReceived(mention=before.mention, severity=before.severity)
        first = Entry(version=1, at=before.received_at, event=received)
        return pack.fold(after, [first, *change.entries], change=change.id, day=_day(after))

    async def _unfold(self, case_id: str) -> None:
        """Put a folded case back, to be changed. Who else does so at the same time does the same."""
        raw: bytes | None = await self._link.send("GET", self._keys.folded(case_id))
        if raw is None:
            return
        folded = pack.unfold(raw)
        fields = [part for pair in folded.fields.items() for part in pair]
        keys = [self._keys.case(case_id), self._keys.folded(case_id), self._keys.trail(case_id)]
        await self._link.run(UNFOLD, keys, [raw, len(fields), *fields, *folded.entries])

    async def revision(self) -> int:
        """Return a number that grows with every save of any case, and with a pause and its end."""
        return int(await self._link.send("GET", self._keys.revision) or 0)

    async def erase(self, case_id: str, digests: Sequence[str] | None = None) -> int:
        """Erase a case's texts, all or those named; they read `[erased]`. Returns how many there were.

        For a person who asks to be forgotten: the history stays, and still makes the same case.
        """
        await self._unfold(case_id)
        names = [f"t:{name}" for name in digests or ()]
        if digests is not None and not names:
            return 0
        return await self._link.run(ERASE, [self._keys.case(case_id), self._keys.revision], names)

    def _due(self, case: Case) -> Words:
        """When its step is due; empty for now, so that it never waits behind those that were due before."""
        at = case.step_at
        # Rounded up: a step claimed a part of a millisecond too early would find that it is not due.
        return "" if at is None or at <= self._clock() else ceil(at.timestamp() * 1000)


def _lane(case: Case) -> str:
    """The lane of its state's own step; a drafted case's step is a drawing, which is owed apart."""
    lane = case.lane
    return "" if lane is None or lane.value == "card" else lane.value


def _state(case: Case) -> str:
    """The state it is counted in: none once it is closed, as closed cases expire without a word."""
    return case.state.value if case.open else ""


def _same_step(before: Case, after: Case) -> bool:
    """Whether a change left the step as it was; one that is owed since this change is another."""
    same = (before.state, before.step_at) == (after.state, after.step_at)
    return same and after.step_at != after.changed_at and _lane(after) != ""


def _on_board(case: Case) -> bool:
    return case.open and (case.carded or case.state.value != "received")


def _moves(before: Case, after: Case) -> str:
    if before.open == after.open:
        return ""
    return "closes" if before.open else "reopens"


def _closed_as(before: Case, after: Case) -> str:
    """The outcome to count a case under that ends here without a card."""
    ends = before.open and not after.open and not after.carded
    return after.outcome.value if ends and after.outcome and after.outcome in COUNTED else ""


def _day(case: Case) -> str:
    return case.changed_at.astimezone(UTC).date().isoformat()
