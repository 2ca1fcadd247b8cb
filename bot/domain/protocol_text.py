"""The files of a protocol: the main one, and one a language in a folder of its name beside it.

`protocol.toml` may have `protocol/es.toml` and so on, each with the sections it would have in the main file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from bot.domain.toml_lines import Path as Place
from bot.domain.toml_lines import line_of, lines_of
from bot.errors import BadSettings

_SYNTAX: Final = (
    ("Unterminated string", "a quote that opens here is never closed"),
    ("Illegal character '\\n'", "a quote that opens here is never closed on the same line"),
    ("Illegal character", "this character cannot stand here; did you mean \\\\ or a quote?"),
    ("Cannot overwrite", "the same name stands twice in this section"),
    ("Cannot declare", "this section stands twice in the file"),
    ("Cannot mutate", "this name was given a value before"),
    ("Expected '='", "expected `name = value`"),
    ("Invalid value", 'expected a number, a list in [brackets], or words in "double quotes"'),
    ("Unclosed array", "a list that opens with [ is never closed with ], or a comma is missing"),
    ("Unclosed inline table", "a { is never closed with }, or a comma is missing"),
    ("Expected ']'", "a section's name must be closed with ]"),
    ("Invalid initial character", "a name may hold letters, digits, _ and -; other names need quotes"),
    ("Invalid statement", "expected `name = value`, a [section] or a # comment"),
    ("Expected newline", "something is left over here; one setting a line, words in quotes"),
    ("Unescaped '\\'", 'a \\ in "double quotes" must be written twice'),
)


@dataclass(frozen=True, slots=True)
class ProtocolText:
    """The texts by file name, the main file first."""

    files: Mapping[str, str]

    @classmethod
    def read(cls, path: Path) -> ProtocolText:
        """Read a protocol from `path` and the folder beside it; raises `BadSettings`."""
        beside = sorted(path.with_suffix("").glob("*.toml"))
        return cls({_name(file, path): _text(file) for file in (path, *beside)})

    def raw(self) -> dict[str, Any]:
        """Return what all files say together; raises `BadSettings` for what is no TOML, or stands twice."""
        whole: dict[str, Any] = {}
        for name, text in self.files.items():
            try:
                said = tomllib.loads(text)
            except tomllib.TOMLDecodeError as wrong:
                raise BadSettings(f"{name} {_syntax(str(wrong))}") from None
            if twice := _join(whole, said):
                says = "stands in another file of this protocol already; keep one of them"
                raise BadSettings(self.listed([(twice, says)], only=name))
        return whole

    def listed(self, problems: Iterable[tuple[Place, str]], *, only: str = "") -> str:
        """Return one line for each problem, with its file and line, in their order; `only` names a file."""
        maps = {name: lines_of(text) for name, text in self.files.items() if name == only or not only}
        order = list(maps)
        placed = set[tuple[int, int, str, str]]()
        for path, said in problems:
            name = max(maps, key=lambda file: _depth(path, maps[file]))
            placed.add((order.index(name), line_of(path, maps[name]), ".".join(map(str, path)), said))
        return "\n".join(
            f"{order[file]} line {line}, {path}: {said}" if line else f"{order[file]}, {path}: {said}"
            for file, line, path, said in sorted(placed)
        )


def _name(file: Path, main: Path) -> str:
    return file.name if file == main else f"{file.parent.name}/{file.name}"


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadSettings(f"protocol {str(file)!r} cannot be read as UTF-8 text: {problem}") from None


def _join(whole: dict[str, Any], said: Mapping[str, Any], path: Place = ()) -> Place:
    """Put `said` into `whole`; return the path of what stands in both, `()` for nothing."""
    for key, value in said.items():
        if key not in whole:
            whole[key] = value
        elif isinstance(value, dict) and isinstance(whole[key], dict):
            below = cast("dict[str, Any]", whole[key])
            if twice := _join(below, cast("Mapping[str, Any]", value), (*path, key)):
                return twice
        else:
            return (*path, key)
    return ()


def _depth(path: Place, lines: Mapping[Place, int]) -> int:
    """How much of a path a file names."""
    return max((end for end in range(len(path), 0, -1) if path[:end] in lines), default=0)


def _syntax(message: str) -> str:
    where = re.search(r"\(at (?:line (\d+), column (\d+)|end of document)\)", message)
    place = f"line {where[1]}, column {where[2]}" if where and where[1] else "at its very end"
    told = message.split(" (at ", maxsplit=1)[0].lower()
    return f"{place}: {next((words for start, words in _SYNTAX if message.startswith(start)), told)}"
