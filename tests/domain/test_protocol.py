"""The protocol: what a team may write in it, what it is told when it is wrong, what its numbers mean."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.assessment import Assessment, Category, Risk, Severity
from bot.domain.draft import Purpose
from bot.domain.language import NAMES
from bot.domain.protocol import ResponseProtocol
from bot.domain.protocol_file import load_protocol
from bot.domain.protocol_text import ProtocolText
from bot.errors import BadSettings

FILES = ProtocolText.read(Path(__file__).parents[2] / "prompts" / "protocol" / "default.toml").files
DEFAULT = FILES["default.toml"]
PROTOCOL = load_protocol(ProtocolText(FILES))
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SEVERITIES = st.sampled_from(list(Severity))


def file_with(words: str) -> str:
    return next(name for name in ("default.toml", "default/en.toml") if words in FILES[name])


def problems(old: str, new: str, file: str = "") -> list[str]:
    """The lines that the default protocol's owner is shown after putting `new` in the place of `old`."""
    file = file or file_with(old)
    return told_of(FILES[file].replace(old, new, 1), file)


def told_of(text: str, file: str = "default.toml") -> list[str]:
    """The lines that are told when one file of the default protocol holds `text`."""
    with pytest.raises(BadSettings) as told:
        load_protocol(ProtocolText({**FILES, file: text}))
    return str(told.value).splitlines()


def line_of(words: str) -> int:
    return DEFAULT[: DEFAULT.index(words)].count("\n") + 1


# --- the default


def test_the_default_protocol_speaks_the_thirteen_languages() -> None:
    assert set(PROTOCOL.parts) == set(NAMES)


def test_each_kind_of_mention_that_is_answered_has_its_playbook() -> None:
    assert {c for c in Category if c.needs_answer} <= set(PROTOCOL.playbooks)


def test_trolls_are_met_with_silence_first_and_nobody_else_is() -> None:
    assert [c for c, playbook in PROTOCOL.playbooks.items() if playbook.silence_first] == [Category.TROLL]


def test_every_danger_has_a_desk() -> None:
    assert set(PROTOCOL.risk_desks) == set(Risk)


@pytest.mark.parametrize("rule", [
    "W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8", "W9", "W10", "W11", "W12", "W13", "W14",
    "M2", "M3", "M4", "M5", "M6", "M7", "M9", "M10", "M11", "M12", "M14", "M18", "M21", "M22", "M23",
    "L1", "L2", "L4", "L5", "L12",
])  # fmt: skip
def test_the_file_names_the_rules_that_it_keeps(rule: str) -> None:
    comments = [line for line in DEFAULT.splitlines() if line.startswith("#")]
    assert any(re.search(rf"\b{rule}\b", line) for line in comments)


def test_every_statement_can_be_read_by_the_team() -> None:
    assert all(PROTOCOL.team_language in statement.text for statement in PROTOCOL.statements.values())


# --- what its owner is told

#: What is put in the place of what, and the words that must stand in one line of what is told.
WRONG = [
    ('steps = ["Thank them.", "Pass it on', "steps = 5 # [",
     ["playbooks.praise.steps", "expected a list of sentences, found a number"]),
    ("claim_minutes = 10", 'claim_minutes = "ten"',
     ["claim_minutes", "expected a whole number, found 'ten'"]),
    ("claim_minutes = 10", "claim_minutes = true", ["claim_minutes", "expected a whole number, found true"]),
    ("claim_minutes = 10", "claim_minutes = 0", ["claim_minutes", "must be 1 or more, found 0"]),
    ("claim_minutes = 10", "claim_minuts = 10",
     ["claim_minuts", "unknown name; did you mean 'claim_minutes'?"]),
    ("silence_first = true", "silence_frst = true",
     ["playbooks.troll.silence_frst", "did you mean 'silence_first'?"]),
    ("[playbooks.complaint]", "[playbooks.complains]", ["playbooks.complains", "did you mean 'complaint'?"]),
    ('desk = "general"', 'desk = "genaral"',
     ["playbooks.impersonation.desk", "there is no desk 'genaral'; did you mean 'general'?"]),
    ('injury = "food_safety"', 'injury = "doctor"', ["risk_desks.injury", "there is no desk 'doctor'"]),
    ('{ after_percent = 50, role = "responder" }', '{ after_percent = 50, role = "chief" }',
     ["unanswered.ladder.0.role", "expected one of responder, manager, on_call, found 'chief'"]),
    ("after_percent = 150", "after_percent = 60",
     ["unanswered.ladder", "each step must come later than the one before"]),
    ("urgent_percent = 25", "urgent_percent = 0",
     ["unanswered.urgent_percent", "must be 1 or more, found 0"]),
    ("urgent_percent = 25", "urgent_percent = 101",
     ["unanswered.urgent_percent", "must be 100 or less, found 101"]),
    ("urgent_percent = 25", 'urgent_percent = "a quarter"',
     ["unanswered.urgent_percent", "expected a whole number, found 'a quarter'"]),
    ("urgent_percent = 25", "urgent_percents = 25",
     ["unanswered.urgent_percents", "unknown name; did you mean 'urgent_percent'?"]),
    ('voice = "', 'voices = "', ["voices", "unknown name; did you mean 'voice'?"]),
    ("[parts.en.topics]", "[parts.en.topicz]", ["parts.en.topicz", "did you mean 'topics'?"]),
    ('"Hello {name},"', '"Hello {nme},"',
     ["parts.en.greeting_named", "{nme} cannot stand here, only {account}, {company}, {name}"]),
    ('"Hello {name},"', '"Hello you,"', ["parts.en.greeting_named", "{name} must stand in 'Hello you,'"]),
    ('"Thank you for telling us."', '"Thank {you for telling us."', ["parts.en.thanks", "has no partner"]),
    ('what_for = "Journalists', 'what_fro = "Journalists',
     ["desks.press.what_fro", "did you mean 'what_for'?"]),
]  # fmt: skip
ABSENT = [
    ('name = "Brightloaf"', "", ["name", "is missing; expected words in quotes"]),
    (
        'team_language = "en"',
        'team_language = "nl"',
        ["parts", "the team's own language needs its sentences"],
    ),
]


