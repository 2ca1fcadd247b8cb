"""Processes of ours that talk in lines of JSON, and end when nobody listens any more."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

HOME = Path(__file__).parents[1]
#: Seconds in which a child says what it has to say, or ends.
_PATIENCE = 20


@asynccontextmanager
async def child(module: str, *arguments: str) -> AsyncGenerator[Process]:
    """Yield a child; it is told to end by the end of what it reads."""
    command = [sys.executable, "-m", module, *arguments]
    process = await asyncio.create_subprocess_exec(*command, cwd=HOME, stdin=PIPE, stdout=PIPE)
    try:
        yield process
        end(process)
        await asyncio.wait_for(process.wait(), _PATIENCE)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def end(process: Process) -> None:
    """Tell a child to end."""
    if process.stdin is not None:
        process.stdin.close()


async def told(process: Process) -> dict[str, Any]:
    """Return the next thing a child says; raises `RuntimeError` when it has ended instead."""
    if process.stdout is None:
        raise RuntimeError("bench: the child has no pipes")
    line = await asyncio.wait_for(process.stdout.readline(), _PATIENCE)
    if not line:
        raise RuntimeError(f"bench: a child ended with status {await process.wait()}")
    return json.loads(line)
