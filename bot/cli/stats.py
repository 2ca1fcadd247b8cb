"""`levelhead stats`: the numbers of the last days, on a terminal or as JSON."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs, so that --help stays quick

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.common import settings_of, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import Console

    from bot.settings import Settings

#: Checks that are told, those that spoke most often.
_CHECKS = 10


def stats(
    ctx: typer.Context,
    *,
    days: Annotated[int, typer.Option("--days", min=1, max=90, help="How many days, with today (UTC).")] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False,
) -> None:
    """Show what came in, what people decided, what was published, and what a model cost, by day.

    Days are kept for 90, in UTC. A delay is told by the bucket in which half
    of them were done.

    Example: levelhead stats --days 30 --json
    """
    settings = settings_of(ctx)
    told = wait_for(_read(settings, days))
    if as_json:
        import json

        typer.echo(json.dumps(told.as_json))
        return
    _draw(told)


@dataclass(frozen=True, slots=True)
class _Told:
    """What was read: `days` are numbers by day, the newest first."""

    days: Mapping[str, Mapping[str, int]]
    states: Mapping[str, int]
    currency: str | None

    @property
    def total(self) -> Mapping[str, int]:
        from bot.domain.counting import added

        return added(self.days.values())

    @property
    def as_json(self) -> dict[str, Any]:
        from bot.domain.counting import CARD_DELAY, DECISION_DELAY, spread

        total = self.total
        halves = {name: spread(total, name).half_within for name in (CARD_DELAY, DECISION_DELAY)}
        return {
            "days": {day: dict(sorted(counts.items())) for day, counts in self.days.items()},
            "total": dict(sorted(total.items())),
            "half_within_seconds": halves,
            "open_cases": dict(self.states),
            "currency": self.currency,
        }


async def _read(settings: Settings, days: int) -> _Told:
    from datetime import UTC, datetime, timedelta

    from bot.main import connect

    today = datetime.now(UTC).date()
    named = [(today - timedelta(days=n)).isoformat() for n in range(days)]
    async with connect(settings) as house:
        counts = {day: await house.store.counts(day) for day in named}
        states = await house.store.states()
    return _Told(counts, states, _currency(settings, counts.values()))


def _currency(settings: Settings, days: Iterable[Mapping[str, int]]) -> str | None:
    """Return what money is counted in, or None where no price was ever set: 0 would look like "free"."""
    model = settings.model
    known = model and (model.price_in or model.price_out or any(day.get("spent:micros") for day in days))
    return model.currency if model and known else None


def _draw(told: _Told) -> None:
    from rich.console import Console

    out = Console(highlight=False)
    _draw_days(out, told)
    total = told.total
    for label, says in (*_answering(total), *_model(total, told.currency), *_standing(told.states)):
        if says:
            out.print(f"{label}: {says}", markup=False, soft_wrap=True)


def _draw_days(out: Console, told: _Told) -> None:
    """Two tables, so that each keeps to 80 columns; the model's only where one was called."""
    _draw_table(out, told, _COLUMNS)
    if _summed(told.total, ("spent:calls",)):
        _draw_table(out, told, _OF_THE_MODEL, currency=told.currency)


def _draw_table(
    out: Console, told: _Told, columns: Mapping[str, Sequence[str]], *, currency: str | None = None
) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column("Day (UTC)", no_wrap=True)
    for name in (*columns, *([currency] if currency else [])):
        table.add_column(name, justify="right", no_wrap=True)
    seen = {day: counts for day, counts in told.days.items() if counts}
    for day, counts in {**seen, "together": told.total}.items():
        cost = [_money(counts)] if currency else []
        table.add_row(day, *(f"{_summed(counts, names):,}" for names in columns.values()), *cost)
    out.print(table, crop=False)
    out.print()


