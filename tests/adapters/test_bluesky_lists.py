"""How Bluesky's lists are read: several as one, in pages, back to where they were read before."""

from __future__ import annotations

import httpx2
import pytest

from bot.domain.keywords import Keywords
from bot.domain.mention import Native
from bot.errors import PlatformBusy, PlatformError
from tests.adapters.blueskies import (
    ADA,
    NAMES_US,
    NOON,
    POSTS,
    US,
    Fake,
    minutes,
    no,
    only,
    post,
    read,
    under,
    yes,
)
from tests.builders import Watch

BEN = "did:web:ben.example"


# --- several lists


async def test_a_post_that_two_lists_have_is_one_mention() -> None:
    both = post("Brightloaf is late", **NAMES_US)
    fake = Fake()
    fake.named, fake.found = [both], [both, post("BRIGHTLOAF", key="3lword", did=BEN)]
    keywords = Keywords(words=("Brightloaf",))
    items = await read(fake, keywords=keywords)
    assert sorted((item.id, item.tagged) for item in items) == [
        (both["uri"], True),
        (f"at://{BEN}/{POSTS}/3lword", False),
    ]


async def test_the_search_is_filtered_by_whole_words_exclusions_and_our_own_posts() -> None:
    fake = Fake()
    fake.found = [
        post("Bright loaf of mine, brightloafs", key="3l1"),
        post("Brightloaf Records again", key="3l2"),
        post("Our Brightloaf is open", key="3l3", did=US),
        post("Brightloaf is late", key="3l4"),
    ]
    keywords = Keywords(words=("Brightloaf",), but_not=("Brightloaf Records",))
    assert [item.id[-3:] for item in await read(fake, keywords=keywords)] == ["3l4"]


async def test_words_are_asked_for_as_words_and_never_as_operators() -> None:
    fake = Fake()
    asked: list[str] = []
    fake._searchPosts = lambda query, *_: asked.append(query["q"]) or yes({"posts": []})
    await read(
        fake,
        keywords=Keywords(words=("Brightloaf", "Bright Loaf", "from:me", 'a "b"', "@brightloaf", "#loaf")),
    )
    assert asked == ["Brightloaf", '"Bright Loaf"', '"from:me"', '"a  b"', '"@brightloaf"', "#loaf"]


async def test_everybody_is_heard_whatever_the_account_prefers_to_see() -> None:
    fake = Fake()
    asked: list[dict[str, str]] = []
    fake._listNotifications = lambda query, *_: asked.append(query) or yes({"notifications": []})
    await read(fake)
    assert asked[0]["priority"] == "false"


async def test_our_own_replies_are_not_heard_and_colleagues_ones_are_native() -> None:
    mention = post()
    value = {"text": "Hello Ada", "createdAt": NOON.isoformat(), **under(mention)}
    fake = Fake()
    fake.records = {
        "3lcolleague": value,
        "3ltop": {"text": "News!", "createdAt": NOON.isoformat()},
        "2abcdefghijkl": value,
    }
    (native,) = await read(fake)
    assert isinstance(native, Native)
    assert (native.id, native.thread, native.text) == (
        f"at://{US}/{POSTS}/3lcolleague",
        mention["uri"],
        "Hello Ada",
    )


async def test_a_search_that_fails_holds_up_nobody_who_named_us_and_is_told() -> None:
    fake = Fake()
    fake.named = [post(key="3lnamed")]
    fake.found = [post("Brightloaf", key="3lword"), post("loaf", key="3lloaf")]
    fake.fail("searchPosts", no(502, "UpstreamFailure"))
    async with fake.bluesky(keywords=Keywords(words=("Brightloaf", "loaf"))) as bluesky:
        first = await bluesky.fetch(None)
        assert ([item.id[-7:] for item in first.items], first.more) == (["3lnamed"], True)
        with pytest.raises(PlatformBusy, match="502"):
            await bluesky.fetch(first.cursor)
        again = await bluesky.fetch(first.cursor)
    assert {item.id.split("/")[-1] for item in again.items} == {"3lnamed", "3lword", "3lloaf"}


async def test_reach_that_cannot_be_told_holds_nothing_up() -> None:
    fake = Fake()
    fake.named = [post()]
    fake.fail("getProfiles", no(502, "UpstreamFailure"))
    assert (await only(fake)).author.followers is None


# --- order, pages, cursors


async def test_the_oldest_comes_first_and_reading_goes_on_where_it_ended() -> None:
    watch = Watch()
    fake = Fake(watch)
    fake.named = [post(key=f"3l{n}", at=minutes(-n)) for n in range(3)]
    async with fake.bluesky() as bluesky:
        first = await bluesky.fetch(None)
        assert [item.id[-3:] for item in first.items] == ["3l2", "3l1", "3l0"]
        watch.move(minutes=1)
        fake.named.insert(0, post(key="3lnew", at=minutes(1)))
        second = await bluesky.fetch(first.cursor)
    assert second.items[-1].id.endswith("3lnew")
    assert second.cursor is not None
    assert len(second.cursor) < 500


