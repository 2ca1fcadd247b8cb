"""`levelhead slack`: the app that Slack has to know of."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs, so that --help stays quick

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="The team's Slack.", no_args_is_help=True)


@app.command()
def manifest(
    url: Annotated[
        str | None,
        typer.Option("--http", metavar="URL", help="Where Slack reaches us; without it, Socket Mode."),
    ] = None,
) -> None:
    """Print the manifest to make the app from: what it may do, no wider than what is used.

    Without an option the app uses Socket Mode: Levelhead connects to Slack,
    and nothing has to be reachable from outside. With --http, Slack posts to
    /slack/events at that address.

    Paste it at api.slack.com/apps: Create New App, From a manifest.

    Example: levelhead slack manifest > manifest.json
    """
    from bot.main.slack_app import slack_manifest

    typer.echo(slack_manifest(url))
