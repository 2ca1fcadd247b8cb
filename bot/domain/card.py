"""A card: one case as a team channel shows it. It is built from the case, drawn, and never read back."""

from __future__ import annotations

from pydantic import AwareDatetime

from bot.domain.actions import Action, actions_of
from bot.domain.approving import not_read
from bot.domain.case import COUNTED_OTHERS, Case, State
from bot.domain.draft import Draft, Finding
from bot.domain.events import OtherCase
from bot.domain.protocol import ResponseProtocol
from bot.domain.team import Person, Team
from bot.domain.value import Value


class Fact(Value):
    """A label and what stands beside it."""

    label: str
    value: str


class Said(Value):
    """Words that somebody wrote, and what their reader needs; `private`: they were written for us alone."""

    text: str
    language: str = "und"
    by: str = ""
    at: AwareDatetime | None = None
    private: bool = False


class Card(Value):
    """Everything a channel needs to draw; times are absolute, strangers' words are plain text."""

    case_id: str
    version: int
    state: State
    status: str  # one line: what has happened, and who is needed
    severity: str
    title: str
    category: str = ""  # of the assessment, empty until it was read
    author: str
    handle: str
    platform: str
    url: str | None
    mention: Said
    thread: tuple[Said, ...] = ()
    why: str = ""
    facts: tuple[Fact, ...] = ()
    risks: tuple[str, ...] = ()
    abusive: bool = False  # labelled before it is shown (L13)
    deadline: AwareDatetime | None = None
    until: AwareDatetime | None = None  # the end of an undo window, a snooze or a claim
    notice: str = ""
    draft: Said | None = None
    draft_before: str = ""  # what a redraft changed
    draft_id: str = ""
    draft_editor: str = ""  # the ID of the person who last changed it, empty where none did
    draft_note: str = ""
    reading: Said | None = None  # what they wrote, in the team's language
    back_translation: Said | None = None  # what the draft says, in the team's language
    findings: tuple[Finding, ...] = ()
    passed: int = 0  # checks that had nothing to say
    max_length: int | None = None  # of a reply there, in the platform's own count
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
        category=reading.category.value if reading else "",
        author=mention.author.name or mention.author.handle,
        handle=mention.author.handle,
        platform=mention.platform,
        url=mention.url,
        mention=Said(
            text=mention.text, language=reading.language if reading else "und", at=mention.posted_at
        ),
        thread=tuple(Said(text=m.text, by=m.by, at=m.at, private=m.private) for m in case.thread),
        why=reading.why if reading else "",
        facts=_facts(case, protocol),
        abusive=reading is not None and reading.abusive,
        risks=tuple(sorted(r.value.replace("_", " ") for r in reading.risks)) if reading else (),
        deadline=case.deadline if case.open else None,
        until=_until(case),
        notice=case.notice,
        draft=Said(text=draft.text, language=draft.language, by=_maker(draft, team)) if draft else None,
        draft_before=case.draft_before if draft else "",
        draft_id=draft.id if draft else "",
        draft_editor=(draft.editor or "") if draft else "",
        draft_note=draft.note if draft else "",
        reading=_translated(draft.reading if draft else "", protocol),
        back_translation=_translated(draft.back_translation if draft else "", protocol),
        findings=(*draft.findings, *_unread(case, draft, team, protocol, viewer)) if draft else (),
        passed=draft.passed if draft else 0,
        max_length=case.delivery.max_length if case.delivery else None,
        delivery=case.delivery.mode.value if case.delivery else "",
        delivery_reason=case.delivery.reason if case.delivery else "",
        key_messages=protocol.key_messages,
        reply_url=case.standing[-1].url if case.standing else None,
        actions=actions_of(case, protocol, viewer=viewer),
    )


