"""Write a draft for its purpose, check it, and decide how it could be delivered."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import structlog

from bot.checks import RULES, Checked, check
from bot.checks.sameness import alike, bands, fingerprint
from bot.domain.assessment import Assessment, Category, Risk
from bot.domain.case import Case
from bot.domain.delivery import Delivery, Mode
from bot.domain.draft import Draft, Finding, Purpose
from bot.domain.events import DraftReady
from bot.domain.language import UNKNOWN, detect
from bot.domain.names import greeting_name
from bot.domain.value import digest
from bot.errors import PlatformError
from bot.flows.asking import NAME
from bot.flows.parts import Parts, save
from bot.flows.translate import Translation, read_for_us, translated_back
from bot.masking import mask
from bot.ports import Brief, Owed, Sent, Written

log = structlog.get_logger(__name__)

#: W12 looks this far back.
SAMENESS_WINDOW = timedelta(hours=24)
#: The words of an author that a writer is shown at most, newest last.
_THREAD_SHOWN = 10


async def draft(owed: Owed, parts: Parts) -> None:
    """Pay what an OPENED case owes: a draft."""
    case = owed.case
    delivery = deliver(case, parts)
    brief, hidden = brief_of(case, delivery, parts)
    written, reading = await asyncio.gather(_write(case, brief, hidden, parts), read_for_us(case, parts))
    print_ = imprint(case, written.text)
    near = await _near(case, written.text, print_, parts, sent_only=False)
    if len(near) > 1:  # the third person would read the same words
        avoid = tuple(mask(text).text for text in (*near, written.text))
        written = await _write(case, replace(brief, avoid=avoid), hidden, parts)
        print_ = imprint(case, written.text)
        near = await _near(case, written.text, print_, parts, sent_only=True)
    back = await translated_back(case, written.text, written.language, parts)
    findings = check(_as_sent(case, written.text, delivery, parts, written.language, tuple(near)))
    made = Draft(
        text=written.text,
        language=written.language,
        purpose=case.purpose,
        by=written.by,
        protocol=parts.protocol.label,
        prompt=written.prompt,
        note=_note(written, reading, back),
        reading=reading.text,
        back_translation=back.text,
        findings=findings,
        checks=len(RULES),
    )
    await _remember(case, made.text, print_, parts, is_sent=False)
    await save(parts, case, DraftReady(draft=made, delivery=delivery))


def _note(written: Written, *translations: Translation) -> str:
    """What the reader of the card must know; a long reason leaves room for the next."""
    notes = [written.note, *dict.fromkeys(t.note for t in translations)]
    return "; ".join(note[:_NOTE] for note in notes if note)[:300]


#: Of 300 characters.
_NOTE = 190


def deliver(case: Case, parts: Parts) -> Delivery:
    """Return how a reply can reach this author, with the reason (L9)."""
    platform = parts.platforms.get(case.mention.source)
    if platform is None:
        return Delivery(
            mode=Mode.REPORT_ONLY,
            reason=f"the source {case.mention.source!r} is no longer configured: nothing can be sent there",
        )
    if platform.untagged and platform.mode is Mode.API and not case.mention.tagged:
        return Delivery(
            mode=Mode.ASSISTED,
            reason=platform.untagged,
            max_length=platform.max_length,
            hosts=platform.hosts,
        )
    return Delivery(
        mode=platform.mode, reason=platform.reason, max_length=platform.max_length, hosts=platform.hosts
    )


#: Between texts that are masked together: a sign for private use, which nobody writes.
_APART = "\n\ue000\n"


def brief_of(case: Case, delivery: Delivery, parts: Parts) -> tuple[Brief, Mapping[str, str]]:
    """Return what a writer may know of a case; personal data is replaced before it leaves here.

    Beside it, what the placeholders in our own colleagues' words stand for: it belongs into the reply.
    """
    reading = case.assessment
    language = reading.language if reading and reading.language != "und" else parts.protocol.team_language
    rewriting = bool(case.instruction) and case.draft is not None
    said = [m.text for m in case.thread if m.by == "author"][-_THREAD_SHOWN:]
    previous = case.draft.text if rewriting and case.draft else ""
    instruction = case.instruction if case.draft else ""
    (mention, *said), (instruction, answer, previous), hidden = _masked(
        [case.mention.text, *said], [instruction, _untold_answer(case), previous]
    )
    brief = Brief(
        case_id=case.id,
        purpose=case.purpose,
        language=language,
        mention=mention,
        category=reading.category.value if reading else "complaint",
        topics=_topics(reading),
        name=greeting_name(case.mention.author),
        private=delivery.mode is Mode.PRIVATE,
        instruction=instruction,
        answer=answer,
        previous=previous,
        thread=tuple(said),
        max_length=delivery.max_length,
        variant=_variant(case),
    )
    return brief, hidden


def _masked(theirs: list[str], ours: list[str]) -> tuple[list[str], list[str], Mapping[str, str]]:
    """Mask texts together, so that a placeholder stands for one thing in all of them."""
    texts = [text.replace(_APART.strip(), "") for text in (*theirs, *ours)]
    masked = mask(_APART.join(texts))
    ours_from = len(_APART.join(texts[: len(theirs)]))
    hidden = {found.placeholder: found.original for found in masked.found if found.start >= ours_from}
    parts = masked.text.split(_APART)
    return parts[: len(theirs)], parts[len(theirs) :], hidden


def _untold_answer(case: Case) -> str:
    """The desk's answer, until a reply has told it."""
    if case.escalation is None or (case.replies and case.replies[-1].at >= case.escalation.at):
        return ""
    return case.escalation.answer


