"""Strangers' words on a terminal: nothing of them moves the cursor, colours, or reorders a line."""

from __future__ import annotations

import unicodedata

#: What turns the direction of the text after it, beyond the end of a stranger's words.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")


def harmless(text: str) -> str:
    """Return `text` with what a terminal would obey written out; line ends and tabs stay."""
    return "".join(_shown(letter) for letter in text)


def one_line(text: str, most: int | None = None) -> str:
    """Return `text` harmless and on one line, cut to `most` characters."""
    line = " ".join(harmless(text).split())
    return line if most is None or len(line) <= most else line[: most - 1] + "…"


def _shown(letter: str) -> str:
    if letter in "\n\t":
        return letter
    if letter in _TURNING or unicodedata.category(letter) in {"Cc", "Cs"}:
        return letter.encode("unicode_escape").decode("ascii")
    return letter
