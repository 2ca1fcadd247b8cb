"""The demo's feeder: people write about the bakery, one after another, from a file of JSON lines."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from adapters.square.model import BadPost, clean_handle, clean_language, clean_name, clean_text

if TYPE_CHECKING:
    from pathlib import Path

    from adapters.square.site import Site

#: So that a newcomer's first look at the page finds something on it.
_AT_ONCE = 3


@dataclass(frozen=True)
class Line:
    """One line of the file. `key` is made of its words: a file that grew or was reordered repeats nothing."""

    key: str
    handle: str
    name: str | None
    followers: int
    text: str
    language: str | None


async def play(site: Site, file: Path, every: float) -> None:
    """Post the lines of `file` in order: three at once at the start, then one each `every` seconds or so.

    What stands on the square is the progress: each line is posted under a key of its own, so a restart goes
    on where the last run ended. A line that stands in the file twice is posted once. Ends with the file;
    raises `ValueError` before the first post when a line is not a mention.
    """
    for number, line in enumerate(read_lines(file)):
        if await site.run(site.made_with, line.key) is not None:
            continue
        if number >= _AT_ONCE:
            await asyncio.sleep(every * _jitter(line.key))
        post = partial(site.post, followers=line.followers, language=line.language, key=line.key)
        await site.run(post, line.handle, line.name, line.text)


def read_lines(file: Path) -> list[Line]:
    """Read and check the whole file; raises `ValueError` naming the line that is wrong."""
    lines: list[Line] = []
    for number, raw in enumerate(file.read_text(encoding="utf-8").split("\n"), start=1):
        if raw.strip():
            try:
                lines.append(_line(raw))
            except (ValueError, KeyError, TypeError, AttributeError, BadPost) as error:
                raise ValueError(f"{file.name}, line {number}: not a mention ({error})") from error
    return lines


def _line(raw: str) -> Line:
    said = cast("dict[str, Any]", json.loads(raw))
    return Line(
        key="play:" + hashlib.sha256(f"{said['handle']}\n{said['text']}".encode()).hexdigest(),
        handle=clean_handle(said["handle"]),
        name=clean_name(said.get("name")),
        followers=int(said.get("followers", 0)),
        text=clean_text(said["text"]),
        language=clean_language(said.get("language")),
    )


def _jitter(key: str) -> float:
    # From the line itself: people do not post like a metronome, and a rehearsal is still the same twice.
    return 0.75 + int(key[-2:], 16) / 510
