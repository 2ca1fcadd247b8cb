"""The command `levelhead`: its helps, its errors, its verdicts, its exit statuses."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bot.settings import DEMO
from tests.cli.levelhead import COMMAND, REPOSITORY, env, levelhead

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = [
    ["run"], ["demo"], ["check"], ["replay"], ["pause"], ["resume"], ["protocol", "check"],
    ["console", "link"], ["case", "list"], ["case", "search"], ["case", "show"], ["case", "decide"],
    ["case", "retry"], ["slack", "manifest"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_help_says_what_it_does_with_an_example(tmp_path: Path, command: list[str]) -> None:
    said = levelhead(tmp_path, *command, "--help")
    assert said.status == 0
    assert f"Example: levelhead {' '.join(command)}" in said.out
    assert list(tmp_path.iterdir()) == [], "a help touches nothing"


def test_a_help_loads_nothing_but_typer() -> None:
    code = (
        "import typer, sys; before = set(sys.modules); import bot.cli;"
        "new = {m for m in set(sys.modules) - before if m.split('.')[0] not in sys.stdlib_module_names};"
        "print(sorted(new))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=30
    )
    parts = ("", ".cases", ".commands", ".common", ".slack", ".stats", ".teams")
    assert done.stdout.strip() == str(["bot", *(f"bot.cli{part}" for part in parts), "bot.errors"])


def test_a_mistake_in_the_settings_is_a_line_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "levelhead.toml").write_text('brand = "acme"\nshadov = true\n', encoding="utf-8")
    (tmp_path / "team.toml").write_text((DEMO / "team.toml").read_text(encoding="utf-8"), encoding="utf-8")
    for command in (["run"], ["case", "list"], ["pause"]):
        said = levelhead(tmp_path, *command)
        assert (said.status, said.out) == (2, "")
        assert said.err.splitlines()[0] == (
            "levelhead: levelhead.toml line 2, shadov: unknown name; did you mean 'shadow'?"
        )
        assert "Traceback" not in said.err


def test_check_shows_a_mistake_in_the_settings_as_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "levelhead.toml").write_text("brand = 5\n", encoding="utf-8")
    (tmp_path / "team.toml").write_text((DEMO / "team.toml").read_text(encoding="utf-8"), encoding="utf-8")
    said = levelhead(tmp_path, "check")
    assert said.status == 1
    assert said.out.startswith("✗ settings: levelhead.toml line 1, brand: expected a short name")


def test_check_tells_of_desks_and_languages_in_the_team_file_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "levelhead.toml").write_text((DEMO / "levelhead.toml").read_text(encoding="utf-8"))
    team = (DEMO / "team.toml").read_text(encoding="utf-8")
    slips = team.replace('"press"', '"presse"').replace('["en", "es", "tr"]', '["en", "ge"]')
    (tmp_path / "team.toml").write_text(slips, encoding="utf-8")
    said = levelhead(tmp_path, "check")
    assert said.status == 1
    assert "✗ team: Tomás Reis: the protocol has no desk 'presse'; it has " in said.out
    assert "! team: Tomás Reis reads 'ge': is the code right?" in said.out
    assert "! team: nobody in team.toml answers for the desk 'press'" in said.out
    assert "levelhead.toml, which is a demo" in said.out


def test_check_ends_without_a_word_when_nobody_reads_on(tmp_path: Path) -> None:
    # A model that cannot be reached is waited for, so that what follows finds the door shut.
    model = '\n[model]\nname = "m"\nbase_url = "http://127.0.0.1:9/v1"\ntries = 2\n'
    (tmp_path / "levelhead.toml").write_text((DEMO / "levelhead.toml").read_text(encoding="utf-8") + model)
    (tmp_path / "team.toml").write_text((DEMO / "team.toml").read_text(encoding="utf-8"))
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([COMMAND, "check"], cwd=tmp_path, env=env(), **pipes) as it:
        assert it.stdout
        assert it.stderr
        while b"record" not in it.stdout.readline():
            pass
        it.stdout.close()  # as `levelhead check | head` does
        assert it.stderr.read() == b""


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    said = levelhead(tmp_path, "--folder", "nowhere", "case", "list")
    assert said.status == 2
    assert "there is no folder 'nowhere'" in said.err


def test_a_record_that_cannot_be_reached_is_told(tmp_path: Path) -> None:
    said = levelhead(tmp_path, "case", "list", REDIS_URL="redis://127.0.0.1:1/0")
    assert said.status == 2
    assert said.err.startswith("levelhead: ")
    assert "Traceback" not in said.err


def test_the_default_protocol_can_be_used(tmp_path: Path) -> None:
    said = levelhead(tmp_path, "protocol", "check", str(REPOSITORY / "prompts/protocol/default.toml"))
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith("default.toml can be used")


def test_a_protocol_with_a_mistake_points_at_its_line(tmp_path: Path) -> None:
    text = (REPOSITORY / "prompts/protocol/default.toml").read_text(encoding="utf-8")
    lines = text.splitlines()
    number = next(n for n, line in enumerate(lines, 1) if line.startswith("undo_seconds"))
    (tmp_path / "ours.toml").write_text(text.replace("undo_seconds", "undo_secnds", 1), encoding="utf-8")
    said = levelhead(tmp_path, "protocol", "check", "ours.toml")
    assert said.status == 1
    assert f"ours.toml line {number}, undo_secnds: unknown name; did you mean 'undo_seconds'?" in said.err


@pytest.mark.parametrize("content", [b"\xff", b"name = ", b""])
def test_what_is_no_protocol_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ours.toml").write_bytes(content)
    said = levelhead(tmp_path, "protocol", "check", "ours.toml")
    assert said.status == 1
    assert "ours.toml" in said.err
    assert "Traceback" not in said.err


def test_a_sign_in_link_is_for_somebody_on_the_team(tmp_path: Path) -> None:
    assert levelhead(tmp_path, "console", "link", "maya").out.startswith("http://127.0.0.1:8080/")
    stranger = levelhead(tmp_path, "console", "link", "zoe")
    assert stranger.status == 2
    assert "maya" in stranger.err
