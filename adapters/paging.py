"""Reach somebody past every team channel, by any service that apprise knows: a phone, a mailbox, a pager.

Pages: github.com/caronc/apprise/wiki/URLBasics (addresses) and /wiki/Development_API (what is called here).

* An address holds secrets, and apprise logs parts of it: its log goes nowhere, and we name an address by its
  number and its scheme alone; what only may be a scheme is not shown.
* apprise is synchronous, and its own thread pools are waited for when the process ends. So it works here in
  a thread that nothing waits for longer than we do.
* It takes a while to import: that happens with the first page or check, in such a thread.
"""

from __future__ import annotations

import asyncio
import logging
import re
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final, TypeVar

from bot.errors import BadSettings, PlatformRejected, PlatformSilent

T = TypeVar("T")

#: Seconds until a page that was not acknowledged is given up.
PATIENCE: Final = 20.0
#: Before `://` alone: where that is missing, all of an address would look like its scheme.
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]{0,20})://")
#: Everything apprise logs, its plugins' words too.
_THEIR_LOG: Final = logging.getLogger("apprise")


class ApprisePager:
    """One address. `number` is its place among those in the variable `variable`, from 1."""

    def __init__(self, address: str, *, number: int, variable: str, patience: float = PATIENCE) -> None:
        """Nothing is read or opened yet; `patience` in seconds."""
        found = _SCHEME.match(address)
        self.name = f"pager {number} ({found[1]})" if found else f"pager {number}"
        begins = f", which begins with {found[0]}" if found else ""
        self._address, self._patience = address, patience
        self._unknown = (
            f"{variable}: apprise does not understand address {number}{begins}; "
            "expected one as its page of that service shows"
        )

    async def page(self, title: str, words: str) -> None:
        """Tell them; raises `PlatformError` where it is not sure that they were told."""
        try:
            async with asyncio.timeout(self._patience):
                known, told = await _aside(lambda: self._notify(title, words))
        except TimeoutError as late:
            raise PlatformSilent(f"{self.name} did not answer within {self._patience:g} seconds") from late
        except Exception as problem:  # whatever the code of a service dies of: nobody is sure to be told
            raise PlatformSilent(f"{self.name} failed: {type(problem).__name__}") from problem
        if not known:
            raise PlatformRejected(self._unknown)
        if not told:
            raise PlatformSilent(f"{self.name} could not be reached, or took no message")

    async def check(self) -> None:
        """Raise `BadSettings` unless the address is understood; nothing is sent."""
        if not await _aside(lambda: _understood(self._address) is not None):
            raise BadSettings(self._unknown)

    def _notify(self, title: str, words: str) -> tuple[bool, bool]:
        """Return whether the address is understood, and whether the message was taken."""
        apprise, service = _apprise(), _understood(self._address)
        if service is None:
            return False, False
        how = {"notify_type": apprise.NotifyType.FAILURE, "body_format": apprise.NotifyFormat.TEXT}
        return True, bool(apprise.Apprise(service).notify(words, title, **how))


def _understood(address: str) -> Any:
    """Return the service behind an address, `None` for none; it works in the thread that calls it."""
    apprise = _apprise()
    how = {"async_mode": False, "service_timeout": 0, "http_redirects": False}
    return apprise.Apprise.instantiate(address, asset=apprise.AppriseAsset(app_id="Levelhead", **how))


def _apprise() -> Any:
    import apprise  # noqa: PLC0415 as said above

    _THEIR_LOG.propagate = False
    return apprise


async def _aside(work: Callable[[], T]) -> T:
    """Return what `work` returns, from a thread that ends with the process even where it hangs."""
    done: Future[T] = Future()

    def run() -> None:
        try:
            result = work()
        except Exception as problem:  # noqa: BLE001 whatever a service's code dies of is carried to who waits
            if done.set_running_or_notify_cancel():
                done.set_exception(problem)
        else:
            if done.set_running_or_notify_cancel():
                done.set_result(result)

    threading.Thread(target=run, name="paging", daemon=True).start()
    return await asyncio.wrap_future(done)
