"""Our public address, as an operator types it: where a chat posts to us."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.errors import BadInput


def public(url: str, path: str, whose: str) -> str:
    """Return our address without `path`; raises `BadInput` for one that `whose` servers post nothing to."""
    try:
        parts = urlsplit(url.strip())
        fine = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        raise _not_an_address(url, whose) from None
    if not fine or parts.query or parts.fragment:
        raise _not_an_address(url, whose)
    return f"https://{parts.netloc}{parts.path.rstrip('/').removesuffix(path)}"


def _not_an_address(url: str, whose: str) -> BadInput:
    expected = "expected one such as https://levelhead.example.com"
    return BadInput(f"{url[:200]!r} is no address that {whose} posts to; {expected}")
