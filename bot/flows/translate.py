"""Put words into the team's language: what they wrote, and, by a call of its own, what a draft says."""

from __future__ import annotations

from dataclasses import dataclass, replace

import structlog

from bot.domain.case import Case
from bot.domain.draft import MAX_TRANSLATION
from bot.domain.language import UNKNOWN
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
    back = await _translated(case, text, language, parts, whole=True)
    if len(back.text) > MAX_TRANSLATION:  # who approves by it must have read all of it
        return Translation(note="not translated back: it is too long")
    return back


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
