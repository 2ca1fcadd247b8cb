"""Cases from the command line, end to end: taken in, worked on, listed, shown, decided."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bot.settings import DEMO
from tests.cli.levelhead import levelhead, running, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NASTY = "The bread from @brightloaf was cold \x1b[31m\x1b]0;owned\x07 and late. \u202eterrible"


def mention(number: int, text: str, **more: object) -> str:
    said = {
        "source": "square", "platform": "square", "id": str(number), "text": text, "tagged": True,
        "author": {"handle": f"guest{number}", "name": "Ada\x1b[2J"}, "posted_at": "2026-11-22T09:30:00Z",
    }  # fmt: skip
    return json.dumps(said | more)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with four mentions taken in, whose cards are up."""
    folder = tmp_path_factory.mktemp("house")
    settings = (DEMO / "levelhead.toml").read_text(encoding="utf-8")
    (folder / "levelhead.toml").write_text(
        settings.replace("shadow = false", "shadow = true\nallow_cli_approval = true").replace("8080", "1"),
        encoding="utf-8",
    )
    (folder / "team.toml").write_text((DEMO / "team.toml").read_text(encoding="utf-8"), encoding="utf-8")
    lines = [
        mention(1, NASTY).encode(),
        b"not a mention",
        mention(2, "My order never came, and nobody at @brightloaf answers.").encode(),
        b'{"text": "\xff"}',
        b"",
        mention(3, "@brightloaf you charged me twice for one cake").encode(),
        mention(4, "@brightloaf the rolls were stale again").encode(),
    ]
    (folder / "mentions.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    said = levelhead(folder, "replay", "mentions.jsonl")
    assert said.status == 1
    assert "4 taken in, 0 known already, 2 bad" in said.out
    assert "mentions.jsonl line 2: " in said.err
    assert "mentions.jsonl line 4: " in said.err
    # It stays up: the record is then shared, and each command need not bring it up and down.
    with running(folder, "run", "--worker"):
        until(lambda: states(folder) == ["in_review"] * 4)
        yield folder


def states(folder: Path) -> list[str]:
    return [card["state"] for card in levelhead(folder, "case", "list", "--json").lines]


def test_a_second_replay_takes_nothing_in(folder: Path) -> None:
    assert "0 taken in, 4 known already" in levelhead(folder, "replay", "mentions.jsonl").out


def test_the_list_is_worst_first_and_can_be_paged(folder: Path) -> None:
    cards = levelhead(folder, "case", "list", "--json").lines
    ranks = {"critical": 0, "high": 1, "medium": 2, "low": 3}
    assert [ranks[card["severity"]] for card in cards] == sorted(ranks[card["severity"]] for card in cards)
    second = levelhead(folder, "case", "list", "--json", "--first", "1", "--count", "1").lines
    assert [card["case_id"] for card in second] == [cards[1]["case_id"]]
    table = levelhead(folder, "case", "list")
    assert table.status == 0
    assert "4 of 4 open cards" in table.out
    assert all(card["case_id"] in table.out for card in cards)


@pytest.mark.parametrize("command", [["list"], ["show", "square:1"], ["show", "square:1", "--json"]])
def test_a_strangers_words_never_drive_the_terminal(folder: Path, command: list[str]) -> None:
    said = levelhead(folder, "case", *command)
    assert said.status == 0
    assert "The bread" in said.out
    assert not {"\x1b", "\x07", "\u202e"} & set(said.out)


def test_a_case_is_shown_with_its_draft_its_decisions_and_its_trail(folder: Path) -> None:
    said = levelhead(folder, "case", "show", "square:2")
    assert said.status == 0
    shown = levelhead(folder, "case", "show", "square:2", "--json").lines[0]
    assert f"approve  draft={shown['card']['draft_id']}" in said.out
    assert "Levelhead: took in a mention by Ada\\x1b[2J (@guest2) on square" in said.out
    assert "My order never came" in said.out
    assert [line["who"] for line in shown["trail"][:3]] == ["Levelhead"] * 3


def test_a_case_that_is_not_there_is_told(folder: Path) -> None:
    said = levelhead(folder, "case", "show", "square:99")
    assert (said.status, said.out) == (1, "")
    assert "there is no case 'square:99'" in said.err


def test_searching_finds_words_and_says_when_it_finds_none(folder: Path) -> None:
    assert [
        card["case_id"] for card in levelhead(folder, "case", "search", "CHARGED me", "--json").lines
    ] == ["square:3"]
    nothing = levelhead(folder, "case", "search", "croissant")
    assert nothing.status == 1
    assert "nothing was found" in nothing.err


def test_a_decision_counts_once_and_stands_under_the_operators_name(folder: Path) -> None:
    dismiss = (
        "case",
        "decide",
        "square:3",
        "dismiss",
        "-f",
        "outcome=not_us",
        "-f",
        "reason=another = bakery",
    )
    said = levelhead(folder, *dismiss)
    assert (said.status, said.err) == (0, "")
    assert "square:3: Closed" in said.out
    last = levelhead(folder, "case", "show", "square:3", "--json").lines[0]["trail"][-1]
    assert last["who"] == "operator:robin"
    assert "another = bakery" in last["says"]
    again = levelhead(folder, *dismiss, "--json")
    assert again.status == 1
    assert again.lines[0]["counted"] is False
    assert "too late" in again.lines[0]["says"]


def test_a_decision_as_a_person_has_that_persons_rights_and_name(folder: Path) -> None:
    assert levelhead(folder, "case", "decide", "square:4", "claim", "--as", "maya").status == 0
    refused = levelhead(folder, "case", "decide", "square:4", "take_over", "--as", "maya")
    assert refused.status == 1
    assert "is for the roles manager, on-call" in refused.err
    assert (
        levelhead(folder, "case", "show", "square:4", "--json").lines[0]["trail"][-1]["who"] == "Maya Oduya"
    )


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["aprove"], "there is no decision 'aprove'"),
        (["dismiss", "-f", "outcome"], "should be like name=value"),
    ],
)
def test_a_form_filled_in_wrong_is_told_by_its_field(
    folder: Path, arguments: list[str], expected: str
) -> None:
    said = levelhead(folder, "case", "decide", "square:1", *arguments)
    assert said.status == 2
    assert expected in said.err


