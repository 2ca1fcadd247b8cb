"""The HTTP door over real loopback: what comes in whole, what is refused early, what nobody gets to see."""

import asyncio
import gzip
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession
from structlog.testing import capture_logs

from adapters.web import Door, public_app
from bot.errors import BadInput, BadSettings, NotGenuine, Replayed, StoreUnavailable, TooLarge

MOST = 1000


class Receiver:
    """Keeps what it was given; raises `problem` instead where it has one."""

    def __init__(self, problem: Exception | None = None) -> None:
        self.got: list[tuple[str, Mapping[str, str], bytes]] = []
        self.problem = problem

    async def __call__(
        self, name: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, Any]]:
        if self.problem:
            raise self.problem
        self.got.append((name, headers, body))
        return 202, {"taken": len(body)}


@asynccontextmanager
async def a_door(receiver: Receiver, *, idle: float = 20, within: float = 20) -> AsyncGenerator[str]:
    async with Door(idle=idle) as door:
        app = public_app(receiver, limits={"shop": MOST}, within=within)
        yield await door.open(app, "127.0.0.1", 0)


@asynccontextmanager
async def posting(url: str, data: Any, **headers: str) -> AsyncGenerator[tuple[int, Any]]:
    async with ClientSession() as session, session.post(url, data=data, headers=headers) as response:
        yield response.status, await response.json()


async def test_it_says_that_it_is_up() -> None:
    async with (
        a_door(Receiver()) as base,
        ClientSession() as session,
        session.get(f"{base}/healthz") as answer,
    ):
        assert (answer.status, await answer.text()) == (200, "ok\n")


async def test_a_push_reaches_its_receiver_as_it_was_sent() -> None:
    receiver = Receiver()
    async with (
        a_door(receiver) as base,
        posting(f"{base}/hooks/shop", b"hello", **{"X-Signature": "abc"}) as answer,
    ):
        assert answer == (202, {"taken": 5})
    [(name, headers, body)] = receiver.got
    assert (name, headers["x-signature"], body) == ("shop", "abc", b"hello")


async def test_a_signature_is_checked_over_the_bytes_that_came() -> None:
    receiver, packed = Receiver(), gzip.compress(b"hello")
    async with (
        a_door(receiver) as base,
        posting(f"{base}/hooks/shop", packed, **{"Content-Encoding": "gzip"}) as (status, _),
    ):
        assert status == 202
    assert receiver.got[0][2] == packed


async def test_a_name_nobody_receives_under_is_not_found() -> None:
    async with a_door(Receiver()) as base, posting(f"{base}/hooks/other", b"x") as (status, answer):
        assert status == 404
        assert "nothing receives here" in answer["error"]


async def test_a_hook_takes_nothing_but_posts() -> None:
    async with (
        a_door(Receiver()) as base,
        ClientSession() as session,
        session.get(f"{base}/hooks/shop") as answer,
    ):
        assert answer.status == 405
        assert answer.headers["Allow"] == "POST"


async def test_a_body_that_says_it_is_too_large_is_not_read() -> None:
    receiver = Receiver()
    async with (
        a_door(receiver) as base,
        posting(f"{base}/hooks/shop", b"x" * (MOST + 1)) as (status, answer),
    ):
        assert status == 413
        assert str(MOST) in answer["error"]
    assert receiver.got == []


async def test_a_body_at_the_limit_is_taken() -> None:
    async with a_door(Receiver()) as base, posting(f"{base}/hooks/shop", b"x" * MOST) as (status, _):
        assert status == 202


async def test_a_body_without_a_length_is_refused_before_it_is_all_here() -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 50_000_000:
            sent += 64_000
            yield b"x" * 64_000

    receiver = Receiver()
    async with a_door(receiver) as base:
        reader, writer = await asyncio.open_connection(*base.removeprefix("http://").split(":"))
        writer.write(b"POST /hooks/shop HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        async for chunk in endless():
            writer.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            await writer.drain()
            if sent > 1_000_000:
                break
        # The body has not ended, and never will: the answer is here all the same.
        line = await asyncio.wait_for(reader.readline(), 5)
        writer.close()
    assert b" 413 " in line
    assert receiver.got == []


async def test_a_body_that_never_comes_is_not_waited_for() -> None:
    async with a_door(Receiver(), within=0.05) as base:
        reader, writer = await asyncio.open_connection(*base.removeprefix("http://").split(":"))
        writer.write(b"POST /hooks/shop HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf")
        line = await asyncio.wait_for(reader.readline(), 5)
        writer.close()
    assert b" 408 " in line


async def test_headers_that_never_end_close_the_connection() -> None:
    async with a_door(Receiver(), idle=0.1) as base:
        reader, writer = await asyncio.open_connection(*base.removeprefix("http://").split(":"))
        writer.write(b"POST /hooks/shop HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (NotGenuine("the signature is wrong"), 401),
        (Replayed("it is stale"), 409),
        (TooLarge("too many items"), 413),
        (BadInput("line 3: expected a text"), 422),
        (StoreUnavailable("away"), 503),
    ],
)
async def test_what_is_wrong_with_a_push_is_told_by_its_status(problem: Exception, status: int) -> None:
    async with a_door(Receiver(problem)) as base, posting(f"{base}/hooks/shop", b"x") as (got, answer):
        assert got == status
        assert answer["error"]


async def test_what_nobody_expected_is_logged_with_the_id_the_client_is_told() -> None:
    async with a_door(Receiver(RuntimeError("Ada wrote: my card is 4111"))) as base:
        with capture_logs() as logs:
            async with posting(f"{base}/hooks/shop", b"x") as (status, answer):
                assert status == 500
    [event] = [log for log in logs if log["event"] == "request_failed"]
    assert event["id"] == answer["id"]
    assert event["error"] == "RuntimeError"
    assert "4111" not in str(answer) + str(logs)
    assert "Traceback" not in str(answer)


async def test_the_log_has_no_query_and_no_line_of_its_own_making() -> None:
    with capture_logs() as logs:
        async with a_door(Receiver()) as base, ClientSession() as session:
            await session.get(f"{base}/nothing%0Ahere?token=secret")
    [line] = [log for log in logs if log["event"] == "http"]
    assert line["path"] == "/nothing%0Ahere"
    assert "secret" not in str(logs)


async def test_a_port_in_use_is_said_in_words() -> None:
    async with a_door(Receiver()) as base, Door() as second:
        port = int(base.rsplit(":", 1)[1])
        with pytest.raises(BadSettings, match=f"port {port} on '127.0.0.1' is in use already"):
            await second.open(public_app(Receiver(), limits={}), "127.0.0.1", port)


async def test_an_address_of_another_machine_is_refused_in_words() -> None:
    async with Door() as door:
        with pytest.raises(BadSettings, match=r"cannot listen on port 0 on '192\.0\.2\.1'"):
            await door.open(public_app(Receiver(), limits={}), "192.0.2.1", 0)


async def test_a_closed_door_lets_its_port_go() -> None:
    async with a_door(Receiver()) as base:
        port = int(base.rsplit(":", 1)[1])
    async with Door() as door:
        assert await door.open(public_app(Receiver(), limits={}), "127.0.0.1", port) == base
