"""Pushes to the webhook, signed as a sender signs them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from adapters.platforms.webhook import SIGNATURE, TIMESTAMP, Webhook, sign
from bot.ports import Batch

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SECRET = "a secret long enough"


def webhook(secret: str = SECRET) -> Webhook:
    return Webhook(name="reviews", platform="stars", secret=secret, clock=lambda: NOW)


def signed(body: bytes, *, secret: str = SECRET, at: datetime = NOW) -> dict[str, str]:
    timestamp = str(int(at.timestamp()))
    return {TIMESTAMP: timestamp, SIGNATURE: sign(secret, timestamp, body)}


async def push(body: object, **signing: Any) -> Batch:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await webhook().receive(signed(raw, **signing), raw)


def mention(**changes: Any) -> dict[str, Any]:
    return {"id": "1", "text": "Cold again.", "author": {"handle": "ada"}} | changes
