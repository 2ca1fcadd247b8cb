"""The console as a web application: a team channel drawn by the server, working without any script."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from aiohttp import web

from adapters.chat.console.guard import Guard, put_headers
from adapters.chat.console.live import Live
from adapters.chat.console.pages import Pages
from adapters.chat.console.presses import Presses
from adapters.chat.console.sessions import Sessions
from adapters.chat.console.settings import check_exposure
from adapters.chat.console.view import View

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

    from adapters.chat.console.settings import ConsoleSettings
    from bot.ports import Bot, Clock

#: Where the demo's public side stands.
SQUARE = "/square"

#: Bytes of the longest form: 50,000 characters written on the square, percent-encoded at up to 12 each.
_LARGEST_FORM = 1024 * 1024

_STATIC = Path(__file__).parent / "static"
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def console_app(
    bot: Bot, settings: ConsoleSettings, *, clock: Clock, square: web.Application | None = None
) -> web.Application:
    """Return the console; with a `square`, that stands below `/square` and is linked to.

    Raises `BadSettings` where it would stand open to the network without sign-in.
    """
    check_exposure(settings.host, settings.sign_in)
    sessions = Sessions(settings.secret, settings.sign_in, settings.session_for)
    view = View(bot, settings, sessions, clock)
    guard = Guard(settings, sessions, clock, view.problem, apart=SQUARE if square else "")
    pages, live = Pages(view), Live(bot)
    app = web.Application(middlewares=[guard.middleware()], client_max_size=_LARGEST_FORM)
    # Presses first: the address of a case's page would match theirs too.
    app.add_routes(
        [*Presses(view, pages).routes(), *pages.routes(live.events), web.get("/static/{name}", _static())]
    )
    app.on_response_prepare.append(put_headers)
    app.on_shutdown.append(live.close)
    if square is not None:
        app.add_subapp(SQUARE, square)
        cast("dict[str, Any]", view.templates.globals)["square"] = SQUARE
    return app


def _static() -> Handler:
    """Return a handler for the few files beside this one, read once: no path from outside is opened."""
    files = {path.name: path.read_bytes() for path in _STATIC.iterdir() if path.suffix in _KINDS}

    async def static(request: web.Request) -> web.Response:
        content = files.get(request.match_info["name"])
        if content is None:
            raise web.HTTPNotFound(text="There is no such file.")
        tag = f'"{sha256(content).hexdigest()[:16]}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers=headers)
        kind = _KINDS[Path(request.match_info["name"]).suffix]
        return web.Response(body=content, content_type=kind, charset="utf-8", headers=headers)

    return static
