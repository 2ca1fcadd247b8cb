"""What the table promises, proved over every path and over random histories."""

from __future__ import annotations

from collections import deque
from datetime import timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain import events as e
from bot.domain.case import OWES, Case, Lane, State
from bot.domain.transitions import TRANSITIONS, advance, born, replay
from bot.errors import IllegalTransition
from tests.builders import NOON, a_case, a_mention, opened
from tests.domain.random_events import KINDS, MENTIONS, events


def _reachable(*, without: type) -> set[State]:
    seen, todo = {State.RECEIVED}, deque([State.RECEIVED])
    while todo:
        state = todo.popleft()
        for (source, kind), target in TRANSITIONS.items():
            if source is state and kind is not without and target not in seen:
                seen.add(target)
                todo.append(target)
    return seen


def test_without_an_approval_no_path_reaches_published() -> None:
    assert State.PUBLISHED in _reachable(without=type(None))
    assert not _reachable(without=e.ReplyApproved) & {
        State.APPROVED, State.PUBLISHING, State.IN_DOUBT, State.AWAITING_POST, State.PUBLISHED,
    }  # fmt: skip


def test_every_state_can_be_reached_and_can_end() -> None:
    assert _reachable(without=type(None)) == set(State)
    for state in set(State) - {State.CLOSED}:
        ends, todo = False, deque([state])
        seen = {state}
        while todo and not ends:
            for (source, _), target in TRANSITIONS.items():
                if source is todo[0] and target not in seen:
                    seen.add(target)
                    todo.append(target)
            ends = State.CLOSED in seen
            todo.popleft()
        assert ends, state


def test_every_state_but_closed_owes_a_step_in_some_lane() -> None:
    assert {state for state, lane in OWES.items() if lane is None} == {State.CLOSED}
    assert set(OWES) == set(State)


def test_every_event_is_in_the_table() -> None:
    assert set(KINDS) == {kind for _, kind in TRANSITIONS}


def test_an_event_out_of_place_is_refused_and_named() -> None:
    case = a_case(opened())
    with pytest.raises(IllegalTransition, match="'opened', where 'publish_started'"):
        advance(case, e.PublishStarted(key="k", until=NOON), at=NOON)


def test_a_state_is_never_left_by_time_alone_into_approval_or_dismissal() -> None:
    by_people = {e.ReplyApproved, e.FirstApproved, e.CaseClosed, e.DraftEdited, e.Escalated}
    assert all("by" in kind.model_fields for kind in by_people)
    silent = {kind for kind in KINDS if "by" not in kind.model_fields}
    targets = {TRANSITIONS[key] for key in TRANSITIONS if key[1] in silent and key[0] is State.IN_REVIEW}
    assert State.APPROVED not in targets


class History(RuleBasedStateMachine):
    """Any events in any order: what the table lets through keeps the promises of a case."""

    def __init__(self) -> None:
        super().__init__()
        self.case: Case | None = None
        self.entries: list[e.Entry] = []
        self.at = NOON
        self.approved_since_last_publication = False

    @initialize(mention=MENTIONS)
    def begin(self, mention: object) -> None:
        assert isinstance(mention, type(a_mention()))
        event = e.MentionReceived(mention=mention, severity="medium")
        self.case = born(event, at=self.at)
        self.entries = [e.Entry(version=1, at=self.at, event=event)]

    @rule(data=st.data(), seconds=st.integers(0, 3600))
    def something_happens(self, data: st.DataObject, seconds: int) -> None:
        assert self.case is not None
        self.at += timedelta(seconds=seconds)
        event = data.draw(events(self.case, self.at))
        before = self.case
        self.case = advance(before, event, at=self.at)
        self.entries.append(e.Entry(version=self.case.version, at=self.at, event=event))
        if isinstance(event, e.ReplyApproved):
            self.approved_since_last_publication = True
        if len(self.case.replies) > len(before.replies):
            assert self.approved_since_last_publication
            self.approved_since_last_publication = False
        if self.case.state is State.PUBLISHED and before.state is not State.PUBLISHED:
            assert len(self.case.replies) > len(before.replies)
        assert self.case.public_replies >= before.public_replies, "L11 counts what was taken down, too"

    @invariant()
    def an_open_case_is_due_some_time(self) -> None:
        if self.case is not None:
            assert (self.case.step_at is None) == (self.case.state is State.CLOSED)
            assert (self.case.outcome is not None) == (self.case.state is State.CLOSED)

    @invariant()
    def a_retraction_lives_only_while_it_is_under_way(self) -> None:
        if self.case is not None:
            assert (self.case.retraction is not None) == (self.case.state is State.RETRACTING)

    @invariant()
    def an_approval_lives_only_on_the_way_to_publication(self) -> None:
        on_the_way = {
            State.APPROVED, State.PUBLISHING, State.IN_DOUBT, State.AWAITING_POST, State.PUBLISHED,
        }  # fmt: skip
        if self.case is not None and self.case.state not in on_the_way:
            assert self.case.approval is None

    @invariant()
    def the_history_makes_the_same_case(self) -> None:
        if self.case is not None:
            stored = [e.Entry.model_validate_json(entry.model_dump_json()) for entry in self.entries]
            assert replay(stored) == self.case

    @invariant()
    def it_reads_back_as_it_was_written(self) -> None:
        if self.case is not None:
            texts: dict[str, dict[str, str]] = {"texts": {}}
            raw = self.case.model_dump_json(by_alias=True, exclude_defaults=True, context=texts)
            assert Case.model_validate_json(raw, context=texts) == self.case

    @invariant()
    def its_rank_is_a_whole_number_that_a_sorted_set_keeps(self) -> None:
        if self.case is not None:
            assert 0 <= self.case.rank < 2**53
            assert self.case.rank == int(self.case.rank)


TestHistory = History.TestCase
TestHistory.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_the_lanes_are_named_for_their_work() -> None:
    assert {lane.value for lane in Lane} == {"triage", "draft", "card", "publish", "time"}
