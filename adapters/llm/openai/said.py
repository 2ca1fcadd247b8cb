"""What a server said, read out of the answers of both APIs: the text, or why there is none, and its cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field, ValidationError

from adapters.llm.openai import failures as f
from adapters.llm.openai.failures import Failed, Failure
from adapters.llm.openai.tokens import Usage

#: More tokens than any call has: a server that tells so tells nothing.
_MOST: Final = 10_000_000
Count = Annotated[int, Field(ge=0, le=_MOST)]


@dataclass(frozen=True, slots=True)
class Said:
    """The text of an answer; `usage` is `None` when the server did not tell."""

    text: str
    usage: Usage | None


class _Kept(BaseModel):
    cached_tokens: Count | None = None


class _ChatUsage(BaseModel):
    prompt_tokens: Count
    completion_tokens: Count
    prompt_tokens_details: _Kept | None = None


class _ResponseUsage(BaseModel):
    input_tokens: Count
    output_tokens: Count
    input_tokens_details: _Kept | None = None


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    choices: list[_Choice]


class _Part(BaseModel):
    type: str
    text: str = ""
    refusal: str = ""


class _Item(BaseModel):
    type: str
    content: list[_Part] | None = None


class _Why(BaseModel):
    reason: str | None = None
    code: str | None = None


class _Response(BaseModel):
    output: list[_Item]
    status: str | None = None
    incomplete_details: _Why | None = None
    error: _Why | None = None


_CUT: Final = {
    "length": f.LENGTH,
    "max_output_tokens": f.LENGTH,
    "content_filter": f.FILTER,
}


def chat_said(body: dict[str, Any]) -> Said:
    """Read an answer of `chat.completions`; raises `Failed`."""
    try:
        choices = _Completion.model_validate(body).choices
    except ValidationError:
        raise Failed(f.NOT_API) from None
    usage = _chat_usage(body.get("usage"))
    if not choices:
        raise Failed(f.EMPTY, usage=usage)
    first = choices[0]
    return _said(_CUT.get(first.finish_reason or ""), first.message.refusal, first.message.content, usage)


def response_said(body: dict[str, Any]) -> Said:
    """Read an answer of `responses`; raises `Failed`."""
    try:
        response = _Response.model_validate(body)
    except ValidationError:
        raise Failed(f.NOT_API) from None
    usage = _response_usage(body.get("usage"))
    parts = [part for item in response.output if item.type == "message" for part in item.content or ()]
    refusal = "".join(part.refusal for part in parts if part.type == "refusal")
    text = "".join(part.text for part in parts if part.type == "output_text")
    return _said(_unfinished(response), refusal, text, usage)


def _said(cut: Failure | None, refusal: str | None, text: str | None, usage: Usage | None) -> Said:
    if cut is not None:
        raise Failed(cut, usage=usage)
    if refusal:
        raise Failed(f.REFUSAL, usage=usage)
    if not text:
        raise Failed(f.EMPTY, usage=usage)
    return Said(text, usage)


def _unfinished(response: _Response) -> Failure | None:
    if response.status in {"completed", None}:
        return None
    if response.status == "incomplete":
        reason = response.incomplete_details.reason if response.incomplete_details else None
        return _CUT.get(reason or "", f.LENGTH)
    if response.status == "failed":
        code = response.error.code if response.error else None
        return {"content_filter": f.FILTER, "rate_limit_exceeded": f.SLOW_DOWN}.get(code or "", f.GAVE_UP)
    return f.NOT_API


def _chat_usage(told: Any) -> Usage | None:
    try:
        usage = _ChatUsage.model_validate(told)
    except ValidationError:
        return None
    return _usage(usage.prompt_tokens, usage.prompt_tokens_details, usage.completion_tokens)


def _response_usage(told: Any) -> Usage | None:
    try:
        usage = _ResponseUsage.model_validate(told)
    except ValidationError:
        return None
    return _usage(usage.input_tokens, usage.input_tokens_details, usage.output_tokens)


def _usage(tokens_in: int, kept: _Kept | None, tokens_out: int) -> Usage | None:
    if not tokens_in:
        return None  # no prompt is empty: this server does not count
    cached = (kept.cached_tokens or 0) if kept else 0
    return Usage(tokens_in, min(cached, tokens_in), tokens_out)
