"""Reads a protocol from TOML, and for each mistake points at its line and says what was expected there."""

from __future__ import annotations

import difflib
import pathlib
from collections.abc import Iterable, Mapping
from enum import EnumMeta
from string import Formatter
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeGuard, Union, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError

from bot.domain.assessment import Category
from bot.domain.protocol import Parts, ResponseProtocol
from bot.domain.protocol_text import ProtocolText
from bot.errors import BadSettings

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Path = tuple[str | int, ...]

_SECTION: Final = "a section of its own"
#: What a part may leave open, to be filled when a reply is composed.
_OPEN: Final = {"answer": {"answer"}, "greeting_named": {"name"}, "formal_greeting_named": {"name"}}
_QUOTED: Final = 40
_ANYWHERE: Final = {"company", "account"}


def read_protocol(path: pathlib.Path) -> ResponseProtocol:
    """Return the protocol of `path` and of the languages beside it; raises `BadSettings` as below."""
    return load_protocol(ProtocolText.read(path))


def load_protocol(text: ProtocolText) -> ResponseProtocol:
    """Return the protocol that `text` says; raises `BadSettings` with one line for each problem."""
    try:
        protocol = ResponseProtocol.model_validate(text.raw())
    except ValidationError as wrong:
        raise BadSettings(text.listed((_shown(e["loc"]), _said(e)) for e in wrong.errors())) from None
    if crossed := list(_crossed(protocol)):
        raise BadSettings(text.listed(crossed))
    return protocol


def _shown(loc: Path) -> Path:
    """Leave out what pydantic adds for the name of a mapping's key."""
    return tuple(part for part in loc if part != "[key]")


def _said(error: ErrorDetails) -> str:
    path, kind = error["loc"], error["type"]
    here = _annotation(ResponseProtocol, path[:-1])
    if kind == "extra_forbidden":
        return f"unknown name{_near(str(path[-1]), _names(here))}"
    if kind == "missing":
        return f"is missing; expected {_expected(_annotation(ResponseProtocol, path))}"
    if path[-1] == "[key]":
        keys = _names(_annotation(ResponseProtocol, path[:-2]))
        return (
            f"unknown name{_near(str(path[-2]), keys)}" if keys else "names are small letters, digits and _"
        )
    if "limit_value" in str(error.get("ctx")) or kind.startswith(("greater", "less", "too_", "string_")):
        return _limit(error, _annotation(ResponseProtocol, path))
    return f"expected {_expected(_annotation(ResponseProtocol, path))}, found {_found(error['input'])}"


def _limit(error: ErrorDetails, annotation: Any) -> str:
    kind, limits = error["type"], error.get("ctx", {})
    words = {
        "greater_than_equal": f"must be {limits.get('ge')} or more, found {error['input']!r}",
        "less_than_equal": f"must be {limits.get('le')} or less, found {error['input']!r}",
        "too_short": "must not be empty",
        "string_too_short": "must not be empty",
        "string_too_long": f"must have at most {limits.get('max_length')} characters",
        "string_pattern_mismatch": f"{_found(error['input'])} does not look like what belongs here",
    }
    return words.get(kind, f"expected {_expected(annotation)}, found {_found(error['input'])}")


def _near(word: str, names: Iterable[str]) -> str:
    names = sorted(names)
    if close := difflib.get_close_matches(word, names, n=1, cutoff=0.5):
        return f"; did you mean {close[0]!r}?"
    return f"; known here: {', '.join(names)}" if names else ""


