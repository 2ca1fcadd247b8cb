"""The rules of good answering, in plain code, on the final text: `check` gives all that is not a pass.

An error inside is the caller's to see: a text that could not be checked is never approved.
"""

from __future__ import annotations

from typing import Final

from bot.checks import law, machines, privacy, promises, sameness, tone, writing
from bot.checks.reply import Checked, Reading
from bot.checks.sameness import alike, bands, fingerprint
from bot.domain.draft import Finding, Verdict

__all__ = ["RULES", "Checked", "alike", "bands", "check", "fingerprint"]

#: Every rule that is checked on every text.
RULES: Final[tuple[str, ...]] = (
    *tone.RULES, *promises.RULES, *privacy.RULES, *law.RULES, *sameness.RULES, *writing.RULES,
    *machines.RULES,
)  # fmt: skip
_WORST_FIRST: Final = (Verdict.BLOCK, Verdict.SECOND, Verdict.WARN)


def check(reply: Checked) -> tuple[Finding, ...]:
    """Return everything that is not a pass, worst first; each finding once."""
    reading = Reading(reply)
    found: list[Finding] = [
        *tone.check(reading),
        *promises.check(reading),
        *privacy.check(reading),
        *law.check(reading),
        *sameness.check(reading),
        *writing.check(reading),
        *machines.check(reading),
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: _WORST_FIRST.index(finding.verdict)))
