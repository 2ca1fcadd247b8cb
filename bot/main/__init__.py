"""Wire adapters to flows: the only place that knows both."""

from __future__ import annotations

from bot.main.checkup import Verdict, check
from bot.main.replaying import ReplayResult, replay
from bot.main.running import run
from bot.main.wiring import House, connect, sign_in_link

__all__ = ["House", "ReplayResult", "Verdict", "check", "connect", "replay", "run", "sign_in_link"]
