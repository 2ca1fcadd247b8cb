"""Addresses of posts: the host a browser comes to, and when two of them lead to the same post."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

#: Longer ones are no address of a post.
LONGEST = 2000
#: What a link carries about how it was shared, and not about what it shows.
_SHARED_BY = re.compile(r"utm_\w+|fbclid|gclid|igshid?|mc_[ce]id|ref_src|ref_url|si|share_id")
#: A fragment that only scrolls; any other may be the comment itself.
_SCROLLS = frozenset({"", "top", "main", "content", "comments", "reviews"})
_HOST = re.compile(r"[a-z0-9_.:-]+")


def host_of(url: str | None) -> str:
    """Return the host that a browser comes to by `url`, without `www.` or `m.`; empty for what leads nowhere.

    Of two readings of an address neither is taken.
    """
    try:
        parts = urlsplit(url or "")
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:  # a wrong host, or one that is no name in any script
        return ""
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc or "\\" in (url or ""):
        return ""
    if not _HOST.fullmatch(host) or len(url or "") > LONGEST or not _plain(url or ""):
        return ""
    return re.sub(r"^(www|m)\.", "", host)


def _plain(url: str) -> bool:
    return url.isprintable() and " " not in url


def same_address(url: str) -> str:
    """Return what two addresses of one post have in common, however they were shared."""
    host = host_of(url)
    if not host:
        return url
    parts = urlsplit(url)
    asked = [p for p in parse_qsl(parts.query, keep_blank_values=True) if not _SHARED_BY.fullmatch(p[0])]
    place = "" if parts.fragment.casefold() in _SCROLLS else f"#{parts.fragment}"
    return f"{host}{parts.path.rstrip('/')}?{urlencode(asked)}{place}"
