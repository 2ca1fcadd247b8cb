"""The numbers on a terminal: what came in, what became of it, what it cost."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.main import connect
from bot.ports import Spent
from bot.settings import DEMO, load_settings
from tests.cli.levelhead import levelhead, running, until
from tests.cli.test_cases import mention, states

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MODEL = """
[model]
name = "small"
base_url = "http://127.0.0.1:9/v1"
currency = "EUR"
"""
UNPRICED = Spent(calls=1, failed=0, tokens_in=900, tokens_cached=0, tokens_out=50, micros=0)
SPENT = Spent(calls=2, failed=1, tokens_in=1500, tokens_cached=1000, tokens_out=250, micros=12_500)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two complaints, of which one is dismissed, and a kind word; a model that was paid for one of them."""
    folder = tmp_path_factory.mktemp("house")
    settings = (DEMO / "levelhead.toml").read_text(encoding="utf-8").replace("8080", "1")
    (folder / "levelhead.toml").write_text(settings, encoding="utf-8")
    (folder / "team.toml").write_text((DEMO / "team.toml").read_text(encoding="utf-8"), encoding="utf-8")
    lines = [
        mention(1, "My order never came, and nobody at @brightloaf answers."),
        mention(2, "@brightloaf the rolls were stale again"),
        mention(3, "Lovely bread and friendly staff @brightloaf, thank you, it was delicious.", tagged=False),
    ]
    (folder / "mentions.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with running(folder, "run", "--worker"):
        assert levelhead(folder, "replay", "mentions.jsonl").status == 0
        until(lambda: states(folder) == ["in_review"] * 2)
        done = levelhead(
            folder, "case", "decide", "square:2", "dismiss", "-f", "outcome=not_us", "-f", "reason=another"
        )
        assert done.status == 0, done.err
        asyncio.run(spend(folder))
        (folder / "levelhead.toml").write_text(f"{settings}\n{MODEL}", encoding="utf-8")
        yield folder


async def spend(folder: Path, spent: Spent = SPENT) -> None:
    async with connect(load_settings(folder, {})) as house:
        assert house.parts.meter
        await house.parts.meter.settle("square:1", reserved=0, spent=spent)


def test_a_person_reads_the_days_in_a_table(folder: Path) -> None:
    said = levelhead(folder, "stats", "--days", "3", COLUMNS="80")
    assert (said.status, said.err) == (0, "")
    head, today, together, _, paid, today_paid, together_paid, *_ = said.out.splitlines()
    assert head.split() == [
        *("Day", "(UTC)", "Mentions", "Complaints", "Praise"),
        *("Cards", "Decisions", "Published", "In", "doubt", "Refused"),
    ]
    assert paid.split() == ["Day", "(UTC)", "Model", "calls", "Failed", "Tokens", "EUR"]
    assert today.split()[0] == datetime.now(UTC).date().isoformat()
    assert today.split()[1:] == together.split()[1:] == ["3", "2", "1", "2", "1", "0", "0", "0"]
    assert today_paid.split()[1:] == together_paid.split()[1:] == ["2", "1", "1,750", "0.0125"]
    for line in (
        "Mentions by source: square 3",
        "Read as: complaint 2, praise 1",
        "Balance: 33% praise, 67% complaint",
        "Drafts by: offline 2",
        "Decisions: case closed 1",
        "Closed as: not us 1, praise 1",
        "Tokens: 1,500 in, of which 1,000 from the cache, 250 out",
        "Model cost: EUR 0.0125 for 1 case",
        "Open cases now: in review 1",
    ):
        assert line in said.out
    assert "Half of the first cards were up within: " in said.out


def test_a_program_reads_them_as_json(folder: Path) -> None:
    [told] = levelhead(folder, "stats", "--json").lines
    assert len(told["days"]) == 7
    assert told["days"][max(told["days"])] == told["total"]
    assert told["total"]["mentions:square"] == 3
    assert told["total"]["outcome:not_us"] == 1
    assert told["open_cases"] == {"in_review": 1}
    assert told["half_within_seconds"]["card_delay"] in {1, 2, 5, 10, 30, 60}
    assert told["currency"] == "EUR"


def test_a_case_tells_what_it_has_cost(folder: Path) -> None:
    paid = levelhead(folder, "case", "show", "square:1")
    assert "Cost: EUR 0.0125, 2 model calls, 1,500 tokens in, 250 out" in paid.out
    assert levelhead(folder, "case", "show", "square:1", "--json").lines[0]["spent"]["micros"] == 12_500
    free = levelhead(folder, "case", "show", "square:2")
    assert "Cost" not in free.out
    assert "spent" not in levelhead(folder, "case", "show", "square:2", "--json").lines[0]


def test_before_anything_happened_the_numbers_are_zero(tmp_path: Path) -> None:
    (tmp_path / "levelhead.toml").write_text((DEMO / "levelhead.toml").read_text(encoding="utf-8"))
    (tmp_path / "team.toml").write_text((DEMO / "team.toml").read_text(encoding="utf-8"), encoding="utf-8")
    said = levelhead(tmp_path, "stats")
    assert (said.status, said.err) == (0, "")
    assert "together" in said.out
    assert "Open cases now: none" in said.out
    assert "Balance" not in said.out


def test_a_cost_without_prices_is_not_known_and_not_nothing(tmp_path: Path) -> None:
    settings = (DEMO / "levelhead.toml").read_text(encoding="utf-8")
    (tmp_path / "levelhead.toml").write_text(f"{settings}\n{MODEL}", encoding="utf-8")
    (tmp_path / "team.toml").write_text((DEMO / "team.toml").read_text(encoding="utf-8"), encoding="utf-8")
    asyncio.run(spend(tmp_path, UNPRICED))
    said = levelhead(tmp_path, "stats").out
    assert "Model cost: not known, as no price is set" in said
    assert "EUR" not in said
    (tmp_path / "levelhead.toml").write_text(f"{settings}\n{MODEL}price_in = 2.0\n", encoding="utf-8")
    assert "Model cost: EUR 0.0000 for 1 case" in levelhead(tmp_path, "stats").out


def test_more_days_than_are_kept_are_refused(folder: Path) -> None:
    assert levelhead(folder, "stats", "--days", "91").status == 2