@pytest.mark.parametrize(("old", "new", "words"), [*WRONG, *ABSENT])
def test_a_mistake_is_told_with_its_place_and_what_was_expected(old: str, new: str, words: list[str]) -> None:
    shown = problems(old, new)
    assert any(all(word in line for word in words) for line in shown), shown


@pytest.mark.parametrize(("old", "new", "words"), WRONG)
def test_the_line_is_the_one_that_is_wrong(old: str, new: str, words: list[str]) -> None:
    broken = FILES[file_with(old)].replace(old, new, 1)
    told = next(line for line in problems(old, new) if words[0] in line)
    number = int(told.removeprefix(f"{file_with(old)} line ").split(",")[0])
    name = next(part for part in reversed(words[0].split(".")) if not part.isdigit() and part != "role")
    assert name in broken.splitlines()[number - 1]


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines() -> None:
    twice = DEFAULT.replace("claim_minutes = 10", "claim_minutes = 0").replace("low = 1440", "low = -1")
    first, second = told_of(twice)
    assert first.startswith(f"default.toml line {line_of('claim_minutes = 10')}, claim_minutes:")
    assert second.startswith(f"default.toml line {line_of('low = 1440')}, deadlines.low:")


def test_a_topic_that_one_language_lacks_is_missed_there() -> None:
    shown = problems("\nlate_delivery = [", "\nlate_deliveries = [", "default/es.toml")
    assert any("parts.es.topics.late_delivery: is missing" in line for line in shown)


def test_a_part_that_one_language_lacks_is_missed_there() -> None:
    arabic = FILES["default/ar.toml"]
    (told,) = told_of(arabic[: arabic.index("[parts.ar.holding]")], "default/ar.toml")
    assert told.startswith("default/ar.toml line 3, parts.ar.holding: is missing")


def test_what_stands_in_two_files_is_told_where_it_stands_again() -> None:
    (told,) = told_of(FILES["default/es.toml"] + "\n[parts.tr]\nclosing = ['a']\n", "default/zz.toml")
    assert told.startswith("default/zz.toml line 4, parts.es.greeting_named: stands in another file")


def test_a_protocol_may_stand_in_one_file(tmp_path: Path) -> None:
    one = tmp_path / "protocol.toml"
    one.write_text(DEFAULT + FILES["default/en.toml"], encoding="utf-8")
    assert set(load_protocol(ProtocolText.read(one)).parts) == {"en"}


def test_a_number_of_a_list_is_counted_where_the_list_stands() -> None:
    (told,) = problems("snooze_minutes = [30, 120, 480]", 'snooze_minutes = [30, "soon", 480]')
    assert told == (
        f"default.toml line {line_of('snooze_minutes')}, snooze_minutes.1: "
        "expected a whole number, found 'soon'"
    )


@pytest.mark.parametrize(("old", "new", "words"), [
    ('name = "Brightloaf"', 'name = "Brightloaf', "a quote that opens here is never closed"),
    ('name = "Brightloaf"', "name = Brightloaf", 'words in "double quotes"'),
    ('name = "Brightloaf"', 'name "Brightloaf"', "expected `name = value`"),
    ('name = "Brightloaf"', 'version = 1\nname = "Brightloaf"', "the same name stands twice"),
    ("[deadlines]", "[undo_seconds_by_severity]", "this section stands twice"),
    ('accounts = ["brightloaf"]', 'accounts = ["brightloaf" "x"]', "a comma is missing"),
])  # fmt: skip
def test_what_is_no_toml_is_told_in_plain_words_with_line_and_column(old: str, new: str, words: str) -> None:
    (told,) = problems(old, new)
    assert words in told
    assert told.startswith("default.toml line ")
    assert ", column " in told


