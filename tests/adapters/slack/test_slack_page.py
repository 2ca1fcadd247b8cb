"""docs/slack.md tells of the card as it is drawn, and of nothing that is not there."""

from __future__ import annotations

import tomllib
from pathlib import Path
from re import DOTALL, findall

import pytest

from adapters.chat.slack.manifest import SCOPES
from bot.domain.case import State
from bot.domain.team import Team
from bot.settings import Slack
from tests.adapters.slack.drawn_as_text import PAGE, PICTURE, as_text, pictures
from tests.adapters.slack.examples import STATES

AGAIN = "draw them again: python -m tests.adapters.slack.drawn_as_text"


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def test_the_page_shows_each_example_as_the_adapter_draws_it(page: str) -> None:
    shown = {found["name"]: found["text"] for found in PICTURE.finditer(page)}
    now = pictures()
    assert set(shown) == set(now)
    drifted = [name for name in now if shown[name] != now[name]]
    assert not drifted, AGAIN


def test_there_is_an_example_of_every_state_but_the_one_that_looks_like_another() -> None:
    # DRAFTED lasts until the card is up, and is drawn as the review it becomes.
    assert set(STATES.values()) == set(State) - {State.DRAFTED}


def test_the_page_names_every_scope_and_no_other(page: str) -> None:
    table = page.partition("| the app asks for |")[2].partition("\n\n")[0]
    named = {
        scope
        for row in table.splitlines()
        for scope in findall(r"`([a-z_.]+(?::[a-z.]+)?)`", row[: row.find("|", 2)])
    }
    assert named == set(SCOPES)


def test_the_settings_on_the_page_are_taken() -> None:
    blocks = [tomllib.loads(block) for block in toml(PAGE)]
    sections = [block["slack"] for block in blocks if "slack" in block]
    assert len(sections) == 2
    first, several = sections
    assert Slack.model_validate(first).mode == "socket"
    assert len(Slack.model_validate(several).places) == 3
    (people,) = [block["people"] for block in blocks if "people" in block]
    assert Team.model_validate({"people": people}).people[0].slack


def toml(page: Path) -> list[str]:
    found = findall(r"( *)```toml\n(.*?)\n *```", page.read_text(encoding="utf-8"), DOTALL)
    return ["\n".join(line.removeprefix(indent) for line in text.split("\n")) for indent, text in found]


def test_a_picture_has_a_bar_beside_a_strangers_words_on_every_line() -> None:
    words = {"type": "rich_text_quote", "elements": [{"type": "text", "text": "one\n\n" + "two " * 60}]}
    lines = as_text([{"type": "rich_text", "elements": [words]}]).split("\n")
    assert len(lines) > 3
    assert all(line.startswith("│") for line in lines)
