"""Reads a Dockerfile and a compose file, as far as ours go: no part of the tests' environment reads YAML.

The reader of YAML knows mappings, lists, plain and quoted words, flow lists, anchors, aliases and `<<`. What
it does not know it refuses, so that nothing is passed over in silence.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def dockerfile() -> list[tuple[str, str]]:
    """Return each instruction with what it says, on one line."""
    lines = [line for line in _text("Dockerfile").splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    parts = [line.partition(" ") for line in joined.splitlines() if line.strip()]
    return [(name, rest.strip()) for name, _, rest in parts]


def said(instruction: str) -> list[str]:
    """Return what every instruction of this name says."""
    return [rest for name, rest in dockerfile() if name == instruction]


def compose() -> dict[str, Any]:
    """Return the compose file."""
    return _Yaml(_text("compose.yaml")).read()


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


class _Yaml:
    def __init__(self, text: str) -> None:
        kept = [line.rstrip() for line in text.splitlines() if line.strip() and line.strip()[0] != "#"]
        self._lines = [(len(line) - len(line.lstrip()), line.lstrip()) for line in kept]
        self._anchors: dict[str, Any] = {}

    def read(self) -> dict[str, Any]:
        found = self._block(0)
        if self._lines:
            raise ValueError(f"indented as nothing before it: {self._lines[0][1]!r}")
        return found

    def _block(self, indent: int) -> Any:
        if self._lines[0][1].startswith("- "):
            return self._list(indent)
        found: dict[str, Any] = {}
        while self._lines and self._lines[0][0] == indent:
            key, colon, rest = self._lines.pop(0)[1].partition(":")
            if not colon or not re.fullmatch(r"[A-Za-z_<][\w.<-]*", key) or rest[:1] not in {"", " "}:
                raise ValueError(f"not read here: {key}{colon}{rest}")
            found[key] = self._value(rest.strip(), indent)
        return found.pop("<<", {}) | found

    def _list(self, indent: int) -> list[Any]:
        found: list[Any] = []
        while self._lines and self._lines[0][0] == indent and self._lines[0][1].startswith("- "):
            item = self._lines[0][1][2:]
            if re.match(r"[a-z_]+: ", item):
                self._lines[0] = (indent + 2, item)
                found.append(self._block(indent + 2))
            else:
                self._lines.pop(0)
                found.append(self._scalar(item))
        return found

    def _value(self, rest: str, indent: int) -> Any:
        named = re.match(r"&(\w+) ?", rest)
        rest = rest[named.end() :] if named else rest
        deeper = bool(self._lines) and self._lines[0][0] > indent
        found = self._block(self._lines[0][0]) if not rest and deeper else self._scalar(rest)
        if named:
            self._anchors[named[1]] = found
        return found

    def _scalar(self, word: str) -> Any:
        if word.startswith("*"):
            return self._anchors[word[1:]]
        if word[:1] == '"':
            return json.loads(word)
        if word[:1] == "[":
            return [self._scalar(part.strip()) for part in re.findall(r'"[^"]*"|[^\[\],\s]+', word)]
        if word and (word[0] in "{'|>!%@`" or " #" in word):
            raise ValueError(f"not read here: {word}")
        return {"": None, "true": True, "false": False}.get(word, int(word) if word.isdigit() else word)