def _found(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return "a number"
        case str():
            return repr(value if len(value) <= _QUOTED else value[: _QUOTED - 1] + "…")
        case list():
            return "a list"
        case dict():
            return "a section"
        case _:
            return f"a {type(value).__name__}"


# --- what belongs at a path, told from the types themselves


def _bare(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in {Union, UnionType}:
        return _bare(next(a for a in get_args(annotation) if a is not type(None)))
    return annotation


def _annotation(root: Any, path: Path) -> Any:
    found = root
    for part in path:
        found = _bare(found)
        if _is_model(found):
            field = found.model_fields.get(str(part))
            found = field.annotation if field else None
        elif arguments := get_args(found):
            found = arguments[0] if get_origin(found) is tuple else arguments[1]
    return _bare(found)


def _is_model(annotation: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _names(annotation: Any) -> list[str]:
    """The names that may stand in a section, where they are settled."""
    if _is_model(annotation):
        return list(annotation.model_fields)
    if get_origin(annotation) is not None and issubclass(get_origin(annotation), Mapping):
        key = _bare(get_args(annotation)[0])
        return _members(key) if isinstance(key, EnumMeta) else []
    return []


def _members(enum: EnumMeta) -> list[str]:
    return [str(cast("Any", member).value) for member in enum]


def _expected(annotation: Any) -> str:
    if isinstance(annotation, EnumMeta):
        return "one of " + ", ".join(_members(annotation))
    if _is_model(annotation):
        return f"{_SECTION} with {', '.join(annotation.model_fields)}"
    if get_origin(annotation) is tuple:
        inner = _bare(get_args(annotation)[0])
        of = {str: "sentences", int: "whole numbers"}.get(inner)
        return f"a list of {of}" if of else f"a list of {{ {' = …, '.join(_names(inner))} = … }}"
    plain = {str: "words in quotes", int: "a whole number", bool: "true or false"}
    return plain.get(annotation, _SECTION)


# --- what one part of the file says about another


def _crossed(protocol: ResponseProtocol) -> Iterable[tuple[Path, str]]:
    yield from _desks(protocol)
    yield from _ladders(protocol)
    yield from _statements(protocol)
    if protocol.team_language not in protocol.parts:
        yield ("parts", protocol.team_language), "is missing: the team's own language needs its sentences"
    for category in Category:
        if category.needs_answer and category not in protocol.playbooks:
            yield ("playbooks", category.value), "is missing: each kind that is answered needs its playbook"
    topics = {topic for parts in protocol.parts.values() for topic in parts.topics} | {"general"}
    for language, parts in protocol.parts.items():
        for topic in sorted(topics - set(parts.topics)):
            yield (
                ("parts", language, "topics", topic),
                "is missing: each topic needs its words in each language",
            )
        yield from _placeholders(language, parts)


def _desks(protocol: ResponseProtocol) -> Iterable[tuple[Path, str]]:
    for category, playbook in protocol.playbooks.items():
        if playbook.desk and playbook.desk not in protocol.desks:
            near = _near(playbook.desk, protocol.desks)
            yield ("playbooks", category.value, "desk"), f"there is no desk {playbook.desk!r}{near}"
    for risk, desk in protocol.risk_desks.items():
        if desk not in protocol.desks:
            yield ("risk_desks", risk.value), f"there is no desk {desk!r}{_near(desk, protocol.desks)}"


def _ladders(protocol: ResponseProtocol) -> Iterable[tuple[Path, str]]:
    percents = [step.after_percent for step in protocol.unanswered.ladder]
    if percents != sorted(set(percents)):
        yield ("unanswered", "ladder"), "each step must come later than the one before"
    for key, desk in protocol.desks.items():
        minutes = [rung.after_minutes for rung in desk.ladder]
        if minutes != sorted(set(minutes)):
            yield ("desks", key, "ladder"), "each rung must come later than the one before"


def _statements(protocol: ResponseProtocol) -> Iterable[tuple[Path, str]]:
    for key, statement in protocol.statements.items():
        if protocol.team_language not in statement.text:
            yield (
                ("statements", key, "text"),
                f"needs at least the team's language, {protocol.team_language!r}",
            )


def _placeholders(language: str, parts: Parts) -> Iterable[tuple[Path, str]]:
    for path, line in _lines(parts.model_dump(), ("parts", language)):
        owed = _OPEN.get(str(path[2]), set())
        try:
            used = {name for _, name, _, _ in Formatter().parse(line) if name is not None}
        except ValueError:
            yield path[:-1], f"a {{ or }} has no partner in {_found(line)}"
            continue
        if unknown := used - owed - _ANYWHERE:
            yield path[:-1], f"{{{min(unknown)}}} cannot stand here, only {_braced(owed | _ANYWHERE)}"
        if missing := owed - used:
            yield path[:-1], f"{_braced(missing)} must stand in {_found(line)}"


def _braced(names: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))


def _lines(node: Any, path: Path) -> Iterable[tuple[Path, str]]:
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, Mapping):
        for key, value in cast("Mapping[str, Any]", node).items():
            yield from _lines(value, (*path, key))
    else:
        for index, value in enumerate(cast("tuple[Any, ...]", node)):
            yield from _lines(value, (*path, index))
