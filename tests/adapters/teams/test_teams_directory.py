"""Who somebody in Teams is: by object ID, by address, by team; and who never decides."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from adapters.chat.granting import Grant
from adapters.chat.teams.connector import Connector
from adapters.chat.teams.directory import Directory
from adapters.chat.teams.known import Known
from bot.domain.team import Person, Role
from bot.ports import Refusal
from tests.adapters.msteams import CHANNEL, Teams
from tests.adapters.teams.drawing.teams_houses import Notebook
from tests.builders import MANAGER, RESPONDER, TEAM, Watch
from tests.flows.houses import until

ROSA, MARK, GUEST = "0a0c7d2e-2222-4222-8333-944455556661", "aad-mark", "aad-guest"
LEADS, ALL = "19:leads-of-all@thread.tacv2", "19:everybody@thread.tacv2"
IDS = {ROSA.upper(): "rosa", "Mark@Brightloaf.example": "mark", GUEST: "omar"}
GROUPS = {
    LEADS: Grant(roles=frozenset({Role.MANAGER}), desks=frozenset({"legal"})),
    ALL: Grant(frozenset({Role.RESPONDER})),
}


@pytest_asyncio.fixture
async def connector(teams: Teams) -> AsyncIterator[Connector]:
    teams.member(ROSA, name="Rosa Diaz", upn="rosa@brightloaf.example")
    teams.member(MARK, name="Mark Lee", upn="mark@brightloaf.example")
    async with Connector(teams.settings()) as connector:
        yield connector


def directory(teams: Teams, connector: Connector, watch: Watch, **changes: Any) -> Directory:
    settings = teams.settings(**changes.pop("settings", {}))
    own: dict[str, Any] = {"ids": IDS, "clock": watch, **changes}
    return Directory(TEAM, connector, Known(Notebook(), settings), settings, **own)


async def test_a_person_is_known_by_object_id_and_by_address(
    teams: Teams, connector: Connector, watch: Watch
) -> None:
    who = directory(teams, connector, watch)
    assert await who.find(ROSA) == RESPONDER
    assert await who.find(ROSA.upper()) == RESPONDER
    assert await who.find(MARK) == MANAGER


async def test_a_colleague_who_is_not_listed_is_told_what_is_needed(
    teams: Teams, connector: Connector, watch: Watch
) -> None:
    teams.member("aad-new", name="New", upn="new@brightloaf.example")
    answer = await directory(teams, connector, watch).find("aad-new")
    assert isinstance(answer, Refusal)
    assert 'team.toml to add teams = "aad-new"' in answer.says


@pytest.mark.parametrize(
    ("says", "word"),
    [
        ({"role": "guest"}, "guests"),
        ({"role": "user", "upn": "eve_elsewhere.example#EXT#@brightloaf.example"}, "guests"),
        ({"role": "anonymous"}, "account of this organisation"),
        ({"role": ""}, "account of this organisation"),
        ({"role": "owner-of-something-new"}, "account of this organisation"),
        ({"tenant": "0b0c7d2e-1111-4222-8333-944455556666"}, "other organisations"),
        ({"tenant": ""}, "other organisations"),
    ],
)
async def test_some_never_decide_even_with_an_id_on_the_list(
    teams: Teams, connector: Connector, watch: Watch, says: dict[str, str], word: str
) -> None:
    given = {"name": "Eve", "upn": "omar@brightloaf.example", **says}
    teams.member(GUEST, **given)  # pyright: ignore[reportArgumentType]
    teams.member(GUEST, team=LEADS, **given)  # pyright: ignore[reportArgumentType]
    answer = await directory(teams, connector, watch, groups=GROUPS).find(GUEST)
    assert isinstance(answer, Refusal)
    assert word in answer.says


async def test_somebody_without_an_object_id_never_decides(
    teams: Teams, connector: Connector, watch: Watch
) -> None:
    answer = await directory(teams, connector, watch).find("")
    assert isinstance(answer, Refusal)
    assert "sign in with yours" in answer.says
    assert teams.times("member") == 0


async def test_somebody_who_is_in_none_of_our_channels_never_decides(
    teams: Teams, connector: Connector, watch: Watch
) -> None:
    answer = await directory(teams, connector, watch, ids={"aad-404": "rosa"}).find("aad-404")
    assert isinstance(answer, Refusal)
    assert "nobody with your ID" in answer.says


async def test_a_member_whose_answer_names_somebody_else_is_nobody(
    teams: Teams, connector: Connector, watch: Watch
) -> None:
    mri = teams.member(ROSA, name="Rosa Diaz", upn="rosa@brightloaf.example")
    assert isinstance(await directory(teams, connector, watch, ids={mri: "rosa"}).find(mri), Refusal)


async def test_an_address_that_another_organisation_gave_proves_nobody_of_ours(
    teams: Teams, connector: Connector, watch: Watch
) -> None:
    other = "0b0c7d2e-1111-4222-8333-944455556666"
    teams.member("aad-x", name="X", upn="mark@brightloaf.example", tenant=other)
    teams.member("aad-y", name="Y", upn="y@elsewhere.example", tenant=other)
    heard = {"tenants": frozenset({teams.tenant, other})}
    who = directory(teams, connector, watch, settings=heard, ids={**IDS, "aad-y": "rosa"})
    assert isinstance(await who.find("aad-x"), Refusal)
    assert await who.find("aad-y") == RESPONDER  # by their ID, which is theirs alone


async def test_a_team_gives_roles_and_desks(teams: Teams, connector: Connector, watch: Watch) -> None:
    teams.member(ROSA, name="Rosa Diaz", upn="rosa@brightloaf.example", team=LEADS)
    for team in (ALL, teams.team):
        teams.member("aad-all", name="Ali", upn="ali@brightloaf.example", team=team)
    teams.member("aad-none", name="Noa", upn="noa@brightloaf.example")
    teams.page = 1
    who = directory(teams, connector, watch, groups=GROUPS)
    rosa = await who.find(ROSA)
    assert isinstance(rosa, Person)
    assert (rosa.roles, rosa.desks) == ({Role.RESPONDER, Role.MANAGER}, {"legal"})
    ali = await who.find("aad-all")
    assert isinstance(ali, Person)
    assert (ali.id, ali.name, ali.roles) == ("teams:aad-all", "Ali", {Role.RESPONDER})
    assert isinstance(await who.find("aad-none"), Refusal)


async def test_when_teams_cannot_be_read_nobody_has_more_than_their_own_rights(
    teams: Teams, connector: Connector, watch: Watch
) -> None:
    teams.member(ROSA, name="Rosa Diaz", upn="rosa@brightloaf.example", team=LEADS)
    who = directory(teams, connector, watch, groups={"19:of-nobody@thread.tacv2": GROUPS[LEADS]})
    assert await who.find(ROSA) == RESPONDER
    assert isinstance(await who.find("aad-other"), Refusal)


async def test_somebody_is_looked_for_where_they_were_seen_last(
    teams: Teams, connector: Connector, watch: Watch
) -> None:
    elsewhere = "19:another-team@thread.tacv2"
    teams.member("aad-z", name="Zoe", upn="zoe@brightloaf.example", team=elsewhere)
    who = directory(teams, connector, watch, ids={"aad-z": "rosa"})
    who.saw("aad-z", f"{elsewhere};messageid=1")
    assert await who.find("aad-z") == RESPONDER


async def test_where_we_were_removed_nobody_is_taken_for_a_stranger(
    teams: Teams, connector: Connector, watch: Watch
) -> None:
    teams.remove_bot(CHANNEL)
    answer = await directory(teams, connector, watch).find(ROSA)
    assert isinstance(answer, Refusal)
    assert "did not tell us who you are" in answer.says
    teams.install_bot(CHANNEL)
    assert isinstance(await directory(teams, connector, watch).find(ROSA), Person)


async def test_people_are_asked_for_once_in_ten_minutes(
    teams: Teams, connector: Connector, watch: Watch
) -> None:
    who = directory(teams, connector, watch)
    for _ in range(3):
        assert await who.find(ROSA) == RESPONDER
    assert teams.times("member") == 1
    teams.member(ROSA, name="Rosa Diaz", upn="rosa@brightloaf.example", role="guest")
    watch.move(minutes=10)
    assert isinstance(await who.find(ROSA), Refusal)


async def test_who_is_at_work_never_waits_for_teams(teams: Teams, connector: Connector, watch: Watch) -> None:
    who = directory(teams, connector, watch)
    await who.warm()
    asked = teams.times("member")
    watch.move(minutes=6)
    release = teams.hold("member")
    assert await who.find(ROSA) == RESPONDER  # and asks again meanwhile
    release()
    await until(lambda: teams.times("member") == asked + 1)


async def test_when_teams_is_away_who_we_knew_may_go_on_for_an_hour(
    teams: Teams, connector: Connector, watch: Watch
) -> None:
    who = directory(teams, connector, watch)
    assert await who.find(ROSA) == RESPONDER
    teams.down = True
    watch.move(minutes=59)
    assert await who.find(ROSA) == RESPONDER
    watch.move(minutes=2)
    answer = await who.find(ROSA)
    assert isinstance(answer, Refusal)
    assert "nothing was done" in answer.says
    assert isinstance(await who.find("aad-new"), Refusal)


async def test_what_somebody_is_called_is_kept_for_those_who_write_to_them(
    teams: Teams, connector: Connector, watch: Watch
) -> None:
    settings, notes = teams.settings(), Notebook()
    known = Known(notes, settings)
    who = Directory(TEAM, connector, known, settings, ids=IDS, clock=watch)
    assert await who.find(MARK) == MANAGER
    assert await known.behind("MARK@brightloaf.example") == MARK
