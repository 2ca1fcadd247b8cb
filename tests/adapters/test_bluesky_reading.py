"""What is read on Bluesky: from whom, in which order, and what broken posts cannot do to the others."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from bot.domain.keywords import Keywords
from bot.domain.mention import Gone, Mention
from bot.errors import PlatformRejected
from bot.ports import MentionSource, Publisher
from tests.adapters.blueskies import ADA, NAMES_US, NOON, POSTS, US, Fake, minutes, only, post, read, under

BEN = "did:web:ben.example"
OURS = post("We are open.", did=US, key="3lours")


def test_it_reads_and_answers_and_knows_its_own_site() -> None:
    bluesky = Fake().bluesky(site="https://sky.example/")
    assert isinstance(bluesky, MentionSource)
    assert isinstance(bluesky, Publisher)
    assert bluesky.hosts == ("sky.example",)


# --- one post


async def test_a_post_is_read_with_all_it_tells() -> None:
    fake = Fake()
    fake.named = [post("late", langs=["pt-BR", "en"], **NAMES_US)]
    mention = await only(fake)
    assert (mention.case_id, mention.tagged, mention.language) == (
        f"sky:at://{ADA}/{POSTS}/3lada",
        True,
        "pt",
    )
    assert mention.url == f"https://bsky.app/profile/{ADA}/post/3lada"
    assert (mention.author.handle, mention.author.followers) == ("ada.test", 7)
    assert mention.author.url == f"https://bsky.app/profile/{ADA}"


async def test_an_empty_name_and_a_lost_handle_are_no_name_and_the_accounts_lasting_one() -> None:
    fake = Fake()
    fake.named = [post(name="  ", handle="handle.invalid")]
    author = (await only(fake)).author
    assert (author.name, author.handle) == (None, ADA)


@pytest.mark.parametrize(
    ("more", "tagged"),
    [
        (NAMES_US, True),
        (under(OURS), True),
        (under(post(key="3lother"), root=OURS), False),
        ({"embed": {"$type": "app.bsky.embed.record", "record": {"uri": OURS["uri"], "cid": "bafy1"}}}, True),
        ({"embed": {"record": {"record": {"uri": OURS["uri"], "cid": "bafy1"}}, "media": {}}}, True),
        ({"embed": {"images": []}}, False),
        ({"facets": [{"features": [{"did": ADA}]}]}, False),
        ({}, False),
    ],
    ids=["mention", "answer", "in our thread", "quote", "with pictures", "pictures", "another", "nothing"],
)  # fmt: skip
async def test_tagged_is_who_mentions_answers_or_quotes_us(more: dict[str, Any], tagged: bool) -> None:  # noqa: FBT001
    fake = Fake()
    fake.named = [post("hello", **more)]
    assert (await only(fake)).tagged is tagged


async def test_a_reply_tells_its_thread() -> None:
    root, parent = post(key="3lroot", did=BEN), post(key="3lparent")
    fake = Fake()
    fake.named = [post(key="3lreply", **under(parent, root))]
    mention = await only(fake)
    assert (mention.thread, mention.in_reply_to) == (root["uri"], parent["uri"])


async def test_a_post_from_the_future_was_posted_when_it_was_seen() -> None:
    fake = Fake()
    fake.named = [post(at=minutes(60 * 24 * 365), indexed=NOON.isoformat())]
    assert (await only(fake)).posted_at == NOON


async def test_a_post_was_posted_when_its_author_says_and_not_when_it_arrived() -> None:
    fake = Fake()
    fake.named = [post(at=minutes(-30), indexed=NOON.isoformat())]
    assert (await only(fake)).posted_at == minutes(-30)


async def test_likes_and_follows_are_no_mentions() -> None:
    fake = Fake()
    fake.named = [post(reason="like"), {"reason": "follow", "indexedAt": NOON.isoformat()}]
    assert await read(fake) == []


# --- hostile and broken


STRANGE: list[dict[str, Any]] = [
    {"facets": "x", "langs": 5, "reply": [], "embed": {"record": 1}},
    {
        "facets": [None, 5, {"features": [None, {"did": 5}, {"did": "x"}]}],
        "langs": [None, "", "EN\n", "x" * 9000],
    },
    {"reply": {"root": {"uri": "https://evil.example", "cid": "x"}, "parent": {"uri": "at://x", "cid": ""}}},
    {"embed": {"record": {"uri": f"at://{US}/app.bsky.feed.generator/x", "cid": "x"}}},
    {"createdAt": "yesterday"},
    {"createdAt": "0001-01-01T00:00:00+14:00"},
    {"text": "\x00\x1b[31m\u202ehello"},
    {"text": "half \ud800"},
]


@pytest.mark.parametrize("strange", STRANGE, ids=range(len(STRANGE)))
async def test_a_strange_record_is_read_as_far_as_it_makes_sense(strange: dict[str, Any]) -> None:
    fake = Fake()
    one = post("hello")
    one["record"] |= strange
    fake.named = [one]
    mention = await only(fake)
    assert mention.text == strange.get("text", "hello").replace("\ud800", "\ufffd")
    assert (mention.in_reply_to, mention.language) == (None, None) or mention.language == "en"


BAD: list[Any] = [
    5,
    None,
    [],
    {},
    post() | {"uri": "at://did:plc:ada/app.bsky.feed.post/.."},
    post() | {"uri": "https://bsky.app/profile/ada.test/post/3lada"},
    post() | {"uri": f"at://did:web:{'x' * 400}/{POSTS}/3l"},
    post() | {"author": {"did": "javascript:alert(1)", "handle": "x"}},
    post() | {"record": {"text": 5}},
    post() | {"record": {"text": "late " * 10_001, "createdAt": NOON.isoformat()}},
    post() | {"indexedAt": "soon"},
]


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
async def test_what_nobody_can_read_is_set_aside_and_costs_the_others_nothing(bad: Any) -> None:
    fake = Fake()
    bad = bad | {"reason": "mention"} if isinstance(bad, dict) else bad
    good = [post(key="3lbefore"), post(key="3lafter")]
    listed = json.dumps({"posts": [good[0], bad, good[1]]}).encode()
    fake.fail("searchPosts", httpx2.Response(200, content=listed), httpx2.Response(200, content=listed))
    async with fake.bluesky(keywords=Keywords(words=("late",))) as bluesky:
        first, second = await bluesky.fetch(None), await bluesky.fetch(None)
    assert {item.id for item in first.items} == {one["uri"] for one in good}
    assert len(first.set_aside) == 1
    assert first.set_aside == second.set_aside
    assert first.set_aside[0].raw.isprintable()


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"notifications": 5}', b"\xff", b"[" * 100_000, b"{}"])
async def test_an_answer_nobody_knows_is_no_news_and_no_crash(body: bytes) -> None:
    fake = Fake()
    fake.fail("listNotifications", httpx2.Response(200, content=body))
    with pytest.raises(PlatformRejected, match="in a way we do not know"):
        await read(fake)


async def test_what_the_moderators_hid_is_gone_and_what_its_author_labels_is_not() -> None:
    hidden = {"labels": [{"src": "did:plc:moderators", "val": "!hide"}]}
    by_itself = {"labels": [{"src": ADA, "val": "!hide"}, None, {"src": "did:plc:x", "val": "rude"}]}
    taken_back = {"labels": [{"src": "did:plc:moderators", "val": "!hide", "neg": True}]}
    fake = Fake()
    fake.named = [post(key="3l1", **hidden), post(key="3l2", **by_itself), post(key="3l3", **taken_back)]
    assert [type(item) for item in await read(fake)] == [Gone, Mention, Mention]
