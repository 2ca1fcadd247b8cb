"""`levelhead teams`: the app that Teams has to know of."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs, so that --help stays quick

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import settings_of
from bot.errors import BadInput

app = typer.Typer(help="The team's Microsoft Teams.", no_args_is_help=True)


@app.callback()
def teams() -> None:
    """The team's Microsoft Teams."""


@app.command()
def package(
    ctx: typer.Context,
    url: Annotated[str, typer.Option("--url", metavar="URL", help="Where Teams reaches us: https://…")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write it.")] = Path(
        "levelhead-teams.zip"
    ),
) -> None:
    """Write the package that Teams makes the app from: a zip of its manifest and icons.

    Its ID is the app_id that levelhead.toml has for Teams. It asks
    for no right to read messages: in a channel Levelhead hears only what
    names it.

    Upload it in the Teams admin center (Teams apps, Manage apps, Upload new
    app), or where you may, in Teams: Apps, Manage your apps, Upload an app.

    Example: levelhead teams package --url https://levelhead.example.com
    """
    from bot.main.teams_app import teams_package

    settings = settings_of(ctx).teams
    if settings is None:
        raise BadInput(
            "levelhead.toml has no section [teams]; the package needs its app_id, "
            "which is the Application (client) ID of the bot"
        )
    made, endpoint = teams_package(settings, url)
    try:
        out.write_bytes(made)
    except OSError as problem:
        raise BadInput(f"{str(out)!r} cannot be written: {problem.strerror}") from None
    typer.echo(
        f"{out} is written: upload it in the Teams admin center. The bot's messaging endpoint in Azure:"
    )
    typer.echo(endpoint)
