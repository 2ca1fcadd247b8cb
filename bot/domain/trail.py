"""Tell a case's history in plain words: who did what, with which exact text, past which checks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.domain import events as e
from bot.domain.draft import Finding, Verdict
from bot.domain.remedied import DOES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from bot.domain.team import Team

#: Who acts when no person of the team does.
US, AUTHOR, COLLEAGUE = "Levelhead", "The author", "A colleague"

_LEFT, _RIGHT = "\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the trail. `text` is what was written, exactly; empty where nothing was."""

    at: datetime
    who: str
    says: str
    text: str = ""


class _Words(NamedTuple):
    says: str
    text: str = ""
    who: str = US


def tell(entry: e.Entry, team: Team) -> Told:
    """Return an entry of the trail in words. People who left the team stand there by their ID."""
    words = _TELL[type(entry.event)](entry.event, team)
    by: str | None = getattr(entry.event, "by", None)
    who = team.name(by) if by is not None else words.who
    return Told(at=entry.at, who=who, says=words.says, text=words.text)


def tell_all(entries: Iterable[e.Entry], team: Team) -> list[Told]:
    """Return a whole history in words, in its order; an approval stands there with the text it approved."""
    drafts: dict[str, str] = {}
    told: list[Told] = []
    for entry in entries:
        line = tell(entry, team)
        match entry.event:
            case e.DraftReady(draft=draft) | e.DraftEdited(draft=draft):
                drafts[draft.id] = draft.text
            case e.ReplyApproved(draft=approved) | e.FirstApproved(draft=approved):
                line = replace(line, text=drafts.get(approved, ""))
            case _:
                pass
        told.append(line)
    return told


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _hyphened(name: str) -> str:
    return name.replace("_", "-")


