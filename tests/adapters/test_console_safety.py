"""Who the console lets in, and what it never gives away: each refusal over real loopback."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import timedelta
from http.cookies import SimpleCookie
from io import BytesIO

import pytest
from aiohttp import ClientSession, CookieJar, web
from structlog.testing import capture_logs

from adapters.chat.console import ConsoleSettings, check_exposure, console_app, sign_in_link
from bot.domain.card import Card
from bot.domain.case import State
from bot.domain.team import Person
from bot.errors import BadSettings
from tests.adapters.consoles import SECRET, TeamAtWork, Visitor, visiting
from tests.builders import NOON, Watch, a_mention, in_review

CASE = "/case/square:100"
ELSEWHERE = "https://evil.example"


def a_team() -> TeamAtWork:
    return TeamAtWork(Watch(), in_review())


def claimed(bot: TeamAtWork) -> bool:
    return bot.cases["square:100"].claim is not None


# --- where a request comes from


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


# --- who it is


def cookie_of(answer: web.Response) -> SimpleCookie:
    return SimpleCookie(answer.headers["Set-Cookie"])


async def test_the_session_cookie_is_strict_and_out_of_scripts_reach() -> None:
    async with visiting(a_team()) as visitor, visitor.session.get(f"{visitor.base}/") as answer:
        [morsel] = cookie_of(answer).values()
    assert (morsel["httponly"], morsel["samesite"], morsel["path"], morsel["domain"]) == (
        True,
        "Strict",
        "/",
        "",
    )


async def test_over_https_the_cookie_is_bound_to_its_host() -> None:
    async with visiting(a_team(), secure=True) as visitor, visitor.session.get(f"{visitor.base}/") as answer:
        [(name, morsel)] = cookie_of(answer).items()
    assert name.startswith("__Host-")
    assert morsel["secure"]


async def test_a_forged_cookie_is_nobody() -> None:
    bot = a_team()
    async with visiting(bot) as mark:
        await mark.be("mark")
        (name, value), *_ = [pair for pair in mark.cookies.items() if pair[0] == "levelhead-0"]
        body, signature = value.split(".")
    for forged in (
        f"{body}.{'0' * 64}",
        f"{body[:-2]}xx.{signature}",
        body,
        "%FF.\N{SNOWMAN}",
        f".{signature}",
    ):
        async with visiting(bot) as visitor:
            visitor.bring({name: forged})
            _, page = await visitor.get("/")
        assert 'value="rosa" aria-pressed="true"' in page


async def test_a_cookie_of_another_folder_is_nobody() -> None:
    bot = a_team()
    async with visiting(bot, secret="another secret of 32 characters!") as mark, visiting(bot) as visitor:
        await mark.be("mark")
        visitor.bring(mark.cookies)
        _, page = await visitor.get("/")
    assert 'value="mark" aria-pressed="true"' not in page


async def test_a_choice_in_the_demo_is_no_sign_in() -> None:
    bot = a_team()
    async with visiting(bot) as demo, visiting(bot, sign_in="link") as visitor:
        await demo.be("mark")
        visitor.bring(demo.cookies)
        status, page = await visitor.get("/")
    assert status == 403
    assert "Ada Park" not in page


# --- signing in


async def sign_in(visitor: Visitor, link: str) -> int:
    status, page = await visitor.get(link.removeprefix(visitor.base))
    if status != 200:
        return status
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    return (await visitor.post("/sign-in", {"token": token})).status


@pytest.mark.parametrize("path", ["/", CASE, "/today", "/search?q=bread", "/events", "/help"])
async def test_without_sign_in_there_is_only_how_to_sign_in(path: str) -> None:
    async with visiting(a_team(), sign_in="link", how_to_sign_in="Ask Mark for a link.") as visitor:
        status, page = await visitor.get(path)
    assert status == 403
    assert "Ask Mark for a link." in page
    for secret in ("Ada Park", "square:100", "Rosa", "bread came"):
        assert secret not in page


async def test_without_sign_in_nothing_is_taken_and_no_word_lost() -> None:
    bot = a_team()
    async with visiting(bot, sign_in="link") as visitor:
        await visitor.get("/sign-in?token=x")
        _, page = await visitor.get("/sign-in")
        assert 'name="csrf"' not in page
        async with visiting(bot, sign_in="link") as other:
            assert await sign_in(other, sign_in_link(SECRET, "rosa", NOON, other.base)) == 303
            other.token = ""
            await other.get("/")
            bot.team = bot.team.model_copy(update={"people": bot.team.people[1:]})
            answer = await other.post(f"{CASE}/escalate", {"to": "legal", "reason": "my words"})
            page = await answer.text()
    assert answer.status == 403
    assert "my words" in page
    assert bot.cases["square:100"].state is State.IN_REVIEW


async def test_a_link_signs_in_whom_it_names_and_only_once() -> None:
    bot = a_team()
    async with visiting(bot, sign_in="link") as mark, visiting(bot, sign_in="link") as thief:
        link = sign_in_link(SECRET, "mark", bot.clock(), mark.base)
        status, page = await thief.get(link.removeprefix(mark.base))
        assert (status, "Sign in as <bdi>Mark</bdi>" in page) == (200, True)
        assert await sign_in(mark, link) == 303
        mark.token = ""
        await mark.post(f"{CASE}/claim")
        # The same console: what was used there is used up.
        thief.base = mark.base
        assert await sign_in(thief, link) == 403
    assert bot.cases["square:100"].claim.by == "mark"


async def test_looking_into_a_link_does_not_use_it_up() -> None:
    bot = a_team()
    async with visiting(bot, sign_in="link") as visitor:
        link = sign_in_link(SECRET, "mark", bot.clock(), visitor.base)
        await visitor.get(link.removeprefix(visitor.base))
        assert await sign_in(visitor, link) == 303


async def test_an_old_a_forged_or_a_strangers_link_signs_nobody_in() -> None:
    bot = a_team()
    async with visiting(bot, sign_in="link") as visitor:
        old = sign_in_link(SECRET, "mark", NOON - timedelta(minutes=16), visitor.base)
        forged = sign_in_link("x" * 32, "mark", NOON, visitor.base)
        stranger = sign_in_link(SECRET, "zoe", NOON, visitor.base)
        assert [await sign_in(visitor, link) for link in (old, forged, stranger)] == [403, 403, 403]
        assert (await visitor.get("/"))[0] == 403


async def test_signing_out_forgets_and_a_colleague_who_left_is_out() -> None:
    bot = a_team()
    async with visiting(bot, sign_in="link") as visitor:
        assert await sign_in(visitor, sign_in_link(SECRET, "mark", NOON, visitor.base)) == 303
        visitor.token = ""
        assert (await visitor.get("/"))[0] == 200
        assert (await visitor.post("/sign-out")).status == 303
        assert (await visitor.get("/"))[0] == 403


async def test_nobody_picks_a_person_where_people_sign_in() -> None:
    async with visiting(a_team(), sign_in="link") as visitor:
        assert await sign_in(visitor, sign_in_link(SECRET, "rosa", NOON, visitor.base)) == 303
        visitor.token = ""
        assert (await visitor.post("/who", {"person": "mark"})).status in {404, 405}
        _, page = await visitor.get("/")
    assert "You are <strong><bdi>Rosa</bdi></strong>" in page


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "192.168.1.4", "desk.example", "localhost.evil"])
def test_open_to_the_network_without_sign_in_it_does_not_start(host: str) -> None:
    with pytest.raises(BadSettings, match="anybody choose who they are"):
        check_exposure(host, "choose")
    with pytest.raises(BadSettings):
        console_app(a_team(), ConsoleSettings(secret=SECRET, host=host), clock=Watch())
    check_exposure(host, "link")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.8.8.8"])
def test_on_this_machine_alone_one_may_choose(host: str) -> None:
    check_exposure(host, "choose")


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(BadSettings, match="expected 32"):
        ConsoleSettings(secret="short")


# --- what it gives away


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


# --- live


async def test_an_open_page_is_told_of_every_change_and_of_an_outage() -> None:
    bot = a_team()
    async with visiting(bot) as visitor:
        async with visitor.session.get(f"{visitor.base}/events?since=1") as stream:
            assert stream.content_type == "text/event-stream"
            bot.put(in_review())
            assert await told(stream.content) == "changed 2"
            bot.reachable = False
            assert await told(stream.content) == "down down"
            bot.reachable = True
            assert await told(stream.content) == "changed 2"


async def test_closing_the_door_ends_the_streams_at_once() -> None:
    began = asyncio.get_running_loop().time()
    async with visiting(a_team()) as visitor:
        async with visitor.session.get(f"{visitor.base}/events?since=1") as stream:
            assert stream.status == 200
            leaving = asyncio.create_task(visitor.leave())
            assert b"retry" in await stream.read()
            await leaving
    assert asyncio.get_running_loop().time() - began < 2


async def told(stream: asyncio.StreamReader) -> str:
    kind = ""
    while line := (await asyncio.wait_for(stream.readline(), 5)).decode().strip("\n"):
        pass
    while True:
        line = (await asyncio.wait_for(stream.readline(), 5)).decode().strip("\n")
        kind = line.removeprefix("event: ") if line.startswith("event: ") else kind
        if line.startswith("data: "):
            return f"{kind} {line.removeprefix('data: ')}"
