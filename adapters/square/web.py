"""The square on HTTP: its API and its pages as one application, for the door to mount at `PREFIX`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from adapters.square.api import PREFIX, Api
from adapters.square.model import (
    BadCursor,
    BadPost,
    Blocked,
    NoSuchAccount,
    NoSuchPost,
    NotYours,
    PostGone,
    SquareError,
)
from adapters.square.pages import Pages

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler, Middleware

    from adapters.square.site import Site

__all__ = ["PREFIX", "square_routes"]

_SAFE = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:;"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}

_STATUS: dict[type[SquareError], int] = {
    NoSuchPost: 404,
    NoSuchAccount: 404,
    PostGone: 410,
    NotYours: 403,
    Blocked: 403,
    BadPost: 422,
    BadCursor: 400,
}


def square_routes(site: Site, *, token: str) -> web.Application:
    """Return the square as an application, for `app.add_subapp(PREFIX, ...)`.

    `token` is the company account's bearer token, asked for on every write by API; an empty one raises
    `ValueError`. The caller closes `site` after the server has stopped.
    """
    pages = Pages(site)
    square = web.Application(middlewares=[_front(pages)])
    square.add_routes([*Api(site, token).routes(), *pages.routes()])
    return square


def _front(pages: Pages) -> Middleware:
    @web.middleware
    async def front(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Turn what went wrong into an answer its reader understands, and guard every answer's headers."""
        try:
            response = await handler(request)
        except SquareError as error:
            response = _problem(pages, request, _STATUS[type(error)], str(error))
        except web.HTTPRedirection as moved:
            moved.headers.update(_SAFE)
            raise
        except web.HTTPError as error:
            response = _problem(pages, request, error.status, error.reason)
            kept = ("Allow", "Retry-After", "WWW-Authenticate")
            response.headers.update({name: error.headers[name] for name in kept if name in error.headers})
        response.headers.update(_SAFE)
        return response

    return front


def _problem(pages: Pages, request: web.Request, status: int, said: str) -> web.Response:
    if request.path.startswith(f"{PREFIX}/api/"):
        return web.json_response({"error": said}, status=status)
    return pages.problem(status, said)
