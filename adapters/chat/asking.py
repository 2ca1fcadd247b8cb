"""What a press asks for before it counts: which do not, which form puts it right, and why none opens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from adapters.chat.words import sentence
from bot.domain.actions import Action
from bot.domain.card import Card
from bot.domain.decision import Approve, Decision, SecondApprove
from bot.domain.draft import Verdict
from bot.domain.team import PERMISSIONS, Person
from bot.errors import StoreUnavailable
from bot.ports import Bot, Refusal

#: What is done at the press. Every other decision is looked up on the case first, for what it asks.
AT_ONCE: Final = frozenset({
    "approve", "second_approve", "claim", "release", "take_over", "undo", "acknowledge", "not_posted",
    "taken_down", "left_up", "take_private", "unfold", "reopen",
})  # fmt: skip


def asks(action: Action) -> bool:
    """Whether a person has to fill something in."""
    return any(ask.kind != "hidden" for ask in action.asks)


def seen(action: Action) -> dict[str, str]:
    """Return what the hidden fields of an action hold: what whoever presses it saw."""
    return {ask.name: ask.value for ask in action.asks if ask.kind == "hidden"}


def action_of(card: Card | None, decision: str) -> Action | None:
    """Return the action of a card that makes `decision`."""
    return next((one for one in card.actions if one.decision == decision), None) if card else None


def asked_for(decision: Decision, card: Card | None) -> Action | None:
    """Return the action whose form asks what an approval lacked, if it is for just what was seen."""
    if not isinstance(decision, Approve | SecondApprove) or decision.reason:
        return None
    action = action_of(card, decision.kind)
    if action is None or not asks(action):
        return None
    return action if seen(action) == {"draft": decision.draft, "context": decision.context} else None


def can_be_put_right(refusal: Refusal, decision: str, hidden: Mapping[str, str]) -> bool:
    """Whether the same form still stands on the card, so that it is what was typed that does not do."""
    found = action_of(refusal.card, decision)
    return found is not None and hidden == seen(found)


def reason_wanted(card: Card) -> Action | None:
    """Return the approval that asks for a reason, after an edit that something warns of."""
    warned = any(found.verdict is Verdict.WARN for found in card.findings)
    approve = action_of(card, "approve")
    return approve if warned and approve is not None and asks(approve) else None


async def why_not(bot: Bot, card: Card, decision: str, person: Person) -> Refusal:
    """Say who did what, and when; or who may."""
    verb = decision.replace("_", " ")
    if decision not in PERMISSIONS:
        return Refusal("this button is from another version, and nothing was done. Look at the card again")
    if not person.may(decision):
        roles = ", ".join(sorted(role.value.replace("_", "-") for role in PERMISSIONS[decision]))
        return Refusal(f"“{verb}” is for the roles {roles}; ask one of them")
    try:
        last = (await bot.trail(card.case_id))[-1:]
    except StoreUnavailable:
        last = ()
    done = "; ".join(f"{line.who}, {line.at:%H:%M:%S} UTC: {line.says}" for line in last)
    return Refusal(
        f"“{verb}” is not possible now. {sentence(card.status)} The last step: {done or 'unknown'}"
    )


def kept(words: str, typed: Mapping[str, str]) -> str:
    """Return a refusal, with what the person wrote, so that it is not lost with the form."""
    wrote = "\n\n".join(text for text in typed.values() if " " in text)
    return f"{sentence(words)}\n\nYou wrote:\n{wrote}" if wrote else sentence(words)