def _unread(
    case: Case, draft: Draft, team: Team, protocol: ResponseProtocol, viewer: Person | None
) -> tuple[Finding, ...]:
    """Return why one approval is not enough here: whoever presses is told before, everybody else after."""
    if case.state not in {State.DRAFTED, State.IN_REVIEW} or not case.can_publish:
        return ()
    by = case.first_approval.by if case.first_approval else viewer.id if viewer else ""
    person = team.person(by)  # none for whoever runs the command: they are nobody's reader
    return not_read(draft, person, team, protocol) if person and person.may("approve") else ()


def _translated(text: str, protocol: ResponseProtocol) -> Said | None:
    return Said(text=text, language=protocol.team_language) if text else None


def _title(case: Case) -> str:
    kind = case.assessment.category.value if case.assessment else "mention"
    back = "back again: " if case.returned else ""
    name = case.mention.author.name or f"@{case.mention.author.handle}"
    return f"{case.severity.value.capitalize()} {kind}, {back}{name} on {case.mention.platform}"


def _facts(case: Case, protocol: ResponseProtocol) -> tuple[Fact, ...]:
    author, reading = case.mention.author, case.assessment
    desk = protocol.desks.get((reading and protocol.desk_of(reading)) or "")
    facts = [
        Fact(label="Topics", value=", ".join(t.replace("_", " ") for t in reading.topics) if reading else ""),
        Fact(label="A matter for the desk", value=desk.title if desk else ""),
        Fact(label="Followers", value="" if author.followers is None else f"{author.followers:,}"),
        Fact(label="Rating", value=f"{case.mention.rating} of 5" if case.mention.rating else ""),
        Fact(label="Replies so far", value=str(len(case.replies)) if case.replies else ""),
        Fact(
            label="What the desk is asked",
            value=case.escalation.reason if case.escalation and case.state is State.ESCALATED else "",
        ),
        Fact(
            label="The desk's answer",
            value=case.escalation.answer if case.escalation and case.escalation.answer else "",
        ),
        Fact(label="Also under this name", value=_history(case)),
    ]
    return tuple(fact for fact in facts if fact.value)


def _history(case: Case) -> str:
    """What else its author wrote to us, in numbers and kinds and not in their words (M16).

    A name and no more: a feed tells whom a post is by, not whether two of that name are one person.
    """
    if not case.history:
        return ""
    count, most = case.history_count, case.history_count >= COUNTED_OTHERS
    number = f"{count} or more cases" if most else "1 case" if count == 1 else f"{count} cases"
    others = [_other(other) for other in case.history]
    if count > len(others):
        others.append("and others" if most else f"and {count - len(others)} more")
    return f"{number}: {'; '.join(others)}"


def _other(other: OtherCase) -> str:
    kind = other.category.value if other.category else "not read"
    end = other.outcome.value if other.outcome else "open when this was drafted"
    words = dict.fromkeys(name.replace("_", " ") for name in (kind, end))  # praise often ends as praise
    return f"{', '.join(words)}, {other.at.day} {other.at:%b %Y} ({other.case_id})"


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
            urgent = ", urgent" if case.escalation.urgent else ""
            return f"With the {title} desk{urgent}, asked by {team.name(case.escalation.by)}{on_it}"
        case State.SNOOZED:
            return "Snoozed"
        case State.APPROVED if case.approval:
            both = [person for person in (case.approval.first, case.approval.by) if person]
            return f"Approved by {' and '.join(map(team.name, both))}; it can still be undone"
        case State.PUBLISHING:
            return "Being sent"
        case State.IN_DOUBT:
            return "In doubt: the platform gave no clear answer. Look there, and say whether it is live"
        case State.AWAITING_POST:
            return "Post it by hand, then give the address of the reply"
        case State.PUBLISHED:
            return "The reply is live"
        case State.RETRACTING:
            doubted = case.retraction is not None and case.retraction.doubted
            return "In doubt: our reply may still stand. Look there" if doubted else "Being taken down"
        case State.FOLDED:
            return f"Folded into {case.folded_into}"
        case _:
            return f"Closed: {case.outcome.value.replace('_', ' ') if case.outcome else 'done'}"
