"""What a person decides beyond a reply's words: to talk on in private, take a reply down, moderate."""

from __future__ import annotations

from datetime import datetime

from bot.domain import decision as d
from bot.domain import events as e
from bot.domain.approving import Setting, clock, last_here
from bot.domain.case import Case, Moderation, Retraction
from bot.domain.draft import Purpose
from bot.domain.protocol import ResponseProtocol
from bot.domain.remedied import DOES
from bot.domain.team import MODERATION, Team
from bot.errors import NotAllowed, Refused

#: These take a case out of hand, where nobody would see what became of what was asked.
_PARKS = {"approve", "second_approve", "snooze", "silence", "dismiss", "correct", "fold", "retract"}


def take_private(case: Case, _: d.TakePrivate, setting: Setting) -> tuple[e.Event, ...]:
    """Return the step into private, where a message can be sent that only the author reads."""
    if case.private:
        raise Refused(f"this talk is private already{last_here(case, setting)}")
    if case.delivery is None or not case.delivery.private:
        raise Refused(f"no private message can be sent to them on {case.mention.platform}")
    return (e.TakenPrivate(by=setting.by.id),)


def retract(case: Case, decision: d.Retract, setting: Setting) -> tuple[e.Event, ...]:
    """Return the wish to take the reply down that was seen, where the platform lets us."""
    reply = case.standing[-1] if case.standing else None
    if reply is None:
        raise Refused(f"no reply of ours stands there{last_here(case, setting)}")
    if reply.id != decision.reply:
        raise Refused("another reply is live than the one you saw; nothing was taken down. Look again")
    if reply.by_hand:
        raise Refused("that reply is known by its address alone; take it down there by hand")
    if case.delivery is None or not case.delivery.retracts:
        raise Refused(f"nothing of ours can be taken down on {case.mention.platform} from here")
    return (e.RetractAsked(by=setting.by.id, reply=reply.id, reason=decision.reason),)


def taken_down(case: Case, _: d.TakenDown, setting: Setting) -> tuple[e.Event, ...]:
    """Return a person's word that the reply is down."""
    asked = _doubted(case)
    return retracted(case, asked, setting.team, setting.protocol, setting.at, by=setting.by.id)


def left_up(case: Case, _: d.LeftUp, setting: Setting) -> tuple[e.Event, ...]:
    """Return a person's word that the reply still stands."""
    _doubted(case)
    deadline = setting.protocol.deadline(case.severity, Purpose.ANSWER, setting.at)
    remind_at = setting.protocol.first_reminder(setting.at, deadline)
    left = e.ReplyLeft(by=setting.by.id, deadline=deadline, remind_at=remind_at)
    return (left, *after_a_failed_publication(case))


def _doubted(case: Case) -> Retraction:
    if case.retraction is None or not case.retraction.doubted:
        raise Refused("the platform is being asked to take it down; its answer is not there yet")
    return case.retraction


def retracted(
    case: Case,
    asked: Retraction,
    team: Team,
    protocol: ResponseProtocol,
    at: datetime,
    *,
    by: str | None = None,
) -> tuple[e.Event, ...]:
    """Return what follows when our reply is down: they have no answer, so one is owed again."""
    deadline = protocol.deadline(case.severity, Purpose.ANSWER, at)
    why = f": {asked.reason.rstrip('.')}" if asked.reason else ""
    down = e.ReplyRetracted(
        reply=asked.reply,
        says=f"{team.name(asked.by)} had our reply taken down at {clock(at)}{why}."[:1000],
        deadline=deadline,
        remind_at=protocol.first_reminder(at, deadline),
        by=by,
    )
    return (down, *after_a_failed_publication(case))


def moderate(case: Case, decision: d.Moderate, setting: Setting) -> tuple[e.Event, ...]:
    """Return the wish to do something about the mention or its author, where the platform lets us."""
    how = decision.how
    if not setting.by.roles & MODERATION[how]:
        roles = ", ".join(sorted(MODERATION[how]))
        raise NotAllowed(f"to {DOES[how]} is for the roles {roles}; ask one of them")
    if how in case.moderated:
        raise Refused(f"that was done already{last_here(case, setting)}")
    if case.delivery is None or how not in case.delivery.moderates:
        raise Refused(f"{case.mention.platform} does not let us {DOES[how]} here")
    if case.moderating is not None:
        raise Refused(_under_way(case.moderating, setting))
    return (e.ModerationAsked(by=setting.by.id, how=how, reason=decision.reason),)


def wait_for_moderation(case: Case, decision: d.Decision, setting: Setting) -> None:
    """Refuse to park a case while the platform is being asked for something: it takes seconds."""
    if case.moderating is not None and decision.kind in _PARKS:
        raise Refused(_under_way(case.moderating, setting))


def _under_way(asked: Moderation, setting: Setting) -> str:
    return (
        f"since {clock(asked.at)} the platform is being asked to {DOES[asked.how]}; press again when it "
        f"has answered. {setting.team.name(asked.by)} asked for it"
    )


def after_a_failed_publication(case: Case) -> tuple[e.Event, ...]:
    """Return what follows when nothing was posted: a thread that moved meanwhile is looked at now."""
    match case.moved:
        case "spoken":
            return (e.ThreadMoved(),)
        case "removed":
            return (e.MentionRemoved(),)
        case _:
            return ()
