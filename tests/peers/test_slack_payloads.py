"""Everything that any test makes us say in Slack, against the shapes and the limits that Slack publishes.

The tests that live in the fake Slack run once more, and it writes down what it got: cards, threads, homes,
forms, what single people were told, what commands and forms were acknowledged with.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.slack_payloads import FOLDER
from tests.adapters.slack_rules import Wrong, check_message, check_view
from tests.peers.blocks import judged, slacks_types

pytestmark = [pytest.mark.peer, pytest.mark.timeout(480)]

__all__ = ["slacks_types"]

HOME = Path(__file__).parents[2]
#: A test that meets the fake Slack names it.
MEETS = re.compile(r"^from tests\.\S+ import .*\b(Slack|Room|a_slack)\b", re.MULTILINE)
Json = dict[str, Any]


def files_in_slack() -> list[Path]:
    """The files of all tests in which our app speaks to Slack."""
    files = (HOME / "tests").glob("**/test_*.py")
    return [file for file in files if "peers" not in file.parts and MEETS.search(file.read_text())]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[Json]:
    """What all of them said, each different thing once."""
    folder = tmp_path_factory.mktemp("payloads")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2", *files_in_slack()]
    told = {**os.environ, FOLDER: str(folder)}
    ran = subprocess.run(command, cwd=HOME, env=told, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    return list(once(lines(folder.glob("*.jsonl"))))


def lines(files: Iterable[Path]) -> Iterator[Json]:
    for file in files:
        for line in file.read_text().splitlines():
            yield json.loads(line)


def once(payloads: Iterable[Json]) -> Iterator[Json]:
    seen: set[str] = set()
    for one in payloads:
        name = json.dumps([one["kind"], one["value"]], sort_keys=True)
        if name not in seen:
            seen.add(name)
            yield one


def against_limits(kind: str, value: Json) -> str:
    """What Slack's limits say against a payload; nothing for a right one."""
    try:
        if "view" in value:
            check_view(value["view"])
        elif kind != "Submission":
            check_message(value)
    except Wrong as wrong:
        return str(wrong)
    return ""


def test_whatever_a_test_makes_us_say_is_of_slacks_own_shape(said: list[Json]) -> None:
    answers = judged((one["kind"], one["value"]) for one in said)
    wrong = [(one["test"], one["kind"], answer) for one, answer in zip(said, answers, strict=True) if answer]
    assert wrong == []


def test_whatever_a_test_makes_us_say_is_within_slacks_limits(said: list[Json]) -> None:
    wrong = [
        (one["test"], one["kind"], why) for one in said if (why := against_limits(one["kind"], one["value"]))
    ]
    assert wrong == []


def test_everything_we_can_say_was_among_it(said: list[Json]) -> None:
    kinds = Counter(one["kind"] for one in said)
    every = {"Post", "Redrawing", "Ephemeral", "Answer", "Opening", "Replacing", "Publishing", "Submission"}
    assert kinds.keys() == every, kinds
    assert len(said) > 300, kinds


@pytest.mark.parametrize("fault", ["odd", "bare"])
def test_a_fault_in_any_kind_of_payload_is_found(said: list[Json], fault: str) -> None:
    first = {one["kind"]: one["value"] for one in said}
    needed = {"text", "view", "response_action"}
    odd = [(kind, {**value, "colour": "red"}) for kind, value in first.items()]
    bare = [(kind, {k: v for k, v in value.items() if k not in needed}) for kind, value in first.items()]
    assert all(judged(odd if fault == "odd" else bare))
