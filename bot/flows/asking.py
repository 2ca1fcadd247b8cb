"""What a model is asked: the released prompts, with the protocol's words and one case's, without names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.domain.assessment import Category, Severity
from bot.domain.case import Case
from bot.domain.language import NAMES, UNKNOWN
from bot.domain.mention import Mention
from bot.domain.protocol import ResponseProtocol
from bot.masking import mask
from bot.ports import Brief, Prompt
from bot.prompting import Template, load

#: Stands for the author's name, which no model is told.
NAME: Final = "[name]"
#: The words of an author that a model is shown at most, newest last.
_THREAD_SHOWN: Final = 10
#: No more of a text than this goes to a model, in characters; the people read all of it.
_LONGEST: Final = 6000
_HANDLE: Final = re.compile(r"(?<![\w@])@[\w.-]*\w")
_SHORT_NAME: Final = 3
_NOTHING: Final = "none"


@dataclass(frozen=True, slots=True)
class Covered:
    """A text without the names in it, and what stands for what."""

    text: str
    hidden: Mapping[str, str]

    def shown(self, text: str) -> str:
        """Return `text`, written by a model, with what was hidden put back."""
        for placeholder, original in self.hidden.items():
            text = text.replace(placeholder, original)
        return text


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

    def write(self, case: Case, brief: Brief) -> Prompt:
        """Return what a model is asked to write; the texts of `brief` are masked already."""
        texts = [brief.mention, *brief.thread, brief.previous, *brief.avoid, brief.answer, brief.instruction]
        clear, _ = covered(texts, case.mention, self.protocol)
        mention, said = clear[0], clear[1 : 1 + len(brief.thread)]
        previous, *others = clear[1 + len(brief.thread) : -2]
        facts = {
            "purpose": brief.purpose.value,
            "category": brief.category,
            "topics": ", ".join(brief.topics) or _NOTHING,
            "language": f"{NAMES.get(brief.language, brief.language)} ({brief.language})",
            "name": NAME if brief.name else _NOTHING,
            "audience": "only they can read it" if brief.private else "everybody can read it",
            "length": str(brief.max_length or 600),
            "answer": clear[-2],
            "instruction": clear[-1],
        }
        theirs = {
            "mention": _cut(mention),
            "thread": _listed(said),
            "previous": previous,
            "others": _listed(others),
        }
        return self.drafting.prompt(
            {**self.ours, **facts}, theirs, case_id=case.id, urgent=is_urgent(case.severity)
        )

    def translate(self, case: Case, text: str, *, source: str, target: str) -> tuple[Prompt, Covered]:
        """Return what a model is asked to translate, and what was hidden in it."""
        masked = mask(text)
        hidden = {found.placeholder: found.original for found in masked.found}
        (clear,), names = covered([masked.text], case.mention, self.protocol)
        languages = {"source": _named(source), "target": _named(target)}
        prompt = self.translating.prompt(
            languages, {"text": _cut(clear)}, case_id=case.id, urgent=is_urgent(case.severity)
        )
        return prompt, Covered(clear, {**hidden, **names})


def is_urgent(severity: Severity) -> bool:
    """Whether a case may use the tokens kept for what is worst."""
    return severity.rank >= Severity.HIGH.rank


def covered(
    texts: Sequence[str], mention: Mention, protocol: ResponseProtocol
) -> tuple[list[str], Mapping[str, str]]:
    """Return texts without the author's name and without anybody's handle but ours, and what was hidden."""
    author, own = mention.author, {a.casefold().lstrip("@") for a in protocol.accounts}
    handles: dict[str, str] = {}
    hidden: dict[str, str] = {}

    def account(found: re.Match[str]) -> str:
        name = found[0].casefold().lstrip("@")
        if name in own:
            return found[0]
        number = len(handles) + 1
        placeholder = handles.setdefault(name, f"[account {number}]" if number > 1 else "[account]")
        hidden.setdefault(placeholder, found[0])
        return placeholder

    names = _names(author.name or "", author.handle)

    def person(found: re.Match[str]) -> str:
        hidden.setdefault(NAME, author.name or found[0])
        return NAME

    clear = [_HANDLE.sub(account, text) for text in texts]
    return ([names.sub(person, text) for text in clear] if names else clear), hidden


def _names(name: str, handle: str) -> re.Pattern[str] | None:
    """Return what finds the author's name, whole or a word of it, and their handle without its sign."""
    words = [name, *(word for word in name.split() if len(word) >= _SHORT_NAME), handle.lstrip("@")]
    known = sorted({word for word in words if len(word) >= _SHORT_NAME}, key=len, reverse=True)
    if not known:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)", re.IGNORECASE)


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
