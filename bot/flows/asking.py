"""What a model is asked: the released prompts, with the protocol's words and one case's, without names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.domain.assessment import Category, Severity
from bot.domain.case import Case
from bot.domain.language import NAMES, UNKNOWN
from bot.domain.protocol import ResponseProtocol
from bot.flows.covering import NAME, Covered, covered
from bot.masking import mask
from bot.ports import Brief, Prompt
from bot.prompting import Template, load

#: The words of an author that a model is shown at most, newest last.
_THREAD_SHOWN: Final = 10
#: No more of a text than this goes to a model, in characters; the people read all of it.
_LONGEST: Final = 6000
_NOTHING: Final = "none"


@dataclass(frozen=True, slots=True)
class Prompts:
    """The prompts of this protocol, loaded once."""

    protocol: ResponseProtocol
    reading: Template
    drafting: Template
    translating: Template
    ours: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(cls, protocol: ResponseProtocol) -> Prompts:
        """Load the newest released prompts; raises `BadSettings` when one is not what was released."""
        return cls(protocol, load("triage"), load("draft"), load("translate"), _words_of(protocol))

    @property
    def topics(self) -> frozenset[str]:
        """What the protocol has words for, as topics are named."""
        return frozenset(t for parts in self.protocol.parts.values() for t in parts.topics) - {"general"}

    @property
    def instructions(self) -> tuple[str, ...]:
        """What a model is told and nobody else: none of it may stand in a reply."""
        return (self.reading.text, self.drafting.text, self.translating.text)

    def read(self, case: Case) -> Prompt:
        """Return what a model is asked to read a mention."""
        mention = case.mention
        said = [m.text for m in case.thread if m.by == "author"][-_THREAD_SHOWN:]
        (text, *said), _ = covered([mask(t).text for t in (mention.text, *said)], mention, self.protocol)
        facts = {
            "platform": mention.platform,
            "tagged": "yes" if mention.tagged else "no",
            "rating": str(mention.rating or ""),
            "followers": "" if mention.author.followers is None else str(mention.author.followers),
        }
        theirs = {"mention": _cut(text), "thread": _listed(said)}
        return self.reading.prompt(
            {**self.ours, **facts}, theirs, case_id=case.id, urgent=is_urgent(case.severity)
        )

    def write(self, case: Case, brief: Brief) -> tuple[Prompt, Mapping[str, str]]:
        """Return what a model is asked to write, and which accounts its colleagues' words stand for.

        The texts of `brief` are masked already.
        """
        ours = [brief.answer, brief.instruction, brief.previous]
        texts = [*ours, brief.mention, *brief.thread, *brief.said, *brief.avoid]
        clear, hidden = covered(texts, case.mention, self.protocol)
        (answer, instruction, previous, mention), more = clear[:4], clear[4:]
        thread, more = more[: len(brief.thread)], more[len(brief.thread) :]
        said, others = more[: len(brief.said)], more[len(brief.said) :]
        facts = {
            "purpose": brief.purpose.value,
            "category": brief.category,
            "topics": ", ".join(brief.topics) or _NOTHING,
            "risks": ", ".join(brief.risks).replace("_", " ") or _NOTHING,
            "language": _tongue(brief.language),
            "name": NAME if brief.name else _NOTHING,
            "audience": "only they can read it" if brief.private else "everybody can read it",
            "length": str(brief.max_length or 600),
            "answer": answer,
            "instruction": instruction,
        }
        theirs = {
            "mention": _cut(mention),
            "thread": _listed(thread),
            "said": _listed(said),
            "previous": previous,
            "others": _listed(others),
        }
        prompt = self.drafting.prompt(
            {**self.ours, **facts}, theirs, case_id=case.id, urgent=is_urgent(case.severity)
        )
        return prompt, {sign: account for sign, account in hidden.items() if _is_in(sign, clear[:3])}

    def translate(
        self, case: Case, text: str, *, source: str, target: str, whole: bool = False
    ) -> tuple[Prompt, Covered]:
        """Return what a model is asked to translate, `whole` or the beginning of it, and what was hidden."""
        masked = mask(text)
        hidden = {found.placeholder: found.original for found in masked.found}
        # Put back is exactly what stood there: a shown name of many words must not become one word's meaning.
        (clear,), names = covered([masked.text], case.mention, self.protocol, apart=True)
        languages = {"source": _named(source), "target": _named(target)}
        prompt = self.translating.prompt(
            languages,
            {"text": clear if whole else _cut(clear)},
            case_id=case.id,
            urgent=is_urgent(case.severity),
        )
        return prompt, Covered(clear, {**hidden, **names})


def _is_in(sign: str, texts: Iterable[str]) -> bool:
    return sign != NAME and any(sign in text for text in texts)


def _tongue(language: str) -> str:
    return f"{NAMES.get(language, language)} ({language})"


def is_urgent(severity: Severity) -> bool:
    """Whether a case may use the tokens kept for what is worst."""
    return severity.rank >= Severity.HIGH.rank


def _words_of(protocol: ResponseProtocol) -> dict[str, str]:
    """The protocol as a model reads it: the same for every case, so that a provider can keep it."""
    topics = {topic for parts in protocol.parts.values() for topic in parts.topics} - {"general"}
    return {
        "company": protocol.company,
        "voice": protocol.voice,
        "key_messages": _bullets(protocol.key_messages),
        "facts": _bullets(protocol.facts),
        "promises": _bullets(protocol.allowed_promises),
        "contacts": _bullets(protocol.own_contacts),
        "never_say": _bullets(protocol.never_say),
        "playbooks": "\n".join(_playbook(c, protocol) for c in Category if c in protocol.playbooks),
        "topics": ", ".join(sorted(topics)),
        "languages": ", ".join(NAMES),
        "team_language": _named(protocol.team_language),
    }


def _playbook(category: Category, protocol: ResponseProtocol) -> str:
    playbook = protocol.playbooks[category]
    steps = " ".join(playbook.steps)
    return f"* {category.value}: {playbook.aim} In this order: {steps} Tone: {playbook.tone}"


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"* {line}" for line in lines) or f"* {_NOTHING}"


def _listed(texts: Iterable[str]) -> str:
    return "\n\n".join(map(_cut, texts))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} [cut here]"


def _named(language: str) -> str:
    return "whatever language it is in" if language == UNKNOWN else NAMES.get(language, language)
