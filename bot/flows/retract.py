"""Take a reply of ours down: save that we start, call the platform, look at what is there, save it.

As careful as publishing: every call stands in the record before it is made, and what stays unclear goes to a
person. Unlike a reply, the same deletion twice does no harm, so what still stands is tried again for a while.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.case import Case, Retraction, State
from bot.domain.delivery import Receipt
from bot.domain.events import Event, RetractDoubted, RetractPostponed, RetractStarted
from bot.domain.remedies import retracted
from bot.domain.value import digest
from bot.errors import MentionGone, PlatformBusy, PlatformError, PlatformRejected
from bot.flows.escalate import remind
from bot.flows.parts import Parts, save, save_for_sure
from bot.flows.people import team_of
from bot.ports import Owed, Retractor

#: A platform that does not take it down within this time hands it to a person.
PATIENCE = timedelta(minutes=30)
_WAIT = timedelta(seconds=15)


async def retract(owed: Owed, parts: Parts) -> None:
    """Pay what a RETRACTING case owes: the reply taken down, or a person's look."""
    case = owed.case
    asked = case.retraction
    if asked is None or asked.doubted:
        await remind(owed, parts)
        return
    retractor, reply = _retractor(case, parts), _reply(case, asked)
    if retractor is None or reply is None or parts.shadow:
        why = "in shadow mode nothing is" if parts.shadow else "it cannot be done from here any more"
        await save(parts, case, _doubt(why, parts))
    elif asked.key:  # whoever called did not live to say what came of it
        await _settle(case, retractor, reply, parts, why="the platform did not answer in time")
    else:
        until = parts.clock() + parts.publish_timeout
        started = await save(parts, case, RetractStarted(key=_key(case, asked), until=until))
        await _call(started, retractor, reply, parts)


def _retractor(case: Case, parts: Parts) -> Retractor | None:
    platform = parts.platforms.get(case.mention.source)
    return platform.retractor if platform else None


def _reply(case: Case, asked: Retraction) -> Receipt | None:
    return next((reply for reply in case.standing if reply.id == asked.reply), None)


def _key(case: Case, asked: Retraction) -> str:
    return digest(f"{case.id}\n{asked.reply}\n{asked.at.isoformat()}")


async def _call(case: Case, retractor: Retractor, reply: Receipt, parts: Parts) -> None:
    """Call the platform. From here on its answer, or its silence, has to reach the record."""
    try:
        await retractor.retract(reply, key=case.retraction.key if case.retraction else "")
    except PlatformBusy as busy:
        await _record(case, _again(case, str(busy), parts, wait=busy.wait), parts)
    except MentionGone as gone:  # "not found" is no proof: it may never have been found
        await _settle(case, retractor, reply, parts, why=str(gone))
    except PlatformRejected as no:
        await _record(case, _doubt(f"the platform refused: {no}", parts), parts)
    except PlatformError as silence:
        await _settle(case, retractor, reply, parts, why=str(silence))
    else:
        await _record(case, None, parts)


async def _settle(case: Case, retractor: Retractor, reply: Receipt, parts: Parts, *, why: str) -> None:
    """Look whether it still stands; what cannot be seen is a person's to find out."""
    stands: object = None
    try:
        stands = await retractor.stands(reply)
    except PlatformError as problem:
        why = f"{why}; asked again: {problem}"
    if stands is False:
        await _record(case, None, parts)
    elif stands is True:
        await _record(case, _again(case, why, parts), parts)
    else:
        await _record(case, _doubt(why, parts), parts)


def _again(case: Case, why: str, parts: Parts, *, wait: timedelta | None = None) -> Event:
    at, asked = parts.clock(), case.retraction
    if asked is None or at - asked.at > PATIENCE:
        return _doubt(f"it has been tried for half an hour: {why}", parts)
    reason = f"Our reply still stands; trying again to take it down. ({why})"[:1000]
    return RetractPostponed(until=at + (wait or _WAIT), reason=reason)


def _doubt(why: str, parts: Parts) -> RetractDoubted:
    reason = f"Our reply was to be taken down, and may still stand ({why}). Look there; take it down by hand."
    return RetractDoubted(reason=reason[:1000], remind_at=_reminder(parts, parts.clock()))


def _reminder(parts: Parts, at: datetime) -> datetime:
    return parts.protocol.first_reminder(at, at + timedelta(hours=1))


async def _record(case: Case, event: Event | None, parts: Parts) -> None:
    """Save what we know of this try, `None` for "it is down", unless a person has settled it meanwhile."""
    key = case.retraction.key if case.retraction else ""
    team = await team_of(parts, case)

    def still_open(now: Case) -> tuple[Event, ...]:
        asked = now.retraction
        if now.state is not State.RETRACTING or asked is None or asked.key != key:
            return ()
        if event is None:
            return retracted(now, asked, team, parts.protocol, parts.clock())
        return () if asked.doubted else (event,)

    await save_for_sure(parts, case.id, still_open, name=f"down:{key}:{case.version}")
