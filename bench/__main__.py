"""`python -m bench`: measure everything and print one table. No file stays behind."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from bench import cards, crowd, drafts, kept, memory, presses, starting, teams, workers
from bench.process import run
from bench.table import QUICK, Row, Sizes, drawn
from bench.table import Progress as Tell

ROWS: dict[str, Callable[[Sizes, Tell], Coroutine[Any, Any, Sequence[Row]]]] = {
    "cards": cards.rows,
    "workers": workers.rows,
    "crowd": crowd.rows,
    "bytes": kept.rows,
    "memory": memory.rows,
    "help": starting.rows,
    "drafts": drafts.rows,
    "presses": presses.rows,
    "teams": teams.rows,
}

#: Where the table goes to no terminal.
WIDTH = 140


def main() -> None:
    """Read what is asked for, measure it, print it."""
    parser = ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=ROWS, action="append", help="only this row; may be given again")
    parser.add_argument("--quick", action="store_true", help="small numbers, which say nothing about speed")
    asked = parser.parse_args()
    sizes = QUICK if asked.quick else Sizes()
    shown = Console(stderr=True)
    rows: list[Row] = []
    with Progress(
        TextColumn("{task.description:8}"), BarColumn(), TimeElapsedColumn(), console=shown, transient=True
    ) as bars:
        for name in asked.only or ROWS:
            bar = bars.add_task(name, total=1.0)
            rows += asyncio.run(ROWS[name](sizes, partial(_tell, bars, bar)))
            bars.update(bar, completed=1.0)
    table = Console()
    # A file or a pipe has no width; the table is not to be cut there.
    table.width = table.width if table.is_terminal else WIDTH
    table.print(drawn(rows))
    if asked.quick:
        table.print("Small numbers: everything can be measured; how fast it is, they do not say.")


def _tell(bars: Progress, bar: TaskID, share: float) -> None:
    bars.update(bar, completed=share)


if __name__ == "__main__":
    run(main)