def test_an_approval_from_here_names_the_draft_it_saw(folder: Path) -> None:
    card = levelhead(folder, "case", "show", "square:2", "--json").lines[0]["card"]
    approve = next(action for action in card["actions"] if action["decision"] == "approve")
    fields = [f"--field={ask['name']}={ask['value']}" for ask in approve["asks"] if ask["kind"] == "hidden"]
    wrong = levelhead(folder, "case", "decide", "square:2", "approve", "-f", f"draft={'0' * 32}", *fields[1:])
    assert wrong.status == 1
    assert "the draft has changed" in wrong.err
    said = levelhead(folder, "case", "decide", "square:2", "approve", *fields)
    assert (said.status, said.err) == (0, "")


def test_an_approval_from_here_is_never_in_another_persons_name(folder: Path) -> None:
    seen = [f"--field={name}={'0' * 32}" for name in ("draft", "context")]
    said = levelhead(folder, "case", "decide", "square:1", "approve", "--as", "maya", *seen)
    assert said.status == 1
    assert "an approval is a person's own" in said.err


def test_an_approval_from_here_is_off_unless_the_settings_allow_it(folder: Path) -> None:
    settings = folder / "levelhead.toml"
    kept = settings.read_text(encoding="utf-8")
    settings.write_text(kept.replace("allow_cli_approval = true", ""), encoding="utf-8")
    said = levelhead(
        folder,
        "case",
        "decide",
        "square:1",
        "approve",
        "-f",
        f"draft={'0' * 32}",
        "-f",
        f"context={'0' * 32}",
    )
    settings.write_text(kept, encoding="utf-8")
    assert said.status == 1
    assert "approving from the command line is off" in said.err


def test_publishing_is_paused_and_resumed_by_those_who_may(folder: Path) -> None:
    assert "is for managers" in levelhead(folder, "pause", "--as", "maya").err
    assert "no person 'mya'; it has maya" in levelhead(folder, "pause", "--as", "mya").err
    assert levelhead(folder, "pause", "--as", "tomas").status == 0
    assert "paused by Tomás Reis" in levelhead(folder, "check").out
    assert levelhead(folder, "resume").out == "Publishing goes on.\n"


def test_nothing_set_aside_is_nothing_to_try_again(folder: Path) -> None:
    said = levelhead(folder, "case", "retry", "square:1")
    assert said.status == 1
    assert "nothing of case 'square:1' was set aside" in said.err
    assert levelhead(folder, "case", "retry", "square:1", "--json").lines == [
        {"case": "square:1", "retried": False}
    ]


def test_check_says_what_is_well_and_fails_where_something_is_not(folder: Path) -> None:
    said = levelhead(folder, "check")
    assert said.status == 0
    assert "✓ settings: " in said.out
    assert "! shadow mode: on" in said.out
    assert "! square: built in" in said.out, "nobody serves the square here"
    gone = levelhead(folder, "check", REDIS_URL="redis://127.0.0.1:1")
    assert gone.status == 1
    assert "✗ record: Redis cannot be reached" in gone.out
