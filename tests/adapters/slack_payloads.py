"""Every payload that a fake Slack got, by its kind; each test's, in a folder, for whoever judges them.

`tests/peers/test_block_kit.py` lets the tests run with the folder's name in the environment.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from tests.adapters.slacks import Slack

#: The variable that names the folder.
FOLDER = "LEVELHEAD_SLACK_PAYLOADS"
#: The methods that bring words, and what each of them is called in `tests/peers/blockkit/shapes.ts`.
KINDS = {
    "chat.postMessage": "Post", "chat.update": "Redrawing", "chat.postEphemeral": "Ephemeral",
    "views.open": "Opening", "views.push": "Opening", "views.update": "Replacing",
    "views.publish": "Publishing",
}  # fmt: skip

Json = dict[str, Any]


def payloads(slack: Slack) -> Iterator[tuple[str, Json]]:
    """Yield everything our app said, whether or not it was taken."""
    for method, asked in slack.calls:
        if method in KINDS:
            yield KINDS[method], asked
    for response in slack.responses:
        yield "Answer", {name: value for name, value in response.items() if name != "response_url"}
    for said in slack.acknowledgements:
        if "challenge" not in said:  # Slack's own word, given back when an address is set up
            yield ("Submission" if "response_action" in said else "Answer"), said


def write_down(slack: Slack) -> None:
    """Write what a Slack got as lines of `{"test", "kind", "value"}`, if the environment names a folder."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return
    test = os.environ.get("PYTEST_CURRENT_TEST", "")
    lines = [json.dumps({"test": test, "kind": kind, "value": value}) for kind, value in payloads(slack)]
    (Path(folder) / f"{uuid4().hex}.jsonl").write_text("".join(f"{line}\n" for line in lines))
