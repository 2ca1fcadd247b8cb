"""What the console is told at start, and the refusal to stand open without sign-in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from typing import Literal

from bot.errors import BadSettings

SignIn = Literal["choose", "link"]

#: The names a browser on this machine calls it by.
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SHORTEST = 32


@dataclass(frozen=True, slots=True)
class ConsoleSettings:
    """Where the console listens, and how it knows people.

    `secret` signs cookies and links: 32 random characters or more, kept with the data, so that a restart
    signs nobody out. `sign_in` is `choose` (the demo: pick a person) or `link` (a personal link each).
    `allowed_hosts` are more names browsers call it by; `secure` is for one that they reach by HTTPS.
    """

    secret: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8080
    sign_in: SignIn = "choose"
    allowed_hosts: tuple[str, ...] = ()
    secure: bool = False
    company: str = ""
    session_for: timedelta = timedelta(days=14)
    how_to_sign_in: str = "Ask whoever runs Levelhead here for your personal link."

    def __post_init__(self) -> None:
        if len(self.secret) < _SHORTEST:
            raise BadSettings(
                f"the console's secret has {len(self.secret)} characters; expected {_SHORTEST} random ones"
            )

    @property
    def hosts(self) -> frozenset[str]:
        """Every name it answers to, without ports; a page of any other name is not ours (DNS rebinding)."""
        return frozenset(
            name.strip("[]").lower() for name in (*LOOPBACK, self.host, *self.allowed_hosts) if name
        )

    @property
    def cookie(self) -> str:
        """The session cookie's name. Browsers share cookies among a host's ports, where two brands may stand.

        Over HTTPS the prefix has browsers refuse one that another host or path has set.
        """
        return f"{'__Host-' if self.secure else ''}levelhead-{self.port}"


def check_exposure(host: str, sign_in: SignIn) -> None:
    """Raise `BadSettings` where anybody on the network could decide in a colleague's name (L7)."""
    if sign_in == "link" or _is_loopback(host):
        return
    raise BadSettings(
        f"the console would listen on {host!r}, where other machines reach it, and let anybody choose who "
        "they are: set its host to 127.0.0.1, or its sign_in to 'link'"
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        # An empty host is every interface; a name may be any machine's.
        return False
