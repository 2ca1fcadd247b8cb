"""The logger that Slack's libraries are given. What they would log quotes payloads, bodies and addresses."""

from __future__ import annotations

import logging

import structlog

log = structlog.get_logger(__name__)


class _WithoutWords(logging.Handler):
    """Tells where a library complained and of what kind of error."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log the place and the kind."""
        kind = record.exc_info[0] if record.exc_info else None
        where = f"{record.module}:{record.lineno}"
        log.warning("slack_library", where=where, error=kind.__name__ if kind else "")


def quiet_logger() -> logging.Logger:
    """Return a logger apart from all others, without words."""
    logger = logging.Logger("levelhead.slack", level=logging.WARNING)  # noqa: LOG001 it has no parent on purpose
    logger.addHandler(_WithoutWords())
    return logger
