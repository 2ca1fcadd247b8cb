"""Every promise of the record, in one class to inherit from; it says which server in `store`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.store.keys import Keys
from adapters.store.redis import RedisStore
from bot.domain import events as e
from bot.domain.assessment import Severity
from bot.domain.case import Case, State
from bot.domain.mention import SetAside
from bot.domain.transitions import TRANSITIONS, replay
from bot.domain.value import digest
from bot.ports import Sent
from tests.builders import NOON, Watch, a_mention, opened
from tests.contracts.author_contract import AuthorContract
from tests.contracts.case_contract import POSTED, PRAISE, READY, CaseContract
from tests.contracts.lane_contract import MINUTE, LaneContract
from tests.contracts.list_contract import ListContract
from tests.contracts.note_contract import NoteContract
from tests.contracts.number_contract import CALL, NumberContract
from tests.contracts.once_contract import OnceContract
from tests.contracts.pace_contract import PaceContract
from tests.domain.random_events import MENTIONS, events
from tests.stores import ALL_LANES, Life, a_store

# Each class runs the same examples on a server of its own; nothing is kept between them.
ANY_SERVER = settings(
    max_examples=25,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)


class StoreContract(
    CaseContract,
    OnceContract,
    AuthorContract,
    LaneContract,
    PaceContract,
    ListContract,
    NoteContract,
    NumberContract,
):
    """Inherit, and give `url`."""

    @pytest_asyncio.fixture
    async def store(self, url: str, watch: Watch) -> AsyncIterator[RedisStore]:
        async with a_store(url, watch) as store:
            yield store

    @given(data=st.data())
    @ANY_SERVER
    async def test_whatever_happens_the_record_is_the_case(self, url: str, data: st.DataObject) -> None:
        watch = Watch()
        async with a_store(url, watch) as store:
            life = Life(store, watch)
            case = await life.begin(data.draw(MENTIONS))
            for _ in range(data.draw(st.integers(1, 12))):
                watch.move(seconds=data.draw(st.integers(0, 5000)))
                known = events(case, watch()).filter(
                    lambda event, c=case: (c.state, type(event)) in TRANSITIONS
                )
                case = await life.happens(case, data.draw(known))
                assert await store.get(case.id) == case
                await self._owes_its_step(store, watch, case)
            assert replay(await store.trail(case.id)) == case

    async def _owes_its_step(self, store: RedisStore, watch: Watch, case: Case) -> None:
        """What is claimed a year from now is what the case owes, no more and no less."""
        now = watch.at
        watch.move(days=400)
        claimed = {owed.lane for owed in await store.claim(ALL_LANES, lease=MINUTE)}
        watch.at = now + timedelta(days=400, minutes=1)  # the leases end, all is owed again
        step = {str(case.lane)} - {"None", "card"}
        drawings = {lane for lane in ALL_LANES if lane.startswith("card")} if case.needs_card else set[str]()
        assert claimed - drawings == step
        assert drawings <= claimed
        for owed in await store.claim(dict.fromkeys(drawings, 9), lease=MINUTE):
            await store.drawn(owed, "p")
        if step:
            (owed,) = await store.claim(dict.fromkeys(step, 9), lease=MINUTE)
            assert owed.case == case
            assert await store.failed(owed, "again", again=-timedelta(days=800), most=99)
        watch.at = now

    async def test_no_key_is_left_behind(self, store: RedisStore, life: Life, watch: Watch) -> None:
        await self._live_a_full_day(store, life, watch)
        kinds = set[str]()
        for key in await keys_of(store):
            kind = key.split(":")[2]
            kinds.add(kind)
            ttl = await store._link.send("PTTL", key)
            assert ttl > 0 or kind in Keys.FOR_EVER, f"{key} has no time to live and no reason to need none"
        assert kinds >= {"case", "trail", "seen", "who", "thread", "folded", "closed", "counts", "sample"}
        assert kinds >= {"numbers", "total", "spent", "author"}
        assert kinds >= {"near", "sent", "once", "source", "beats", "aside", "paused", "revision", "trouble"}
        # What waits for work is empty once no case is open: nothing in those that live for ever stays.
        assert kinds.isdisjoint({"open", "board", "due", "ready", "states"})

    async def _live_a_full_day(self, store: RedisStore, life: Life, watch: Watch) -> None:
        case = await life.begin(a_mention(thread="99"))
        await life.happens(await life.begin(a_mention(id="2")), PRAISE)
        for owed in await store.claim(ALL_LANES, lease=MINUTE):
            await store.failed(owed, "no", again=MINUTE, most=1)
        await store.retry(case.id)
        case = await life.happens(case, opened(), READY)
        for owed in await store.claim(ALL_LANES, lease=MINUTE):
            await store.failed(owed, "busy", again=MINUTE, most=5)
        case = await life.happens(case, POSTED)
        await store.remember((1, 2, 3, 4), Sent(case.id, digest("ada"), "text", NOON), is_sent=True)
        await life.happens(case, e.CaseClosed(by="rosa", outcome=e.Outcome.SILENT))
        watch.move(hours=1)
        for owed in await store.claim(ALL_LANES, lease=MINUTE):
            await store.drawn(owed, "p1")
        await store.mark_seen("square", "3", digest("x"))
        await store.once("nonce", keep=MINUTE)
        await store.beat("square", NOON, found=True)
        await store.put_aside([SetAside(source="hook", reason="bad", raw="{", at=NOON)])
        await store.meter.reserve(1000, limit=1000)
        await store.meter.settle(case.id, reserved=1000, spent=CALL)
        await store.trouble("slack", "No card can be put up there.")
        await store.pause("mark", NOON)
        lease = await store.cursors.take("square", by="a", lease=MINUTE)
        assert lease
        await store.cursors.put(lease, "1")

    async def test_a_case_stored_in_the_first_schema_is_read_for_ever(self, store: RedisStore) -> None:
        folder = Path(__file__).with_name("snapshots")
        fields = [
            part for line in (folder / "case-1.txt").read_bytes().splitlines() for part in line.split(b" ", 1)
        ]
        lines = (folder / "trail-1.txt").read_bytes().splitlines()
        await store._link.send("HSET", store._keys.case("square:100"), *fields)
        await store._link.send("RPUSH", store._keys.trail("square:100"), *lines)
        await store._link.send("SET", store._keys.folded("square:2"), (folder / "folded-1.bin").read_bytes())
        case = await store.get("square:100")
        assert (case.state, case.version, case.severity) == (State.APPROVED, 5, Severity.HIGH)
        assert case.mention.text == "My bread came two hours late again."
        assert case.approval
        assert case.approval.by == "rosa"
        assert replay(await store.trail("square:100")) == case
        assert (case.history, case.history_count) == ((), 0)
        noted = await store.get("square:2")
        assert (noted.state, noted.outcome, noted.mention.text) == (State.CLOSED, "praise", "Lovely bread!")
        assert replay(await store.trail("square:2")) == noted


async def keys_of(store: RedisStore) -> list[str]:
    """Return every key of a store's brand."""
    found, cursor = list[bytes](), b"0"
    while True:
        cursor, some = await store._link.send("SCAN", cursor, "MATCH", store._keys._key("*"), "COUNT", 1000)
        found += some
        if int(cursor) == 0:
            return [key.decode() for key in found]
