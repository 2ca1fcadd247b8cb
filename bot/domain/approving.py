"""Approve or edit a draft: exactly the one that was seen, for the thread that was seen, with its checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain import decision as d
from bot.domain import events as e
from bot.domain.case import Case
from bot.domain.draft import Draft, Finding, Verdict
from bot.domain.language import NAMES
from bot.domain.protocol import ResponseProtocol
from bot.domain.team import Person, Team
from bot.errors import NotAllowed, Refused


@dataclass(frozen=True, slots=True)
class Setting:
    """What a decision is made in. `findings` are of the checks run just now on the text in question.

    `draft` is the edited draft with its findings, for an `Edit`.
    """

    at: datetime
    by: Person
    team: Team
    protocol: ResponseProtocol
    findings: tuple[Finding, ...] | None = None
    draft: Draft | None = None


def clock(at: datetime) -> str:
    """Return a time as a refusal tells it."""
    return f"{at:%H:%M:%S} UTC"


#: What a refusal says that somebody did.
PAST = {
    "reply_approved": "approved the reply", "first_approved": "gave the first approval",
    "draft_edited": "edited the draft", "redraft_asked": "asked for another draft",
    "taken_private": "took it into private",
    "escalated": "escalated it", "case_closed": "closed it", "snoozed": "snoozed it",
    "approval_undone": "undid the approval", "claimed": "claimed it", "released": "released it",
    "kind_corrected": "corrected its kind", "case_reopened": "reopened it", "folded": "folded it",
    "retract_asked": "asked for the reply to be taken down", "reply_left": "left the reply there",
    "moderation_asked": "asked the platform for something", "reply_retracted": "found the reply taken down",
    "escalation_acknowledged": "said the desk is on it", "escalation_answered": "answered the escalation",
    "unfolded": "said it is a story of its own",
    "reply_published": "gave the address of the reply", "not_posted_found": "found it was not posted",
}  # fmt: skip


def last_here(case: Case, setting: Setting) -> str:
    """Return who made the last decision, which, and when, to end a refusal with; empty where nobody did."""
    if case.last is None or case.last.kind not in PAST:
        return ""
    who = "You" if case.last.by == setting.by.id else setting.team.name(case.last.by)
    return f". {who} {PAST[case.last.kind]} at {clock(case.last.at)}"


def _same(case: Case, draft: str, context: str | None, setting: Setting) -> Draft:
    """Return the draft the presser saw, if it is still the one, and the thread still the thread."""
    if case.draft is None or case.draft.id != draft:
        raise Refused(
            "the draft has changed since you saw it; nothing was sent. Read the new one"
            + last_here(case, setting)
        )
    if context is not None and case.context != context:
        raise Refused("the thread has moved on since you saw it; nothing was sent. Read it again")
    return case.draft


def _passed(setting: Setting, reason: str) -> tuple[Finding, ...]:
    """Return the findings an approval carries, if none of them blocks and every warning has its reason."""
    if setting.findings is None:
        raise Refused("the checks could not be run, and nothing is approved without them; try again")
    for finding in setting.findings:
        if finding.verdict is Verdict.BLOCK:
            phrase = f" (\N{LEFT DOUBLE QUOTATION MARK}{finding.phrase}\N{RIGHT DOUBLE QUOTATION MARK})"
            raise Refused(
                f"{finding.rule} blocks this: {finding.says.rstrip('.')}{phrase if finding.phrase else ''}"
            )
    warned = [f.rule for f in setting.findings if f.verdict is Verdict.WARN]
    if warned and not reason:
        raise Refused(f"{', '.join(warned)} warns: give a reason to send it all the same, or edit the draft")
    return setting.findings


def approve(case: Case, decision: d.Approve, setting: Setting) -> tuple[e.Event, ...]:
    """Return the approval, or the first of two where a check asks for a second person."""
    draft = _same(case, decision.draft, decision.context, setting)
    if not case.can_publish:
        reason = case.delivery.reason if case.delivery else "no way to deliver it is known"
        raise Refused(f"nothing can be sent here: {reason}")
    findings = (
        *_passed(setting, decision.reason),
        *not_read(draft, setting.by, setting.team, setting.protocol),
    )
    if any(f.verdict is Verdict.SECOND for f in findings):
        if case.first_approval is not None:
            raise Refused(
                f"{setting.team.name(case.first_approval.by)} gave the first approval already, at "
                f"{clock(case.first_approval.at)}; a second person agrees with it"
            )
        first = e.FirstApproved(
            by=setting.by.id,
            draft=draft.id,
            context=case.context,
            findings=findings,
            checks=draft.checks,
            reason=decision.reason,
        )
        return (first,)
    return (_approval(case, draft, findings, setting, reason=decision.reason, first=None),)


def second_approve(case: Case, decision: d.SecondApprove, setting: Setting) -> tuple[e.Event, ...]:
    """Return the approval that two people give."""
    draft = _same(case, decision.draft, decision.context, setting)
    first = case.first_approval
    if first is None:
        raise Refused("nobody has given a first approval, or the draft changed after it; approve it first")
    if setting.by.id in {first.by, draft.editor}:
        raise Refused("the second approval needs another person than the editor and the first approver")
    findings = _passed(setting, decision.reason or first.reason)
    for finding in findings:
        if finding.verdict is Verdict.SECOND and finding.role and finding.role not in setting.by.roles:
            raise NotAllowed(f"{finding.rule} asks for a {finding.role.replace('_', '-')} as second approver")
    _one_of_them_reads(draft, setting, first.by)
    reason = decision.reason or first.reason
    return (_approval(case, draft, findings, setting, reason=reason, first=first.by),)


def _reads(draft: Draft, person: Person | None, protocol: ResponseProtocol) -> bool:
    if draft.back_translation or (person and person.id == draft.editor):
        return True
    return person is not None and person.reads(draft.language, protocol.team_language)


def not_read(draft: Draft, by: Person, team: Team, protocol: ResponseProtocol) -> tuple[Finding, ...]:
    """W13: nobody approves alone what they cannot read, unless it was translated back for them."""
    if _reads(draft, by, protocol):
        return ()
    needed = " or ".join(_readers(draft, team, protocol)) or "another person"
    reads = "does not read" if team.person(by.id) else "is not known to read"
    says = f"{by.name} {reads} {_name(draft)}, and it is not translated back: {needed} must agree."
    return (Finding(rule="W13", verdict=Verdict.SECOND, says=says),)


def _one_of_them_reads(draft: Draft, setting: Setting, first: str) -> None:
    other = setting.team.person(first)
    if first == draft.editor or any(_reads(draft, one, setting.protocol) for one in (setting.by, other)):
        return
    if able := _readers(draft, setting.team, setting.protocol):
        # Of a colleague whom a group alone vouches for, nobody has said what they read.
        reads = "reads" if other and setting.team.person(setting.by.id) else "is known to read"
        raise NotAllowed(
            f"neither of you {reads} {_name(draft)}; the second approval needs {' or '.join(able)}"
        )


def _readers(draft: Draft, team: Team, protocol: ResponseProtocol) -> list[str]:
    """Return who can be the second to approve it and reads it: whoever edited it cannot agree with it."""
    return [p.name for p in team.people if p.id != draft.editor and _reads(draft, p, protocol)]


def _name(draft: Draft) -> str:
    return NAMES.get(draft.language, "this language")


def _approval(
    case: Case,
    draft: Draft,
    findings: tuple[Finding, ...],
    setting: Setting,
    *,
    reason: str,
    first: str | None,
) -> e.ReplyApproved:
    window = setting.protocol.undo_window(case.severity)
    return e.ReplyApproved(
        by=setting.by.id,
        draft=draft.id,
        context=case.context,
        findings=findings,
        checks=draft.checks,
        reason=reason,
        first=first,
        publish_at=setting.at + window,
    )


def edit(case: Case, decision: d.Edit, setting: Setting) -> tuple[e.Event, ...]:
    """Return the edit of the draft that was seen."""
    _same(case, decision.draft, None, setting)
    if setting.draft is None:
        raise Refused("the checks could not be run on your text, so it was not taken in; try again")
    return (e.DraftEdited(by=setting.by.id, draft=setting.draft),)
