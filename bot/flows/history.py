"""What else an author wrote to us: for the people who decide, and for nobody who reads or writes (M16).

Neither the classifier nor the writer is given any of it. What somebody said before is not held against them:
they are answered as anybody else would be, by somebody who knows that they are no stranger.
"""

from __future__ import annotations

from bot.domain.case import Case, State
from bot.domain.events import OtherCase, Outcome
from bot.flows.parts import Parts

#: So many of them are shown; of the others only the number.
SHOWN = 5


async def history_of(case: Case, parts: Parts) -> tuple[tuple[OtherCase, ...], int]:
    """Return the author's other cases as they stand now, the newest first, and how many are kept."""
    ids, count = await parts.store.cases_of(case.mention.author_key, besides=case.id, most=SHOWN)
    kept = await parts.store.get_many(ids)
    # One that expired since it was counted is passed over.
    return tuple(_other(other) for other in kept), count - len(ids) + len(kept)


def _other(case: Case) -> OtherCase:
    # A reply that is live waits for the day on which it is followed up; its author was answered.
    answered = Outcome.ANSWERED if case.state is State.PUBLISHED else None
    return OtherCase(
        case_id=case.id,
        at=case.mention.posted_at,
        category=case.assessment.category if case.assessment else None,
        outcome=case.outcome or answered,
    )
