"""`levelhead check` on Teams: what is wrong is named, with what to do about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.chat.teams.checking import check
from adapters.chat.teams.settings import TeamsPlace, TeamsSettings
from tests.adapters.msteams import APP, CHANNEL, TENANT, Teams

Said = dict[str, tuple[bool | None, str]]
ANOTHER = "00000000-0000-4000-8000-000000000000"
OUTSIDE = "2 of its 3 members are guests or of another organisation"
#: What nobody can see from here, or can change.
TO_KNOW = {"teams requests", "teams library"}


def now() -> datetime:
    return datetime.now(UTC)


async def said(settings: TeamsSettings) -> Said:
    found = await check(settings, settings.cloud.service, now=now)
    return {name: (ok, says) for ok, name, says in found}


async def test_an_app_as_it_should_be_has_nothing_wrong(teams: Teams) -> None:
    teams.member("aad-1", name="Rosa", upn="rosa@example.com")
    found = await said(teams.settings())
    assert {name: ok for name, (ok, _) in found.items() if name not in TO_KNOW} == dict.fromkeys(
        ["teams credentials", "teams channel team", "teams keys", "teams clock"], True
    )
    assert found["teams credentials"][1] == f"work: the app {APP} in the tenant {TENANT}"
    assert found["teams channel team"][1] == f"{CHANNEL} is there, and the app is in it"
    assert teams.sent == [], "it posts nothing"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"secret": "an-older-one"},
         "Teams refused a token (invalid_client, 7000215): the app has no such secret (a secret's ID"),
        ({"app_id": ANOTHER}, "(unauthorized_client, 700016): the tenant does not know the app: compare"),
        ({"tenant": ANOTHER}, "(invalid_request, 90002): there is no such tenant: teams.tenant is the"),
    ],
)  # fmt: skip
async def test_credentials_that_do_not_work_are_told_by_what_is_wrong_with_them(
    teams: Teams, change: dict[str, Any], says: str
) -> None:
    found = await said(teams.settings(**change))
    assert found["teams credentials"][0] is False
    assert says in found["teams credentials"][1]
    assert "AADSTS" not in found["teams credentials"][1], "its own words may quote ours"
    assert "teams channel team" not in found, "without a token nothing can be said of the channels"
    assert found["teams keys"][0] is True


async def test_a_refusal_without_a_number_is_told_by_its_name(teams: Teams) -> None:
    teams.fail_next("token", 401, error="invalid_client")
    ok, says = (await said(teams.settings()))["teams credentials"]
    assert ok is False
    assert says.startswith("Teams refused a token (invalid_client): the app's secret is wrong or has expired")


async def test_microsoft_out_of_reach_is_said_to_pass(teams: Teams) -> None:
    teams.down = True
    found = await said(teams.settings())
    assert found["teams credentials"][0] is False
    assert found["teams credentials"][1].endswith("; try again in a minute")
    assert found["teams keys"][0] is False
    assert "teams clock" not in found


async def test_keys_that_cannot_be_had_are_wrong_though_the_secret_is_right(teams: Teams) -> None:
    teams.fail_next("metadata", 404)
    found = await said(teams.settings())
    assert found["teams credentials"][0] is True
    assert found["teams keys"][0] is False
    host = teams.url.removeprefix("http://")
    assert f"let this machine reach {host} over https" in found["teams keys"][1]


@pytest.mark.parametrize(("skew", "way"), [(90, "ahead of"), (-90, "behind")])
async def test_a_clock_more_than_a_minute_off_is_wrong(teams: Teams, skew: int, way: str) -> None:
    settings = teams.settings()
    found = await check(settings, teams.service, now=lambda: now() + timedelta(seconds=skew))
    ((ok, _, says),) = [one for one in found if one[1] == "teams clock"]
    assert ok is False
    assert f"seconds {way} Teams': set it by NTP" in says
    assert 80 <= int(says.split()[2]) <= 91


@pytest.mark.parametrize("skew", [50, -50])
async def test_a_clock_less_than_a_minute_off_is_well(teams: Teams, skew: int) -> None:
    found = await check(teams.settings(), teams.service, now=lambda: now() + timedelta(seconds=skew))
    assert [ok for ok, name, _ in found if name == "teams clock"] == [True]


async def test_each_channel_is_looked_at_whatever_is_wrong_with_another(teams: Teams) -> None:
    teams.remove_bot(teams.team)
    places = (
        TeamsPlace("gone", "19:nowhere12@thread.tacv2"), TeamsPlace("thrown-out", teams.team),
        TeamsPlace("fine", CHANNEL),
    )  # fmt: skip
    found = await said(teams.settings(places=places))
    assert {name: ok for name, (ok, _) in found.items() if name.startswith("teams channel")} == {
        "teams channel gone": False, "teams channel thrown-out": False, "teams channel fine": True,
    }  # fmt: skip
    assert found["teams channel gone"][1].startswith("19:nowhere12@thread.tacv2: ")
    assert "there is no such channel" in found["teams channel gone"][1]
    assert "the app is not there: add Levelhead to that team" in found["teams channel thrown-out"][1]


async def test_an_address_that_is_not_microsofts_gets_no_token(teams: Teams) -> None:
    settings = teams.settings()
    found = await check(settings, "https://evil.example/teams/", now=now)
    ((ok, _, says),) = [one for one in found if one[1] == "teams channel team"]
    assert ok is False
    assert "the address is none of Microsoft's: nothing was sent there" in says


async def test_guests_and_people_of_other_organisations_in_a_channel_are_worth_knowing(teams: Teams) -> None:
    teams.member("aad-1", name="Rosa", upn="rosa@example.com")
    teams.member("aad-2", name="Guest", upn="g_other.example#EXT#@example.com", role="guest")
    teams.member("aad-3", name="Other", upn="o@other.example", tenant=ANOTHER)
    found = await check(teams.settings(), teams.service, now=now)
    told = [(ok, says) for ok, name, says in found if name == "teams channel team"]
    assert told[0][0] is True
    assert told[1:] == [
        (None, f"{OUTSIDE}: they read every card there, and decide nothing"),
    ]  # fmt: skip


async def test_another_organisation_that_is_heard_is_named(teams: Teams) -> None:
    teams.member("aad-3", name="Other", upn="o@other.example", tenant=ANOTHER)
    found = await said(teams.settings(tenants=frozenset({TENANT, ANOTHER})))
    assert found["teams tenants"] == (None, f"heard besides your own organisation: {ANOTHER}")
    assert found["teams channel team"][0] is True, "its people are no strangers there"


async def test_what_cannot_be_seen_from_here_is_said(teams: Teams) -> None:
    found = await said(teams.settings())
    ok, says = found["teams requests"]
    assert ok is None
    assert says.startswith("whether Microsoft reaches us cannot be seen from here")
    assert "/teams/messages" in says
    assert found["teams library"][0] is None
    assert "ended with 2025" in found["teams library"][1]


async def test_the_secret_is_in_nothing_that_is_said(teams: Teams) -> None:
    settings = replace(teams.settings(), secret="Aa~a-secret-nobody-should-see")
    assert not [says for _, says in (await said(settings)).values() if "nobody-should-see" in says]
