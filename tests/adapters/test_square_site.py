"""The square keeps a platform's promises: one post per key, no event lost, honest refusals."""

from __future__ import annotations

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from adapters.square.model import PostGone
from adapters.square.site import Site
from adapters.square.web import square_routes
from tests.adapters.squares import COMPLAINT, TOKEN, Square, a_square

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path / "data" / "square.db")
    yield site
    site.close()


@pytest.fixture
async def square(site: Site) -> AsyncIterator[Square]:
    async with a_square(site) as square:
        yield square


async def test_fifty_posts_at_once_with_one_key_are_one_post(square: Square) -> None:
    mention = square.site.post("ada", "Ada", COMPLAINT)
    answers = await asyncio.gather(*(square.reply("So sorry!", mention.id, "same") for _ in range(50)))
    assert Counter(status for status, _ in answers) == {201: 1, 200: 49}
    assert len({post["id"] for _, post in answers}) == 1
    _, shown = await square.ask("GET", f"/api/posts/{mention.id}")
    assert [(reply["author"], reply["via"]) for reply in shown["replies"]] == [("brightloaf", "api")]


def test_two_processes_on_one_file_still_make_one_post_per_key(site: Site, tmp_path: Path) -> None:
    mention = site.post("ada", "Ada", COMPLAINT)
    other = Site(tmp_path / "data" / "square.db")
    with ThreadPoolExecutor(16) as crowd:
        asked = [crowd.submit(s.reply_as_company, "Hello", mention.id, "k") for s in (site, other) * 20]
        made = [asked_one.result() for asked_one in asked]
    other.close()
    assert sum(new for _, new in made) == 1
    assert len(site.thread(mention.id)) == 2


async def test_a_lost_answer_was_posted_and_the_key_finds_it(square: Square) -> None:
    mention = square.site.post("ada", "Ada", COMPLAINT)
    square.site.fail_next("lost")
    with pytest.raises(aiohttp.ClientConnectionError):
        await square.reply("So sorry!", mention.id, "lost-one")
    status, found = await square.ask("GET", "/api/posts?key=lost-one")
    assert (status, found["text"]) == (200, "So sorry!")
    assert await square.reply("So sorry!", mention.id, "lost-one") == (200, found)


@pytest.mark.parametrize(("fault", "status"), [("busy", 429), ("error", 500)])
async def test_a_platform_that_says_not_now_has_posted_nothing(
    square: Square, fault: Any, status: int
) -> None:
    mention = square.site.post("ada", "Ada", COMPLAINT)
    square.site.fail_next(fault)
    assert (await square.reply("Hello", mention.id))[0] == status
    assert (await square.ask("GET", "/api/posts?key=k1"))[0] == 404
    assert (await square.reply("Hello", mention.id))[0] == 201


async def test_busy_says_when_to_come_back_and_slow_takes_its_time(square: Square) -> None:
    square.site.fail_next("busy", call="read")
    async with square.session.get(f"{square.base}/square/api/mentions") as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
    square.site.fail_next("slow", call="read", wait=0.05)
    before = asyncio.get_running_loop().time()
    await square.events()
    assert asyncio.get_running_loop().time() - before >= 0.05


async def test_a_deleted_parent_is_gone_and_a_missing_one_never_was(square: Square) -> None:
    mention = square.site.post("ada", "Ada", COMPLAINT)
    first = await square.reply("So sorry!", mention.id, "before")
    square.site.delete(mention.id)
    assert (await square.reply("Hello", mention.id, "after"))[0] == 410
    assert (await square.reply("Hello", "999", "after"))[0] == 404
    assert (await square.reply("Hello", "9" * 40, "after"))[0] == 404
    # The retry of a reply that was posted in time is still that reply.
    assert await square.reply("So sorry!", mention.id, "before") == (200, first[1])


