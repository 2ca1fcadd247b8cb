"""`levelhead replay`: progress on stderr, the result on stdout, bad lines by their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.cli.common import complain
from bot.cli.words import one_line
from bot.main import connect, replay

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings

#: Bad lines that are told one by one.
_TOLD = 20


async def replay_file(settings: Settings, file: Path) -> int:
    """Take the file in; return the exit status."""
    # Bytes that are no UTF-8 cost their own line alone.
    with file.open(encoding="utf-8", errors="surrogateescape", newline="\n") as counted:
        total = sum(1 for _ in counted)
    columns = (TextColumn("Taking in"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with (
        file.open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines,
        Progress(*columns, console=Console(stderr=True)) as progress,
    ):
        task = progress.add_task("lines", total=total)
        async with connect(settings) as house:
            result = await replay(house, lines, progress=lambda done: progress.update(task, completed=done))
    typer.echo(f"{result.taken} taken in, {result.known} known already, {len(result.bad)} bad")
    for number, why in result.bad[:_TOLD]:
        complain(f"{file.name} line {number}: {one_line(why, 300)}")
    if len(result.bad) > _TOLD:
        complain(f"and {len(result.bad) - _TOLD} more bad lines")
    return 1 if result.bad else 0
