"""The App Home: what one person sees first, whatever the day is like."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from adapters.chat.slack import names
from adapters.chat.slack.home import home
from bot.domain.card import Card
from bot.ports import Beat, Today
from tests.adapters.slack.cards import TODAY, a_card
from tests.adapters.slack_rules import check_view
from tests.builders import MANAGER, NOON

QUIET = Today(open_cases=0, waiting=0, counts={}, sample=(), beats=(), asides=0)


def page(
    mine: list[Card] | None = None,
    waiting: list[Card] | None = None,
    queue: list[Card] | None = None,
    total: int = 0,
    today: Today = TODAY,
) -> dict[str, Any]:
    view = home(MANAGER, mine or [], waiting or [], queue or [], total, today, ["Omar"])
    check_view(view)
    return view


def test_a_quiet_day_says_so() -> None:
    seen = json.dumps(page(today=QUIET))
    assert "You hold no case." in seen
    assert "Nobody is waiting for an answer." in seen
    assert "No source has been read yet." in seen
    assert "paused" not in seen
    assert "takes no cards" not in seen


def test_a_channel_that_takes_no_cards_is_said_on_top() -> None:
    troubles = tuple(f"No card can be put up in slack:{n} <!here> " + "because " * 500 for n in range(9))
    seen = page(today=replace(QUIET, troubles=troubles))["blocks"]
    said = [b["text"]["text"] for b in seen if "takes no cards" in json.dumps(b)]
    assert said[0].startswith("⚠ A team channel takes no cards. No card can be put up in slack:0 <!here>")
    assert len(said) == 5


def test_each_case_opens_with_its_button() -> None:
    card = a_card()
    rows = [b for b in page(mine=[card], total=0)["blocks"] if "accessory" in b]
    read = names.read(rows[0]["accessory"])
    assert read.kind == "open"
    assert read.pressed is not None
    assert read.pressed.case_id == card.case_id
    assert (
        rows[0]["text"]["text"]
        == "🔷 Medium complaint, \u2068Ada Park\u2069 on square\nWaiting for a decision"
    )
    assert rows[0]["fields"][0]["text"].startswith("Answer by <!date^")


def test_a_long_queue_ends_with_how_many_more_there_are() -> None:
    cards = [a_card() for _ in range(200)]
    view = page(mine=cards, waiting=cards, queue=cards, total=5_000)
    assert len(view["blocks"]) <= 100
    seen = json.dumps(view)
    assert "and 4,970 more" in seen
    assert seen.count("and 185 more") == 2


def test_the_day_tells_its_balance_who_is_on_call_and_what_was_set_aside() -> None:
    seen = json.dumps(page(), ensure_ascii=False)
    for words in (
        "9 against us, 7 praise, 4 neither",
        "4 noted, 7 praise",
        "\u2068Omar\u2069",
        "1 thing was set aside",
        "2 waiting",
    ):
        assert words in seen


def test_a_pause_stands_on_top_with_who_and_since_when() -> None:
    assert page()["blocks"][1]["text"]["text"].startswith(
        "⏸ Publishing is paused by Mark, 2026-11-22 12:00 UTC"
    )


def test_a_source_in_trouble_is_never_among_those_left_out() -> None:
    beats = [*(Beat(f"feed{n}", NOON, NOON) for n in range(90)), Beat("zulu", None, None, error="refused")]
    seen = json.dumps(page(today=replace(TODAY, beats=beats)))
    assert "zulu" in seen
    assert "in trouble: refused" in seen
    assert "never read" in seen
    assert "and 71 more" in seen
