"""Run the bot: serve pages and hooks, read the sources, do what is due, and stop without losing a step."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import structlog

from bot.errors import BadInput, BadSettings, StoreUnavailable
from bot.flows.ingest import ingest
from bot.main.health import Health, health_of
from bot.main.paging import check_pagers
from bot.main.platforms import now, square_access
from bot.main.slack import serve_slack
from bot.main.teams import serve_teams
from bot.main.wiring import House, connect, console_secret
from bot.settings import DEMO, Settings, SquareSource, WebhookSource
from bot.worker import Pace, Reader, Worker, watch

log = structlog.get_logger(__name__)

#: Seconds between two posts of the demo's people.
DEMO_EVERY = 12.0

Say = Callable[[str], None]


async def run(settings: Settings, *, web: bool, worker: bool, sources: bool, say: Say) -> None:
    """Run the roles asked for until SIGTERM or Ctrl-C; the steps in hand are finished first."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    await check_pagers(settings)
    async with connect(settings) as house, AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        for safe, says in await house.store.durability():
            if not safe:
                say(f"Careful: an acknowledged decision could be lost. {says}")
        health = health_of(house, web=web, worker=worker, sources=sources)
        if not settings.demo:
            await _open_ops(health, settings, stack, say)
        if web:
            await _serve(house, stack, group, stop, say)
        if worker:
            pace = Pace(at_once=settings.concurrency)
            group.create_task(Worker(house.parts, pace, health.looked).run(stop), name="worker")
        if sources:
            _watch_all(house, group, stop)
        await stop.wait()
        say("Stopping: finishing what is in hand. Nothing is lost; start again whenever you like.")


async def _open_ops(health: Health, settings: Settings, stack: AsyncExitStack, say: Say) -> None:
    """Open the operator's door. A process beside another one on this machine goes on without it."""
    from adapters.ops.app import ops_app  # noqa: PLC0415 as every adapter: only when it is used
    from adapters.web import Door  # noqa: PLC0415

    door = await stack.enter_async_context(Door())
    try:
        address = await door.open(ops_app(health), settings.ops.host, settings.ops.port)
    except BadSettings as problem:
        say(f"Careful: no health and no metrics for this process: {problem}")
        return
    say(f"Health at {address}/healthz/ready, numbers at {address}/metrics")


def _watch_all(house: House, group: asyncio.TaskGroup, stop: asyncio.Event) -> None:
    # Containers may share a host's name and a number: the last part is this process's alone.
    by = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    for source in house.settings.sources:
        platform = house.parts.platforms[source.name]
        if platform.source is None or isinstance(source, WebhookSource):
            continue
        reader = Reader(
            by=by, every=source.poll_seconds, horizon=timedelta(hours=house.settings.horizon_hours)
        )
        reading = watch(platform.source, reader, cursors=house.cursors, parts=house.parts, stop=stop)
        group.create_task(reading, name=f"source {source.name}")


