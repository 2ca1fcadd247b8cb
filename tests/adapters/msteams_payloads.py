"""Every payload that a fake Microsoft got, by its kind; each test's, in a folder, for whoever judges them.

`tests/peers/test_teams_payloads.py` lets the tests run with the folder's name in the environment.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from tests.adapters.msteams import Teams

#: The variable that names the folder.
FOLDER = "LEVELHEAD_TEAMS_PAYLOADS"

Json = dict[str, Any]


def payloads(teams: Teams) -> Iterator[tuple[str, Json]]:
    """Yield everything our app said, with what it is called in `tests/peers/adaptive/shapes.ts`."""
    for activity in teams.sent:
        yield "Message", activity
    for said in teams.answers:
        if said:  # nothing closes a dialog, and takes note of all else
            yield ("Task" if "task" in said else "Answer"), said


def write_down(teams: Teams) -> None:
    """Write what Microsoft got as lines of `{"test", "kind", "value"}`, if the environment names a folder."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return
    test = os.environ.get("PYTEST_CURRENT_TEST", "")
    lines = [json.dumps({"test": test, "kind": kind, "value": value}) for kind, value in payloads(teams)]
    (Path(folder) / f"{uuid4().hex}.jsonl").write_text("".join(f"{line}\n" for line in lines))
