"""Ask Microsoft's own types and renderer of Adaptive Cards what they have against what we send to Teams."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
#: A kind of `adaptive/shapes.ts`, and what is sent as it.
Drawing = tuple[str, dict[str, Any]]


@pytest.fixture(scope="module", autouse=True)
def microsofts_cards() -> None:
    """Skip, or fail where they are asked for, without Microsoft's types and renderer."""
    parts = (HERE / "node_modules" / name for name in ("@microsoft/teams.cards", "adaptivecards", "jsdom"))
    if shutil.which("node") and all(part.is_dir() for part in parts):
        return
    if os.environ.get("LEVELHEAD_PEERS") == "required":
        pytest.fail("Microsoft's Adaptive Cards are not installed: tests/peers/install.sh does it")
    pytest.skip("Microsoft's own types and renderer were NOT asked: 'make peers' installs them")


def judged(drawn: Iterable[Drawing]) -> list[list[str]]:
    """What they say against each drawing; nothing for a right one."""
    lines = "".join(json.dumps({"kind": kind, "value": value}) + "\n" for kind, value in drawn)
    done = subprocess.run(
        ["node", HERE / "adaptive" / "judge.mjs"],
        input=lines, capture_output=True, text=True, check=True, timeout=170, cwd=HERE,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]
