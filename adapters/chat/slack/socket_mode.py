"""Socket Mode: Slack's envelopes over connections that we open, each acknowledged on its own.

Page: docs.slack.dev/apis/events-api/using-socket-mode. Not the SDK's client: when Slack asks for a new
connection, it closes the old one first, with presses on their way in it; and when it stops, it does not wait
for its own tasks.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from adapters.chat.slack.settings import SlackSettings
from adapters.chat.slack.web import SlackWeb
from bot.errors import BadSettings, PlatformError

log = structlog.get_logger(__name__)

Json = dict[str, Any]

#: Seconds between two tries, doubled up to the last; so long an old connection is heard beside its new one.
_FIRST_WAIT, _LONGEST_WAIT, _OVERLAP = 0.5, 30.0, 15.0
#: A connection that says nothing, not even to a ping, for this long is dead.
_HEARTBEAT = 10.0
#: When stopping, acknowledgements under way are waited for so long.
_LAST_WORDS = 0.6
_MOST_BYTES = 4 * 1024 * 1024
_TROUBLE = (aiohttp.ClientError, PlatformError, OSError, TimeoutError)


async def run_socket(
    app: AsyncApp, settings: SlackSettings, stop: asyncio.Event, *, connections: int = 1
) -> None:
    """Keep so many connections (Slack allows ten in all) until `stop`; it returns within a second of it."""
    if not settings.app_token:
        raise BadSettings("slack: Socket Mode needs an app-level token (xapp-...) with connections:write")
    async with (
        SlackWeb(replace(settings, bot_token=settings.app_token)) as web,
        aiohttp.ClientSession() as http,
        asyncio.TaskGroup() as group,
    ):
        for _ in range(connections):
            group.create_task(_keep(_Line(app, settings, web, http, stop)))


@dataclass(eq=False)
class _Line:
    """What one kept connection is made with."""

    app: AsyncApp
    settings: SlackSettings
    web: SlackWeb
    http: aiohttp.ClientSession
    stop: asyncio.Event
    old: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])


async def _keep(line: _Line) -> None:
    """Hold a connection, and a new one when it ends or Slack asks for one."""
    wait = _FIRST_WAIT
    while not line.stop.is_set():
        try:
            socket = await _until(line.stop, _connect(line))
        except _TROUBLE as trouble:
            log.warning("slack_socket_failed", error=getattr(trouble, "error", type(trouble).__name__))
            socket = None
        if socket is None:
            await _pause(line.stop, wait)
            wait = min(wait * 2, _LONGEST_WAIT)
            continue
        wait = _FIRST_WAIT
        talk = _Talk(line, socket)
        reading = asyncio.create_task(talk.run())
        line.old.add(reading)
        reading.add_done_callback(line.old.discard)
        await talk.over.wait()
    if line.old:
        await asyncio.wait(set(line.old))


async def _connect(line: _Line) -> aiohttp.ClientWebSocketResponse:
    answer = await line.web.write("apps.connections.open")
    url = str(answer.get("url", ""))
    if not _is_slacks(url, line.settings):
        raise OSError("Slack named an address for Socket Mode that is not one of its own")
    closing = cast("Any", aiohttp.ClientWSTimeout)(ws_close=0.2)
    return await line.http.ws_connect(url, heartbeat=_HEARTBEAT, timeout=closing, max_msg_size=_MOST_BYTES)


def _is_slacks(url: str, settings: SlackSettings) -> bool:
    try:
        parts, api = urlsplit(url), urlsplit(settings.api)
        own = (api.hostname, api.port) == (parts.hostname, parts.port) and api.scheme == "http"
    except ValueError:
        return False
    host = parts.hostname or ""
    return (parts.scheme == "wss" and host.endswith((".slack.com", ".slack-gov.com"))) or (
        parts.scheme == "ws" and own
    )


class _Talk:
    """One connection while it lasts. `over` is set when another one is to be opened."""

    def __init__(self, line: _Line, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._line, self._socket = line, socket
        self.over = asyncio.Event()
        self._answering: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Answer what comes, until the connection or our time ends."""
        try:
            async with asyncio.timeout(None) as limit:
                while not self._line.stop.is_set():
                    message = await _until(self._line.stop, self._socket.receive())
                    if message is None or message.type is not aiohttp.WSMsgType.TEXT:
                        break
                    if self._heard(str(message.data)) and not self.over.is_set():
                        self.over.set()
                        limit.reschedule(asyncio.get_running_loop().time() + _OVERLAP)
        except (TimeoutError, aiohttp.ClientError, OSError):
            pass
        finally:
            self.over.set()
            if self._answering:
                await asyncio.wait(set(self._answering), timeout=_LAST_WORDS)
            await self._socket.close()

    def _heard(self, text: str) -> bool:
        """Begin to answer an envelope; returns whether Slack wants us to open another connection."""
        try:
            said: Any = json.loads(text)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            return False
        envelope = cast("Json", said)
        if envelope.get("type") == "disconnect":
            log.info("slack_socket_renewed", reason=str(envelope.get("reason", ""))[:40])
            return True
        if envelope.get("type") == "hello":
            log.info("slack_socket_open", connections=envelope.get("num_connections"))
        elif isinstance(envelope.get("envelope_id"), str):
            task = asyncio.create_task(self._answer(envelope))
            self._answering.add(task)
            task.add_done_callback(self._answered)
        return False

    def _answered(self, task: asyncio.Task[None]) -> None:
        self._answering.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("slack_envelope_failed", exc_info=error)

    async def _answer(self, envelope: Mapping[str, Any]) -> None:
        """Answer one envelope, on the connection it came by; what is refused is not acknowledged."""
        retries = envelope.get("retry_attempt")
        headers: dict[str, Any] = {"x-slack-retry-num": [str(retries)]} if retries else {}
        asked = AsyncBoltRequest(mode="socket_mode", body=envelope.get("payload") or {}, headers=headers)
        answer = await self._line.app.async_dispatch(asked)
        if answer.status not in {200, 404}:
            return
        ack: Json = {"envelope_id": envelope["envelope_id"]}
        if answer.status == 200 and answer.body and envelope.get("accepts_response_payload"):  # noqa: PLR2004
            ack["payload"] = json.loads(answer.body) if answer.body.startswith("{") else {"text": answer.body}
        try:
            await self._socket.send_json(ack)
        except (aiohttp.ClientError, OSError):
            log.warning("slack_not_acknowledged", reason="the connection ended")


async def _until(stop: asyncio.Event, work: Any) -> Any:
    """Return what `work` gives, `None` when `stop` comes first."""
    doing, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return doing.result() if doing.done() else None
    finally:
        for task in (doing, stopping):
            if not task.done():
                task.cancel()
        await asyncio.gather(doing, stopping, return_exceptions=True)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        pass
