"""What Prometheus reads: what really happened, and nobody's words or name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_families
from prometheus_client.parser import text_string_to_metric_families as families

from adapters.ops.app import ops_app
from adapters.web import Door
from bot.domain.decision import Dismiss
from bot.domain.mention import SetAside
from bot.errors import PlatformRejected, StoreUnavailable
from bot.flows.review import press
from bot.main.health import Health
from bot.ports import Signs, Spent, Watched
from tests.builders import NOON, RESPONDER, Watch
from tests.flows.houses import LATE, House, a_house, until

PRAISE = "@brightloaf lovely bread and friendly staff, thank you, delicious!"
OPEN_METRICS = "application/openmetrics-text; version=1.0.0"


@pytest_asyncio.fixture
async def house(embedded_url: str, tmp_path: Path, watch: Watch) -> AsyncIterator[House]:
    async with a_house(embedded_url, tmp_path, watch) as house:
        yield house


@asynccontextmanager
async def the_door(watched: Watched, **more: float) -> AsyncGenerator[str]:
    async with Door() as door:
        yield await door.open(ops_app(watched, **more), "127.0.0.1", 0)


async def scraped(watched: Watched, accept: str = "") -> str:
    async with (
        the_door(watched) as base,
        ClientSession() as session,
        session.get(f"{base}/metrics", headers={"Accept": accept}) as answer,
    ):
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith(accept.split(";", maxsplit=1)[0] or "text/plain")
        return await answer.text()


class Told:
    """What a scrape says, by name and labels."""

    def __init__(self, text: str) -> None:
        self.families = {family.name: family for family in families(text)}
        self.samples = {
            (s.name, frozenset(s.labels.items())): s.value for f in self.families.values() for s in f.samples
        }

    def __call__(self, name: str, **labels: str) -> float:
        return self.samples[f"levelhead_{name}", frozenset(labels.items())]


def watched(house: House, **more: Any) -> Health:
    settings: dict[str, Any] = {"sources": {"square": timedelta(seconds=2), "hook": None}, **more}
    return Health(store=house.store, clock=house.watch, **settings)


async def a_day(house: House) -> None:
    """Two replies, of which one is refused by the platform, a dismissal, a note, a step set aside."""
    await house.answered()
    refused = await house.hears(LATE.replace("order", "parcel"), "bea", name="Bea Lund")
    house.answers_through(Refusing(house.parts.platforms["square"].publisher))
    await house.approves(refused)
    await house.works(seconds=21)
    dismissed = await house.hears(LATE.replace("order", "cake"), "cem", name="Cem Ay")
    house.watch.move(minutes=20)
    await press(dismissed.id, Dismiss(outcome="not_us", reason="another bakery"), RESPONDER, house.parts)
    await house.hears(PRAISE, "dora", name="Dora Lee")
    await house.store.beat("square", house.watch(), found=True)
    await house.store.meter.settle(
        dismissed.id, reserved=0, spent=Spent(2, 1, 1000, 400, 150, 2_500_000, 1800)
    )
    await house.store.put_aside([SetAside(source="hook", reason="bad", raw="{", at=house.watch())])
    await house.store.pause("rosa", house.watch())
    await house.post(LATE.replace("order", "pie"), "eva", name="Eva Moe")
    await house.reads()
    house.watch.move(seconds=90)


class Refusing:
    """A publisher that says no."""

    def __init__(self, real: Any) -> None:
        self.real = real
        self.max_length = real.max_length

    async def reply(self, *_: Any, **__: Any) -> None:
        raise PlatformRejected("no")

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


async def test_what_happened_in_a_house_is_what_prometheus_reads(house: House) -> None:
    await a_day(house)
    health = watched(house, currency="EUR", resting=lambda: NOON)
    assert Told(await scraped(health))("channel_refuses_cards", channel="board") == 0
    await house.store.trouble("board", "No card can be put up there.")
    told = Told(await scraped(health))
    assert told("channel_refuses_cards", channel="board") == 1
    assert told("mentions_total", source="square") == 5
    assert told("mentions_total", source="hook") == 0
    assert (told("cases", state="published"), told("cases", state="in_review")) == (1, 1)
    assert (told("cases", state="received"), told("cases", state="opened")) == (1, 0)
    assert (told("due", lane="triage"), told("oldest_due_seconds", lane="triage")) == (1, 90)
    assert told("due", lane="card:board") == 0
    assert (told("publish_total", result="published"), told("publish_total", result="rejected")) == (1, 1)
    assert told("decisions_total", kind="reply_approved") == 2
    assert told("decisions_total", kind="case_closed") == 1
    assert (told("closed_total", outcome="not_us"), told("closed_total", outcome="praise")) == (1, 1)
    assert (told("read_total", category="complaint"), told("read_total", category="praise")) == (3, 1)
    assert told("card_delay_seconds_count") == 3
    assert told("decision_delay_seconds_count") == 3
    assert told("decision_delay_seconds_bucket", le="900.0") == 2
    assert told("decision_delay_seconds_bucket", le="1800.0") == 3
    assert told("decision_delay_seconds_sum") == 1200
    assert (told("model_calls_total", outcome="answered"), told("model_calls_total", outcome="failed")) == (
        1,
        1,
    )
    assert [told("model_tokens_total", kind=kind) for kind in ("in", "cached", "out")] == [600, 400, 150]
    assert (told("model_cost_total", currency="EUR"), told("model_resting")) == (2.5, 1)
    assert (told("set_aside", kind="item"), told("set_aside", kind="step")) == (1, 0)
    assert (told("publishing_paused"), told("source_silence_seconds", source="square")) == (1, 90)
    assert told("source_last_error", source="square") == 0
    assert any(name == "process_resident_memory_bytes" and value > 10**6
               for (name, _), value in told.samples.items())  # fmt: skip
    assert any(name == "levelhead_build_info" for name, _ in told.samples)


async def test_every_process_tells_the_same_and_a_restart_loses_nothing(house: House) -> None:
    await a_day(house)
    texts = [await scraped(watched(house)) for _ in range(2)]
    ours = [[line for line in text.splitlines() if line.startswith("levelhead_")] for text in texts]
    assert ours[0] == ours[1]


async def test_nobodys_words_or_name_are_told(house: House) -> None:
    await a_day(house)
    await house.store.beat("square", house.watch(), found=False, error="no post by ada")
    text = (await scraped(watched(house))).lower()
    theirs = (
        "ada",
        "park",
        "bea",
        "lund",
        "cem ",
        "dora",
        "eva",
        "order",
        "bread",
        "rosa",
        "square:",
    )
    assert [word for word in theirs if word in text] == []


async def test_each_number_says_what_it_is_and_in_which_unit(house: House) -> None:
    await a_day(house)
    told = Told(await scraped(watched(house, currency="EUR")))
    ours = {name: family for name, family in told.families.items() if name.startswith("levelhead_")}
    assert len(ours) > 20
    assert [name for name, family in ours.items() if not family.documentation.endswith(".")] == []
    assert {family.type for family in ours.values()} == {"gauge", "counter", "histogram"}
    spans = [name for name in ours if "delay" in name or "silence" in name or "oldest" in name]
    assert all("seconds" in name for name in spans)


async def test_the_newer_format_is_spoken_too(house: House) -> None:
    await a_day(house)
    text = await scraped(watched(house), OPEN_METRICS)
    assert "levelhead_cases" in {family.name for family in open_families(text)}


async def test_a_source_that_is_in_no_setting_is_no_label(house: House) -> None:
    await a_day(house)
    told = Told(await scraped(watched(house, sources={"hook": None})))
    assert (told("mentions_total", source="other"), told("mentions_total", source="hook")) == (5, 0)


class Slow:
    """A process whose record answers when it is let."""

    def __init__(self) -> None:
        self.looks, self.go = 0, asyncio.Event()

    async def signs(self) -> Signs:
        self.looks += 1
        await self.go.wait()
        return Signs()

    async def readiness(self) -> Any:
        raise NotImplementedError

    def stuck(self) -> str:
        return ""


async def test_scrapes_at_once_look_once() -> None:
    slow = Slow()
    async with the_door(slow) as base, ClientSession() as session:
        scrapes = [asyncio.ensure_future(status(session, f"{base}/metrics")) for _ in range(20)]
        await until(lambda: slow.looks > 0)
        slow.go.set()
        assert set(await asyncio.gather(*scrapes)) == {200}
    assert slow.looks == 1


async def test_a_record_that_does_not_answer_is_not_waited_for() -> None:
    slow = Slow()
    async with the_door(slow, within=0.05) as base, ClientSession() as session:
        assert [await status(session, f"{base}/metrics") for _ in range(3)] == [503] * 3
        assert slow.looks == 1
        slow.go.set()
        assert await status(session, f"{base}/metrics") == 200


async def test_a_record_that_is_away_is_said() -> None:
    class Away(Slow):
        async def signs(self) -> Signs:
            raise StoreUnavailable("it is away")

    async with the_door(Away()) as base, ClientSession() as session, session.get(f"{base}/metrics") as answer:
        assert (answer.status, await answer.text()) == (503, "the record cannot be reached: it is away\n")


async def status(session: ClientSession, url: str) -> int:
    async with session.get(url) as answer:
        return answer.status


@pytest.mark.parametrize("path", ["/", "/metrics/", "/hooks/shop", "/healthz/other"])
async def test_nothing_else_is_there(path: str) -> None:
    async with the_door(Slow()) as base, ClientSession() as session:
        assert await status(session, base + path) == 404
