"""Write a draft for its purpose, check it, and decide how it could be delivered."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import structlog

from bot.checks import RULES, Checked, check
from bot.checks.sameness import alike, bands, fingerprint
from bot.domain.assessment import Category
from bot.domain.case import Case
from bot.domain.delivery import Delivery, How, Mode
from bot.domain.draft import Draft, Finding, Purpose
from bot.domain.events import DraftReady
from bot.domain.language import READ, UNKNOWN, detect
from bot.domain.mention import PASTED, Mention
from bot.domain.names import greeting_name
from bot.errors import PlatformError
from bot.flows import pasted
from bot.flows.briefing import brief_of, kind_of
from bot.flows.covering import NAME, covered, put_back
from bot.flows.history import history_of
from bot.flows.parts import Parts, save
from bot.flows.translate import Translation, read_for_us, translated_back
from bot.masking import mask
from bot.ports import Brief, Owed, Platform, PrivateReplier, Sent, Written

log = structlog.get_logger(__name__)

#: W12 looks this far back.
SAMENESS_WINDOW = timedelta(hours=24)


async def draft(owed: Owed, parts: Parts) -> None:
    """Pay what an OPENED case owes: a draft."""
    case = owed.case
    delivery = deliver(case, parts)
    brief, hidden = brief_of(case, delivery, parts)
    written, reading, (history, count) = await asyncio.gather(
        _write(case, brief, hidden, parts), read_for_us(case, parts), history_of(case, parts)
    )
    print_ = imprint(case, written.text)
    near = await _near(case, written.text, print_, parts, sent_only=False)
    if len(near) > 1:  # the third person would read the same words
        avoid = (*await _nameless(near, parts), mask(written.text).text)
        written = await _write(case, replace(brief, avoid=avoid), hidden, parts)
        print_ = imprint(case, written.text)
        near = await _near(case, written.text, print_, parts, sent_only=True)
    back = await translated_back(case, written.text, written.language, parts)
    findings = check(_as_sent(case, written.text, delivery, parts, written.language, _texts(near)))
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
    ready = DraftReady(draft=made, delivery=delivery, history=history, history_count=count)
    await save(parts, case, ready)


def _note(written: Written, *translations: Translation) -> str:
    """What the reader of the card must know; a long reason leaves room for the next."""
    notes = [written.note, *dict.fromkeys(t.note for t in translations)]
    return "; ".join(note[:_NOTE] for note in notes if note)[:300]


#: Of 300 characters.
_NOTE = 190


def deliver(case: Case, parts: Parts) -> Delivery:
    """Return how a reply can reach this author, with the reason (L9), and what else can be done there."""
    if case.mention.source == PASTED:
        return pasted.delivery(case.mention, parts.platforms.values())
    platform = parts.platforms.get(case.mention.source)
    if platform is None:
        return Delivery(
            mode=Mode.REPORT_ONLY,
            reason=f"the source {case.mention.source!r} is no longer configured: nothing can be sent there",
        )
    way = _privately(case, platform) if case.private else _publicly(case, platform)
    beside = {
        "private": _can_send(platform) is not None,
        "retracts": platform.retractor is not None,
        "moderates": _can_moderate(case.mention, platform),
    }
    return way.model_copy(update=beside)


def _can_moderate(mention: Mention, platform: Platform) -> tuple[How, ...]:
    """What stands on somebody else's page is not ours to hide."""
    can = platform.moderator.moderates if platform.moderator else frozenset[How]()
    return tuple(how for how in get_args(How) if how in can and (how != "hide" or mention.on_our_page))


def _publicly(case: Case, platform: Platform) -> Delivery:
    by_hand = bool(platform.untagged) and platform.mode is Mode.API and not case.mention.tagged
    return Delivery(
        mode=Mode.ASSISTED if by_hand else platform.mode,
        reason=platform.untagged if by_hand else platform.reason,
        max_length=platform.max_length,
        hosts=platform.hosts,
    )


def _privately(case: Case, platform: Platform) -> Delivery:
    """What was taken into private goes no other way, even where that one was taken from us."""
    if (way := _can_send(platform)) is None:
        reason = f"this talk is private, and {case.mention.platform} lets us send no private message any more"
        return Delivery(mode=Mode.REPORT_ONLY, reason=reason)
    return Delivery(
        mode=Mode.PRIVATE,
        reason="this talk is private: only its author reads the reply",
        max_length=way.max_length,
        hosts=platform.hosts,
    )


def _can_send(platform: Platform) -> PrivateReplier | None:
    """The private way; none without a publisher, who looks at the thread before anything is sent."""
    return platform.private if platform.publisher else None


async def _write(case: Case, brief: Brief, hidden: Mapping[str, str], parts: Parts) -> Written:
    if parts.prompts is not None:
        prompt, accounts = parts.prompts.write(case, brief)
        brief, hidden = replace(brief, prompt=prompt), {**hidden, **accounts}
    written = await _written(brief, parts)
    text = put_back(named(written.text, brief.name), hidden)
    return replace(written, text=text, language=language_of(text, written.language))


