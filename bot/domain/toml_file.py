"""Tell what is wrong in a TOML file: the line, the name, what was expected there and what was found."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from bot.domain.toml_lines import Path, line_of, lines_of
from bot.errors import BadSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_TABLE: Final = re.compile(r"^[ \t]*\[\[[ \t]*([\w.-]+)[ \t]*\]\]", re.MULTILINE)
_LONGEST_SHOWN: Final = 60


class Problem(NamedTuple):
    """One mistake: where it stands (names and, in a list, numbers from 0), and what to do about it."""

    path: Path
    says: str


class Grammar(NamedTuple):
    """What a file may hold. `known` gives the names of a section, `expected` what a name wants, in words."""

    known: Callable[[Path], Iterable[str]]
    expected: Mapping[str, str]


def parse(text: str, *, name: str) -> dict[str, Any]:
    """Return what the file says; raises `BadSettings` with line and column where it is no TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        message, _, place = str(wrong).rstrip(")").partition(" (at ")
        raise BadSettings(f"{name} {place or 'somewhere'}: {message[0].lower()}{message[1:]}") from None


def listed(name: str, text: str, problems: Iterable[Problem]) -> list[str]:
    """Return a line of words for each problem, in the order of the file."""
    lines = lines_of(_numbered(text))
    placed = sorted({(line_of(tuple(map(str, path)), lines), _dotted(path), says) for path, says in problems})
    return [f"{name}{f' line {line}' if line else ''}, {path}: {says}" for line, path, says in placed]


def problems_of(wrong: ValidationError, raw: Mapping[str, Any], grammar: Grammar) -> list[Problem]:
    """Return what pydantic found, in words for the person who wrote the file."""
    return [_problem(error, raw, grammar) for error in wrong.errors(include_url=False)]


def near(word: str, names: Iterable[str]) -> str:
    """Return the known name most like `word`, or all of them, as the end of a sentence."""
    names = sorted(names)
    if close := difflib.get_close_matches(word, names, n=1, cutoff=0.5):
        return f"; did you mean {close[0]!r}?"
    return f"; known here: {', '.join(names)}" if names else ""


def _numbered(text: str) -> str:
    """Number the [[tables]] of a list, so that each of them is a section of its own."""
    seen: Counter[str] = Counter()

    def number(header: re.Match[str]) -> str:
        seen[header[1]] += 1
        return f"[{header[1]}.{seen[header[1]] - 1}]"

    return _TABLE.sub(number, text)


def _dotted(path: Path) -> str:
    shown = ""
    for part in path:
        shown += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if shown else part
    return shown or "the file"


def _problem(error: ErrorDetails, raw: Mapping[str, Any], grammar: Grammar) -> Problem:
    path, kind = _in_file(error["loc"], raw), error["type"]
    if kind.startswith("union_tag"):
        path = (*path, str(error.get("ctx", {}).get("discriminator", "kind")).strip("'"))
        kind = "missing" if kind == "union_tag_not_found" else kind
    last = str(next((part for part in reversed(path) if isinstance(part, str)), ""))
    named = ".".join(part for part in path if isinstance(part, str))
    expected = grammar.expected.get(named) or grammar.expected.get(last, "something else")
    if kind == "extra_forbidden":
        return Problem(path, f"unknown name{near(last, grammar.known(path[:-1]))}")
    if kind == "missing":
        return Problem(path, f"is missing; expected {expected}")
    if kind == "value_error":
        return Problem(path, error["msg"].removeprefix("Value error, "))
    return Problem(path, f"expected {expected}, found {_found(_at(path, raw))}")


def _in_file(loc: Path, raw: Mapping[str, Any]) -> Path:
    """Leave out the tags pydantic adds to say which kind of item it read."""
    path: list[str | int] = []
    for part in loc:
        here = _at(tuple(path), raw)
        tag = cast("dict[str, Any]", here).get("kind") if isinstance(here, dict) else None
        if not (path and isinstance(path[-1], int) and part == tag):
            path.append(part)
    return tuple(path)


def _at(path: Path, raw: Any) -> Any:
    found = raw
    for part in path:
        try:
            found = found[part]
        except (KeyError, IndexError, TypeError):
            return None
    return found


def _found(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case list():
            return "a list"
        case dict():
            return "a section"
        case _:
            shown = repr(value)
            return shown if len(shown) <= _LONGEST_SHOWN else shown[: _LONGEST_SHOWN - 1] + "…"
