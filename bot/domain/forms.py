"""Read a card's form: what a person filled in becomes the decision it means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.domain.decision import Decision
from bot.errors import BadInput

_DECISION: TypeAdapter[Decision] = TypeAdapter(Decision)

#: A snooze longer than this is a mistake in typing.
LONGEST_SNOOZE = timedelta(days=7)


def read_form(kind: str, fields: Mapping[str, str], *, at: datetime) -> Decision:
    """Return the decision of the kind `kind`; raises `BadInput` naming the field and what was expected."""
    if "kind" in fields:
        raise BadInput("the decision is named by its button; the form has no field 'kind'")
    values: dict[str, Any] = {key: value.strip() for key, value in fields.items() if value.strip()}
    if kind == "snooze" and "minutes" in values:
        values["until"] = at + _minutes(values.pop("minutes"))
    if kind == "snooze" and not values:
        raise BadInput("snooze: please choose for how long")
    if kind == "redraft":
        wishes = [values.pop(name) for name in ("style", "instruction") if name in values]
        if not wishes:
            raise BadInput("redraft: choose how, or say it in your own words")
        values["instruction"] = ", ".join(wishes)
    try:
        return _DECISION.validate_python({**values, "kind": kind})
    except ValidationError as problem:
        raise BadInput(_in_words(kind, problem)) from problem


def _minutes(text: str) -> timedelta:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) * 60 <= LONGEST_SNOOZE.total_seconds():
        raise BadInput(f"snooze: minutes {text[:20]!r} should be a whole number from 1 to 10080")
    return timedelta(minutes=int(text))


def _in_words(kind: str, problem: ValidationError) -> str:
    first = problem.errors(include_url=False, include_input=False)[0]
    if first["type"] == "union_tag_invalid":
        return f"there is no decision {kind[:40]!r}"
    where = [str(part) for part in first["loc"] if part != kind]
    field = ".".join(where) or "the form"
    if first["type"] in {"missing", "string_too_short"}:
        return f"{kind.replace('_', ' ')}: please fill in {field!r}"
    if first["type"] == "extra_forbidden":
        return f"{kind.replace('_', ' ')}: the form has no field {field!r}"
    return f"{kind.replace('_', ' ')}: {field!r}: {first['msg'][0].lower()}{first['msg'][1:]}"
