"""What Teams told us: where its servers are, and what people are called there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from adapters.chat.teams.activity import Activity
from adapters.chat.teams.known import Known
from tests.adapters.msteams import Teams
from tests.adapters.teams.drawing.teams_houses import Notebook

ROSA = "11111111-2222-4333-8444-555555555555"


def heard(teams: Teams, **changes: Any) -> Activity:
    rosa = teams.member(ROSA, name="Rosa", upn="rosa@brightloaf.example")
    return Activity.read(teams.activity("message", by=rosa, text="help", **changes))


async def test_the_newest_service_url_is_used_by_every_process(
    teams: Teams, known: Known, notebook: Notebook
) -> None:
    assert await known.service() == teams.service
    await known.heard(heard(teams, serviceUrl=f"{teams.url}/emea/"))
    await known.heard(heard(teams, serviceUrl=f"{teams.url}/amer/"))
    assert await known.service() == f"{teams.url}/amer/"
    assert await Known(notebook, teams.settings()).service() == f"{teams.url}/amer/"


@pytest.mark.parametrize("service", ["https://evil.example/teams/", "", "http://localhost/teams/"])
async def test_a_service_url_that_is_not_microsofts_is_never_used(
    teams: Teams, known: Known, notebook: Notebook, service: str
) -> None:
    await known.heard(heard(teams, serviceUrl=service))
    assert notebook.pages == {}
    assert await known.service() == teams.service
    notebook.pages["teams:service"] = service
    assert await known.service() == teams.service


async def test_another_organisations_service_url_is_not_ours(teams: Teams, known: Known) -> None:
    other = heard(
        teams,
        serviceUrl=f"{teams.url}/amer/",
        channelData={"tenant": {"id": "00000000-0000-4000-8000-000000000000"}},
    )
    await known.heard(other)
    assert await known.service() == teams.service


async def test_what_is_heard_again_is_not_written_again(
    teams: Teams, known: Known, notebook: Notebook
) -> None:
    for _ in range(5):
        await known.heard(heard(teams))
    assert await known.user_id(ROSA) == f"29:{ROSA}"
    assert notebook.writes == 2


async def test_whose_address_it_is_stands_nowhere_to_be_read(known: Known, notebook: Notebook) -> None:
    await known.keep_address("Rosa@Brightloaf.example", ROSA)
    assert await known.behind(" rosa@brightloaf.example") == ROSA
    assert await known.behind("mark@brightloaf.example") is None
    kept: Sequence[str] = [*notebook.pages, *notebook.pages.values()]
    assert not any("rosa" in one.casefold() for one in kept)
