"""Another system pushes mentions at the running bot: each is taken in once, or refused with its status."""

from __future__ import annotations

import json
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn

import aiohttp
import pytest
import pytest_asyncio

from adapters.platforms.webhook import SIGNATURE, TIMESTAMP, sign
from adapters.web import Door, public_app
from bot.errors import StoreUnavailable
from bot.main import wiring
from bot.main.running import _hook, _limits
from bot.main.wiring import House
from bot.settings import load_settings

SECRET = "a secret long enough"
ONE = {"id": "1", "text": "My order never came.", "author": {"handle": "ada"}}
MIB = 1024 * 1024

Push = Callable[..., Awaitable[tuple[int, Any]]]


@pytest_asyncio.fixture
async def house() -> AsyncIterator[House]:
    with tempfile.TemporaryDirectory(prefix="lh-") as folder:
        settings = load_settings(Path(folder), {"LEVELHEAD_WEBHOOK_REVIEWS_SECRET": SECRET}, demo=True)
        async with wiring.connect(settings) as house:
            yield house


def signed(body: bytes, *, secret: str = SECRET, ago: timedelta = timedelta(0)) -> dict[str, str]:
    at = str(int((datetime.now(UTC) - ago).timestamp()))
    return {TIMESTAMP: at, SIGNATURE: sign(secret, at, body)}


@asynccontextmanager
async def open_door(house: House) -> AsyncIterator[Push]:
    async with Door() as door, aiohttp.ClientSession() as browser:
        url = await door.open(public_app(_hook(house), limits=_limits(house)), "127.0.0.1", 0)

        async def push(body: bytes, headers: dict[str, str] | None = None) -> tuple[int, Any]:
            where = f"{url}/hooks/reviews"
            async with browser.post(where, data=BytesIO(body), headers=headers or signed(body)) as answer:
                return answer.status, await answer.json()

        yield push


async def test_the_same_request_again_is_refused_and_opens_no_second_case(house: House) -> None:
    body = json.dumps(ONE).encode()
    headers = signed(body)
    async with open_door(house) as push:
        status, told = await push(body, headers)
        assert (status, told["new"]) == (202, 1)
        status, told = await push(body, headers)
        assert status == 409
        assert "taken in before" in told["error"]
        status, told = await push(body, signed(body, ago=timedelta(seconds=2)))
        assert (status, told["new"], told["known"]) == (202, 0, 1), "signed anew it is the same mention"
    assert await house.store.count_open() == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b'{"text": "\xff"}', 400),
        (b"[" * 100_000, 400),
        (b'"a mention"', 422),
        (b'{"mentions": 1}', 422),
        (b" " * (5 * MIB), 413),
    ],
)
async def test_what_cannot_be_read_is_refused_with_its_status(house: House, body: bytes, status: int) -> None:
    async with open_door(house) as push:
        assert (await push(body))[0] == status
        assert (await push(json.dumps(ONE).encode()))[0] == 202, "and the next one is taken in"


async def test_who_cannot_prove_themselves_or_is_late_is_refused(house: House) -> None:
    body = json.dumps(ONE).encode()
    async with open_door(house) as push:
        assert (await push(body, signed(body, secret="another secret, as long")))[0] == 401
        assert (await push(body, {"X-Other": "header"}))[0] == 401
        assert (await push(body, signed(body, ago=timedelta(minutes=6))))[0] == 409
    assert await house.store.count_open() == 0


async def test_one_bad_item_costs_the_good_ones_nothing_and_is_there_to_see(house: House) -> None:
    body = json.dumps({"mentions": [ONE, ONE | {"id": "2", "shout": True}]}).encode()
    async with open_door(house) as push:
        status, told = await push(body)
    assert (status, told["new"]) == (202, 1)
    assert "mentions[1].shout" in told["refused"][0]["error"]
    (aside,) = await house.store.asides()
    assert "mentions[1].shout" in aside.reason


class Gone:
    """The record, of which new mentions cannot be kept."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def receive(self, _: Any) -> NoReturn:
        raise StoreUnavailable("gone for a minute")


async def test_what_could_not_be_kept_is_no_replay_when_it_is_sent_again(house: House) -> None:
    body = json.dumps(ONE).encode()
    headers = signed(body)
    away: Any = Gone(house.store)
    async with open_door(replace(house, parts=replace(house.parts, store=away))) as push:
        status, told = await push(body, headers)
    assert status == 503
    assert "send it again" in told["error"]
    async with open_door(house) as push:
        assert (await push(body, headers))[0] == 202
