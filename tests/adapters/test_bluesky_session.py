"""Bluesky's sessions: signed in once, renewed once, begun again, and never told to anybody."""

from __future__ import annotations

import asyncio
import traceback
from datetime import timedelta

import httpx2
import pytest
from structlog.testing import capture_logs

from bot.domain.keywords import Keywords
from bot.errors import PlatformBusy, PlatformError, PlatformRejected
from tests.adapters.blueskies import ADA, PASSWORD, US, Fake, mention, no, yes
from tests.builders import Watch


async def test_several_calls_at_once_sign_in_once() -> None:
    fake = Fake()
    async with fake.bluesky() as bluesky:
        await asyncio.gather(*(bluesky.fetch(None) for _ in range(5)))
    assert fake.times("createSession") == 1


async def test_several_calls_at_once_renew_an_expired_session_once() -> None:
    fake = Fake()
    async with fake.bluesky() as bluesky:
        await bluesky.fetch(None)
        fake.access = "another"
        await asyncio.gather(*(bluesky.fetch(None) for _ in range(5)))
    assert (fake.times("createSession"), fake.times("refreshSession")) == (1, 1)


async def test_a_session_that_cannot_be_renewed_is_begun_again() -> None:
    fake = Fake()
    async with fake.bluesky() as bluesky:
        await bluesky.fetch(None)
        fake.access, fake.refresh = "another", "another"
        await bluesky.fetch(None)
    assert (fake.times("createSession"), fake.times("refreshSession")) == (2, 1)


async def test_a_renewed_session_of_another_account_is_not_taken() -> None:
    fake = Fake()
    async with fake.bluesky() as bluesky:
        await bluesky.fetch(None)
        fake.access = "another"
        stranger = {"did": ADA, "handle": "ada.test", "accessJwt": "x", "refreshJwt": "x"}
        fake.fail("refreshSession", yes(stranger))
        await bluesky.fetch(None)
        assert await bluesky._xrpc.did() == US
    assert fake.times("createSession") == 2


async def test_a_token_that_stays_refused_is_no_endless_round() -> None:
    fake = Fake()
    fake.fail("listNotifications", *[no(400, "ExpiredToken")] * 5)
    async with fake.bluesky() as bluesky:
        with pytest.raises(PlatformRejected, match="ExpiredToken"):
            await bluesky.fetch(None)
    assert fake.times("listNotifications") == 2


async def test_a_busy_server_does_not_end_the_session() -> None:
    fake = Fake()
    async with fake.bluesky() as bluesky:
        await bluesky.fetch(None)
        fake.access = "another"
        fake.fail("refreshSession", no(503, "NotEnoughResources"))
        with pytest.raises(PlatformBusy):
            await bluesky.fetch(None)
        await bluesky.fetch(None)
    assert fake.times("createSession") == 2


async def test_a_refused_password_is_told_and_tried_again_only_after_minutes() -> None:
    watch = Watch()
    fake = Fake(watch)
    async with fake.bluesky(password="wrong") as bluesky:
        for _ in range(3):
            with pytest.raises(PlatformRejected, match=r"brightloaf\.test sign in .* AuthenticationRequired"):
                await bluesky.fetch(None)
        assert fake.times("createSession") == 1
        watch.move(minutes=5)
        with pytest.raises(PlatformRejected):
            await bluesky.fetch(None)
    assert fake.times("createSession") == 2


async def test_an_account_that_is_not_active_is_told() -> None:
    fake = Fake()
    told = {"did": US, "accessJwt": "a", "refreshJwt": "r", "active": False, "status": "takendown"}
    fake.fail("createSession", yes(told))
    async with fake.bluesky() as bluesky:
        with pytest.raises(PlatformRejected, match=r"not active on bluesky \(takendown\)"):
            await bluesky.fetch(None)


async def test_silence_at_the_sign_in_is_a_delay_and_leaves_no_doubt_about_a_reply() -> None:
    fake = Fake()
    fake.fail("createSession", httpx2.ReadTimeout("lost"))
    async with fake.bluesky() as bluesky:
        with pytest.raises(PlatformBusy):
            await bluesky._xrpc.tell("com.atproto.repo.createRecord", {})
    assert fake.times("createRecord") == 0


async def test_the_wait_is_the_one_their_own_header_names() -> None:
    fake = Fake()
    moment = str(int(fake.clock().timestamp()) + 90)
    fake.fail("listNotifications", no(429, "RateLimitExceeded", **{"ratelimit-reset": moment}))
    fake.fail("listNotifications", no(429, "RateLimitExceeded", **{"ratelimit-reset": "30"}))
    fake.fail("listNotifications", no(429, "RateLimitExceeded", **{"ratelimit-reset": "soon"}))
    waits = []
    async with fake.bluesky() as bluesky:
        for _ in range(3):
            with pytest.raises(PlatformBusy) as busy:
                await bluesky.fetch(None)
            waits.append(busy.value.wait)
    assert waits == [timedelta(seconds=90), timedelta(seconds=30), None]


@pytest.mark.parametrize("token", ["", "a b", "a\nX-Evil: 1", "ä", "x" * 9000])
async def test_a_token_that_fits_no_header_is_refused(token: str) -> None:
    fake = Fake()
    fake.fail("createSession", yes({"did": US, "accessJwt": token, "refreshJwt": "r"}))
    async with fake.bluesky() as bluesky:
        with pytest.raises(PlatformRejected) as refused:
            await bluesky.fetch(None)
    assert "evil" not in str(refused.value).lower()


async def test_nothing_secret_stands_in_errors_or_logs() -> None:
    fake = Fake()
    fake.fail("createSession", no(500, "InternalServerError"), no(401, "AuthenticationRequired"))
    fake.fail("searchPosts", no(500, "InternalServerError"))
    fake.fail("refreshSession", yes({"did": US, "accessJwt": "access-!", "refreshJwt": "refresh-!"}))
    said: list[str] = []
    with capture_logs() as logs:
        async with fake.bluesky(keywords=Keywords(words=("late",))) as bluesky:
            for _ in range(6):
                bluesky._xrpc._refused = None
                try:
                    said.append(repr(await bluesky.fetch(None)))
                except PlatformError as problem:
                    said.append("".join(traceback.format_exception(problem)))
                fake.access = "access-another"
            said.append(f"{bluesky._xrpc._session!r} {bluesky!r}")
    everything = " ".join([*said, repr(logs)])
    assert "bluesky_search_failed" in everything
    assert "AuthenticationRequired" in everything
    for secret in (PASSWORD, "access-", "refresh-"):
        assert secret not in everything


async def test_an_address_that_is_no_server_of_bluesky_is_told_as_such() -> None:
    fake = Fake()
    fake.fail("createSession", httpx2.Response(404, text="<html>"))
    async with fake.bluesky() as bluesky:
        with pytest.raises(PlatformRejected, match=r"is https://bsky\.social a server of Bluesky"):
            await bluesky.look(mention())
