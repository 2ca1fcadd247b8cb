"""The console: the cards on a local web page, and a team channel like any other."""

from __future__ import annotations

from adapters.chat.console.app import SQUARE, Console, console_app
from adapters.chat.console.sessions import LINK_FOR, sign_in_link
from adapters.chat.console.settings import LOOPBACK, ConsoleSettings, SignIn, check_exposure

__all__ = [
    "LINK_FOR",
    "LOOPBACK",
    "SQUARE",
    "Console",
    "ConsoleSettings",
    "SignIn",
    "check_exposure",
    "console_app",
    "sign_in_link",
]
