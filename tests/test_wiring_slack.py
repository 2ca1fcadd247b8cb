"""Slack in the settings: which lanes there are, who is told of a missing secret, what listens where."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from bot.main.slack import serve_slack, slack_names, slack_settings
from bot.main.wiring import connect
from tests.test_settings import ENV, GOOD, complaint, load

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings

SLACK = """
[slack]
mode = "{mode}"
team = "T0123456"

[[slack.places]]
name = "team"
channel = "C0123456"
risks = false
stub = true

[[slack.places]]
name = "quiet"
channel = "G0123456"
risks = true
categories = ["complaint"]
"""
TOKENS = {
    "LEVELHEAD_SLACK_BOT_TOKEN": "xoxb-a-token",
    "LEVELHEAD_SLACK_APP_TOKEN": "xapp-a-token",
    "LEVELHEAD_SLACK_SIGNING_SECRET": "0123456789abcdef",
}


def with_slack(folder: Path, mode: str = "socket") -> Settings:
    return load(folder, text=GOOD + SLACK.format(mode=mode), env={**ENV, **TOKENS})


def test_each_place_is_a_lane_and_its_secrets_show_nowhere(tmp_path: Path) -> None:
    settings = with_slack(tmp_path)
    assert slack_names(settings) == ("slack:team", "slack:quiet")
    assert settings.slack is not None
    chosen = slack_settings(settings.slack)
    assert [(place.channel, place.risks, place.stub) for place in chosen.places] == [
        ("C0123456", False, True), ("G0123456", True, False),
    ]  # fmt: skip
    assert not [secret for secret in TOKENS.values() if secret in repr(settings) + repr(chosen)]


@pytest.mark.parametrize(
    ("mode", "missing"), [("socket", "LEVELHEAD_SLACK_APP_TOKEN"), ("http", "LEVELHEAD_SLACK_SIGNING_SECRET")]
)
def test_a_missing_secret_of_slack_is_told_by_its_variable(tmp_path: Path, mode: str, missing: str) -> None:
    env = {**ENV, **{name: token for name, token in TOKENS.items() if name != missing}}
    said = complaint(tmp_path, text=GOOD + SLACK.format(mode=mode), env=env)
    assert said.splitlines() == [
        f"set the environment variable {missing}: Slack cannot be reached without it"
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('mode = "socket"', 'modes = "socket"', "did you mean 'mode'?"),
        ("stub = true", "stubs = true", "did you mean 'stub'?"),
        ('channel = "C0123456"', 'channel = "#support"', "the ID of a Slack channel"),
        ('name = "quiet"', 'name = "team"', "'team' is there twice"),
        ('team = "T0123456"', 'bot_token = "xoxb-in-the-file"', "LEVELHEAD_SLACK_BOT_TOKEN instead"),
    ],
)
def test_a_mistake_about_slack_is_told(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = GOOD + SLACK.format(mode="socket").replace(old, new, 1)
    said = complaint(tmp_path, text=text, env={**ENV, **TOKENS})
    assert words in said
    assert "xoxb-in-the-file" not in said


async def test_every_process_owes_slack_its_drawings_and_http_has_its_route(tmp_path: Path) -> None:
    settings = with_slack(tmp_path, "http")
    async with connect(settings) as house:
        assert set(house.parts.channels) == {"console", "slack:team", "slack:quiet"}
        assert set(house.store.channels) == set(house.parts.channels)
        assert settings.slack is not None
        async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
            stop = asyncio.Event()
            routes = await serve_slack(house.bot, house.store, settings.slack, stack, group, stop)
            assert [route.path for route in routes] == ["/slack/events"]
