"""A feed is fetched once for each change, and never makes the bot fetch what it should not."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import httpx2
import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from adapters.platforms.feed.fetching import is_public
from bot.errors import PlatformBusy, PlatformRejected
from tests.adapters.feeds.server import Server, a_server, item, rss
from tests.builders import NOON

ONE = rss(item("Brightloaf", guid="1"))
PUBLIC, PRIVATE = "93.184.215.14", "10.0.0.7"


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Server]:
    async with a_server() as server:
        yield server


@pytest.mark.parametrize("etag", ['"one"', 'W/"one"'])
async def test_an_unchanged_feed_is_not_sent_again(server: Server, etag: str) -> None:
    server.serve(ONE, ETag=etag, Last_Modified="Sun, 22 Nov 2026 10:00:00 GMT")
    async with server.feed() as feed:
        first = await feed.fetch(None)
        assert len(first.items) == 1
        second = await feed.fetch(first.cursor)
    assert (second.items, second.cursor) == ((), first.cursor)
    assert "If-None-Match" not in server.asked[0].headers
    assert server.asked[1].headers["If-None-Match"] == etag
    assert server.asked[1].headers["If-Modified-Since"] == "Sun, 22 Nov 2026 10:00:00 GMT"


async def test_a_server_without_validators_is_read_again_and_nothing_is_new(server: Server) -> None:
    server.serve(ONE)
    async with server.feed() as feed:
        first = await feed.fetch(None)
        second = await feed.fetch(first.cursor)
    assert (second.items, second.cursor) == ((), first.cursor)
    assert server.paths == ["/feed", "/feed"]


async def test_a_new_etag_on_the_same_document_is_kept(server: Server) -> None:
    server.serve(ONE, ETag='"one"')
    async with server.feed() as feed:
        first = await feed.fetch(None)
        server.serve(ONE, ETag='"two"')
        second = await feed.fetch(first.cursor)
        await feed.fetch(second.cursor)
    assert second.items == ()
    assert server.asked[2].headers["If-None-Match"] == '"two"'


async def test_the_validators_of_one_address_are_not_sent_to_another(server: Server) -> None:
    server.serve(ONE, "/old", ETag='"1"')
    server.serve(rss(item("Brightloaf", guid="1"), item("new", guid="2")), "/new", ETag='"1"')
    async with server.feed("/old") as feed:
        cursor = (await feed.fetch(None)).cursor
    async with server.feed("/new") as feed:
        batch = await feed.fetch(cursor)
    assert [one.id for one in batch.items] == ["2"]


@pytest.mark.parametrize(
    "cursor", ["", "{}", "[]", "12", '{"v": 2, "url": "x"}', "\x00", '{"v":1,"url":"x","etag":"a\\n"}']
)
async def test_a_cursor_nobody_can_read_begins_anew(server: Server, cursor: str) -> None:
    server.serve(ONE)
    async with server.feed() as feed:
        assert len((await feed.fetch(cursor)).items) == 1


async def test_the_cursor_is_small_and_says_its_version(server: Server) -> None:
    server.serve(rss(*(item(f"late {n}", guid=f"{n}") for n in range(1000))), ETag='"one"')
    async with server.feed() as feed:
        cursor = (await feed.fetch(None)).cursor
    assert cursor is not None
    assert json.loads(cursor)["v"] == 1
    assert len(cursor) < 9_000


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_feed_that_moved_on_its_host_is_followed(server: Server, status: int) -> None:
    server.moves("/feed", "/new", status)
    server.serve(ONE, "/new")
    with capture_logs() as logs:
        async with server.feed() as feed:
            first = await feed.fetch(None)
            await feed.fetch(first.cursor)
    assert len(first.items) == 1
    assert server.paths == ["/feed", "/new"] * 2  # the configured address is always asked first
    told = [entry for entry in logs if entry["event"] == "feed_moved"]
    assert [entry["to"] for entry in told] == ([f"{server.base}/new"] if status in {301, 308} else [])


async def test_a_feed_that_sends_us_round_is_left(server: Server) -> None:
    for n in range(9):
        server.moves(f"/{n}", f"/{n + 1}")
    async with server.feed("/0") as feed:
        with pytest.raises(PlatformRejected, match="more than 3 times"):
            await feed.fetch(None)
    assert server.paths == ["/0", "/1", "/2", "/3"]


async def test_a_feed_at_another_host_or_port_is_told_to_the_operator(server: Server) -> None:
    async with a_server() as internal:
        internal.serve(ONE)
        targets = (
            "https://other.example/feed?x=1",
            internal.base + "/feed",
            "http://169.254.169.254/latest",
            "//10.0.0.7/",
        )
        for target in targets:
            server.moves("/feed", target)
            async with server.feed() as feed:
                with pytest.raises(PlatformRejected, match="put it in levelhead") as told:
                    await feed.fetch(None)
            assert target in str(told.value)
        assert internal.asked == []


@pytest.mark.parametrize(
    "target", ["", "file:///etc/passwd", "ftp://127.0.0.1/", "javascript:1", "http://a:b:c/"]
)
async def test_an_address_that_is_none_of_the_web_is_not_followed(server: Server, target: str) -> None:
    server.moves("/feed", target)
    async with server.feed() as feed:
        with pytest.raises(PlatformRejected):
            await feed.fetch(None)
    assert server.paths == ["/feed"]


@pytest.mark.parametrize(
    ("status", "kind", "says"),
    [
        (410, PlatformRejected, "gone for good"),
        (404, PlatformRejected, "not found"),
        (403, PlatformRejected, "403"),
        (500, PlatformBusy, "500"),
        (304, PlatformRejected, "304"),  # to a request without a condition
    ],
)
async def test_a_server_that_says_no_is_told_in_words(
    server: Server, status: int, kind: type[Exception], says: str
) -> None:
    server.serve(b"", status=status)
    async with server.feed() as feed:
        with pytest.raises(kind, match=says):
            await feed.fetch(None)


async def test_an_html_page_is_told_as_one(server: Server) -> None:
    server.serve("<!doctype html><html><p>Not found</html>", Content_Type="text/html")
    async with server.feed() as feed:
        with pytest.raises(PlatformRejected, match="an HTML page came"):
            await feed.fetch(None)


async def test_a_broken_feed_is_read_and_logged(server: Server) -> None:
    server.serve(ONE.removesuffix("</channel></rss>"))
    with capture_logs() as logs:
        async with server.feed() as feed:
            assert len((await feed.fetch(None)).items) == 1
    assert [(e["event"], e["flaw"]) for e in logs] == [("feed_is_broken", "SAXParseException")]
    assert "Brightloaf" not in str(logs)


class Web:
    """Two spellings of one host, by transport: what was connected to, and under which name."""

    def __init__(self, *addresses: str, to: str = "https://www.blog.example/feed") -> None:
        self.addresses, self.to = addresses, to
        self.asked: list[tuple[str, str, object]] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        host = request.headers["host"]
        self.asked.append((request.url.host, host, request.extensions.get("sni_hostname")))
        if host == "blog.example":
            return httpx2.Response(301, headers={"location": self.to})
        return httpx2.Response(200, text=ONE)

    async def resolve(self, host: str, port: int) -> tuple[str, ...]:
        if not self.addresses:
            raise OSError(host, port)
        return self.addresses

    async def fetch(self, url: str = "https://blog.example/feed") -> int:
        server = Server()
        more = {"url": url, "transport": httpx2.MockTransport(self), "resolve": self.resolve}
        async with server.feed(clock=lambda: NOON, **more) as feed:
            return len((await feed.fetch(None)).items)


async def test_the_other_spelling_of_a_host_is_connected_to_by_its_public_address() -> None:
    web = Web(PUBLIC)
    assert await web.fetch() == 1
    assert web.asked == [
        ("blog.example", "blog.example", None),
        (PUBLIC, "www.blog.example", "www.blog.example"),
    ]


async def test_the_other_spelling_of_a_host_must_be_public_and_there() -> None:
    for addresses in ((PRIVATE,), (PUBLIC, PRIVATE), ("127.0.0.1",), ("::1",)):
        web = Web(*addresses)
        with pytest.raises(PlatformRejected, match="no public address"):
            await web.fetch()
        assert len(web.asked) == 1
    with pytest.raises(PlatformBusy, match="cannot be found"):
        await Web().fetch()


@pytest.mark.parametrize("to", ["http://blog.example/feed", "http://www.blog.example/feed"])
async def test_a_move_away_from_https_is_not_followed(to: str) -> None:
    web = Web(PUBLIC, to=to)
    with pytest.raises(PlatformRejected, match="without https"):
        await web.fetch()
    assert len(web.asked) == 1


async def test_a_move_to_https_is_followed() -> None:
    assert await Web(PUBLIC).fetch("http://blog.example/feed") == 1


async def test_a_password_in_a_new_address_is_not_told() -> None:
    with pytest.raises(PlatformRejected) as told:
        await Web(to="https://ada:secret@other.example/feed").fetch()
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    "address",
    ["10.1.2.3", "127.0.0.1", "169.254.169.254", "192.168.1.1", "100.64.0.1", "0.0.0.1", "224.0.0.1", "::1",
     "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1",
     "64:ff9b::a00:1", "2002:a00:1::", "ff02::1", "", "blog.example"],
)  # fmt: skip
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700::1111"])
def test_addresses_outside_are_public(address: str) -> None:
    assert is_public(address)
