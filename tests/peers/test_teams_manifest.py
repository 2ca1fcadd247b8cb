"""The manifest of the Teams app against Microsoft's own schema of it."""

from __future__ import annotations

import copy
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from adapters.chat.teams.package import SCHEMA, manifest
from tests.adapters.msteams import APP

pytestmark = [pytest.mark.peer, pytest.mark.timeout(120)]

HERE = Path(__file__).parent
Json = dict[str, Any]


@pytest.fixture(scope="module", autouse=True)
def microsofts_schema() -> None:
    """Skip, or fail where it is asked for, without Microsoft's schema."""
    if shutil.which("node") and (HERE / "node_modules" / "@microsoft" / "app-manifest").is_dir():
        return
    if os.environ.get("LEVELHEAD_PEERS") == "required":
        pytest.fail("Microsoft's schema of manifests is not installed: tests/peers/install.sh does it")
    pytest.skip("Microsoft's own schema of manifests was NOT asked: 'make peers' installs it")


def judged(manifests: Iterable[tuple[str, Json]]) -> list[list[str]]:
    """What the schema of a version says against each manifest; nothing for a right one."""
    lines = "".join(json.dumps({"version": version, "value": value}) + "\n" for version, value in manifests)
    done = subprocess.run(
        ["node", HERE / "teamsapp" / "judge.mjs"],
        input=lines, capture_output=True, text=True, check=True, timeout=60, cwd=HERE,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


def ours() -> Json:
    return manifest(APP, "https://levelhead.example.com")


def test_our_manifest_is_right_in_the_version_that_it_names() -> None:
    assert judged([(SCHEMA, ours())]) == [[]]


def test_an_older_version_would_not_take_private_and_shared_channels() -> None:
    (wrong,) = judged([("1.22", ours() | {"manifestVersion": "1.22"})])
    assert [one for one in wrong if "additional properties" in one]


FAULTS: dict[str, Callable[[Json], Any]] = {
    "a field unheard of": lambda m: m.update(colour="red"),
    "no version": lambda m: m.pop("version"),
    "a name too long": lambda m: m["name"].update(short="Levelhead " * 4),
    "a summary too long": lambda m: m["description"].update(short="calm " * 17),
    "an address that is none": lambda m: m["developer"].update(websiteUrl="levelhead.example.com"),
    "an ID that is none": lambda m: m["bots"][0].update(botId="levelhead"),
    "a scope that is none": lambda m: m["bots"][0].update(scopes=["everywhere"]),
    "too many commands": lambda m: m["bots"][0]["commandLists"][0]["commands"].extend(
        [{"title": "x", "description": "x"}] * 10
    ),
    "an action's name too long": lambda m: m["composeExtensions"][0]["commands"][0].update(title="x" * 33),
    "a colour that is none": lambda m: m.update(accentColor="blue"),
    "one icon": lambda m: m["icons"].pop("outline"),
}


def test_every_planted_fault_is_found() -> None:
    planted: list[tuple[str, Json]] = []
    for plant in FAULTS.values():
        made = copy.deepcopy(ours())
        plant(made)
        planted.append((SCHEMA, made))
    answers = dict(zip(FAULTS, judged(planted), strict=True))
    assert [name for name, wrong in answers.items() if not wrong] == []
