"""The model's adapter against aimock, a mock of OpenAI's APIs that others wrote.

aimock cannot refuse, and in `responses` it gives no reason for a filtered answer; our own fake does both.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from adapters.llm.openai import Model, ModelSettings
from bot.domain.assessment import Severity
from bot.errors import PlatformBusy, PlatformError, PlatformRejected, PlatformSilent
from tests.adapters.model_purse import Purse
from tests.adapters.models import APIS, KEY, Sleeps, a_brief, a_prompt, an_unread, no_digits
from tests.builders import Watch

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.peer

HERE = Path(__file__).parent
AIMOCK = HERE / "node_modules" / ".bin" / "llmock"
LISTENING = re.compile(r"listening on (http://127\.0\.0\.1:\d+)")


@contextmanager
def aimock() -> Iterator[str]:
    asked = ["-p", "0", "-f", str(HERE / "aimock"), "--strict", "--validate-on-load"]
    node = subprocess.Popen(
        [AIMOCK, *asked], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        assert node.stdout is not None
        said = ""
        for line in node.stdout:
            said += line
            if found := LISTENING.search(line):
                yield f"{found[1]}/v1"
                return
        raise AssertionError(f"aimock did not start: {said}")
    finally:
        node.terminate()
        node.wait(10)
        node.stdout.close()


@pytest.fixture(scope="module", params=APIS)
def server(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """Each API with an aimock of its own, which counts its answers."""
    if not AIMOCK.exists() or shutil.which("node") is None:
        missing = "aimock is not installed: run `npm ci` in tests/peers"
        if os.environ.get("LEVELHEAD_PEERS") == "required":
            pytest.fail(missing)
        pytest.skip(missing)
    with aimock() as base:
        yield request.param, base


class Scene:
    """A model before aimock."""

    def __init__(self, server: tuple[str, str], **changes: Any) -> None:
        api, base = server
        chosen = {"model": "m-1", "key": KEY, "api": api, "base_url": base, **changes}
        self.purse, self.sleeps, self.api = Purse(), Sleeps(), api
        self.model = Model(
            ModelSettings(**chosen), meter=self.purse, clock=Watch(), mask=no_digits, sleep=self.sleeps
        )

    async def write(self, way: str) -> str:
        async with self.model:
            return (await self.model.writer.write(a_brief(a_prompt(case=f"way: {way}")))).text


async def test_a_mention_is_read_and_its_cost_is_counted(server: tuple[str, str]) -> None:
    scene = Scene(server, price_in=2.0, price_out=8.0)
    async with scene.model:
        read = await scene.model.classifier.assess(an_unread(a_prompt(case="way: good triage")))
    assert (read.severity, read.language, read.why) == (Severity.HIGH, "es", "El pan llegó tarde.")
    spent = await scene.purse.spent()
    assert (spent.tokens_in, spent.tokens_out, spent.micros) == (700, 40, 700 * 2 + 40 * 8)


async def test_a_draft_is_written(server: tuple[str, str]) -> None:
    assert await Scene(server).write("good reply") == "Hello [name], thank you for telling us. We are sorry."


async def test_a_text_is_translated(server: tuple[str, str]) -> None:
    scene = Scene(server)
    async with scene.model:
        told = await scene.model.translator.translate(a_prompt("translate/v1", case="way: good translation"))
    assert told == "The bread came late."
    assert (await scene.purse.spent()).tokens_in > 0  # aimock told none, so it was estimated


async def test_a_server_that_asks_for_patience_gets_it(server: tuple[str, str]) -> None:
    scene = Scene(server)
    assert await scene.write("slow down once") == "The second try."
    assert len(scene.sleeps) == 1
    assert 2 <= scene.sleeps[0] <= 2.5


@pytest.mark.parametrize(
    ("way", "kind", "says", "calls"),
    [
        ("slow down for long", PlatformBusy, "the server asks us to slow down (429)", 1),
        ("server error", PlatformBusy, "the server failed (500)", 3),
        ("no credit", PlatformRejected, "the provider's account has no credit left", 1),
        ("wrong key", PlatformRejected, "the key was not accepted", 1),
        ("dropped", PlatformSilent, "the connection broke before the answer", 3),
        ("slow", PlatformSilent, "there was no answer within 0.5 seconds", 1),
        ("broken body", PlatformRejected, "the server did not answer as a model does", 1),
        ("no JSON", PlatformRejected, "its answer was no JSON", 1),
        ("fenced", PlatformRejected, "its answer stood in a code fence, not plain JSON", 1),
        ("wrong form", PlatformRejected, "its answer did not have the form asked for", 1),
        ("cut off", PlatformRejected, "its answer was cut off at the length limit", 1),
        ("nothing that is in the fixtures", PlatformBusy, "the server failed (503)", 3),
    ],
)
async def test_what_goes_wrong_is_told_in_plain_words(
    server: tuple[str, str], way: str, kind: type[PlatformError], says: str, calls: int
) -> None:
    scene = Scene(server, timeout_seconds=0.5 if way == "slow" else 20)
    with pytest.raises(PlatformError) as failed:
        await scene.write(way)
    assert (type(failed.value), str(failed.value)) == (kind, says)
    assert (await scene.purse.spent()).calls == calls
    assert scene.purse.set_aside == 0


async def test_a_filtered_answer_is_none(server: tuple[str, str]) -> None:
    scene = Scene(server)
    with pytest.raises(PlatformError) as failed:
        await scene.write("filtered")
    reasons = {
        "chat.completions": "the provider's content filter stopped it",
        "responses": "the server gave up on the answer",
    }
    assert str(failed.value) == reasons[scene.api]


async def test_a_check_says_what_to_do(server: tuple[str, str]) -> None:
    async with Scene(server, tries=1).model as model:
        good, says = await model.check()
    assert not good
    assert says.startswith("m-1: the server failed (503); ")
