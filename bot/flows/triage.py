"""Read a mention: open its case with a deadline, or note it. What could not be read is opened."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from bot.checks.machines import spoken_to
from bot.domain.assessment import Assessment, Category, Severity, at_least, unread
from bot.domain.case import Case
from bot.domain.draft import Purpose
from bot.domain.events import (
    CaseClosed,
    CaseNoted,
    CaseOpened,
    CaseReopened,
    FoldEnded,
    FollowUpDue,
    FollowUpEnded,
    KindCorrected,
    Noted,
    Outcome,
    ParentEnded,
    Rehearsed,
    ReplyPublished,
)
from bot.domain.language import UNKNOWN
from bot.errors import OverBudget, PlatformError
from bot.flows.asking import Prompts
from bot.flows.parts import Parts, save
from bot.ports import Classifier, Owed, Unread

log = structlog.get_logger(__name__)

_NOTED: Mapping[Category, Noted] = {
    Category.PRAISE: Outcome.PRAISE,
    Category.SPAM: Outcome.SPAM,
    Category.NEUTRAL: Outcome.NOTED,
}


async def triage(owed: Owed, parts: Parts) -> None:
    """Pay what a RECEIVED case owes: an assessment."""
    case = owed.case
    reading = await _read(case, parts)
    # A conversation is never left in the middle, whatever their next words are (M6); and what a colleague
    # brought in has a person's word that it needs one.
    spoken = case.carded or bool(case.thread) or bool(case.brought_by)
    # Danger is never only noted, whatever kind a reader took it for; advertisements speak of lawyers too.
    harmless = not reading.risks or reading.category is Category.SPAM
    if not spoken and not reading.category.needs_answer and harmless:
        await save(parts, case, CaseNoted(assessment=reading, outcome=_NOTED[reading.category]))
    elif not spoken and _only_watched(case, reading, parts):
        await save(parts, case, CaseNoted(assessment=reading, outcome=Outcome.NOTED))
    else:
        await save(parts, case, await _opened(case, reading, parts))


async def _read(case: Case, parts: Parts) -> Assessment:
    if parts.rules is not None and parts.prompts is not None:
        return await _read_twice(case, parts.rules, parts.prompts, parts)
    try:
        return await parts.classifier.assess(Unread(case.mention, case.thread))
    except PlatformError as problem:
        log.warning("classifier_failed", case=case.id, problem=type(problem).__name__)
        return unread(case.mention.language or "und", f"{_NOT_READ}, so it is treated as a complaint")


async def _read_twice(case: Case, rules: Classifier, prompts: Prompts, parts: Parts) -> Assessment:
    """Have a model read what the rules read too: it may see more than they do, and hide nothing they see."""
    plain = await rules.assess(Unread(case.mention, case.thread))
    try:
        reading = await parts.classifier.assess(Unread(case.mention, case.thread, prompts.read(case)))
    except OverBudget as problem:
        return plain.model_copy(update={"why": f"{plain.why}; read by rules alone: {problem}"[:300]})
    except PlatformError as problem:
        log.warning("classifier_failed", case=case.id, problem=type(problem).__name__)
        return _not_hidden(plain, f"{_NOT_READ} by the model ({problem})")
    # A topic that is none of ours is a stranger's word: a model's next prompt holds topics as words of ours.
    reading = reading.model_copy(update={"topics": tuple(t for t in reading.topics if t in prompts.topics)})
    words = "\n".join([case.mention.text, *(m.text for m in case.thread if m.by == "author")])
    return joined(reading, plain, to_a_program=bool(spoken_to(words)))


_NOT_READ = "it could not be read"


def joined(reading: Assessment, plain: Assessment, *, to_a_program: bool) -> Assessment:
    """Return a model's reading with what the rules saw: what strangers write may mislead a model (L6).

    Dangers that either sees count, and nothing is less bad than the rules say: reach, stars and hard words
    are no matter of opinion (M17). What the rules take for a complaint, what holds a danger, and what speaks
    to a program is taken neither for harmless nor for a troll, for whom silence is offered first.
    """
    risks = reading.risks | plain.risks
    severity = max(reading.severity, plain.severity, key=_rank)
    # A detector cannot be talked to; where it knows the language, that is the language.
    language = plain.language if plain.language != UNKNOWN else reading.language
    made = reading.model_copy(update={"risks": risks, "severity": severity, "language": language})
    if to_a_program:
        made = made.model_copy(update={"why": f"{made.why} It speaks to a program, not to people."[-300:]})
    misled = to_a_program or bool(risks) or plain.category is Category.COMPLAINT
    if not misled or not _shrugs(reading.category) or reading.category is plain.category is Category.TROLL:
        return made
    doubt = f"a model takes it for {reading.category.value}, the rules do not"
    category = plain.category if plain.category.needs_answer else Category.UNCLEAR
    return made.model_copy(
        update={
            "category": category,
            "severity": at_least(severity, category),
            "topics": reading.topics or plain.topics,
            "why": f"{made.why}; {doubt}"[-300:],
        }
    )


def _shrugs(category: Category) -> bool:
    return category is Category.TROLL or not category.needs_answer


def _rank(severity: Severity) -> int:
    return severity.rank


def _not_hidden(plain: Assessment, why: str) -> Assessment:
    """What the rules say while a model is away; what they would only note, a person sees."""
    if plain.category.needs_answer:
        return plain.model_copy(update={"why": f"{plain.why}; {why}"[:300]})
    category = Category.COMPLAINT
    return plain.model_copy(
        update={
            "category": category,
            "severity": at_least(plain.severity, category),
            "why": f"{why}, so it is treated as a complaint"[:300],
        }
    )


def _only_watched(case: Case, reading: Assessment, parts: Parts) -> bool:
    """M23: whom we only watch. Danger is never only watched."""
    names = {case.mention.author.handle.casefold().lstrip("@"), case.mention.platform}
    watched = {name.casefold().lstrip("@") for name in parts.protocol.watch_only}
    return bool(names & watched) and not reading.risks


async def _opened(case: Case, reading: Assessment, parts: Parts) -> CaseOpened:
    at = parts.clock()
    purpose = Purpose.NEXT_MESSAGE if case.returned else Purpose.ANSWER
    severity = max(reading.severity, case.severity, key=lambda s: s.rank) if case.carded else reading.severity
    deadline, earliest = parts.protocol.deadline(severity, purpose, at), None
    if case.deadline and case.remind_at and await _undecided(case, parts):
        # Neither an edit nor another message gives anybody more time, nor puts a reminder off.
        deadline, earliest = min(deadline, case.deadline), case.remind_at
    remind_at = parts.protocol.first_reminder(at, max(deadline, at))
    return CaseOpened(
        assessment=reading, deadline=deadline, remind_at=min(remind_at, earliest) if earliest else remind_at
    )


async def _undecided(case: Case, parts: Parts) -> bool:
    """Whether nobody answered or closed the case since its deadline was set."""
    for entry in reversed(await parts.store.trail(case.id)):
        match entry.event:
            case CaseOpened() | CaseReopened() | KindCorrected() | FollowUpDue() | FoldEnded():
                return True
            case ReplyPublished() | CaseClosed() | ParentEnded() | FollowUpEnded() | Rehearsed():
                return False
            case _:
                continue
    return False
