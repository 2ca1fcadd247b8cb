"""What is counted: numbers by name for each change of a case, and how such numbers are read again.

A name is made of words from closed sets (kinds of events, rules, outcomes), never of anything that a person
wrote, and says who nobody is: `decision:reply_approved`, `check:drafted:W7:block`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import events as e
from bot.domain.assessment import Category
from bot.domain.case import Case
from bot.domain.draft import Draft, Verdict

#: Names of delays, with the upper bounds of their buckets in seconds.
CARD_DELAY, DECISION_DELAY = "card_delay", "decision_delay"
BOUNDS: Mapping[str, tuple[int, ...]] = {
    CARD_DELAY: (1, 2, 5, 10, 30, 60, 300, 900, 3600),
    DECISION_DELAY: (60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400),
}


def counted(before: Case, after: Case, entries: Sequence[e.Entry]) -> Mapping[str, int]:
    """Return what one change adds, by name. It is part of every save, so it does no more than it must."""
    found: dict[str, int] = {}
    carded, decided = before.carded, before.last is not None
    for entry in entries:
        event = entry.event
        _add(found, f"event:{event.kind}")
        if getattr(event, "by", None) is not None:
            _add(found, f"decision:{event.kind}")
            if not decided:
                decided = True
                _add_delay(found, DECISION_DELAY, before.received_at, entry.at)
        if isinstance(event, e.CardPosted) and not carded:
            carded = True
            _add_delay(found, CARD_DELAY, before.received_at, entry.at)
        elif isinstance(event, _IN_DETAIL):
            _add_details(found, event)
    if before.assessment is None and after.assessment is not None:
        _add(found, f"read:{after.assessment.category.value}")
    if before.open and not after.open and after.outcome is not None:
        _add(found, f"outcome:{after.outcome.value}")
    return found


_IN_DETAIL = (e.DraftReady, e.DraftEdited, e.ReplyApproved, e.Moderated)


def _add(found: dict[str, int], name: str, by: int = 1) -> None:
    found[name] = found.get(name, 0) + by


def _add_details(
    found: dict[str, int], event: e.DraftReady | e.DraftEdited | e.ReplyApproved | e.Moderated
) -> None:
    """Count who made a text, and what the checks said of it: a rule once, however many phrases it found."""
    match event:
        case e.Moderated(how=how):
            _add(found, f"moderated:{how}")
            return
        case e.DraftReady(draft=draft):
            when, findings = "drafted", draft.findings
            _add(found, f"draft:{_maker(draft)}")
        case e.DraftEdited(draft=draft):
            when, findings = "edited", draft.findings
            _add(found, "draft:person")
        case e.ReplyApproved(findings=findings):
            when = "approved"
    for rule, verdict in {(f.rule, f.verdict) for f in findings if f.verdict is not Verdict.PASS}:
        _add(found, f"check:{when}:{rule}:{verdict.value}")


def _maker(draft: Draft) -> str:
    if draft.editor is not None:
        return "person"
    return "offline" if draft.by == "offline" else "model"


def _add_delay(found: dict[str, int], name: str, since: datetime, at: datetime) -> None:
    seconds = max(0, round((at - since).total_seconds()))
    bounds = BOUNDS[name]
    nth = bisect_left(bounds, seconds)
    _add(found, f"{name}:le:{bounds[nth] if nth < len(bounds) else 'more'}")
    if seconds:
        _add(found, f"{name}:sum", seconds)


def labelled(counts: Mapping[str, int], name: str) -> dict[tuple[str, ...], int]:
    """Return the numbers of one name by what stands behind it: `{("W7", "block"): 3}`, in a fixed order."""
    start = f"{name}:"
    found = {tuple(key[len(start) :].split(":")): n for key, n in counts.items() if key.startswith(start)}
    return dict(sorted(found.items()))


#: What speaks against us, whatever came of it.
_AGAINST = frozenset({Category.COMPLAINT.value, Category.TROLL.value, Category.IMPERSONATION.value})


def balance(counts: Mapping[str, int]) -> str:
    """Return how many mentions were read as complaint and as praise, in words; empty for none (M21)."""
    read = {kind: n for (kind,), n in labelled(counts, "read").items()}
    against = sum(n for kind, n in read.items() if kind in _AGAINST)
    praise = read.get(Category.PRAISE.value, 0)
    other = sum(read.values()) - against - praise
    named = ((against, "against us"), (praise, "praise"), (other, "neither"))
    return ", ".join(f"{n:,} {what}" for n, what in named) if read else ""


def added(many: Iterable[Mapping[str, int]]) -> Mapping[str, int]:
    """Return the sums of several days."""
    total: Counter[str] = Counter()
    for counts in many:
        total.update(counts)
    return total


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took: `buckets` are upper bounds in seconds with how many took no longer.

    The last bucket has every one of them; its bound is None.
    """

    seconds: int
    buckets: tuple[tuple[int | None, int], ...]

    @property
    def count(self) -> int:
        """How many there were."""
        return self.buckets[-1][1]

    @property
    def half_within(self) -> int | None:
        """The bound within which half of them were done; None where that is beyond the last, or for none."""
        return next((bound for bound, n in self.buckets if n and n * 2 >= self.count), None)


def spread(counts: Mapping[str, int], name: str) -> Spread:
    """Return the spread of a delay."""
    so_far, buckets = 0, list[tuple[int | None, int]]()
    for bound in (*BOUNDS[name], None):
        so_far += counts.get(f"{name}:le:{bound or 'more'}", 0)
        buckets.append((bound, so_far))
    return Spread(counts.get(f"{name}:sum", 0), tuple(buckets))
