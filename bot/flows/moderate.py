"""Do what was asked about a mention or its author on the platform: hide, mute, block, report (M10, M12).

The wish stands in the record before the platform is called, and is owed until its answer stands there too. It
goes under one key, which never does it twice, so a call without an answer is made again for a while.
"""

from __future__ import annotations

from datetime import timedelta

from bot.domain.case import Case, Moderation
from bot.domain.events import Event, Moderated, ModerationFailed, ModerationPostponed
from bot.domain.remedied import DOES
from bot.domain.value import digest
from bot.errors import PlatformBusy, PlatformError, PlatformRejected
from bot.flows.parts import Parts, save_for_sure
from bot.ports import Moderator, Owed

#: What the platform has not done within this time is told to people; the case waits for it meanwhile.
PATIENCE = timedelta(minutes=5)
_WAIT = timedelta(seconds=15)


async def moderate(owed: Owed, parts: Parts) -> None:
    """Pay what a case in hand owes beside its state's step."""
    case = owed.case
    if case.moderating is not None:
        event = await _answer(case, case.moderating, parts)
        await _record(case, case.moderating, event, parts)


async def _answer(case: Case, asked: Moderation, parts: Parts) -> Event:
    moderator = _moderator(case, asked, parts)
    if moderator is None:
        return _failed(asked, "in shadow mode nothing is" if parts.shadow else "it cannot be done any more")
    try:
        await moderator.moderate(case.mention, asked.how, key=_key(case, asked))
    except PlatformRejected as no:
        return _failed(asked, f"the platform refused: {no}")
    except PlatformError as problem:
        at = parts.clock()
        if at - asked.at > PATIENCE:
            return _failed(asked, f"nobody knows whether it was done: {problem}")
        wait = problem.wait if isinstance(problem, PlatformBusy) and problem.wait else _WAIT
        return ModerationPostponed(until=at + wait, reason=str(problem)[:1000])
    return Moderated(how=asked.how)


def _moderator(case: Case, asked: Moderation, parts: Parts) -> Moderator | None:
    platform = parts.platforms.get(case.mention.source)
    if platform is None or platform.moderator is None or parts.shadow:
        return None
    return platform.moderator if asked.how in platform.moderator.moderates else None


def _key(case: Case, asked: Moderation) -> str:
    return digest(f"{case.id}\n{asked.how}\n{asked.at.isoformat()}")


def _failed(asked: Moderation, why: str) -> ModerationFailed:
    return ModerationFailed(how=asked.how, reason=f"It failed to {DOES[asked.how]} ({why})."[:1000])


async def _record(case: Case, asked: Moderation, event: Event, parts: Parts) -> None:
    """Save what came of this try, unless it has been settled meanwhile."""

    def still_asked(now: Case) -> tuple[Event, ...]:
        wish = now.moderating
        return (event,) if wish and (wish.how, wish.at) == (asked.how, asked.at) else ()

    await save_for_sure(parts, case.id, still_asked, name=f"moderated:{_key(case, asked)}:{case.version}")
