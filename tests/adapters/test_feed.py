"""A feed's entries become mentions, once each, oldest first, and only those that name the brand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
import pytest_asyncio

from adapters.platforms.feed import Feed
from bot.domain.keywords import Keywords
from bot.domain.mention import MAX_TEXT, Mention
from bot.flows.ingest import Taken, read
from bot.ports import Batch, MentionSource, SourceLease
from tests.adapters.feeds.server import SAMPLES, Server, a_server, item, rss
from tests.builders import NOON
from tests.flows.conftest import house, quiet
from tests.flows.houses import MINUTE, House

__all__ = ["house", "quiet"]


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Server]:
    async with a_server() as server:
        yield server


def mentions(batch: Batch) -> list[Mention]:
    found = [one for one in batch.items if isinstance(one, Mention)]
    assert len(found) == len(batch.items)
    return found


async def listed(server: Server, *words: str) -> list[Mention]:
    """What a new source makes of what the server shows."""
    async with server.feed("/feed", *words) as feed:
        assert isinstance(feed, MentionSource)
        return mentions(await feed.fetch(None))


async def test_an_atom_feed_is_read_as_its_author_wrote_it(server: Server) -> None:
    server.serve((SAMPLES / "blog.atom").read_bytes())
    old, new = await listed(server)
    assert old.text == "Wie <b> geschrieben wird\n\nBrightloaf & Co."
    assert (old.id, old.url, old.language) == ("tag:brot.example,2026:1", "https://brot.example/p/1", "de")
    assert old.posted_at == datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
    assert (old.author.handle, old.author.name) == ("brot.example", None)
    assert new.text == "Frio outra vez\n\nA Brightloaf atrasou.\n\n- pão frio\n- sem resposta"
    assert (new.url, new.language, new.tagged) == (f"{server.base}/p/2", "pt", False)
    assert (new.author.handle, new.author.name) == ("Inês Prado", "Inês Prado")
    assert new.posted_at == NOON  # told as half past twelve, which is not yet
    assert (new.source, new.platform) == ("blogs", "blog")


async def test_an_rss_feed_is_read_with_its_full_text(server: Server) -> None:
    server.serve((SAMPLES / "news.rss").read_bytes())
    news, weather = await listed(server)
    assert news.text == (
        "Brightloaf shuts a bakery\n\nThe bakery in Mill Street closed.\n\nSee https://news.example/map"
    )
    assert (news.id, news.author.handle, news.language) == ("news-2", "Ada Park", "en")
    assert news.posted_at == datetime(2026, 11, 22, 6, 45, tzinfo=UTC)
    assert (weather.id, weather.author.name) == ("https://news.example/a/1", None)
    assert weather.author.handle == "news.example"
    assert weather.posted_at == datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


async def test_only_entries_that_name_the_brand_are_mentions(server: Server) -> None:
    server.serve((SAMPLES / "news.rss").read_bytes())
    assert [m.id for m in await listed(server, "Brightloaf")] == ["news-2"]
    assert await listed(server, "Darkloaf") == []


async def test_what_is_listed_again_or_in_another_order_is_not_shown_again(server: Server) -> None:
    one, two = item("one", guid="1"), item("two", guid="2")
    server.serve(rss(one, two))
    async with server.feed() as feed:
        first = await feed.fetch(None)
        assert [m.id for m in mentions(first)] == ["2", "1"]
        server.serve(rss(two, one))
        second = await feed.fetch(first.cursor)
        assert second.items == ()
        server.serve(rss(item("three", guid="3"), item("one, edited", guid="1")))
        third = await feed.fetch(second.cursor)
        assert [(m.id, m.text) for m in mentions(third)] == [("1", "one, edited"), ("3", "three")]
        server.serve(rss(item("one, edited", guid="1"), two, item("three", guid="3")))
        assert (await feed.fetch(third.cursor)).items == ()  # `2` was away for a while


async def test_an_old_entry_is_not_new_because_the_feed_has_changed(server: Server) -> None:
    old = item("old", guid="1", pubDate="Sun, 01 Nov 2020 12:00:00 GMT")
    server.serve(rss(old))
    async with server.feed() as feed:
        first = await feed.fetch(None)
        assert [m.id for m in mentions(first)] == ["1"]  # the horizon is the flow's
        server.serve(rss(item("new", guid="2"), old))
        assert [m.id for m in mentions(await feed.fetch(first.cursor))] == ["2"]


async def test_an_entry_without_an_id_is_known_by_its_link_or_else_by_its_text(server: Server) -> None:
    link = "https://blog.example/1"
    server.serve(rss(item("linked", link=link), item("bare")))
    bare, linked = await listed(server)
    assert linked.id == link
    assert bare.id.startswith("text-")
    server.serve(rss(item("linked, edited", link=link), item("bare, edited")))
    bare_again, linked_again = await listed(server)
    assert linked_again.id == link
    assert bare_again.id != bare.id
    server.serve(rss(item("bare"), item("bare")))
    assert [m.id for m in await listed(server)] == [bare.id]


async def test_an_id_that_is_too_long_or_no_name_is_made_one(server: Server) -> None:
    server.serve(rss(item("a", guid="x" * 201), item("b", guid="two words"), item("c", guid="x" * 200)))
    ids = [m.id for m in await listed(server)]
    assert ids[0] == "x" * 200
    assert all(one.startswith("id-") and len(one) < 40 for one in ids[1:])
    assert len(set(ids)) == 3


async def test_an_id_that_is_no_address_makes_no_link(server: Server) -> None:
    server.serve(rss(item("a", guid="123"), item("b", guid="4", link="javascript:alert(1)")))
    assert [(m.id, m.url) for m in await listed(server)] == [("4", None), ("123", None)]


@pytest.mark.parametrize("date", ["", "yesterday", "Sun, 22 Nov 9999 99:99:99 GMT", "2026-11-23T00:00:00Z"])
async def test_an_entry_without_a_date_or_of_tomorrow_is_of_now(server: Server, date: str) -> None:
    server.serve(rss(item(pubDate=date)))
    assert [m.posted_at for m in await listed(server)] == [NOON]


@pytest.mark.parametrize(
    ("date", "hour", "minute"),
    [
        ("Sun, 22 Nov 2026 13:00:00 +0545", 7, 15),
        ("2026-11-22T01:00:00-09:30", 10, 30),
        ("Sun, 22 Nov 2026 02:00:00 PST", 10, 0),
        ("22 Nov 2026 10:00 GMT", 10, 0),
        ("2026-11-22 10:00:00", 10, 0),
    ],
)
async def test_dates_of_any_zone_are_told_in_utc(server: Server, date: str, hour: int, minute: int) -> None:
    server.serve(rss(item(pubDate=date)))
    assert [m.posted_at for m in await listed(server)] == [datetime(2026, 11, 22, hour, minute, tzinfo=UTC)]


async def test_a_title_that_begins_the_text_is_not_said_twice(server: Server) -> None:
    text = "Brightloaf was late again, and nobody answers me"
    server.serve(
        rss(
            item("Brightloaf was late…", description=f"<p>{text}</p>", guid="1"),
            item(text, description=text, guid="2"),
            item("Late", description=text, guid="3"),
            item("Bright", description=text, guid="4"),
        )
    )
    assert [m.text for m in await listed(server)] == [f"Bright\n\n{text}", f"Late\n\n{text}", text, text]


async def test_a_text_that_is_too_long_is_cut_and_says_so(server: Server) -> None:
    server.serve(rss(item("long", description="word " * 20_000)))
    (mention,) = await listed(server)
    assert len(mention.text) <= MAX_TEXT
    assert mention.text.endswith("word\n[…]") or mention.text.endswith("[…]")


async def test_an_entry_that_says_nothing_is_set_aside_once_and_costs_the_others_nothing(
    server: Server,
) -> None:
    server.serve(rss("<item><guid>9</guid></item>", item("good", guid="1")))
    async with server.feed() as feed:
        first = await feed.fetch(None)
        assert [m.id for m in mentions(first)] == ["1"]
        (bad,) = first.set_aside
        assert bad.reason == "an entry with neither a title, nor a text, nor a link"
        server.serve(rss("<item><guid>9</guid></item>", item("good", guid="1"), item("more", guid="2")))
        second = await feed.fetch(first.cursor)
        assert [m.id for m in mentions(second)] == ["2"]
        assert second.set_aside == ()


async def test_an_address_is_a_text_when_it_is_all_there_is(server: Server) -> None:
    server.serve(rss("<item><link>https://blog.example/brightloaf</link></item>"))
    assert [m.text for m in await listed(server, "Brightloaf")] == ["https://blog.example/brightloaf"]


async def test_an_author_is_not_called_by_their_address(server: Server) -> None:
    server.serve(
        rss(
            item("a", author="ada@blog.example"),
            item("b", author="ben@blog.example (Ben Roth)"),
            item("c", author="Cleo (cleo@blog.example)"),
            item("d", author="Dan @ the mill"),
        )
    )
    assert [m.author.handle for m in await listed(server)] == ["Dan @ the mill", "Cleo", "Ben Roth", "ada"]


async def reads(house: House, feed: Feed) -> Taken:
    return (
        await read(feed, cursors=house.store.cursors, lease=await leased(house, feed), parts=house.parts)
    )[0]


async def leased(house: House, feed: Feed) -> SourceLease:
    lease = await house.store.cursors.take(feed.name, by="test", lease=MINUTE)
    assert lease is not None
    return lease


async def test_an_entry_that_is_listed_again_opens_no_second_case(server: Server, house: House) -> None:
    undated = item("Brightloaf: cold bread, awful")
    server.serve(rss(undated))
    async with server.feed("/feed", "Brightloaf", clock=house.watch) as feed:
        assert (await reads(house, feed)).new == 1
        house.watch.move(hours=2)
        server.serve(rss(item("Brightloaf: late, awful", guid="2"), undated))
        assert (await reads(house, feed)).new == 1
        await house.store.cursors.put(await leased(house, feed), "{}")  # a cursor of nobody's
        again = await reads(house, feed)
        assert (again.new, again.known) == (0, 2)
    assert await house.store.count_open() == 2


async def test_an_edited_entry_goes_into_its_case(server: Server, house: House) -> None:
    server.serve(rss(item("Brightloaf: cold", guid="1")))
    async with server.feed("/feed", "Brightloaf", clock=house.watch) as feed:
        await reads(house, feed)
        server.serve(rss(item("Brightloaf: cold and mouldy", guid="1")))
        assert (await reads(house, feed)).changed == 1
    assert (await house.store.get("blogs:1")).mention.text == "Brightloaf: cold and mouldy"


async def test_a_new_source_begins_at_the_horizon_and_stays_there(server: Server, house: House) -> None:
    old = item("Brightloaf long ago", guid="1", pubDate="Sun, 01 Nov 2020 12:00:00 GMT")
    server.serve(rss(old))
    async with server.feed("/feed", "Brightloaf", clock=house.watch) as feed:
        assert (await reads(house, feed)).too_old == 1
        server.serve(rss(item("Brightloaf today", guid="2"), old))
        assert (await reads(house, feed)).new == 1
    assert await house.store.count_open() == 1


async def test_the_same_feed_on_two_sources_is_two_cases_that_do_not_touch(
    server: Server, house: House
) -> None:
    server.serve(rss(item("Brightloaf: cold", guid="1")))
    async with server.feed(name="one") as one, server.feed(name="two") as two:
        assert [(await reads(house, feed)).new for feed in (one, two)] == [1, 1]
        assert [(await reads(house, feed)).known for feed in (one, two)] == [0, 0]
    assert {(await house.store.get(f"{name}:1")).mention.source for name in ("one", "two")} == {"one", "two"}


async def test_a_keyword_added_later_does_not_raise_what_was_listed_before(server: Server) -> None:
    server.serve(rss(item("Brightloaf", guid="1"), item("BrightBread", guid="2")))
    async with server.feed("/feed", "Brightloaf") as feed:
        cursor = (await feed.fetch(None)).cursor
    server.serve(
        rss(item("BrightBread again", guid="3"), item("Brightloaf", guid="1"), item("BrightBread", guid="2"))
    )
    async with server.feed("/feed", "Brightloaf", "BrightBread") as feed:
        assert [m.id for m in mentions(await feed.fetch(cursor))] == ["3"]


async def test_a_feed_can_be_read_through_any_transport() -> None:
    def page(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, text=rss(item("Brightloaf", guid="1")))

    keywords = Keywords(words=("Brightloaf",))
    async with Feed(
        name="blogs", platform="blog", url="https://blog.example/feed", keywords=keywords,
        clock=lambda: NOON + timedelta(hours=1), transport=httpx2.MockTransport(page),
    ) as feed:  # fmt: skip
        assert [m.author.handle for m in mentions(await feed.fetch(None))] == ["blog.example"]
