"""What the embedded server's folder holds: two locks, the socket or a link to it, the log, the data."""

from __future__ import annotations

import fcntl
import hashlib
import os
import socket
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from io import BufferedWriter

SOCKET, LOG = "redis.sock", "redis.log"
#: The server's own names.
DATA, MANIFEST = "appendonlydir", "appendonly.aof.manifest"
#: A log longer than this when the server starts becomes `redis.log.1`.
LOG_BYTES = 1 << 20


class Lock:
    """A lock the kernel frees when the last process that holds its descriptor has ended."""

    def __init__(self, path: Path) -> None:
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self.ours = False

    def take(self) -> bool:
        """Whether it is ours, now or already."""
        if self.ours:
            return True
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, str(os.getpid()).encode(), 0)
        self.ours = True
        return True

    def holder(self) -> str:
        """The process that took it last, for a person to read."""
        return os.pread(self.descriptor, 20, 0).decode(errors="replace") or "unknown"

    def close(self) -> None:
        os.close(self.descriptor)


def make_folder(folder: Path) -> Path:
    """The folder as an absolute path; made for its owner's eyes only when it is new."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder.resolve()


def clear_leftovers(folder: Path) -> None:
    """Remove what a killed server's rewriting left half done. Only for one who holds the server's lock."""
    for unfinished in folder.glob("temp-rewriteaof-*.aof"):
        unfinished.unlink(missing_ok=True)


def lacks_manifest(folder: Path) -> bool:
    """Whether data lies there without the file that lists it; the server would silently start empty."""
    files = folder / DATA
    written = [file for file in files.glob("*.incr.aof") if file.stat().st_size]
    # A first start that was killed leaves an empty pair, numbered 1.
    rewritten = [file for file in files.glob("*.base.rdb") if not file.name.endswith(".1.base.rdb")]
    return bool(written or rewritten) and not (files / MANIFEST).exists()


def open_log(folder: Path) -> BufferedWriter:
    path = folder / LOG
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(folder / f"{LOG}.1")
    path.touch(mode=0o600)
    return path.open("ab")


def socket_of(folder: Path) -> Path | None:
    """Where the folder's server listens: in the folder, or where its link points."""
    link = folder / SOCKET
    if not link.is_symlink():
        return link
    target = link.readlink()
    # The copy of a folder brings the link along, which points to the other folder's server.
    return target if target.parent.name.startswith(_prefix(folder)) else None


def make_socket_path(folder: Path) -> Path:
    """Where a new server shall listen: where the last one did if possible, so that clients find it again."""
    link, known = folder / SOCKET, socket_of(folder)
    if known and known != link and _private(known.parent):
        return known
    link.unlink(missing_ok=True)
    if _can_bind(link):
        return link
    target = Path(tempfile.mkdtemp(prefix=_prefix(folder)), SOCKET)
    link.symlink_to(target)
    return target


def _prefix(folder: Path) -> str:
    return f"levelhead-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]}-"


def _private(folder: Path) -> bool:
    with suppress(OSError):
        state = folder.lstat()
        return stat.S_ISDIR(state.st_mode) and state.st_uid == os.getuid() and not state.st_mode & 0o077
    return False


def _can_bind(path: Path) -> bool:
    """Whether a socket can be here: a path over 103 bytes (Linux: 107) and some shared folders refuse."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.bind(str(path))
        except OSError:
            return False
    path.unlink()
    return True