async def test_two_posts_of_one_moment_and_those_that_arrive_late_are_not_lost() -> None:
    fake = Fake()
    fake.named = [post(key="3lone")]
    async with fake.bluesky() as bluesky:
        first = await bluesky.fetch(None)
        fake.page = 1
        late = [post(key="3llate", at=minutes(-20)), post(key="3llater", at=minutes(-30))]
        fake.named = [post(key="3ltwo"), *fake.named, *late]
        second = await bluesky.fetch(first.cursor)
    assert {item.id.split("/")[-1] for item in second.items} == {"3lone", "3ltwo", "3llate", "3llater"}


async def test_many_pages_are_read_and_no_further_than_needed() -> None:
    fake = Fake()
    fake.page = 6
    fake.named = [post(key=f"3l{n:03}", at=minutes(-30 * n)) for n in range(100)]
    async with fake.bluesky() as bluesky:
        first = await bluesky.fetch(None)
        assert not first.more
        # A day back, and an hour more.
        assert fake.times("listNotifications") == 9
        fake.asked.clear()
        second = await bluesky.fetch(first.cursor)
    assert fake.times("listNotifications") == 1
    assert not second.more
    assert len(first.items) == 49


async def test_too_much_for_one_reading_is_read_in_several_without_a_loss() -> None:
    fake = Fake()
    fake.page = 2
    fake.named = [post(key=f"3l{n:03}", at=minutes(-n)) for n in range(90)]
    seen: set[str] = set()
    cursor, rounds = None, 0
    async with fake.bluesky() as bluesky:
        while True:
            batch = await bluesky.fetch(cursor)
            seen |= {item.id for item in batch.items}
            cursor, rounds = batch.cursor, rounds + 1
            if not batch.more:
                break
            assert rounds < 10
    assert len(seen) == 90
    assert rounds == 5


async def test_a_list_that_leads_round_in_circles_ends() -> None:
    fake = Fake()
    circle = yes({"notifications": [post()], "cursor": "round"})
    fake.fail("listNotifications", *[circle] * 5)
    async with fake.bluesky() as bluesky:
        assert not (await bluesky.fetch(None)).more
    assert fake.times("listNotifications") == 2


async def test_pages_of_nothing_but_likes_do_not_end_the_list() -> None:
    fake = Fake()
    empty = [yes({"notifications": [], "cursor": f"mark {n}"}) for n in range(3)]
    fake.fail("listNotifications", *empty)
    fake.named = [post()]
    fake._listNotifications = lambda *_: yes({"notifications": [post()]})
    assert len(await read(fake)) == 1


async def test_endless_empty_pages_end() -> None:
    fake = Fake()
    marks = iter(range(1000))
    fake._listNotifications = lambda *_: yes({"notifications": [], "cursor": f"mark {next(marks)}"})
    async with fake.bluesky() as bluesky:
        assert not (await bluesky.fetch(None)).more


async def test_a_list_that_tells_of_tomorrow_does_not_hide_today() -> None:
    fake = Fake()
    fake.named = [post(key="3ltomorrow", at=minutes(60 * 24 * 3))]
    async with fake.bluesky() as bluesky:
        first = await bluesky.fetch(None)
        fake.page = 1
        fake.named = [fake.named[0], post(key="3ltoday")]
        second = await bluesky.fetch(first.cursor)
    assert f"at://{ADA}/{POSTS}/3ltoday" in {item.id for item in second.items}


async def test_old_posts_are_not_handed_on_for_ever_and_a_new_word_begins_at_the_horizon() -> None:
    watch = Watch()
    fake = Fake(watch)
    fake.found = [post("loaf", key="3lloaf", at=minutes(-60)), post("bread", key="3lbread", at=minutes(-60))]
    async with fake.bluesky(keywords=Keywords(words=("loaf",))) as bluesky:
        first = await bluesky.fetch(None)
    watch.move(days=30)
    fake.found.insert(0, post("loaf", key="3lfresh", at=watch()))
    async with fake.bluesky(keywords=Keywords(words=("loaf", "bread"))) as bluesky:
        second = await bluesky.fetch(first.cursor)
        third = await bluesky.fetch(second.cursor)
    assert [item.id.split("/")[-1] for item in third.items] == ["3lfresh"]
    assert "3lbread" not in repr(second.items)


@pytest.mark.parametrize("cursor", ["", "x", "[]", "{}", '{"named": 5}', '{"named": {"start": "x"}}'])
async def test_a_cursor_nobody_can_read_begins_again(cursor: str) -> None:
    fake = Fake()
    fake.named = [post()]
    assert len(await read(fake, cursor)) == 1


async def test_a_failed_reading_is_no_news() -> None:
    fake = Fake()
    fake.fail("listNotifications", httpx2.ConnectError("down"))
    with pytest.raises(PlatformError):
        await read(fake)
