"""What was wrong with a form, by the name of the field it stands at, in words for whoever filled it in."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.chat.labels import verdict
from adapters.chat.words import line
from bot.domain.actions import Action, Ask
from bot.domain.draft import Finding, Verdict
from bot.errors import BadInput


def problems(found: Sequence[Finding] | BadInput, action: Action) -> dict[str, str]:
    """Return what was wrong, by field; empty for a form without fields."""
    asked = [ask for ask in action.asks if ask.kind != "hidden"]
    if not asked:
        return {}
    if isinstance(found, BadInput):
        return _misfilled(str(found), asked)
    rows = [_row(one) for one in found if one.verdict is not Verdict.PASS]
    return {asked[0].name: "\n".join(rows)} if rows else {}


def _row(found: Finding) -> str:
    phrase = f" “{line(found.phrase)}”" if found.phrase.strip() else ""
    return f"{found.rule} {verdict(found)}: {line(found.says).rstrip('.')}{phrase}."


def _misfilled(words: str, asked: Sequence[Ask]) -> dict[str, str]:
    ask = next((ask for ask in asked if repr(ask.name) in words), asked[0])
    _, _, reason = words.partition(": ")
    plainly = line((reason or words).replace(repr(ask.name), f"“{ask.label}”" if ask.label else "this"))
    return {ask.name: f"{plainly[:1].upper()}{plainly[1:]}."}