async def _serve(
    house: House, stack: AsyncExitStack, group: asyncio.TaskGroup, stop: asyncio.Event, say: Say
) -> None:
    """Open the two doors: the console on its own, and the public one for pushed mentions."""
    from adapters.chat.console.app import console_app  # noqa: PLC0415
    from adapters.chat.console.settings import ConsoleSettings  # noqa: PLC0415
    from adapters.web import Door, public_app  # noqa: PLC0415

    settings = house.settings
    console = console_app(
        house.bot,
        ConsoleSettings(
            host=settings.console.host,
            port=settings.console.port,
            sign_in=settings.console.sign_in,
            secure=settings.console.https,
            allowed_hosts=settings.console.allowed_hosts,
            secret=console_secret(settings),
            company=house.protocol.company,
            how_to_sign_in="Ask whoever runs Levelhead for your link: `levelhead console link YOU`",
        ),
        clock=now,
        square=_square(house, stack, group, stop),
    )
    door = await stack.enter_async_context(Door())
    address = await door.open(console, settings.console.host, settings.console.port)
    say(f"Levelhead is running: open {address}")
    if settings.demo:
        say(f"The public side, where the mentions stand and the replies appear: {address}/square")
    receivers = [name for name, platform in house.parts.platforms.items() if platform.receiver]
    slack = settings.slack and await serve_slack(house.bot, house.store, settings.slack, stack, group, stop)
    if settings.slack and not slack:
        say("Listening to Slack by Socket Mode.")
    teams = settings.teams and await serve_teams(
        house.bot, house.store, house.keeper, settings.teams, stack, group
    )
    if receivers or slack or teams:
        hooks = public_app(_hook(house), limits=_limits(house), more=[*(slack or ()), *(teams or ())])
        public = await door.open(hooks, settings.public.host, settings.public.port)
        if slack:
            say(f"Waiting for Slack at {public}/slack/events")
        if teams:
            say(f"Waiting for Teams at {public}/teams/messages")
        for name in receivers:
            say(f"Waiting for pushed mentions at {public}/hooks/{name}")
    if settings.shadow:
        say("Shadow mode: everything happens, and nothing is sent.")
    say("Press Ctrl-C to stop.")


def _limits(house: House) -> dict[str, int]:
    return {name: p.receiver.max_body for name, p in house.parts.platforms.items() if p.receiver}


def _square(house: House, stack: AsyncExitStack, group: asyncio.TaskGroup, stop: asyncio.Event) -> Any:
    """Return the built-in square when a source asks for it, with its people writing in the demo."""
    own = [s for s in house.settings.sources if isinstance(s, SquareSource) and s.url is None]
    if not own:
        return None
    from adapters.square.play import play  # noqa: PLC0415
    from adapters.square.site import Site  # noqa: PLC0415
    from adapters.square.web import square_routes  # noqa: PLC0415

    site = Site(house.settings.data / "square.db")
    stack.callback(site.close)
    _, token = square_access(own[0], house.settings)
    if house.settings.demo:
        group.create_task(_until(stop, play(site, DEMO / "mentions.jsonl", DEMO_EVERY)), name="demo people")
    return square_routes(site, token=token)


async def _until(stop: asyncio.Event, work: Awaitable[None]) -> None:
    """Do `work`, and leave it where it is when the bot stops."""
    working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()  # what went wrong there is told
    finally:
        working.cancel()
        stopping.cancel()
        await asyncio.wait((working, stopping))


Hook = Callable[[str, Mapping[str, str], bytes], Awaitable[tuple[int, dict[str, object]]]]


def _hook(house: House) -> Hook:
    """Return what answers a push: taken in and saved first, acknowledged after."""
    from adapters.platforms.webhook import Webhook, status_of  # noqa: PLC0415

    async def hook(name: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, object]]:
        platform = house.parts.platforms.get(name)
        if platform is None or not isinstance(platform.receiver, Webhook):
            return 404, {"error": "no source of this name waits for pushes"}
        try:
            batch = await platform.receiver.receive(headers, body)
            mark = f"hook:{name}:{platform.receiver.fingerprint(headers)}"
            if await house.store.told(mark):
                return 409, {"error": "this request was taken in before; nothing was done"}
            taken = await ingest(batch, parts=house.parts)
            # After it is saved: marked before, a sender's retry would be turned away and the mention lost.
            await house.store.once(mark, keep=timedelta(minutes=15))
            await house.store.beat(name, now(), found=bool(taken.new or taken.changed))
        except BadInput as problem:
            return status_of(problem), {"error": str(problem)}
        except StoreUnavailable:
            return 503, {"error": "not taken in: the record cannot be reached; send it again in a minute"}
        log.info("pushed", source=name, new=taken.new, changed=taken.changed, set_aside=taken.set_aside)
        refused = [{"item": item.raw[:200], "error": item.reason} for item in batch.set_aside]
        told: dict[str, object] = {"new": taken.new, "changed": taken.changed, "known": taken.known}
        return 202, {**told, "refused": refused}

    return hook
