"""Tell a case's history in plain words: who did what, with which exact text, past which checks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.domain import events as e
from bot.domain.remedied import DOES
from bot.domain.trail_words import because, checked, drafted, hyphened, plain, read, when

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from bot.domain.team import Team

#: Who acts when no person of the team does.
US, AUTHOR, COLLEAGUE = "Levelhead", "The author", "A colleague"


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


# --- what the bot did


def _received(event: e.MentionReceived, _: Team) -> _Words:
    mention, author = event.mention, event.mention.author
    shown = f"{author.name} (@{author.handle})" if author.name else f"@{author.handle}"
    what = "brought in" if event.by else "took in"
    said = f"{what} a mention by {shown} on {mention.platform}"
    return _Words(f"{said}; severity at first sight: {event.severity.value}", mention.text)


def _opened(event: e.CaseOpened, _: Team) -> _Words:
    return _Words(f"{read(event.assessment)}; an answer is due by {when(event.deadline)}")


def _noted(event: e.CaseNoted, _: Team) -> _Words:
    return _Words(
        f"{read(event.assessment)}; no answer is needed, so it was closed as {plain(event.outcome.value)}"
    )


def _drafted(event: e.DraftReady, _: Team) -> _Words:
    return _Words(drafted(event.draft, event.delivery), event.draft.text)


def _carded(event: e.CardPosted, _: Team) -> _Words:
    program, _colon, place = event.channel.partition(":")
    return _Words(f"put the card up in {f'{program.capitalize()}, {place}' if place else f'the {program}'}")


def _reminded(event: e.Reminded, _: Team) -> _Words:
    again = f" (reminder {event.rung})" if event.rung > 1 else ""
    return _Words(f"reminded the {hyphened(event.role)}, as nobody had dealt with it in time{again}")


def _published(event: e.ReplyPublished, _: Team) -> _Words:
    where = f" at {event.receipt.url}" if event.receipt.url else ""
    done = "sent the reply in private" if event.receipt.private else "published the reply"
    says = f"said that the reply is live{where}" if event.by else f"{done}{where}"
    return _Words(says, event.receipt.text)


# --- what people decided


def _approved(event: e.ReplyApproved, team: Team) -> _Words:
    first = f", agreeing with {team.name(event.first)}" if event.first else ""
    says = f"approved the draft{first}, to be sent at {when(event.publish_at)}"
    return _Words(says + checked(event.findings, event.checks, event.reason))


def _first_approved(event: e.FirstApproved, _: Team) -> _Words:
    says = "gave the draft the first of two approvals"
    return _Words(says + checked(event.findings, event.checks, event.reason))


def _edited(event: e.DraftEdited, _: Team) -> _Words:
    return _Words(f"edited the draft{checked(event.draft.findings, event.draft.checks)}", event.draft.text)


def _claimed(event: e.Claimed, team: Team) -> _Words:
    if event.over:
        return _Words(f"took the case over from {team.name(event.over)} until {when(event.until)}")
    return _Words(f"claimed the case until {when(event.until)}")


def _escalated(event: e.Escalated, _: Team) -> _Words:
    urgent = ", urgent" if event.urgency == "urgent" else ""
    return _Words(f"escalated it to the {plain(event.desk)} desk{urgent}", event.reason)


def _replied(event: e.ColleagueReplied, _: Team) -> _Words:
    private = ", in private" if event.message.private else ""
    return _Words(f"answered on the platform itself{private}", event.message.text, COLLEAGUE)


def _closed(event: e.CaseClosed, _: Team) -> _Words:
    return _Words(f"closed the case as {plain(event.outcome.value)}{because(event.reason)}")


def _just(says: str, who: str = US) -> Callable[[Any, Team], _Words]:
    return lambda _event, _team: _Words(says, who=who)


_TELL: Mapping[type[e.Value], Callable[[Any, Team], _Words]] = {
    e.MentionReceived: _received,
    e.CaseOpened: _opened,
    e.CaseNoted: _noted,
    e.DraftReady: _drafted,
    e.CardPosted: _carded,
    e.Reminded: _reminded,
    e.ClaimExpired: _just("ended the claim: its time was over"),
    e.SnoozeEnded: _just("brought it back: the snooze was over"),
    e.PublishStarted: _just("began to send the reply"),
    e.ReplyPublished: _published,
    e.PublishPostponed: lambda event, _: _Words(
        f"put sending the reply off until {when(event.until)}{because(event.reason)}"
    ),
    e.PublishRejected: lambda event, _: _Words(
        f"could not send the reply: the platform refused it{because(event.reason)}"
    ),
    e.PublishDoubted: lambda event, _: _Words(
        f"could not tell whether the reply was posted{because(event.reason)}; a person has to look"
    ),
    e.HandedOver: _just("left the reply to be posted by hand"),
    e.Rehearsed: _just(
        "did not send the approved reply: this is a rehearsal (shadow mode), and nothing is sent"
    ),
    e.RetractAsked: lambda event, _: _Words("asked for the reply to be taken down", event.reason),
    e.RetractStarted: _just("began to take the reply down"),
    e.RetractPostponed: lambda event, _: _Words(
        f"put taking the reply down off until {when(event.until)}{because(event.reason)}"
    ),
    e.RetractDoubted: lambda event, _: _Words(
        f"could not tell whether the reply is down{because(event.reason)}; a person has to look"
    ),
    e.ReplyRetracted: lambda event, _: _Words(
        "looked on the platform: the reply is down" if event.by else "took the reply down"
    ),
    e.ReplyLeft: _just("looked on the platform: the reply still stands, and is left there"),
    e.ModerationAsked: lambda event, _: _Words(f"asked to {DOES[event.how]}", event.reason),
    e.Moderated: lambda event, _: _Words(f"had the platform {DOES[event.how]}"),
    e.ModerationPostponed: lambda event, _: _Words(
        f"put asking the platform off until {when(event.until)}{because(event.reason)}"
    ),
    e.ModerationFailed: lambda event, _: _Words(f"could not {DOES[event.how]}{because(event.reason)}"),
    e.FollowUpDue: lambda event, _: _Words(
        f"came back to it: the author is to be asked how it went, by {when(event.deadline)}"
    ),
    e.ThreadMoved: _just("went back to read it: something changed there while the reply was on its way"),
    e.FollowUpEnded: _just("closed the case: nothing more was said"),
    e.ParentLooked: lambda event, _: _Words(
        f"waits on, as the case of the same story is still open; looks again at {when(event.look_at)}"
    ),
    e.ParentEnded: _just("closed it together with the case of the same story"),
    e.FoldEnded: _just(
        "brought it back: the case of the same story is closed, and this author has no answer yet"
    ),
    e.MentionEdited: lambda event, _: _Words("changed the mention", event.text, AUTHOR),
    e.MentionRemoved: _just("deleted the mention", AUTHOR),
    e.AuthorReplied: lambda event, _: _Words(
        f"wrote again {'in private' if event.message.private else 'in the thread'}",
        event.message.text,
        AUTHOR,
    ),
    e.ColleagueReplied: _replied,
    e.ReplyApproved: _approved,
    e.FirstApproved: _first_approved,
    e.DraftEdited: _edited,
    e.RedraftAsked: lambda event, _: _Words("asked for another draft", event.instruction),
    e.TakenPrivate: _just("moved the talk to private messages"),
    e.Escalated: _escalated,
    e.EscalationAcknowledged: _just("is on it, for the desk"),
    e.EscalationAnswered: lambda event, _: _Words("answered for the desk", event.answer),
    e.Claimed: _claimed,
    e.Released: _just("released the case"),
    e.Snoozed: lambda event, _: _Words(f"snoozed it until {when(event.until)}"),
    e.CaseClosed: _closed,
    e.KindCorrected: lambda event, _: _Words(f"corrected what it is: {event.category.value}"),
    e.ApprovalUndone: _just("took the approval back"),
    e.NotPostedFound: _just("looked on the platform: it was not posted"),
    e.Folded: lambda event, _: _Words(f"said that it is the same story as case {event.into}"),
    e.Unfolded: _just("made it a case of its own again"),
    e.CaseReopened: _just("reopened the case"),
}
