"""Take mentions in from a file of JSON lines, as if a source had found them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pydantic import ValidationError

from bot.domain.mention import Mention
from bot.flows.ingest import ingest
from bot.main.wiring import House
from bot.ports import Batch

#: Mentions taken in at once.
_AT_ONCE = 200


@dataclass(slots=True)
class ReplayResult:
    """What became of the lines; `bad` tells the number of each line that is no mention, and why."""

    taken: int = 0
    known: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])


async def replay(
    house: House, lines: Iterable[str], *, progress: Callable[[int], None] = lambda _: None
) -> ReplayResult:
    """Take each line in; `progress` is told how many lines are done. A bad line costs no good one."""
    result, waiting = ReplayResult(), list[Mention]()
    number = 0
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                waiting.append(Mention.model_validate_json(line))
            except ValidationError as problem:
                first = problem.errors(include_url=False, include_input=False)[0]
                where = ".".join(str(part) for part in first["loc"]) or "the line"
                result.bad.append((number, f"{where}: {first['msg'].lower()}"))
        if len(waiting) >= _AT_ONCE:
            await _take(house, waiting, result)
            progress(number)
    await _take(house, waiting, result)
    progress(number)
    return result


async def _take(house: House, waiting: list[Mention], result: ReplayResult) -> None:
    taken = await ingest(Batch(items=tuple(waiting)), parts=house.parts)
    result.taken += taken.new + taken.changed
    result.known += taken.known
    waiting.clear()
