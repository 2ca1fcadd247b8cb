"""The calls to Microsoft: one token for a crowd, no word lost on the way, and no token to a stranger."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from adapters.chat.teams.card import message
from adapters.chat.teams.connector import Connector, is_microsofts
from adapters.chat.teams.refused import TeamsRefused
from adapters.chat.teams.settings import PUBLIC
from bot.errors import PlatformBusy
from tests.adapters.msteams import CHANNEL, Teams
from tests.adapters.slack.drawing.slack_houses import a_card
from tests.adapters.teams.drawing.teams_houses import cards_in, thread_of

ROSA = "11111111-2222-4333-8444-555555555555"
CARD = message(a_card())


def tokens_asked(teams: Teams) -> int:
    return sum(1 for _, path in teams.calls if path.startswith("/login/"))


# --- the token


async def test_a_crowd_fetches_one_token(teams: Teams, connector: Connector) -> None:
    await asyncio.gather(*(connector.send(teams.service, CHANNEL, CARD) for _ in range(20)))
    assert tokens_asked(teams) == 1
    assert len(cards_in(teams)) == 20


async def test_a_token_is_used_until_it_is_nearly_over(teams: Teams) -> None:
    teams.issuer.seconds, seconds = 1_000, 0.0
    async with Connector(teams.settings(), now=lambda: seconds) as connector:
        await connector.send(teams.service, CHANNEL, CARD)
        seconds = 899
        await connector.send(teams.service, CHANNEL, CARD)
        assert tokens_asked(teams) == 1
        seconds = 901
        await asyncio.gather(*(connector.send(teams.service, CHANNEL, CARD) for _ in range(9)))
    assert tokens_asked(teams) == 2


async def test_a_token_that_ends_before_its_time_is_fetched_anew_once_for_a_crowd(
    teams: Teams, connector: Connector
) -> None:
    await connector.send(teams.service, CHANNEL, CARD)
    teams.expire_tokens()
    await asyncio.gather(*(connector.send(teams.service, CHANNEL, CARD) for _ in range(20)))
    assert tokens_asked(teams) == 2
    assert len(cards_in(teams)) == 21


async def test_a_token_that_is_refused_again_is_not_asked_for_for_ever(
    teams: Teams, connector: Connector
) -> None:
    teams.fail_next("send", 401, error="Unauthorized", times=5)
    with pytest.raises(TeamsRefused, match=r"compare teams\.app_id"):
        await connector.send(teams.service, CHANNEL, CARD)
    assert tokens_asked(teams) == 2


async def test_microsoft_having_no_token_now_is_told_to_the_crowd_at_once(
    teams: Teams, connector: Connector
) -> None:
    release = teams.hold("token")
    teams.fail_next("token", 503, retry_after=20)
    crowd = [asyncio.create_task(connector.send(teams.service, CHANNEL, CARD)) for _ in range(9)]
    while tokens_asked(teams) < 1:  # noqa: ASYNC110 what is waited for is told by no event
        await asyncio.sleep(0.01)
    release()
    ended = await asyncio.gather(*crowd, return_exceptions=True)
    assert tokens_asked(teams) == 1
    for one in ended:
        assert isinstance(one, PlatformBusy)
        assert one.wait is not None
        assert one.wait.total_seconds() == 20


async def test_who_leaves_takes_the_token_from_nobody(teams: Teams, connector: Connector) -> None:
    release = teams.hold("token")
    first = asyncio.create_task(connector.send(teams.service, CHANNEL, CARD))
    while tokens_asked(teams) < 1:  # noqa: ASYNC110 what is waited for is told by no event
        await asyncio.sleep(0.01)
    second = asyncio.create_task(connector.send(teams.service, CHANNEL, CARD))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait({first})
    release()
    assert await second
    assert tokens_asked(teams) == 1


@pytest.mark.parametrize(
    ("change", "todo"),
    [
        ({"secret": "an-older-one"}, "the app has no such secret"),
        ({"app_id": "00000000-0000-4000-8000-000000000000"}, "compare teams.app_id"),
        ({"tenant": "00000000-0000-4000-8000-000000000000"}, "there is no such tenant"),
    ],
)
async def test_settings_that_are_wrong_are_named(teams: Teams, change: dict[str, Any], todo: str) -> None:
    async with Connector(teams.settings(**change)) as connector:
        with pytest.raises(TeamsRefused) as refused:
            await connector.token()
    assert todo in str(refused.value)
    assert "AADSTS" not in str(refused.value)


@pytest.mark.parametrize("answer", ["", "{}", '{"access_token": ""}', '{"access_token": "x"}', "[]", "no"])
async def test_a_token_that_is_none_is_asked_for_again(teams: Teams, answer: str) -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, text=answer))
    async with Connector(teams.settings(), transport=transport) as connector:
        with pytest.raises(PlatformBusy):
            await connector.token()


# --- where it goes


@pytest.mark.parametrize(
    "service",
    [
        "https://evil.example/teams/",
        "https://smba.trafficmanager.net.evil.example/",
        "https://smba.trafficmanager.net@evil.example/",
        "https://evil.example\\@smba.trafficmanager.net/",
        "http://smba.trafficmanager.net/teams/",
        "https://smba.trafficmanager.net:444/teams/",
        "https://smba.trafficmanager.net/teams/?x=1",
        "https://smba.trafficmanager.net/teams/#x",
        "https://smba.trafficmanager.net/teams/../x",
        "https://smba.trafficmanager.net/te\nams/",
        "https://[", "//smba.trafficmanager.net/", "",
    ],
)  # fmt: skip
async def test_no_token_goes_to_an_address_that_is_not_microsofts(teams: Teams, service: str) -> None:
    assert not is_microsofts(service, PUBLIC)
    asked: list[str] = []

    def answers(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        return httpx2.Response(200, json={"access_token": "x", "expires_in": 3600, "id": "1"})

    settings = teams.settings(cloud=PUBLIC)
    async with Connector(settings, transport=httpx2.MockTransport(answers)) as connector:
        with pytest.raises(TeamsRefused, match="none of Microsoft's"):
            await connector.send(service, CHANNEL, CARD)
    assert asked == []


async def test_a_redirect_is_not_followed(teams: Teams) -> None:
    def answers(request: httpx2.Request) -> httpx2.Response:
        assert request.url.host != "evil.example"
        if request.url.path.endswith("/token"):
            return httpx2.Response(200, json={"access_token": "x", "expires_in": 3600})
        return httpx2.Response(307, headers={"Location": "https://evil.example/"})

    async with Connector(teams.settings(), transport=httpx2.MockTransport(answers)) as connector:
        with pytest.raises(TeamsRefused):
            await connector.send(teams.service, CHANNEL, CARD)


def test_both_ends_of_a_service_url_are_taken() -> None:
    for service in ("https://smba.trafficmanager.net", "https://smba.trafficmanager.net/amer/"):
        assert is_microsofts(service, PUBLIC)


# --- the calls


async def test_a_reply_stands_below_its_card(teams: Teams, connector: Connector) -> None:
    root = await connector.send(teams.service, CHANNEL, CARD)
    own = await connector.send(teams.service.rstrip("/"), f"{CHANNEL};messageid={root}", CARD)
    (card,) = cards_in(teams)
    assert [one["id"] for one in thread_of(teams, card)] == [own]
    await connector.delete(teams.service, f"{CHANNEL};messageid={root}", own)
    assert thread_of(teams, card) == []


async def test_half_a_character_stops_no_card(teams: Teams, connector: Connector) -> None:
    broken = message(a_card(status="half \ud83d"))
    broken["summary"] = "half \ud83d"
    assert await connector.send(teams.service, CHANNEL, broken)


async def test_a_personal_chat_is_the_same_one_each_time(teams: Teams, connector: Connector) -> None:
    rosa = teams.member(ROSA, name="Rosa", upn="rosa@brightloaf.example")
    chats = {await connector.personal(teams.service, user) for user in (ROSA, rosa, ROSA)}
    assert chats == {teams.personal(rosa)}


async def test_everybody_in_a_team_is_found_page_by_page(teams: Teams, connector: Connector) -> None:
    teams.page = 7
    people = [teams.member(f"aad-{n}", name=f"N {n}", upn=f"n{n}@brightloaf.example") for n in range(20)]
    assert [one["id"] async for one in connector.members(teams.service, teams.team)] == people
    assert (await connector.member(teams.service, CHANNEL, "aad-3"))["id"] == people[3]
    with pytest.raises(TeamsRefused) as refused:
        await connector.member(teams.service, CHANNEL, "nobody")
    assert refused.value.status == 404


@pytest.mark.parametrize("answer", ["", "{}", "[]", "<html>", '{"id": 7}', '{"id": ""}'])
async def test_a_post_whose_name_is_not_told_may_have_happened(teams: Teams, answer: str) -> None:
    def answers(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/token"):
            return httpx2.Response(200, json={"access_token": "x", "expires_in": 3600})
        return httpx2.Response(201, text=answer)

    async with Connector(teams.settings(), transport=httpx2.MockTransport(answers)) as connector:
        with pytest.raises(PlatformBusy):
            await connector.send(teams.service, CHANNEL, CARD)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"error": {"code": "BotDisabledByAdmin", "message": "bread"}}, "BotDisabledByAdmin"),
        ({"errorCode": 209, "message": '{\r\n  "subCode": "MessageWritesBlocked"}'}, "MessageWritesBlocked"),
        ({"message": "Authorization has been denied for the bread."}, ""),
        ({"error": {"code": "Not <one> of theirs", "message": "bread"}}, ""),
        ([], ""), ("bread", ""), ({"error": None}, ""),
    ],
)  # fmt: skip
async def test_why_it_was_refused_is_read_from_each_shape_and_never_its_words(
    teams: Teams, body: Any, error: str
) -> None:
    def answers(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/token"):
            return httpx2.Response(200, json={"access_token": "x", "expires_in": 3600})
        return httpx2.Response(403, json=body)

    async with Connector(teams.settings(), transport=httpx2.MockTransport(answers)) as connector:
        with pytest.raises(TeamsRefused) as refused:
            await connector.send(teams.service, CHANNEL, CARD)
    assert (refused.value.error, refused.value.status) == (error, 403)
    assert "bread" not in str(refused.value)
