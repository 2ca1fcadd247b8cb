"""A card: one case as a team channel shows it. It is built from the case, drawn, and never read back."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime

from bot.domain.assessment import Category
from bot.domain.case import Case, State
from bot.domain.decide import APPLIES
from bot.domain.delivery import Mode
from bot.domain.draft import Draft, Finding, Purpose, Verdict
from bot.domain.protocol import ResponseProtocol
from bot.domain.team import Person, Team
from bot.domain.value import Value

Style = Literal["primary", "danger", "plain"]
Kind = Literal["line", "text", "choice", "hidden"]


class Choice(Value):
    """One answer a person can pick."""

    value: str
    label: str


class Ask(Value):
    """One thing a form asks for. `kind` hidden carries what the presser saw."""

    name: str
    label: str = ""
    kind: Kind = "line"
    value: str = ""
    required: bool = True
    choices: tuple[Choice, ...] = ()


class Action(Value):
    """A button: the decision it makes, and what it asks for first."""

    decision: str
    label: str
    style: Style = "plain"
    asks: tuple[Ask, ...] = ()
    says: str = ""  # what it will do, where the label is not enough


class Fact(Value):
    """A label and what stands beside it."""

    label: str
    value: str


class Said(Value):
    """Words that somebody wrote, with the direction a reader needs."""

    text: str
    language: str = "und"
    by: str = ""
    at: AwareDatetime | None = None


class Card(Value):
    """Everything a channel needs to draw; times are absolute, strangers' words are plain text."""

    case_id: str
    version: int
    state: State
    status: str  # one line: what has happened, and who is needed
    severity: str
    title: str
    author: str
    handle: str
    platform: str
    url: str | None
    mention: Said
    thread: tuple[Said, ...] = ()
    why: str = ""
    facts: tuple[Fact, ...] = ()
    risks: tuple[str, ...] = ()
    deadline: AwareDatetime | None = None
    until: AwareDatetime | None = None  # the end of an undo window, a snooze or a claim
    notice: str = ""
    draft: Said | None = None
    draft_id: str = ""
    draft_note: str = ""
    findings: tuple[Finding, ...] = ()
    delivery: str = ""
    delivery_reason: str = ""
    key_messages: tuple[str, ...] = ()
    reply_url: str | None = None
    actions: tuple[Action, ...] = ()


def card_of(case: Case, team: Team, protocol: ResponseProtocol, *, viewer: Person | None = None) -> Card:
    """Return the card of a case; with a `viewer`, only the buttons their roles allow."""
    mention, reading = case.mention, case.assessment
    draft = case.draft if case.state is not State.RECEIVED else None
    return Card(
        case_id=case.id,
        version=case.version,
        state=case.state,
        status=_status(case, team, protocol),
        severity=case.severity.value,
        title=_title(case),
        author=mention.author.name or mention.author.handle,
        handle=mention.author.handle,
        platform=mention.platform,
        url=mention.url,
        mention=Said(
            text=mention.text, language=reading.language if reading else "und", at=mention.posted_at
        ),
        thread=tuple(Said(text=m.text, by=m.by, at=m.at) for m in case.thread),
        why=reading.why if reading else "",
        facts=_facts(case),
        risks=tuple(sorted(r.value.replace("_", " ") for r in reading.risks)) if reading else (),
        deadline=case.deadline if case.open else None,
        until=_until(case),
        notice=case.notice,
        draft=Said(text=draft.text, language=draft.language, by=_maker(draft, team)) if draft else None,
        draft_id=draft.id if draft else "",
        draft_note=draft.note if draft else "",
        findings=draft.findings if draft else (),
        delivery=case.delivery.mode.value if case.delivery else "",
        delivery_reason=case.delivery.reason if case.delivery else "",
        key_messages=protocol.key_messages,
        reply_url=case.replies[-1].url if case.replies else None,
        actions=tuple(
            action for action in actions_of(case, protocol) if viewer is None or viewer.may(action.decision)
        ),
    )


def _title(case: Case) -> str:
    kind = case.assessment.category.value if case.assessment else "mention"
    back = "back again: " if case.returned else ""
    name = case.mention.author.name or f"@{case.mention.author.handle}"
    return f"{case.severity.value.capitalize()} {kind}, {back}{name} on {case.mention.platform}"


