"""Which sentences make a reply of each kind, in which orders they may stand, and how a number picks them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.assessment import Category
from bot.domain.draft import Purpose
from bot.domain.protocol import Holding, Parts, Turn

Slots = Mapping[str, Sequence[str]]

#: `ack` says back what went wrong, `more` does so for a second topic; the others are the protocol's names.
_COMPLAINT: Final = (
    ("thanks", "ack", "more", "apology", "next", "closing"),
    ("ack", "more", "apology", "thanks", "next", "closing"),
    ("apology", "ack", "more", "thanks", "next", "closing"),
    ("thanks", "apology", "ack", "more", "next", "closing"),
)
_PRIVATE: Final = (
    ("open", "ack", "more", "apology", "say", "closing"),
    ("open", "apology", "ack", "more", "say", "closing"),
    ("ack", "more", "apology", "open", "say", "closing"),
)
_CALM: Final = (
    ("thanks", "open", "say", "closing"),
    ("open", "thanks", "say", "closing"),
    ("open", "say", "thanks", "closing"),
)
_END: Final = (("open", "say", "end"), ("open", "end", "say"))
_LONGER: Final = (("open", "say", "end", "closing"), ("open", "end", "say", "closing"))
ORDERS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "complaint": _COMPLAINT,
    "holding": (
        ("thanks", "ack", "more", "apology", "say", "closing"),
        ("ack", "more", "apology", "say", "thanks", "closing"),
        ("apology", "ack", "more", "say", "thanks", "closing"),
    ),
    "private_reply": _PRIVATE,
    "next_message": (
        ("open", "ack", "more", "apology", "say", "closing"),
        ("open", "apology", "ack", "more", "say", "closing"),
    ),
    "question": _LONGER,
    "unclear": _CALM,
    "misdirected": _CALM,
    "impersonation": _CALM,
    "troll": _CALM,
    "praise": _END,
    "follow_up": _LONGER,
}
_BY_PURPOSE: Final = {
    Purpose.NEXT_MESSAGE: "next_message",
    Purpose.PRIVATE_REPLY: "private_reply",
    Purpose.HOLDING: "holding",
    Purpose.FOLLOW_UP: "follow_up",
    Purpose.THANKS: "praise",
    Purpose.STATEMENT: "troll",
    Purpose.REMOVAL_REQUEST: "follow_up",
}
#: Prime, and no factor of any number of sentences: following numbers give sentences far apart.
_STRIDE: Final = 7919


def kind_of(purpose: Purpose, category: str, *, private: bool) -> str:
    """Return the kind of reply, a key of `ORDERS`."""
    if purpose is not Purpose.ANSWER:
        return _BY_PURPOSE[purpose]
    if category == Category.NEUTRAL:
        return "unclear"
    if category in ORDERS and category != Category.COMPLAINT:
        return category
    return "private_reply" if private else "complaint"


def slots_of(kind: str, parts: Parts, topics: Sequence[str]) -> dict[str, Sequence[str]]:
    """Return the sentences each slot of this kind may take."""
    known = [topic for topic in dict.fromkeys(topics) if topic in parts.topics][:2] or ["general"]
    slots: dict[str, Sequence[str]] = {
        "thanks": parts.thanks,
        "ack": parts.topics[known[0]],
        "more": parts.topics[known[1]] if len(known) > 1 else (),
        "apology": parts.apology,
        "next": parts.next,
        "closing": parts.closing,
        "warm": parts.warm,
    }
    turn: object = getattr(parts, kind, None)
    if isinstance(turn, Turn):
        slots |= {"open": turn.open, "say": turn.say, "end": turn.end or parts.closing}
    elif isinstance(turn, Holding):
        slots["say"] = turn.say
    return slots


def pick(orders: Sequence[Sequence[str]], slots: Slots, variant: int) -> list[tuple[str, str]]:
    """Return the slots in order, each with one sentence, as the number says.

    Every number below the product of all choices but one gives a text that differs from the others in at
    least two sentences or in their order: the last choice is a checksum of those before it.
    """
    free = [name for name in dict.fromkeys(n for order in orders for n in order) if slots[name]]
    *counted, check = free
    sizes = [len(orders), *(len(slots[name]) for name in counted)]
    total = 1
    for size in sizes:
        total *= size
    rounds, number = divmod(abs(variant), total)
    number = number * _STRIDE % total
    digits: list[int] = []
    for size in sizes:
        number, digit = divmod(number, size)
        digits.append(digit)
    chosen = dict(zip(counted, digits[1:], strict=True))
    chosen[check] = (sum(digits) + rounds) % len(slots[check])
    return [(name, slots[name][chosen[name]]) for name in orders[digits[0]] if slots[name]]
