"""What stands before every page: the console's own name, its own origin, one session, strict headers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from adapters.chat.console.sessions import Session, Sessions
from adapters.web import record_failure
from bot.errors import BadInput, StoreUnavailable

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler, Middleware

    from adapters.chat.console.settings import ConsoleSettings
    from bot.ports import Clock

log = structlog.get_logger(__name__)

SESSION = web.RequestKey("session", Session)
#: True where the browser brought no session of ours, and a page has to give it one.
FRESH = web.RequestKey("fresh", bool)

NOT_CONFIRMED = "Not confirmed: the record cannot be reached. Look at the card before you press again."
NOT_REACHED = (
    "The record cannot be reached. Nothing is lost, and sources wait; this page works again when it is back."
)

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

#: Draws a page that says what went wrong, or answers the same in JSON.
Problem = Callable[[web.Request, int, str], web.Response]


@dataclass(frozen=True, slots=True)
class Guard:
    """Lets in what comes from a page of ours, and turns what went wrong into an answer people understand."""

    settings: ConsoleSettings
    sessions: Sessions
    clock: Clock
    problem: Problem
    #: A path with sessions and error pages of its own, empty for none: we look at host, origin and headers.
    apart: str

    def middleware(self) -> Middleware:
        """Return the guard as the outermost middleware of an application."""

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            if refusal := self._refusal(request):
                status, says = refusal
                log.warning("console_refused", status=status, reason=says)
                return web.Response(text=f"{says}\n", status=status)
            if self.apart and f"{request.path}/".startswith(f"{self.apart}/"):
                return await handler(request)
            self._recognise(request)
            if _came_by_a_link(request):
                return _once_more()
            return await self._answer(request, handler)

        return guard

    def _refusal(self, request: web.Request) -> tuple[int, str] | None:
        if not _is_one_of(request.host, self.settings.hosts):
            return 421, "this address is not one the console answers to; an operator can add it to its hosts"
        if request.method not in {"GET", "HEAD"} and is_foreign(request):
            return 403, "this did not come from a page of the console, so it was not taken"
        return None

    def _recognise(self, request: web.Request) -> None:
        cookie = request.cookies.get(self.settings.cookie)
        session = self.sessions.read(cookie, self.clock())
        request[SESSION], request[FRESH] = session or Session.new(), session is None

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as answer:
            if not isinstance(answer, web.HTTPError):
                raise
            response = self.problem(request, answer.status, answer.text or answer.reason)
            if "Allow" in answer.headers:
                response.headers["Allow"] = answer.headers["Allow"]
            return response
        except BadInput as bad:
            return self.problem(request, 422, str(bad))
        except StoreUnavailable:
            return self.problem(request, 503, NOT_REACHED if request.method == "GET" else NOT_CONFIRMED)
        except Exception as error:  # noqa: BLE001 the last place that can still answer; it is logged, never shown
            failure = record_failure(error, request)
            return self.problem(request, 500, f"Something broke on our side. Its ID in the log is {failure}.")


async def put_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Give every answer the strict headers, but for those it has already."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


def is_foreign(request: web.Request) -> bool:
    """Whether a browser says that another site's page sent this. A script says nothing, and has the token."""
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}
    try:
        parts = urlsplit(origin)
    except ValueError:
        return True
    # The host and the port; behind a proxy that speaks TLS the scheme is not the one the browser saw.
    return parts.scheme not in {"http", "https"} or parts.netloc.lower() != request.host.lower()


def is_own_page(request: web.Request) -> bool:
    """Whether a browser says that a page of ours sent this."""
    own = "Origin" in request.headers or request.headers.get("Sec-Fetch-Site") == "same-origin"
    return own and not is_foreign(request)


def _is_one_of(host: str, names: frozenset[str]) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    return name in names


def _came_by_a_link(request: web.Request) -> bool:
    return (
        request[FRESH]
        and request.method == "GET"
        and request.headers.get("Sec-Fetch-Mode") == "navigate"
        and request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}
    )


def _once_more() -> web.Response:
    # A link on another site brings no strict cookie along. A new session here would sign the person out; the
    # same address asked for by our own page brings the one they have.
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0">'
        "<title>Levelhead</title><p>One moment. If nothing happens, reload this page.</p></html>"
    )
    return web.Response(text=page, content_type="text/html")