def _facts(case: Case) -> tuple[Fact, ...]:
    author, reading = case.mention.author, case.assessment
    facts = [
        Fact(label="Topics", value=", ".join(t.replace("_", " ") for t in reading.topics) if reading else ""),
        Fact(label="Followers", value="" if author.followers is None else f"{author.followers:,}"),
        Fact(label="Rating", value=f"{case.mention.rating} of 5" if case.mention.rating else ""),
        Fact(label="Replies so far", value=str(len(case.replies)) if case.replies else ""),
        Fact(
            label="The desk's answer",
            value=case.escalation.answer if case.escalation and case.escalation.answer else "",
        ),
    ]
    return tuple(fact for fact in facts if fact.value)


def _maker(draft: Draft, team: Team) -> str:
    return team.name(draft.editor) if draft.editor else draft.by


def _until(case: Case) -> AwareDatetime | None:
    if case.state in {State.APPROVED, State.SNOOZED}:
        return case.step_at
    return case.claim.until if case.claim else None


def _status(case: Case, team: Team, protocol: ResponseProtocol) -> str:  # noqa: C901, PLR0911, PLR0912 one line a state
    match case.state:
        case State.RECEIVED:
            return "Being read"
        case State.OPENED:
            return "A draft is being written"
        case State.DRAFTED | State.IN_REVIEW:
            if case.first_approval:
                return f"{team.name(case.first_approval.by)} approved it; a second person has to agree"
            if case.claim:
                return f"{team.name(case.claim.by)} is on it"
            if case.waits_for:
                return f"Nobody has decided yet: waiting for the {case.waits_for.replace('_', '-')}"
            return "Waiting for a decision"
        case State.ESCALATED if case.escalation:
            desk = protocol.desks.get(case.escalation.desk)
            title = desk.title if desk else case.escalation.desk
            seen = case.escalation.acknowledged_by
            on_it = f"; {team.name(seen)} is on it" if seen else ""
            return f"With the {title} desk, asked by {team.name(case.escalation.by)}{on_it}"
        case State.SNOOZED:
            return "Snoozed"
        case State.APPROVED if case.approval:
            return f"Approved by {team.name(case.approval.by)}; it can still be undone"
        case State.PUBLISHING:
            return "Being sent"
        case State.IN_DOUBT:
            return "In doubt: the platform gave no clear answer. Look there, and say whether it is live"
        case State.AWAITING_POST:
            return "Post it by hand, then give the address of the reply"
        case State.PUBLISHED:
            return "The reply is live"
        case State.FOLDED:
            return f"Folded into {case.folded_into}"
        case _:
            return f"Closed: {case.outcome.value.replace('_', ' ') if case.outcome else 'done'}"


def actions_of(case: Case, protocol: ResponseProtocol) -> tuple[Action, ...]:
    """Return the buttons that apply to a case as it stands: exactly the decisions it would not refuse."""
    state = State.IN_REVIEW if case.state is State.DRAFTED else case.state
    return tuple(
        action
        for action in _all_actions(case, protocol)
        if state in APPLIES[action.decision] and _makes_sense(action.decision, case)
    )


def _makes_sense(decision: str, case: Case) -> bool:
    match decision:
        case "approve":
            return case.can_publish and case.first_approval is None
        case "second_approve":
            return case.first_approval is not None
        case "claim":
            return case.claim is None
        case "release" | "take_over":
            return case.claim is not None
        case "acknowledge":
            return case.escalation is not None and case.escalation.acknowledged_by is None
        case _:
            return True


def _all_actions(case: Case, protocol: ResponseProtocol) -> tuple[Action, ...]:
    draft = Ask(name="draft", kind="hidden", value=case.draft.id if case.draft else "")
    context = Ask(name="context", kind="hidden", value=case.context)
    return (
        *_sending(case, draft, context),
        *_words(case, protocol, draft),
        *_desks(protocol),
        *_holding(protocol),
        *_ending(),
        *_afterwards(),
    )


