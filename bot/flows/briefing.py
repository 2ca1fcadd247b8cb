"""What a writer may know of a case; personal data is replaced before it leaves here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256

from bot.domain.assessment import Assessment, Category, Risk
from bot.domain.case import Case
from bot.domain.delivery import Delivery, Mode
from bot.domain.names import greeting_name
from bot.domain.value import ERASED
from bot.flows.parts import Parts
from bot.masking import mask
from bot.ports import Brief

#: The words of an author, and of those who answered, that a writer is shown at most, newest last.
_THREAD_SHOWN = 10
#: Between texts that are masked together: a sign for private use, which nobody writes.
_APART = "\n\ue000\n"
_TYPED = re.compile(r"\[((?:account|e-mail|phone|card|IBAN|order number)(?: \d+)?)\]", re.IGNORECASE)


def brief_of(case: Case, delivery: Delivery, parts: Parts) -> tuple[Brief, Mapping[str, str]]:
    """Return what a writer may know of a case; personal data is replaced before it leaves here.

    Beside it, what the placeholders in our own colleagues' words stand for: it belongs into the reply.
    """
    reading = case.assessment
    language = reading.language if reading and reading.language != "und" else parts.protocol.team_language
    rewriting = bool(case.instruction) and case.draft is not None
    private = delivery.mode is Mode.PRIVATE
    # What was said in private never reaches the writer of a public reply.
    shown = [m.text for m in case.thread if m.by == "author" and (private or not m.private)]
    said = shown[-_THREAD_SHOWN:]
    previous = case.draft.text if rewriting and case.draft else ""
    instruction = case.instruction if case.draft else ""
    told = _answered(case, private=private)
    (mention, *heard), (instruction, answer, previous), hidden = _masked(
        [case.mention.text, *said, *told], [instruction, _untold_answer(case), previous]
    )
    brief = Brief(
        case_id=case.id,
        purpose=case.purpose,
        language=language,
        mention=mention,
        category=kind_of(reading).value,
        topics=_topics(reading),
        risks=tuple(sorted(risk.value for risk in reading.risks)) if reading else (),
        name=greeting_name(case.mention.author),
        private=private,
        instruction=instruction,
        answer=answer,
        previous=previous,
        thread=tuple(heard[: len(said)]),
        said=tuple(heard[len(said) :]),
        max_length=delivery.max_length,
        variant=_variant(case),
    )
    return brief, hidden


def _masked(theirs: list[str], ours: list[str]) -> tuple[list[str], list[str], Mapping[str, str]]:
    """Mask texts together, so that a placeholder stands for one thing in all of them."""
    # A stranger who types what stands for something of ours does not get it put into a reply.
    texts = [*(_TYPED.sub(r"(\1)", text) for text in theirs), *ours]
    texts = [text.replace(_APART.strip(), "") for text in texts]
    masked = mask(_APART.join(texts))
    ours_from = len(_APART.join(texts[: len(theirs)]))
    hidden = {found.placeholder: found.original for found in masked.found if found.start >= ours_from}
    parts = masked.text.split(_APART)
    return parts[: len(theirs)], parts[len(theirs) :], hidden


def _answered(case: Case, *, private: bool) -> list[str]:
    """What they were answered so far: by us, and by colleagues on the platform itself."""
    told = [(reply.at, reply.text) for reply in case.standing if private or not reply.private]
    told += [(message.at, message.text) for message in case.thread if message.by == "colleague"]
    return [text for _, text in sorted(told) if text and text != ERASED][-_THREAD_SHOWN:]


def _untold_answer(case: Case) -> str:
    """The desk's answer, until a reply has told it."""
    if case.escalation is None or (case.standing and case.standing[-1].at >= case.escalation.at):
        return ""
    return case.escalation.answer


#: What is asked by these is no complaint about bread, even where it speaks of one.
_FORMAL = {Risk.PRESS, Risk.LAWYER, Risk.REGULATOR}


def is_formal(reading: Assessment | None) -> bool:
    """Whether the press, a lawyer or an authority asks: they get an answer, and no condolences."""
    return reading is not None and bool(reading.risks & _FORMAL)


def kind_of(reading: Assessment | None) -> Category:
    """Return what kind of reply is owed. Who was hurt, and names a lawyer, is first of all somebody hurt."""
    if reading is None:
        return Category.COMPLAINT
    asks = is_formal(reading) and not reading.risks & {Risk.INJURY, Risk.SELF_HARM, Risk.VIOLENCE}
    return Category.QUESTION if asks and reading.category is Category.COMPLAINT else reading.category


def _topics(reading: Assessment | None) -> tuple[str, ...]:
    return () if reading is None or is_formal(reading) else tuple(reading.topics)


def _variant(case: Case) -> int:
    """A number that stays the same for this draft and differs for the next one."""
    named = sha256(f"{case.id}:{case.version}".encode()).digest()
    return int.from_bytes(named[:6], "big")
