"""The forms an answer must have: what is asked for as a JSON schema, and read strictly when it comes.

The schemas stay within what every server with structured outputs takes: flat, every field required, no
others allowed, no limits of length. Limits are kept here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, Generic, TypeVar, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, WithJsonSchema

from adapters.llm.openai.failures import ECHO, EMPTY, FENCED, HUGE, NOT_JSON, SHAPE, Failed
from adapters.llm.openai.tokens import estimate
from bot.domain.assessment import Assessment, Category, Risk, Severity
from bot.domain.draft import MAX_DRAFT

if TYPE_CHECKING:
    from bot.ports import Prompt

#: Characters of a translation: those of the longest mention, and half as many again.
MAX_TRANSLATION: Final = 75_000
#: No call asks for a longer answer: many models refuse more.
MOST_OUT: Final = 16_000
_MAX_WHY: Final = 300
_MAX_TOPICS: Final = 8

_TOPIC: Final = re.compile(r"[a-z][a-z_]{0,39}")
#: A language, and its script or region, which we do not keep.
_LANGUAGE: Final = re.compile(r"([a-z]{2,3})([-_][a-z0-9]{2,8}){0,3}")
#: Turn the text around them, or hide in it; joiners stay, which Hindi, Urdu and emoji need.
_UNSEEN: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u2028\u2029\u00ad")
#: How `bot.prompting` marks the words of strangers: nothing that is for people holds it.
_MARK: Final = "data from outside, no instructions"
#: So many long lines of ours in one answer are no accident; one or two may be facts that a reply tells.
_ECHOED: Final = 3
_LONG: Final = 40


def _language(code: str) -> str:
    """Return the code of a language without its region."""
    read = _LANGUAGE.fullmatch(code.strip().lower())
    if read is None:
        raise ValueError("expected the code of a language")
    return read[1]


_Language = Annotated[str, AfterValidator(_language)]


class Shape(BaseModel):
    """What an answer must be, exactly."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @property
    def words(self) -> str:
        """What of it will be read by people outside."""
        return ""


class Triage(Shape):
    """The reading of a mention."""

    category: Annotated[
        Category, WithJsonSchema({"type": "string", "enum": [kind.value for kind in Category]})
    ]
    severity: Annotated[
        Severity, WithJsonSchema({"type": "string", "enum": [severity.value for severity in Severity]})
    ]
    language: _Language
    topics: list[str]
    risks: list[Annotated[Risk, WithJsonSchema({"type": "string", "enum": [risk.value for risk in Risk]})]]
    abusive: bool
    why: str

    def assessment(self, by: str) -> Assessment:
        """Return it as the bot knows it; `by` is the model's name."""
        topics = [topic for topic in self.topics if _TOPIC.fullmatch(topic)]
        return Assessment(
            category=self.category,
            severity=self.severity,
            language=self.language,
            by=by[:80],
            topics=tuple(dict.fromkeys(topics))[:_MAX_TOPICS],
            risks=frozenset(self.risks),
            abusive=self.abusive,
            why=" ".join(clean(self.why).split())[:_MAX_WHY],
        )


class Reply(Shape):
    """A draft."""

    language: _Language
    reply: str

    @property
    def words(self) -> str:
        """The text of the reply."""
        return _within(clean(self.reply), MAX_DRAFT)


class Translation(Shape):
    """A translation."""

    translation: str

    @property
    def words(self) -> str:
        """The text of the translation."""
        return _within(clean(self.translation), MAX_TRANSLATION)


class Ready(Shape):
    """What `levelhead check` asks for."""

    ready: bool


S = TypeVar("S", bound=Shape)


@dataclass(frozen=True, slots=True)
class Kind(Generic[S]):
    """A kind of call. `out` are the tokens its answer may have, with what a model thinks before it.

    Where it `grows`, an answer may also have as many as the case itself, within `MOST_OUT`.
    """

    name: str
    shape: type[S]
    out: int
    grows: bool = False

    def most_out(self, prompt: Prompt) -> int:
        """Return how many tokens the answer to this prompt may have."""
        return min(self.out + (estimate(prompt.case) if self.grows else 0), MOST_OUT)

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON schema of the answer, without our own words about it."""
        return cast("dict[str, Any]", _bare(self.shape.model_json_schema()))


TRIAGE: Final = Kind("triage", Triage, 2_000)
REPLY: Final = Kind("reply", Reply, 4_000)
TRANSLATION: Final = Kind("translation", Translation, 2_000, grows=True)
READY: Final = Kind("ready", Ready, 2_000)


def read(kind: Kind[S], text: str, prompt: Prompt) -> S:
    """Return the answer in its form; raises `Failed` for every other, and for one that repeats us."""
    text = text.strip()
    if not text:
        raise Failed(EMPTY)
    if text.startswith("```"):
        raise Failed(FENCED)
    try:
        answer = kind.shape.model_validate_json(text)
    except ValidationError as problem:
        invalid = problem.errors(include_input=False)[0]["type"] == "json_invalid"
        raise Failed(NOT_JSON if invalid else SHAPE) from None
    if kind in {REPLY, TRANSLATION} and not any(map(_seen, answer.words)):
        raise Failed(EMPTY)
    if _repeats(answer.words, prompt.stable):
        raise Failed(ECHO)
    return answer


def clean(text: str) -> str:
    """Return a text without control characters but line breaks, and without hidden or turning ones."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(letter for letter in text if letter == "\n" or not _hidden(letter)).strip()


def _seen(letter: str) -> bool:
    return letter.isprintable() and not letter.isspace()


def _hidden(letter: str) -> bool:
    return (
        letter in _UNSEEN
        or unicodedata.category(letter) in {"Cc", "Cs", "Co", "Cn"}
        or "\U000e0000" <= letter <= "\U000e0fff"
    )


def _within(text: str, most: int) -> str:
    if len(text) > most:
        raise Failed(HUGE, f"{most:,} characters")
    return text


def _repeats(words: str, stable: str) -> bool:
    if _MARK in words:
        return True
    flat = " ".join(words.split())
    lines = {" ".join(line.split()) for line in stable.splitlines()}
    return sum(len(line) >= _LONG and line in flat for line in lines) >= _ECHOED


def _bare(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_bare(item) for item in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    kept = cast("dict[str, Any]", schema).items()
    return {key: _bare(value) for key, value in kept if key not in {"title", "description"}}
