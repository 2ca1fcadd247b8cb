"""The author's other cases on Slack's card: however long their IDs are, the newest stands there."""

from __future__ import annotations

import json

from adapters.chat.slack.message import message
from adapters.chat.slack.modals import whole
from bot.domain.card import card_of
from bot.domain.events import OtherCase, Outcome
from tests.builders import NOON, TEAM, in_review, protocol

IDS = [f"bluesky:at://did:plc:z72i7hdynmk6r22z27h6tvur/app.bsky.feed.post/3k43tv4rft22{n}" for n in "abcde"]


def test_of_a_long_history_a_card_shows_the_newest_and_a_button_shows_all_of_it() -> None:
    others = tuple(OtherCase(case_id=one, at=NOON, outcome=Outcome.ANSWERED) for one in IDS)
    case = in_review().model_copy(update={"history": others, "history_count": 9})
    card = card_of(case, TEAM, protocol())
    drawn = json.dumps(message(card).blocks)
    assert "Also under this name: " in drawn
    assert f"9 cases: not read, answered, 22 Nov 2026 ({IDS[0]}); " in drawn
    assert IDS[-1] not in drawn
    everything = json.dumps(whole(card, "all"))
    assert all(one in everything for one in IDS)


def test_an_open_channel_is_told_nothing_of_the_authors_other_cases() -> None:
    others = (OtherCase(case_id="square:98", at=NOON),)
    case = in_review().model_copy(update={"history": others, "history_count": 1})
    drawn = json.dumps(message(card_of(case, TEAM, protocol()), stub=True, where="C0123ABC").payload)
    assert "square:98" not in drawn