#: What a column of the table adds up; a name that ends in a colon stands for all that begin with it.
_COLUMNS: Mapping[str, Sequence[str]] = {
    "Mentions": ("mentions:",),
    "Complaints": ("read:complaint",),
    "Praise": ("read:praise",),
    "Cards": ("card_delay:le:",),
    "Decisions": ("decision:",),
    "Published": ("event:reply_published",),
    "In doubt": ("event:publish_doubted",),
    "Refused": ("event:publish_rejected",),
}
_OF_THE_MODEL: Mapping[str, Sequence[str]] = {
    "Model calls": ("spent:calls",),
    "Failed": ("spent:failed",),
    "Tokens": ("spent:tokens_in", "spent:tokens_out"),
}


def _summed(counts: Mapping[str, int], names: Sequence[str]) -> int:
    return sum(
        n
        for name, n in counts.items()
        if any(name == one or (one[-1] == ":" and name.startswith(one)) for one in names)
    )


def _answering(total: Mapping[str, int]) -> list[tuple[str, str]]:
    from bot.domain.counting import CARD_DELAY, DECISION_DELAY

    return [
        ("Mentions by source", _listed(total, "mentions")),
        ("Read as", _listed(total, "read")),
        ("Balance", _balance(total)),
        ("Drafts by", _listed(total, "draft")),
        ("Checks that spoke most", _checks(total)),
        ("Decisions", _listed(total, "decision")),
        ("Closed as", _listed(total, "outcome")),
        ("Half of the first cards were up within", _half(total, CARD_DELAY)),
        ("Half of the cases had a first decision within", _half(total, DECISION_DELAY)),
    ]


def _listed(counts: Mapping[str, int], name: str) -> str:
    from bot.domain.counting import labelled

    found = sorted(labelled(counts, name).items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{' '.join(words).replace('_', ' ')} {n:,}" for words, n in found)


def _balance(total: Mapping[str, int]) -> str:
    """A healthy brand has both (M21)."""
    praise, complaints = total.get("read:praise", 0), total.get("read:complaint", 0)
    if not praise + complaints:
        return ""
    return f"{praise / (praise + complaints):.0%} praise, {complaints / (praise + complaints):.0%} complaint"


def _checks(total: Mapping[str, int]) -> str:
    from bot.domain.counting import labelled

    found = sorted(labelled(total, "check").items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(
        f"{rule} {verdict.replace('_', ' ')} ({when}) {n:,}" for (when, rule, verdict), n in found[:_CHECKS]
    )


def _half(total: Mapping[str, int], name: str) -> str:
    from bot.domain.counting import BOUNDS, spread

    found = spread(total, name)
    if not found.count:
        return ""
    if found.half_within is None:
        return f"more than {_span(BOUNDS[name][-1])}"
    return _span(found.half_within)


def _span(seconds: int) -> str:
    for size, name in ((3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size and seconds % size == 0:
            count = seconds // size
            return f"{count} {name}{'' if count == 1 else 's'}"
    return "no time"


def _model(total: Mapping[str, int], currency: str | None) -> list[tuple[str, str]]:
    cases, calls = total.get("spent:cases", 0), total.get("spent:calls", 0)
    if not calls:
        return []
    used = {name: total.get(f"spent:{name}", 0) for name in ("tokens_in", "tokens_cached", "tokens_out")}
    tokens = "{tokens_in:,} in, of which {tokens_cached:,} from the cache, {tokens_out:,} out".format(**used)
    wait = f"{total.get('spent:milliseconds', 0) / calls:,.0f} ms a call"
    each = f"{currency} {_money(total, cases)} for {_cases(cases)}" if currency and cases else ""
    if not currency:
        each = "not known, as no price is set (docs/model.md)"
    return [("Tokens", tokens), ("Waiting for the model", wait), ("Model cost", each)]


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"each of {count:,} cases"


def _money(counts: Mapping[str, int], of: int = 1) -> str:
    return f"{counts.get('spent:micros', 0) / of / 1_000_000:,.4f}"


def _standing(states: Mapping[str, int]) -> list[tuple[str, str]]:
    found = sorted(states.items(), key=lambda pair: (-pair[1], pair[0]))
    return [("Open cases now", ", ".join(f"{s.replace('_', ' ')} {n:,}" for s, n in found) or "none")]
