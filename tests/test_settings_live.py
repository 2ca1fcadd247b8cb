"""What the operator sets of a model, a feed, an account and the door of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.settings import BlueskySource, FeedSource, Settings
from tests.test_settings import ENV, GOOD, TEAM, complaint, load

if TYPE_CHECKING:
    from pathlib import Path

LIVE = """
[model]
name = "some-model"
{model}

[[sources]]
kind = "feed"
name = "blogs"
url = "https://blogs.example.com/all.xml"
words = ["Brightloaf"]
but_not = ["Brightloaf Records"]

[[sources]]
kind = "bluesky"
name = "sky"
account = "brightloaf.example.com"
words = ["Brightloaf"]
"""
KEYS = {"LEVELHEAD_MODEL_KEY": "sk-a-key", "LEVELHEAD_BLUESKY_SKY_PASSWORD": "abcd-efgh-ijkl-mnop"}


def live(folder: Path, model: str = "", env: dict[str, str] = KEYS) -> Settings:
    return load(folder, text=GOOD + LIVE.format(model=model), env={**ENV, **env})


def told_live(folder: Path, model: str = "", env: dict[str, str] = KEYS) -> str:
    return complaint(folder, text=GOOD + LIVE.format(model=model), env={**ENV, **env})


def test_a_model_a_feed_and_an_account_are_read_with_secrets_from_the_environment(tmp_path: Path) -> None:
    settings = live(tmp_path)
    assert settings.model is not None
    assert settings.model.key is not None
    assert settings.model.key.get_secret_value() == "sk-a-key"
    feed, sky = settings.sources[-2:]
    assert isinstance(feed, FeedSource)
    assert isinstance(sky, BlueskySource)
    assert feed.keywords is not None
    assert feed.keywords.found("Brightloaf Records") is None
    assert (sky.url, sky.password and sky.password.get_secret_value()) == (
        "https://bsky.social", "abcd-efgh-ijkl-mnop",
    )  # fmt: skip
    assert not [secret for secret in KEYS.values() if secret in repr(settings)]


@pytest.mark.parametrize("variable", KEYS)
def test_a_missing_key_is_told_by_its_variable(tmp_path: Path, variable: str) -> None:
    assert variable in told_live(tmp_path, env={name: KEYS[name] for name in KEYS if name != variable})


def test_a_model_of_our_own_network_needs_no_key(tmp_path: Path) -> None:
    only_sky = {"LEVELHEAD_BLUESKY_SKY_PASSWORD": "abcd"}
    for url in ("http://127.0.0.1:11434/v1", "http://ollama:11434/v1", "http://10.0.0.5/v1"):
        assert live(tmp_path, f'base_url = "{url}"', only_sky).model is not None
    far = told_live(tmp_path, 'base_url = "http://models.example.com/v1"', only_sky)
    assert "should begin with https" in far


def test_a_key_never_travels_in_the_clear(tmp_path: Path) -> None:
    assert "should begin with https" in told_live(tmp_path, 'base_url = "http://ollama:11434/v1"')


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('key = "sk-in-the-file"', "set the environment variable LEVELHEAD_MODEL_KEY instead"),
        ('api = "completions"', 'expected one of "chat.completions", "responses"'),
        ("timeout_seconds = 600", "a number of seconds from 1 to 120"),
        ("tokens_a_days = 5", "did you mean 'tokens_a_day'?"),
        ('currency = "euro"', "three capital letters"),
    ],
)
def test_a_mistake_about_the_model_is_told(tmp_path: Path, line: str, words: str) -> None:
    said = told_live(tmp_path, line)
    assert words in said
    assert "sk-in-the-file" not in said


def test_each_door_has_a_port_of_its_own(tmp_path: Path) -> None:
    said = complaint(tmp_path, text=GOOD + "\n[ops]\nport = 8081\n")
    assert "ops.port: 8081 is the public door's" in said


def test_groups_of_slack_give_roles_and_a_mistake_in_one_is_told(tmp_path: Path) -> None:
    groups = TEAM + '\n[[groups]]\nslack = "@support"\nroles = ["responder"]\ndesks = ["legal"]\n'
    settings = load(tmp_path, team=groups)
    (group,) = settings.team.groups
    assert (group.slack, [role.value for role in group.roles]) == ("@support", ["responder"])
    said = complaint(tmp_path, team=groups.replace('roles = ["responder"]\ndesks', "role"))
    assert "groups[1].role: unknown name; did you mean 'roles'?" in said
