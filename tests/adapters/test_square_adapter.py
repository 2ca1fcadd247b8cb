"""The square as a platform: what is read from it, what is posted to it, against the real one on loopback."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from adapters.platforms.square import Square
from adapters.square.site import Site
from bot.domain.mention import Gone, Mention, Native
from bot.errors import MentionGone, PlatformBusy, PlatformRejected, PlatformSilent
from bot.ports import Look, MentionSource, NotThere, Publisher
from tests.adapters.squares import TOKEN, a_square

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path / "square.db")
    yield site
    site.close()


@pytest.fixture
async def square(site: Site) -> AsyncIterator[Square]:
    async with a_square(site) as running, Square(name="plaza", url=running.base, token=TOKEN) as square:
        yield square


async def only(square: Square) -> Mention:
    (mention,) = (await square.fetch(None)).items
    assert isinstance(mention, Mention)
    return mention


def test_it_reads_and_answers() -> None:
    square = Square(name="plaza", url="http://127.0.0.1", token=TOKEN)
    assert isinstance(square, MentionSource)
    assert isinstance(square, Publisher)


# --- reading


async def test_a_post_becomes_a_mention(site: Site, square: Square) -> None:
    post = site.post("ada", "Ada", "@brightloaf my rolls were cold", followers=12, language="en")
    mention = await only(square)
    assert (mention.case_id, mention.platform) == (f"plaza:{post.id}", "square")
    assert (mention.author.handle, mention.author.name, mention.author.followers) == ("ada", "Ada", 12)
    assert mention.text == "@brightloaf my rolls were cold"
    assert (mention.tagged, mention.language, mention.thread) == (True, "en", post.id)
    assert mention.posted_at == post.created_at
    assert mention.url
    assert mention.url.endswith(f"/square/posts/{post.id}")


async def test_our_name_without_the_tag_is_not_tagged(site: Site, square: Square) -> None:
    site.post("ada", "Ada", "Brightloaf is late again")
    assert not (await only(square)).tagged


async def test_reading_goes_on_where_it_ended(site: Site, square: Square) -> None:
    assert await square.fetch(None) == await square.fetch("0")
    site.post("ada", "Ada", "brightloaf: late")
    first = await square.fetch(None)
    assert len(first.items) == 1
    assert (await square.fetch(first.cursor)).items == ()
    site.post("ben", "Ben", "brightloaf: late here too")
    second = await square.fetch(first.cursor)
    assert [item.id for item in second.items] == ["2"]


async def test_a_full_page_says_that_there_is_more(site: Site, square: Square) -> None:
    for number in range(201):
        site.post("ada", "Ada", f"brightloaf {number}")
    first = await square.fetch(None)
    assert (len(first.items), first.more) == (200, True)
    rest = await square.fetch(first.cursor)
    assert (len(rest.items), rest.more) == (1, False)


async def test_an_edit_is_the_same_mention_with_its_new_text_and_a_deletion_is_gone(
    site: Site, square: Square
) -> None:
    post = site.post("ada", "Ada", "brightloaf: late")
    cursor = (await square.fetch(None)).cursor
    site.edit(post.id, "brightloaf: late, and cold")
    edited = await square.fetch(cursor)
    assert [(item.id, getattr(item, "text", "")) for item in edited.items] == [
        (post.id, "brightloaf: late, and cold")
    ]
    site.delete(post.id)
    (gone,) = (await square.fetch(edited.cursor)).items
    assert isinstance(gone, Gone)
    assert (gone.source, gone.id) == ("plaza", post.id)


async def test_a_colleagues_own_reply_is_native_and_ours_is_not_heard(site: Site, square: Square) -> None:
    post = site.post("ada", "Ada", "brightloaf: late")
    site.reply_as_company("Sorry, Ada.", post.id, "k1")
    colleague = site.post("brightloaf", None, "Hello Ada, I am looking into it.", post.id)
    found = (await square.fetch(None)).items
    assert [type(item) for item in found] == [Mention, Native]
    native = found[1]
    assert isinstance(native, Native)
    assert (native.id, native.thread, native.text) == (
        colleague.id,
        post.id,
        "Hello Ada, I am looking into it.",
    )


# --- answering


async def test_a_reply_is_posted_once_for_its_key_and_found_by_it(site: Site, square: Square) -> None:
    site.post("ada", "Ada", "brightloaf: late")
    mention = await only(square)
    assert await square.find(mention, "Sorry, Ada.", "k1") == NotThere()
    receipt = await square.reply(mention, "Sorry, Ada.", key="k1")
    assert await square.reply(mention, "Sorry, Ada.", key="k1") == receipt
    assert await square.find(mention, "Sorry, Ada.", "k1") == receipt
    thread = site.thread(mention.id)
    assert [post.text for post in thread[1:]] == ["Sorry, Ada."]
    assert (receipt.id, receipt.text) == (thread[1].id, "Sorry, Ada.")


async def test_a_reply_under_a_deleted_post_is_gone(site: Site, square: Square) -> None:
    post = site.post("ada", "Ada", "brightloaf: late")
    mention = await only(square)
    site.delete(post.id)
    with pytest.raises(MentionGone):
        await square.reply(mention, "Sorry, Ada.", key="k1")


async def test_a_reply_that_is_too_long_is_refused_in_the_squares_words(site: Site, square: Square) -> None:
    site.post("ada", "Ada", "brightloaf: late")
    with pytest.raises(PlatformRejected, match="at most 500"):
        await square.reply(await only(square), "x" * (square.max_length + 1), key="k1")


async def test_a_wrong_token_is_refused(site: Site) -> None:
    site.post("ada", "Ada", "brightloaf: late")
    async with a_square(site) as running, Square(name="plaza", url=running.base, token="wrong") as square:
        with pytest.raises(PlatformRejected, match="401"):
            await square.reply(await only(square), "Sorry.", key="k1")


async def test_a_lost_answer_is_silence_and_the_reply_can_be_found(site: Site, square: Square) -> None:
    site.post("ada", "Ada", "brightloaf: late")
    mention = await only(square)
    site.fail_next("lost")
    with pytest.raises(PlatformSilent):
        await square.reply(mention, "Sorry, Ada.", key="k1")
    assert not isinstance(await square.find(mention, "Sorry, Ada.", "k1"), NotThere)


async def test_a_busy_square_says_when_to_come_back(site: Site, square: Square) -> None:
    site.post("ada", "Ada", "brightloaf: late")
    mention = await only(square)
    site.fail_next("busy")
    with pytest.raises(PlatformBusy) as busy:
        await square.reply(mention, "Sorry, Ada.", key="k1")
    assert busy.value.wait is not None
    assert await square.find(mention, "Sorry, Ada.", "k1") == NotThere()


# --- looking just before


async def test_a_look_shows_the_mention_and_what_came_after_it(site: Site, square: Square) -> None:
    root = site.post("zoe", "Zoe", "brightloaf, anyone?")
    post = site.post("ada", "Ada", "brightloaf: late", root.id)
    mention = next(item for item in (await square.fetch(None)).items if item.id == post.id)
    assert isinstance(mention, Mention)
    assert await square.look(mention) == Look(text="brightloaf: late")
    site.post("ben", "Ben", "me too", root.id)
    site.reply_as_company("Sorry, Ada.", post.id, "k1")
    again = site.post("ada", "Ada", "Hello?", post.id)
    native = site.post("brightloaf", None, "On my way.", post.id)
    deleted = site.post("ada", "Ada", "Rubbish!", post.id)
    site.delete(deleted.id)
    seen = await square.look(mention)
    assert [(m.id, m.by, m.text) for m in seen.since] == [
        (again.id, "author", "Hello?"),
        (native.id, "colleague", "On my way."),
    ]


async def test_a_look_sees_an_edit_and_a_deletion(site: Site, square: Square) -> None:
    post = site.post("ada", "Ada", "brightloaf: late")
    mention = await only(square)
    site.edit(post.id, "brightloaf: never mind")
    assert (await square.look(mention)).text == "brightloaf: never mind"
    site.delete(post.id)
    assert (await square.look(mention)).text is None
    assert (await square.look(mention.model_copy(update={"id": "999"}))).text is None


# --- a square that answers strangely


def answering(**answer: Any) -> Square:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, **answer))
    return Square(name="plaza", url="http://square.example", token=TOKEN, transport=transport)


async def test_a_bad_event_is_set_aside_and_costs_the_others_nothing() -> None:
    bad = {"seq": 1, "kind": "posted", "post": {"id": "\ud800"}}
    gone = {"seq": 2, "kind": "deleted", "post": {"id": "7", "thread": "7", "deleted": True}}
    async with answering(content=json.dumps({"events": [bad, 5, gone], "next": 2}).encode()) as square:
        batch = await square.fetch("0")
    assert [item.id for item in batch.items] == ["7"]
    assert len(batch.set_aside) == 2
    assert batch.cursor == "2"


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"events": 5, "next": 1}', b"\xff", b"[" * 100_000])
async def test_an_answer_nobody_knows_is_no_news_and_no_crash(body: bytes, site: Site) -> None:
    async with answering(content=body) as square:
        with pytest.raises(PlatformRejected):
            await square.fetch("0")


async def test_a_yes_that_cannot_be_read_is_silence(site: Site, square: Square) -> None:
    site.post("ada", "Ada", "brightloaf: late")
    mention = await only(square)
    async with answering(content=b"ok") as strange:
        with pytest.raises(PlatformSilent):
            await strange.reply(mention, "Sorry, Ada.", key="k1")
