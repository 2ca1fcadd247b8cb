"""`levelhead case`: the cases on a terminal, and a person's decisions from there."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs, so that --help stays quick

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.common import As, complain, settings_of, wait_for, with_operator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.card import Card
    from bot.domain.team import Person
    from bot.main import House
    from bot.ports import Meter, Redraw, Refusal, Spent, TrailLine
    from bot.settings import Settings

app = typer.Typer(help="The cases: list, search, show, decide, retry.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON, one value a line, for a program to read.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="The ID of the case, such as square:12.")]


@app.command("list")
def list_(
    ctx: typer.Context,
    *,
    first: Annotated[int, typer.Option(min=0, help="How many of the worst to leave out.")] = 0,
    count: Annotated[int, typer.Option(min=1, max=1000, help="How many to show.")] = 25,
    as_json: Json = False,
) -> None:
    """List the open cases, worst first: critical, then whoever came back, then the earliest deadline.

    Example: levelhead case list --count 100 --json
    """
    settings, me = with_operator(settings_of(ctx), None)

    async def read() -> tuple[Sequence[Card], int]:
        async with _connect(settings) as house:
            return await house.bot.queue(_viewer(house, me), first=first, count=count)

    cards, total = wait_for(read())
    _print_cards(cards, as_json=as_json)
    if not as_json:
        typer.echo(
            f"{len(cards)} of {total} open cards, those that wait for nobody last"
            if total
            else "No open case."
        )


@app.command()
def search(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(help="What the words, the author or the ID contain.")],
    *,
    most: Annotated[int, typer.Option(min=1, max=1000, help="How many to show.")] = 25,
    as_json: Json = False,
) -> None:
    """Search all cases kept, closed ones too: the open ones first, then the newest.

    Example: levelhead case search "cold bread"

    Exit status: 0 something was found, 1 nothing was.
    """
    settings, me = with_operator(settings_of(ctx), None)

    async def read() -> Sequence[Card]:
        async with _connect(settings) as house:
            return await house.bot.search(text, _viewer(house, me), most=most)

    cards = wait_for(read())
    _print_cards(cards, as_json=as_json)
    if not cards:
        complain("nothing was found")
        raise typer.Exit(1)


@app.command()
def show(ctx: typer.Context, case_id: Id, *, as_json: Json = False) -> None:
    """Show one case: its card, what can be decided and which fields that needs, and its whole trail.

    Example: levelhead case show square:12
    """
    settings, me = with_operator(settings_of(ctx), None)

    async def read() -> tuple[Card | None, Sequence[TrailLine], Spent | None]:
        async with _connect(settings) as house:
            card = await house.bot.card(case_id, _viewer(house, me))
            if card is None:
                return None, (), None
            meter: Meter | None = house.parts.meter
            spent = await meter.spent_on(case_id) if meter else None
            return card, await house.bot.trail(case_id), spent

    card, trail, spent = wait_for(read())
    if card is None:
        complain(f"there is no case {case_id!r} (closed ones expire after 90 days)")
        raise typer.Exit(1)
    if as_json:
        told = {"card": card.model_dump(mode="json"), "trail": [_line(line) for line in trail]}
        _print_json(told | ({"spent": asdict(spent)} if spent and spent.calls else {}))
        return
    from bot.cli.drawing import draw_case

    draw_case(card, trail, cost=_cost(spent, settings) if spent and spent.calls else "")


@app.command()
def decide(
    ctx: typer.Context,
    case_id: Id,
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help="Such as snooze; case show lists what applies.")
    ],
    *,
    field: Annotated[
        list[str] | None,
        typer.Option("--field", "-f", metavar="NAME=VALUE", help="A field of its form; may be repeated."),
    ] = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Make a decision on a case, as its buttons do. The trail records who: --as, or operator:<your user>.

    An approval or an edit names the draft that was seen: case show prints
    its fields. Approving from here works only where levelhead.toml says
    allow_cli_approval = true.

    Example: levelhead case decide square:12 dismiss -f outcome=not_us -f
    reason="another bakery"

    Exit status: 0 it counted, 1 it was refused, and why is said.
    """
    from datetime import UTC, datetime

    from bot.domain.forms import read_form
    from bot.ports import Press, Refusal

    settings, by = with_operator(settings_of(ctx), as_)
    if kind in {"approve", "second_approve"} and not settings.allow_cli_approval:
        says = "approving from the command line is off; use the card, or set allow_cli_approval"
        _print_answer(case_id, Refusal(says), as_json=as_json)
    if kind in {"approve", "second_approve"} and as_ is not None:
        says = (
            "an approval is a person's own: press it on the card, or leave --as out and approve as operator"
        )
        _print_answer(case_id, Refusal(says), as_json=as_json)
    decision = read_form(kind, _fields(field or []), at=datetime.now(UTC))

    async def press() -> Redraw | Refusal:
        async with _connect(settings) as house:
            return await house.bot.press(Press(case_id=case_id, decision=decision, by=by))

    _print_answer(case_id, wait_for(press()), as_json=as_json)


