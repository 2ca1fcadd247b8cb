"""Put cards up, and take what people press."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import structlog

from bot.checks import RULES
from bot.domain import decision as d
from bot.domain.card import Card, card_of
from bot.domain.case import Case, State
from bot.domain.decide import Setting, decide
from bot.domain.draft import Draft
from bot.domain.events import CardPosted, Event
from bot.domain.language import UNKNOWN
from bot.domain.team import Person
from bot.errors import BotError, NoSuchCase, PlatformBusy, Refused, StaleCase
from bot.flows.draft import checked, deliver, language_of, remember_sent
from bot.flows.parts import Parts, change
from bot.flows.people import team_of
from bot.ports import Owed

log = structlog.get_logger(__name__)

#: A channel that cannot be reached is tried again so often.
CHANNEL_AWAY = timedelta(seconds=5)


async def draw(owed: Owed, parts: Parts) -> None:
    """Pay a drawing in one channel; the first one puts a DRAFTED case into review."""
    case, name = owed.case, owed.lane.removeprefix("card:")
    if case.state is not State.DRAFTED:
        posted = await _drawn(case, owed, parts)
        await parts.store.drawn(owed, _stays(owed) if posted is None else posted)
        return
    # Drawn as it will stand once it is posted, so that this change owes no second drawing.
    event, at = CardPosted(channel=name), parts.clock()
    posting = change(case, event, at=at, name=f"posted:{name}:{case.version}")
    posted = await _drawn(posting.after, owed, parts)
    if not posted:  # it has no place there: nothing was posted, and another channel puts it into review
        await parts.store.drawn(owed, _stays(owed) if posted is None else posted)
        return
    try:
        await parts.store.save(replace(posting, drawn={name: posted}))
    except StaleCase:
        await parts.store.drawn(await _paid(owed, posting.after, parts), posted)


async def _paid(owed: Owed, drawn: Case, parts: Parts) -> Owed:
    """Return the drawing that one is which came to stand while the case went on.

    Where another channel only was quicker to put it into review, the card is the very same, and is not drawn
    again. Else the newer version is owed its drawing, and finds this card.
    """
    shown = await _card(drawn, parts)
    for newer in await parts.store.get_many([owed.case.id]):
        if await _card(newer, parts) == shown:
            return replace(owed, case=newer)
    return owed


async def _drawn(case: Case, owed: Owed, parts: Parts) -> str | None:
    """Draw in a channel; one that says "not now" gives nothing more for a while, to nobody."""
    channel = parts.channels[owed.lane.removeprefix("card:")]
    try:
        posted = await channel.draw(await _card(case, parts), owed.posted)
    except PlatformBusy as busy:
        if channel.pace is not None:
            await parts.store.hold(owed.lane, parts.clock() + (busy.wait or CHANNEL_AWAY))
        raise
    if not posted and channel.pace is not None:
        await parts.store.hold(owed.lane, parts.clock())  # nothing was drawn: the slot is free
    return posted


def _stays(owed: Owed) -> str:
    return owed.posted or ""


async def _card(case: Case, parts: Parts) -> Card:
    return card_of(case, await team_of(parts, case), parts.protocol)


async def press(case_id: str, decision: d.Decision, by: Person, parts: Parts, *, once: str = "") -> Case:
    """Take a decision and return the case after it; raises `Refused`, `NotAllowed`, `NoSuchCase`.

    Under the name `once` it is taken once, and raises `AlreadyDone` from then on.
    The first one wins: whoever loses the race is asked again with the case as it is then, and told who won.
    """
    while True:
        case = await parts.store.get(case_id)
        shown: tuple[Event, ...] = ()
        if case.state is State.DRAFTED:  # whoever presses has seen the card
            shown = (CardPosted(channel="press"),)
        seen = change(case, *shown, at=parts.clock()).after if shown else case
        setting = await _setting(seen, decision, by, parts)
        events = decide(seen, decision, setting)
        if isinstance(decision, d.Approve | d.SecondApprove) and seen.draft:
            # Before the approval is saved: the other way round, a crash between would let a third person
            # read it. Then looked at again: of two at once, each may have looked before the other's note.
            await remember_sent(seen, seen.draft.text, parts)
            setting = await _setting(seen, decision, by, parts)
            events = decide(seen, decision, setting)
        if isinstance(decision, d.Fold):
            await _check_parent(decision, parts)
        try:
            made = change(case, *shown, *events, at=setting.at)
            await parts.store.save(replace(made, once=once))
        except StaleCase:
            continue
        log.info("decided", case=case_id, decision=decision.kind, by=by.id)
        return made.after


async def _setting(case: Case, decision: d.Decision, by: Person, parts: Parts) -> Setting:
    team = await team_of(parts, case)
    setting = Setting(at=parts.clock(), by=by, team=team, protocol=parts.protocol)
    try:
        if isinstance(decision, d.Edit):
            return replace(setting, draft=await _edited(case, decision, by, parts))
        if isinstance(decision, d.Approve | d.SecondApprove) and case.draft:
            delivery = case.delivery or deliver(case, parts)
            findings = await checked(case, case.draft.text, delivery, parts, language=case.draft.language)
            return replace(setting, findings=findings)
    except BotError:
        raise
    except Exception:  # whatever a check dies of: nothing is approved without them, and the presser is told
        log.exception("checks_failed", case=case.id)
    return setting


async def _edited(case: Case, decision: d.Edit, by: Person, parts: Parts) -> Draft:
    before = case.draft
    language = language_of(decision.text, before.language if before else UNKNOWN, sure_from=_SURE)
    delivery = case.delivery or deliver(case, parts)
    return Draft(
        text=decision.text,
        language=language,
        purpose=case.purpose,
        by=f"person:{by.id}",
        protocol=parts.protocol.label,
        reading=before.reading if before else "",
        findings=await checked(case, decision.text, delivery, parts, language=language),
        checks=len(RULES),
    )


#: Below this a language detector guesses, and the language of the draft before is the better guess.
_SURE = 0.6


async def _check_parent(decision: d.Fold, parts: Parts) -> None:
    try:
        parent = await parts.store.get(decision.into)
    except NoSuchCase as missing:
        raise Refused(f"there is no case {decision.into[:80]!r} to fold this one into") from missing
    if parent.state is State.FOLDED:
        raise Refused(f"that case is folded itself; fold this one into {parent.folded_into!r}")
    if not parent.open:
        raise Refused("that case is closed; reopen it first, or close this one as a duplicate")
