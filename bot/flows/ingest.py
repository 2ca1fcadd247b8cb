"""Take in what the platforms show: new mentions, edits, deletions, next messages, colleagues' replies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.case import Case
from bot.domain.events import (
    AuthorReplied,
    ColleagueReplied,
    Entry,
    Event,
    MentionEdited,
    MentionReceived,
    MentionRemoved,
    Message,
)
from bot.domain.mention import Gone, Mention, Native
from bot.domain.transitions import born
from bot.domain.value import digest
from bot.errors import NoSuchCase
from bot.flows.parts import Parts, save_on_any
from bot.flows.pasted import joined
from bot.ports import Batch, Cursors, MentionSource, SourceLease

#: A new source is read from here on, not from its whole past.
HORIZON = timedelta(hours=24)
#: As long as a cursor: it is never forgotten while anybody could still remember the source.
_FOR_EVER = timedelta(days=3650)


@dataclass(slots=True)
class Taken:
    """What became of a batch."""

    new: int = 0
    changed: int = 0
    known: int = 0
    set_aside: int = 0
    too_old: int = 0


async def read(
    source: MentionSource, *, cursors: Cursors, lease: SourceLease, parts: Parts, horizon: timedelta = HORIZON
) -> tuple[Taken, bool]:
    """Read a source once; return what was taken and whether there is more at once."""
    since = await cursors.get(source.name)
    # Its past may be many pages long: a source is new until it was read to its end once.
    known = since is not None and await parts.store.told(f"read-to-its-end:{source.name}")
    batch = await source.fetch(since)
    taken = await ingest(batch, parts=parts, horizon=None if known else horizon)
    # Last: a crash before this reads some mentions twice; after it would lose them.
    if batch.cursor is not None and batch.cursor != since:
        await cursors.put(lease, batch.cursor)
    if not known and not batch.more:
        await parts.store.once(f"read-to-its-end:{source.name}", keep=_FOR_EVER)
    return taken, batch.more


async def ingest(batch: Batch, *, parts: Parts, horizon: timedelta | None = None) -> Taken:
    """Take a batch in, in its order. Done twice, it changes nothing the second time."""
    taken = Taken(set_aside=len(batch.set_aside))
    if batch.set_aside:
        await parts.store.put_aside(batch.set_aside)
    oldest = parts.clock() - horizon if horizon else None
    fresh: list[Mention] = []
    for item in batch.items:
        if oldest and isinstance(item, Mention) and item.posted_at < oldest:
            taken.too_old += 1
        elif isinstance(item, Mention) and item.in_reply_to is None:
            fresh.append(item)
        else:
            # What follows may be about one of these: they come first.
            await _receive(fresh, taken, parts)
            fresh = []
            await _follow(item, taken, parts)
    await _receive(fresh, taken, parts)
    return taken


async def _follow(item: Mention | Gone | Native, taken: Taken, parts: Parts) -> None:
    match item:
        case Gone():
            await _gone(item, taken, parts)
        case Native():
            await _native(item, taken, parts)
        case _:
            await _reply(item, taken, parts)


async def _receive(mentions: Sequence[Mention], taken: Taken, parts: Parts) -> None:
    """Open a case for each mention never seen before, and follow the edits of the others."""
    if not mentions:
        return
    in_theirs = await joined(mentions, parts)
    taken.known += len(in_theirs)
    mentions = [mention for mention in mentions if mention.id not in in_theirs]
    at = parts.clock()
    events = [MentionReceived(mention=m, severity=parts.provisional(m)) for m in mentions]
    cases = [(born(event, at=at), Entry(version=1, at=at, event=event)) for event in events]
    for mention, known in zip(mentions, await parts.store.receive(cases), strict=True):
        if known is None:
            taken.new += 1
        elif known == digest(mention.text):
            taken.known += 1
        else:
            await _edit(mention, taken, parts)


async def _edit(mention: Mention, taken: Taken, parts: Parts) -> None:
    text_digest = digest(mention.text)

    def edited(case: Case) -> tuple[Event, ...]:
        return () if case.mention.text == mention.text else (MentionEdited(text=mention.text),)

    try:
        await save_on_any(parts, mention.case_id, edited, name=f"edited:{mention.id}:{text_digest}")
    except NoSuchCase:
        # A next message of a thread that was edited: its new words count as said now.
        if not await _say(mention, edited_id(mention.id, text_digest), parts):
            # Its case has expired, and its mark has not: the new words open another.
            await parts.store.forget(mention.source, mention.id)
            await _receive([mention], taken, parts)
            return
    taken.changed += 1
    # After the case: a crash between the two reads the edit again, and finds it done.
    await parts.store.mark_seen(mention.source, mention.id, text_digest)


def edited_id(message_id: str, text_digest: str) -> str:
    """Return what a message of a thread is called after an edit: its new words are one message more."""
    return f"{message_id}#{text_digest[:8]}"


async def _reply(mention: Mention, taken: Taken, parts: Parts) -> None:
    """A post under another one: the next message of a case's author, or a mention of its own."""
    known = await parts.store.seen(mention.source, mention.id)
    if known == digest(mention.text):
        taken.known += 1
    elif known is not None:
        await _edit(mention, taken, parts)
    elif await _say(mention, mention.id, parts):
        taken.changed += 1
        await parts.store.mark_seen(mention.source, mention.id, digest(mention.text))
    else:
        await _receive([mention], taken, parts)


async def _say(mention: Mention, message_id: str, parts: Parts) -> bool:
    """Put a message into its author's case; False when they have none in this thread."""
    case_id = await parts.store.case_of_thread(mention.thread_key)
    if case_id is None:
        return False
    message = Message(
        id=message_id, by="author", text=mention.text, at=mention.posted_at, private=mention.private
    )

    def said(case: Case) -> tuple[Event, ...]:
        return () if _has(case, message_id) else (AuthorReplied(message=message),)

    try:
        await save_on_any(parts, case_id, said, name=f"said:{message_id}")
    except NoSuchCase:
        return False
    return True


def _has(case: Case, message_id: str) -> bool:
    return case.mention.id == message_id or any(m.id == message_id for m in case.thread)


async def _gone(gone: Gone, taken: Taken, parts: Parts) -> None:
    def removed(case: Case) -> tuple[Event, ...]:
        return () if case.moved == "removed" or not case.open else (MentionRemoved(),)

    try:
        await save_on_any(parts, f"{gone.source}:{gone.id}", removed, name=f"gone:{gone.id}")
    except NoSuchCase:
        taken.known += 1
    else:
        taken.changed += 1


async def _native(native: Native, taken: Taken, parts: Parts) -> None:
    message = Message(id=native.id, by="colleague", text=native.text, at=native.at)

    def said(case: Case) -> tuple[Event, ...]:
        return () if _has(case, native.id) else (ColleagueReplied(message=message),)

    for case_id in await parts.store.case_of_post(native.source, native.thread):
        try:
            await save_on_any(parts, case_id, said, name=f"native:{native.id}")
            taken.changed += 1
        except NoSuchCase:
            continue
