"""Logs: one event a line on standard error, with ids and never with anybody's words."""

from __future__ import annotations

import logging
import sys

import structlog

from bot.masking import mask_event


def configure_logs(*, level: str = "info", as_json: bool | None = None) -> None:
    """Log from `level` on; as JSON unless a person is looking at the terminal.

    Every value is masked on its way out, and a traceback comes without its variables: both could carry what
    a stranger wrote.
    """
    json_lines = not sys.stderr.isatty() if as_json is None else as_json
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    renderers: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, mask_event, structlog.processors.JSONRenderer()]
        if json_lines
        else [mask_event, structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *renderers,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
