"""What the bot needs from the world, each need as a Protocol. A platform can do what it implements."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.ports.channels import (
    Bot,
    ChatSurface,
    Pasted,
    Press,
    Redraw,
    Refusal,
    Today,
    TrailLine,
)
from bot.ports.cursors import Cursors, SourceLease
from bot.ports.keeping import Keeper
from bot.ports.paging import Pager
from bot.ports.platforms import (
    Batch,
    Cursor,
    Look,
    MentionReceiver,
    MentionSource,
    Moderator,
    NotThere,
    Platform,
    PrivateReplier,
    Publisher,
    Retractor,
    Unknown,
)
from bot.ports.record import (
    DOUBT,
    REMEMBERED,
    Aside,
    Beat,
    CaseStore,
    Change,
    Numbers,
    Owed,
    Sent,
    Tally,
)
from bot.ports.spending import Meter, Spent
from bot.ports.watching import Readiness, Signs, Watched
from bot.ports.words import (
    Brief,
    Classifier,
    Prompt,
    ReplyWriter,
    Translator,
    Unread,
    Written,
)


class Clock(Protocol):
    """What time it is, with a time zone."""

    def __call__(self) -> datetime:
        """Return now, in UTC."""
        ...


__all__ = [
    "DOUBT",
    "REMEMBERED",
    "Aside",
    "Batch",
    "Beat",
    "Bot",
    "Brief",
    "CaseStore",
    "Change",
    "ChatSurface",
    "Classifier",
    "Clock",
    "Cursor",
    "Cursors",
    "Keeper",
    "Look",
    "MentionReceiver",
    "MentionSource",
    "Meter",
    "Moderator",
    "NotThere",
    "Numbers",
    "Owed",
    "Pager",
    "Pasted",
    "Platform",
    "Press",
    "PrivateReplier",
    "Prompt",
    "Publisher",
    "Readiness",
    "Redraw",
    "Refusal",
    "ReplyWriter",
    "Retractor",
    "Sent",
    "Signs",
    "SourceLease",
    "Spent",
    "Tally",
    "Today",
    "TrailLine",
    "Translator",
    "Unknown",
    "Unread",
    "Watched",
    "Written",
]
