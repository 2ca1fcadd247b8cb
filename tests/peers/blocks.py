"""Ask Slack's own types, as a JSON schema, what they have against what we send."""

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
#: A kind of `blockkit/shapes.ts`, and what is sent as it.
Drawing = tuple[str, dict[str, Any]]


@pytest.fixture(scope="module", autouse=True)
def slacks_types() -> None:
    """Skip, or fail where they are asked for, without Slack's types."""
    there = shutil.which("node") and (HERE / "node_modules" / "@slack" / "types").is_dir()
    if there:
        return
    if os.environ.get("LEVELHEAD_PEERS") == "required":
        pytest.fail("Slack's types are not installed: tests/peers/install.sh does it")
    pytest.skip("Slack's own types were NOT asked: 'make peers' installs them")


def judged(drawn: Iterable[Drawing]) -> list[list[str]]:
    """What Slack's types say against each drawing; nothing for a right one."""
    lines = "".join(json.dumps({"kind": kind, "value": value}) + "\n" for kind, value in drawn)
    done = subprocess.run(
        ["node", HERE / "blockkit" / "judge.mjs"],
        input=lines, capture_output=True, text=True, check=True, timeout=120, cwd=HERE,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]
