"""Only what goes wrong is told while measuring."""

from __future__ import annotations

from bot.main.logs import configure_logs


def quiet() -> None:
    """Log warnings and worse."""
    configure_logs(level="warning")
