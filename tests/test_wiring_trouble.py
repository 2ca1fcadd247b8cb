"""What `levelhead check` and a start say of channels that refuse their cards, and of pagers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import BadSettings
from bot.main.checkup import Verdict, check
from bot.main.running import run
from bot.main.wiring import connect
from bot.settings import load_settings
from tests.test_settings import ENV
from tests.test_wiring_slack import TOKENS, with_slack

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings

PAGERS = {"LEVELHEAD_PAGER": "json://127.0.0.1:9/hunter2 nosuch://hunter2"}


def demo(folder: Path, **env: str) -> Settings:
    return load_settings(folder, env, demo=True)


async def verdicts(settings: Settings) -> dict[str, Verdict]:
    return {verdict.name: verdict async for verdict in check(settings)}


async def test_check_fails_while_a_channel_refuses_its_cards(tmp_path: Path) -> None:
    settings = demo(tmp_path)
    assert "console" not in await verdicts(settings)
    async with connect(settings) as house:
        await house.store.trouble("console", "No card can be put up in console: it is gone.")
    said = (await verdicts(settings))["console"]
    assert said.ok is False
    assert said.says.startswith("No card can be put up in console: it is gone. Last tried at ")


async def test_check_says_which_addresses_of_pagers_are_understood_and_shows_none(tmp_path: Path) -> None:
    said = await verdicts(demo(tmp_path, **PAGERS))
    assert said["pager 1 (json)"] == Verdict(
        ok=True, name="pager 1 (json)", says="its address is understood; nothing was sent"
    )
    assert said["pager 2 (nosuch)"].ok is False
    assert "LEVELHEAD_PAGER: apprise does not understand address 2" in said["pager 2 (nosuch)"].says
    assert "hunter2" not in str(said)


async def test_a_start_with_an_address_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="LEVELHEAD_PAGER: apprise does not understand address 2"):
        await run(demo(tmp_path, **PAGERS), web=False, worker=True, sources=False, say=lambda _: None)


async def test_a_house_has_a_pager_for_each_address_and_slack_without_one_is_told(tmp_path: Path) -> None:
    settings = with_slack(tmp_path)
    async with connect(settings) as house:
        assert house.parts.pagers == ()
    async with connect(load_settings(tmp_path, {**ENV, **TOKENS, **PAGERS})) as house:
        assert [pager.name for pager in house.parts.pagers] == ["pager 1 (json)", "pager 2 (nosuch)"]
