"""What a colleague found and brought in: a case like any other, answered by hand where it stands.

A post is one case, whoever came first: brought in after its source has read it, it is that case; read after
it was brought in, it joins that one. On one address there may stand many posts, such as the reviews of a
page, so that the words have to be the same as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.checks.sameness import alike
from bot.domain.addresses import host_of
from bot.domain.case import Case
from bot.domain.delivery import Delivery, Mode
from bot.domain.events import Entry, Event, MentionEdited, MentionReceived
from bot.domain.mention import MAX_TEXT, PASTED, Author, Mention
from bot.domain.team import Person
from bot.domain.transitions import born
from bot.domain.value import digest
from bot.errors import BadInput, NoSuchCase
from bot.flows.parts import Parts, save_on_any
from bot.ports import Pasted, Platform

_LONGEST_NAME = 100
_NOT_LETTERS = re.compile(r"[\W_]+")


async def open_case(pasted: Pasted, by: Person, parts: Parts) -> tuple[Case, bool]:
    """Return the case of what `by` found, and whether it was one before; raises `BadInput`."""
    mention = _mention(pasted, parts)
    if (known := await _known(mention, parts)) is not None:
        return known, True
    event, at = MentionReceived(mention=mention, severity=parts.provisional(mention), by=by.id), parts.clock()
    case = born(event, at=at)
    opening = [(case, Entry(version=1, at=at, event=event))]
    (seen,) = await parts.store.receive(opening)
    try:
        return await parts.store.get(case.id), seen is not None
    except NoSuchCase:  # its case has expired, and its mark has not: it is found anew
        await parts.store.forget(mention.source, mention.id)
        await parts.store.receive(opening)
        return await parts.store.get(case.id), False


async def joined(mentions: Iterable[Mention], parts: Parts) -> frozenset[str]:
    """Let mentions join the cases as which colleagues brought them in; return the IDs of those that did.

    What their source says of them is what was written: other words go into the case.
    """
    reading = [mention for mention in mentions if mention.address_key]
    if not reading:
        return frozenset()
    found = await parts.store.cases_of_addresses(sorted({mention.address_key for mention in reading}))
    done = set[str]()
    for mention in reading:
        ids = found.get(mention.address_key, ())
        brought = [case_id for case_id in ids if case_id.startswith(f"{PASTED}:")]
        if not brought or mention.case_id in ids:
            continue
        cases = await parts.store.get_many(brought)
        case = next((one for one in cases if one.open and _same(one.mention.text, mention.text)), None)
        if case is not None:
            await _join(mention, case, parts)
            done.add(mention.id)
    return frozenset(done)


async def _join(mention: Mention, case: Case, parts: Parts) -> None:
    def written(now: Case) -> tuple[Event, ...]:
        return () if now.mention.text == mention.text else (MentionEdited(text=mention.text),)

    text_digest = digest(mention.text)
    await save_on_any(parts, case.id, written, name=f"joined:{mention.id}:{text_digest}")
    # After the case: a crash between the two reads it again, and finds it done.
    await parts.store.join(mention, case.id)


def delivery(mention: Mention, platforms: Iterable[Platform]) -> Delivery:
    """Return how what was brought in can be answered: by hand, where its address says that it stands."""
    host = host_of(mention.url)
    if not host:
        return Delivery(
            mode=Mode.REPORT_ONLY,
            reason="a colleague brought it in without its address, so that nobody could see a reply there",
        )
    own = platform_of(mention.url, platforms)
    return Delivery(
        mode=Mode.ASSISTED,
        reason="a colleague brought it in, so a person posts the reply where it stands",
        max_length=own.max_length if own else None,
        hosts=own.hosts if own else (host,),
    )


def platform_of(url: str | None, platforms: Iterable[Platform]) -> Platform | None:
    """Return the configured platform on whose hosts an address leads."""
    host = host_of(url)
    return next(
        (p for p in platforms if any(host == own or host.endswith(f".{own}") for own in p.hosts)), None
    )


def _mention(pasted: Pasted, parts: Parts) -> Mention:
    text, url = pasted.text.strip(), pasted.url.strip()
    if not text:
        raise BadInput("what did they write? Paste their words; the address alone cannot be read")
    if len(text) > MAX_TEXT:
        raise BadInput(f"that is too long: {len(text):,} characters, and {MAX_TEXT:,} are the most")
    if url and not host_of(url):
        raise BadInput("the address should begin with https:// and be the one of the post itself")
    own = platform_of(url, parts.platforms.values())
    named = own.called if own else host_of(url)
    platform = _slug(pasted.platform) or _slug(named) or "elsewhere"
    made = Mention(
        source=PASTED, platform=platform, id="0", author=Author(handle="0"), text=text,
        posted_at=parts.clock(), url=url or None,
    )  # fmt: skip
    where = made.address_key or f"{platform}\n{pasted.author.strip()}"
    mention_id = digest(f"{where}\n{_letters(text)}")[:16]
    return made.model_copy(update={"id": mention_id, "author": _author(pasted.author, mention_id)})


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


async def _known(mention: Mention, parts: Parts) -> Case | None:
    """Return the case of this post, an open one first, if there is one: closed ones too."""
    if not mention.address_key:
        return None
    found = await parts.store.cases_of_addresses([mention.address_key])
    cases = await parts.store.get_many(found.get(mention.address_key, ()))
    same = [case for case in cases if _same(case.mention.text, mention.text)]
    return next((case for case in same if case.open), same[0] if same else None)


def _same(one: str, other: str) -> bool:
    """Whether two people may have copied these words from the same post, one of them less of it."""
    short, long = sorted((_letters(one), _letters(other)), key=len)
    return short in long or alike(one, other)


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text).casefold()