#: What is asked by these is no complaint about bread, even where it speaks of one.
_FORMAL = {Risk.PRESS, Risk.LAWYER, Risk.REGULATOR}


def _topics(reading: Assessment | None) -> tuple[str, ...]:
    return () if reading is None or reading.risks & _FORMAL else tuple(reading.topics)


def _variant(case: Case) -> int:
    """A number that stays the same for this draft and differs for the next one."""
    named = sha256(f"{case.id}:{case.version}".encode()).digest()
    return int.from_bytes(named[:6], "big")


async def _write(case: Case, brief: Brief, hidden: Mapping[str, str], parts: Parts) -> Written:
    if parts.prompts is not None:
        brief = replace(brief, prompt=parts.prompts.write(case, brief))
    written = await _written(brief, parts)
    text = named(written.text, brief.name)
    for placeholder, original in hidden.items():
        text = text.replace(placeholder, original)
    return replace(written, text=text, language=language_of(text, written.language))


def language_of(text: str, told: str) -> str:
    """Return what language a text is in: what a detector is sure of, before what the writer said of it."""
    found, sure = detect(text)
    return found if found != UNKNOWN and sure >= _SURE else told


#: Below this a detector guesses.
_SURE = 0.8

#: With what stands before it, where no name is known.
_UNNAMED = re.compile(rf"[ \u00a0]*,?[ \u00a0]*{re.escape(NAME)}")


def named(text: str, name: str | None) -> str:
    """Put the name in where a model, which is not told it, left its place."""
    return text.replace(NAME, name) if name else _UNNAMED.sub("", text)


#: What the offline writer says where no other was asked first.
_NO_MODEL = re.compile(r"^no model is configured[:;,] (?:so )?")


async def _written(brief: Brief, parts: Parts) -> Written:
    try:
        return await parts.writer.write(brief)
    except PlatformError as problem:
        log.warning("writer_failed", case=brief.case_id, problem=type(problem).__name__)
        written = await parts.offline.write(brief)
        note = f"the model could not write ({problem}); {_NO_MODEL.sub('', written.note)}"
        return replace(written, note=note[:300])


async def checked(
    case: Case, text: str, delivery: Delivery, parts: Parts, *, language: str
) -> tuple[Finding, ...]:
    """Run every check on the final text, as it would reach its reader now."""
    near = await _near(case, text, imprint(case, text), parts, sent_only=True)
    return check(_as_sent(case, text, delivery, parts, language, tuple(near)))


def _as_sent(
    case: Case, text: str, delivery: Delivery, parts: Parts, language: str, near: tuple[str, ...]
) -> Checked:
    reading, protocol = case.assessment, parts.protocol
    # A fact the author gave in their own words is theirs to read again.
    words = "\n".join([case.mention.text, *(m.text for m in case.thread if m.by == "author")])
    return Checked(
        text=text,
        language=language,
        purpose=case.purpose.value,
        public=delivery.mode is not Mode.PRIVATE,
        mention_language=reading.language if reading else "und",
        mention_text=words,
        risks=frozenset(r.value for r in reading.risks) if reading else frozenset(),
        public_replies=case.public_replies,
        author_name=greeting_name(case.mention.author) or "",
        complaint=reading is None or reading.category is Category.COMPLAINT,
        prepared=case.purpose is Purpose.STATEMENT,
        similar=near,
        never_say=protocol.never_say,
        allowed_promises=protocol.allowed_promises,
        own_contacts=protocol.own_contacts,
        max_length=delivery.max_length,
        length=_measure(case, parts)(text),
        instructions=parts.prompts.instructions if parts.prompts else (),
    )


def _measure(case: Case, parts: Parts) -> Callable[[str], int]:
    platform = parts.platforms.get(case.mention.source)
    return platform.measure if platform else len


def imprint(case: Case, text: str) -> tuple[int, int, int, int]:
    """Return the bands by which texts like this one are found, whatever name they greet."""
    return bands(fingerprint(text, greeting_name(case.mention.author) or ""))


async def _near(
    case: Case, text: str, print_: tuple[int, int, int, int], parts: Parts, *, sent_only: bool
) -> list[str]:
    """Return near-identical texts of other people, one a person."""
    since, own = parts.clock() - SAMENESS_WINDOW, author_key(case)
    found = await parts.store.similar(print_, since=since, sent_only=sent_only)
    others = {sent.author: sent.text for sent in found if sent.author != own and alike(sent.text, text)}
    return list(others.values())


async def remember_sent(case: Case, text: str, parts: Parts) -> None:
    """Remember a text that is being approved, so that no third person reads it within 24 hours (W12)."""
    await _remember(case, text, imprint(case, text), parts, is_sent=True)


async def _remember(
    case: Case, text: str, print_: tuple[int, int, int, int], parts: Parts, *, is_sent: bool
) -> None:
    sent = Sent(case_id=case.id, author=author_key(case), text=text, at=parts.clock())
    await parts.store.remember(print_, sent, is_sent=is_sent)


def author_key(case: Case) -> str:
    """Who the author is, without their handle."""
    return digest(f"{case.mention.platform}\n{case.mention.author.handle.casefold()}")[:16]
