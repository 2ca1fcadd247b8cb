"""Logs: one event a line on standard error, with ids and never with anybody's words."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

from bot.masking import mask_event

#: Of a traceback, the innermost calls that are told.
_FRAMES = 8


def configure_logs(*, level: str = "info", as_json: bool | None = None) -> None:
    """Log from `level` on; as JSON unless a person is looking at the terminal.

    Every value is masked on its way out. What Python's own logging is told by libraries comes here too.
    """
    json_lines = not sys.stderr.isatty() if as_json is None else as_json
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_its_words,
            mask_event,
            structlog.processors.JSONRenderer() if json_lines else structlog.dev.ConsoleRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[_Library()], level=max(number, logging.WARNING), force=True)


def _without_its_words(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Tell of an error its kind and where it happened: its own words may quote a mention."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given else None
    if error is not None:
        event["error"] = " from ".join(type(one).__name__ for one in _chain(error))
        frames = [frame for one in _chain(error) for frame in traceback.extract_tb(one.__traceback__)]
        event["where"] = [f"{f.filename}:{f.lineno} {f.name}" for f in frames[-_FRAMES:]]
    return event


def _chain(error: BaseException) -> list[BaseException]:
    found = [error]
    while (cause := found[-1].__cause__ or found[-1].__context__) is not None and cause not in found:
        found.append(cause)
    return found


class _Library(logging.Handler):
    """What a library logs: its words as they stand in its code, without what was put into them."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        log = structlog.get_logger(record.name)
        log.log(max(record.levelno, logging.WARNING), str(record.msg), library=record.name, exc_info=error)
