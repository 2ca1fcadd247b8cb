"""`python -m bench.model_server`: a model's server that answers at once and tells what it was asked."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import dataclass, field
from hashlib import sha256
from time import perf_counter
from typing import Any

from aiohttp import web

from bench.process import run

_TRANSLATION = {"translation": "Hello, thank you for telling us. We are sorry for what happened."}


def _reply(prompt: str) -> dict[str, str]:
    """A reply of its own for each prompt, as a model writes: no two say the same."""
    letters = sha256(prompt.encode()).hexdigest().translate(str.maketrans("0123456789", "ghijklmnop"))
    said = " ".join(letters[at : at + 8] for at in range(0, 64, 8))
    return {"language": "en", "reply": f"Hello [name], thank you for telling us about {said}. We are sorry."}


@dataclass
class Server:
    """What was asked of it since somebody last looked."""

    prompts: list[str] = field(default_factory=list[str])
    seconds: float = 0.0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        began = perf_counter()
        body = await request.json()
        prompt = "".join(message["content"] for message in body["messages"])
        translates = "translation" in json.dumps(body.get("response_format"))
        if not translates:
            self.prompts.append(prompt)
        said = _TRANSLATION if translates else _reply(prompt)
        answer = web.json_response(_completion(json.dumps(said), len(prompt) // 4))
        self.seconds += perf_counter() - began
        return answer

    async def seen(self, _: web.Request) -> web.StreamResponse:
        told = {"prompts": self.prompts, "seconds": self.seconds}
        self.prompts, self.seconds = [], 0.0
        return web.json_response(told)


def _completion(text: str, tokens: int) -> dict[str, Any]:
    message = {"role": "assistant", "content": text, "refusal": None}
    return {
        "id": "c", "object": "chat.completion", "created": 0, "model": "bench",
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": {"prompt_tokens": tokens, "completion_tokens": 40, "total_tokens": tokens + 40},
    }  # fmt: skip


async def serve() -> None:
    """Serve until the measuring process is gone."""
    server = Server()
    door = web.Application(client_max_size=2**22)
    door.router.add_post("/v1/chat/completions", server.answer)
    door.router.add_get("/seen", server.seen)
    runner = web.AppRunner(door, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(json.dumps({"port": runner.addresses[0][1], "pid": os.getpid()}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    run(lambda: asyncio.run(serve()))
