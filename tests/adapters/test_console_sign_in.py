"""Who is at the browser: cookies, sign-in links, and the refusal to stand open to everybody."""

from __future__ import annotations

import re
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from aiohttp import web

from adapters.chat.console.app import console_app
from adapters.chat.console.sessions import sign_in_link
from adapters.chat.console.settings import ConsoleSettings, check_exposure
from bot.domain.case import State
from bot.errors import BadSettings
from tests.adapters.consoles import SECRET, TeamAtWork, Visitor, visiting
from tests.builders import NOON, Watch, in_review

CASE = "/case/square:100"
ELSEWHERE = "https://evil.example"


def a_team() -> TeamAtWork:
    return TeamAtWork(Watch(), in_review())


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


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "192.168.1.4", "desk.example", "localhost.evil"])  # noqa: S104 it must be refused
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
