"""What stands apart from the process that presses: three apps, and `draws`, a worker that posts cards.

`ours RECORD SLACK` is the product: signature, who may, the record, the acknowledgement. `bare SLACK` is Bolt
as its pages begin (docs.slack.dev/tools/bolt-python/concepts/async), with a listener that only acknowledges:
every 10 ms it looks whether that has. `prompt SLACK` is the same, told to answer when its listener ends, as
ours is. All take presses over HTTP, at the address they tell, and over Socket Mode.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable
from typing import Any, cast

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.after import Afterwards
from adapters.chat.slack.app import slack_app
from adapters.chat.slack.channel import SlackChannel
from adapters.chat.slack.directory import Directory
from adapters.chat.slack.door import PATH, http_routes
from adapters.chat.slack.settings import SlackPlace, SlackSettings
from adapters.chat.slack.socket_mode import run_socket
from adapters.chat.slack.web import SlackWeb
from adapters.web import public_app
from bench.process import run
from bench.serving import house, nothing, served, tell, told_to_end
from bot.flows.front import Front
from bot.main.wiring import now
from bot.ports import REMEMBERED

#: Who presses, and which Slack user that is.
PERSON, USER = "maya", "U1"
PLACE = SlackPlace(name="bench", channel="C1")
LANE = f"slack:{PLACE.name}"


def slack_at(url: str) -> SlackSettings:
    """Return settings that point at the Slack at `url`, with the tokens and the secret that one knows."""
    return SlackSettings(
        mode="http",
        bot_token="xoxb-a-bot-token",  # noqa: S106 of a Slack that is none
        app_token="xapp-an-app-token",  # noqa: S106
        signing_secret="a-signing-secret",  # noqa: S106
        team="T1",
        places=(PLACE,),
        api=f"{url}/api/",
    )


async def ours(record: str, slack: str) -> None:
    """Take presses as `levelhead run` does."""
    settings, after, stop = slack_at(slack), Afterwards(), asyncio.Event()
    async with house(record) as stage, SlackWeb(settings) as way:
        directory = Directory(stage.parts.team, way, clock=now, ids={USER: PERSON}, workspace="T1")

        async def once(name: str) -> bool:
            return await stage.store.once(f"slack:{name}", keep=REMEMBERED)

        app = slack_app(Front(stage.parts), settings, directory, clock=now, once=once, after=after)
        door = public_app(nothing, limits={})
        door.add_routes(http_routes(app, settings))
        socket = asyncio.create_task(run_socket(app, settings, stop))
        await directory.warm()
        async with served(door, PATH):
            await told_to_end()
        stop.set()
        await socket
        await after.finished()


async def bare(slack: str, *, prompt: bool) -> None:
    """Acknowledge presses, and do nothing else."""
    settings = slack_at(slack)
    client = AsyncWebClient(token=settings.bot_token, base_url=settings.api)
    app = AsyncApp(signing_secret=settings.signing_secret, client=client, process_before_response=prompt)

    async def action(ack: Callable[[], Awaitable[Any]]) -> None:
        await ack()

    cast("Any", app).action(re.compile(".*"))(action)
    handler = AsyncSocketModeHandler(app, settings.app_token)
    await cast("Any", handler).connect_async()
    async with served(app.web_app(PATH), PATH):
        await told_to_end()
    await cast("Any", handler).close_async()


async def draws(record: str, slack: str) -> None:
    """Work until told to end, and say how many cards that were."""
    settings, stop = slack_at(slack), asyncio.Event()
    async with SlackWeb(settings) as way:
        channel = SlackChannel(settings, PLACE, clock=now, client=way)
        async with house(record, channel) as stage:
            worker = stage.worker()
            working = asyncio.create_task(worker.run(stop))
            await told_to_end()
            stop.set()
            await working
            tell(cards=worker.done[f"card:{LANE}"])


def main() -> None:
    """Do what the command line asks for."""
    match sys.argv[1:]:
        case ["ours", record, slack]:
            asyncio.run(ours(record, slack))
        case ["bare" | "prompt" as kind, slack]:
            asyncio.run(bare(slack, prompt=kind == "prompt"))
        case ["draws", record, slack]:
            asyncio.run(draws(record, slack))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    run(main)
