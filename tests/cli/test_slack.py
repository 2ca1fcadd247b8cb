"""`levelhead slack`: what Slack makes the app from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.cli.levelhead import levelhead

if TYPE_CHECKING:
    from pathlib import Path


def test_the_manifest_is_json_and_needs_no_settings(tmp_path: Path) -> None:
    said = levelhead(tmp_path, "slack", "manifest")
    assert (said.status, said.err) == (0, "")
    assert json.loads(said.out)["settings"]["socket_mode_enabled"] is True
    assert list(tmp_path.iterdir()) == []


def test_over_http_it_names_our_address(tmp_path: Path) -> None:
    said = levelhead(tmp_path, "slack", "manifest", "--http", "https://hooks.example.com")
    events = json.loads(said.out)["settings"]["event_subscriptions"]
    assert events["request_url"] == "https://hooks.example.com/slack/events"


def test_an_address_slack_cannot_post_to_is_a_line_and_no_manifest(tmp_path: Path) -> None:
    said = levelhead(tmp_path, "slack", "manifest", "--http", "http://localhost:8081")
    assert (said.status, said.out) == (2, "")
    assert said.err == (
        "levelhead: 'http://localhost:8081' is no address that Slack posts to; "
        "expected one such as https://levelhead.example.com\n"
    )
