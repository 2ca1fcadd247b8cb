"""Secrets of this data folder: made once, and kept where only we read."""

from __future__ import annotations

import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from bot.errors import BadSettings
from bot.settings import Settings


def derived(settings: Settings, name: str) -> str:
    """Return a secret of this data folder, made once, different for each `name`."""
    return hmac.new(_secret_of(settings.data), name.encode(), "sha256").hexdigest()


def _secret_of(folder: Path) -> bytes:
    path = folder / "secret"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        # Whole or not at all, and the first one stays: two processes may start at once.
        made = path.with_name(f"secret.{os.getpid()}")
        made.touch(mode=0o600)
        made.write_bytes(secrets.token_bytes(32))
        with suppress(FileExistsError):
            os.link(made, path)
        made.unlink()
    found = path.read_bytes()
    if len(found) != 32:  # noqa: PLR2004 what was written above
        raise BadSettings(f"{str(path)!r} should hold 32 random bytes; delete it, and a new one is made")
    return found
