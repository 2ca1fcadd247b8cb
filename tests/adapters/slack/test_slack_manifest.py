"""The manifest asks for what the sources use, and for nothing else."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

import adapters.chat.slack
import bot.main
from adapters.chat.slack.door import PATH
from adapters.chat.slack.manifest import COMMAND, EVENTS, NEEDS, SCOPES, manifest, manifest_text
from adapters.chat.slack.names import SHORTCUT
from bot.errors import BadInput

FOLDER = Path(adapters.chat.slack.__file__).parent
MAIN = Path(bot.main.__file__).parent
_METHOD = re.compile(r"[a-z]+(\.[a-zA-Z]+)+")


def trees() -> Iterator[ast.AST]:
    """The sources of the adapter, without the table itself."""
    for file in sorted(FOLDER.glob("*.py")):
        if file.name != "manifest.py":
            yield ast.parse(file.read_text(encoding="utf-8"))


def methods() -> set[str]:
    """Every text in the sources that names a method of Slack's Web API: its own client has them all."""
    texts = {
        node.value
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {
        text for text in texts if _METHOD.fullmatch(text) and hasattr(AsyncWebClient, text.replace(".", "_"))
    }


def heard() -> set[str]:
    """Every event that Bolt is told to listen to."""
    return {
        str(call.args[0].value)
        for tree in trees()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "event"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def test_every_method_called_has_its_scopes_in_the_table_and_no_other_is_there() -> None:
    assert methods() == set(NEEDS)


def test_no_scope_is_asked_for_that_no_method_event_or_command_needs() -> None:
    used = {scope for method in methods() for scope in NEEDS[method]}
    used |= {scope for event in heard() for scope in EVENTS[event]} | {"commands"}
    assert set(SCOPES) == used
    scopes = manifest(socket=True)["oauth_config"]["scopes"]
    assert scopes == {"bot": sorted(used)}, "and none of a person's"


def test_it_subscribes_to_exactly_the_events_that_are_listened_to() -> None:
    assert set(manifest(socket=True)["settings"]["event_subscriptions"]["bot_events"]) == heard()


def test_the_shortcut_on_a_message_is_there() -> None:
    shortcuts = manifest(socket=True)["features"]["shortcuts"]
    assert [(shortcut["type"], shortcut["callback_id"]) for shortcut in shortcuts] == [("message", SHORTCUT)]


def test_over_socket_mode_slack_is_told_no_address() -> None:
    text = manifest_text(socket=True)
    assert "http" not in text
    assert json.loads(text)["settings"]["socket_mode_enabled"] is True


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("https://levelhead.example.com", "https://levelhead.example.com"),
        ("https://levelhead.example.com/", "https://levelhead.example.com"),
        (f"https://levelhead.example.com{PATH}", "https://levelhead.example.com"),
        ("https://example.com:8443/levelhead/", "https://example.com:8443/levelhead"),
    ],
)
def test_over_http_everything_goes_to_the_one_path_that_is_served(given: str, asked: str) -> None:
    made = manifest(socket=False, url=given)
    settings: dict[str, Any] = made["settings"]
    url = f"{asked}{PATH}"
    assert settings["socket_mode_enabled"] is False
    assert settings["event_subscriptions"]["request_url"] == url
    assert settings["interactivity"] == {"is_enabled": True, "request_url": url}
    assert made["features"]["slash_commands"][0]["url"] == url


@pytest.mark.parametrize(
    "url",
    ["", "levelhead.example.com", "http://levelhead.example.com", "https://", "https://me@example.com",
     "https://example.com/?a=b", "https://[example", "ftp://example.com"],
)  # fmt: skip
def test_an_address_that_slack_does_not_post_to_is_refused(url: str) -> None:
    with pytest.raises(BadInput, match=r"such as https://levelhead\.example\.com"):
        manifest(socket=False, url=url)


def test_the_command_names_every_word_that_it_takes() -> None:
    (command,) = manifest(socket=True)["features"]["slash_commands"]
    assert command["command"] == COMMAND
    words = {part.split()[0] for part in command["usage_hint"].split(" | ")}
    assert words == {"queue", "search", "case", "next", "pause", "resume", "stats", "help"}


def test_people_can_be_told_something_in_the_apps_own_tab_and_write_nothing_there() -> None:
    tabs = manifest(socket=True)["features"]["app_home"]
    assert tabs == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": True,
    }


def test_tokens_do_not_rotate_and_the_app_serves_one_workspace() -> None:
    settings = manifest(socket=True)["settings"]
    assert settings["token_rotation_enabled"] is False
    assert settings["org_deploy_enabled"] is False
