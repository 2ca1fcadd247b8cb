"""The trail in words: every event, who, what, the exact text, and how the checks were answered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from bot.domain import events as e
from bot.domain.assessment import Assessment, Category, Severity, unread
from bot.domain.delivery import Delivery, Mode, Receipt
from bot.domain.draft import Draft, Finding, Purpose, Verdict
from bot.domain.mention import Author, Mention
from bot.domain.team import Person, Role, Team
from bot.domain.trail import tell, tell_all

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TEAM = Team(
    people=(
        Person(id="maya", name="Maya Oduya", roles=frozenset({Role.RESPONDER})),
        Person(id="tom", name="Tom Reis", roles=frozenset({Role.MANAGER})),
    )
)
MENTION = Mention(
    source="square", platform="square", id="7", author=Author(handle="ada", name="Ada"), text="Late again!",
    posted_at=AT,
)  # fmt: skip
READING = Assessment(
    category=Category.COMPLAINT, severity=Severity.HIGH, language="en", by="offline", why="a late order"
)
DRAFT = Draft(text="We are sorry, Ada.", language="en", purpose=Purpose.ANSWER, by="offline")
MESSAGE = e.Message(id="8", by="author", text="Hello?", at=AT)
RECEIPT = Receipt(id="9", url="https://square.example/9", at=AT, text="We are sorry, Ada.")
SEEN = "0" * 32

EVENTS: tuple[e.Event, ...] = (
    e.MentionReceived(mention=MENTION, severity=Severity.HIGH),
    e.CaseOpened(assessment=READING, deadline=AT, remind_at=AT),
    e.CaseNoted(assessment=READING, outcome=e.Outcome.PRAISE),
    e.DraftReady(draft=DRAFT, delivery=Delivery(mode=Mode.API, reason="the author tagged us")),
    e.CardPosted(channel="console"),
    e.Reminded(rung=1, role="on_call", remind_at=AT),
    e.ClaimExpired(),
    e.SnoozeEnded(),
    e.PublishStarted(key="k", until=AT),
    e.ReplyPublished(receipt=RECEIPT, follow_up_at=AT),
    e.PublishPostponed(until=AT, reason="too busy"),
    e.PublishRejected(reason="too long"),
    e.PublishDoubted(reason="it hung up", remind_at=AT),
    e.HandedOver(remind_at=AT),
    e.Rehearsed(),
    e.RetractAsked(by="tom", reply="9", reason="the wrong shop"),
    e.RetractStarted(key="k", until=AT),
    e.RetractPostponed(until=AT, reason="too busy"),
    e.RetractDoubted(reason="it hung up", remind_at=AT),
    e.ReplyRetracted(reply="9", says="Tom Reis had it taken down.", deadline=AT, remind_at=AT),
    e.ReplyLeft(by="tom", deadline=AT, remind_at=AT),
    e.ModerationAsked(by="tom", how="block", reason="a troll"),
    e.Moderated(how="block"),
    e.ModerationPostponed(until=AT, reason="too busy"),
    e.ModerationFailed(how="hide", reason="not ours"),
    e.FollowUpDue(deadline=AT, remind_at=AT),
    e.ThreadMoved(),
    e.FollowUpEnded(),
    e.ParentLooked(look_at=AT),
    e.ParentEnded(),
    e.FoldEnded(deadline=AT, remind_at=AT),
    e.MentionEdited(text="Late again, as ever!"),
    e.MentionRemoved(),
    e.AuthorReplied(message=MESSAGE),
    e.ColleagueReplied(message=MESSAGE),
    e.ReplyApproved(by="maya", draft=SEEN, context=SEEN, publish_at=AT),
    e.FirstApproved(by="maya", draft=SEEN, context=SEEN),
    e.DraftEdited(by="maya", draft=DRAFT),
    e.RedraftAsked(by="maya", instruction="shorter"),
    e.TakenPrivate(by="maya"),
    e.Escalated(by="maya", desk="legal", reason="they named a lawyer", remind_at=AT),
    e.EscalationAcknowledged(by="tom", remind_at=AT),
    e.EscalationAnswered(by="tom", answer="We will refund it."),
    e.Claimed(by="maya", until=AT),
    e.Released(by="maya"),
    e.Snoozed(by="maya", until=AT),
    e.CaseClosed(by="maya", outcome=e.Outcome.NOT_US, reason="another bakery"),
    e.KindCorrected(by="maya", category=Category.QUESTION, deadline=AT, remind_at=AT),
    e.ApprovalUndone(by="maya", remind_at=AT),
    e.NotPostedFound(by="maya"),
    e.Folded(by="maya", into="square:1", look_at=AT),
    e.Unfolded(by="maya"),
    e.CaseReopened(by="maya", deadline=AT, remind_at=AT),
)  # fmt: skip


def told(event: e.Event) -> Any:
    return tell(e.Entry(version=1, at=AT, event=event), TEAM)


def test_there_is_a_line_here_for_every_event_there_is() -> None:
    every = set(get_args(get_args(e.Event)[0]))
    assert {type(event) for event in EVENTS} == every


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_every_event_has_words_of_its_own(event: e.Event) -> None:
    line = told(event)
    assert line.at == AT
    assert line.who
    assert len(line.says) > 8
    assert "_" not in line.says, "an internal name is no plain word"


#: Names of ours that a newcomer to the team has never heard.
JARGON = {"api", "rung", "ladder", "key", "fold", "folded", "parent", "offline,", "moderating", "assisted"}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_a_newcomer_reads_the_trail_without_a_glossary(event: e.Event) -> None:
    assert not JARGON & set(told(event).says.replace(":", " ").replace(";", " ").split())


def test_a_reminder_says_who_was_reminded_why_and_whether_it_was_not_the_first() -> None:
    first = told(e.Reminded(rung=1, role="on_call", remind_at=AT))
    assert (first.who, first.says) == (
        "Levelhead",
        "reminded the on-call, as nobody had dealt with it in time",
    )
    third = told(e.Reminded(rung=3, role="manager", remind_at=AT))
    assert third.says == "reminded the manager, as nobody had dealt with it in time (reminder 3)"


def test_an_escalation_names_the_desk_the_question_and_that_it_is_urgent() -> None:
    asked = e.Escalated(by="maya", desk="food_safety", reason="was it our flour?", remind_at=AT)
    line = told(asked)
    assert (line.says, line.text) == ("escalated it to the food safety desk", "was it our flour?")
    urgent = told(asked.model_copy(update={"urgency": "urgent"}))
    assert urgent.says == "escalated it to the food safety desk, urgent"


def test_a_draft_is_told_by_its_language_its_maker_and_how_it_goes_out() -> None:
    draft = DRAFT.model_copy(
        update={"by": "a-model", "prompt": "draft/v2", "protocol": "Brightloaf 1", "purpose": "next_message"}
    )
    by_hand = Delivery(mode=Mode.ASSISTED, reason="they did not tag us")
    assert told(e.DraftReady(draft=draft, delivery=by_hand)).says == (
        "drafted a reply to what they wrote next in English (by a-model, prompt draft/v2, protocol "
        "Brightloaf 1); every check passed; a person posts it by hand: they did not tag us"
    )


def test_a_mention_that_nothing_could_read_is_not_said_to_have_been_read() -> None:
    line = told(e.CaseOpened(assessment=unread("en", "no reader answered"), deadline=AT, remind_at=AT))
    assert line.says.startswith("could not read it, so it counts as complaint, severity high")


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("mode", Mode)
def test_every_kind_of_draft_and_way_out_has_words(purpose: Purpose, mode: Mode) -> None:
    draft = DRAFT.model_copy(update={"purpose": purpose})
    assert "_" not in told(e.DraftReady(draft=draft, delivery=Delivery(mode=mode, reason="so"))).says


@pytest.mark.parametrize(
    "event", [ev for ev in EVENTS if getattr(ev, "by", None)], ids=lambda event: event.kind
)
def test_what_a_person_decided_stands_under_their_name(event: e.Event) -> None:
    assert told(event).who in {"Maya Oduya", "Tom Reis"}


def test_somebody_who_left_the_team_stands_there_by_their_id() -> None:
    assert told(e.Released(by="zoe")).who == "zoe"


def test_the_exact_text_of_mention_draft_edit_and_reply_is_told() -> None:
    texts = {line.says.split()[0]: line.text for line in map(told, EVENTS) if line.text}
    assert texts["took"] == "Late again!"
    assert texts["drafted"] == texts["edited"] == texts["published"] == "We are sorry, Ada."
    assert texts["changed"] == "Late again, as ever!"


def test_an_approval_tells_which_checks_were_overridden_and_why() -> None:
    warned = Finding(rule="W7", verdict=Verdict.WARN, says="it sounds like selling", phrase="our new loaf")
    line = told(
        e.ReplyApproved(
            by="maya", draft=SEEN, context=SEEN, findings=(warned,), reason="they asked for it", publish_at=AT
        )
    )
    assert "W7: it sounds like selling (“our new loaf”)" in line.says
    assert "overridden because “they asked for it”" in line.says


def test_an_approval_without_findings_says_that_every_check_passed() -> None:
    assert (
        "every check passed" in told(e.ReplyApproved(by="maya", draft=SEEN, context=SEEN, publish_at=AT)).says
    )


def test_two_approvals_name_both_people() -> None:
    second = Finding(rule="L12", verdict=Verdict.SECOND, says="an injury", role="manager")
    line = told(
        e.ReplyApproved(
            by="tom", first="maya", draft=SEEN, context=SEEN, findings=(second,), publish_at=AT, reason=""
        )
    )
    assert line.who == "Tom Reis"
    assert "agreeing with Maya Oduya" in line.says
    assert "L12: an injury, which asks for a manager" in line.says
    called = second.model_copy(update={"role": "on_call"})
    once = told(e.FirstApproved(by="maya", draft=SEEN, context=SEEN, findings=(called,)))
    assert "which asks for an on-call" in once.says


def test_a_takeover_names_whose_claim_it_was() -> None:
    assert "from Maya Oduya" in told(e.Claimed(by="tom", until=AT, over="maya")).says


def test_an_author_and_a_colleague_act_as_themselves() -> None:
    assert told(e.AuthorReplied(message=MESSAGE)).who == "The author"
    assert told(e.ColleagueReplied(message=MESSAGE)).who == "A colleague"
    private = MESSAGE.model_copy(update={"private": True})
    assert told(e.AuthorReplied(message=private)).says == "wrote again in private"
    assert told(e.ColleagueReplied(message=private)).says.endswith("in private")
    assert told(e.ReplyPublished(receipt=RECEIPT, follow_up_at=AT)).who == "Levelhead"
    assert told(e.ReplyPublished(receipt=RECEIPT, follow_up_at=AT, by="maya")).who == "Maya Oduya"


def test_an_approval_stands_in_the_history_with_the_text_it_approved() -> None:
    edited = DRAFT.model_copy(update={"text": "So sorry, Ada.", "by": "person:maya"})
    events = (
        EVENTS[0],
        e.DraftReady(draft=DRAFT, delivery=Delivery(mode=Mode.API, reason="tagged")),
        e.DraftEdited(by="maya", draft=edited),
        e.FirstApproved(by="maya", draft=DRAFT.id, context=SEEN),
        e.ReplyApproved(by="tom", draft=edited.id, context=SEEN, publish_at=AT),
    )
    lines = tell_all([e.Entry(version=n, at=AT, event=event) for n, event in enumerate(events, 1)], TEAM)
    assert [line.text for line in lines[3:]] == ["We are sorry, Ada.", "So sorry, Ada."]
