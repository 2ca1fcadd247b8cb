"""`levelhead --help` beside a bare typer program's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.stage import temporary_folder
from bench.table import Progress, Row, Sizes

AT_MOST = 1.3
_BARE = """\
import typer

app = typer.Typer()


@app.command()
def greet(name: str) -> None:
    "Say hello."
    print(f"Hello {name}")


app()
"""


async def rows(sizes: Sizes, progress: Progress) -> Sequence[Row]:
    """Start both, turn by turn."""
    ours: list[float] = []
    bare: list[float] = []
    levelhead = Path(sys.executable).with_name("levelhead")
    with temporary_folder() as folder:
        program = folder / "bare.py"
        program.write_text(_BARE)
        for nth in range(-1, sizes.helps):
            first, second = _seconds(str(levelhead)), _seconds(str(program))
            if nth >= 0:  # the first start reads everything from the disk
                ours.append(first)
                bare.append(second)
            progress((nth + 1) / sizes.helps)
    ratio = median(ours) / median(bare)
    return [
        Row(
            "`levelhead --help` : a bare typer program's",
            f"at most {AT_MOST:.2f}",
            f"{ratio:.2f}",
            f"{median(ours) * 1000:.0f} ms and {median(bare) * 1000:.0f} ms, median of {len(ours)} each",
            met=ratio <= AT_MOST,
        )
    ]


def _seconds(program: str) -> float:
    began = perf_counter()
    subprocess.run([sys.executable, program, "--help"], check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - began
