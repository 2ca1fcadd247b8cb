"""On which line of a TOML file each name stands: what the standard library's reader does not say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

Path = tuple[str | int, ...]

# In this order, so that a # in a string is no comment and a quote in a comment opens no string.
_WORDS: Final = re.compile(
    r"""
    \"{3} (?: \\. | [^\\] )*? \"{3}  # a text of many lines
    | '{3} .*? '{3}
    | \" (?: \\. | [^"\\\n] )* \"
    | ' [^'\n]* '
    | \# [^\n]*  # a comment
    """,
    re.DOTALL | re.VERBOSE,
)
_HEADER: Final = re.compile(r"\s*\[\[?([^\[\]]+)\]\]?\s*$")
_PART: Final = re.compile(r'"([^"]*)"|\'([^\']*)\'|([\w-]+)')


def lines_of(text: str) -> dict[Path, int]:
    """Return the line of each section and each name of a well-formed TOML file, counted from 1."""
    blank = _WORDS.sub(lambda m: re.sub(r"[^\n]", "·" if m[0][0] != "#" else " ", m[0]), text)
    section: Path = ()
    found: dict[Path, int] = {}
    depth = 0
    for number, (line, masked) in enumerate(zip(text.split("\n"), blank.split("\n"), strict=True), 1):
        if depth == 0 and (header := _HEADER.match(masked)):
            section = _parts(line[header.start(1) : header.end(1)])
            found.setdefault(section, number)
        elif depth == 0 and "=" in masked:
            found.setdefault((*section, *_parts(line[: masked.index("=")])), number)
        if not _HEADER.match(masked) or depth:
            depth += sum(map(masked.count, "[{")) - sum(map(masked.count, "]}"))
    return found


def line_of(path: Path, lines: Mapping[Path, int]) -> int:
    """Return the line of `path` or of the nearest name around it, 0 when not even its section is there."""
    for end in range(len(path), 0, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    # A section whose own header is not written: its first name.
    inside = [line for known, line in lines.items() if known[: len(path)] == path]
    return min(inside, default=0)


def _parts(name: str) -> Path:
    return tuple(a or b or c for a, b, c in _PART.findall(name))