def language_of(text: str, told: str, *, sure_from: float = 0.8) -> str:
    """Return what language a text is in: what a detector is sure of, before what was said of it.

    `und` where it is none that the detector knows, though one of these was said: who reads that one cannot
    approve the text by it (W13).
    """
    found, sure = detect(text)
    if found != UNKNOWN:
        return found if sure >= sure_from else told
    return UNKNOWN if told in READ and sum(map(str.isalpha, text)) >= _ENOUGH else told


#: So many letters say what language they are, if it is one that the detector knows.
_ENOUGH = 40

_NAMED = re.compile(rf"{re.escape(NAME)}(?!\w)", re.IGNORECASE)
#: Where somebody is called by it, with what stands before it. Elsewhere it is a part of the sentence.
_UNNAMED = re.compile(
    rf"[ \u00a0]*,?[ \u00a0]*{re.escape(NAME)}(?=[ \u00a0]*(?:[^\w\s\['’]|\n|\Z))", re.IGNORECASE
)


def named(text: str, name: str | None) -> str:
    """Put the name in where a model, which is not told it, left its place.

    Without a name, a greeting does without one; a place in the middle of a sentence stays, and is not sent.
    """
    return _NAMED.sub(lambda _: name, text) if name else _UNNAMED.sub("", text)


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
    return check(_as_sent(case, text, delivery, parts, language, _texts(near)))


def _as_sent(
    case: Case, text: str, delivery: Delivery, parts: Parts, language: str, near: tuple[str, ...]
) -> Checked:
    reading, protocol = case.assessment, parts.protocol
    public = delivery.mode is not Mode.PRIVATE
    # A fact the author gave in their own words is theirs to read again, where they gave it.
    theirs = (m.text for m in case.thread if m.by == "author" and not (public and m.private))
    words = "\n".join([case.mention.text, *theirs])
    return Checked(
        text=text,
        language=language,
        purpose=case.purpose.value,
        public=public,
        mention_language=reading.language if reading else "und",
        mention_text=words,
        risks=frozenset(r.value for r in reading.risks) if reading else frozenset(),
        public_replies=case.public_replies,
        author_name=greeting_name(case.mention.author) or "",
        complaint=kind_of(reading) is Category.COMPLAINT,
        prepared=case.purpose is Purpose.STATEMENT,
        similar=near,
        never_say=protocol.never_say,
        allowed_promises=protocol.allowed_promises,
        own_contacts=protocol.own_contacts,
        sensitive_sector=protocol.sensitive_sector,
        accounts=(*protocol.accounts, case.mention.author.handle),
        max_length=delivery.max_length,
        length=_measure(case, parts)(text),
        instructions=parts.prompts.instructions if parts.prompts else (),
    )


def _measure(case: Case, parts: Parts) -> Callable[[str], int]:
    if case.mention.source == PASTED:
        platform = pasted.platform_of(case.mention.url, parts.platforms.values())
    else:
        platform = parts.platforms.get(case.mention.source)
    return platform.measure if platform else len


def imprint(case: Case, text: str) -> tuple[int, int, int, int]:
    """Return the bands by which texts like this one are found, whatever name they greet."""
    return bands(fingerprint(text, greeting_name(case.mention.author) or ""))


async def _near(
    case: Case, text: str, print_: tuple[int, int, int, int], parts: Parts, *, sent_only: bool
) -> list[Sent]:
    """Return near-identical texts of other people, one a person."""
    since, own = parts.clock() - SAMENESS_WINDOW, case.mention.author_key
    found = await parts.store.similar(print_, since=since, sent_only=sent_only)
    others = {sent.author: sent for sent in found if sent.author != own and alike(sent.text, text)}
    return list(others.values())


def _texts(near: list[Sent]) -> tuple[str, ...]:
    return tuple(sent.text for sent in near)


async def _nameless(near: list[Sent], parts: Parts) -> list[str]:
    """Return texts that others were sent, without the names of those: no writer is told who else wrote.

    A text whose case is gone is left out: nobody knows any more what name to look for in it.
    """
    cases = {case.id: case.mention for case in await parts.store.get_many([sent.case_id for sent in near])}
    texts: list[str] = []
    for sent in near:
        if sent.case_id in cases:
            texts += covered([mask(sent.text).text], cases[sent.case_id], parts.protocol)[0]
    return texts


async def remember_sent(case: Case, text: str, parts: Parts) -> None:
    """Remember a text that is being approved, so that no third person reads it within 24 hours (W12)."""
    await _remember(case, text, imprint(case, text), parts, is_sent=True)


async def _remember(
    case: Case, text: str, print_: tuple[int, int, int, int], parts: Parts, *, is_sent: bool
) -> None:
    sent = Sent(case_id=case.id, author=case.mention.author_key, text=text, at=parts.clock())
    await parts.store.remember(print_, sent, is_sent=is_sent)
