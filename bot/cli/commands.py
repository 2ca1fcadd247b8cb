"""Everything but the cases: run, demo, check, replay, pause, resume, the protocol, the console."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs, so that --help stays quick

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import As, complain, settings_of, wait_for, with_operator

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings import Settings

protocol = typer.Typer(help="The company's response protocol.", no_args_is_help=True)
console = typer.Typer(help="The team's web page.", no_args_is_help=True)


def run(
    ctx: typer.Context,
    *,
    web: Annotated[bool, typer.Option("--web", help="Serve the console and take pushed mentions.")] = False,
    worker: Annotated[bool, typer.Option("--worker", help="Do what is due: read, draft, publish.")] = False,
    sources: Annotated[bool, typer.Option("--sources", help="Read the sources.")] = False,
) -> None:
    """Run Levelhead until Ctrl-C or SIGTERM; the steps in hand are finished first, and nothing is lost.

    Without options this process does everything. With some of them it does
    that part, and other processes with the same settings and REDIS_URL do
    the rest; there may be any number of workers.

    Example: levelhead run --worker
    """
    from bot.main import run as run_bot

    everything = not (web or worker or sources)
    parts = {"web": web or everything, "worker": worker or everything, "sources": sources or everything}
    wait_for(run_bot(settings_of(ctx), **parts, say=typer.echo), logs="info")


def demo(ctx: typer.Context) -> None:
    """Run the demo: a small fictional bakery, its square and its team, whatever levelhead.toml says.

    It keeps its data in the folder data, on a server of its own: REDIS_URL is
    left alone.

    Example: levelhead demo
    """
    from bot.main import run as run_bot

    settings = settings_of(ctx, demo=True)
    wait_for(run_bot(settings, web=True, worker=True, sources=True, say=typer.echo), logs="info")


def check(ctx: typer.Context) -> None:
    """Try every connection, look at every secret, and say plainly what is wrong.

    One line a thing: ✓ is well, ! is worth knowing, ✗ is wrong. It tells
    how safe an acknowledged decision is on this Redis, which sources are
    silent, and what was set aside for a person.

    Example: levelhead check

    Exit status: 0 all well, 1 something is wrong.
    """
    wrong = wait_for(_check(lambda: settings_of(ctx)))
    raise typer.Exit(1 if wrong else 0)


async def _check(settings: Callable[[], Settings]) -> bool:
    from contextlib import aclosing

    from bot.cli.words import harmless, one_line
    from bot.errors import BadSettings

    try:
        loaded = settings()
    except BadSettings as problem:
        for line in str(problem).splitlines():
            typer.echo(f"✗ settings: {harmless(line)}")
        return True
    from bot.main import check as check_all

    wrong = False
    async with aclosing(check_all(loaded)) as verdicts:  # also when whoever reads us goes: `check | head`
        async for verdict in verdicts:
            wrong = wrong or verdict.ok is False
            mark = "!" if verdict.ok is None else "✓" if verdict.ok else "✗"
            typer.echo(f"{mark} {harmless(verdict.name)}: {one_line(verdict.says)}")
    return wrong


def replay(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="JSON lines, a mention each.", exists=True, dir_okay=False)],
) -> None:
    """Take in mentions from a file of JSON lines, as if a source had found them.

    Each line has the fields of docs/webhook.md and the two that a source
    adds, all in one object: source (whose name must be in levelhead.toml for
    a reply to be sent there), platform, id, text, author, posted_at.

    A mention that is known already is not read again, so it can be done
    twice. A line that is no mention is told by its number and costs the
    others nothing.

    Example: levelhead replay yesterday.jsonl, with lines such as
    {"source": "reviews", "platform": "reviews", "id": "7", "text": "Late again.",
    "author": {"handle": "ada"}, "posted_at": "2026-11-22T09:30:00Z"}

    Exit status: 0 every line was a mention, 1 some were not.
    """
    from bot.cli.replaying import replay_file

    raise typer.Exit(wait_for(replay_file(settings_of(ctx), file)))


def pause(ctx: typer.Context, *, as_: As = None) -> None:
    """Stop publishing, for everybody, until it is resumed. All else goes on; approved replies wait.

    Example: levelhead pause --as tomas
    """
    _publishing(ctx, as_, "pause")


def resume(ctx: typer.Context, *, as_: As = None) -> None:
    """Go on publishing. What was approved meanwhile is sent now, after a last look at its thread.

    Example: levelhead resume --as tomas
    """
    _publishing(ctx, as_, "resume")


def _publishing(ctx: typer.Context, as_: str | None, what: str) -> None:
    from bot.main import connect

    settings, by = with_operator(settings_of(ctx), as_)
    person = next(one for one in settings.team.people if one.id == by)

    async def do() -> None:
        async with connect(settings) as house:
            refusal = await (house.bot.pause(person) if what == "pause" else house.bot.resume(person))
        if refusal is not None:
            complain(refusal.says)
            raise typer.Exit(1)
        typer.echo(
            "Publishing is paused; `levelhead resume` goes on." if what == "pause" else "Publishing goes on."
        )

    wait_for(do())


@protocol.command("check")
def protocol_check(file: Annotated[Path, typer.Argument(help="The protocol, as TOML.")]) -> None:
    """Read a protocol and point at every mistake: its file, line and name, and what was expected there.

    Example: levelhead protocol check prompts/protocol/default.toml

    Exit status: 0 it can be used, 1 something is wrong with it.
    """
    from bot.domain.protocol_file import read_protocol
    from bot.errors import BadSettings

    try:
        read = read_protocol(file)
    except BadSettings as problem:
        complain(str(problem))
        raise typer.Exit(1) from None
    languages = ", ".join(sorted(read.parts))
    typer.echo(f"{file.name} can be used: {read.label} for {read.company}, drafts in {languages}.")


@console.command("link")
def console_link(
    ctx: typer.Context, person: Annotated[str, typer.Argument(help="An ID of team.toml.")]
) -> None:
    """Make a link with which one person signs in to the console. Give it to them alone.

    Example: levelhead console link maya
    """
    from bot.main import sign_in_link

    typer.echo(sign_in_link(settings_of(ctx), person))
