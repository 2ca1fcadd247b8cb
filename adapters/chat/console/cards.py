"""A card made ready to be drawn as HTML: addresses, isolated names, marked phrases, buttons in two groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from adapters.chat.console.words import highlighted, shown
from bot.domain.actions import Action, Ask
from bot.domain.card import Card
from bot.domain.case import State
from bot.domain.draft import Finding, Verdict

#: Buttons that stand behind "More" where a card has many; the others are what most cards need.
_RARE = frozenset({"correct", "snooze", "silence", "dismiss", "fold"})
_FEW = 5

_DELIVERY = {
    "api": "Levelhead posts it",
    "private": "Goes out as a private message",
    "assisted": "You post it by hand",
    "report_only": "Cannot be answered there",
}
_VERDICTS = {Verdict.WARN: "warns", Verdict.SECOND: "asks for a second approver", Verdict.BLOCK: "blocks"}
#: States in which nobody waits for an answer any more, whatever the clock says.
_ANSWERED = frozenset({State.PUBLISHED, State.FOLDED, State.CLOSED})


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person wrote or chose that was not taken, and why: their form opens again with every word."""

    decision: str
    fields: Mapping[str, str]
    says: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One card with what its HTML needs. `anchor` is its name on a page, `path` its own page."""

    card: Card
    anchor: str
    path: str
    heading: Markup
    draft: Markup
    findings: tuple[Finding, ...]
    passed: int
    main: tuple[Action, ...]
    more: tuple[Action, ...]
    due: datetime | None
    late: bool
    abusive: bool
    typed: Typed | None = None
    picked: bool = False
    delivery: str = ""

    @property
    def stamp(self) -> str:
        """A value that changes whenever the card has to be drawn again."""
        return f"{self.card.version}{'-late' if self.late else ''}"

    @property
    def lost_form(self) -> bool:
        """Whether what they typed belongs to a button that is gone."""
        return self.typed is not None and all(
            action.decision != self.typed.decision for action in self.card.actions
        )

    @property
    def asks_again(self) -> bool:
        """Whether the form that was not taken stands open, and says why itself."""
        opened = (action for action in self.card.actions if self.is_open(action))
        return any(ask.kind != "hidden" for action in opened for ask in action.asks)

    @property
    def text_is(self) -> str:
        """What our text on the card is: nobody may take a closed case's draft for a reply that went out."""
        match self.card.state:
            case State.PUBLISHED | State.PUBLISHING:
                return "Reply"
            case State.CLOSED:
                return "Reply" if self.card.reply_url else "Draft, never sent"
            case _:
                return "Draft"

    @property
    def can_dismiss(self) -> bool:
        """Whether it can be picked for dismissing several at once."""
        return any(action.decision == "dismiss" for action in self.card.actions)

    def is_open(self, action: Action) -> bool:
        """Whether this button's form stands open, because something in it was not taken."""
        return self.typed is not None and self.typed.decision == action.decision

    def value(self, action: Action, ask: Ask) -> str:
        """Return what a field holds: what the page shows now where it is hidden, else what they typed."""
        if ask.kind != "hidden" and self.typed is not None and self.is_open(action):
            return self.typed.fields.get(ask.name, ask.value)
        return ask.value


def drawn(card: Card, *, at: datetime, typed: Typed | None = None, picked: bool = False) -> Drawn:
    """Return `card` ready to be drawn at the moment `at`."""
    found = tuple(f for f in card.findings if f.verdict is not Verdict.PASS)
    few = len(card.actions) <= _FEW
    due = None if card.state in _ANSWERED else card.deadline
    return Drawn(
        card=card,
        anchor=anchor(card.case_id),
        path=case_path(card.case_id),
        heading=_heading(card),
        draft=highlighted(card.draft.text, ((f.phrase, f.rule) for f in found)) if card.draft else Markup(),
        findings=found,
        passed=card.passed + len(card.findings) - len(found),
        main=tuple(a for a in card.actions if few or not _is_rare(a)),
        more=() if few else tuple(a for a in card.actions if _is_rare(a)),
        due=due,
        late=due is not None and due < at,
        # A card that knows its mention to be abusive says so before it shows it (L13).
        abusive=card.abusive,
        typed=typed,
        picked=picked,
        delivery=_DELIVERY.get(card.delivery, card.delivery.replace("_", " ")),
    )


def _is_rare(action: Action) -> bool:
    return action.decision in _RARE and action.style != "primary"


def all_drawn(cards: Iterable[Card], *, at: datetime, picked: Iterable[str] = ()) -> list[Drawn]:
    """Return each card ready to be drawn; `picked` are the IDs whose box is ticked."""
    ticked = frozenset(picked)
    return [drawn(card, at=at, picked=card.case_id in ticked) for card in cards]


def anchor(case_id: str) -> str:
    """Return the name of a case's card on a page: the browser jumps to it by the address's fragment."""
    return f"case-{quote(case_id, safe=':')}"


def case_path(case_id: str) -> str:
    """Return the address of a case's own page."""
    return f"/case/{quote(case_id, safe=':')}"


def _heading(card: Card) -> Markup:
    # The severity stands before the heading as a badge; said twice it would slow the eye.
    title = card.title
    if title.lower().startswith(f"{card.severity} "):
        title = title[len(card.severity) + 1 :]
        title = title[:1].upper() + title[1:]
    before, name, after = title.rpartition(card.author)
    if not name:
        return shown(title)
    return shown(before) + Markup("<bdi>{}</bdi>").format(shown(name)) + shown(after)


def verdict_word(finding: Finding) -> str:
    """Return what a finding does, in words."""
    word = _VERDICTS.get(finding.verdict, finding.verdict.value)
    return f"asks for a {finding.role.replace('_', '-')} as second approver" if finding.role else word


def safe_url(url: str | None) -> str | None:
    """Return `url` where a browser may follow it, `None` for anything but plain web addresses."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None
