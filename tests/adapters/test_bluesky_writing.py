"""Answers on Bluesky: posted once whatever is lost on the way, and never where nobody may answer."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from adapters.platforms.bluesky.names import POSTS, is_ours, record_key
from bot.errors import MentionGone, PlatformBusy, PlatformRejected, PlatformSilent
from bot.ports import Look, NotThere, Unknown
from tests.adapters.blueskies import ADA, US, Fake, mention, minutes, no, post, under, yes

WORDS = "Sorry, Ada."


def a_fake(*posts: dict[str, Any]) -> Fake:
    fake = Fake()
    fake.show(*(posts or (post(),)))
    return fake


# --- once


async def test_a_reply_stands_under_the_post_and_in_its_thread() -> None:
    root = post(key="3lroot")
    fake = a_fake(post(**under(post(key="3lparent"), root)))
    async with fake.bluesky() as bluesky:
        receipt = await bluesky.reply(mention(language="lv"), WORDS, key="k")
    (record,) = fake.records.values()
    assert record == {
        "$type": POSTS,
        "text": WORDS,
        "createdAt": "2026-11-22T12:00:00.000Z",
        "reply": {
            "root": {"uri": root["uri"], "cid": root["cid"]},
            "parent": {"uri": post()["uri"], "cid": post()["cid"]},
        },
        "langs": ["lv"],
    }
    key = record_key("k")
    assert (receipt.id, receipt.text, receipt.at) == (f"at://{US}/{POSTS}/{key}", WORDS, minutes(0))
    assert receipt.url == f"https://bsky.app/profile/{US}/post/{key}"


async def test_a_second_try_finds_the_first() -> None:
    fake = a_fake()
    async with fake.bluesky() as bluesky:
        assert await bluesky.find(mention(), WORDS, "k") == NotThere()
        receipt = await bluesky.reply(mention(), WORDS, key="k")
        assert await bluesky.reply(mention(), WORDS, key="k") == receipt
        assert await bluesky.find(mention(), WORDS, "k") == receipt
        assert await bluesky.find(mention(), WORDS, "another") == NotThere()
    assert fake.times("createRecord") == 1


LOST = [
    httpx2.ReadError("dropped"),
    httpx2.ReadTimeout("slow"),
    no(502, "UpstreamFailure"),
    yes("ok"),
    yes({}),
]


@pytest.mark.parametrize("lost", LOST, ids=["dropped", "slow", "502", "unreadable", "empty"])
async def test_an_answer_that_is_lost_after_the_post_finds_it(lost: Any) -> None:
    fake = a_fake()

    def posted() -> None:
        body = fake.bodies[-1]
        fake._createRecord({}, body, "")

    fake.fail("createRecord", posted, lost)
    async with fake.bluesky() as bluesky:
        receipt = await bluesky.reply(mention(), WORDS, key="k")
        assert await bluesky.reply(mention(), WORDS, key="k") == receipt
    assert len(fake.records) == 1
    assert fake.times("createRecord") == 1


@pytest.mark.parametrize("lost", LOST, ids=["dropped", "slow", "502", "unreadable", "empty"])
async def test_an_answer_that_is_lost_before_the_post_is_silence_and_a_second_try_posts_once(
    lost: Any,
) -> None:
    fake = a_fake()
    fake.fail("createRecord", lost)
    async with fake.bluesky() as bluesky:
        with pytest.raises(PlatformSilent):
            await bluesky.reply(mention(), WORDS, key="k")
        assert await bluesky.find(mention(), WORDS, "k") == NotThere()
        await bluesky.reply(mention(), WORDS, key="k")
    assert len(fake.records) == 1


@pytest.mark.parametrize("refused", [no(500, "InternalServerError"), no(400, "InvalidRequest")])
async def test_a_key_that_another_try_took_first_is_its_receipt(refused: httpx2.Response) -> None:
    fake = a_fake()
    at = "2026-11-22T11:59:00Z"
    fake.fail(
        "createRecord",
        lambda: fake.records.update({record_key("k"): {"text": WORDS, "createdAt": at}}),
        refused,
    )
    async with fake.bluesky() as bluesky:
        assert (await bluesky.reply(mention(), WORDS, key="k")).at == minutes(-1)


async def test_an_expired_session_in_the_middle_of_a_reply_posts_once() -> None:
    fake = a_fake()
    async with fake.bluesky() as bluesky:
        await bluesky.find(mention(), WORDS, "k")
        fake.access = "another"
        await bluesky.reply(mention(), WORDS, key="k")
    assert len(fake.records) == 1


async def test_a_silence_nobody_can_clear_up_stays_one() -> None:
    fake = a_fake()
    fake.fail("createRecord", httpx2.ReadError("dropped"))
    fake.fail("getRecord", no(400, "RecordNotFound"), httpx2.ConnectError("down"))
    async with fake.bluesky() as bluesky:
        with pytest.raises(PlatformSilent, match="ReadError"):
            await bluesky.reply(mention(), WORDS, key="k")


async def test_a_reply_put_elsewhere_is_doubt_and_no_receipt() -> None:
    fake = a_fake()
    fake.fail("createRecord", yes({"uri": f"at://{US}/{POSTS}/3lelsewhere", "cid": "bafy"}))
    async with fake.bluesky() as bluesky:
        with pytest.raises(PlatformSilent, match="another place"):
            await bluesky.reply(mention(), WORDS, key="k")


STRANGE = [
    yes("x"),
    yes({"uri": f"at://{ADA}/{POSTS}/3l", "value": {"text": "", "createdAt": "2026-11-22T12:00:00Z"}}),
]


@pytest.mark.parametrize("strange", [*STRANGE, no(400, "InvalidRequest"), no(404, "MethodNotImplemented")])
async def test_only_the_servers_clear_word_is_not_there(strange: httpx2.Response) -> None:
    fake = a_fake()
    fake.fail("getRecord", strange, strange)
    async with fake.bluesky() as bluesky:
        assert await bluesky.find(mention(), WORDS, "k") == Unknown()
        with pytest.raises(PlatformRejected) as refused:
            await bluesky.reply(mention(), WORDS, key="k")
    assert not isinstance(refused.value, MentionGone)
    assert fake.times("createRecord") == 0


async def test_a_server_out_of_reach_is_busy_and_not_certain() -> None:
    fake = a_fake()
    fake.fail("getRecord", httpx2.ConnectError("down"))
    async with fake.bluesky() as bluesky:
        with pytest.raises(PlatformBusy):
            await bluesky.find(mention(), WORDS, "k")


# --- where nobody may answer


async def test_what_is_gone_hidden_or_closed_is_not_answered() -> None:
    closed = post(key="3lclosed", viewer={"replyDisabled": True})
    hidden = post(key="3lhidden", labels=[{"src": "did:plc:moderators", "val": "!takedown"}])
    fake = a_fake(closed, hidden)
    async with fake.bluesky() as bluesky:
        with pytest.raises(PlatformRejected, match="limited who may answer"):
            await bluesky.reply(mention(closed), WORDS, key="k")
        for gone in (hidden, post(key="3lgone")):
            with pytest.raises(MentionGone):
                await bluesky.reply(mention(gone), WORDS, key="k")
    assert fake.records == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [("x" * 301, "301 characters"), ("👩‍👩‍👧‍👦" * 150, "3,750 bytes"), ("x\ud800", "half a character")],
)  # fmt: skip
async def test_what_bluesky_would_not_take_is_refused_before_any_call(text: str, says: str) -> None:
    fake = a_fake()
    async with fake.bluesky() as bluesky:
        with pytest.raises(PlatformRejected, match=says):
            await bluesky.reply(mention(), text, key="k")
    assert fake.asked == []


@pytest.mark.parametrize(
    "uri", ["100", "https://bsky.app/x", f"at://{ADA}/{POSTS}/..", f"at://{ADA}/app.bsky.feed.like/3l",
            f"at://{ADA}/{POSTS}/3l?x=1", f"at://{ADA}/{POSTS}/3l\n", "at://ada.test/app.bsky.feed.post/3l"],
)  # fmt: skip
async def test_what_is_no_post_is_never_asked_for(uri: str) -> None:
    fake = a_fake()
    async with fake.bluesky() as bluesky:
        strange = mention().model_copy(update={"id": uri})
        with pytest.raises(PlatformRejected, match="not the address of a post"):
            await bluesky.look(strange)
        with pytest.raises(PlatformRejected, match="not the address of a post"):
            await bluesky.reply(strange, WORDS, key="k")
    assert {"getPostThread", "getPosts", "createRecord"}.isdisjoint(fake.asked)


# --- looking just before


async def test_a_look_leaves_out_ours_and_others_and_puts_the_oldest_first() -> None:
    ours = post(WORDS, did=US, key=record_key("k"))
    answer = post("and when?", key="3l2", at=minutes(2))
    colleague = post("I am on it", did=US, key="3l1", at=minutes(1))
    stranger = post("me too", did="did:plc:ben", key="3l3")
    hidden = post("rude", key="3l4", labels=[{"src": "did:plc:moderators", "val": "!hide"}])
    fake = a_fake()
    fake.below[post()["uri"]] = [
        {"post": ours, "replies": [{"post": answer, "replies": None}]},
        {"post": colleague, "replies": "x"},
        {"post": stranger},
        {"post": hidden},
        {"$type": "app.bsky.feed.defs#blockedPost", "uri": "at://x", "blocked": True},
        {"post": {"uri": 5}},
        None,
    ]
    async with fake.bluesky() as bluesky:
        seen = await bluesky.look(mention())
    assert seen.text == post()["record"]["text"]
    assert [(message.id, message.by) for message in seen.since] == [
        (colleague["uri"], "colleague"),
        (answer["uri"], "author"),
    ]


async def test_a_long_talk_is_looked_at_in_its_newest_part() -> None:
    fake = a_fake()
    talk = [post(f"{n}", key=f"3l{n:02}", at=minutes(n)) for n in range(30)]
    fake.below[post()["uri"]] = [{"post": one} for one in talk]
    async with fake.bluesky() as bluesky:
        seen = await bluesky.look(mention())
    assert [message.text for message in seen.since] == [f"{n}" for n in range(10, 30)]


GONE = [
    no(400, "NotFound"),
    yes({"thread": {"$type": "app.bsky.feed.defs#notFoundPost", "notFound": True}}),
    yes({"thread": {"$type": "app.bsky.feed.defs#blockedPost", "blocked": True}}),
    yes({"thread": {"post": post(labels=[{"src": "did:plc:moderators", "val": "!takedown"}])}}),
]


@pytest.mark.parametrize("gone", GONE, ids=["deleted", "not found", "blocked", "taken down"])
async def test_what_nobody_can_see_any_more_is_gone(gone: httpx2.Response) -> None:
    fake = a_fake()
    fake.fail("getPostThread", gone)
    async with fake.bluesky() as bluesky:
        assert await bluesky.look(mention()) == Look(text=None)


@pytest.mark.parametrize(
    "strange", [yes({}), yes({"thread": {}}), yes({"thread": {"post": {}}}), no(400, "Other")]
)
async def test_a_look_that_shows_nothing_known_is_no_deletion(strange: httpx2.Response) -> None:
    fake = a_fake()
    fake.fail("getPostThread", strange)
    async with fake.bluesky() as bluesky:
        with pytest.raises(PlatformRejected):
            await bluesky.look(mention())


# --- keys


def test_a_key_leads_to_one_record_key_that_no_client_makes() -> None:
    keys = {record_key(f"{n}") for n in range(2000)}
    assert len(keys) == 2000
    # For ever: a reply that is tried again after an upgrade is the same one.
    assert record_key("0123456789abcdef") == "23gl3qjr3j43u"
    assert all(is_ours(key) for key in keys)
    # Keys that clients made in 2023, 2024 and 2026, and one of another kind.
    assert not any(
        is_ours(key) for key in ("3jzfcijpj2z2a", "3l25zusnsfctk", "3mabcdefghijk", "self", "2short")
    )
