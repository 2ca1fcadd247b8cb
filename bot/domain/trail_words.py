"""The words a trail is made of: names without underscores, times, readings, drafts, and what checks said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.delivery import Delivery, Mode
from bot.domain.draft import Draft, Finding, Purpose, Verdict
from bot.domain.language import NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.domain.assessment import Assessment

_LEFT, _RIGHT = "\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"

#: Who reads and drafts where no model does. A model goes by its name.
_READERS = {"offline": "the offline reader", "rules": "fixed rules"}
_DRAFTERS = {"offline": "the offline drafter"}
_DRAFTED: Mapping[Purpose, str] = {
    Purpose.ANSWER: "a reply",
    Purpose.NEXT_MESSAGE: "a reply to what they wrote next",
    Purpose.PRIVATE_REPLY: "a private reply",
    Purpose.HOLDING: "a first reply, while the desk is still looking",
    Purpose.FOLLOW_UP: "a message that asks how it went",
    Purpose.THANKS: "thanks",
    Purpose.REMOVAL_REQUEST: "a message that asks whether they would take their post down",
    Purpose.STATEMENT: "a reply with a prepared statement",
}
_GOES_OUT: Mapping[Mode, str] = {
    Mode.API: "Levelhead posts it",
    Mode.PRIVATE: "it goes out as a private message",
    Mode.ASSISTED: "a person posts it by hand",
    Mode.REPORT_ONLY: "it cannot be answered there",
}


def plain(name: str) -> str:
    """Return an internal name as words."""
    return name.replace("_", " ")


def hyphened(name: str) -> str:
    """Return a role's name as one word."""
    return name.replace("_", "-")


def when(at: datetime) -> str:
    """Return a moment, to the second."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def because(reason: str) -> str:
    """Return what follows where there is a reason."""
    return f": {reason}" if reason else ""


def read(reading: Assessment) -> str:
    """Say what a mention was read as, why, and by whom."""
    risks = sorted(plain(risk.value) for risk in reading.risks)
    danger = f"; danger: {', '.join(risks)}" if risks else ""
    why = f" ({reading.why})" if reading.why else ""
    found = f"{reading.category.value}, severity {reading.severity.value}{why}{danger}"
    if reading.by == "nobody":
        return f"could not read it, so it counts as {found}"
    return f"read it as {found}; read by {_READERS.get(reading.by, reading.by)}"


def drafted(draft: Draft, way: Delivery) -> str:
    """Say what was drafted, from what, what the checks say of it, and how it would go out."""
    language = NAMES.get(draft.language, draft.language)
    prompt = f", prompt {draft.prompt}" if draft.prompt else ""
    protocol = f", protocol {draft.protocol}" if draft.protocol else ""
    made = f"by {_DRAFTERS.get(draft.by, draft.by)}{prompt}{protocol}"
    says = f"drafted {_DRAFTED[draft.purpose]} in {language} ({made})"
    return f"{says}{checked(draft.findings, draft.checks)}; {_GOES_OUT[way.mode]}: {way.reason}"


def checked(findings: tuple[Finding, ...], checks: int, reason: str = "") -> str:
    """Say what the checks found and how it was answered; one that found nothing has passed."""
    spoke = [_finding(f, reason) for f in findings if f.verdict is not Verdict.PASS]
    if not spoke:
        every = f"all {checks} checks passed" if checks else "every check passed"
        return f"; {every}" + (f". Reason given: {reason}" if reason else "")
    return f"; checks: {'; '.join(spoke)}; the others passed"


def _finding(finding: Finding, reason: str) -> str:
    phrase = f" ({_quoted(finding.phrase)})" if finding.phrase else ""
    said = f"{finding.rule}: {finding.says.rstrip('.')}{phrase}"
    match finding.verdict:
        case Verdict.WARN:
            return f"{said}, overridden because {_quoted(reason)}" if reason else f"{said}, which warns"
        case Verdict.SECOND:
            need = hyphened(finding.role) if finding.role else "second person"
            return f"{said}, which asks for {'an' if need[0] in 'aeiou' else 'a'} {need}"
        case Verdict.BLOCK:
            return f"{said}, which blocks it"
        case Verdict.PASS:
            return f"{said}, passed"


def _quoted(text: str) -> str:
    return f"{_LEFT}{text}{_RIGHT}"
