"""Who is believed: a token of Microsoft's, for us, of our tenant, by a key that is theirs now."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest

from adapters.chat.teams.door import http_routes
from adapters.chat.teams.settings import PUBLIC
from adapters.chat.teams.tokens import Keys, verified
from adapters.http import client
from bot.errors import BadSettings, NotGenuine
from tests.adapters.msteams import TENANT, Json, Teams, a_teams
from tests.adapters.msteams_issuer import private_key
from tests.adapters.teams.doors import Entrance, Heard, Names, Watch, an_entrance

OTHER = "ffffffff-1111-4222-8333-944455556666"


@pytest.fixture
async def teams() -> AsyncIterator[Teams]:
    async with a_teams() as fake:
        yield fake


@pytest.fixture
async def door(teams: Teams) -> AsyncIterator[Entrance]:
    async with an_entrance(teams) as one:
        yield one


async def test_a_token_of_microsofts_is_believed(door: Entrance) -> None:
    assert await door.signed() == 200
    assert len(door.heard.told) == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": OTHER},
        {"aud": None},
        {"aud": ["5f0c7d2e-1111-4222-8333-944455556666", OTHER]},
        {"iss": "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"},  # the emulator's
        {"iss": None},
        {"exp": None},
        {"nbf": None},
        {"exp": "soon"},
        {"exp": [1]},
        {"nbf": {}},
        {"serviceurl": None},
        {"serviceurl": "https://smba.trafficmanager.net/emea/"},
    ],
)
async def test_a_token_that_says_anything_else_is_not(door: Entrance, claims: Json) -> None:
    assert await door.signed(**claims) == 401
    assert door.heard.told == []


@pytest.mark.parametrize(("late", "status"), [(290, 200), (310, 401)])
async def test_clocks_may_differ_by_five_minutes(door: Entrance, late: int, status: int) -> None:
    now = int(time.time())
    assert await door.signed(exp=now - late) == status
    assert await door.signed(nbf=now + late) == status


async def test_a_forged_signature_is_not_believed(door: Entrance) -> None:
    assert await door.signed(key=private_key(99)) == 401
    assert await door.signed(key=private_key(99), kid="made-up") == 401
    assert door.heard.told == []


async def test_only_the_algorithm_of_microsoft_is_taken(door: Entrance) -> None:
    assert await door.signed(alg="HS256", key="x" * 64) == 401
    assert await door.signed(alg="none", key="") == 401
    assert await door.signed(alg="RS512", key=door.teams.issuer.key) == 401
    assert door.heard.told == []


async def test_the_public_key_is_no_shared_secret(door: Entrance) -> None:
    # A check that lets the token name its algorithm takes what everybody knows for a secret.
    public = door.teams.issuer.key.public_key().public_numbers().n.to_bytes(256, "big").hex()
    assert await door.signed(alg="HS256", key=public) == 401


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer abc",
        "Bearer a.b.c",
        "Bearer ..",
        "Basic dXNlcjpwYXNz",
        "Bearer é.ü.ñ",
        f"Bearer {'W1tb' * 1600}.e30.e30",  # lists in lists, thousands deep
        "Bearer W10.e30.e30",
        "Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6eyJhIjoxfX0.e30.e30",
    ],
)
async def test_garbage_is_no_token(door: Entrance, header: str) -> None:
    assert (await door.post(door.press(), header=header)).status == 401
    assert door.heard.told == []


async def test_a_service_url_that_is_not_microsofts_is_refused_though_the_token_says_so(
    door: Entrance,
) -> None:
    home = door.teams.url.removeprefix("http://")
    for url in (
        "https://evil.example/",
        f"http://x@{home}/teams/",
        f"https://{home}/teams/",
        f"http://{home}.evil.example/",
        f"http://{home}\n/teams/",
        "http://[/teams/",
        "",
    ):
        assert await door.signed(door.press(serviceUrl=url)) == 401
    assert door.heard.told == []


def test_only_microsofts_own_hosts_are_in_its_public_cloud() -> None:
    assert all(host.startswith("https://smba.") for host in PUBLIC.hosts)


async def test_what_is_signed_for_one_place_is_not_for_another(door: Entrance) -> None:
    body = door.press()
    header = door.teams.signed(body | {"serviceUrl": f"{door.teams.url}/emea/"})
    assert (await door.post(body, header=header)).status == 401


@pytest.mark.parametrize(
    "change",
    [
        {"channelId": "webchat"},
        {"channelId": None},
        {"channelId": ["msteams"]},
        {"channelData": {"tenant": {"id": OTHER}}},
        {"channelData": {"tenant": {"id": None}}},
        {"channelData": {}, "conversation": {"id": "19:x", "tenantId": OTHER}},
        {"channelData": None, "conversation": {"id": "19:x"}},
        {"conversation": {"id": "19:x", "tenantId": OTHER}},
    ],
)
async def test_another_channel_and_another_tenant_are_refused(door: Entrance, change: Json) -> None:
    assert await door.signed(door.press() | change) == 401
    assert door.heard.told == []


async def test_the_tenant_of_the_conversation_counts_where_no_other_is_named(door: Entrance) -> None:
    body = door.press() | {"channelData": {}, "conversation": {"id": "a:1", "tenantId": TENANT.upper()}}
    assert await door.signed(body) == 200


async def test_every_tenant_on_the_list_is_heard(teams: Teams) -> None:
    async with an_entrance(teams, tenants=frozenset({TENANT, OTHER})) as door:
        for tenant in (TENANT, OTHER):
            body = door.press() | {"channelData": {"tenant": {"id": tenant}}, "conversation": {"id": "19:x"}}
            assert await door.signed(body) == 200


async def test_a_key_that_may_not_speak_for_teams_is_not_believed(door: Entrance) -> None:
    door.teams.issuer.endorsements = ["webchat"]
    assert await door.signed() == 401


async def test_without_app_id_secret_or_tenant_the_door_does_not_open(teams: Teams) -> None:
    async with client() as http:
        for change in (
            {"app_id": ""},
            {"secret": ""},
            {"tenants": frozenset()},
            {"tenants": frozenset({""})},
        ):
            settings = teams.settings(**change)
            keys = Keys(http, settings.cloud, Watch())
            with pytest.raises(BadSettings, match=next(iter(change))):
                http_routes(Heard(), settings, keys, once=Names().once)


async def test_a_refusal_says_why_to_the_log_alone(
    door: Entrance, capsys: pytest.CaptureFixture[str]
) -> None:
    body = door.press(text="our parcel never came")
    header = door.teams.signed(body, aud=OTHER)
    answer = await door.post(body, header=header)
    assert answer.body == {"error": "invalid request"}
    said = capsys.readouterr()
    logged = said.out + said.err
    assert "InvalidAudienceError" in logged
    for secret in (header.removeprefix("Bearer "), door.settings.secret, "parcel", "Rosa", OTHER):
        assert secret not in logged


async def test_the_claims_are_returned(teams: Teams) -> None:
    body = teams.activity("message", by="29:x", text="hi")
    async with client() as http:
        keys = Keys(http, teams.cloud, Watch())
        claims = await verified(keys, teams.signed(body), body, teams.settings())
        assert claims["serviceurl"] == teams.service
        with pytest.raises(NotGenuine):
            await verified(keys, "", body, teams.settings())
