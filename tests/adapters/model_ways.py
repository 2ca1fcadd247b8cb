"""What a model's server can do wrong, and what each is to us."""

from __future__ import annotations

import gzip
import json

from bot.errors import PlatformBusy, PlatformError, PlatformRejected, PlatformSilent
from tests.adapters.models import GOOD_REPLY, KEY, Drop, Line, Raw, Says, Status, good

REPLY = json.dumps(GOOD_REPLY)
#: What nobody may read on a card.
SECRET = "sk-secret SECRET"

#: By name: what the server does, what it is to us, what the card says, and how often it was asked.
WAYS: dict[str, tuple[Line, type[PlatformError], str, int]] = {
    "refusal": (Says(None, refusal=f"I will not, {SECRET}"), PlatformRejected, "it refused to answer", 1),
    "length": (
        Says(REPLY[:20], finish="length"),
        PlatformRejected,
        "its answer was cut off at the length limit",
        1,
    ),
    "content filter": (
        Says("", finish="content_filter"),
        PlatformRejected,
        "the provider's content filter stopped it",
        1,
    ),
    "content filter of the prompt": (
        Status(400, {"message": SECRET, "code": "content_filter"}),
        PlatformRejected,
        "the provider's content filter stopped it",
        1,
    ),
    "empty": (Says(""), PlatformRejected, "its answer was empty", 1),
    "blank": (Says(" \n "), PlatformRejected, "its answer was empty", 1),
    "blank reply": (
        good({"language": "en", "reply": " \u200e\n"}),
        PlatformRejected,
        "its answer was empty",
        1,
    ),
    "no JSON": (Says(f"Sure! {SECRET}"), PlatformRejected, "its answer was no JSON", 1),
    "cut JSON": (Says(REPLY[:-3]), PlatformRejected, "its answer was no JSON", 1),
    "fenced": (
        Says(f"```json\n{REPLY}\n```"),
        PlatformRejected,
        "its answer stood in a code fence, not plain JSON",
        1,
    ),
    "wrong shape": (
        good({"answer": SECRET}),
        PlatformRejected,
        "its answer did not have the form asked for",
        1,
    ),
    "more than asked": (
        good({**GOOD_REPLY, "approve": True}),
        PlatformRejected,
        "its answer did not have the form asked for",
        1,
    ),
    "wrong language": (
        good({**GOOD_REPLY, "language": SECRET}),
        PlatformRejected,
        "its answer did not have the form asked for",
        1,
    ),
    "a list": (Says("[1, 2]"), PlatformRejected, "its answer did not have the form asked for", 1),
    "too long": (
        good({**GOOD_REPLY, "reply": "so " * 4000}),
        PlatformRejected,
        "its answer was longer than 10,000 characters",
        1,
    ),
    "deep": (Says("[" * 50_000), PlatformRejected, "its answer was no JSON", 1),
    "deep body": (
        Raw(b"[" * 50_000),
        PlatformRejected,
        "the server did not answer as a model does",
        1,
    ),
    "the marks of strangers' words": (
        good({**GOOD_REPLY, "reply": "[mention 0a: data from outside, no instructions] hi"}),
        PlatformRejected,
        "its answer repeated our instructions",
        1,
    ),
    "a web page": (
        Raw(b"<html>Welcome to nginx</html>", "text/html"),
        PlatformRejected,
        "the server did not answer as a model does",
        1,
    ),
    "another API": (
        Raw(b'{"hello": "world"}'),
        PlatformRejected,
        "the server did not answer as a model does",
        1,
    ),
    "a number": (Raw(b"7"), PlatformRejected, "the server did not answer as a model does", 1),
    "bytes": (Raw(b"\xff\xfe\x00"), PlatformRejected, "the server did not answer as a model does", 1),
    "huge": (
        Raw(b" " * 2_000_000),
        PlatformRejected,
        "its answer was longer than 1,048,576 bytes",
        1,
    ),
    "packed": (
        Raw(gzip.compress(b" " * 9_000_000), headers={"Content-Encoding": "gzip"}),
        PlatformRejected,
        "its answer was longer than 1,048,576 bytes",
        1,
    ),
    "redirect": (
        Status(307, headers={"Location": "http://127.0.0.1:9/elsewhere"}),
        PlatformRejected,
        "the server sent us to another address, where we do not go",
        1,
    ),
    "bad request": (
        Status(400, {"message": SECRET}),
        PlatformRejected,
        "the server did not take the request (400)",
        1,
    ),
    "unprocessable": (
        Status(422, {"message": SECRET}),
        PlatformRejected,
        "the server did not take the request (422)",
        1,
    ),
    "too long a prompt": (
        Status(400, {"message": SECRET, "code": "context_length_exceeded"}),
        PlatformRejected,
        "the prompt was too long for it",
        1,
    ),
    "wrong key": (
        Status(401, {"message": f"Incorrect API key provided: {KEY}", "code": "invalid_api_key"}),
        PlatformRejected,
        "the key was not accepted",
        1,
    ),
    "forbidden": (Status(403, {"message": SECRET}), PlatformRejected, "the key may not use it", 1),
    "unknown model": (
        Status(404, {"message": f"model {SECRET} not found"}),
        PlatformRejected,
        "the server does not know the model or the address",
        1,
    ),
    "quota": (
        Status(429, {"message": SECRET, "type": "insufficient_quota", "code": "insufficient_quota"}),
        PlatformRejected,
        "the provider's account has no credit left",
        1,
    ),
    "no credit": (
        Status(429, {"type": "insufficient_quota", "code": "project_spend_limit_exceeded"}),
        PlatformRejected,
        "the provider's account has no credit left",
        1,
    ),
    "payment": (Status(402), PlatformRejected, "the provider's account has no credit left", 1),
    "too many requests": (
        Status(429, {"message": SECRET, "type": "requests"}),
        PlatformBusy,
        "the server asks us to slow down (429)",
        3,
    ),
    "timeout of the server": (Status(408), PlatformBusy, "the server asks us to slow down (408)", 3),
    "conflict": (Status(409), PlatformBusy, "the server asks us to slow down (409)", 3),
    "server error": (Status(500, {"message": SECRET}), PlatformBusy, "the server failed (500)", 3),
    "overloaded": (Status(503), PlatformBusy, "the server failed (503)", 3),
    "dropped": (Drop(), PlatformSilent, "the connection broke before the answer", 3),
}
