"""The company's response protocol: what we say, how far we go, who is asked, and how long each step may take.

It is written in TOML by the people who answer; `bot.domain.protocol_file` reads it and points at mistakes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field, StringConstraints

from bot.domain.assessment import Assessment, Category, Risk, Severity, Topic
from bot.domain.draft import Purpose
from bot.domain.team import Role
from bot.domain.value import Language, Value

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Lines = Annotated[tuple[Line, ...], Field(min_length=1)]
#: Whole numbers only: `true` and `"5"` are mistakes, not numbers.
Count = Annotated[int, Field(strict=True, ge=0, le=525_600)]
Positive = Annotated[int, Field(strict=True, ge=1, le=525_600)]


class Statement(Value):
    """A text prepared for a moment that will come: `when` to use it, and its words by language."""

    when: Line
    text: Mapping[Language, Line]


class Playbook(Value):
    """How one kind of mention is met. `desk` is asked first, empty for none; `silence_first` for trolls."""

    aim: Line
    steps: Lines
    tone: Line
    desk: str = ""
    silence_first: bool = False


class Rung(Value):
    """Nobody at the desk has answered `after_minutes` from the question: ask this role."""

    after_minutes: Positive
    role: Role


class Desk(Value):
    """Who answers what a responder cannot, and who is asked when they do not."""

    title: Label
    what_for: Line
    ladder: Annotated[tuple[Rung, ...], Field(min_length=1)]


class Step(Value):
    """`after_percent` of the time to the deadline has gone: remind this role. 150 is half as long again."""

    after_percent: Annotated[int, Field(strict=True, ge=1, le=1000)]
    role: Role


class Unanswered(Value):
    """How a case that nobody decides climbs by itself (M18). After the last step it comes back for ever.

    `urgent_percent`: an urgent question climbs its desk's ladder in this share of the ladder's times.
    """

    ladder: Annotated[tuple[Step, ...], Field(min_length=1)]
    again_hours: Positive
    pause_minutes: Positive
    urgent_percent: Annotated[int, Field(strict=True, ge=1, le=100)] = 25


class Deadlines(Value):
    """Minutes until an answer is owed, by severity; `next_message` while somebody waits (M2, M6)."""

    critical: Positive
    high: Positive
    medium: Positive
    low: Positive
    next_message: Positive

    def minutes(self, severity: Severity) -> int:
        """Return the minutes for a severity."""
        by_severity: dict[str, int] = self.model_dump()
        return by_severity[severity.value]


class Turn(Value):
    """The words for one kind of reply: how it opens, what it says; `end` stands in for the common closing."""

    open: Lines
    say: Lines
    end: tuple[Line, ...] = ()


class Holding(Value):
    """What we say while a desk is still looking."""

    say: Lines


class Parts(Value):
    """The sentences of one language that offline drafts are composed of.

    Each list holds ways to say the same thing, any of which may follow any sentence of another list.
    `topics` acknowledge what somebody complained of; `general` is for what has no topic of its own.
    """

    greeting_named: Lines
    greeting: Lines
    formal_greeting_named: Lines
    formal_greeting: Lines
    thanks: Lines
    apology: Lines
    next: Lines
    closing: Lines
    formal_closing: Lines
    signature: Lines
    warm: Lines
    details: Lines
    answer: Lines
    topics: Mapping[Topic, Lines]
    question: Turn
    unclear: Turn
    misdirected: Turn
    impersonation: Turn
    troll: Turn
    praise: Turn
    next_message: Turn
    follow_up: Turn
    private_reply: Turn
    holding: Holding


class ResponseProtocol(Value):
    """The whole protocol. Its sentences are for people and a model; the checks enforce them."""

    name: Label
    version: Positive
    company: Label
    accounts: Annotated[tuple[Label, ...], Field(min_length=1)]
    team_language: Language
    voice: Line
    key_messages: Lines
    facts: tuple[Line, ...] = ()
    allowed_promises: tuple[Line, ...] = ()
    own_contacts: tuple[Line, ...] = ()
    never_say: tuple[Line, ...] = ()
    amends: Lines
    watch_only: tuple[Label, ...] = ()
    #: Health, finance or law: that somebody is a customer is no public matter there, by any word (L3 blocks).
    sensitive_sector: Annotated[bool, Field(strict=True)] = False
    statements: Mapping[Key, Statement] = {}
    playbooks: Mapping[Category, Playbook]
    desks: Annotated[Mapping[Key, Desk], Field(min_length=1)]
    risk_desks: Mapping[Risk, str]
    deadlines: Deadlines
    unanswered: Unanswered
    undo_seconds: Annotated[int, Field(strict=True, ge=0, le=3600)] = 20
    undo_seconds_by_severity: Mapping[Severity, Annotated[int, Field(strict=True, ge=0, le=3600)]] = {}
    claim_minutes: Positive = 10
    follow_up_hours: Positive = 24
    follow_up_rounds: Count = 1
    snooze_minutes: Annotated[tuple[Positive, ...], Field(min_length=1)] = (30, 120, 1440)
    styles: Mapping[Key, Line]
    parts: Mapping[Language, Parts]

    @property
    def label(self) -> str:
        """What a draft records of the protocol it was made by."""
        return f"{self.name[:60]} {self.version}"

    @property
    def claim_for(self) -> timedelta:
        """How long a claim holds."""
        return timedelta(minutes=self.claim_minutes)

    @property
    def follow_up_after(self) -> timedelta:
        """How long after a reply we ask how it went (M7)."""
        return timedelta(hours=self.follow_up_hours)

    def undo_window(self, severity: Severity) -> timedelta:
        """Return how long an approval can be taken back before it is sent (M3)."""
        return timedelta(seconds=self.undo_seconds_by_severity.get(severity, self.undo_seconds))

    def deadline(self, severity: Severity, purpose: Purpose, at: datetime) -> datetime:
        """Return when an answer is owed to what came `at`: in a conversation sooner, never later (M2, M6)."""
        minutes = self.deadlines.minutes(severity)
        if purpose is Purpose.NEXT_MESSAGE:
            minutes = min(minutes, self.deadlines.next_message)
        return at + timedelta(minutes=minutes)

    def first_reminder(
        self, opened_at: datetime, deadline: datetime, *, desk: str | None = None, urgent: bool = False
    ) -> datetime:
        """Return when an undecided case first reminds somebody; always later than `opened_at`.

        With `desk`, the time is that of the desk's own ladder, counted from `opened_at`, the question; sooner
        where that is `urgent`.
        """
        first = self._rung_at(0, opened_at, deadline, desk, urgent=urgent)
        return max(first, opened_at + timedelta(seconds=1))

    def next_rung(
        self,
        opened_at: datetime,
        deadline: datetime,
        rung: int,
        at: datetime,
        *,
        desk: str | None = None,
        urgent: bool = False,
    ) -> tuple[str, datetime]:
        """Return the role that is reminded when a case climbs to `rung` (the first is 1), and the next time.

        The next time is always later than `at`, and there always is one: beyond the last rung its role is
        reminded again and again. After an outage the missed rungs follow each other with a pause, so that
        nobody is called a dozen times in one second.
        """
        roles = self._roles(desk)
        index = min(max(rung, 1), len(roles)) - 1
        if rung >= len(roles):
            return roles[index].value, at + timedelta(hours=self.unanswered.again_hours)
        pause = timedelta(minutes=self.unanswered.pause_minutes)
        following = self._rung_at(index + 1, opened_at, deadline, desk, urgent=urgent)
        return roles[index].value, max(following, at + pause)

    def desk_of(self, assessment: Assessment) -> str | None:
        """Return the desk this mention belongs to: a risk's before its kind's, `None` for the responders."""
        for risk in Risk:  # the worst first, as `Risk` lists them
            if risk in assessment.risks and risk in self.risk_desks:
                return self.risk_desks[risk]
        playbook = self.playbooks.get(assessment.category)
        return (playbook.desk or None) if playbook else None

    def _roles(self, desk: str | None) -> list[Role]:
        found = self.desks.get(desk) if desk else None
        return [rung.role for rung in (found.ladder if found else self.unanswered.ladder)]

    def _rung_at(
        self, index: int, opened_at: datetime, deadline: datetime, desk: str | None, *, urgent: bool
    ) -> datetime:
        found = self.desks.get(desk) if desk else None
        if found:
            percent = self.unanswered.urgent_percent if urgent else 100
            return opened_at + timedelta(minutes=found.ladder[index].after_minutes) * percent / 100
        return opened_at + (deadline - opened_at) * (self.unanswered.ladder[index].after_percent / 100)
