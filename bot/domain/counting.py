"""What is counted: numbers by name for each change of a case, and how such numbers are read again.

A name is made of words from closed sets (kinds of events, rules, outcomes), never of anything that a person
wrote, and says who nobody is: `decision:reply_approved`, `check:drafted:W7:block`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import events as e
from bot.domain.case import Case
from bot.domain.draft import Draft, Finding, Verdict

#: Names of delays, with the upper bounds of their buckets in seconds.
CARD_DELAY, DECISION_DELAY = "card_delay", "decision_delay"
BOUNDS: Mapping[str, tuple[int, ...]] = {
    CARD_DELAY: (1, 2, 5, 10, 30, 60, 300, 900, 3600),
    DECISION_DELAY: (60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400),
}


def counted(before: Case, after: Case, entries: Sequence[e.Entry]) -> Mapping[str, int]:
    """Return what one change adds, by name."""
    found: Counter[str] = Counter()
    for entry in entries:
        event = entry.event
        found[f"event:{event.kind}"] += 1
        if getattr(event, "by", None) is not None:
            found[f"decision:{event.kind}"] += 1
        found.update(_words(event))
    if before.assessment is None and after.assessment is not None:
        found[f"read:{after.assessment.category.value}"] += 1
    if before.open and not after.open and after.outcome is not None:
        found[f"outcome:{after.outcome.value}"] += 1
    if not before.carded and (posted := _first(entries, e.CardPosted)):
        found.update(_delay(CARD_DELAY, before.received_at, posted.at))
    if before.last is None and (decided := _decided(entries)):
        found.update(_delay(DECISION_DELAY, before.received_at, decided.at))
    return found


def _words(event: e.Event) -> Iterator[str]:
    """Name who made a text, and what the checks said of it."""
    match event:
        case e.DraftReady(draft=draft):
            yield f"draft:{_maker(draft)}"
            yield from _checks("drafted", draft.findings)
        case e.DraftEdited(draft=draft):
            yield "draft:person"
            yield from _checks("edited", draft.findings)
        case e.ReplyApproved(findings=findings):
            yield from _checks("approved", findings)
        case _:
            pass


def _maker(draft: Draft) -> str:
    if draft.editor is not None:
        return "person"
    return "offline" if draft.by == "offline" else "model"


def _checks(when: str, findings: Iterable[Finding]) -> set[str]:
    """A rule that finds several phrases in one text counts once."""
    return {f"check:{when}:{f.rule}:{f.verdict.value}" for f in findings if f.verdict is not Verdict.PASS}


def _first(entries: Sequence[e.Entry], kind: type[e.Value]) -> e.Entry | None:
    return next((entry for entry in entries if isinstance(entry.event, kind)), None)


def _decided(entries: Sequence[e.Entry]) -> e.Entry | None:
    return next((entry for entry in entries if getattr(entry.event, "by", None) is not None), None)


def _delay(name: str, since: datetime, at: datetime) -> Counter[str]:
    seconds = max(0, round((at - since).total_seconds()))
    bounds = BOUNDS[name]
    nth = bisect_left(bounds, seconds)
    bound = str(bounds[nth]) if nth < len(bounds) else "more"
    return Counter({f"{name}:sum": seconds, f"{name}:le:{bound}": 1})


def labelled(counts: Mapping[str, int], name: str) -> dict[tuple[str, ...], int]:
    """Return the numbers of one name by what stands behind it: `{("W7", "block"): 3}`, in a fixed order."""
    start = f"{name}:"
    found = {tuple(key[len(start) :].split(":")): n for key, n in counts.items() if key.startswith(start)}
    return dict(sorted(found.items()))


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
