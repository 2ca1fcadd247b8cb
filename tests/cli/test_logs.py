"""What is logged names what happened and where, and never what a stranger wrote."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiohttp import ClientSession
from pydantic import ValidationError

from adapters.ops.app import ops_app
from adapters.web import Door, public_app
from bot.domain.mention import Mention
from bot.errors import PlatformSilent, Refused
from bot.main.logs import configure_logs
from bot.ports import Look
from bot.worker import Reader
from bot.worker import watch as follow
from tests.builders import MANAGER, Watch
from tests.flows.houses import House, a_house, until_found

WORDS = "words of a stranger"

#: Each stands in one place only: a text, a name, a handle, a draft, a reason, an error, a secret.
TEXT, NAME, HANDLE, EDITED = "zanzibarquux", "Vandersloot", "qwopzerty9", "florbleglim"
REASON, ERROR, SECRET, CARD = "wuxtrygnomon", "kryptenhaft", "hunter-two-hunter-two", "4111 1111 1111 1111"
HOSTILE = (TEXT, NAME, HANDLE, EDITED, REASON, ERROR, SECRET, CARD, "\x1b", "ada@example.com")
COMPLAINT = f"@brightloaf \x1b[31m{TEXT} my order came late, terrible service, call {CARD} or ada@example.com"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.configure(**before)
    root.handlers[:], root.level = handlers, level


def logging_to(**settings: Any) -> None:
    """Log as the product does; the loggers of modules must not keep this test's stream."""
    configure_logs(**settings)
    structlog.configure(**{**structlog.get_config(), "cache_logger_on_first_use": False})


@pytest.mark.parametrize("as_json", [True, False])
def test_an_error_is_told_by_its_kind_and_place_alone(
    capsys: pytest.CaptureFixture[str], *, as_json: bool
) -> None:
    configure_logs(as_json=as_json)
    try:
        Mention.model_validate({"text": WORDS})
    except ValidationError as problem:
        structlog.get_logger().error("step_failed", case="square:1", exc_info=True)
        structlog.get_logger().error("step_failed", exc_info=RuntimeError(WORDS))
        structlog.get_logger().error("step_failed", exc_info=ExceptionGroup(WORDS, [KeyError(WORDS)]))
        error = problem
    logging.getLogger("asyncio").error("never retrieved: %s", WORDS, exc_info=error)
    logging.getLogger("asyncio").error(f"never retrieved\nfuture: {error!r}")  # noqa: G004 as asyncio itself does
    told = capsys.readouterr().err
    assert "words of" not in told
    kinds = ("ValidationError", "RuntimeError", "ExceptionGroup from KeyError")
    assert all(word in told for word in ("square:1", *kinds, "test_logs.py"))
    assert "never retrieved" in told


def test_personal_data_is_masked_wherever_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(as_json=True)
    structlog.get_logger().warning("source_failed", problem="no account for ada@example.com")
    assert "[e-mail]" in capsys.readouterr().err


