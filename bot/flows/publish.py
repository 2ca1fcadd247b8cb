"""Send an approved reply: look at the thread, save that we start, call the platform, save what it said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.case import Case, State
from bot.domain.delivery import Mode, Receipt
from bot.domain.events import (
    AuthorReplied,
    ColleagueReplied,
    Event,
    HandedOver,
    MentionEdited,
    MentionRemoved,
    Message,
    PublishDoubted,
    PublishPostponed,
    PublishRejected,
    PublishStarted,
    Rehearsed,
    ReplyPublished,
    ThreadMoved,
)
from bot.domain.mention import Mention
from bot.domain.remedies import after_a_failed_publication
from bot.domain.value import digest
from bot.errors import MentionGone, PlatformBusy, PlatformError, PlatformRejected, PlatformSilent
from bot.flows.ingest import edited_id
from bot.flows.parts import Parts, save, save_for_sure
from bot.ports import Look, NotThere, Owed, PrivateReplier, Publisher, Unknown

log = structlog.get_logger(__name__)

#: A platform that stays busy longer than this after the approval hands the case back to a person.
PATIENCE = timedelta(minutes=30)
_WAIT = timedelta(seconds=15)


async def publish(owed: Owed, parts: Parts) -> None:
    """Pay what an APPROVED case owes: its publication."""
    case = owed.case
    if case.approval is None or case.draft is None or case.approval.draft != case.draft.id:
        await save(parts, case, ThreadMoved())  # no approval of these words: back to a person
    elif case.approval.context != case.context:
        await save(parts, case, ThreadMoved())
    elif parts.shadow:
        await save(parts, case, Rehearsed())
    elif case.delivery and case.delivery.mode is Mode.ASSISTED:
        await save(parts, case, HandedOver(remind_at=_reminder(parts)))
    elif (publisher := _publisher(case, parts)) is None:
        await save(
            parts, case, PublishRejected(reason="nothing can be sent there any more; see the delivery")
        )
    else:
        await _publish(case, publisher, parts)


def _publisher(case: Case, parts: Parts) -> Publisher | None:
    platform = parts.platforms.get(case.mention.source)
    if platform is None or platform.publisher is None:
        return None
    if not _in_private(case):
        return platform.publisher
    way = platform.private
    return _Privately(platform.publisher, way, way.max_length) if way else None


def _in_private(case: Case) -> bool:
    return case.delivery is not None and case.delivery.mode is Mode.PRIVATE


@dataclass(slots=True)
class _Privately:
    """A platform's private way, taken as its public one is."""

    public: Publisher
    private: PrivateReplier
    max_length: int

    async def reply(self, to: Mention, text: str, *, key: str) -> Receipt:
        return _private(await self.private.send(to, text, key=key))

    async def find(self, to: Mention, text: str, key: str) -> Receipt | NotThere | Unknown:
        found = await self.private.sent(to, text, key)
        return _private(found) if isinstance(found, Receipt) else found

    async def look(self, mention: Mention) -> Look:
        return await self.public.look(mention)


def _private(receipt: Receipt) -> Receipt:
    return receipt.model_copy(update={"private": True})


async def _publish(case: Case, publisher: Publisher, parts: Parts) -> None:
    try:
        moved = await _look(case, publisher)
    except PlatformError as problem:
        await save(parts, case, _postponed(case, problem, parts))
        return
    if moved:
        await save(parts, case, *moved)
        return
    started = await save(
        parts, case, PublishStarted(key=key_of(case), until=parts.clock() + parts.publish_timeout)
    )
    await _call(started, publisher, parts)


def key_of(case: Case) -> str:
    """The idempotency key of an approval: a second try of the same approval is the same publication."""
    if case.approval is None:
        raise ValueError(f"case {case.id!r} has no approval to publish")
    return digest(f"{case.id}\n{case.approval.draft}\n{case.approval.at.isoformat()}")


async def _look(case: Case, publisher: Publisher) -> tuple[Event, ...]:
    """Return what has happened in the thread since it was approved, as the platform shows it now."""
    try:
        seen = await publisher.look(case.mention)
    except MentionGone:
        return (MentionRemoved(),)
    if seen.text is None:
        return (MentionRemoved(),)
    if seen.text != case.mention.text:
        return (MentionEdited(text=seen.text),)
    ours = {receipt.id for receipt in case.replies}
    known = {message.id.split("#")[0]: message.text for message in case.thread}
    for message in seen.since:
        if message.id not in ours and known.get(message.id) != message.text:
            return (_heard(message, edited=message.id in known),)
    return ()


def _heard(message: Message, *, edited: bool) -> Event:
    if edited:  # under the name that the source will tell it by, too
        message = message.model_copy(update={"id": edited_id(message.id, digest(message.text))})
    return AuthorReplied(message=message) if message.by == "author" else ColleagueReplied(message=message)