@app.command()
def retry(ctx: typer.Context, case_id: Id, *, as_json: Json = False) -> None:
    """Take up again a step that failed five times and was set aside; levelhead check lists them.

    Example: levelhead case retry square:12

    Exit status: 0 it is due again, 1 nothing of this case was set aside.
    """
    settings = settings_of(ctx)

    async def again() -> bool:
        async with _connect(settings) as house:
            return await house.store.retry(case_id)

    taken_up = wait_for(again())
    if as_json:
        _print_json({"case": case_id, "retried": taken_up})
    elif taken_up:
        typer.echo("It is due again.")
    else:
        complain(f"nothing of case {case_id!r} was set aside")
    raise typer.Exit(0 if taken_up else 1)


def _connect(settings: Settings) -> Any:
    from bot.main import connect

    return connect(settings)


def _viewer(house: House, person_id: str) -> Person:
    viewer = house.team.person(person_id)
    if viewer is None:
        raise LookupError(person_id)
    return viewer


def _fields(given: list[str]) -> dict[str, str]:
    from bot.errors import BadInput

    fields: dict[str, str] = {}
    for field in given:
        name, equals, value = field.partition("=")
        if not equals or not name.strip():
            raise BadInput(f"field {field!r} should be like name=value")
        fields[name.strip()] = value
    return fields


def _cost(spent: Spent, settings: Settings) -> str:
    calls = f"{spent.calls} model call{'' if spent.calls == 1 else 's'}"
    tokens = f"{spent.tokens_in:,} tokens in, {spent.tokens_out:,} out"
    # Without a price nothing is known of the cost, and 0 would look like "free".
    model = settings.model
    price = f"{model.currency} {spent.micros / 1_000_000:.4f}" if model and spent.micros else ""
    return ", ".join(part for part in (price, calls, tokens) if part)


def _print_json(value: Any) -> None:
    import json

    # ASCII only: nothing a stranger wrote can reach the terminal as more than letters.
    typer.echo(json.dumps(value))


def _line(line: TrailLine) -> dict[str, str]:
    return {"at": line.at.isoformat(), "who": line.who, "says": line.says, "text": line.text}


def _print_cards(cards: Sequence[Card], *, as_json: bool) -> None:
    if as_json:
        for card in cards:
            _print_json(card.model_dump(mode="json"))
    elif cards:
        from bot.cli.drawing import draw_list

        draw_list(cards)


def _print_answer(case_id: str, answer: Redraw | Refusal, *, as_json: bool) -> None:
    from bot.ports import Redraw

    if isinstance(answer, Redraw):
        if as_json:
            _print_json({"counted": True, "card": answer.card.model_dump(mode="json")})
        else:
            typer.echo(f"Done. {case_id}: {answer.card.status}.")
        return
    if as_json:
        _print_json({"counted": False, "confirmed": answer.confirmed, "says": answer.says})
    else:
        complain(answer.says)
    raise typer.Exit(1)
