"""Teams in the settings becomes its lanes and a route on the public door; without it nothing of it loads."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from bot.main.teams import serve_teams, teams_names, teams_settings
from bot.main.wiring import connect
from tests.test_settings_teams import TENANT, read

if TYPE_CHECKING:
    from pathlib import Path


def test_each_place_is_a_lane_and_the_secret_shows_nowhere(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert teams_names(settings) == ("teams:team",)
    assert settings.teams is not None
    chosen = teams_settings(settings.teams)
    assert [place.channel for place in chosen.places] == ["19:abcdefgh1234@thread.tacv2"]
    assert chosen.tenants == {TENANT}, "its own organisation is heard, and no other"
    assert "a-secret-of-teams" not in repr(settings) + repr(chosen)


async def test_a_house_with_teams_has_its_channel_and_waits_on_the_public_door(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.teams is not None
    async with connect(settings) as house, AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        assert list(house.parts.channels) == ["console", "teams:team"]
        routes = await serve_teams(house.bot, house.store, house.keeper, settings.teams, stack, group)
    assert [(route.method, route.path) for route in routes] == [("POST", "/teams/messages")]


def test_without_teams_nothing_of_its_library_is_loaded() -> None:
    named = "('botbuilder', 'botframework', 'jwt')"
    looks = f"import sys, bot.cli, bot.main; print([m for m in sys.modules if m.startswith({named})])"
    told = subprocess.run([sys.executable, "-c", looks], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
