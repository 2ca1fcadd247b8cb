"""The fake Slack's end of Socket Mode: tickets, connections, envelopes and their acknowledgements.

Page: docs.slack.dev/apis/events-api/using-socket-mode.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from aiohttp import WSMsgType, web

if TYPE_CHECKING:
    from tests.adapters.slacks import Slack


class Wire:
    """Every WebSocket the app holds open."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._tickets: set[str] = set()
        self.open: list[web.WebSocketResponse] = []
        self.opened = 0  # connections ever
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._turn = 0

    async def opens(self, connections: int = 1) -> None:
        """Wait until the app holds so many connections open."""
        async with asyncio.timeout(20):
            while len(self.open) < connections:  # noqa: ASYNC110 what is waited for is told by no event
                await asyncio.sleep(0.01)

    def ticket(self) -> str:
        """Return what opens one connection, once."""
        ticket = uuid4().hex
        self._tickets.add(ticket)
        return ticket

    async def link(self, request: web.Request) -> web.StreamResponse:
        """Hold a connection open."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.open.append(socket)
        self.opened += 1
        await socket.send_json({
            "type": "hello", "num_connections": len(self.open),
            "connection_info": {"app_id": self._slack.app},
            "debug_info": {"host": "applink-1", "approximate_connection_time": 18060},
        })  # fmt: skip
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._heard(json.loads(message.data))
        finally:
            self.open.remove(socket)
        return socket

    def _heard(self, said: dict[str, Any]) -> None:
        waiting = self._waiting.get(said.get("envelope_id", ""))
        if waiting is not None and not waiting.done():
            waiting.set_result(said.get("payload") or {})

    async def send(
        self, kind: str, payload: Mapping[str, Any], *, patience: float = 3.0, retry: int = 0
    ) -> dict[str, Any]:
        """Send an envelope (`interactive`, `events_api`, `slash_commands`) and return what acknowledged it.

        Connections take turns. Raises `TimeoutError` when nobody acknowledges in Slack's three seconds.
        """
        envelope, loop = uuid4().hex, asyncio.get_running_loop()
        self._waiting[envelope] = loop.create_future()
        self._turn += 1
        socket = self.open[self._turn % len(self.open)]
        await socket.send_json({
            "type": kind, "envelope_id": envelope, "payload": payload, "retry_attempt": retry,
            "accepts_response_payload": kind != "events_api",
        })  # fmt: skip
        try:
            return await asyncio.wait_for(self._waiting[envelope], patience)
        finally:
            del self._waiting[envelope]

    async def refresh(self) -> None:
        """Tell every connection to make a new one, as Slack does every few hours."""
        for socket in list(self.open):
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})

    async def hang_up(self) -> None:
        """Close every connection without a word."""
        for socket in list(self.open):
            await socket.close()
