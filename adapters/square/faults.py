"""What a platform does on a bad day, for whoever tests against the square."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.square.model import Fault

if TYPE_CHECKING:
    from adapters.square.model import Call, FaultKind


class Faults:
    """Bad moments that wait for the next calls of the API."""

    def __init__(self) -> None:
        """At first none."""
        self._faults: list[Fault] = []

    def fail_next(self, kind: FaultKind, *, call: Call = "write", times: int = 1, wait: float = 0.0) -> None:
        """Let the next `times` API calls that read or write go wrong.

        `busy` and `error` answer 429 and 500 before anything is done, `lost` does it and hangs up without an
        answer, `slow` waits `wait` seconds first. One call meets one of them.
        """
        self._faults += [Fault(kind, call, wait)] * times

    def take_fault(self, call: Call) -> Fault | None:
        """Return the bad moment that waits for this call, if any, and use it up."""
        waiting = next((fault for fault in self._faults if fault.call == call), None)
        if waiting is not None:
            self._faults.remove(waiting)
        return waiting
