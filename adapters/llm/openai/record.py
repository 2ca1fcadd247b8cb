"""Writes every prompt and answer into a folder of the operator's, personal data replaced, one line each.

A day's lines stand in `2026-11-22.jsonl`, the part of the prompts that stays the same once in
`stable-<hash>.txt`. Prompts arrive masked already; masking them again is a second net, and answers are
masked here first. A case is named by a hash of its ID, so that a line leads to nobody's post. A failure to
write never stops an answer.
"""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from bot.ports import Prompt

log = structlog.get_logger(__name__)

#: Bytes of a day's file; what comes after is not recorded.
MOST_A_DAY: Final = 64 * 1024 * 1024
_FLAGS: Final = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


@dataclass(frozen=True, slots=True)
class Recorder:
    """Records into `folder`; `mask` replaces the personal data of a text."""

    folder: Path
    mask: Callable[[str], str]
    most_a_day: int = MOST_A_DAY

    async def write(self, prompt: Prompt, answer: str, at: datetime, **facts: str | int) -> None:
        """Record one try; `facts` are ours: the kind, the model, how it ended, what it cost."""
        try:
            await asyncio.to_thread(self._write, prompt, answer, at, facts)
        except OSError as problem:
            log.warning("model_not_recorded", case=prompt.case_id, problem=type(problem).__name__)

    def _write(self, prompt: Prompt, answer: str, at: datetime, facts: dict[str, str | int]) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        line = {
            "at": at.isoformat(timespec="milliseconds"),
            "case": _hash(prompt.case_id),
            "prompt": prompt.label,
            "stable": self._stable(prompt.stable),
            **facts,
            "asked": self.mask(prompt.case),
            "answer": self.mask(answer),
        }
        self._append(self.folder / f"{at:%Y-%m-%d}.jsonl", line)

    def _stable(self, text: str) -> str:
        name = _hash(text)
        path = self.folder / f"stable-{name}.txt"
        if not path.is_file():
            _put(path, self.mask(text).encode("utf-8", "replace"), os.O_TRUNC)
        return name

    def _append(self, path: Path, line: dict[str, Any]) -> None:
        # One write, so that lines of several processes do not mix.
        body = (json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8", "replace")
        if path.exists() and path.stat().st_size + len(body) > self.most_a_day:
            raise OSError("the day's file is full")
        _put(path, body, os.O_APPEND)


def _put(path: Path, body: bytes, flag: int) -> None:
    opened = os.open(path, _FLAGS | flag, 0o600)
    try:
        os.write(opened, body)
    finally:
        os.close(opened)


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
