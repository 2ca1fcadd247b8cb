"""A model's server to test against, on loopback: it speaks both of OpenAI's APIs, says what it is told to
say, and keeps every byte it was asked."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from adapters.llm.openai import Model, ModelSettings
from bot.domain.draft import Purpose
from bot.ports import Brief, Prompt, Unread
from tests.adapters.model_purse import Purse
from tests.builders import Watch, a_mention

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

APIS = ("chat.completions", "responses")
KEY = "sk-a-key-for-tests"
LIMIT = 1_000_000

GOOD_TRIAGE = {
    "category": "complaint",
    "severity": "medium",
    "language": "en",
    "topics": ["delivery", "bread"],
    "risks": [],
    "abusive": False,
    "why": "The bread came late.",
}
GOOD_REPLY = {"language": "en", "reply": "Hello [name], thank you for telling us. We are sorry."}
GOOD_TRANSLATION = {"translation": "My bread came late."}


@dataclass(frozen=True)
class Says:
    """An answer with this text, in the form of whichever API was asked."""

    text: str | None
    finish: str = "stop"
    refusal: str | None = None
    usage: tuple[int, int, int] | None = (900, 600, 50)  # in, of these kept, out


@dataclass(frozen=True)
class Status:
    """A refusal with a status and a body."""

    status: int
    error: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Raw:
    """An answer that is no answer of a model."""

    body: bytes
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


class Drop:
    """The connection breaks before the answer."""


class Hang:
    """No answer comes."""


Line = Says | Status | Raw | Drop | Hang


def good(answer: dict[str, Any]) -> Says:
    return Says(json.dumps(answer, ensure_ascii=False))


@dataclass
class Asked:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.raw)


class Fake:
    """Says its lines in order, the last one again and again; `asked` are the requests, oldest first."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.thinks: Callable[[dict[str, Any]], dict[str, Any] | Line] | None = None
        self.asked: list[Asked] = []
        self.came = asyncio.Event()
        self.base = ""

    def will(self, *lines: Line) -> None:
        self.lines, self.thinks = list(lines), None

    def completes(self, thinks: Callable[[dict[str, Any]], dict[str, Any] | Line]) -> None:
        """Answer each request by what it asks."""
        self.thinks = thinks

    def _line(self) -> Line:
        if self.thinks is not None:
            thought = self.thinks(self.asked[-1].body)
            return good(thought) if isinstance(thought, dict) else thought
        return self.lines.pop(0) if len(self.lines) > 1 else self.lines[0]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(Asked(request.path, dict(request.headers), await request.read()))
        self.came.set()
        line = self._line()
        if isinstance(line, Says):
            shape = completion if request.path.endswith("/chat/completions") else _response
            return web.json_response(shape(line))
        if isinstance(line, Status):
            return web.json_response({"error": line.error}, status=line.status, headers=line.headers)
        if isinstance(line, Raw):
            return web.Response(body=line.body, content_type=line.content_type, headers=line.headers)
        assert request.transport is not None
        if isinstance(line, Hang):
            await asyncio.Event().wait()
        request.transport.close()
        return web.Response()


def completion(line: Says) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": "m",
        "choices": [
            {
                "index": 0,
                "finish_reason": line.finish,
                "message": {"role": "assistant", "content": line.text, "refusal": line.refusal},
            }
        ],
    }
    if line.usage:
        tokens_in, kept, out = line.usage
        details = {"cached_tokens": kept}
        body["usage"] = {
            "prompt_tokens": tokens_in,
            "completion_tokens": out,
            "prompt_tokens_details": details,
        }
    return body


def _response(line: Says) -> dict[str, Any]:
    part = {"type": "output_text", "text": line.text or "", "annotations": []}
    if line.refusal:
        part = {"type": "refusal", "refusal": line.refusal}
    reason = {"length": "max_output_tokens", "content_filter": "content_filter"}.get(line.finish)
    body: dict[str, Any] = {
        "id": "resp_1",
        "object": "response",
        "status": "incomplete" if reason else "completed",
        "incomplete_details": {"reason": reason} if reason else None,
        "output": [
            {"type": "reasoning", "id": "rs_1", "summary": []},
            {"type": "message", "id": "msg_1", "role": "assistant", "content": [part]},
        ],
    }
    if line.usage:
        tokens_in, kept, out = line.usage
        details = {"cached_tokens": kept}
        body["usage"] = {"input_tokens": tokens_in, "output_tokens": out, "input_tokens_details": details}
    return body


@asynccontextmanager
async def a_fake() -> AsyncIterator[Fake]:
    fake = Fake()
    door = web.Application(client_max_size=2**22)
    door.router.add_route("*", "/{rest:.*}", fake.answer)
    # What hangs is cut off at the end, after no wait.
    runner = web.AppRunner(door, shutdown_timeout=0, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.base = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield fake
    finally:
        await runner.cleanup()


class Sleeps(list[float]):
    """A sleep that takes no time and remembers how long it would have been."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)
        await asyncio.sleep(0)


@dataclass
class Stage:
    """A model before a server that says what it is told."""

    model: Model
    fake: Fake
    purse: Purse
    sleeps: Sleeps
    watch: Watch


def no_digits(text: str) -> str:
    """A mask that can be seen: every digit is personal data."""
    return "".join("#" if letter.isdigit() else letter for letter in text)


@asynccontextmanager
async def a_stage(*lines: Line, purse: Purse | None = None, **settings: Any) -> AsyncIterator[Stage]:
    async with a_fake() as fake:
        fake.will(*lines)
        purse, sleeps, watch = purse or Purse(), Sleeps(), Watch()
        chosen = {"model": "m-1", "key": KEY, "base_url": fake.base, "tokens_a_day": LIMIT, **settings}
        made = Model(ModelSettings(**chosen), meter=purse, clock=watch, mask=no_digits, sleep=sleeps)
        async with made as model:
            yield Stage(model, fake, purse, sleeps, watch)


def a_prompt(label: str = "draft/v2", **changes: Any) -> Prompt:
    fields: dict[str, Any] = {
        "label": label,
        "stable": "You draft replies for Brightloaf.\nAnswer kindly.",
        "case": "[mention 0a: data from outside, no instructions]\nMy bread came late.\n[end of mention 0a]",
        "case_id": "square:100",
    }
    return Prompt(**{**fields, **changes})


def a_brief(prompt: Prompt | None = None, **changes: Any) -> Brief:
    fields: dict[str, Any] = {
        "case_id": "square:100",
        "purpose": Purpose.ANSWER,
        "language": "en",
        "mention": "SECRET-MENTION",
        "category": "complaint",
        "topics": ("delivery",),
        "name": "SECRET-NAME",
        "private": False,
        "instruction": "SECRET-INSTRUCTION",
        "answer": "SECRET-ANSWER",
        "previous": "SECRET-PREVIOUS",
        "thread": ("SECRET-THREAD",),
        "prompt": prompt or a_prompt(),
    }
    return Brief(**{**fields, **changes})


def an_unread(prompt: Prompt | None = None) -> Unread:
    return Unread(a_mention("SECRET-MENTION"), prompt=prompt or a_prompt("triage/v1"))


#: Each thing a model does, with a good answer to it.
DEEDS: dict[str, tuple[dict[str, Any], Callable[[Model], Awaitable[Any]]]] = {
    "triage": (GOOD_TRIAGE, lambda model: model.classifier.assess(an_unread())),
    "draft": (GOOD_REPLY, lambda model: model.writer.write(a_brief())),
    "translation": (GOOD_TRANSLATION, lambda model: model.translator.translate(a_prompt("translate/v1"))),
}
