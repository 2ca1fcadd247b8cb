"""What a store promises of a change with a name: of all that come under it, one is written."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from adapters.store.keys import ms
from adapters.store.redis import RedisStore
from bot.domain import events as e
from bot.domain.assessment import Severity
from bot.errors import AlreadyDone, NoSuchCase, StaleCase
from bot.ports import REMEMBERED
from tests.builders import NOON, opened
from tests.contracts.case_contract import PRAISE, READY
from tests.stores import Life

NAME = "slack:a-press"


class OnceContract:
    async def test_under_one_name_one_change_is_written(self, store: RedisStore, life: Life) -> None:
        case = await life.begin()
        first = replace(life.change(case, opened()), once=NAME)
        await store.save(first)
        seen = await store.revision()
        with pytest.raises(AlreadyDone, match=NAME):
            await store.save(replace(life.change(first.after, READY), once=NAME))
        assert await store.get(case.id) == first.after
        assert [entry.version for entry in await store.trail(case.id)] == [1, 2]
        assert await store.revision() == seen
        assert (await store.states())["opened"] == 1
        await store.save(replace(life.change(first.after, READY), once="slack:another"))

    async def test_a_name_is_kept_for_two_hours_and_known_by_it(self, store: RedisStore, life: Life) -> None:
        case = await life.begin()
        assert not await store.told(NAME)
        await store.save(replace(life.change(case, opened()), once=NAME))
        assert await store.told(NAME)
        assert not await store.once(NAME, keep=REMEMBERED)
        left = await store._link.send("PTTL", store._keys.once(NAME))
        assert ms(REMEMBERED) - 60_000 < left <= ms(REMEMBERED)

    async def test_a_change_without_a_name_gives_none(self, store: RedisStore, life: Life) -> None:
        case = await life.happens(await life.begin(), opened())
        await life.happens(case, READY)
        assert not await store.told("")

    async def test_its_own_change_saved_again_is_done_however_much_happened_since(
        self, store: RedisStore, life: Life
    ) -> None:
        case = await life.begin()
        first = replace(life.change(case, opened()), once=NAME)
        await store.save(first)
        await store.save(first)
        case = await life.happens(first.after, READY)
        for n in range(12):  # more than a case remembers the changes of
            case = await life.happens(case, e.MentionEdited(text=f"Edited {n}"))
        await store.save(first)
        assert await store.get(case.id) == case
        assert len(await store.trail(case.id)) == case.version

    async def test_what_is_not_written_gives_no_name(self, store: RedisStore, life: Life) -> None:
        case = await life.begin()
        late = replace(life.change(case, opened()), once=NAME)
        now = await life.happens(case, opened(Severity.HIGH))
        with pytest.raises(StaleCase):
            await store.save(late)
        missing, _ = life.received()
        gone = missing.model_copy(update={"id": "square:none"})
        with pytest.raises(NoSuchCase):
            await store.save(replace(life.change(gone, opened()), once=NAME))
        assert not await store.told(NAME)
        await store.save(replace(life.change(now, READY), once=NAME))

    async def test_a_folded_case_changes_under_a_name_once(self, store: RedisStore, life: Life) -> None:
        noting = replace(life.change(await life.begin(), PRAISE), once="slack:noted")
        await store.save(noting)
        await store.save(noting)
        back = e.AuthorReplied(message=e.Message(id="7", by="author", text="It broke!", at=NOON))
        change = replace(life.change(noting.after, back), once=NAME)
        await store.save(change)  # which unfolds it first
        await store.save(change)
        with pytest.raises(AlreadyDone):
            await store.save(replace(life.change(change.after, opened()), once=NAME))
        assert await store.get(noting.after.id) == change.after

    async def test_of_fifty_who_save_at_once_under_one_name_one_writes(
        self, store: RedisStore, life: Life
    ) -> None:
        case = await life.begin()
        changes = [replace(life.change(case, opened(why=f"reader {n}")), once=NAME) for n in range(50)]
        results = await asyncio.gather(*(store.save(c) for c in changes), return_exceptions=True)
        assert results.count(None) == 1
        assert all(isinstance(r, AlreadyDone) for r in results if r is not None)
        assert await store.get(case.id) == changes[results.index(None)].after
