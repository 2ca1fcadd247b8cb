"""What people see on the square: strangers' words stay words, forms need no script, the demo goes on."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from adapters.square.model import Company
from adapters.square.play import play, read_lines
from adapters.square.site import Site
from tests.adapters.squares import COMPLAINT, Square, a_square

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

MENTIONS = Path(__file__).parents[2] / "bot" / "demo" / "mentions.jsonl"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path / "square.db")
    yield site
    site.close()


@pytest.fixture
async def square(site: Site) -> AsyncIterator[Square]:
    async with a_square(site) as square:
        yield square


async def test_a_post_is_written_answered_edited_and_deleted_with_plain_forms(square: Square) -> None:
    await square.form("/posts", handle="@zara", name="Zara زارا", text="one\r\ntwo @brightloaf")
    assert square.site.get("1").text == "one\ntwo @brightloaf"
    await square.form("/posts", handle="BRIGHTLOAF", text="so sorry", in_reply_to="1")
    await square.form("/posts/1/edit", text="three @brightloaf")
    _, page = await square.ask("GET", "/posts/1")
    assert "three" in page
    assert "Zara زارا" in page
    assert "edited" in page
    assert "official" in page
    await square.form("/posts/1/delete")
    assert [post.deleted_at is None for post in square.site.thread("1")] == [False, True]
    assert (await square.form("/posts/1/edit", text="too late for this"))[0] == 410


async def test_a_form_lands_on_what_it_wrote(square: Square) -> None:
    sent = {"handle": "zara", "text": COMPLAINT}
    async with square.session.post(
        f"{square.base}/square/posts", data=sent, headers={"Origin": square.base}
    ) as answer:
        assert (answer.status, answer.history[0].headers["Location"]) == (200, "/square#post-1")
        assert answer.history[0].headers["X-Content-Type-Options"] == "nosniff"
        assert 'id="post-1"' in await answer.text()


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://["])
async def test_a_form_from_elsewhere_changes_nothing(square: Square, origin: str) -> None:
    square.site.post("ada", "Ada", COMPLAINT)
    for path in ("/posts", "/posts/1/edit", "/posts/1/delete"):
        status, _ = await square.form(path, origin, handle="eve", text="taken over")
        assert status == 403
    assert [post.text for post in square.site.thread("1")] == [COMPLAINT]
    assert len(square.site.timeline()) == 1


async def test_a_script_which_is_no_browser_may_post(square: Square) -> None:
    assert (await square.form("/posts", None, handle="zara", text=COMPLAINT))[0] == 303
    browser = {"Sec-Fetch-Site": "cross-site"}
    sent = {"handle": "eve", "text": "taken over"}
    answer = await square.ask("POST", "/posts", data=sent, headers=browser, allow_redirects=False)
    assert answer[0] == 403
    assert len(square.site.timeline()) == 1


async def test_without_an_origin_the_referring_page_counts(square: Square) -> None:
    for referer, status in ((f"{square.base}/square", 303), ("http://evil.example/square", 403)):
        answer = await square.ask(
            "POST",
            "/posts",
            data={"handle": "zara", "text": COMPLAINT},
            headers={"Referer": referer},
            allow_redirects=False,
        )
        assert answer[0] == status


async def test_what_cannot_be_posted_comes_back_as_it_was_written(square: Square) -> None:
    square.site.post("ada", "Ada", COMPLAINT)
    for fields in (
        {"handle": "not a handle!", "text": "my <words> & more"},
        {"handle": "zara", "name": "n" * 101, "text": "my <words> & more"},
        {"handle": "not a handle!", "text": "my <words> & more", "in_reply_to": "1"},
    ):
        status, page = await square.form("/posts", **fields)
        assert status == 422
        assert "my &lt;words&gt; &amp; more" in page
        assert "This could not be posted" in page
    status, page = await square.form("/posts/1/edit", text="x" * 50_001)
    assert status == 422
    assert "x" * 50_001 in page
    assert "50,001 characters, at most 50,000" in page


async def test_a_reply_to_what_was_deleted_meanwhile_gives_the_words_back(square: Square) -> None:
    square.site.delete(square.site.post("ada", "Ada", COMPLAINT).id)
    status, page = await square.form("/posts", handle="zara", text="long thoughts", in_reply_to="1")
    assert status == 410
    assert "long thoughts" in page


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
        ("application/x-www-form-urlencoded; charset=nowhere", b"text=a"),
        ("application/x-www-form-urlencoded", b"handle=z&text=%ff\xff"),
        ("text/plain", b"text"),
    ],
)
async def test_a_broken_form_is_a_clear_refusal(square: Square, kind: str, body: bytes) -> None:
    headers = {"Origin": square.base, "Content-Type": kind}
    status, page = await square.ask("POST", "/posts", data=body, headers=headers)
    assert status in {400, 415, 422}
    assert "<h1" in page
    assert square.site.timeline() == []


async def test_fifty_thousand_characters_are_taken_and_shown_folded(square: Square) -> None:
    assert (await square.form("/posts", handle="zara", text="ş" * 50_000))[0] == 303
    _, page = await square.ask("GET", "")
    assert "Show all 50,000 characters" in page
    assert "ş" * 50_000 in page


async def test_nobodys_words_become_markup(square: Square) -> None:
    attack = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> @brightloaf {{ 7 * 7 }}<img src=y>"
    square.site.post("ada", attack, attack, language="en")
    square.site.post("bo", "evil\u202eolb", "\u202eeerf-yriad @brightloaf", "1")
    for path in ("", "/posts/1", "/@ada"):
        status, page = await square.ask("GET", path)
        assert status == 200
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "{{ 7 * 7 }}" in page
        assert page.count("<script") == 1
    _, page = await square.ask("GET", "/posts/1")
    assert '<bdi class="name" dir="auto">evil\u202eolb</bdi>' in page
    assert '<div class="text" dir="auto">\u202eeerf-yriad' in page


@pytest.mark.parametrize(
    "path",
    ["", "/", "/posts/1", "/@ada", "/pulse", "/static/square.css", "/static/square.js", "/api/posts/1"],
)
async def test_every_answer_carries_the_guarding_headers(square: Square, path: str) -> None:
    square.site.post("ada", "Ada", COMPLAINT)
    for wanted in (path, f"{path}/nowhere"):
        async with square.session.get(f"{square.base}/square{wanted}") as answer:
            assert answer.status == (200 if wanted == path else 404)
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "path", ["/posts/0", "/posts/x", "/posts/" + "9" * 30, "/@nobody", "?before=x", "/static/web.py"]
)
async def test_an_address_that_leads_nowhere_says_so(square: Square, path: str) -> None:
    status, page = await square.ask("GET", path)
    assert status == 404
    assert "Back to all posts" in page


async def test_a_very_long_chain_of_answers_is_shown(square: Square) -> None:
    last = square.site.post("ada", "Ada", COMPLAINT)
    for turn in range(1_100):
        last = square.site.post("ada", None, f"answer {turn}", last.id)
    status, page = await square.ask("GET", "/posts/1")
    assert status == 200
    assert page.index(">answer 5<") < page.index(">answer 1099<")


async def test_old_threads_are_a_page_away(square: Square) -> None:
    for number in range(25):
        square.site.post("ada", "Ada", f"post number {number}.")
    _, first = await square.ask("GET", "")
    _, second = await square.ask("GET", "?before=6")
    assert 'href="/square?before=6"' in first
    assert ("post number 24." in first, "post number 4." in first) == (True, False)
    assert ("post number 4." in second, "post number 5." in second) == (True, False)


async def test_the_demo_goes_on_where_it_was_stopped_and_repeats_nothing(tmp_path: Path) -> None:
    site = Site(tmp_path / "square.db")
    playing = asyncio.create_task(play(site, MENTIONS, every=30.0))
    while len(site.timeline()) < 3:  # noqa: ASYNC110 - a square tells nobody by itself that it has a post
        await asyncio.sleep(0.001)
    playing.cancel()
    await asyncio.wait([playing])
    assert len(site.timeline()) == 3  # three at once, the fourth only after a while
    site.close()
    site = Site(tmp_path / "square.db")
    await play(site, MENTIONS, every=0.0)
    await play(site, MENTIONS, every=0.0)
    written = [thread[0].text for thread in reversed(site.timeline(limit=100))]
    site.close()
    assert written == [line.text for line in read_lines(MENTIONS)]


@pytest.mark.parametrize(
    "bad", ["{", "[]", '{"handle": "x"}', '{"handle": "a b", "text": "x"}', '{"handle": 1, "text": "x"}']
)
async def test_a_bad_line_is_named_before_anything_is_posted(site: Site, tmp_path: Path, bad: str) -> None:
    file = tmp_path / "mentions.jsonl"
    file.write_text(json.dumps({"handle": "ada", "text": COMPLAINT}) + "\n" + bad, encoding="utf-8")
    with pytest.raises(ValueError, match=r"mentions\.jsonl, line 2"):
        await play(site, file, every=0.0)
    assert site.timeline() == []


def test_the_demo_speaks_of_the_bakery_in_five_languages() -> None:
    lines = read_lines(MENTIONS)
    assert all(Company().named_in(line.text) for line in lines)
    assert {line.language for line in lines} >= {"en", "es", "tr", "ur", "ar"}
    assert len({line.key for line in lines}) == len(lines) >= 45
