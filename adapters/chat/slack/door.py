"""What Slack posts to the public door: nothing is read in a request whose signature is not right.

Page: docs.slack.dev/authentication/verifying-requests-from-slack.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import structlog
from aiohttp import web as http
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from adapters.chat.slack.settings import SlackSettings
from adapters.web import read_body

log = structlog.get_logger(__name__)

PATH = "/slack/events"
#: Bytes of a request, and seconds in which they must arrive. Slack's own are far smaller.
_MOST_BYTES, _MOST_SECONDS = 1024 * 1024, 3.0
_STAMP = re.compile(r"[0-9]{1,12}", re.ASCII)


def http_routes(app: AsyncApp, settings: SlackSettings) -> list[http.RouteDef]:
    """Return the routes of the public door."""
    verifier = SignatureVerifier(settings.signing_secret)

    async def events(request: http.Request) -> http.Response:
        body = await read_body(request, _MOST_BYTES, _MOST_SECONDS)
        if not _is_genuine(verifier, request, body):
            log.warning("slack_refused", reason="signature")
            return http.json_response({"error": "invalid request"}, status=401)
        headers: dict[str, str | Sequence[str]] = {name: request.headers[name] for name in request.headers}
        asked = AsyncBoltRequest(body=body.decode(), query=request.query_string, headers=headers)
        answer = await app.async_dispatch(asked)
        kind = "application/json" if answer.body.startswith("{") else "text/plain"
        return http.Response(status=answer.status, text=answer.body, content_type=kind)

    return [http.post(PATH, events)]


def _is_genuine(verifier: SignatureVerifier, request: http.Request, body: bytes) -> bool:
    """Whether Slack signed this within five minutes. The SDK's check takes only what it expects."""
    stamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    if not _STAMP.fullmatch(stamp) or not signature.isascii():
        return False
    try:
        return verifier.is_valid(body, stamp, signature)
    except UnicodeDecodeError:
        return False
