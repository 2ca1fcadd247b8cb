"""When one person's approval is not enough: the third public reply to somebody, and dangerous matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.domain.draft import Finding, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.checks.reply import Reading

RULES: Final = ("L11", "L12")
#: So many public replies an author gets in a thread without a manager.
PUBLIC_REPLIES: Final = 2


def check(reading: Reading) -> Iterator[Finding]:
    """Yield the second persons this reply needs."""
    reply = reading.reply
    if reply.public and reply.public_replies >= PUBLIC_REPLIES:
        says = (
            f"They already had {reply.public_replies} public replies in this thread. "
            "One more needs a manager; better, take it private."
        )
        yield Finding(rule="L11", verdict=Verdict.SECOND, role="manager", says=says)
    if risks := sorted(map(str, reply.risks)):
        says = f"This touches {', '.join(risks).replace('_', ' ')}: a second person must agree to it."
        yield Finding(rule="L12", verdict=Verdict.SECOND, says=says)
