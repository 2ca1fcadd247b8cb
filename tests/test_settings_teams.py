"""Teams in the settings: its places by their links, its people by their IDs in Entra, its secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import BadSettings
from bot.settings import Settings
from tests.test_settings import ENV, GOOD, TEAM, load

if TYPE_CHECKING:
    from pathlib import Path

TENANT = "0a0c7d2e-1111-4222-8333-944455556666"
LINK = "https://teams.microsoft.com/l/channel/19%3Aabcdefgh1234%40thread.tacv2/General?groupId=1&tenantId=2"
TEAMS = f"""
[teams]
app_id = "5f0c7d2e-1111-4222-8333-944455556666"
tenant = "{TENANT.upper()}"

[[teams.places]]
name = "team"
channel = "{LINK}"
"""
PEOPLE = f"""{TEAM}
[[people]]
id = "lena"
name = "Lena"
roles = ["responder"]
teams = "{TENANT}"

[[groups]]
teams = "19:abcdefgh1234@thread.tacv2"
roles = ["responder"]
"""
SET = ENV | {"LEVELHEAD_TEAMS_SECRET": "a-secret-of-teams"}


def read(folder: Path, text: str = GOOD + TEAMS, team: str = PEOPLE, env: dict[str, str] = SET) -> Settings:
    return load(folder, text, team, env)


def test_a_channel_is_named_by_its_link_and_the_secret_comes_from_the_environment(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.teams is not None
    assert settings.teams.tenant == TENANT
    assert [place.channel for place in settings.teams.places] == ["19:abcdefgh1234@thread.tacv2"]
    assert settings.teams.secret is not None
    assert "a-secret-of-teams" not in repr(settings)
    assert settings.team.people[-1].teams == TENANT
    assert settings.team.groups[0].teams == "19:abcdefgh1234@thread.tacv2"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (TEAMS.replace('app_id = "5f0c7d2e', 'app_id = "zz0c7d2e'), "Application (client) ID"),
        (TEAMS.replace("app_id", "#"), "teams.app_id: is missing; expected the Application (client) ID"),
        (TEAMS.replace(LINK, "#general"), "expected the link to a channel of Teams"),
        (TEAMS.replace('tenant = "0A', 'tenant = "'), "Directory (tenant) ID"),
        (TEAMS.replace("tenant =", 'secret = "x"\ntenant ='), "LEVELHEAD_TEAMS_SECRET"),
        (TEAMS + TEAMS[TEAMS.index("[[") :], "the name 'team' is there twice"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(BadSettings) as wrong:
        read(tmp_path, GOOD + text)
    assert says in str(wrong.value)


def test_without_its_secret_it_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="LEVELHEAD_TEAMS_SECRET"):
        read(tmp_path, env=ENV)


def test_a_group_belongs_to_some_chat(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="each needs slack or teams"):
        read(tmp_path, team=TEAM + '\n[[groups]]\nroles = ["responder"]\n')


def test_an_id_of_entra_is_told_from_anything_else(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="their object ID in Entra"):
        read(tmp_path, team=PEOPLE.replace(f'teams = "{TENANT}"', 'teams = "lena@example.com"'))
