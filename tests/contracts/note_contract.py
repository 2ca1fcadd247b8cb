"""What a store promises of everything beside the cases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.store.keys import Keys
from adapters.store.redis import RedisStore
from bot.domain.mention import Author
from bot.domain.value import digest
from bot.errors import LeaseLost
from bot.ports import Beat, Sent
from tests.builders import NOON, Watch, a_draft, a_mention, opened
from tests.contracts.case_contract import READY
from tests.stores import Life

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
BANDS = (1, 65535, 0, 77)


class NoteContract:
    async def _drafted(self, life: Life, number: int, text: str) -> Sent:
        handle = f"person{number}"
        mention = a_mention(id=str(number), author=Author(handle=handle))
        ready = READY.model_copy(update={"draft": a_draft(text)})
        case = await life.happens(await life.begin(mention), opened(), ready)
        return Sent(case.id, digest(handle), text, life.watch())

    async def test_texts_that_share_a_band_are_found(self, store: RedisStore, life: Life) -> None:
        one = await self._drafted(life, 1, "We are sorry, Ada.")
        two = await self._drafted(life, 2, "We are sorry, Bob.")
        await store.remember(BANDS, one, is_sent=True)
        await store.remember((9, 9, 9, 77), two, is_sent=False)
        since = NOON - DAY
        assert set(await store.similar((0, 0, 1, 77), since=since, sent_only=False)) == {one, two}
        assert await store.similar(BANDS, since=since, sent_only=True) == [one]
        # A value in another place of the fingerprint is another band.
        assert await store.similar((65535, 1, 77, 0), since=since, sent_only=False) == []

    async def test_texts_are_compared_for_a_day(self, store: RedisStore, life: Life, watch: Watch) -> None:
        sent = await self._drafted(life, 1, "We are sorry.")
        await store.remember(BANDS, sent, is_sent=True)
        watch.move(hours=23, minutes=59)
        assert await store.similar(BANDS, since=watch() - DAY, sent_only=True) == [sent]
        assert await store.similar(BANDS, since=watch() - MINUTE, sent_only=True) == []
        watch.move(minutes=2)
        assert await store.similar(BANDS, since=NOON - DAY, sent_only=True) == []

    async def test_of_each_band_the_newest_are_found(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        sent = [await self._drafted(life, n, f"We are sorry, person {n}.") for n in range(25)]
        for one in sent:
            watch.move(minutes=30)
            await store.remember((5, 5, 5, 5), replace(one, at=watch()), is_sent=True)
        for _ in range(30):
            await store.remember((5, 5, 5, 5), sent[0], is_sent=False)  # drafts push no sent text out
        found = await store.similar((5, 5, 5, 5), since=NOON - DAY, sent_only=True)
        assert {s.case_id for s in found} == {s.case_id for s in sent[5:]}
        span = int(NOON.timestamp() // Keys.NEAR_SPAN.total_seconds())
        places = await store._link.send("HGET", store._keys.near(span), "d0:5")
        assert len(places.split()) == 20  # and no more are kept

    async def test_an_erased_text_is_compared_no_more(self, store: RedisStore, life: Life) -> None:
        sent = await self._drafted(life, 1, "We are sorry.")
        await store.remember(BANDS, sent, is_sent=True)
        await store.erase(sent.case_id)
        assert await store.similar(BANDS, since=NOON - DAY, sent_only=True) == []

    async def test_a_name_is_new_once(self, store: RedisStore) -> None:
        assert not await store.told("nonce")
        first = await asyncio.gather(*(store.once("nonce", keep=MINUTE) for _ in range(20)))
        assert first.count(True) == 1
        assert await store.told("nonce")
        assert await store.once("another", keep=MINUTE)

    async def test_a_channel_that_refuses_a_card_is_in_trouble_for_twenty_minutes(
        self, store: RedisStore, watch: Watch
    ) -> None:
        assert await store.troubles() == {}
        seen = await store.revision()
        await store.trouble("slack", "No card can be put up there.")
        assert await store.revision() == seen + 1
        watch.move(minutes=19)
        await store.trouble("slack", "It is archived.")
        assert await store.revision() == seen + 1
        assert await store.troubles() == {"slack": ("It is archived.", watch())}
        watch.move(minutes=19)
        assert list(await store.troubles()) == ["slack"]
        watch.move(minutes=1)
        assert await store.troubles() == {}
        ttl = timedelta(milliseconds=await store._link.send("PTTL", store._keys.trouble("slack")))
        assert MINUTE * 19 < ttl <= Keys.TROUBLE_TTL

    async def test_a_channel_of_yesterdays_settings_is_in_no_trouble(self, store: RedisStore) -> None:
        await store.trouble("teams", "No card can be put up there.")
        assert await store.troubles() == {}

    async def test_a_source_shows_signs_of_life(self, store: RedisStore) -> None:
        assert await store.beats() == []
        await store.beat("square", NOON, found=True)
        await store.beat("square", NOON + MINUTE, found=False)
        await store.beat("hook", NOON, found=False, error="no answer")
        assert await store.beats() == [
            Beat("hook", None, None, "no answer"), Beat("square", NOON + MINUTE, NOON)
        ]  # fmt: skip
        await store.beat("hook", NOON + DAY, found=False)
        assert (await store.beats())[0] == Beat("hook", NOON + DAY, None)

    async def test_a_source_is_read_by_one_at_a_time(self, store: RedisStore, watch: Watch) -> None:
        cursors = store.cursors
        assert await cursors.get("square") is None
        ours = await cursors.take("square", by="a", lease=MINUTE)
        assert ours
        assert await cursors.take("square", by="b", lease=MINUTE) is None
        await cursors.put(ours, "10")
        watch.move(seconds=59)
        assert await cursors.take("square", by="a", lease=MINUTE) == ours
        watch.move(seconds=59)
        assert await cursors.take("square", by="b", lease=MINUTE) is None
        assert await cursors.get("square") == "10"

    async def test_an_old_reader_never_moves_the_cursor_back(self, store: RedisStore, watch: Watch) -> None:
        cursors = store.cursors
        old = await cursors.take("square", by="a", lease=MINUTE)
        watch.move(minutes=1)
        new = await cursors.take("square", by="b", lease=MINUTE)
        assert old
        assert new
        assert new.fence > old.fence
        await cursors.put(new, "20")
        with pytest.raises(LeaseLost, match="square"):
            await cursors.put(old, "15")
        assert await cursors.get("square") == "20"
        watch.move(minutes=1)
        back = await cursors.take("square", by="a", lease=MINUTE)
        assert back
        assert back.fence > new.fence

    async def test_whom_only_a_channel_vouches_for_is_remembered_by_name(self, store: RedisStore) -> None:
        assert await store.met([]) == {}
        await store.meet("slack:U7", "Lena Ozola")
        await store.meet("slack:U8", "عاصمہ")
        await store.meet("slack:U7", "Lena Berg")
        assert await store.met({"slack:U7", "slack:U8", "slack:U9"}) == {
            "slack:U7": "Lena Berg", "slack:U8": "عاصمہ",
        }  # fmt: skip

    async def test_what_a_channel_keeps_is_found_again_until_it_is_dropped_or_its_time_is_over(
        self, store: RedisStore
    ) -> None:
        keeper = store.keeper
        assert await keeper.kept("teams:1") is None
        await keeper.keep("teams:1", "عاصمہ")
        await keeper.keep("teams:2", "b", keep=MINUTE)
        assert await keeper.kept("teams:1") == "عاصمہ"
        await keeper.drop("teams:1")
        assert await keeper.kept("teams:1") is None
        left = await store._link.send("PTTL", store._keys.kept("teams:2"))
        assert 0 < left <= MINUTE.total_seconds() * 1000

    async def test_the_server_says_how_safe_it_is(self, store: RedisStore) -> None:
        await store.ping()
        verdicts = await store.durability()
        assert [says.split(":")[0] for _, says in verdicts] == [
            "role", "appendonly", "appendfsync", "maxmemory-policy"
        ]  # fmt: skip
