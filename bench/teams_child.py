"""What is pressed in Teams, each a process of its own: the product, and a bare bot that only answers.

`ours RECORD MICROSOFT` is the product: token, who may, the record, the card in the answer. `bare MICROSOFT
ANSWER` is botbuilder-core by itself: its adapter with its own check of the token, and a handler that gives
ANSWER to everybody. Its route is that of the samples (learn.microsoft.com/en-us/azure/bot-service/
bot-builder-basics). `lean MICROSOFT ANSWER` is the same without the two HTTP clients that the adapter makes
anew for every turn, which an answer needs as little as ours does. All take presses at the address they tell.
"""

# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import AsyncExitStack
from datetime import timedelta
from itertools import count
from typing import Any, cast

from aiohttp import web
from botbuilder.core import ActivityHandler, CloudAdapterBase, InvokeResponse
from botbuilder.schema import Activity
from botframework.connector.auth import (
    AuthenticationConfiguration,
    BotFrameworkAuthenticationFactory,
    PasswordServiceClientCredentialFactory,
)

from adapters.chat.after import Afterwards
from adapters.chat.teams.app import TeamsApp
from adapters.chat.teams.channel import Posted
from adapters.chat.teams.connector import Connector
from adapters.chat.teams.directory import Directory
from adapters.chat.teams.door import PATH, http_routes
from adapters.chat.teams.known import Known
from adapters.chat.teams.settings import TeamsSettings
from adapters.chat.teams.tokens import Keys
from adapters.http import client
from adapters.store.redis import RedisStore
from adapters.web import public_app
from bench.process import run
from bench.serving import house, nothing, served, told_to_end
from bench.stage import Stage
from bot.domain.card import Card
from bot.domain.team import Person
from bot.flows.front import Front
from bot.main.wiring import now
from bot.ports import REMEMBERED
from tests.adapters.msteams import Teams

#: Who presses, and which Entra ID that is.
PERSON, AAD = "maya", "0a0c7d2e-2222-4222-8333-944455556661"


class Board:
    """The channel, as the record knows it: a card stands there at once, with no Teams to be posted to."""

    pace: timedelta | None = None

    def __init__(self, settings: TeamsSettings) -> None:
        """Cards stand in the first place of the settings."""
        self._place, self._next = settings.places[0], count(1_700_000_000_000)
        self.name = f"teams:{self._place.name}"

    async def draw(self, card: Card, posted: str | None) -> str:  # noqa: ARG002 the port's
        """Return where the card stands."""
        return posted or str(Posted(self._place.channel, str(next(self._next))))

    async def tell(self, person: Person, words: str) -> bool:  # noqa: ARG002
        """Reach nobody."""
        return False


def settings_of(microsoft: str) -> TeamsSettings:
    """Return settings that point at the fake Microsoft at an address."""
    teams = Teams()
    teams.url = microsoft
    return teams.settings()


async def ours(record: str, microsoft: str) -> None:
    """Take presses as `levelhead run` does."""
    settings, after = settings_of(microsoft), Afterwards()
    async with AsyncExitStack() as stack:
        stage: Stage[RedisStore] = await stack.enter_async_context(house(record, Board(settings)))
        connector = await stack.enter_async_context(Connector(settings))
        http = await stack.enter_async_context(client())
        known = Known(stage.store.keeper, settings)
        directory = Directory(stage.parts.team, connector, known, settings, clock=now, ids={AAD: PERSON})
        stack.push_async_callback(after.finished)

        async def once(name: str) -> bool:
            return await stage.store.once(f"teams:{name}", keep=REMEMBERED)

        bot = Front(stage.parts)
        app = TeamsApp(bot, settings, connector, known, directory, clock=now, once=once, after=after)
        routes = http_routes(app, settings, Keys(http, settings.cloud, now), once=once, after=after)
        async with served(public_app(nothing, limits={}, more=routes), PATH):
            await told_to_end()


# The library has no types: its classes are cast here, once.
_Adapter, _Read = cast("type[Any]", CloudAdapterBase), cast("type[Any]", Activity)
_Handler = cast("type[Any]", ActivityHandler)


class _Bare(_Handler):
    """Gives the same answer to every press."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self._answer = answer

    async def on_invoke_activity(self, _: Any) -> Any:
        return InvokeResponse(status=200, body=self._answer)


async def bare(microsoft: str, answer: str, *, lean: bool) -> None:
    """Answer presses, and do nothing else."""
    check = _check(settings_of(microsoft))
    adapter, bot = _Adapter(_Lean(check) if lean else check), _Bare(json.loads(answer))

    async def messages(request: web.Request) -> web.Response:
        activity = _Read.deserialize(await request.json())
        header = request.headers.get("Authorization", "")
        said = await adapter.process_activity(header, activity, bot.on_turn)
        return web.json_response(said.body, status=said.status)

    app = web.Application()
    app.router.add_post(PATH, messages)
    async with served(app, PATH):
        await told_to_end()


class _Lean:
    """Checks as the library does, and gives a turn no way out."""

    def __init__(self, check: Any) -> None:
        self._check = check

    async def authenticate_request(self, *asked: Any) -> Any:
        allowed = await self._check.authenticate_request(*asked)
        allowed.connector_factory = self
        return allowed

    async def create(self, *_: Any) -> object:
        return self

    async def create_user_token_client(self, _: Any) -> None:
        return None


def _check(settings: TeamsSettings) -> Any:
    """Return botbuilder's own check, pointed at the fake Microsoft."""
    cloud = settings.cloud
    secret = cast("Any", PasswordServiceClientCredentialFactory)(
        settings.app_id, settings.secret, tenant_id=settings.tenant
    )
    return cast("Any", BotFrameworkAuthenticationFactory).create(
        validate_authority=True,
        to_channel_from_bot_login_url=f"{cloud.login}/{settings.tenant}",
        to_channel_from_bot_oauth_scope=cloud.issuer,
        to_bot_from_channel_token_issuer=cloud.issuer,
        oauth_url="https://token.botframework.com",
        to_bot_from_channel_open_id_metadata_url=cloud.metadata,
        to_bot_from_emulator_open_id_metadata_url=cloud.metadata,
        caller_id=None,
        credential_factory=secret,
        auth_configuration=AuthenticationConfiguration(),
        http_client_factory=None,
        connector_client_configuration=None,
        logger=None,
    )


def main() -> None:
    """Do what the command line asks for."""
    match sys.argv[1:]:
        case ["ours", record, microsoft]:
            asyncio.run(ours(record, microsoft))
        case ["bare" | "lean" as kind, microsoft, answer]:
            asyncio.run(bare(microsoft, answer, lean=kind == "lean"))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    run(main)
