"""Become a server that ends with the process that started it. Run as a script, never imported:
`leash.py kernel|watchdog PARENT LOCK COMMAND...`; LOCK is an inherited file descriptor the command keeps.

`kernel`: Linux sends SIGTERM when the starting thread ends (prctl(2), PR_SET_PDEATHSIG; it survives execve).
`watchdog`: elsewhere a forked child waits for the end of standard input, which the parent holds open.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    leash, parent, lock, command = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
    if leash == "kernel":
        _hold_by_kernel(parent)
    else:
        _hold_by_watchdog(lock)
    try:
        os.execv(command[0], command)  # noqa: S606 (no shell is the point: the server takes over this process)
    except OSError as error:
        sys.exit(f"cannot run {command[0]!r}: {error.strerror}")


def _hold_by_kernel(parent: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM)) != 0:
        sys.exit(f"prctl: {os.strerror(ctypes.get_errno())}")
    # The parent may have died before the request was made; then no signal will come.
    if os.getppid() != parent:
        sys.exit("the process that started the server has ended")


def _hold_by_watchdog(lock: int) -> None:
    server = os.getpid()
    if os.fork():
        return
    # The lock and the log belong to the server; the watchdog must not keep them.
    for descriptor in (1, 2, lock):
        os.close(descriptor)
    while os.read(0, 1):
        pass
    # A server that ended by itself has left us to another parent, and its number to anyone.
    if os.getppid() == server:
        os.kill(server, signal.SIGTERM)
    os._exit(0)


if __name__ == "__main__":
    main()
