"""The fake Microsoft itself: what it takes, what it refuses, and what it can be told to do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from adapters.http import client
from tests.adapters.msteams import SECRET, Teams, a_teams
from tests.adapters.msteams_issuer import SCOPE

CARD = {"type": "AdaptiveCard", "version": "1.5", "body": []}


def with_card(**changes: Any) -> dict[str, Any]:
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": CARD | changes}]}


class Bot:
    def __init__(self, teams: Teams, http: httpx2.AsyncClient) -> None:
        self.teams, self.http, self.token = teams, http, ""

    async def sign_in(self) -> httpx2.Response:
        form = {"grant_type": "client_credentials", "client_id": self.teams.app, "client_secret": SECRET}
        where = f"{self.teams.cloud.login}/{self.teams.tenant}/oauth2/v2.0/token"
        answer = await self.http.post(where, data=form | {"scope": SCOPE})
        self.token = answer.json().get("access_token", "") if answer.is_success else ""
        return answer

    async def ask(self, method: str, *path: str, body: Any = None, **query: str) -> httpx2.Response:
        names = "".join(f"/{quote(part, safe='')}" for part in path)
        where = f"{self.teams.service}v3/conversations{names}"
        headers = {"Authorization": f"Bearer {self.token}"}
        return await self.http.request(method, where, json=body, headers=headers, params=query)


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with a_teams() as teams, client() as http:
        one = Bot(teams, http)
        await one.sign_in()
        yield one


async def test_a_card_is_posted_answered_below_and_updated_in_place(bot: Bot) -> None:
    channel = bot.teams.channel
    card = (await bot.ask("POST", channel, "activities", body=with_card())).json()["id"]
    below = await bot.ask(
        "POST", f"{channel};messageid={card}", "activities", body={"type": "message", "text": "hi"}
    )
    again = await bot.ask("PUT", channel, "activities", card, body=with_card(lang="en"))
    assert (below.status_code, again.status_code) == (201, 200)
    stands = bot.teams.activities(channel)
    assert [one["id"] for one in stands] == [card, below.json()["id"]]
    assert stands[0]["attachments"][0]["content"]["lang"] == "en"
    assert [one["text"] for one in bot.teams.activities(f"{channel};messageid={card}")] == ["hi"]


async def test_what_teams_would_not_take_is_refused(bot: Bot) -> None:
    for body, status in (
        (with_card(version="1.6"), 400),
        (with_card(lang="x" * 15_000), 413),
        (with_card() | {"attachments": with_card()["attachments"] * 2}, 400),
    ):
        assert (await bot.ask("POST", bot.teams.channel, "activities", body=body)).status_code == status
    assert (await bot.ask("POST", "19:other", "activities", body=with_card())).status_code == 404
    bot.teams.remove_bot(bot.teams.channel)
    gone = await bot.ask("POST", bot.teams.channel, "activities", body=with_card())
    assert (gone.status_code, gone.json()["error"]["code"]) == (403, "BotNotInConversationRoster")
    bot.teams.expire_tokens()
    assert (await bot.ask("POST", bot.teams.channel, "activities", body=with_card())).status_code == 401


async def test_it_fails_on_demand_and_loses_answers(bot: Bot) -> None:
    bot.teams.fail_next("send", 429, retry_after=2)
    busy = await bot.ask("POST", bot.teams.channel, "activities", body=with_card())
    assert (busy.status_code, busy.headers["Retry-After"]) == (429, "2")
    bot.teams.lose_next("send")
    with pytest.raises(httpx2.TransportError):
        await bot.ask("POST", bot.teams.channel, "activities", body=with_card())
    assert len(bot.teams.activities(bot.teams.channel)) == 1
    bot.teams.fail_next("token", 401, error="invalid_client")
    assert (await bot.sign_in()).json()["error"] == "invalid_client"
    bot.teams.down = True
    assert (await bot.sign_in()).status_code == 503


async def test_people_are_found_and_have_one_chat_each(bot: Bot) -> None:
    rosa = bot.teams.member("aad-1", name="Rosa Lu", upn="rosa@example.com")
    bot.teams.member("aad-2", name="Mark", upn="mark@example.com", role="guest")
    found = await bot.ask("GET", bot.teams.channel, "members", "aad-1")
    assert found.json()["id"] == rosa
    page = (await bot.ask("GET", bot.teams.team, "pagedmembers", pageSize="1")).json()
    rest = await bot.ask("GET", bot.teams.team, "pagedmembers", continuationToken=page["continuationToken"])
    assert [one["userRole"] for one in rest.json()["members"]] == ["guest"]
    asked = {"isGroup": False, "members": [{"id": "aad-1"}], "tenantId": bot.teams.tenant}
    chats = {(await bot.ask("POST", body=asked)).json()["id"] for _ in range(2)}
    assert chats == {bot.teams.personal(rosa)}
