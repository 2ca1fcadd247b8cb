"""The HTTP door: opens and closes sites, and is the public one: `/healthz`, `/hooks/<name>`."""

from __future__ import annotations

import asyncio
import errno
import secrets
import traceback
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

import structlog
from aiohttp import web
from aiohttp.abc import AbstractAccessLogger

from bot.errors import BadInput, BadSettings, NotGenuine, Replayed, StoreUnavailable, TooLarge

if TYPE_CHECKING:
    from types import TracebackType

    from aiohttp.typedefs import Handler

log = structlog.get_logger(__name__)

#: Takes a receiver's name, the headers (whatever their case) and the whole body; returns a status and JSON.
Handle = Callable[[str, Mapping[str, str], bytes], Awaitable[tuple[int, Mapping[str, Any]]]]

#: Seconds for which an answered client may still send: it is read and dropped, so that the answer is seen.
_LINGER = 2.0
#: Seconds a request in hand has when the door closes.
_LEAVING = 3.0

#: What a browser on this machine calls a door that is open on every interface.
_NAMES = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 named, not listened on

_STATUS: Mapping[type[Exception], int] = {
    NotGenuine: 401,
    Replayed: 409,
    TooLarge: 413,
    BadInput: 422,
    StoreUnavailable: 503,
    TimeoutError: 408,
    # The client left, or what it sent is no HTTP body.
    ConnectionError: 400,
    web.RequestPayloadError: 400,
}


class Door:
    """The sites this process listens on. Use it with `async with`; leaving closes them all."""

    def __init__(self, *, idle: float = 20.0) -> None:
        """Allow `idle` seconds for a request's headers, and for a connection with nothing to say."""
        self._runners: list[web.AppRunner] = []
        self._idle = idle

    async def open(self, app: web.Application, host: str, port: int) -> str:
        """Serve `app` and return its address; port 0 takes any. Raises `BadSettings` where it cannot."""
        runner = web.AppRunner(
            app,
            access_log_class=_AccessLog,
            keepalive_timeout=self._idle,
            lingering_time=_LINGER,
            shutdown_timeout=_LEAVING,
            # A signature is over the bytes that came, and a small body must not unfold into a huge one.
            auto_decompress=False,
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as problem:
            await runner.cleanup()
            raise BadSettings(_no_listening(host, port, problem)) from problem
        self._runners.append(runner)
        name = _NAMES.get(host, host)
        return f"http://{f'[{name}]' if ':' in name else name}:{runner.addresses[0][1]}"

    async def close(self) -> None:
        """Stop listening, give requests in hand a moment, and close every site."""
        while self._runners:
            await self._runners.pop().cleanup()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _no_listening(host: str, port: int, problem: OSError) -> str:
    where = f"port {port} on {host!r}"
    match problem.errno:
        case errno.EADDRINUSE:
            return (
                f"{where} is in use already: stop what listens there, "
                "or set another port in levelhead.toml (0 takes any)"
            )
        case errno.EACCES:
            return f"{where} is not allowed for this user: set a port above 1023"
        case _:
            why = problem.strerror or problem
            return f"cannot listen on {where}: {why}; expected an address of this machine"


def public_app(
    handle: Handle,
    *,
    limits: Mapping[str, int],
    within: float = 20.0,
    more: Iterable[web.RouteDef] = (),
) -> web.Application:
    """Return what the world may reach.

    `limits` names the receivers, each with the most bytes of a body, which must arrive `within` seconds;
    `more` are routes of a team channel.
    """

    async def hook(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in limits:
            raise web.HTTPNotFound(reason="nothing receives here; look at the address")
        body = await read_body(request, limits[name], within)
        status, answer = await handle(name, request.headers, body)
        return web.json_response(answer, status=status)

    app = web.Application(middlewares=[_answers_in_json])
    app.router.add_get("/healthz", _health)
    app.router.add_post("/hooks/{name}", hook)
    app.router.add_routes(more)
    return app


async def _health(_: web.Request) -> web.Response:
    return web.Response(text="ok\n", headers={"Cache-Control": "no-store"})


async def read_body(request: web.Request, most: int, within: float) -> bytes:
    """Return the body, holding at most `most` bytes and a chunk; raises `TooLarge`, `TimeoutError`."""
    if (request.content_length or 0) > most:
        raise TooLarge(f"the body has {request.content_length} bytes; at most {most} are read")
    body = bytearray()
    async with asyncio.timeout(within):
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > most:
                raise TooLarge(f"the body has more than {most} bytes")
    return bytes(body)


def record_failure(error: Exception, request: web.Request) -> str:
    """Log what nobody expected, and return the ID the client is told.

    The log names where it happened, but not the error's own words: they may quote a mention.
    """
    failure = secrets.token_hex(4)
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    log.error("request_failed", id=failure, path=_path(request), error=type(error).__name__, where=where)
    return failure


@web.middleware
async def _answers_in_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as answer:
        if not isinstance(answer, web.HTTPError):
            raise
        kept = {name: answer.headers[name] for name in ("Allow",) if name in answer.headers}
        return web.json_response({"error": answer.reason}, status=answer.status, headers=kept)
    except tuple(_STATUS) as error:
        return _known(error)
    except Exception as error:  # noqa: BLE001 the last place that can still answer; it is logged, never shown
        failure = record_failure(error, request)
        return web.json_response({"error": "something broke on our side", "id": failure}, status=500)


def _known(error: Exception) -> web.Response:
    status = next(status for kind, status in _STATUS.items() if isinstance(error, kind))
    says = str(error) if isinstance(error, BadInput) else _WORDS[status]
    response = web.json_response({"error": says}, status=status)
    if isinstance(error, StoreUnavailable):
        response.headers["Retry-After"] = "5"
    if not isinstance(error, StoreUnavailable | NotGenuine | Replayed):
        # The rest of the body is still on its way: this connection cannot carry another request.
        response.force_close()
    return response


_WORDS = {
    400: "the body broke off, or is not well-formed HTTP",
    408: "the body did not arrive in time",
    503: "the record cannot be reached; nothing was taken in, send it again",
}


def _path(request: web.BaseRequest) -> str:
    # Still percent-encoded, so that no line break from outside reaches the log; never the query string.
    return request.rel_url.raw_path[:200]


class _AccessLog(AbstractAccessLogger):
    """One event a request: no query string, no address of a person, no text."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Write one line; what went well is of no interest above DEBUG."""
        ill = response.status >= web.HTTPBadRequest.status_code
        (log.info if ill else log.debug)(
            "http",
            method=request.method,
            path=_path(request),
            status=response.status,
            bytes=response.body_length,
            ms=round(time * 1000),
        )
