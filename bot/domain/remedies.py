"""What a person decides beyond the words of a reply: here, to talk on in private (M4)."""

from __future__ import annotations

from bot.domain import decision as d
from bot.domain import events as e
from bot.domain.approving import Setting
from bot.domain.case import Case
from bot.errors import Refused


def take_private(case: Case, _: d.TakePrivate, setting: Setting) -> tuple[e.Event, ...]:
    """Return the step into private, where a message can be sent that only the author reads."""
    if case.private:
        raise Refused("this talk is private already")
    if case.delivery is None or not case.delivery.private:
        raise Refused(f"no private message can be sent to them on {case.mention.platform}")
    return (e.TakenPrivate(by=setting.by.id),)
