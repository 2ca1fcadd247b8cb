"""What a measurement says, how big it is, and the table of them all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.table import Table

#: Told how far a long measurement is, from 0 to 1.
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    target: str
    measured: str
    beside: str
    met: bool


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is done for each row."""

    rounds: int = 5
    mentions: int = 1000
    warm: int = 200
    waiting: int = 100_000
    kept: int = 2000
    memory: tuple[int, int] = (10_000, 100_000)
    helps: int = 11
    drafts: int = 101
    presses: int = 300
    invokes: int = 160
    pacing: float = 40.0  # seconds


#: Enough to see that every measurement works.
QUICK = Sizes(
    rounds=1,
    mentions=8,
    warm=4,
    waiting=200,
    kept=8,
    memory=(10, 20),
    helps=1,
    drafts=3,
    presses=4,
    invokes=4,
    pacing=3.0,
)


def drawn(rows: Sequence[Row]) -> Table:
    """Return the rows as a table."""
    table = Table(show_lines=True, title="Levelhead: speed and size")
    table.add_column("What")
    table.add_column("Target")
    table.add_column("Measured", justify="right")
    table.add_column("Beside it")
    for row in rows:
        verdict = "[green]met[/]" if row.met else "[bold red]MISSED[/]"
        table.add_row(row.what, row.target, f"{row.measured}\n{verdict}", row.beside)
    return table
