"""`levelhead teams`: what Teams makes the app from."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.cli.levelhead import Said, levelhead
from tests.test_settings import GOOD, TEAM
from tests.test_settings_teams import SET, TEAMS

if TYPE_CHECKING:
    from pathlib import Path

URL = ("--url", "https://levelhead.example.com")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "levelhead.toml").write_text(GOOD + TEAMS)
    (tmp_path / "team.toml").write_text(TEAM)
    return tmp_path


def teams(folder: Path, *arguments: str) -> Said:
    return levelhead(folder, "teams", "package", *arguments, **SET)


def test_the_package_names_the_app_of_the_settings_and_says_where_teams_posts(folder: Path) -> None:
    said = teams(folder, *URL)
    assert (said.status, said.err) == (0, "")
    assert said.out.endswith("\nhttps://levelhead.example.com/teams/messages\n")
    with zipfile.ZipFile(folder / "levelhead-teams.zip") as archive:
        made = json.loads(archive.read("manifest.json"))
    assert made["id"] == "5f0c7d2e-1111-4222-8333-944455556666"
    assert made["validDomains"] == ["levelhead.example.com"]


def test_it_is_written_where_one_says_and_again_the_same(folder: Path) -> None:
    teams(folder, *URL, "--out", "one.zip")
    teams(folder, *URL, "--out", "two.zip")
    assert (folder / "one.zip").read_bytes() == (folder / "two.zip").read_bytes()
    assert not (folder / "levelhead-teams.zip").exists()


def test_without_teams_in_the_settings_it_says_what_is_missing(tmp_path: Path) -> None:
    said = teams(tmp_path, *URL)
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith(
        "levelhead: levelhead.toml has no section [teams]; the package needs its app_id"
    )
    assert not (tmp_path / "levelhead-teams.zip").exists()


def test_an_address_teams_cannot_post_to_is_a_line_and_no_package(folder: Path) -> None:
    said = teams(folder, "--url", "http://localhost:8081")
    assert (said.status, said.out) == (2, "")
    assert said.err == (
        "levelhead: 'http://localhost:8081' is no address that Teams posts to; "
        "expected one such as https://levelhead.example.com\n"
    )
    assert not (folder / "levelhead-teams.zip").exists()


def test_a_place_that_cannot_be_written_to_is_a_line(folder: Path) -> None:
    said = teams(folder, *URL, "--out", "nowhere/levelhead.zip")
    assert (said.status, said.out) == (2, "")
    assert said.err == "levelhead: 'nowhere/levelhead.zip' cannot be written: No such file or directory\n"


def test_its_help_names_where_the_id_comes_from(tmp_path: Path) -> None:
    said = teams(tmp_path, "--help")
    assert said.status == 0
    assert "Its ID is the app_id that levelhead.toml has for Teams." in said.out
