"""Everything that any test makes us say in Teams, against Microsoft's own types, its renderer and our rules.

The tests that live in the fake Microsoft run once more, and it writes down what it got: cards, threads, forms
and the answers to presses. What a test of the fake itself says is no word of ours, and not among it.
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

from tests.adapters.msteams_payloads import FOLDER
from tests.adapters.teams_rules import Wrong, check_activity, check_card, check_task, check_words
from tests.peers.teams_cards import judged, microsofts_cards

pytestmark = [pytest.mark.peer, pytest.mark.timeout(480)]

__all__ = ["microsofts_cards"]

HOME = Path(__file__).parents[2]
#: A test that meets the fake Microsoft names it, itself or by what it lives in.
MEETS = re.compile(r"^from tests\.\S+ import .*\b(Teams|a_teams|TeamsHouse)\b", re.MULTILINE)
#: They speak to the fake, or to the door with a handler of their own.
NOT_OURS = re.compile(r"test_teams_(fake|door|tokens|keys|connector|known)")
Json = dict[str, Any]


def files_in_teams() -> list[Path]:
    """The files of all tests in which our app speaks to Teams."""
    files = [*(HOME / "tests").glob("**/test_*.py")]
    ours = (file for file in files if "peers" not in file.parts and not NOT_OURS.search(file.name))
    return [file for file in ours if MEETS.search(file.read_text())]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[Json]:
    """What all of them said, each different thing once."""
    folder = tmp_path_factory.mktemp("payloads")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2", *files_in_teams()]
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


def against_rules(kind: str, value: Json) -> str:
    """What our rules say against a payload; nothing for a right one."""
    try:
        if kind == "Message":
            check_activity(value)
        elif isinstance(told := value["task"]["value"] if kind == "Task" else value["value"], str):
            check_words(told)
        elif kind == "Task":
            check_task(value)
        else:
            check_card(told)
    except Wrong as wrong:
        return str(wrong)
    return ""


def test_whatever_a_test_makes_us_say_is_read_and_drawn_as_it_is_meant(said: list[Json]) -> None:
    answers = judged((one["kind"], one["value"]) for one in said)
    wrong = [(one["test"], one["kind"], answer) for one, answer in zip(said, answers, strict=True) if answer]
    assert wrong == []


def test_whatever_a_test_makes_us_say_keeps_our_rules(said: list[Json]) -> None:
    wrong = [
        (one["test"], one["kind"], why) for one in said if (why := against_rules(one["kind"], one["value"]))
    ]
    assert wrong == []


def test_everything_we_can_say_was_among_it(said: list[Json]) -> None:
    kinds = Counter(one["kind"] for one in said)
    assert kinds.keys() == {"Message", "Task", "Answer"}, kinds
    assert len(said) > 100, kinds


@pytest.mark.parametrize("fault", ["odd", "bare"])
def test_a_fault_in_any_kind_of_payload_is_found(said: list[Json], fault: str) -> None:
    first = {one["kind"]: one["value"] for one in said}
    needed = {"attachments", "task", "value"}
    odd = [(kind, {**value, "colour": "red"}) for kind, value in first.items()]
    bare = [(kind, {k: v for k, v in value.items() if k not in needed}) for kind, value in first.items()]
    assert all(judged(odd if fault == "odd" else bare))
