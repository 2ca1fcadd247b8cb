"""What every command shares. Only typer is imported here; what a command needs comes when it runs."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs, so that --help stays quick

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from typer.core import TyperGroup

from bot.errors import BadInput, BotError

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bot.settings import Settings

T = TypeVar("T")

As = Annotated[
    str | None,
    typer.Option("--as", metavar="PERSON", help="An ID of team.toml. Without it, you: operator:<your user>."),
]


class Plain(TyperGroup):
    """What we raise on purpose becomes a line of words and exit status 2, never a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except BotError as problem:
            complain(str(problem))
        except ExceptionGroup as group:
            ours, other = group.split(BotError)
            if ours is None or other is not None:
                raise
            for problem in _leaves(ours):
                complain(str(problem))
        raise typer.Exit(2)


def _leaves(group: ExceptionGroup[BotError]) -> list[Exception]:
    found: list[Exception] = []
    for problem in group.exceptions:
        found += _leaves(problem) if isinstance(problem, ExceptionGroup) else [problem]
    return found


def complain(words: str) -> None:
    """Say what went wrong on stderr, a line each."""
    from bot.cli.words import harmless

    for line in words.splitlines():
        typer.echo(f"levelhead: {harmless(line)}", err=True)


def settings_of(ctx: typer.Context, *, demo: bool = False) -> Settings:
    """Return the settings of the folder the command was called for; the demo never touches your Redis."""
    from bot.settings import load_settings

    env = {name: value for name, value in os.environ.items() if not (demo and name == "REDIS_URL")}
    return load_settings(ctx.obj, env, demo=demo)


def wait_for(work: Coroutine[Any, Any, T], *, logs: str = "error") -> T:
    """Do asynchronous work to its end, logging from the level `logs` on."""
    import asyncio

    from bot.main.logs import configure_logs, log_crashes

    configure_logs(level=logs)
    log_crashes()
    return asyncio.run(work)


def with_operator(settings: Settings, as_: str | None) -> tuple[Settings, str]:
    """Return settings whose team knows who is at the keyboard, and their ID.

    Without `as_` it is the user of this machine, whom the trail then names as its operator: whoever can read
    the secrets can do anything here, so every role is theirs.
    """
    from bot.domain.team import ALL, Person, Team

    if as_ is not None:
        if settings.team.person(as_) is None:
            known = ", ".join(person.id for person in settings.team.people)
            raise BadInput(f"team.toml has no person {as_!r}; it has {known}")
        return settings, as_
    operator = f"operator:{_user()}"[:80]
    me = Person(id=operator, name=operator, roles=ALL)
    team = Team(people=(*settings.team.people, me))
    return settings.model_copy(update={"team": team}), me.id


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return str(os.getuid())  # a container's user without a name
