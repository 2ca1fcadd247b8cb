"""Tell one person something in Slack that nobody else sees.

Pages: docs.slack.dev/interactivity/handling-user-interaction (response_url) and
/reference/methods/chat.postEphemeral.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog

from adapters.chat.slack import limits
from adapters.chat.slack.settings import SlackSettings
from adapters.chat.slack.text import clip, escaped, shown
from adapters.chat.slack.web import SlackWeb
from adapters.chat.words import sentence
from adapters.http import client, send
from bot.errors import PlatformError

log = structlog.get_logger(__name__)

#: Where Slack takes answers to a press or a command; any other address in a payload is not Slack's.
_HOSTS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody stood when they pressed: what is told them appears there, for them alone."""

    user: str
    channel: str = ""
    thread: str = ""
    response_url: str = ""


class Teller:
    """Tells people things. What cannot be told is logged, and nothing depends on it."""

    def __init__(self, web: SlackWeb, settings: SlackSettings) -> None:
        """`settings` say which addresses are Slack's."""
        self._web, self._settings = web, settings

    async def alone(self, spot: Spot, text: str) -> None:
        """Tell the presser in words; what is in them pings nobody and links nowhere."""
        words, _ = clip(escaped(shown(sentence(text))), limits.MESSAGE_TEXT)
        body = {"response_type": "ephemeral", "replace_original": False, "text": words}
        if spot.thread:
            body["thread_ts"] = spot.thread
        if spot.response_url and await self.respond(spot.response_url, body):
            return
        try:
            if spot.channel:
                thread = spot.thread or None
                told = {"channel": spot.channel, "user": spot.user, "text": words, "thread_ts": thread}
                await self._web.write("chat.postEphemeral", **told)
            else:  # pressed where there is no channel: our own conversation with them
                await self._web.write("chat.postMessage", channel=spot.user, text=words)
        except PlatformError as failure:
            log.warning("slack_not_told", error=type(failure).__name__)

    async def respond(self, url: str, body: Mapping[str, Any]) -> bool:
        """Post `body` to a response_url; False, with a line in the log, where that did not work."""
        if not is_slacks(url, self._settings):
            log.warning("slack_response_refused", reason="the address is not one of Slack's")
            return False
        try:
            async with client() as http:
                request = http.build_request(
                    "POST", url, content=json.dumps(body), headers={"Content-Type": "application/json"}
                )
                await send(http, "Slack", request)
        except PlatformError as failure:
            log.warning("slack_response_failed", error=type(failure).__name__)
            return False
        return True


def is_slacks(url: str, settings: SlackSettings) -> bool:
    """Whether an address from a payload is one where Slack takes answers, and not somebody else's."""
    try:
        parts, api = urlsplit(url), urlsplit(settings.api)
        place, own = (parts.scheme, parts.hostname, parts.port), (api.scheme, api.hostname, api.port)
    except ValueError:
        return False
    if "@" in parts.netloc or "\\" in url:
        return False
    return place == own or (place[0] == "https" and place[1] in _HOSTS and place[2] in {None, 443})
