"""The operator's door: `/healthz/live`, `/healthz/ready` (also `/healthz`), `/metrics`.

It knows no passwords: what it tells are numbers and states without anybody's words or name, and it listens on
loopback until the settings say otherwise. On another address it is for the operator's network alone (a
container network, a firewall), and never for the public one.

https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from aiohttp import web

from bot.errors import StoreUnavailable
from bot.ports import Readiness, Watched

#: Seconds after which an answer is given without the record's.
WITHIN = 2.0

_FRESH = {"Cache-Control": "no-store"}

T = TypeVar("T")


@dataclass(slots=True)
class Shared(Generic[T]):
    """One look for all who ask while it lasts.

    What is late is not cancelled, and the next to ask waits for it: never are two looks under way.
    """

    look: Callable[[], Awaitable[T]]
    within: float = WITHIN
    _looking: asyncio.Future[T] | None = field(default=None, init=False)

    async def __call__(self) -> T:
        """Return what is found; raises `TimeoutError` when that takes too long."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.ensure_future(self.look())
            self._looking.add_done_callback(_heard)
        looking = self._looking
        await asyncio.wait((looking,), timeout=self.within)
        if not looking.done():
            raise TimeoutError(f"no answer within {self.within:g} seconds")
        return looking.result()


def _heard(done: asyncio.Future[T]) -> None:
    """Take the failure of a look that nobody waits for any more."""
    if not done.cancelled():
        done.exception()


def ops_app(watched: Watched, *, within: float = WITHIN) -> web.Application:
    """Return what the operator's machines may ask; each answers `within` seconds."""
    readiness, signs = Shared(watched.readiness, within), Shared(watched.signs, within)

    async def live(_: web.Request) -> web.Response:
        why = watched.stuck()
        return web.json_response({"live": not why, "reasons": [why] if why else []},
                                 status=503 if why else 200, headers=_FRESH)  # fmt: skip

    async def ready(_: web.Request) -> web.Response:
        try:
            found = await readiness()
        except TimeoutError as late:
            found = Readiness(reasons=(f"the record cannot be reached: {late}",))
        told = {"ready": not found.reasons, "reasons": found.reasons, "notes": found.notes}
        return web.json_response(told, status=503 if found.reasons else 200, headers=_FRESH)

    async def metrics(request: web.Request) -> web.Response:
        # With its library, which is imported at the first scrape: some 15 ms, and 1 MB kept.
        from adapters.ops.metrics import rendered  # noqa: PLC0415

        try:
            found = await signs()
        except (StoreUnavailable, TimeoutError) as problem:
            return web.Response(text=f"the record cannot be reached: {problem}\n", status=503, headers=_FRESH)
        body, kind = rendered(found, request.headers.get("Accept", ""))
        return web.Response(body=body, headers={**_FRESH, "Content-Type": kind})

    app = web.Application()
    app.router.add_get("/healthz/live", live)
    app.router.add_get("/healthz/ready", ready)
    app.router.add_get("/healthz", ready)
    app.router.add_get("/metrics", metrics)
    return app