def _when(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _quoted(text: str) -> str:
    return f"{_LEFT}{text}{_RIGHT}"


def _because(reason: str) -> str:
    return f": {reason}" if reason else ""


# --- checks


def _finding(finding: Finding, reason: str) -> str:
    phrase = f" ({_quoted(finding.phrase)})" if finding.phrase else ""
    said = f"{finding.rule}: {finding.says.rstrip('.')}{phrase}"
    match finding.verdict:
        case Verdict.WARN:
            return f"{said}, overridden because {_quoted(reason)}" if reason else f"{said}, which warns"
        case Verdict.SECOND:
            need = _hyphened(finding.role) if finding.role else "second person"
            return f"{said}, which asks for a {need}"
        case Verdict.BLOCK:
            return f"{said}, which blocks it"
        case Verdict.PASS:
            return f"{said}, passed"


def _checks(findings: tuple[Finding, ...], checks: int, reason: str = "") -> str:
    """Say what the checks found and how it was answered; one that found nothing has passed."""
    spoke = [_finding(f, reason) for f in findings if f.verdict is not Verdict.PASS]
    if not spoke:
        every = f"all {checks} checks passed" if checks else "every check passed"
        return f"; {every}" + (f". Reason given: {reason}" if reason else "")
    return f"; checks: {'; '.join(spoke)}; the others passed"


# --- what the bot did


def _received(event: e.MentionReceived, _: Team) -> _Words:
    mention, author = event.mention, event.mention.author
    shown = f"{author.name} (@{author.handle})" if author.name else f"@{author.handle}"
    what = "brought in" if event.by else "took in"
    says = f"{what} a mention by {shown} on {mention.platform}, {event.severity.value} at first sight"
    return _Words(says, mention.text)


def _reading(event: e.CaseOpened | e.CaseNoted) -> str:
    reading = event.assessment
    risks = sorted(_plain(risk.value) for risk in reading.risks)
    danger = f"; risks: {', '.join(risks)}" if risks else ""
    why = f" ({reading.why})" if reading.why else ""
    return f"read it ({reading.by}) as {reading.category.value}, {reading.severity.value}{why}{danger}"


def _opened(event: e.CaseOpened, _: Team) -> _Words:
    return _Words(f"{_reading(event)}; an answer is due by {_when(event.deadline)}")


def _noted(event: e.CaseNoted, _: Team) -> _Words:
    return _Words(f"{_reading(event)}; closed as {_plain(event.outcome.value)}: it asks for no answer")


def _drafted(event: e.DraftReady, _: Team) -> _Words:
    draft, way = event.draft, event.delivery
    made = ", ".join(part for part in (draft.by, draft.prompt, draft.protocol) if part)
    says = f"drafted a reply ({_plain(draft.purpose.value)}, {draft.language}, by {made})"
    sent = f"; delivery {_plain(way.mode.value)}: {way.reason}"
    return _Words(says + _checks(draft.findings, draft.checks) + sent, draft.text)


def _reminded(event: e.Reminded, _: Team) -> _Words:
    return _Words(
        f"nobody had decided: reminded the {_hyphened(event.role)} (rung {event.rung} of the ladder)"
    )


def _published(event: e.ReplyPublished, _: Team) -> _Words:
    where = f" at {event.receipt.url}" if event.receipt.url else ""
    done = "sent the reply in private" if event.receipt.private else "published the reply"
    says = f"said that the reply is live{where}" if event.by else f"{done}{where}"
    return _Words(says, event.receipt.text)


# --- what people decided


def _approved(event: e.ReplyApproved, team: Team) -> _Words:
    first = f", agreeing with {team.name(event.first)}" if event.first else ""
    says = f"approved draft {event.draft[:8]}{first}, to be sent at {_when(event.publish_at)}"
    return _Words(says + _checks(event.findings, event.checks, event.reason))


def _first_approved(event: e.FirstApproved, _: Team) -> _Words:
    says = f"gave the first of two approvals to draft {event.draft[:8]}"
    return _Words(says + _checks(event.findings, event.checks, event.reason))


def _edited(event: e.DraftEdited, _: Team) -> _Words:
    return _Words(f"edited the draft{_checks(event.draft.findings, event.draft.checks)}", event.draft.text)


def _claimed(event: e.Claimed, team: Team) -> _Words:
    if event.over:
        return _Words(f"took the case over from {team.name(event.over)} until {_when(event.until)}")
    return _Words(f"claimed the case until {_when(event.until)}")


def _closed(event: e.CaseClosed, _: Team) -> _Words:
    return _Words(f"closed the case as {_plain(event.outcome.value)}{_because(event.reason)}")


def _just(says: str, who: str = US) -> Callable[[Any, Team], _Words]:
    return lambda _event, _team: _Words(says, who=who)


_TELL: Mapping[type[e.Value], Callable[[Any, Team], _Words]] = {
    e.MentionReceived: _received,
    e.CaseOpened: _opened,
    e.CaseNoted: _noted,
    e.DraftReady: _drafted,
    e.CardPosted: lambda event, _: _Words(f"posted the card in {event.channel}"),
    e.Reminded: _reminded,
    e.ClaimExpired: _just("the claim ran out"),
    e.SnoozeEnded: _just("brought it back from its snooze"),
    e.PublishStarted: lambda event, _: _Words(f"began to publish under key {event.key}"),
    e.ReplyPublished: _published,
    e.PublishPostponed: lambda event, _: _Words(
        f"put publishing off until {_when(event.until)}{_because(event.reason)}"
    ),
    e.PublishRejected: lambda event, _: _Words(f"the platform refused the reply{_because(event.reason)}"),
    e.PublishDoubted: lambda event, _: _Words(
        f"could not tell whether the reply was posted{_because(event.reason)}; a person has to look"
    ),
    e.HandedOver: _just("handed the reply over, to be posted by hand"),
    e.Rehearsed: _just("shadow mode: the approved reply was not sent"),
    e.RetractAsked: lambda event, _: _Words("asked for the reply to be taken down", event.reason),
    e.RetractStarted: lambda event, _: _Words(f"began to take the reply down under key {event.key}"),
    e.RetractPostponed: lambda event, _: _Words(
        f"put taking it down off until {_when(event.until)}{_because(event.reason)}"
    ),
    e.RetractDoubted: lambda event, _: _Words(
        f"could not take the reply down for sure{_because(event.reason)}; a person has to look"
    ),
    e.ReplyRetracted: lambda event, _: _Words(
        "looked on the platform: the reply is down" if event.by else "took the reply down"
    ),
    e.ReplyLeft: _just("looked on the platform: the reply still stands, and is left there"),
    e.ModerationAsked: lambda event, _: _Words(f"asked to {DOES[event.how]}", event.reason),
    e.Moderated: lambda event, _: _Words(f"had the platform {DOES[event.how]}"),
    e.ModerationPostponed: lambda event, _: _Words(
        f"put moderating off until {_when(event.until)}{_because(event.reason)}"
    ),
    e.ModerationFailed: lambda event, _: _Words(f"could not {DOES[event.how]}{_because(event.reason)}"),
    e.FollowUpDue: lambda event, _: _Words(f"time to ask how it went, by {_when(event.deadline)}"),
    e.ThreadMoved: _just("the thread moved while the reply was under way: reading it again"),
    e.FollowUpEnded: _just("closed the case: nothing more was said"),
    e.ParentLooked: lambda event, _: _Words(
        f"the case it is folded into is still open; looking again at {_when(event.look_at)}"
    ),
    e.ParentEnded: _just("closed it with the case it was folded into"),
    e.FoldEnded: _just("the case it was folded into is closed; its own author has no answer yet"),
    e.MentionEdited: lambda event, _: _Words("changed the mention", event.text, AUTHOR),
    e.MentionRemoved: _just("deleted the mention", AUTHOR),
    e.AuthorReplied: lambda event, _: _Words(
        f"wrote again {'in private' if event.message.private else 'in the thread'}",
        event.message.text,
        AUTHOR,
    ),
    e.ColleagueReplied: lambda event, _: _Words(
        "answered on the platform itself", event.message.text, COLLEAGUE
    ),
    e.ReplyApproved: _approved,
    e.FirstApproved: _first_approved,
    e.DraftEdited: _edited,
    e.RedraftAsked: lambda event, _: _Words("asked for another draft", event.instruction),
    e.TakenPrivate: _just("took the talk into private"),
    e.Escalated: lambda event, _: _Words(f"asked the {event.desk} desk", event.reason),
    e.EscalationAcknowledged: _just("is on it, for the desk"),
    e.EscalationAnswered: lambda event, _: _Words("answered for the desk", event.answer),
    e.Claimed: _claimed,
    e.Released: _just("released the case"),
    e.Snoozed: lambda event, _: _Words(f"snoozed it until {_when(event.until)}"),
    e.CaseClosed: _closed,
    e.KindCorrected: lambda event, _: _Words(f"corrected what it is: {event.category.value}"),
    e.ApprovalUndone: _just("took the approval back"),
    e.NotPostedFound: _just("looked on the platform: it was not posted"),
    e.Folded: lambda event, _: _Words(f"folded it into {event.into}"),
    e.Unfolded: _just("made it a case of its own again"),
    e.CaseReopened: _just("reopened the case"),
}