def test_an_empty_file_is_told_everything_it_lacks() -> None:
    with pytest.raises(BadSettings) as told:
        load_protocol(ProtocolText({"new.toml": ""}))
    lines = str(told.value).splitlines()
    assert "new.toml, company: is missing; expected words in quotes" in lines
    assert len(lines) > 10


# --- its numbers


@pytest.mark.parametrize(
    ("severity", "minutes"), [("critical", 15), ("high", 60), ("medium", 240), ("low", 1440)]
)
def test_each_severity_has_its_deadline(severity: str, minutes: int) -> None:
    assert PROTOCOL.deadline(Severity(severity), Purpose.ANSWER, NOW) == NOW + timedelta(minutes=minutes)


@given(SEVERITIES)
def test_whoever_waits_in_a_conversation_waits_shorter_never_longer(severity: Severity) -> None:
    answer = PROTOCOL.deadline(severity, Purpose.ANSWER, NOW)
    assert PROTOCOL.deadline(severity, Purpose.NEXT_MESSAGE, NOW) == min(answer, NOW + timedelta(hours=1))


def test_what_is_dangerous_can_be_taken_back_for_longer() -> None:
    assert PROTOCOL.undo_window(Severity.LOW) == timedelta(seconds=20)
    assert PROTOCOL.undo_window(Severity.CRITICAL) == timedelta(seconds=60)


def reading(category: Category, *risks: Risk) -> Assessment:
    return Assessment(
        category=category, severity=Severity.HIGH, language="en", by="x", risks=frozenset(risks)
    )


@pytest.mark.parametrize(("assessment", "desk"), [
    (reading(Category.COMPLAINT), None),
    (reading(Category.IMPERSONATION), "general"),
    (reading(Category.COMPLAINT, Risk.LAWYER), "legal"),
    (reading(Category.COMPLAINT, Risk.PRESS, Risk.INJURY), "food_safety"),
    (reading(Category.IMPERSONATION, Risk.DATA_BREACH), "technical"),
])  # fmt: skip
def test_a_danger_names_the_desk_before_the_kind_does(assessment: Assessment, desk: str | None) -> None:
    assert PROTOCOL.desk_of(assessment) == desk


# --- nobody answers (M18)


def climbed(protocol: ResponseProtocol, severity: Severity, rungs: int) -> list[tuple[str, timedelta]]:
    deadline = protocol.deadline(severity, Purpose.ANSWER, NOW)
    at, seen = protocol.first_reminder(NOW, deadline), []
    for rung in range(1, rungs + 1):
        role, following = protocol.next_rung(NOW, deadline, rung, at)
        seen.append((role, at - NOW))
        at = following
    return seen


def test_a_case_that_nobody_decides_climbs_by_itself_and_never_stops() -> None:
    assert climbed(PROTOCOL, Severity.HIGH, 6) == [
        ("responder", timedelta(minutes=30)),
        ("on_call", timedelta(minutes=54)),
        ("manager", timedelta(minutes=90)),
        ("manager", timedelta(minutes=330)),
        ("manager", timedelta(minutes=570)),
        ("manager", timedelta(minutes=810)),
    ]


def test_a_desk_that_does_not_answer_climbs_its_own_ladder() -> None:
    deadline = NOW + timedelta(hours=1)
    assert PROTOCOL.first_reminder(NOW, deadline, desk="food_safety") == NOW + timedelta(minutes=10)
    role, following = PROTOCOL.next_rung(NOW, deadline, 1, NOW + timedelta(minutes=10), desk="food_safety")
    assert (role, following) == ("on_call", NOW + timedelta(minutes=20))


@given(SEVERITIES, st.integers(0, 200), st.integers(0, 60 * 24 * 30))
def test_the_next_reminder_is_always_still_to_come(severity: Severity, rung: int, late: int) -> None:
    deadline = PROTOCOL.deadline(severity, Purpose.ANSWER, NOW)
    at = NOW + timedelta(minutes=late)
    role, following = PROTOCOL.next_rung(NOW, deadline, rung, at)
    assert following > at
    assert role in {"responder", "on_call", "manager"}


@given(SEVERITIES, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_an_overdue_case_is_first_reminded_of_after_its_opening(severity: Severity, late: timedelta) -> None:
    assert PROTOCOL.first_reminder(NOW, NOW - late) > NOW


def test_after_an_outage_the_missed_rungs_follow_with_a_pause() -> None:
    deadline = PROTOCOL.deadline(Severity.CRITICAL, Purpose.ANSWER, NOW)
    back = NOW + timedelta(days=1)
    _, following = PROTOCOL.next_rung(NOW, deadline, 1, back)
    assert following == back + timedelta(minutes=PROTOCOL.unanswered.pause_minutes)
