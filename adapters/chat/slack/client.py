"""Our way to Slack's Web API, with the vendor's habits undone: it tries nothing twice, and logs no words.

Pages: docs.slack.dev/tools/python-slack-sdk/web (retries, proxies), /apis/web-api. The client would try again
by itself after a broken connection, and so post a message a second time: it is told not to.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.slack.settings import SlackSettings

log = structlog.get_logger(__name__)

Json = dict[str, Any]

#: What a call may end with besides an answer: Slack's refusal, no connection, no answer in time.
FAILURES = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError)
#: A call that hangs is given up after so many seconds.
PATIENCE = 10
#: Where Slack takes answers to a press or a command; any other address in a payload is not Slack's.
_RESPONSE_HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")


class _WithoutWords(logging.Handler):
    """Tells where a library complained and of what kind of error: its words quote payloads and addresses."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log the place and the kind."""
        kind = record.exc_info[0] if record.exc_info else None
        where = f"{record.module}:{record.lineno}"
        log.warning("slack_library", where=where, error=kind.__name__ if kind else "")


def quiet_logger() -> logging.Logger:
    """Return the logger that Slack's libraries are given: apart from all others, and without words."""
    logger = logging.Logger("levelhead.slack", level=logging.WARNING)  # noqa: LOG001 it has no parent on purpose
    logger.addHandler(_WithoutWords())
    return logger


class Web:
    """The Web API of one workspace."""

    def __init__(self, settings: SlackSettings) -> None:
        """`settings` say where it is, and hold our token."""
        self._client: Any = AsyncWebClient(
            token=settings.bot_token,
            base_url=settings.api,
            timeout=PATIENCE,
            retry_handlers=[],
            logger=quiet_logger(),
        )

    async def call(self, method: str, /, **asked: Any) -> Json:
        """Return the answer of a method; raises one of `FAILURES`. What is `None` is not sent."""
        given = {name: value for name, value in asked.items() if value is not None}
        if any(isinstance(value, dict | list) for value in given.values()):
            answer = await self._client.api_call(method, json=given)
        else:
            # Methods that only read take no JSON.
            plain = {name: _word(value) for name, value in given.items()}
            answer = await self._client.api_call(method, params=plain)
        return cast("Json", answer.data)

    async def try_to(self, method: str, /, **asked: Any) -> Json | None:
        """Return the answer of a call nothing depends on; `None`, with a line in the log, without one."""
        try:
            return await self.call(method, **asked)
        except FAILURES as failure:
            log.warning("slack_call_failed", method=method, error=error_of(failure))
            return None


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def error_of(failure: BaseException) -> str:
    """Return Slack's name of what went wrong, or the kind of error: never its words."""
    if isinstance(failure, SlackApiError):
        told = cast("Any", failure).response
        try:
            return str(told.get("error", "unknown"))
        except (AttributeError, TypeError, ValueError):  # its body was no JSON object
            return "unreadable"
    return type(failure).__name__


def is_slacks(url: str, settings: SlackSettings) -> bool:
    """Whether an address from a payload is one where Slack takes answers, and not somebody else's."""
    try:
        parts, api = urlsplit(url), urlsplit(settings.api)
        port, own = parts.port, api.port
    except ValueError:
        return False
    if parts.username or parts.password or "\\" in url:
        return False
    if parts.scheme == "https" and parts.hostname in _RESPONSE_HOSTS and port in {None, 443}:
        return True
    return (parts.scheme, parts.hostname, port) == (api.scheme, api.hostname, own)


async def respond(url: str, body: Mapping[str, Any], settings: SlackSettings) -> bool:
    """Post `body` to a response_url; False, with a line in the log, where that did not work."""
    if not is_slacks(url, settings):
        log.warning("slack_response_refused", reason="the address is not one of Slack's")
        return False
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
            session.post(url, json=body, allow_redirects=False) as answer,
        ):
            if answer.status != 200:  # noqa: PLR2004 the number of HTTP
                log.warning("slack_response_failed", status=answer.status)
            return answer.status == 200  # noqa: PLR2004
    except (aiohttp.ClientError, TimeoutError, OSError) as failure:
        log.warning("slack_response_failed", error=type(failure).__name__)
        return False
