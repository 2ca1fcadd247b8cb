"""docs/teams.md gives settings that are taken, pictures that are there, and the library as it is used."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path
from re import DOTALL, MULTILINE, findall

import pytest

from adapters.chat.teams import turn
from adapters.chat.teams.door import PATH
from bot.domain.team import Team
from bot.settings import Teams

FOLDER = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module")
def page() -> str:
    return (FOLDER / "teams.md").read_text(encoding="utf-8")


def test_the_teams_settings_on_the_page_are_taken(page: str) -> None:
    blocks = [tomllib.loads(block) for block in toml(page)]
    first, several = [block["teams"] for block in blocks if "teams" in block]
    settings = Teams.model_validate(first)
    assert settings.places[0].channel == "19:abcdefgh@thread.tacv2", "out of the link"
    assert len(Teams.model_validate(first | several).places) == 3
    (team,) = [Team.model_validate(block) for block in blocks if "people" in block]
    assert team.people[0].teams
    assert team.groups[0].teams


def toml(page: str) -> list[str]:
    found = findall(r"( *)```toml\n(.*?)\n *```", page, DOTALL)
    return ["\n".join(line.removeprefix(indent) for line in text.split("\n")) for indent, text in found]


def test_each_picture_is_there_and_on_the_page(page: str) -> None:
    shown = findall(r"^!\[[^\]]+\]\(teams/(.+?\.png)\)$", page, MULTILINE)
    assert sorted(shown) == sorted(path.name for path in (FOLDER / "teams").glob("*.png"))


def test_the_page_names_the_address_that_is_served(page: str) -> None:
    assert f"https://levelhead.example.com{PATH}`" in page
    assert f"location = {PATH} {{" in page


def test_the_page_names_all_that_is_used_of_the_library(page: str) -> None:
    told = page.partition("## The library behind it")[2].partition("\n## ")[0]
    code = ast.parse(Path(turn.__file__).read_text(encoding="utf-8"))
    imports = [one for one in ast.walk(code) if isinstance(one, ast.ImportFrom)]
    used = {
        name.name
        for one in imports
        if (one.module or "").startswith(("botbuilder", "botframework"))
        for name in one.names
    }
    assert used
    assert {name for name in used if f"`{name}`" not in told} == set()
