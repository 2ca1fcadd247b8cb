"""The command `levelhead`. Only typer is imported before a command runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import cases, commands, slack, teams
from bot.cli.common import Plain
from bot.cli.stats import stats

app = typer.Typer(
    cls=Plain,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def main(
    ctx: typer.Context,
    folder: Annotated[
        Path, typer.Option("--folder", "-C", help="Where levelhead.toml and team.toml stand.")
    ] = Path(),
) -> None:
    """Levelhead brings negative mentions to the team, each with a calm reply for a person to approve.

    Settings are read from levelhead.toml and team.toml in the folder,
    secrets from the environment. Without a levelhead.toml it is the demo.

    Exit status: 0 done, 1 refused or something is wrong, 2 could not be
    tried.
    """
    ctx.obj = folder


app.command()(commands.run)
app.command()(commands.demo)
app.command()(commands.check)
app.add_typer(cases.app, name="case")
app.command()(commands.replay)
app.command()(stats)
app.add_typer(commands.protocol, name="protocol")
app.command()(commands.pause)
app.command()(commands.resume)
app.add_typer(commands.console, name="console")
app.add_typer(slack.app, name="slack")
app.add_typer(teams.app, name="teams")
