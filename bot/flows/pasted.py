"""What a colleague found and brought in: a case like any other, answered by hand where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

from bot.domain.case import Case
from bot.domain.delivery import Delivery, Mode
from bot.domain.events import Entry, MentionReceived
from bot.domain.mention import MAX_TEXT, PASTED, Author, Mention
from bot.domain.team import Person
from bot.domain.transitions import born
from bot.domain.value import digest
from bot.errors import BadInput, NoSuchCase
from bot.flows.parts import Parts
from bot.ports import Pasted, Platform

#: Of the open cases, the worst so many are looked through for one of the same address.
_LOOKED_THROUGH = 1000
_LONGEST_URL, _LONGEST_NAME = 2000, 100
#: What a link carries about how it was shared, and not about what it shows.
_SHARED_BY = re.compile(r"utm_\w+|fbclid|gclid|igshid?|mc_[ce]id|ref_src|ref_url|si|share_id")


async def open_case(pasted: Pasted, by: Person, parts: Parts) -> Case:
    """Return the case of what `by` found: a new one, or the one that it is already; raises `BadInput`."""
    mention = _mention(pasted, parts)
    if (known := await _of_address(mention.url, parts)) is not None:
        return known
    event, at = MentionReceived(mention=mention, severity=parts.provisional(mention), by=by.id), parts.clock()
    case = born(event, at=at)
    opening = [(case, Entry(version=1, at=at, event=event))]
    await parts.store.receive(opening)
    try:
        return await parts.store.get(case.id)
    except NoSuchCase:  # its case has expired, and its mark has not: it is found anew
        await parts.store.forget(mention.source, mention.id)
        await parts.store.receive(opening)
        return await parts.store.get(case.id)


def delivery(mention: Mention, platforms: Iterable[Platform]) -> Delivery:
    """Return how what was brought in can be answered: by hand, where its address says that it stands."""
    host = _host(mention.url)
    if not host:
        return Delivery(
            mode=Mode.REPORT_ONLY,
            reason="a colleague brought it in without its address, so that nobody could see a reply there",
        )
    own = platform_of(mention, platforms)
    return Delivery(
        mode=Mode.ASSISTED,
        reason="a colleague brought it in, so a person posts the reply where it stands",
        max_length=own.max_length if own else None,
        hosts=own.hosts if own else (host,),
    )


def platform_of(mention: Mention, platforms: Iterable[Platform]) -> Platform | None:
    """Return the configured platform on whose hosts a mention stands that was brought in."""
    host = _host(mention.url)
    return next(
        (p for p in platforms if any(host == own or host.endswith(f".{own}") for own in p.hosts)), None
    )


def _mention(pasted: Pasted, parts: Parts) -> Mention:
    text, url = pasted.text.strip(), pasted.url.strip()
    if not text:
        raise BadInput("what did they write? Paste their words; the address alone cannot be read")
    if len(text) > MAX_TEXT:
        raise BadInput(f"that is too long: {len(text):,} characters, and {MAX_TEXT:,} are the most")
    if url and (not _host(url) or len(url) > _LONGEST_URL):
        raise BadInput("the address should begin with https:// and be the one of the post itself")
    platform = _slug(pasted.platform) or _slug(_host(url)) or "elsewhere"
    named = same_address(url) if url else f"{platform}\n{pasted.author.strip()}\n{text}"
    mention_id = digest(named)[:16]
    return Mention(
        source=PASTED,
        platform=platform,
        id=mention_id,
        author=_author(pasted.author, mention_id),
        text=text,
        posted_at=parts.clock(),
        url=url or None,
    )


def _author(typed: str, mention_id: str) -> Author:
    """Return who wrote it: one word is a handle, several are a name (W4). Two unknown ones differ."""
    name = " ".join(typed.split())[:_LONGEST_NAME]
    if not name.strip("@ "):
        return Author(handle=f"unknown-{mention_id[:6]}")
    if name.startswith("@") or " " not in name:
        return Author(handle=name.lstrip("@"))
    return Author(handle=name.replace(" ", "_"), name=name)


def _slug(typed: str) -> str:
    return re.sub(r"[^a-z0-9_]+", "-", typed.casefold()).strip("-_")[:40]


def _host(url: str | None) -> str:
    """Return the host of an address that a browser can open, empty for anything else."""
    try:
        parts = urlsplit(url or "")
        host = parts.hostname or ""
    except ValueError:
        return ""
    fine = parts.scheme in {"http", "https"} and "@" not in parts.netloc and "\\" not in (url or "")
    return host if fine and re.fullmatch(r"[a-z0-9.:-]+", host) else ""


def same_address(url: str) -> str:
    """Return what two addresses of one post have in common, however they were shared."""
    parts = urlsplit(url)
    query = urlencode([pair for pair in parse_qsl(parts.query) if not _SHARED_BY.fullmatch(pair[0])])
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    return f"{host}{parts.path.rstrip('/')}?{query}"


async def _of_address(url: str | None, parts: Parts) -> Case | None:
    """Return the open case of the post at `url`, if a source read it before."""
    if not url:
        return None
    wanted = same_address(url)
    ids = await parts.store.open_cases(first=0, count=_LOOKED_THROUGH)
    cases = await parts.store.get_many(ids)
    return next((c for c in cases if c.mention.url and same_address(c.mention.url) == wanted), None)
