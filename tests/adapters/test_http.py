"""A platform's failures come back as ours, named for what the caller should do."""

from __future__ import annotations

import asyncio
import gzip
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import httpx2
import pytest

from adapters import http
from bot.errors import MentionGone, PlatformBusy, PlatformError, PlatformRejected, PlatformSilent

if TYPE_CHECKING:
    from collections.abc import Callable


async def ask(answer: httpx2.Response | Exception, method: str = "GET") -> httpx2.Response:
    def platform(_: httpx2.Request) -> httpx2.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    async with http.client(transport=httpx2.MockTransport(platform)) as client:
        return await http.send(client, "square", client.build_request(method, "https://square.example/api"))


async def failure(answer: httpx2.Response | Exception, method: str = "GET") -> PlatformError:
    with pytest.raises(PlatformError) as failed:
        await ask(answer, method)
    return failed.value


async def test_a_good_answer_is_read_to_its_end() -> None:
    packed = gzip.compress(b'{"a": 1}')
    answer = await ask(httpx2.Response(200, headers={"content-encoding": "gzip"}, content=packed))
    assert answer.json() == {"a": 1}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx2.Response(429, headers={"retry-after": "7"}), PlatformBusy),
        (httpx2.Response(429), PlatformBusy),
        (httpx2.Response(503, headers={"retry-after": "7"}), PlatformBusy),
        (httpx2.Response(404), MentionGone),
        (httpx2.Response(410), MentionGone),
        (httpx2.Response(400), PlatformRejected),
        (httpx2.Response(401), PlatformRejected),
        (httpx2.Response(422, json={"error": "too long"}), PlatformRejected),
        (httpx2.ConnectError("refused"), PlatformBusy),
        (httpx2.ConnectTimeout("slow"), PlatformBusy),
    ],
)
async def test_a_clear_answer_means_the_same_for_reading_and_posting(
    answer: httpx2.Response | Exception, kind: type[PlatformError], method: str
) -> None:
    assert type(await failure(answer, method)) is kind


@pytest.mark.parametrize(
    "make",
    [
        lambda: httpx2.Response(500),
        lambda: httpx2.Response(502),
        lambda: httpx2.Response(503),
        lambda: httpx2.ReadTimeout("slow"),
        lambda: httpx2.WriteTimeout("slow"),
        lambda: httpx2.ReadError("reset"),
        lambda: httpx2.RemoteProtocolError("hung up"),
    ],
)
async def test_what_may_have_happened_is_silence_for_a_post_and_can_be_read_again(
    make: Callable[[], httpx2.Response | Exception],
) -> None:
    assert type(await failure(make(), "POST")) is PlatformSilent
    assert type(await failure(make(), "GET")) is PlatformBusy


async def test_the_platforms_wait_is_kept_in_seconds_or_as_a_date_and_never_for_ever() -> None:
    async def wait(says: str) -> timedelta | None:
        busy = await failure(httpx2.Response(429, headers={"retry-after": says}))
        assert isinstance(busy, PlatformBusy)
        return busy.wait

    assert await wait("7") == timedelta(seconds=7)
    assert await wait("99999999") == timedelta(hours=1)
    assert await wait("soon") is None
    assert await wait("-5") is None
    soon = await wait(format_datetime(datetime.now(UTC) + timedelta(seconds=60)))
    assert soon is not None
    assert timedelta(seconds=50) < soon <= timedelta(seconds=60)
    assert await wait("Sun, 06 Nov 1994 08:49:37 GMT") == timedelta(0)


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_redirect_is_not_followed(method: str) -> None:
    away = httpx2.Response(302, headers={"location": "https://elsewhere.example/"})
    assert isinstance(await failure(away, method), PlatformRejected if method == "GET" else PlatformSilent)


async def test_a_status_the_caller_asked_for_is_an_answer_and_is_not_followed() -> None:
    asked: list[str] = []

    def platform(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        return httpx2.Response(301, headers={"location": "https://elsewhere.example/"})

    async with http.client(transport=httpx2.MockTransport(platform)) as client:
        request = client.build_request("GET", "https://square.example/api")
        moved = await http.send(client, "square", request, also={301, 304})
        assert (moved.status_code, moved.headers["location"]) == (301, "https://elsewhere.example/")
        with pytest.raises(PlatformRejected):
            await http.send(client, "square", request, also={304})
    assert asked == ["https://square.example/api"] * 2


async def test_an_answer_without_end_is_refused() -> None:
    packed = gzip.compress(b"0" * (http.MOST_BYTES + 1))
    assert len(packed) < 100_000

    def bomb() -> httpx2.Response:
        return httpx2.Response(200, headers={"content-encoding": "gzip"}, content=packed)

    assert isinstance(await failure(bomb()), PlatformRejected)
    assert isinstance(await failure(bomb(), "POST"), PlatformSilent)


async def test_the_platforms_own_reason_is_told_on_one_line() -> None:
    told = str(await failure(httpx2.Response(422, json={"error": "too\nlong\x1b[31m" + "x" * 500})))
    assert told.startswith("square answered 422: too long [31mxxx")
    assert len(told) < 250


async def test_an_errors_name_and_what_is_said_of_it_are_both_told() -> None:
    told = str(await failure(httpx2.Response(422, json={"error": "BadKey", "message": "a key is too long"})))
    assert told.endswith("answered 422: BadKey: a key is too long")


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"error": 5}', b"[" * 100_000, b"\xff"])
async def test_an_answer_in_no_language_of_ours_is_still_a_clear_no(body: bytes) -> None:
    assert str(await failure(httpx2.Response(422, content=body))) == "square answered 422"


async def test_a_peer_that_hangs_up_after_a_real_post_is_silent() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with server, http.client() as client:
        with pytest.raises(PlatformSilent):
            await http.send(client, "square", client.build_request("POST", url, content=b"x"))
        with pytest.raises(PlatformBusy):
            await http.send(client, "square", client.build_request("GET", url))
    async with http.client() as client:
        with pytest.raises(PlatformBusy, match="cannot be reached"):
            await http.send(client, "square", client.build_request("POST", url, content=b"x"))