async def test_a_reply_has_at_most_five_hundred_characters(square: Square) -> None:
    mention = square.site.post("ada", "Ada", COMPLAINT)
    assert (await square.reply("ş" * 501, mention.id))[0] == 422
    assert (await square.reply(" \n", mention.id))[0] == 422
    assert (await square.reply("half a pair: \ud83d", mention.id))[0] == 422
    assert (await square.reply("ş" * 500, mention.id))[0] == 201


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"text": 5}', b'{"text": "a", "in_reply_to": 5}', b"\xff\xfe", b"[" * 200_000],
)
async def test_a_malformed_post_is_refused_as_malformed(square: Square, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": "k1"}
    assert (await square.ask("POST", "/api/posts", data=body, headers=headers))[0] == 400


async def test_a_write_needs_the_token_and_a_key(square: Square) -> None:
    mention = square.site.post("ada", "Ada", COMPLAINT)
    assert (await square.reply("Hello", mention.id, token="wrong"))[0] == 401
    assert (await square.reply("Hello", mention.id, token="\u00e4\u00f6"))[0] == 401
    assert (await square.ask("DELETE", f"/api/posts/{mention.id}"))[0] == 401
    assert (await square.reply("Hello", mention.id, key=""))[0] == 400
    assert len(square.site.thread(mention.id)) == 1
    with pytest.raises(ValueError, match="token"):
        square_routes(square.site, token="")


async def test_the_company_deletes_its_own_posts_and_nobody_elses(square: Square) -> None:
    mention = square.site.post("ada", "Ada", COMPLAINT)
    _, reply = await square.reply("So sorry!", mention.id)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    for _ in range(2):
        assert (await square.ask("DELETE", f"/api/posts/{reply['id']}", headers=headers))[0] == 204
    assert (await square.ask("DELETE", f"/api/posts/{mention.id}", headers=headers))[0] == 403
    status, shown = await square.ask("GET", f"/api/posts/{mention.id}")
    assert (status, shown["deleted"], shown["replies"]) == (200, False, [])


async def test_what_concerns_the_company_is_heard_and_the_rest_is_not(square: Square) -> None:
    site = square.site
    tagged = site.post("ada", "Ada", COMPLAINT)
    site.post("bo", None, "lovely weather in Wexbridge")
    named = site.post("cem", "Cem", "Brightloaf'un ekmeği küflü çıktı")
    joined = site.post("dalia", "داليا", "أين طلبي منBrightloaf؟")
    site.post("eve", "Eve", "brightloafing around all day")
    early = site.post("fay", "Fay", "same for me", tagged.id)
    ours, _ = site.reply_as_company("So sorry!", tagged.id, "k")
    answer = site.post("ada", "Ada", "and the coffee too", ours.id)
    native = site.post("BrightLoaf", None, "a colleague here", answer.id)
    heard = [post.id for post in (tagged, named, joined, answer, native)]
    assert await square.heard() == [("posted", post_id) for post_id in heard]
    # Once we have answered there, what happens to an earlier post of that thread concerns us as well.
    _, seen = await square.events()
    site.edit(early.id, "not the same for me, sorry")
    assert await square.heard(seen) == [("edited", early.id)]


async def test_a_post_says_who_wrote_it_and_whom_it_tags(square: Square) -> None:
    site = square.site
    site.post("ada.w", "Ada W", COMPLAINT, followers=21, language="en")
    site.post("ada.w", None, "@brightloaf_fans and me@brightloaf.example: is Brightloaf closed?")
    site.post("brightloaf", None, "We are open!")
    (first, second, native), _ = await square.events()
    assert first["post"] | {"created_at": ""} == {
        "id": "1",
        "text": COMPLAINT,
        "language": "en",
        "created_at": "",
        "edited_at": None,
        "deleted": False,
        "revision": 1,
        "in_reply_to": None,
        "thread": "1",
        "tagged": True,
        "via": "page",
        "private_with": None,
        "on_company_page": False,
        "hidden": False,
        "url": f"{square.base}/square/posts/1",
        "author": {
            "handle": "ada.w",
            "name": "Ada W",
            "followers": 21,
            "profile_url": f"{square.base}/square/@ada.w",
            "is_company": False,
        },
    }
    assert (second["post"]["tagged"], second["post"]["author"]["name"]) == (False, "Ada W")
    assert (native["post"]["author"]["is_company"], native["post"]["via"]) == (True, "page")
    for shown in (first["post"]["url"], first["post"]["author"]["profile_url"]):
        async with square.session.get(shown) as answer:
            assert answer.status == 200


async def test_an_edit_and_a_deletion_are_heard_even_when_our_name_went_with_them(square: Square) -> None:
    post = square.site.post("ada", "Ada", "my rolls from Brightloaf are a secret")
    _, seen = await square.events()
    square.site.edit(post.id, "never mind")
    square.site.edit(post.id, "never mind")
    (edited,), seen = await square.events(seen)
    assert (edited["kind"], edited["post"]["text"], edited["post"]["revision"]) == ("edited", "never mind", 2)
    square.site.delete(post.id)
    square.site.delete(post.id)
    (deleted,), _ = await square.events(seen)
    gone = {"id": post.id, "thread": post.id, "deleted": True}
    assert deleted == {"seq": seen + 1, "kind": "deleted", "post": gone}
    with pytest.raises(PostGone):
        square.site.edit(post.id, "back again")


async def test_a_deleted_text_is_gone_everywhere_but_its_place_stays(square: Square) -> None:
    post = square.site.post("ada", "Ada", "Brightloaf, the secret word is rye")
    reply = square.site.post("bo", None, "which word?", post.id)
    square.site.delete(post.id)
    pages = [await square.ask("GET", path) for path in ("", f"/posts/{post.id}", "/@ada", "/api/mentions")]
    status, shown = await square.ask("GET", f"/api/posts/{post.id}")
    assert (status, shown["deleted"], shown["text"]) == (200, True, "")
    assert [answer["id"] for answer in shown["replies"]] == [reply.id]
    assert not any("secret word" in str(page) for _, page in pages)
    assert "This post was deleted" in pages[1][1]
    assert await square.heard() == [("deleted", post.id)]


async def test_paging_while_people_write_loses_nothing_and_repeats_nothing(square: Square) -> None:
    async def write(person: int) -> list[str]:
        name = f"p{person}"
        posts = [await square.site.run(square.site.post, name, None, COMPLAINT) for _ in range(10)]
        return [post.id for post in posts]

    writing = asyncio.gather(*(write(person) for person in range(6)))
    heard: list[str] = []
    cursor = 0
    while not writing.done() or len(heard) < 60:
        events, cursor = await square.events(cursor, 7)
        heard += [event["post"]["id"] for event in events]
        assert cursor == (events[-1]["seq"] if events else cursor)
    assert sorted(heard) == sorted(post_id for ids in await writing for post_id in ids)


@pytest.mark.parametrize(
    "query", ["since=x", "since=-1", "since=²", "since=" + "9" * 5000, "limit=0", "since=7"]
)
async def test_a_cursor_the_square_never_gave_is_refused(square: Square, query: str) -> None:
    assert (await square.ask("GET", f"/api/mentions?{query}"))[0] == 400
