"""How a reply can reach its reader, decided per mention before drafting and printed on the card (L9)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.value import Moment, Value, Words

#: What a platform may let us do about a mention or its author beside answering (M10, M12).
How = Literal["hide", "mute", "block", "report"]


class Mode(StrEnum):
    """The four ways."""

    API = "api"  # we post it
    PRIVATE = "private"  # we send it as a private message
    ASSISTED = "assisted"  # a person posts it by hand and gives us the address
    REPORT_ONLY = "report_only"  # nothing can be posted there


class Delivery(Value):
    """The way, and why. `max_length` in the platform's own count, `None` when it has no limit.

    `hosts` are the platform's own hosts: the address a person pastes back must be on one of them. Whatever
    way this reply goes: `private` says that a private message can be sent to this author, `retracts` that a
    reply of ours can be taken down, `moderates` what can be done about this mention.
    """

    mode: Mode
    reason: Annotated[str, Field(max_length=300)]
    max_length: Annotated[int, Field(gt=0)] | None = None
    hosts: tuple[str, ...] = ()
    private: bool = False
    retracts: bool = False
    moderates: tuple[How, ...] = ()


class Receipt(Value):
    """Proof that a reply is live: its ID and address on the platform, and its exact text."""

    id: Annotated[str, Field(max_length=200)]
    url: Annotated[str, Field(max_length=2000)] | None = None
    at: Moment
    text: Words
    private: bool = False
    retracted_at: Moment | None = None

    @property
    def by_hand(self) -> bool:
        """Whether all we know of it is the address that a person gave."""
        return self.url is not None and self.id == self.url[:200]