async def _call(case: Case, publisher: Publisher, parts: Parts) -> None:
    """Call the platform. From here on its answer, or its silence, has to reach the record."""
    if case.draft is None:
        raise ValueError(f"case {case.id!r} has no draft to publish")
    try:
        answer: Receipt | PlatformError = await _reply(case, case.draft.text, publisher)
    except PlatformError as problem:
        answer = problem
    if isinstance(answer, PlatformSilent):
        await settle(case, parts, why=str(answer))
    else:
        await _record(case, _said(answer, case, parts), parts)


async def _reply(case: Case, text: str, publisher: Publisher) -> Receipt:
    target = _target(case)
    try:
        return await publisher.reply(target, text, key=case.publish_key)
    except MentionGone:
        if target.id == case.mention.id:
            raise
        # They took that message back; what they first wrote still stands, or the look had seen it.
        return await publisher.reply(case.mention, text, key=case.publish_key)


def _target(case: Case) -> Mention:
    """Their newest message is the one that is answered; what they said in private, in private alone."""
    private = _in_private(case)
    theirs = [m for m in case.thread if m.by == "author" and (private or not m.private)]
    if not theirs:
        return case.mention
    return case.mention.model_copy(update={"id": theirs[-1].id.split("#")[0]})


def _said(answer: Receipt | PlatformError, case: Case, parts: Parts) -> Callable[[Case], tuple[Event, ...]]:
    match answer:
        case Receipt():
            return lambda _: (
                ReplyPublished(receipt=answer, follow_up_at=parts.clock() + parts.protocol.follow_up_after),
            )
        case PlatformBusy():
            return lambda now: _not_sent(now, _postponed(case, answer, parts))
        case PlatformRejected():
            return lambda now: _not_sent(now, PublishRejected(reason=_rejected(answer)))
        case _:
            return lambda _: (_doubt(str(answer), parts),)


def _not_sent(now: Case, event: Event) -> tuple[Event, ...]:
    """Nothing was posted; what moved in the thread meanwhile is looked at now."""
    if now.moved and isinstance(event, PublishPostponed):  # then it is not tried again
        event = event.model_copy(update={"reason": f"{now.notice} Nothing was sent; please look again."})
    return (event, *after_a_failed_publication(now))


def _rejected(problem: PlatformError) -> str:
    return f"The platform refused the reply, and nothing was sent: {problem}"[:1000]


async def settle(case: Case, parts: Parts, *, why: str) -> None:
    """Find out what became of a publication without an answer. Never tries again by itself in doubt."""
    publisher = _publisher(case, parts)
    found: object = None
    if publisher and case.draft:
        try:
            found = await publisher.find(_target(case), case.draft.text, case.publish_key)
        except PlatformError as problem:
            why = f"{why}; asked again: {problem}"
    match found:
        case Receipt():
            await _record(case, _said(found, case, parts), parts)
        case NotThere():
            # The platform is certain, and takes our key: the same publication, once more.
            again = PublishPostponed(until=parts.clock() + _WAIT, reason="It was not posted; trying again.")
            await _record(case, lambda now: _not_sent(now, again), parts)
        case _:
            doubt = _doubt(why, parts)
            await _record(case, lambda _: (doubt,), parts)


def _doubt(why: str, parts: Parts) -> PublishDoubted:
    reason = f"Nobody knows yet whether the reply is live: {why}"[:1000]
    return PublishDoubted(reason=reason, remind_at=_reminder(parts))


def _reminder(parts: Parts) -> datetime:
    at = parts.clock()
    return parts.protocol.first_reminder(at, at + timedelta(hours=1))


def _postponed(case: Case, problem: PlatformError, parts: Parts) -> Event:
    at = parts.clock()
    if case.approval and at - case.approval.at > PATIENCE:
        return PublishRejected(
            reason=f"The platform has not taken the reply for half an hour: {problem}"[:1000]
        )
    wait = problem.wait if isinstance(problem, PlatformBusy) and problem.wait else _WAIT
    return PublishPostponed(until=at + wait, reason=f"The platform is busy; trying again. ({problem})"[:1000])


async def _record(case: Case, events: Callable[[Case], tuple[Event, ...]], parts: Parts) -> None:
    """Save what we know of this publication, unless it has been settled meanwhile."""

    def still_open(now: Case) -> tuple[Event, ...]:
        if now.state not in {State.PUBLISHING, State.IN_DOUBT} or now.publish_key != case.publish_key:
            return ()
        made = events(now)
        # In doubt only a proof counts; "not now" and "no" came from another try than the one in doubt.
        return made if now.state is State.PUBLISHING or isinstance(made[0], ReplyPublished) else ()

    await save_for_sure(parts, case.id, still_open, name=f"said:{case.publish_key}:{case.version}")
