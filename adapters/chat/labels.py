"""What every chat calls the parts of a card: people move between two of them, and find the same words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from adapters.chat.words import isolated
from bot.domain.card import Card, Said
from bot.domain.case import State
from bot.domain.draft import Finding, Verdict
from bot.domain.language import NAMES

#: A shape for each severity, told apart without colour, and always with its word.
MARKS = {"critical": "🛑", "high": "🔶", "medium": "🔷", "low": "⚪"}
DELIVERY = {
    "api": "Levelhead posts it",
    "private": "Goes out as a private message",
    "assisted": "You post it by hand",
    "report_only": "Cannot be answered there",
}
ABUSIVE = "Abusive language. What they wrote is shown only when you ask for it."
NO_ROOM = "Its words have no room on this card: “Show everything” has all of them."
#: What most cards do not need, one press further away.
RARE = frozenset({"correct", "snooze", "silence", "dismiss", "fold"})
#: More buttons than this, and the rare ones stand behind the others.
FEW = 5
#: What cannot be taken back and asks nothing else: it is asked once more.
SURE = {
    "not_posted": "Look at the platform first. If the reply is there, a second approval posts it twice.",
    "retract": "The reply is deleted on the platform, where people may have read it.",
}
#: What sends a form.
SUBMITS = {
    "approve": "Send it all the same", "second_approve": "Agree and send", "edit": "Save this text",
    "redraft": "Write another draft", "snooze": "Snooze it", "correct": "Correct it",
    "answer": "Give this answer", "dismiss": "Dismiss it", "fold": "Fold it", "posted": "It is live",
}  # fmt: skip
#: States in which nobody waits for an answer any more, whatever the clock says.
ANSWERED = frozenset({State.PUBLISHED, State.FOLDED, State.CLOSED})
_VERDICTS = {Verdict.WARN: "warns", Verdict.SECOND: "asks for a second approver", Verdict.BLOCK: "blocks"}
_WORST_FIRST = (Verdict.BLOCK, Verdict.SECOND, Verdict.WARN)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time on a card and the words before it; `exact` to the second. `at` is none where nothing is due."""

    says: str
    at: datetime | None = None
    exact: bool = False
    matters: bool = False


def in_queue(total: int) -> str:
    """Return how long the queue is, in words."""
    return f"{total:,} {'card' if total == 1 else 'cards'} in the queue"


def moments(card: Card) -> list[Moment]:
    """Return until when a card waits, and for what."""
    found: list[Moment] = []
    if card.deadline and card.state not in ANSWERED:
        found.append(Moment("Answer by", card.deadline, matters=True))
    if card.until:
        match card.state:
            case State.APPROVED:
                found.append(Moment("Can be undone until", card.until, exact=True, matters=True))
            case State.SNOOZED:
                found.append(Moment("Comes back", card.until))
            case _:
                found.append(Moment("Claimed until", card.until))
    nothing = "No answer is due" if card.state in ANSWERED else "No deadline yet"
    return found or [Moment(nothing)]


def severity(card: Card) -> str:
    """Return how bad it is, in a word."""
    return card.severity.capitalize()


def kind(card: Card) -> str:
    """Return what it is: a complaint, a question."""
    return card.category.replace("_", " ") or "mention"


def marked_kind(card: Card) -> str:
    """Return how bad it is, what, and where, with its mark and without a word of the author's."""
    return f"{MARKS.get(card.severity, '')} {severity(card)} {kind(card)} on {card.platform}".strip()


def language(code: str) -> str:
    """Return what a language is called."""
    return NAMES.get(code, "a language we cannot tell" if code == "und" else code)


def wrote(message: Said) -> str:
    """Return who wrote a message of the thread, and whether for us alone."""
    who = "A colleague answered there" if message.by == "colleague" else "They wrote again"
    return who + (", in private" if message.private else "")


def made(card: Card, draft: Said) -> tuple[str, str]:
    """Return what our text is, and the rest: nobody may take a closed case's draft for what was sent."""
    match card.state:
        case State.PUBLISHED | State.PUBLISHING:
            what = "Reply"
        case State.CLOSED:
            what = "Reply" if card.reply_url else "Draft, never sent"
        case _:
            what = "Draft"
    by = "the offline drafter" if draft.by == "offline" else isolated(draft.by)
    return what, f" in {language(draft.language)}, by {by}"


def spoken(card: Card) -> list[Finding]:
    """Return what the checks found, the worst first."""
    found = [f for f in card.findings if f.verdict is not Verdict.PASS]
    return sorted(found, key=lambda f: _WORST_FIRST.index(f.verdict))


def passed(card: Card) -> str:
    """Return how many checks had nothing to say; empty for none."""
    count = card.passed + sum(f.verdict is Verdict.PASS for f in card.findings)
    return f"{count} {'check' if count == 1 else 'checks'} passed" if count else ""


def verdict(found: Finding) -> str:
    """Return what a finding does, in words."""
    if found.role:
        article = "an" if found.role[0] in "aeiou" else "a"
        return f"asks for {article} {found.role.replace('_', '-')} as second approver"
    return _VERDICTS.get(found.verdict, found.verdict.value)


def way(card: Card) -> str:
    """Return how the reply reaches its reader."""
    return DELIVERY.get(card.delivery, card.delivery.replace("_", " "))


def is_web(url: str) -> bool:
    """Whether a browser should follow this address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
