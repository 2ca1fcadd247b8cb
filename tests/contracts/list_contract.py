"""What a store promises of its lists: complete, in order, found again by any word."""

from __future__ import annotations

from datetime import timedelta

from adapters.store.redis import RedisStore
from bot.domain import events as e
from bot.domain.assessment import Severity
from bot.domain.mention import Author
from tests.builders import NOON, Watch, a_draft, a_mention, opened
from tests.contracts.case_contract import POSTED, PRAISE, READY
from tests.stores import Life


class ListContract:
    async def test_the_board_shows_what_has_a_card_or_will_have_one(
        self, store: RedisStore, life: Life
    ) -> None:
        await life.begin(a_mention(id="waiting"))
        low = await life.happens(
            await life.begin(a_mention(id="low")), opened(Severity.LOW, NOON + timedelta(hours=1))
        )
        bad = await life.happens(
            await life.begin(a_mention(id="bad")), opened(Severity.CRITICAL), READY, POSTED
        )
        assert await store.open_cases(first=0, count=9) == [bad.id, low.id]
        assert await store.open_cases(first=1, count=1) == [low.id]
        assert await store.open_cases(first=0, count=0) == []
        assert await store.count_open() == 3
        message = e.Message(id="7", by="author", text="And again!", at=NOON)
        bad = await life.happens(bad, e.AuthorReplied(message=message))  # to be read again, and has a card
        assert await store.open_cases(first=0, count=9) == [bad.id, low.id]
        await life.happens(low, e.MentionRemoved())
        assert await store.open_cases(first=0, count=9) == [bad.id]

    async def test_every_case_is_found_once_in_order(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        # Many of one rank, more than a page: their order does not matter, but that each comes once.
        await store.receive([life.received(a_mention(id=f"{n:03}")) for n in range(47)])
        worst = await life.begin(a_mention(id="worst"), Severity.CRITICAL)
        closed = []
        for n in range(12):
            watch.move(hours=6)
            closed.append(await life.happens(await life.begin(a_mention(id=f"noted {n}")), PRAISE))
        found = [case.id async for case in store.all_cases(chunk=5)]
        assert found[0] == worst.id
        assert sorted(found[1:48]) == [f"square:{n:03}" for n in range(47)]
        assert found[48:] == [case.id for case in reversed(closed)]

    async def test_no_case_is_missed_while_others_close(self, store: RedisStore, life: Life) -> None:
        cases = [life.received(a_mention(id=f"{n:03}")) for n in range(40)]
        await store.receive(cases)
        found = list[str]()
        async for case in store.all_cases(chunk=5):
            found.append(case.id)
            if len(found) in {5, 6, 13}:
                await life.happens(case, PRAISE)
        opened = found[:40]  # then those that closed meanwhile, as closed ones
        assert sorted(opened) == [case.id for case, _ in cases]

    async def test_a_case_closed_again_is_found_once(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        closed = e.CaseClosed(by="rosa", outcome=e.Outcome.SILENT)
        reopened = e.CaseReopened(by="rosa", deadline=NOON, remind_at=NOON)
        case = await life.happens(await life.begin(), opened(), READY, closed)
        for days in (0, 0, 1):
            watch.move(days=days)
            case = await life.happens(case, reopened)
            assert [found.id async for found in store.all_cases()] == [case.id]
            case = await life.happens(case, READY, closed)
            assert [found async for found in store.all_cases(chunk=1)] == [case]

    async def test_a_case_is_found_by_its_words_its_author_and_its_id(
        self, store: RedisStore, life: Life
    ) -> None:
        author = Author(handle="baker_77", name="İpek Çelik")
        text = 'The "SOURDOUGH" was\nواقعی باسی'
        case = await life.begin(a_mention(text, id="987", author=author))
        draft = a_draft("Dear İpek, we are sorry.")
        await life.happens(case, opened(), e.DraftReady(draft=draft, delivery=READY.delivery))
        await life.happens(await life.begin(a_mention(id="1", text="Wonderful cakes")), PRAISE)

        async def found(words: str) -> list[str]:
            return [case.id async for case in store.search(words)]

        for words in (
            "sourdough",
            '"SOURdough"',
            "was\nو",
            "باسی",
            "Baker_77",
            "çelik",
            "square:987",
            "we are",
        ):
            assert await found(words) == ["square:987"], words
        assert await found("wonderful CAKES") == ["square:1"]
        assert await found("received_at") == []  # how we store it is nobody's word
        assert await found("nothing like it") == []

    async def test_a_day_counts_what_it_closed_without_a_card(
        self, store: RedisStore, life: Life, watch: Watch
    ) -> None:
        spam = PRAISE.model_copy(update={"outcome": e.Outcome.SPAM})
        for n in range(30):
            case = await life.begin(a_mention(id=str(n)))
            await life.happens(case, PRAISE if n % 3 else spam)
        with_card = await life.happens(await life.begin(a_mention(id="card")), opened(), READY, POSTED)
        await life.happens(with_card, e.CaseClosed(by="rosa", outcome=e.Outcome.SPAM))
        tally = await store.tally("2026-11-22")
        assert tally.counts == {"praise": 20, "spam": 10}
        assert len(set(tally.sample)) == len(tally.sample) == 20
        assert {i.split(":")[0] for i in tally.sample} == {"square"}
        assert (await store.tally("2026-11-23")).counts == {}

    async def test_a_noted_case_that_was_read_twice_is_counted_too(
        self, store: RedisStore, life: Life
    ) -> None:
        case = await life.happens(await life.begin(), e.MentionEdited(text="Other words"))
        case = await life.happens(case, PRAISE)
        assert await store.get(case.id) == case
        assert (await store.tally("2026-11-22")).sample == (case.id,)
