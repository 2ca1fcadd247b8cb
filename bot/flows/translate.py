"""Put words into the team's language: what they wrote, and, by a call of its own, what a draft says."""

from __future__ import annotations

from dataclasses import dataclass, replace

import structlog

from bot.checks.machines import spoken_to
from bot.domain.case import Case
from bot.domain.draft import MAX_TRANSLATION
from bot.domain.language import UNKNOWN, detect
from bot.errors import PlatformError
from bot.flows.parts import Parts

log = structlog.get_logger(__name__)

#: The words of an author that are translated at most, newest last.
_THREAD_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Translation:
    """A translation, empty where none is needed; `note` says why one that is needed is missing."""

    text: str = ""
    note: str = ""


async def read_for_us(case: Case, parts: Parts) -> Translation:
    """Return what they wrote, in the team's language."""
    said = [m.text for m in case.thread if m.by == "author"][-_THREAD_SHOWN:]
    language = case.assessment.language if case.assessment else UNKNOWN
    read = await _translated(case, "\n\n".join([case.mention.text, *said]), language, parts)
    return replace(read, text=read.text[:MAX_TRANSLATION])


async def translated_back(case: Case, text: str, language: str, parts: Parts) -> Translation:
    """Return what a draft says, in the team's language. A mention cannot forge it: the call sees none."""
    if spoken_to(text) and language != parts.protocol.team_language:
        return Translation(note="not translated back: the draft speaks to a program")
    back = await _translated(case, text, language, parts, whole=True)
    flaw = _flaw(text, back.text, parts.protocol.team_language) if back.text else ""
    return Translation(note=f"not translated back: {flaw}") if flaw else back


#: No language says a text in so few of its letters.
_LEAST = 5
#: Shorter than this it may be the same in both: "Hotel Bristol, 12:30".
_TELLING = 20
#: A detector is sure from here on.
_SURE = 0.8


def _flaw(text: str, back: str, ours: str) -> str:
    """Say why a back-translation is none: who approves by it must have read all of it, in their language."""
    if len(back) > MAX_TRANSLATION:
        return "it is too long"
    if len(back) * _LEAST < len(text):
        return "most of it is missing"
    language, sure = detect(back)
    foreign = back.strip() == text.strip() or (sure >= _SURE and language not in {ours, UNKNOWN})
    return "it came back in another language" if foreign and len(text) >= _TELLING else ""


async def _translated(
    case: Case, text: str, language: str, parts: Parts, *, whole: bool = False
) -> Translation:
    ours = parts.protocol.team_language
    if parts.translator is None or parts.prompts is None or language == ours or not text.strip():
        return Translation()
    prompt, covered = parts.prompts.translate(case, text, source=language, target=ours, whole=whole)
    try:
        made = await parts.translator.translate(prompt)
    except PlatformError as problem:
        log.warning("translator_failed", case=case.id, problem=type(problem).__name__)
        return Translation(note=f"not translated ({problem})")
    return Translation(covered.shown(made))
