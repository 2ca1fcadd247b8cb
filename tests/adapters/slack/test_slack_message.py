"""A case as a message in Slack: what one sees at a glance, and what no text or length can break."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from adapters.chat.labels import MARKS
from adapters.chat.slack import commands, limits, names
from adapters.chat.slack.message import message, nonce, pointer, size
from adapters.chat.slack.text import shown
from adapters.chat.slack.whole import whole
from bot.domain.actions import Action
from bot.domain.card import Card, Fact, Said
from bot.domain.case import State
from bot.domain.draft import Finding, Verdict
from bot.errors import BadInput
from tests.adapters.slack.cards import NASTY, Found, a_card, action, cards, drawings, in_state
from tests.adapters.slack_rules import check_message, check_view
from tests.builders import NOON

#: Nothing is made smaller after a failure: with texts this long that takes minutes.
ANY = settings(
    max_examples=60,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


def every(kind: str, value: Any) -> Iterator[dict[str, Any]]:
    """Every object of a type, however deep."""
    if isinstance(value, dict):
        if value.get("type") == kind:
            yield value
        for inner in value.values():
            yield from every(kind, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from every(kind, inner)


def words(value: Any) -> str:
    """All that a reader sees of some blocks."""
    found: list[str] = []
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            found.append(value["text"])
        found += [words(inner) for inner in value.values()]
    elif isinstance(value, list):
        found += [words(inner) for inner in value]
    return " ".join(part for part in found if part)


def buttons(card: Card) -> dict[str, dict[str, Any]]:
    blocks = message(card).blocks
    return {
        one["action_id"]: one
        for kind in ("button", "overflow", "static_select")
        for one in every(kind, blocks)
    }


# --- any text, any length


def test_the_heaviest_card_fits_and_keeps_its_buttons() -> None:
    text = "देर से 🙂 " * 300
    said = Said(text=text, by="author")
    found = (Finding(rule="W7", verdict=Verdict.WARN, says=text[:500], phrase=text[:500]),) * 9
    card = a_card(
        text, case_id="square:" + "9" * 200, author=text, handle=text, why=text, status=text, notice=text,
        thread=(said,) * 4, reading=said, draft=said, back_translation=said, draft_before=text[::-1],
        findings=found, facts=(Fact(label="History", value=text),) * 9, delivery_reason=text,
    )  # fmt: skip
    drawn = message(card)
    check_message(drawn.payload)
    assert size(drawn.blocks) <= limits.MESSAGE_BYTES
    assert "“Show everything” has all of them" in words(drawn.blocks)
    assert {"lh:approve", "lh:edit", "lh:show:all"} <= set(buttons(card))


@ANY
@given(found=cards())
def test_whatever_the_case_slack_takes_every_message_view_and_home(found: Found) -> None:
    for kind, drawn in drawings(found.card):
        if kind in {"Message", "Post", "Answer"}:
            check_message(drawn)
            assert size(drawn["blocks"]) <= limits.MESSAGE_BYTES
            assert len(drawn["text"]) <= limits.MESSAGE_TEXT
        else:
            check_view(drawn)


@ANY
@given(found=cards())
def test_rich_text_is_text_and_dates_and_nothing_that_pings_or_links(found: Found) -> None:
    for _, drawn in drawings(found.card):
        for kind in ("rich_text_section", "rich_text_quote"):
            for part in every(kind, drawn):
                assert part["elements"]
                assert {one["type"] for one in part["elements"]} <= {"text", "date"}
                assert all(one.get("text", " ") for one in part["elements"])
        assert not any(
            any(True for _ in every(kind, drawn)) for kind in ("link", "user", "broadcast", "channel")
        )


@pytest.mark.parametrize("nasty", [text for text in NASTY if text.strip()])
def test_no_word_of_a_stranger_stands_where_slack_reads_markup(nasty: str) -> None:
    mark = "Xq7"  # in everything that somebody else wrote
    text = f"{mark}{nasty}"[:299]
    said = Said(text=text, language="ur", by="author", at=NOON)
    card = a_card(
        text, author=text, handle=text, title=f"High complaint, {text} on square",
        thread=(said, said), reading=said,
        draft=said, back_translation=said, why=text, notice=text, draft_note=text, status=text,
        facts=(Fact(label="History", value=text),), delivery_reason=text, key_messages=(text,),
        findings=(Finding(rule="W7", verdict=Verdict.BLOCK, says=text, phrase=text),),
    )  # fmt: skip
    for _, drawn in drawings(card):
        for markup in every("mrkdwn", drawn):
            assert mark not in markup["text"]
        for plain in every("plain_text", drawn):
            assert plain["emoji"] is False


@pytest.mark.parametrize("nasty", NASTY)
def test_the_notification_pings_nobody_and_links_nowhere(nasty: str) -> None:
    text = message(a_card(author=nasty, handle=nasty, status=nasty)).text
    assert not {"<", ">"} & set(text)
    assert not any(hidden in text for hidden in "\u202e\u202c\u2067\u200b\ufeff\x00\n")


def test_slack_looks_up_no_address_in_a_message() -> None:
    payload = message(a_card("see https://evil.example")).payload
    assert payload["unfurl_links"] is False
    assert payload["unfurl_media"] is False


# --- at a glance


def test_one_glance_tells_who_where_how_bad_why_and_until_when() -> None:
    card = a_card(why="a late delivery", severity="critical", title="Critical complaint, Ada Park on square")
    header, times, status = message(card).blocks[:3]
    assert header["text"]["text"] == "🛑 Critical complaint, \u2068Ada Park\u2069 on square"
    assert (
        "*Answer by <!date^1795356000^{date_short_pretty} {time}|22 Nov 2026, 14:00 UTC>*"
        in times["text"]["text"]
    )
    assert words(status) == "Waiting for a decision"
    assert "Why it is here:  a late delivery" in words(message(card).blocks)


def test_the_notification_says_it_all_without_the_mention() -> None:
    whom = "Medium complaint, \u2068Ada Park\u2069 on square"
    expected = f"{whom}. Waiting for a decision. Answer by 22 Nov 2026, 14:00 UTC."
    assert message(a_card("secret words")).text == expected


@pytest.mark.parametrize("severity", ["low", "medium", "high", "critical"])
def test_severity_is_a_word_and_a_shape_of_its_own(severity: str) -> None:
    card = a_card(severity=severity, title=f"{severity.capitalize()} complaint, Ada on square")
    head = message(card).blocks[0]["text"]["text"]
    assert head.startswith(f"{MARKS[severity]} {severity.capitalize()} ")
    assert len(set(MARKS.values())) == 4


def test_a_severity_that_the_title_does_not_tell_is_told_all_the_same() -> None:
    assert (
        "High" in message(a_card(severity="high", title="A story, Ada on square")).blocks[0]["text"]["text"]
    )


def test_a_name_of_any_length_leaves_the_platform_and_the_severity_in_the_header() -> None:
    card = a_card(author="Ada " * 70, title=f"Medium complaint, {('Ada ' * 70).strip()} on square")
    head = message(card).blocks[0]["text"]["text"]
    assert head.startswith("🔷 Medium complaint, \u2068Ada")
    assert head.endswith("…\u2069 on square")


def test_translations_say_that_a_program_made_them() -> None:
    card = a_card(
        reading=Said(text="late bread", language="en"), back_translation=Said(text="sorry", language="en")
    )
    seen = words(message(card).blocks)
    assert "What they wrote, in English  (translated by a program) late bread" in seen
    assert "What this text says, in English  (translated by a program) sorry" in seen


def test_a_failed_check_stands_there_with_its_exact_phrase_which_is_marked_in_the_draft() -> None:
    warned = Finding(rule="L5", verdict=Verdict.WARN, says="this is a promise", phrase="guarantee")
    passed = Finding(rule="W1", verdict=Verdict.PASS, says="calm")
    card = a_card(draft=Said(text="We guarantee it.", by="offline"), findings=(passed, warned), passed=3)
    blocks = message(card).blocks
    marked = [run for run in every("text", blocks) if run["text"] == "guarantee"]
    assert [run["style"] for run in marked] == [{"bold": True, "underline": True}, {"code": True}]
    assert "L5 warns:  this is a promise" in words(blocks)
    assert "4 checks passed" in words(blocks)


def test_what_blocks_stands_before_what_warns() -> None:
    found = (
        Finding(rule="L5", verdict=Verdict.WARN, says="a promise"),
        Finding(rule="W7", verdict=Verdict.BLOCK, says="it sells"),
        Finding(rule="L12", verdict=Verdict.SECOND, says="safety", role="on_call"),
    )
    seen = words(message(a_card(findings=found)).blocks)
    assert (
        seen.index("W7 blocks")
        < seen.index("L12 asks for an on-call as second approver")
        < seen.index("L5 warns")
    )


def test_the_way_it_goes_out_stands_with_its_reason() -> None:
    seen = words(message(a_card(delivery="assisted", delivery_reason="no API there")).blocks)
    assert "You post it by hand : no API there" in seen


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (State.APPROVED, "*Can be undone until <!date^1795348820^{time_secs}|22 Nov 2026, 12:00:20 UTC>*"),
        (State.SNOOZED, "Comes back <!date^1795348820^"),
        (State.PUBLISHED, "No answer is due"),
        (State.CLOSED, "No answer is due"),
    ],
)
def test_a_time_says_what_it_is_the_end_of(state: State, says: str) -> None:
    card = in_state(state).model_copy(update={"until": NOON + timedelta(seconds=20)})
    if says.startswith("No"):
        card = card.model_copy(update={"until": None})
    assert says in message(card).blocks[1]["text"]["text"]


def test_a_draft_that_was_never_sent_is_not_taken_for_a_reply() -> None:
    assert "Draft, never sent" in words(message(in_state(State.CLOSED)).blocks)
    assert "Reply" in words(message(in_state(State.PUBLISHED)).blocks)


def test_a_redraft_shows_what_changed_word_by_word() -> None:
    card = a_card(draft=Said(text="We are very sorry, Ada.", by="offline"), draft_before="We are sorry, Ada.")
    blocks = message(card).blocks
    assert "Changed from the last draft  (struck out: gone; bold: new)" in words(blocks)
    assert {"type": "text", "text": "very ", "style": {"bold": True}} in list(every("text", blocks))
    assert "Changed from" not in words(message(a_card()).blocks)


# --- what does not fit, and what is not shown unasked


@pytest.mark.parametrize("text", ["word " * 10_000, "x" * 50_000, "देर से " * 7_000, "&<>" * 16_000])
def test_a_long_mention_is_cut_aloud_with_all_of_it_a_button_away(text: str) -> None:
    card = a_card(text)
    assert names.read(buttons(card)["lh:show:mention"]).name == "mention"
    assert f"The beginning of {len(text):,} characters" in words(message(card).blocks)


def test_a_long_draft_has_its_button_too() -> None:
    card = a_card(draft=Said(text="word " * 1_900, by="offline"))
    assert names.read(buttons(card)["lh:show:draft"]).name == "draft"


def test_abusive_words_are_named_and_shown_only_on_a_press() -> None:
    said = Said(text="SLUR again", by="author")
    card = a_card("SLUR", abusive=True, reading=Said(text="SLUR in English"), thread=(said,))
    assert "SLUR" not in json.dumps(message(card).payload)
    assert "Abusive language" in words(message(card).blocks)
    assert buttons(card)["lh:show:mention"]["text"]["text"] == "Show what they wrote"


def test_a_stub_has_nothing_of_the_author_but_how_bad_it_is_and_where_its_card_is() -> None:
    said = Said(text="SECRET", by="author")
    card = a_card(
        "SECRET", author="SECRET", handle="SECRET", title="High complaint, SECRET on square", why="SECRET",
        thread=(said,), reading=said, draft=said, back_translation=said, status="SECRET", notice="SECRET",
        facts=(Fact(label="History", value="SECRET"),), url="https://square.example/SECRET", severity="high",
        key_messages=("SECRET",), reply_url="https://square.example/SECRET",
    )  # fmt: skip
    stub = message(card, stub=True, where="C0123ABC")
    assert "SECRET" not in json.dumps(stub.payload)
    assert stub.text == "High complaint on square. Answer by 22 Nov 2026, 14:00 UTC."
    assert "<#C0123ABC>" in words(stub.blocks)
    assert "Answer by <!date" in words(stub.blocks)
    assert not list(every("button", stub.blocks))


def test_a_card_that_moved_leaves_no_words_behind() -> None:
    left = pointer(a_card("SECRET", author="SECRET"), "https://x.slack.com/archives/C1/p1")
    assert "SECRET" not in json.dumps(left.payload)
    assert "<https://x.slack.com/archives/C1/p1|its new place>" in left.text
    assert left.metadata["event_type"] != message(a_card()).metadata["event_type"]


def test_a_place_that_is_no_place_is_not_drawn_as_one() -> None:
    assert "evil" not in message(a_card(), stub=True, where="C1> <!here> evil").blocks[1]["text"]["text"]


def test_a_card_is_found_again_by_its_nonce() -> None:
    drawn = message(a_card(), lane="slack:one")
    assert drawn.metadata["event_payload"] == {
        "case": "square:100",
        "nonce": nonce("slack:one", "square:100"),
    }
    assert nonce("slack:two", "square:100") != nonce("slack:one", "square:100")


# --- buttons


def test_there_is_one_primary_button() -> None:
    card = a_card()
    both = (*card.actions, Action(decision="answer", label="Answer", style="primary"))
    for drawn in (buttons(card), buttons(card.model_copy(update={"actions": both}))):
        primary = [one for one in drawn.values() if one.get("style") == "primary"]
        assert [one["action_id"] for one in primary] == ["lh:approve"]


def test_every_action_of_every_state_can_be_pressed() -> None:
    for state in State:
        card = in_state(state)
        drawn = buttons(card)
        menu = {
            option["value"]
            for one in drawn.values()
            if one["type"] == "overflow"
            for option in one["options"]
        }
        for found in card.actions:
            assert names.action_id(found.decision) in drawn or found.decision in menu


def test_what_was_written_in_private_says_so_on_the_card_and_in_full() -> None:
    public = Said(text="hello?", by="author", at=NOON)
    private = public.model_copy(update={"private": True})
    ours = private.model_copy(update={"by": "colleague"})
    for drawn in (lambda card: message(card).blocks, lambda card: whole(card, "mention")["blocks"]):
        assert "in private" not in words(drawn(a_card(thread=(public,))))
        assert "They wrote again, in private" in words(drawn(a_card(thread=(private,))))
        assert "A colleague answered there, in private" in words(drawn(a_card(thread=(ours,))))


def test_a_button_carries_the_case_the_draft_and_the_thread_that_were_seen() -> None:
    card = a_card()
    read = names.read(buttons(card)["lh:approve"])
    assert (read.kind, read.name) == ("decide", "approve")
    assert read.pressed is not None
    assert (read.pressed.case_id, read.pressed.version) == (card.case_id, card.version)
    assert read.pressed.hidden == {ask.name: ask.value for ask in action(card, "approve").asks}


def test_a_choice_in_a_menu_is_a_press_on_its_case() -> None:
    card = a_card()
    [block] = [b for b in message(card).blocks if b.get("block_id")]
    chosen = {"block_id": block["block_id"], "selected_option": {"value": "snooze"}}
    read = names.read({"action_id": names.MORE, **chosen})
    assert (read.kind, read.name) == ("decide", "snooze")
    assert read.pressed == names.Pressed(case_id=card.case_id, version=card.version)
    style = names.read({"action_id": names.STYLE, **chosen, "selected_option": {"value": "warmer"}})
    assert (style.kind, style.name, style.pressed) == ("style", "warmer", read.pressed)


def test_a_redraft_can_be_chosen_at_once_or_asked_for_in_own_words() -> None:
    drawn = buttons(a_card())
    assert [option["value"] for option in drawn[names.STYLE]["options"]][:2] == ["warmer", "shorter"]
    assert drawn["lh:redraft"]["text"]["text"] == "Redraft…"


def test_another_version_is_another_menu_so_that_none_shows_an_old_choice() -> None:
    card = a_card()
    assert names.menu_id(card) != names.menu_id(card.model_copy(update={"version": card.version + 1}))


def test_a_case_whose_id_no_menu_holds_has_buttons_alone() -> None:
    card = a_card(case_id="square:" + "😀" * 200)
    drawn = buttons(card)
    assert not [one for one in drawn.values() if one["type"] != "button"]
    assert {"lh:snooze", "lh:redraft"} <= set(drawn)


def test_what_cannot_be_taken_back_is_asked_once_more() -> None:
    assert "posts it twice" in words(buttons(in_state(State.IN_DOUBT))["lh:not_posted"]["confirm"])
    assert "confirm" not in buttons(a_card())["lh:approve"]


def test_the_live_reply_has_its_address_and_no_other_scheme_is_followed() -> None:
    card = in_state(State.PUBLISHED)
    live = card.model_copy(update={"reply_url": "https://square.example/9"})
    assert buttons(live)["lh:link:reply"]["url"] == "https://square.example/9"
    for odd in (
        "javascript:alert(1)",
        "javascript://x/%0aalert(1)",
        "ftp://x/y",
        "https:///y",
        "http://[",
        "",
    ):
        assert "lh:link:reply" not in buttons(card.model_copy(update={"reply_url": odd}))


@pytest.mark.parametrize(
    "element",
    [
        {"action_id": "lh:approve", "value": "not json"},
        {"action_id": "lh:approve", "value": '{"c":"square:1"}'},
        {"action_id": "lh:approve", "value": '{"c":"square:1","v":1,"new":true}'},
        {"action_id": "lh:approve"},
        {"action_id": "old_approve", "value": '{"c":"square:1","v":1}'},
        {"action_id": "lh:show:ghost", "value": '{"c":"square:1","v":1}'},
        {"action_id": "lh:more", "block_id": "lh:a:x:square:1", "selected_option": {"value": "snooze"}},
        {"action_id": "lh:more", "block_id": "lh:a:1:square:1", "selected_option": None},
        {"action_id": "lh:more", "block_id": "other", "selected_option": {"value": "snooze"}},
        {},
    ],
)
def test_a_button_of_an_older_card_is_answered_in_words(element: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="from an older card, and nothing was done"):
        names.read(element)


def test_a_link_asks_for_nothing_but_an_acknowledgement() -> None:
    assert names.read({"action_id": "lh:link:mention"}).kind == "link"


def test_a_hidden_character_is_seen_on_the_card() -> None:
    assert shown("pay \u202enow") in words(message(a_card("pay \u202enow")).blocks)
    assert "[RLO]" in shown("pay \u202enow")


def test_a_list_that_slack_would_find_too_long_says_how_many_are_missing() -> None:
    card = a_card(handle="x" * 80, case_id="square:" + "9" * 290, status="Waiting. " * 20)
    answer = commands._list("20 in the queue, worst first", [card] * 20, "and 40 more")
    rows = sum("accessory" in block for block in answer["blocks"])
    assert 5 < rows < 20
    assert size(answer["blocks"]) <= limits.MESSAGE_BYTES
    foot = [one["text"] for one in answer["blocks"][-1]["elements"]]
    left = 20 - rows
    assert foot == [
        f"{left} of these had no room here; ask for fewer, or look in the App Home",
        "and 40 more",
    ]