def test_a_container_gets_an_object_a_line_and_a_person_gets_text(capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("json", "text", "TEXT", ""):
        configure_logs(env={"LEVELHEAD_LOG": form})
        structlog.get_logger().info("source_read", source="square", new=2)
    first, second, third, last = capsys.readouterr().err.splitlines()
    for line in (first, last):  # nobody is looking at a terminal here
        assert json.loads(line) | {"timestamp": ""} == {
            "event": "source_read", "level": "info", "source": "square", "new": 2, "timestamp": ""
        }  # fmt: skip
    for line in (second, third):
        assert "source_read" in line
        assert "new=2" in line
        assert "\x1b" not in line


def test_no_value_moves_the_cursor_of_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(as_json=False, env={})
    structlog.get_logger().warning("source_failed", problem="red \x1b[31m and \r gone")
    told = capsys.readouterr().err
    assert "\x1b" not in told
    assert "\r" not in told


def test_the_level_is_the_operators(capsys: pytest.CaptureFixture[str]) -> None:
    for level, command in (("", "error"), ("debug", "error"), ("WARNING", "info"), ("", "info")):
        configure_logs(level=command, env={"LEVELHEAD_LOG_LEVEL": level, "LEVELHEAD_LOG": "json"})
        for name in ("debug", "info", "warning", "error"):
            structlog.get_logger().log(logging.getLevelNamesMapping()[name.upper()], f"{name}")
        structlog.get_logger().critical("next")
    told = [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()]
    by_level = " ".join(told).split(" next")
    assert [part.split() for part in by_level] == [
        ["error"], ["debug", "info", "warning", "error"], ["warning", "error"],
        ["info", "warning", "error"], [],
    ]  # fmt: skip


def test_a_setting_that_is_none_is_told_and_stops_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(env={"LEVELHEAD_LOG_LEVEL": "loud", "LEVELHEAD_LOG": "xml"})
    structlog.get_logger().info("source_read")
    level, form, read = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (level["event"], level["variable"]) == ("log_setting_ignored", "LEVELHEAD_LOG_LEVEL")
    assert level["expected"] == "debug, info, warning, error"
    assert (form["variable"], form["expected"], read["event"]) == (
        "LEVELHEAD_LOG",
        "json, text",
        "source_read",
    )


def test_a_crash_is_told_without_its_words() -> None:
    crash = (
        "from bot.cli.common import wait_for\n"
        "async def crash():\n"
        f"    raise ExceptionGroup('{WORDS}', [ValueError('{WORDS}')])\n"
        "wait_for(crash())"
    )
    done = subprocess.run([sys.executable, "-c", crash], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    told = json.loads(done.stderr)
    assert (told["event"], told["error"]) == ("crashed", "ExceptionGroup from ValueError")
    assert any("crash" in where for where in told["where"])
    assert WORDS not in done.stderr


class Broken:
    """Any part of the house, dying of an error that quotes what it was given."""

    name = "square"
    max_length = 500
    pace = None

    def __init__(self, kind: type[Exception] = ValueError) -> None:
        self.kind = kind

    async def die(self, *given: Any, **more: Any) -> Any:
        raise self.kind(f"{ERROR} {given!r} {more!r}")

    assess = write = reply = find = fetch = draw = similar = signs = readiness = die

    async def look(self, _: Mention) -> Look:
        return Look(text=COMPLAINT)


class Forgetful(Broken):
    """A record that dies where texts are compared."""

    def __init__(self, store: Any) -> None:
        super().__init__()
        self.store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


async def test_no_words_of_anybody_reach_the_log(
    embedded_url: str, tmp_path: Path, watch: Watch, capsys: pytest.CaptureFixture[str]
) -> None:
    logging_to(as_json=True)
    async with a_house(embedded_url, tmp_path, watch) as house:
        await a_good_day(house)
        await a_bad_day(house)
        await the_doors()
    told = capsys.readouterr().err
    assert [word for word in HOSTILE if word in told] == []
    events = {json.loads(line)["event"] for line in told.splitlines()}
    assert events >= {"decided", "source_read", "source_failed", "writer_failed", "checks_failed"}
    assert events >= {
        "step_failed",
        "set_aside",
        "request_failed",
        "http",
        "Task exception was never retrieved",
    }
    assert '"case": "square:1"' in told


async def reads(house: House, source: Any, seen: Callable[[], Awaitable[bool]]) -> None:
    """Read a source as the product does, until something is seen."""
    stop, house_reader = asyncio.Event(), Reader(by="test", every=0.05)
    task = asyncio.create_task(
        follow(source, house_reader, cursors=house.store.cursors, parts=house.parts, stop=stop)
    )
    await until_found(seen)
    stop.set()
    await task


async def a_good_day(house: House) -> None:
    """A reply that was redrafted, edited, escalated, answered by the desk, approved, published."""
    await house.post(COMPLAINT, HANDLE, name=NAME)

    async def came() -> bool:
        return bool(await house.store.get_many(["square:1"]))

    await reads(house, house.square, came)
    await house.works()
    case = await house.press(await house.case("1"), "redraft", instruction=f"shorter, {REASON}")
    await house.works()
    case = await house.press(await house.now(case), "escalate", to="general", reason=REASON)
    case = await house.press(case, "answer", MANAGER, text=f"{REASON} it was the oven")
    await house.works()
    case = await house.edits(await house.now(case), f"Hello, {EDITED}. We are sorry. How may we help?")
    await house.approves(case, reason=REASON)
    await house.works(seconds=21)
    assert (await house.now(case)).state == "published"


async def a_bad_day(house: House) -> None:
    """Everything dies, of errors that quote."""
    good = house.parts
    house.change(writer=Broken(PlatformSilent))
    case = await house.hears(COMPLAINT, HANDLE, name=NAME)
    house.change(store=Forgetful(house.store))
    with pytest.raises(Refused):
        await house.approves(case, reason=REASON)
    house.parts = replace(good, writer=Broken(), offline=Broken(), channels={"board": Broken()})
    await house.post(COMPLAINT, HANDLE, name=NAME)
    await house.reads()
    for _ in range(8):
        await house.works(minutes=10)
    house.watch.move(hours=1)

    async def failed() -> bool:
        return any(beat.error for beat in await house.store.beats())

    await reads(house, Broken(), failed)
    lost = asyncio.create_task(Broken().die(TEXT))
    await asyncio.wait((lost,))
    del lost  # asyncio tells of it, with the error itself
    gc.collect()


async def the_doors() -> None:
    """The doors die too, and are asked with a secret in the address."""
    async with Door() as door, ClientSession() as session:
        public = await door.open(public_app(Broken().die, limits={"shop": 1000}), "127.0.0.1", 0)
        ops = await door.open(ops_app(Broken()), "127.0.0.1", 0)  # pyright: ignore[reportArgumentType]
        async with session.post(f"{public}/hooks/shop?token={SECRET}", data=COMPLAINT.encode()) as answer:
            assert answer.status == 500
        async with session.get(f"{public}/hooks/none?token={SECRET}") as answer:
            assert answer.status == 405
        async with session.get(f"{ops}/metrics?token={SECRET}") as answer:
            assert answer.status == 500
            assert ERROR not in await answer.text()
