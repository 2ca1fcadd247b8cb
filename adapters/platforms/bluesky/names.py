"""Names on Bluesky: posts, accounts and record keys, checked before they stand in an address or a question.

After https://atproto.com/specs/at-uri-scheme, /specs/did, /specs/handle, /specs/record-key and /specs/tid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self
from urllib.parse import quote

POSTS: Final = "app.bsky.feed.post"

_DID: Final = r"did:[a-z]{1,32}:[A-Za-z0-9._:%-]{0,150}[A-Za-z0-9._-]"
_PLACE: Final = re.compile(rf"at://({_DID})/{re.escape(POSTS)}/([A-Za-z0-9._~:-]{{1,512}})")
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
#: The last part begins with a letter, so that no address of numbers passes for a handle.
HANDLE: Final = rf"(?:{_LABEL}\.)+[A-Za-z](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?"
_LONGEST_HANDLE: Final = 253

_SORTABLE: Final = "234567abcdefghijklmnopqrstuvwxyz"
_TID: Final = re.compile(f"[{_SORTABLE[:16]}][{_SORTABLE}]{{12}}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post stands: whose it is, and its record key. `str` gives its at:// address."""

    did: str
    key: str

    @classmethod
    def read(cls, uri: str) -> Self | None:
        """Return the place of a post, `None` when `uri` is not the address of one."""
        match = _PLACE.fullmatch(uri)
        return cls(match[1], match[2]) if match and match[2] not in {".", ".."} else None

    def __str__(self) -> str:
        return f"at://{self.did}/{POSTS}/{self.key}"

    def on(self, site: str) -> str:
        """Return the address a person opens; it outlives a change of handle."""
        return f"{profile(self.did, site)}/post/{quote(self.key, safe=':~')}"


def profile(did: str, site: str) -> str:
    """Return the address of an account's page."""
    return f"{site}/profile/{quote(did, safe=':')}"


def is_did(name: str) -> bool:
    """Whether `name` is the lasting name of an account."""
    return re.fullmatch(_DID, name) is not None


def is_handle(name: str) -> bool:
    """Whether `name` is the readable name of an account."""
    return len(name) <= _LONGEST_HANDLE and re.fullmatch(HANDLE, name) is not None


def record_key(key: str) -> str:
    """Return the record key that an idempotency key always leads to.

    A post's record key has to be a TID: a moment in microseconds and ten bits more, in 13 letters. Ours
    begins with "2", a moment before September 2005, and goes on with 60 bits of the digest of `key`. Every
    client takes the present moment (a "3" since 2005), so ours are told from a colleague's by one letter.
    """
    number = int.from_bytes(sha256(f"levelhead\n{key}".encode()).digest()[:8], "big")
    return "2" + "".join(_SORTABLE[number >> shift & 31] for shift in range(0, 60, 5))


def is_ours(key: str) -> bool:
    """Whether a record key of our account was made by `record_key`, and not by the client of a colleague."""
    return key[0] == "2" and _TID.fullmatch(key) is not None
