"""Logs: one event a line on standard error, with ids and never with anybody's words.

`LEVELHEAD_LOG` is `json` (an object a line) or `text`; without it, text where a person is looking at the
terminal, else JSON. `LEVELHEAD_LOG_LEVEL` is `debug`, `info`, `warning` or `error`, and stands above what the
command would take. Of an error no more is told than its kind and where it happened, whoever logs it.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any, Final, cast

import structlog

from bot.masking import mask_event

FORMAT, LEVEL = "LEVELHEAD_LOG", "LEVELHEAD_LOG_LEVEL"
_FORMATS: Final = {"json": True, "text": False}
_LEVELS: Final = {
    "debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR,
}  # fmt: skip
#: Of a traceback, the innermost calls that are told.
_FRAMES = 8


def configure_logs(
    *, level: str = "info", as_json: bool | None = None, env: Mapping[str, str] = os.environ
) -> None:
    """Log from `level` on, in the form of `as_json`; what `env` says stands above the one, and for the other.

    Every value is masked on its way out. What Python's own logging is told by libraries comes here too.
    """
    asked, form = env.get(LEVEL, "").lower(), env.get(FORMAT, "").lower()
    number = _LEVELS.get(asked, _LEVELS[level])
    on_terminal = sys.stderr.isatty()
    json_lines = _FORMATS.get(form, not on_terminal) if as_json is None else as_json
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_its_words,
            mask_event,
            # A text is drawn as Python would write it: nothing in it moves a terminal's cursor.
            structlog.processors.JSONRenderer()
            if json_lines
            else structlog.dev.ConsoleRenderer(colors=on_terminal, repr_native_str=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[_Library()], level=max(number, logging.WARNING), force=True)
    for name, said, known in ((LEVEL, asked, _LEVELS), (FORMAT, form, _FORMATS)):
        if said not in {"", *known}:
            expected = ", ".join(known)
            structlog.get_logger(__name__).warning("log_setting_ignored", variable=name, expected=expected)


def log_crashes() -> None:
    """Log what ends this process as any other error; Python itself would print its words."""
    sys.excepthook = _uncaught


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    structlog.get_logger(__name__).critical("crashed", exc_info=error)


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
    """Return an error with what it came from; of a group, the first in it."""
    found = [error]
    while (before := _before(found[-1])) is not None and before not in found:
        found.append(before)
    return found


def _before(error: BaseException) -> BaseException | None:
    if isinstance(error, BaseExceptionGroup):
        return cast("BaseExceptionGroup[BaseException]", error).exceptions[0]
    return error.__cause__ or error.__context__


class _Library(logging.Handler):
    """What a library logs: its words as they stand in its code, without what was put into them.

    Of several lines the first: `asyncio` puts the error itself into those below.
    """

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        says = str(record.msg).partition("\n")[0]
        log = structlog.get_logger(record.name)
        log.log(max(record.levelno, logging.WARNING), says, library=record.name, exc_info=error)
