"""What a store promises of cases: nothing lost, nothing twice, the first to save wins."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from adapters.store.redis import RedisStore
from bot.domain import events as e
from bot.domain.assessment import Assessment, Category, Severity
from bot.domain.mention import Author
from bot.domain.transitions import replay
from bot.domain.value import ERASED, digest
from bot.errors import NoSuchCase, StaleCase
from tests.builders import BY_API, NOON, Watch, a_draft, a_mention, opened
from tests.stores import Life

PRAISE = e.CaseNoted(
    assessment=Assessment(category=Category.PRAISE, severity=Severity.LOW, language="en", by="rules"),
    outcome=e.Outcome.PRAISE,
)
READY = e.DraftReady(draft=a_draft(), delivery=BY_API)
POSTED = e.CardPosted(channel="console")


class CaseContract:
    async def test_a_case_reads_back_as_it_was_received(self, store: RedisStore, life: Life) -> None:
        case = await life.begin(a_mention('پیکج نہیں آیا \U0001f622 "quoted" \\ \n new line'))
        assert await store.get(case.id) == case
        assert [x.id for x in await store.get_many([case.id, "square:none"])] == [case.id]

    async def test_an_unknown_case_is_no_such_case(self, store: RedisStore, life: Life) -> None:
        with pytest.raises(NoSuchCase, match="square:1"):
            await store.get("square:1")
        with pytest.raises(NoSuchCase):
            await store.trail("square:1")
        case, _ = life.received()
        with pytest.raises(NoSuchCase):
            await store.save(life.change(case, opened()))

    async def test_a_mention_read_twice_opens_one_case(self, store: RedisStore, life: Life) -> None:
        one, two = life.received(), life.received(a_mention("Other words.", id="101"))
        edited = life.received(a_mention("Edited words.", id="101"))
        assert await store.receive([one, two, one]) == [None, None, digest(one[0].mention.text)]
        assert await store.receive([edited]) == [digest("Other words.")]
        assert await store.count_open() == 2
        assert (await store.get(two[0].id)).mention.text == "Other words."

    async def test_a_thousand_mentions_come_in_at_once(self, store: RedisStore, life: Life) -> None:
        batch = [life.received(a_mention(id=str(n))) for n in range(1000)]
        assert await store.receive(batch) == [None] * 1000
        assert await store.count_open() == 1000

    async def test_a_change_saved_again_after_a_lost_answer_is_done_once(
        self, store: RedisStore, life: Life
    ) -> None:
        case = await life.begin()
        change = life.change(case, opened(), READY)
        await store.save(change)
        await store.save(change)
        later = await life.happens(change.after, POSTED)
        await store.save(change)
        assert await store.get(case.id) == later
        assert [entry.version for entry in await store.trail(case.id)] == [1, 2, 3, 4]

    async def test_a_noted_change_saved_again_is_counted_once(self, store: RedisStore, life: Life) -> None:
        case = await life.begin()
        change = life.change(case, PRAISE)
        await store.save(change)
        await store.save(change)
        assert (await store.tally("2026-11-22")).counts == {"praise": 1}
        assert await store._link.send("EXISTS", store._keys.folded(case.id)) == 1  # and stays small

    async def test_who_comes_second_is_told_the_case_has_changed(self, store: RedisStore, life: Life) -> None:
        case = await life.begin()
        first, second = life.change(case, opened()), life.change(case, opened(Severity.HIGH))
        await store.save(first)
        with pytest.raises(StaleCase, match=r"version 2.*from version 1"):
            await store.save(second)
        assert await store.get(case.id) == first.after
        assert len(await store.trail(case.id)) == 2

    async def test_of_fifty_who_save_at_once_one_wins(self, store: RedisStore, life: Life) -> None:
        case = await life.begin()
        changes = [life.change(case, opened(why=f"reader {n}")) for n in range(50)]
        results = await asyncio.gather(*(store.save(c) for c in changes), return_exceptions=True)
        assert results.count(None) == 1
        assert all(isinstance(r, StaleCase) for r in results if r is not None)
        winner = changes[results.index(None)]
        assert await store.get(case.id) == winner.after

    async def test_the_trail_makes_the_same_case_again(self, store: RedisStore, life: Life) -> None:
        case = await life.happens(await life.begin(), opened(), READY)
        case = await life.happens(case, POSTED, console="p1")
        edited = e.DraftEdited(by="rosa", draft=a_draft("Dear Ada.", by="person:rosa"))
        case = await life.happens(case, edited)
        assert replay(await store.trail(case.id)) == case == await store.get(case.id)

    async def test_a_text_stands_in_the_record_once(self, store: RedisStore, life: Life) -> None:
        case = await life.happens(await life.begin(a_mention("Only once")), opened(), READY)
        case = await life.happens(case, POSTED, e.DraftEdited(by="rosa", draft=a_draft("Only once")))
        fields = await store._link.send("HGETALL", store._keys.case(case.id))
        lines = await store._link.send("LRANGE", store._keys.trail(case.id), 0, -1)
        assert b"\n".join([*fields.values(), *lines]).count(b"Only once") == 1

    async def test_a_noted_case_reads_back_and_keeps_its_history(self, store: RedisStore, life: Life) -> None:
        case = await life.happens(await life.begin(a_mention('شاندار! "love" it\n')), PRAISE)
        assert await store.get(case.id) == case
        assert replay(await store.trail(case.id)) == case
        assert await store.count_open() == 0

    async def test_a_noted_case_comes_back_when_its_author_speaks(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        case = await life.happens(await life.begin(), PRAISE)
        message = e.Message(id="7", by="author", text="But now it is broken!", at=NOON)
        watch.move(days=3)
        case = await life.happens(case, e.AuthorReplied(message=message))
        assert await store.get(case.id) == case
        assert replay(await store.trail(case.id)) == case
        owed = await store.claim({"triage": 9}, lease=timedelta(minutes=1))
        assert [o.case for o in owed] == [case]

    async def test_closed_cases_expire_and_open_ones_never(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        case = await life.begin(a_mention(thread="99"))
        mention = case.mention
        keys = [
            store._keys.case(case.id), store._keys.trail(case.id), store._keys.seen("square", "100"),
            store._keys.who(mention.thread_key), store._keys.thread("square", "99"),
        ]  # fmt: skip

        async def days() -> list[int]:
            left = [await store._link.send("PTTL", key) for key in keys]
            return [ms if ms < 0 else round(ms / 86_400_000) for ms in left]

        assert await days() == [-1] * 5
        case = await life.happens(case, opened(), READY, e.CaseClosed(by="rosa", outcome=e.Outcome.SILENT))
        assert await days() == [90, 90, 180, 90, 90]
        case = await life.happens(case, e.CaseReopened(by="rosa", deadline=NOON, remind_at=NOON))
        assert await days() == [-1] * 5
        noted = await life.happens(await life.begin(a_mention(id="5")), PRAISE)
        folded = await store._link.send("PTTL", store._keys.folded(noted.id))
        assert round(folded / 86_400_000) == 90

    async def test_a_thread_leads_to_its_cases(self, store: RedisStore, life: Life, watch: Watch) -> None:
        root = await life.begin(a_mention(id="1"))
        bob = a_mention(id="2", thread="1", author=Author(handle="bob"))
        answer = await life.begin(bob)
        assert await store.case_of_thread(bob.thread_key) == answer.id
        assert await store.case_of_thread(root.mention.thread_key) == root.id
        assert await store.case_of_thread("0" * 32) is None
        assert await store.case_of_post("square", "1") == [root.id, answer.id]
        assert await store.case_of_post("square", "404") == []
        await life.happens(answer, PRAISE)
        assert await store.case_of_post("square", "1") == [root.id, answer.id]
        late = await life.begin(a_mention(id="3", thread="1", author=Author(handle="cid")))
        assert await store._link.send("PTTL", store._keys.thread("square", "1")) == -1
        watch.move(days=91)
        assert await store.case_of_post("square", "1") == [root.id, late.id]

    async def test_what_was_taken_in_is_known(self, store: RedisStore, life: Life) -> None:
        assert await store.seen("square", "100") is None
        case = await life.begin()
        assert await store.seen("square", "100") == digest(case.mention.text)
        await store.mark_seen("square", "100", digest("edited"))
        assert await store.seen("square", "100") == digest("edited")
        assert await store._link.send("PTTL", store._keys.seen("square", "100")) == -1
        await store.mark_seen("square", "reply", digest("their next message"))
        assert await store.receive([life.received(a_mention(id="reply"))]) == [digest("their next message")]
        assert await store._link.send("PTTL", store._keys.seen("square", "reply")) > 0

    async def test_an_erased_text_is_gone_and_the_history_stands(self, store: RedisStore, life: Life) -> None:
        case = await life.happens(await life.begin(), opened(), READY)
        assert await store.erase(case.id, [digest(case.mention.text)]) == 1
        erased = await store.get(case.id)
        assert erased.mention.text == ERASED
        assert erased.draft == case.draft
        assert replay(await store.trail(case.id)) == erased
        assert await store.erase(case.id) == 2
        assert replay(await store.trail(case.id)) == await store.get(case.id)

    async def test_an_erased_text_does_not_come_back_with_a_late_save(
        self, store: RedisStore, life: Life
    ) -> None:
        case = await life.happens(await life.begin(), opened())
        await store.erase(case.id)
        await life.happens(case, READY)  # by somebody who read the case before
        assert (await store.get(case.id)).mention.text == ERASED
        assert replay(await store.trail(case.id)) == await store.get(case.id)

    async def test_a_noted_case_can_be_erased_too(self, store: RedisStore, life: Life) -> None:
        case = await life.happens(await life.begin(), PRAISE)
        assert await store.erase(case.id) == 1
        assert (await store.get(case.id)).mention.text == ERASED
        assert replay(await store.trail(case.id)) == await store.get(case.id)
        assert await store._link.send("PTTL", store._keys.case(case.id)) > 0

    async def test_every_save_moves_the_revision(self, store: RedisStore, life: Life) -> None:
        assert await store.revision() == 0
        await life.happens(await life.begin(), opened())
        assert await store.revision() == 1
