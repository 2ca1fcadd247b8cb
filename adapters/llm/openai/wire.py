"""One request to the server and its answer, in either of OpenAI's two APIs; failures come back as `Failed`.

Follows platform.openai.com/docs: api-reference/chat/create, api-reference/responses/create,
guides/structured-outputs, guides/error-codes. The library sends; tries, budget and reading are ours: it would
wait ten minutes, try again where no credit is left, and forget what an answer cost that it cannot read.
So answers are read from their bytes, since compatible servers send anything. Nothing is kept by the provider
(`store` is false), no tools, no temperature, which models that think refuse.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, cast

import httpx2
import openai

from adapters.llm.openai import failures as f
from adapters.llm.openai.door import MOST_BYTES, Door, TooLarge
from adapters.llm.openai.failures import Failed
from adapters.llm.openai.said import Said, chat_said, response_said

if TYPE_CHECKING:
    from adapters.llm.openai.settings import ModelSettings
    from adapters.llm.openai.shapes import Kind
    from bot.ports import Clock, Prompt

_CONNECT_SECONDS: Final = 5.0
#: learn.microsoft.com/microsoft-cloud/dev/dev-proxy/concepts/openai-insufficient-quota lists them.
_NO_CREDIT: Final = frozenset(
    {
        "insufficient_quota",
        "credit_balance_exhausted",
        "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded",
        "organization_usage_limit_exceeded",
        "billing_hard_limit_reached",
        "billing_not_active",
    }
)
_BY_CODE: Final = {
    "content_filter": f.FILTER,
    "context_length_exceeded": f.PROMPT,
    "model_not_found": f.UNKNOWN,
    **dict.fromkeys(_NO_CREDIT, f.QUOTA),
}
_BY_STATUS: Final = {
    401: f.KEY,
    402: f.QUOTA,
    403: f.FORBIDDEN,
    404: f.UNKNOWN,
    413: f.PROMPT,
    **dict.fromkeys((408, 409, 425, 429), f.BUSY),
}
_NOT_SENT: Final = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.UnsupportedProtocol,
)
_LONGEST: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wire:
    """A connection to one server, open until `close`."""

    settings: ModelSettings
    clock: Clock
    client: openai.AsyncOpenAI

    @classmethod
    def to(cls, settings: ModelSettings, clock: Clock, transport: httpx2.AsyncBaseTransport | None) -> Wire:
        """Make one; nothing is sent yet. `transport` is for tests: what stands for the network."""
        door = Door(settings.key, transport)
        http = httpx2.AsyncClient(transport=door, follow_redirects=False, trust_env=False)
        client = openai.AsyncOpenAI(
            api_key=settings.key or "none",  # the library wants one; the door sends ours or nothing
            base_url=settings.base_url or "https://api.openai.com/v1",
            http_client=http,
            max_retries=0,
            timeout=settings.timeout_seconds,
        )
        return cls(settings, clock, client)

    async def ask(self, kind: Kind[Any], prompt: Prompt, model: str, seconds: float) -> Said:
        """Return what the model said, with what it cost; raises `Failed`."""
        chat = self.settings.api == "chat.completions"
        limits = httpx2.Timeout(seconds, connect=min(_CONNECT_SECONDS, seconds))
        try:
            body = await (self._chat if chat else self._respond)(kind, prompt, model, limits)
        except openai.APIStatusError as problem:
            raise self._refused(problem) from None
        except openai.APIConnectionError as problem:
            raise self._broken(problem) from None
        except openai.OpenAIError:
            raise Failed(f.NOT_API) from None
        return (chat_said if chat else response_said)(_read(body))

    async def close(self) -> None:
        """Close the connection."""
        await self.client.close()

    async def _chat(self, kind: Kind[Any], prompt: Prompt, model: str, limits: httpx2.Timeout) -> bytes:
        answer = await self.client.chat.completions.with_raw_response.create(
            model=model,
            messages=[
                {"role": "system", "content": _sendable(prompt.stable)},
                {"role": "user", "content": _sendable(prompt.case)},
            ],
            response_format={
                "type": "json_schema",
                "json_schema": {"name": kind.name, "schema": kind.schema, "strict": True},
            },
            max_completion_tokens=kind.most_out(prompt),
            store=False,
            timeout=limits,
        )
        return answer.content

    async def _respond(self, kind: Kind[Any], prompt: Prompt, model: str, limits: httpx2.Timeout) -> bytes:
        answer = await self.client.responses.with_raw_response.create(
            model=model,
            instructions=_sendable(prompt.stable),
            input=[{"role": "user", "content": _sendable(prompt.case)}],
            text={
                "format": {"type": "json_schema", "name": kind.name, "schema": kind.schema, "strict": True}
            },
            max_output_tokens=kind.most_out(prompt),
            store=False,
            timeout=limits,
        )
        return answer.content

    def _refused(self, problem: openai.APIStatusError) -> Failed:
        status = problem.status_code
        for code in (problem.code, problem.type):
            if isinstance(code, str) and code in _BY_CODE:
                return Failed(_BY_CODE[code])
        if httpx2.codes.is_redirect(status):
            return Failed(f.REDIRECT)
        failure = _BY_STATUS.get(status, f.FAULT if httpx2.codes.is_server_error(status) else f.REFUSED)
        return Failed(failure, status, wait=_wait(problem.response.headers, self.clock()))

    def _broken(self, problem: openai.APIConnectionError) -> Failed:
        cause = problem.__cause__
        if isinstance(cause, TooLarge):
            return Failed(f.HUGE, f"{MOST_BYTES:,} bytes")
        if isinstance(cause, _NOT_SENT):
            return Failed(f.UNREACHABLE)
        if isinstance(problem, openai.APITimeoutError):
            return Failed(f.SLOW, f"{self.settings.timeout_seconds:g}")
        return Failed(f.DROPPED)


def _read(body: bytes) -> dict[str, Any]:
    try:
        parsed: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise Failed(f.NOT_API) from None
    if not isinstance(parsed, dict):
        raise Failed(f.NOT_API)
    return cast("dict[str, Any]", parsed)


def _sendable(text: str) -> str:
    """Half a character, which a stranger's post may hold, cannot be sent."""
    return text.encode("utf-8", "replace").decode()


def _wait(headers: httpx2.Headers, now: datetime) -> timedelta | None:
    """Read what the server asks us to wait: milliseconds, seconds or a date; `None` when it says nothing."""
    for name, unit in (("retry-after-ms", timedelta(milliseconds=1)), ("retry-after", timedelta(seconds=1))):
        said = headers.get(name, "").strip()
        if said.replace(".", "", 1).isdecimal() and said.isascii():
            return min(min(float(said), _LONGEST / unit) * unit, _LONGEST)
    try:
        until = parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta(0)), _LONGEST)
