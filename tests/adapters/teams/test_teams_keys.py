"""Microsoft's signing keys: rotated, fetched once for a crowd, and what happens while they cannot be had."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import httpx2
import pytest

from adapters.chat.teams.tokens import Keys, KeysUnavailable
from adapters.http import client
from tests.adapters.msteams import Teams, a_teams
from tests.adapters.msteams_issuer import private_key
from tests.adapters.teams.doors import Entrance, Watch, an_entrance


@pytest.fixture
async def teams() -> AsyncIterator[Teams]:
    async with a_teams() as fake:
        yield fake


@pytest.fixture
async def door(teams: Teams) -> AsyncIterator[Entrance]:
    async with an_entrance(teams) as one:
        yield one


def fetches(teams: Teams) -> int:
    return sum(path.endswith("/openidconfiguration") for _, path in teams.calls)


async def test_a_new_key_is_believed_and_the_old_one_no_longer(door: Entrance) -> None:
    assert await door.signed() == 200
    old = {"key": door.teams.issuer.key, "kid": door.teams.issuer.kid}
    door.teams.rotate()
    door.watch.goes_on(minutes=5)
    assert await door.signed() == 200
    assert await door.signed(**old) == 401


async def test_keys_are_fetched_again_as_they_grow_old(door: Entrance) -> None:
    assert await door.signed() == 200
    old = {"key": door.teams.issuer.key, "kid": door.teams.issuer.kid}
    door.teams.rotate()
    door.watch.goes_on(hours=12)
    assert await door.signed(**old) == 401  # nobody showed us the new key
    assert fetches(door.teams) == 2


async def test_keys_nobody_knows_let_us_ask_microsoft_once(door: Entrance) -> None:
    made_up = [door.signed(key=private_key(99), kid=f"made-up-{number}") for number in range(20)]
    assert set(await asyncio.gather(*made_up)) == {401}
    assert fetches(door.teams) == 1
    door.watch.goes_on(minutes=4, seconds=59)
    assert await door.signed(key=private_key(99), kid="another") == 401
    assert fetches(door.teams) == 1
    door.watch.goes_on(seconds=1)
    assert await door.signed(key=private_key(99), kid="another") == 401
    assert fetches(door.teams) == 2


async def test_a_crowd_fetches_the_keys_once(door: Entrance) -> None:
    assert set(await asyncio.gather(*(door.signed() for _ in range(20)))) == {200}
    assert fetches(door.teams) == 1


async def test_without_microsofts_keys_nothing_is_believed(door: Entrance) -> None:
    door.teams.fail_next("metadata", 503)
    answer = await door.post(door.press())
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert await door.signed(key=private_key(99)) == 503
    assert door.heard.told == []
    assert fetches(door.teams) == 1  # not hammered while it is away
    door.watch.goes_on(seconds=5)
    assert await door.signed() == 200


async def test_a_key_we_know_goes_on_working_while_microsoft_is_away(door: Entrance) -> None:
    assert await door.signed() == 200
    door.teams.down = True
    door.watch.goes_on(days=6)
    assert await door.signed() == 200
    assert await door.signed(kid="new") == 503  # it may be genuine: nobody can say
    door.watch.goes_on(days=2)
    assert await door.signed() == 503


@pytest.mark.parametrize(
    "page",
    [
        "",
        "[]",
        "{}",
        '{"jwks_uri": "no address"}',
        '{"jwks_uri": "PAGE", "keys": []}',
        '{"jwks_uri": "PAGE", "keys": {"kid": "key-0"}}',
        '{"jwks_uri": "PAGE", "keys": [1]}',
        '{"jwks_uri": "PAGE", "keys": [{"kty": "RSA", "kid": "key-0"}]}',
        '{"jwks_uri": "PAGE", "keys": [{"kty": "oct", "kid": "key-0", "k": "eA"}]}',
        "[" * 100_000,
    ],
)
async def test_a_list_that_cannot_be_read_is_none(teams: Teams, page: str) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, text=page.replace("PAGE", str(request.url)))

    async with client(transport=httpx2.MockTransport(answer)) as http:
        with pytest.raises(KeysUnavailable):
            await Keys(http, teams.cloud, Watch()).of("key-0")


async def test_one_odd_key_does_not_lose_the_others(teams: Teams) -> None:
    async def answer(request: httpx2.Request) -> httpx2.Response:
        async with client() as http:
            told = (await http.get(str(request.url))).json()
        if "keys" in told:
            told["keys"] = [{"kty": "RSA", "kid": "odd", "n": "AQ", "e": 1}, *told["keys"]]
        return httpx2.Response(200, json=told)

    async with client(transport=httpx2.MockTransport(answer)) as http:
        keys = Keys(http, teams.cloud, Watch())
        assert (await keys.of("key-0")).endorsements == {"msteams"}


async def test_a_list_that_takes_long_is_not_waited_for(teams: Teams) -> None:
    async with an_entrance(teams) as door:
        release = teams.hold("metadata")
        before = time.monotonic()
        assert await door.signed() == 503
        assert time.monotonic() - before < 4
        release()
