"""The Bluesky platform on Bluesky's own network: what it reads there, and what people there see of it."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.platforms.bluesky import Bluesky
from bot.domain.keywords import Keywords
from bot.domain.mention import Mention, Native
from bot.errors import MentionGone, PlatformSilent
from bot.ports import Look, NotThere
from tests.peers.networks import Network, Person

pytestmark = [pytest.mark.peer, pytest.mark.timeout(180)]

LATE = "my order came two hours late and the bread was cold"


@pytest.fixture(scope="module")
def company(network: Network) -> Person:
    return network.person("brightloaf", "Brightloaf")


@pytest.fixture(scope="module")
def ada(network: Network) -> Person:
    return network.person("ada", "Ada Park")


@asynccontextmanager
async def as_the_company(company: Person, **more: Any) -> AsyncIterator[Bluesky]:
    async with Bluesky(
        name="sky", url=company.network.pds, account=company.handle, password=company.app_password(), **more
    ) as bluesky:
        yield bluesky


@pytest.fixture
async def bluesky(company: Person) -> AsyncIterator[Bluesky]:
    async with as_the_company(company) as bluesky:
        yield bluesky


async def the(bluesky: Bluesky, uri: str) -> Mention:
    """The mention that a post became."""
    found = {item.id: item for item in (await bluesky.fetch(None)).items}
    item = found[uri]
    assert isinstance(item, Mention)
    return item


# --- reading


async def test_a_post_that_mentions_us_becomes_a_mention(
    bluesky: Bluesky, company: Person, ada: Person
) -> None:
    uri = ada.post(f"@{company.handle} {LATE}", people=[company])
    mention = await the(bluesky, uri)
    assert (mention.id, mention.source, mention.platform) == (uri, "sky", "bluesky")
    author = mention.author
    assert (author.handle, author.name, author.followers) == (ada.handle, "Ada Park", 0)
    assert mention.text == f"@{company.handle} {LATE}"
    assert (mention.tagged, mention.language, mention.thread, mention.in_reply_to) == (True, "en", uri, None)
    assert mention.url == f"https://bsky.app/profile/{ada.did}/post/{uri.split('/')[-1]}"


async def test_reading_on_finds_what_is_new_and_what_is_known_unchanged(
    bluesky: Bluesky, company: Person, ada: Person
) -> None:
    first = ada.post(f"@{company.handle} one", people=[company])
    batch = await bluesky.fetch(None)
    second = ada.post(f"@{company.handle} two", people=[company])
    again = await bluesky.fetch(batch.cursor)
    assert [item.id for item in again.items][-2:] == [first, second]
    assert not again.more
    assert {item.id: item for item in again.items}[first] == {item.id: item for item in batch.items}[first]


async def test_an_answer_and_a_quote_of_ours_are_tagged(
    bluesky: Bluesky, company: Person, ada: Person
) -> None:
    ours = company.post("We have new rolls today.")
    answer = ada.post("They are cold.", to=ours)
    quote = ada.post("Look at these.", quoting=ours)
    aside = ada.post("And small.", to=answer)  # under Ada's own words, in our thread
    assert (await the(bluesky, answer)).tagged
    assert (await the(bluesky, answer)).thread == ours
    assert (await the(bluesky, quote)).tagged
    assert not (await the(bluesky, aside)).tagged


async def test_the_search_finds_our_name_where_nobody_tagged_us(company: Person, ada: Person) -> None:
    word = f"Zwieback{company.did[-6:]}"
    uri = ada.post(f"{word} is late again")
    other = ada.post(f"{word} Records has a new album")
    tagged = ada.post(f"@{company.handle} {word} is cold", people=[company])
    keywords = Keywords(words=(word,), but_not=(f"{word} Records",))
    async with as_the_company(company, keywords=keywords) as bluesky:
        found = {item.id: item for item in (await bluesky.fetch(None)).items if isinstance(item, Mention)}
    assert not found[uri].tagged
    assert other not in found
    assert found[tagged].tagged


async def test_everybody_is_heard_where_the_account_prefers_those_it_follows(
    network: Network, ada: Person
) -> None:
    picky = network.person("picky")
    picky.tell("app.bsky.notification.putPreferences", priority=True)
    uri = ada.post(f"@{picky.handle} {LATE}", people=[picky])
    async with as_the_company(picky) as bluesky:
        assert (await the(bluesky, uri)).tagged


async def test_a_colleagues_own_reply_is_native_and_ours_is_not_heard(
    bluesky: Bluesky, company: Person, ada: Person
) -> None:
    uri = ada.post(f"@{company.handle} {LATE}", people=[company])
    mention = await the(bluesky, uri)
    ours = await bluesky.reply(mention, "Sorry, Ada.", key="heard")
    native = company.post("I am looking into it, Ada.", to=uri)
    items = {item.id: item for item in (await bluesky.fetch(None)).items}
    assert isinstance(items[native], Native)
    assert items[native].thread == uri
    assert ours.id not in items
    seen = await bluesky.look(mention)
    assert [(m.id, m.by) for m in seen.since] == [(native, "colleague")]


# --- answering


async def test_a_reply_is_seen_by_the_author_with_its_links_and_mentions(
    bluesky: Bluesky, company: Person, ada: Person
) -> None:
    uri = ada.post(f"@{company.handle} {LATE}", people=[company])
    text = f"Désolés 🥖 @{ada.handle}, and @nobody-here.test: see https://example.com/a(b). नमस्ते क्षमा करें"
    receipt = await bluesky.reply(await the(bluesky, uri), text, key="marks")
    (post,) = ada.sees_below(uri)
    assert (post["uri"], post["record"]["text"], post["author"]["did"]) == (receipt.id, text, company.did)
    assert post["record"]["reply"]["root"]["uri"] == post["record"]["reply"]["parent"]["uri"] == uri
    said = text.encode()
    marked = {
        said[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode(): f["features"][0]
        for f in post["record"]["facets"]
    }
    assert marked[f"@{ada.handle}"]["did"] == ada.did
    assert marked["https://example.com/a(b)"]["uri"] == "https://example.com/a(b)"
    assert len(marked) == 2
    assert receipt.url == f"https://bsky.app/profile/{company.did}/post/{receipt.id.split('/')[-1]}"


async def test_the_same_key_is_posted_once(bluesky: Bluesky, company: Person, ada: Person) -> None:
    uri = ada.post(f"@{company.handle} {LATE}", people=[company])
    mention = await the(bluesky, uri)
    assert await bluesky.find(mention, "Sorry.", "once") == NotThere()
    receipt = await bluesky.reply(mention, "Sorry.", key="once")
    assert await bluesky.reply(mention, "Sorry.", key="once") == receipt
    assert await bluesky.find(mention, "Sorry.", "once") == receipt
    assert [post["uri"] for post in ada.sees_below(uri)] == [receipt.id]


async def test_the_same_key_twice_at_once_is_posted_once(
    bluesky: Bluesky, company: Person, ada: Person
) -> None:
    uri = ada.post(f"@{company.handle} {LATE}", people=[company])
    mention = await the(bluesky, uri)
    async with as_the_company(company) as another:
        one, other = await asyncio.gather(
            bluesky.reply(mention, "Sorry.", key="at once"), another.reply(mention, "Sorry.", key="at once")
        )
    assert one.id == other.id
    assert [post["uri"] for post in ada.sees_below(uri)] == [one.id]


async def test_the_server_itself_refuses_a_key_that_is_taken(
    bluesky: Bluesky, company: Person, ada: Person
) -> None:
    uri = ada.post(f"@{company.handle} {LATE}", people=[company])
    writing = bluesky._writing
    record = await writing._record(await the(bluesky, uri), "Sorry.")
    receipt = await writing._create(record, "taken")
    with pytest.raises(PlatformSilent, match="500"):
        await writing._create({**record, "text": "Sorry, again."}, "taken")
    assert await bluesky.find(await the(bluesky, uri), "Sorry.", "taken") == receipt
    assert [post["record"]["text"] for post in ada.sees_below(uri)] == ["Sorry."]


async def test_what_we_measure_is_what_the_server_takes(
    bluesky: Bluesky, company: Person, ada: Person
) -> None:
    uri = ada.post(f"@{company.handle} {LATE}", people=[company])
    mention = await the(bluesky, uri)
    for name, letter in {"flag": "🇱🇻", "conjunct": "क्षि", "thai": "กำ", "plain": "a"}.items():
        text = letter * 300
        while bluesky.measure(text) > bluesky.max_length:
            text = text[: -len(letter)]
        receipt = await bluesky.reply(mention, text, key=f"long {name}")
        assert receipt.text == text


async def test_a_reply_under_a_deleted_post_is_gone(bluesky: Bluesky, company: Person, ada: Person) -> None:
    uri = ada.post(f"@{company.handle} {LATE}", people=[company])
    mention = await the(bluesky, uri)
    ada.delete(uri)
    assert await bluesky.look(mention) == Look(text=None)
    with pytest.raises(MentionGone):
        await bluesky.reply(mention, "Sorry.", key="gone")


async def test_a_look_sees_an_edit_and_what_the_author_adds(
    bluesky: Bluesky, company: Person, ada: Person
) -> None:
    uri = ada.post(f"@{company.handle} {LATE}", people=[company])
    mention = await the(bluesky, uri)
    more = ada.post("And it was the third time.", to=uri)
    seen = await bluesky.look(mention)
    assert (seen.text, [(m.id, m.by, m.text) for m in seen.since]) == (
        mention.text,
        [(more, "author", "And it was the third time.")],
    )
    ada.edit(uri, f"@{company.handle} never mind")
    assert (await bluesky.look(mention)).text == f"@{company.handle} never mind"


async def test_the_authors_answer_comes_back_in_the_same_thread(
    bluesky: Bluesky, company: Person, ada: Person
) -> None:
    uri = ada.post(f"@{company.handle} {LATE}", people=[company])
    mention = await the(bluesky, uri)
    receipt = await bluesky.reply(mention, "Sorry, Ada.", key="answered")
    answer = ada.post("Thank you, and when?", to=receipt.id) if ada.sees_below(uri) else ""
    heard = await the(bluesky, answer)
    assert (heard.thread_key, heard.in_reply_to, heard.tagged) == (mention.thread_key, receipt.id, True)


# --- the session


async def test_a_session_that_expired_is_renewed(bluesky: Bluesky, company: Person, ada: Person) -> None:
    uri = ada.post(f"@{company.handle} {LATE}", people=[company])
    mention = await the(bluesky, uri)
    session = bluesky._xrpc._session
    assert session is not None
    old = SecretStr(expired(session.access_jwt.get_secret_value()))
    bluesky._xrpc._session = session.model_copy(update={"access_jwt": old})
    receipt = await bluesky.reply(mention, "Sorry.", key="expired")
    assert [post["uri"] for post in ada.sees_below(uri)] == [receipt.id]
    assert bluesky._xrpc._session.access_jwt != old


async def test_a_session_whose_renewal_was_revoked_is_begun_again(
    bluesky: Bluesky, company: Person, ada: Person
) -> None:
    uri = ada.post(f"@{company.handle} {LATE}", people=[company])
    await the(bluesky, uri)
    session = bluesky._xrpc._session
    assert session is not None
    over = {name: SecretStr(expired(getattr(session, name).get_secret_value())) for name in TOKENS}
    bluesky._xrpc._session = session.model_copy(update=over)
    assert (await the(bluesky, uri)).id == uri


TOKENS = ("access_jwt", "refresh_jwt")


def expired(token: str) -> str:
    """The same token as its server would have signed it long ago, with the key of its test network."""
    head, said, _ = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(said + "=="))
    claims |= {"iat": claims["iat"] - 400 * 86_400, "exp": claims["iat"] - 86_400}
    parts = [head, base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")]
    mac = hmac.new(b"jwt-secret", ".".join(parts).encode(), "sha256").digest()
    return ".".join([*parts, base64.urlsafe_b64encode(mac).decode().rstrip("=")])