def _sending(case: Case, draft: Ask, context: Ask) -> tuple[Action, ...]:
    findings = case.draft.findings if case.draft else ()
    warned = any(f.verdict is Verdict.WARN for f in findings)
    why = Ask(name="reason", label="Why send it all the same", required=True)
    seen = (draft, context, why) if warned else (draft, context)
    assisted = case.delivery is not None and case.delivery.mode is Mode.ASSISTED
    private = case.purpose is Purpose.PRIVATE_REPLY
    label = "Approve, then post by hand" if assisted else "Approve and send" + (" privately" if private else "")
    return (
        Action(decision="approve", label=label, style="primary", asks=seen),
        Action(decision="second_approve", label="Agree and send", style="primary", asks=seen),
        Action(decision="undo", label="Undo", style="primary"),
        Action(
            decision="posted",
            label="I posted it" if assisted else "It is live",
            style="primary",
            asks=(Ask(name="url", label="Address of the reply"),),
        ),
        Action(decision="not_posted", label="It was not posted"),
    )


def _words(case: Case, protocol: ResponseProtocol, draft: Ask) -> tuple[Action, ...]:
    text = case.draft.text if case.draft else ""
    styles = tuple(Choice(value=key, label=key.replace("_", " ")) for key in protocol.styles)
    kinds = tuple(Choice(value=c.value, label=c.value) for c in Category)
    return (
        Action(
            decision="edit", label="Edit", asks=(draft, Ask(name="text", label="Reply", kind="text", value=text))
        ),
        Action(
            decision="redraft",
            label="Redraft",
            asks=(
                Ask(name="style", label="How", kind="choice", choices=styles, required=False),
                Ask(name="instruction", label="Or in your own words", required=False),
            ),
        ),
        Action(
            decision="correct",
            label="Wrong kind",
            asks=(Ask(name="category", label="It is", kind="choice", choices=kinds),),
        ),
    )


def _desks(protocol: ResponseProtocol) -> tuple[Action, ...]:
    desks = tuple(Choice(value=key, label=desk.title) for key, desk in protocol.desks.items())
    return (
        Action(decision="answer", label="Answer", style="primary", asks=(
            Ask(name="text", label="What should the author be told", kind="text"),
        )),
        Action(decision="acknowledge", label="I am on it"),
        Action(decision="escalate", label="Escalate", asks=(
            Ask(name="to", label="To the desk", kind="choice", choices=desks),
            Ask(name="reason", label="What you need from them"),
        )),
    )  # fmt: skip


def _holding(protocol: ResponseProtocol) -> tuple[Action, ...]:
    times = tuple(Choice(value=str(m), label=_span(m)) for m in protocol.snooze_minutes)
    return (
        Action(decision="claim", label="Claim"),
        Action(decision="release", label="Release"),
        Action(decision="take_over", label="Take over"),
        Action(decision="snooze", label="Snooze", asks=(
            Ask(name="minutes", label="For", kind="choice", choices=times),
        )),
    )  # fmt: skip


def _span(minutes: int) -> str:
    return f"{minutes} minutes" if minutes < 60 else f"{minutes // 60} h" + (f" {minutes % 60}" if minutes % 60 else "")


def _ending() -> tuple[Action, ...]:
    outcomes = (
        Choice(value="not_us", label="Not about us"),
        Choice(value="spam", label="Spam"),
        Choice(value="troll", label="Troll"),
        Choice(value="duplicate", label="Duplicate"),
        Choice(value="answered_elsewhere", label="Answered elsewhere"),
        Choice(value="noted", label="Noted, needs no answer"),
    )
    return (
        Action(decision="silence", label="Stay silent", asks=(Ask(name="reason", label="Why"),)),
        Action(decision="dismiss", label="Dismiss", style="danger", asks=(
            Ask(name="outcome", label="Because it is", kind="choice", choices=outcomes),
            Ask(name="reason", label="Why"),
        )),
        Action(decision="fold", label="Same as another", asks=(Ask(name="into", label="ID of the other case"),)),
        Action(decision="unfold", label="Not the same after all"),
    )  # fmt: skip


def _afterwards() -> tuple[Action, ...]:
    return (
        Action(decision="resolve", label="Resolved", style="primary", asks=(
            Ask(name="lesson", label="What we learned", required=False),
        )),
        Action(decision="reopen", label="Reopen"),
    )  # fmt: skip
