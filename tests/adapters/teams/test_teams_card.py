"""The card in Teams: what is seen at a glance, what never is, and that it always fits."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from adapters.chat.labels import MARKS
from adapters.chat.teams import limits
from adapters.chat.teams.card import message, pointer
from adapters.chat.teams.whole import says, whole
from bot.domain.card import Card, Fact, Said, card_of
from bot.domain.case import State
from bot.domain.draft import Finding, Verdict
from tests.adapters.slack.cards import NASTY, Found, a_card, cards, in_state
from tests.adapters.slack.examples import translated
from tests.adapters.teams.drawn import LINK, buttons, check, content, drawings, home, pressed, words
from tests.adapters.teams_rules import parts, weight
from tests.builders import NOON, TEAM, protocol
from tests.contracts.channel_contract import NASTY as TRICKS

ANY = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


# --- any text, any length


@ANY
@given(found=cards())
def test_whatever_the_case_everything_drawn_fits_and_hides_nothing(found: Found) -> None:
    for kind, drawn in drawings(found.card):
        check(kind, drawn)


def heavy(text: str, **changes: Any) -> Card:
    """A card with as much as there can be of everything."""
    found = tuple(
        Finding(rule="W7", verdict=verdict, says=text[:500], phrase=text[:500], role="manager")
        for verdict in (Verdict.WARN, Verdict.BLOCK, Verdict.SECOND) * 3
    )
    many = tuple(Said(text=text, by="author", at=NOON) for _ in range(4))
    return a_card(
        text, author=text, handle=text, why=text, status=text, notice=text, draft_note=text,
        delivery_reason=text, thread=many, reading=many[0], back_translation=many[0], findings=found,
        draft=Said(text=text[:10_000], by=text[:60]), draft_before=text[5_000:][::-1],
        facts=tuple(Fact(label="History", value=text) for _ in range(9)),
        url="https://a.example/" + "b" * 1_900, reply_url="https://a.example/" + "c" * 1_900, **changes,
    )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["word " * 8_000, '"\\' * 20_000, "🙂" * 20_000, "देर से " * 5_000, "{" * 9_000]
)
@pytest.mark.parametrize("name", ["square:100", "9" * 290, "🙂" * 290])
def test_the_heaviest_card_fits_and_keeps_its_buttons(text: str, name: str) -> None:
    card = heavy(text, case_id=name)
    drawn = message(card)
    check("Message", drawn)
    decided = {one.name for one in pressed(drawn).values() if one.kind in {"decide", "form"}}
    assert decided == {one.decision for one in card.actions}
    assert "Show everything" in words(drawn)
    check("Card", home(card))


def test_a_card_with_room_shows_more_than_one_without() -> None:
    roomy = words(content(a_card("word " * 100)))
    assert "word " * 99 in roomy
    assert "The beginning of" not in roomy


# --- at a glance


@pytest.mark.parametrize("severity", ["critical", "high", "medium", "low"])
def test_a_card_says_how_bad_in_a_word_and_a_shape(severity: str) -> None:
    card = a_card(severity=severity)
    first = content(card)["body"][0]
    assert first["text"] == f"{MARKS[severity]} {severity.capitalize()} complaint on square"
    assert first["style"] == "heading"


def test_a_card_says_who_where_why_and_until_when_and_what_waits() -> None:
    seen = words(content(a_card(why="a late delivery")))
    assert "\u2068Ada Park\u2069 \u2068@ada\u2069 on square, in English" in seen
    assert "Answer by {{DATE(2026-11-22T14:00:00Z, SHORT)}} {{TIME(2026-11-22T14:00:00Z)}}" in seen
    assert "Why it is here: a late delivery" in seen
    assert "Waiting for a decision" in seen
    assert seen.endswith("Case square:100\nApprove and send\nEdit…\nRedraft…\nEscalate…\nClaim\n" + RARE)


RARE = "Wrong kind…\nSnooze…\nStay silent…\nDismiss…\nSame as another…\nShow everything"


def test_who_comes_back_is_told_so_and_a_name_cannot_claim_it() -> None:
    assert ", back again" in words(content(a_card(title="Medium complaint, back again: Ada on square")))
    odd = a_card(author="x, back again: y", title="Medium complaint, x, back again: y on square")
    assert ", back again" not in content(odd)["body"][0]["text"]


def test_an_undo_window_ends_at_a_second() -> None:
    card = in_state(State.APPROVED).model_copy(update={"until": NOON + timedelta(seconds=20)})
    assert "Can be undone until" in words(content(card))
    assert "(12:00:20 UTC)" in words(content(card))


def test_a_case_that_is_over_asks_for_no_answer() -> None:
    assert "Answer by" not in words(content(in_state(State.CLOSED)))
    assert "No answer is due" in words(content(in_state(State.CLOSED)))


def test_the_notification_tells_whose_and_the_fallback_tells_no_name() -> None:
    drawn = message(a_card(author="Ada <at>all</at>\u202e"))
    assert drawn["summary"].startswith(
        "Medium complaint, \u2068Ada <at>all</at>[RLO]\u2069 on square. Waiting"
    )
    assert "Ada" not in drawn["attachments"][0]["content"]["fallbackText"]
    assert "Ada" not in drawn["attachments"][0]["content"]["speak"]


def test_words_from_right_to_left_stand_so_and_ours_do_not() -> None:
    drawn = content(card_of(translated(), TEAM, protocol()))
    sides = {
        words(part): part["rtl"] for part in parts(drawn) if part["type"] == "Container" and "rtl" in part
    }
    assert [side for text, side in sides.items() if "روٹی" in text or "عاصمہ" in text] == [True, True]
    assert [side for text, side in sides.items() if "bread I ordered" in text] == [False]
    assert "rtl" not in drawn
    assert "translated by a program" in words(drawn)


def test_a_check_is_told_with_its_exact_phrase_and_the_phrase_is_marked() -> None:
    found = Finding(rule="L5", verdict=Verdict.BLOCK, says="this is a promise", phrase="guarantee it")
    drawn = content(a_card(draft=Said(text="We guarantee it.", by="offline"), findings=(found,)))
    assert "• L5 blocks: this is a promise \u2068guarantee it\u2069" in words(drawn)
    marked = [part["text"] for part in parts(drawn) if part["type"] == "TextRun" and part.get("underline")]
    assert marked == ["guarantee it"]


def test_a_redraft_shows_word_by_word_what_changed_and_says_what_the_signs_mean() -> None:
    draft = Said(text="We are very sorry, Ada.", by="offline")
    drawn = content(a_card(draft=draft, draft_before="We are so sorry, Ada."))
    runs = [part for part in parts(drawn) if part["type"] == "TextRun"]
    assert [run["text"] for run in runs if run.get("strikethrough")] == ["so "]
    assert [run["text"] for run in runs if run.get("highlight")] == ["very "]
    assert "(struck out: gone; bold and highlighted: new)" in words(drawn)
    assert "Changed from" not in words(content(a_card(draft=draft)))
    assert "Changed from" not in words(content(a_card(draft=draft, draft_before=draft.text)))


def test_how_the_reply_goes_out_is_told_with_its_reason() -> None:
    seen = words(content(a_card(delivery="assisted", delivery_reason="they did not name us")))
    assert "You post it by hand: they did not name us" in seen


def test_what_was_written_in_private_says_so() -> None:
    said = Said(text="hello?", by="author", at=NOON, private=True)
    assert "They wrote again, in private" in words(content(a_card(thread=(said,))))
    assert "They wrote again, in private" in words(whole(a_card(thread=(said,)), "mention"))


# --- strangers' words


@pytest.mark.parametrize("text", [*NASTY, *TRICKS, "{{DATE(2026-11-22T14:00:00Z, SHORT)}} {{{{TIME("])
def test_a_trick_stands_in_runs_alone_and_does_nothing(text: str) -> None:
    said = Said(text=text, by="author", at=NOON)
    card = a_card(
        text, author=text, handle=text, why=text, notice=text, status=text, draft=said, reading=said,
        thread=(said,), back_translation=said, facts=(Fact(label="History", value=text),),
    )  # fmt: skip
    for kind, drawn in drawings(card):
        check(kind, drawn)
        for part in parts(drawn):
            if part["type"] == "TextBlock":
                assert not text.strip() or text.strip() not in part["text"], part


def test_abusive_words_are_named_and_shown_only_on_a_press() -> None:
    said = Said(text="SLUR again", by="author")
    card = a_card("SLUR", abusive=True, reading=Said(text="SLUR in English"), thread=(said,))
    assert "SLUR" not in json.dumps(message(card))
    assert "Abusive language" in words(content(card))
    assert pressed(content(card))["Show what they wrote"].name == "mention"
    assert "SLUR" not in json.dumps([whole(card, "all"), whole(card, "draft")])
    assert "SLUR" in json.dumps(whole(card, "mention"))


SECRET = Said(text="SECRET", by="author")


def secretive(**changes: Any) -> Card:
    return a_card(
        "SECRET", author="SECRET", handle="SECRET", title="High complaint, SECRET on square", why="SECRET",
        thread=(SECRET,), reading=SECRET, draft=SECRET, back_translation=SECRET, status="SECRET",
        facts=(Fact(label="History", value="SECRET"),), url="https://square.example/SECRET", severity="high",
        key_messages=("SECRET",), reply_url="https://square.example/SECRET", notice="SECRET", **changes,
    )  # fmt: skip


def test_a_stub_has_nothing_of_the_author_but_how_bad_it_is_and_where_its_card_is() -> None:
    stub = message(secretive(), stub=True, where=LINK)
    assert "SECRET" not in json.dumps(stub)
    assert stub["summary"] == "High complaint on square. Answer by 22 Nov 2026, 14:00 UTC."
    assert [(one["type"], one["url"]) for one in buttons(stub)] == [("Action.OpenUrl", LINK)]
    assert "Care, in private" in words(message(secretive(), stub=True, where="Care, in private"))


def test_a_card_that_moved_leaves_no_words_and_no_decision_behind() -> None:
    left = pointer(secretive(), LINK)
    assert "SECRET" not in json.dumps(left)
    assert "This card has moved" in words(left)
    assert [one["type"] for one in buttons(left)] == ["Action.OpenUrl"]
    assert buttons(pointer(secretive(), "")) == []


def test_a_place_that_is_no_address_is_words() -> None:
    for odd in (
        "javascript:alert(1)",
        "https:///x",
        "http://evil.example",
        "**x** [a](https://evil.example)",
    ):
        drawn = pointer(a_card(), odd)
        assert buttons(drawn) == []
        assert odd in words(drawn)


# --- what does not fit


@pytest.mark.parametrize("text", ["word " * 10_000, "x" * 50_000, "देर से " * 7_000, '"' * 48_000])
def test_a_long_mention_is_cut_aloud_with_all_of_it_a_button_away(text: str) -> None:
    card = a_card(text)
    assert f"The beginning of {len(text):,} characters; a button below" in words(content(card))
    assert pressed(content(card))["Show all they wrote"].name == "mention"
    told, page = "", 0
    while True:
        drawn = whole(card, "mention", page=page)
        quoted = [p["items"][0]["inlines"] for p in drawn["body"] if p.get("style") == "emphasis"]
        told += "".join(run["text"] for runs in quoted for run in runs)
        turns = {one.page for one in pressed(drawn).values()}
        if page + 1 not in turns:
            break
        page += 1
    assert text in told
    assert page > 1


def test_more_pages_than_there_are_end_at_the_last() -> None:
    assert whole(a_card(), "all", page=900) == whole(a_card(), "all")
    assert "Page" not in words(whole(a_card(), "all"))


def test_a_page_in_the_cards_place_has_a_way_back() -> None:
    card = a_card("word " * 10_000)
    drawn = whole(card, "mention", page=1, inline=True)
    kinds = {title: one.kind for title, one in pressed(drawn).items()}
    assert kinds == {"Next page": "show", "Previous page": "show", "Back to the card": "refresh"}
    assert all(one["type"] == "Action.Execute" for one in buttons(drawn))
    assert all(one["type"] == "Action.Submit" for one in buttons(whole(card, "mention", page=1)))


def test_the_whole_draft_has_its_checks_its_translation_and_our_key_messages() -> None:
    found = tuple(Finding(rule="W7", verdict=Verdict.WARN, says=f"finding {n}") for n in range(12))
    card = a_card(findings=found, back_translation=Said(text="we are sorry", language="en"))
    seen = words(whole(card, "draft"))
    assert all(f"finding {n}" in seen for n in range(12))
    assert "we are sorry" in seen
    assert "Our key messages" in seen
    assert "more findings behind the button" in words(content(card))


def test_a_phrase_that_stands_everywhere_does_not_fill_a_page() -> None:
    found = Finding(rule="W7", verdict=Verdict.WARN, says="a letter", phrase="a")
    card = a_card(draft=Said(text="ab" * 4_000, by="offline"), findings=(found,))
    assert weight(message(card)) <= limits.MESSAGE_BYTES
    check("Card", whole(card, "draft"))


def test_a_notice_of_any_length_is_told() -> None:
    for text in ("", "no " * 4_000, "देर " * 30_000):
        check("Card", says("A title", text))
    assert "more than Teams can show" in words(says("Long", "देर " * 30_000))


def test_only_people_concerned_are_asked_for_a_fresh_card() -> None:
    assert "refresh" not in content(a_card())
    asked = content(a_card(), people=[f"29:{n}" for n in range(90)])["refresh"]
    assert len(asked["userIds"]) == limits.REFRESHED
    assert asked["action"]["verb"] == "lh.refresh"
