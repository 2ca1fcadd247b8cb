"""Run the command as its users do: a process of its own, in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COMMAND = Path(sys.executable).parent / "levelhead"
REPOSITORY = Path(__file__).parents[2]


class Said(NamedTuple):
    """How it ended, and what it said."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """What it printed as JSON, a value a line."""
        return [json.loads(line) for line in self.out.splitlines()]


def env() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return kept | {"PYTHONUTF8": "1", "COLUMNS": "120", "LOGNAME": "robin", "PYTHONWARNINGS": "error"}


def levelhead(folder: Path, *arguments: str, **more_env: str) -> Said:
    done = subprocess.run(
        [str(COMMAND), *arguments], cwd=folder, env=env() | more_env, capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip
    return Said(done.returncode, done.stdout, done.stderr)


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[None]:
    """Keep it running in the background, and end it as an operator would."""
    process = subprocess.Popen(
        [str(COMMAND), *arguments], cwd=folder, env=env(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        yield
    finally:
        process.terminate()
        _, err = process.communicate(timeout=30)
    assert process.returncode == 0, err.decode()


def until(condition: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)
