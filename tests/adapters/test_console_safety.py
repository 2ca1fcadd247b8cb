"""Who the console lets in, and what it never gives away: each refusal over real loopback."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO

import pytest
from aiohttp import ClientSession, CookieJar, web
from structlog.testing import capture_logs

from bot.domain.card import Card
from bot.domain.case import State
from bot.domain.team import Person
from tests.adapters.consoles import TeamAtWork, visiting
from tests.builders import Watch, a_mention, in_review

CASE = "/case/square:100"
ELSEWHERE = "https://evil.example"


def a_team() -> TeamAtWork:
    return TeamAtWork(Watch(), in_review())


def claimed(bot: TeamAtWork) -> bool:
    return bot.cases["square:100"].claim is not None


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "[bad", ""])
async def test_a_foreign_host_is_refused(host: str) -> None:
    async with visiting(a_team()) as visitor:
        status, page = await visitor.get("/", Host=host)
    assert status == 421
    assert "Ada Park" not in page


@pytest.mark.parametrize("host", ["localhost:9", "[::1]:8080", "Desk.Example"])
async def test_its_own_names_are_answered(host: str) -> None:
    async with visiting(a_team(), allowed_hosts=("desk.example",)) as visitor:
        status, _ = await visitor.get("/", Host=host)
    assert status == 200


@pytest.mark.parametrize("origin", [ELSEWHERE, "null", "http://127.0.0.1:1", "http://[bad", "file://"])
async def test_a_post_from_another_origin_is_refused_even_with_the_token(origin: str) -> None:
    bot = a_team()
    async with visiting(bot) as visitor:
        answer = await visitor.post(f"{CASE}/claim", Origin=origin)
    assert answer.status == 403
    assert not claimed(bot)


async def test_a_post_from_its_own_origin_is_taken() -> None:
    bot = a_team()
    async with visiting(bot) as visitor:
        answer = await visitor.post(f"{CASE}/claim", Origin=visitor.base)
    assert answer.status == 303
    assert claimed(bot)


@pytest.mark.parametrize(("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 303)])
async def test_a_browser_that_names_no_origin_says_whose_page_it_was(site: str, status: int) -> None:
    async with visiting(a_team()) as visitor:
        answer = await visitor.post(f"{CASE}/claim", **{"Sec-Fetch-Site": site})
    assert answer.status == status


@pytest.mark.parametrize("token", ["", "0" * 64, "\N{SNOWMAN}"])
@pytest.mark.parametrize("path", [f"{CASE}/claim", "/dismiss", "/pause", "/resume", "/who", "/sign-out"])
async def test_a_post_without_the_right_token_is_refused(path: str, token: str) -> None:
    bot = a_team()
    async with visiting(bot) as visitor:
        await visitor.get("/")
        await visitor.be("mark")
        visitor.token = token or "none"
        answer = await visitor.post(path, {"case": "square:100", "outcome": "spam", "reason": "x"})
    assert answer.status == 403
    assert not claimed(bot)
    assert bot.paused_by == ""
    assert bot.cases["square:100"].state is State.IN_REVIEW


async def test_the_token_of_another_session_is_worth_nothing() -> None:
    bot = a_team()
    async with visiting(bot) as ours, visiting(bot) as theirs:
        await theirs.get("/")
        await ours.get("/")
        ours.token = theirs.token
        assert (await ours.post(f"{CASE}/claim")).status == 403
    assert not claimed(bot)


async def test_a_script_may_send_the_token_as_a_header() -> None:
    bot = a_team()
    async with visiting(bot) as visitor:
        await visitor.get("/")
        token, visitor.token = visitor.token, "none"
        assert (await visitor.post(f"{CASE}/claim", **{"X-CSRF-Token": token})).status == 303
    assert claimed(bot)


async def test_words_come_back_only_to_a_page_of_ours() -> None:
    async with visiting(a_team()) as visitor:
        await visitor.get("/")
        visitor.token = "0" * 64
        sent = {"to": "legal", "reason": "words in the form"}
        ours = await visitor.post(f"{CASE}/escalate", sent, Origin=visitor.base)
        unknown = await visitor.post(f"{CASE}/escalate", sent)
        pages = [await ours.text(), await unknown.text()]
    assert (ours.status, unknown.status) == (403, 403)
    assert "words in the form" in pages[0]
    assert "words in the form" not in pages[1]
    assert "/escalate" not in pages[0]


async def test_a_press_leads_to_no_other_site() -> None:
    for back in (
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/case/x\r\nSet-Cookie: a=b",
        "/square",
    ):
        async with visiting(a_team()) as visitor:
            answer = await visitor.post(f"{CASE}/claim", {"back": back})
        assert answer.headers["Location"] == "/#case-square:100"


async def test_a_link_on_another_site_signs_nobody_out() -> None:
    navigating = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    async with visiting(a_team()) as visitor:
        # A strict cookie does not come along: this is how a signed-in person's request looks.
        status, page = await visitor.get("/", **navigating)
        assert visitor.cookies == {}
    assert status == 200
    assert '<meta http-equiv="refresh" content="0">' in page
    assert "Ada Park" not in page


@pytest.mark.parametrize(
    "path", ["/", CASE, "/nowhere", "/static/console.js", "/static/../app.py", "/events"]
)
async def test_every_answer_carries_the_strict_headers(path: str) -> None:
    async with visiting(a_team()) as visitor, visitor.session.get(f"{visitor.base}{path}") as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] in {"no-store", "no-cache"}


async def test_pages_hold_nothing_inline_that_the_policy_would_have_to_allow() -> None:
    async with visiting(a_team()) as visitor:
        for path in ("/", CASE, "/today", "/search?q=bread", "/help", "/nowhere"):
            _, page = await visitor.get(path)
            assert not re.search(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=|javascript:", page)


async def test_a_strangers_markup_and_addresses_stay_words() -> None:
    hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    mention = a_mention(hostile, url="javascript:alert(document.cookie)")
    case = in_review()
    author = mention.author.model_copy(update={"name": hostile, "handle": hostile})
    bot = TeamAtWork(
        Watch(), case.model_copy(update={"mention": mention.model_copy(update={"author": author})})
    )
    async with visiting(bot) as visitor:
        pages = [page for _, page in [await visitor.get(path) for path in ("/", CASE, "/search?q=alert")]]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img" not in page
        assert 'href="javascript' not in page
        assert "its address is no web address" in page


class Broken(TeamAtWork):
    async def queue(self, viewer: Person, *, first: int, count: int) -> tuple[Sequence[Card], int]:
        raise RuntimeError("Ada wrote: my card is 4111")


async def test_what_nobody_expected_is_told_by_its_id_alone() -> None:
    with capture_logs() as logs:
        async with visiting(Broken(Watch())) as visitor:
            status, page = await visitor.get("/")
    [event] = [log for log in logs if log["event"] == "request_failed"]
    assert status == 500
    assert event["id"] in page
    assert "4111" not in page + str(logs)
    assert "Traceback" not in page


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/x-www-form-urlencoded; charset=klingon", b"a=b", 422),
        ("application/x-www-form-urlencoded", b"\xff\xfe=\xff", 422),
        ("multipart/form-data", b"no boundary", 422),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken", 422),
        ("application/json", b'{"a": 1}', 422),
        ("application/x-www-form-urlencoded", b"a=" + b"x" * 1_100_000, 413),
    ],
)
async def test_a_malformed_form_is_a_clear_refusal(kind: str, body: bytes, status: int) -> None:
    async with visiting(a_team()) as visitor:
        await visitor.get("/")
        headers = {"Content-Type": kind}
        async with visitor.session.post(
            f"{visitor.base}{CASE}/claim", data=BytesIO(body), headers=headers
        ) as answer:
            page = await answer.text()
    assert answer.status == status
    assert "Traceback" not in page


async def test_the_square_keeps_its_own_rules_behind_the_same_host_and_origin() -> None:
    async def taken(_: web.Request) -> web.Response:
        return web.Response(text="taken", headers={"Content-Security-Policy": "its own"})

    square = web.Application()
    square.router.add_post("/posts", taken)
    async with visiting(a_team(), square=square) as visitor:
        url = f"{visitor.base}/square/posts"
        async with ClientSession(cookie_jar=CookieJar()) as script:
            answers = [
                await script.post(url, headers=headers)
                for headers in ({}, {"Origin": ELSEWHERE}, {"Host": "evil.example"})
            ]
        _, page = await visitor.get("/")
    assert [answer.status for answer in answers] == [200, 403, 421]
    assert answers[0].headers["Content-Security-Policy"] == "its own"
    assert answers[0].headers["X-Content-Type-Options"] == "nosniff"
    assert 'href="/square"' in page
