"""Read a list that begins with the newest back to where it was read before, and remember how far that was.

A page that is read is handed on whole, and reading goes an hour further back than it has to: two posts of one
moment, and one that arrives late, are not lost. What comes twice is known by its text.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field, StringConstraints, TypeAdapter, ValidationError

from bot.domain.value import Moment

OVERLAP: Final = timedelta(hours=1)
#: What was seen longer ago than the last reading is known, however long the page.
LATE: Final = timedelta(days=1)
#: Read in one go, of one list; the rest is read at once after it was taken in.
MOST_PAGES: Final = 10
_LONGEST_MARK: Final = 1000

Mark = Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST_MARK)]


class Reach(BaseModel):
    """How far a list is read: all from `start` to `until`.

    When it was too much at once, reading goes on at `page`, and what was newest is kept for the end.
    """

    start: Moment
    until: Moment
    newest: Moment | None = None
    page: Mark | None = None


_MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)
_CURSOR: TypeAdapter[dict[str, Reach]] = TypeAdapter(Annotated[dict[str, Reach], Field(max_length=1000)])


def read_cursor(cursor: str | None) -> dict[str, Reach]:
    """Return the reach of each list; a cursor that nobody can read begins again."""
    try:
        return _CURSOR.validate_json(cursor) if cursor else {}
    except ValidationError:
        return {}


def write_cursor(reaches: Mapping[str, Reach]) -> str:
    """Return the reaches as a cursor."""
    return _CURSOR.dump_json(dict(reaches), exclude_none=True).decode()


@dataclass(frozen=True, slots=True)
class Page:
    """What a list answers: items, the newest first, each with when it was seen, and the next page's mark."""

    items: list[tuple[Any, datetime | None]]
    next: str | None


async def read_back(
    reach: Reach, turn: Callable[[str | None], Awaitable[Page]], *, now: datetime
) -> tuple[list[Any], Reach]:
    """Return the items of the pages back to `reach`, and the new one."""
    floor, enough = max(reach.start, reach.until - LATE), reach.until - OVERLAP
    found: list[Any] = []
    newest, mark, seen_any = reach.newest or reach.until, reach.page, False
    for _ in range(MOST_PAGES):
        page = await turn(mark)
        found += [item for item, at in page.items if at is None or at >= floor]
        newest = max([newest, *(at for _, at in page.items if at)])
        seen_any = seen_any or bool(page.items)
        last, mark = mark, page.next
        oldest = _oldest(page)
        if not _leads_on(mark, last) or (oldest and oldest < enough):
            return found, _ended(reach, newest, now)
    if not seen_any:  # a page of a filtered list may be empty and have a next one, but not so many
        return found, _ended(reach, newest, now)
    return found, Reach(start=reach.start, until=reach.until, newest=newest, page=mark)


def _ended(reach: Reach, newest: datetime, now: datetime) -> Reach:
    # A list that tells of tomorrow would hide all of today.
    return Reach(start=reach.start, until=min(newest, max(now, reach.until)))


def _oldest(page: Page) -> datetime | None:
    """Return how far back a page goes; where the mark of the next one is a moment, it goes as far as that."""
    if page.next and re.match("[0-9]{4}-[0-9]{2}-[0-9]{2}T", page.next):
        with suppress(ValidationError):
            return _MOMENT.validate_python(page.next)
    times = [at for _, at in page.items if at]
    return times[-1] if times else None


def _leads_on(mark: str | None, last: str | None) -> bool:
    return mark is not None and mark != last and 0 < len(mark) <= _LONGEST_MARK
