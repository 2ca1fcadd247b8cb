"""The page for whoever writes the other end of the webhook: its examples work."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from adapters.platforms.webhook import Webhook, status_of
from adapters.platforms.webhook.items import Item, Writer
from bot.domain.mention import Mention
from bot.errors import BadInput
from tests.adapters.pushes import SECRET

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from bot.ports import Batch

DOC = Path(__file__).parents[2] / "docs" / "webhook.md"


@asynccontextmanager
async def listening() -> AsyncGenerator[tuple[str, list[Batch]]]:
    """A real server on loopback, with the receiver behind it."""
    receiver = Webhook(name="reviews", platform="reviews", secret=SECRET, clock=lambda: datetime.now(UTC))
    taken: list[Batch] = []

    async def hook(request: web.Request) -> web.Response:
        try:
            taken.append(await receiver.receive(request.headers, await request.read()))
        except BadInput as problem:
            return web.json_response({"error": str(problem)}, status=status_of(problem))
        return web.json_response({"new": len(taken[-1].items)}, status=202)

    app = web.Application()
    app.router.add_post("/hooks/reviews", hook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", taken
    finally:
        await runner.cleanup()


async def run(*command: str, env: Mapping[str, str]) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *command,
        env={"PATH": os.environ["PATH"], **env},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


def block(language: str) -> str:
    (found,) = re.findall(
        rf"^```{language}\n(.*?)^```", DOC.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    return found


async def test_the_curl_line_of_the_page_is_taken_in() -> None:
    async with listening() as (url, taken):
        env = {"LEVELHEAD": url, "LEVELHEAD_WEBHOOK_REVIEWS_SECRET": SECRET}
        status, said = await run("sh", "-ec", block("sh"), env=env)
    assert (status, said) == (0, '{"new": 1}')
    assert [item.id for item in taken[0].items] == ["8841"]
    assert taken[0].set_aside == ()


async def test_the_python_client_of_the_page_is_taken_in(tmp_path: Path) -> None:
    client = tmp_path / "client.py"
    client.write_text(block("python"), encoding="utf-8")
    async with listening() as (url, taken):
        env = {"LEVELHEAD": url, "LEVELHEAD_WEBHOOK_REVIEWS_SECRET": SECRET}
        assert await run(sys.executable, "-I", str(client), env=env) == (0, "{'new': 1}\n")
        wrong = env | {"LEVELHEAD_WEBHOOK_REVIEWS_SECRET": "a wrong one"}
        status, said = await run(sys.executable, "-I", str(client), env=wrong)
    assert status == 1
    assert "refused it (401)" in said
    (item,) = taken[0].items
    assert isinstance(item, Mention)
    assert (item.author.followers, item.rating) == (210, 1)


def test_the_page_names_every_field() -> None:
    text = DOC.read_text(encoding="utf-8")
    fields = [*(set(Item.model_fields) - {"author"}), *(f"author.{name}" for name in Writer.model_fields)]
    assert [name for name in fields if f"| `{name}` |" not in text] == []
