"""The bot's own chat: what is mine, what waits for me, the queue, the sources, the day; and lists of cases.

Pages: learn.microsoft.com/en-us/microsoftteams/platform/task-modules-and-cards/cards/cards-reference,
learn.microsoft.com/en-us/adaptive-cards/schema-explorer/column-set. Teams has no page like Slack's App Home
that is drawn for each person, so a command gives it as a card.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.chat.labels import in_queue
from adapters.chat.teams import limits
from adapters.chat.teams.buttons import opening
from adapters.chat.teams.card import adapted, adaptive, heading, headline
from adapters.chat.teams.text import Json, block, clip, group, isolated, line, rich, run, when
from bot.domain.card import Card
from bot.domain.team import Person
from bot.ports import Beat, Today

#: So many cards of each list; fewer where they do not fit.
_SHARES = ((5, 5, 10, 200), (3, 3, 5, 100), (2, 2, 3, 50), (1, 1, 1, 50), (0, 0, 0, 50))
_SOURCES, _TROUBLES = 20, 5
_STATUS, _NAME, _NAMES = 200, 80, 500
#: Room for the lines below a list.
_FOOT = 1_500


def home(
    viewer: Person,
    mine: Sequence[Card],
    waiting_for_me: Sequence[Card],
    queue: Sequence[Card],
    total: int,
    today: Today,
    on_call: Sequence[str],
) -> Json:
    """Return the page of one person. `queue` is worst first, `total` how long it is; `on_call` are names."""
    title = f"Levelhead, for {line(viewer.name)}"
    drawn: Json = {}
    for few_mine, few_waiting, few_queued, most in _SHARES:
        body = [
            rich(run(title, bold=True, large=True)),
            *_paused(today, most),
            *_troubles(today, most),
            group(*_day(today, total, on_call, most)),
            *_cards("My claims", mine, few_mine, len(mine), "You hold no case."),
            *_cards("Waiting for me", waiting_for_me, few_waiting, len(waiting_for_me), "Nothing."),
            *_cards("The queue, worst first", queue, few_queued, total, "Nobody is waiting for an answer."),
            *_sources(today.beats, most),
        ]
        drawn = adapted(body, title)
        if limits.weight(drawn) <= limits.MESSAGE_BYTES:
            break
    return drawn


def listed(title: str, cards: Sequence[Card], more: str) -> Json:
    """Return a list of cases, each with its button; what has no room is said."""
    rows: list[Json] = []
    left = limits.MESSAGE_BYTES - _FOOT - limits.weight(adapted([rich(run(line(title)))], title))
    for card in cards:
        row = _row(card)
        left -= limits.weight(row) + 4
        if left < 0:
            break
        rows.append(row)
    missing = len(cards) - len(rows)
    cut = f"{missing} of these had no room here; ask for fewer" if missing else ""
    foot = [rich(run(clip(line(says), _STATUS)[0], subtle=True)) for says in (cut, more) if says]
    return adapted([rich(run(clip(line(title), _STATUS)[0], bold=True)), *rows, *foot], title)


def answer_card(card: Card) -> Json:
    """Return one case, as the answer to a command."""
    return adaptive(card)


def _paused(today: Today, most: int) -> list[Json]:
    if not today.paused:
        return []
    says = f"⏸ Publishing is paused by {line(today.paused)}. Approved replies wait."
    return [rich(run(clip(says, most * 2)[0], bold=True))]


def _troubles(today: Today, most: int) -> list[Json]:
    says = (f"⚠ A team channel takes no cards. {line(trouble)}" for trouble in today.troubles[:_TROUBLES])
    return [rich(run(clip(words, most * 2)[0], alarm=True)) for words in says]


def _day(today: Today, total: int, on_call: Sequence[str], most: int) -> list[Json]:
    names = ", ".join(isolated(name) for name in on_call) or "nobody"
    closed = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in sorted(today.counts.items()))
    told = [
        ("On call: ", names),
        ("Read today: ", line(today.balance) or "nothing yet"),
        ("Closed without a card today: ", line(closed) or "nothing yet"),
    ]
    rows = [rich(run(f"{today.waiting:,} waiting", bold=True), run(f", {in_queue(total)}"))]
    rows += [rich(run(what, bold=True), run(clip(words, most * 2)[0])) for what, words in told]
    if today.asides:
        what = "1 thing was" if today.asides == 1 else f"{today.asides:,} things were"
        rows.append(rich(run(f"⚠ {what} set aside", bold=True), run(": levelhead check tells why")))
    return rows


def _cards(title: str, cards: Sequence[Card], most: int, total: int, none: str) -> list[Json]:
    rows = [_row(card) for card in cards[:most]]
    left = total - len(rows)
    if not cards:
        rows.append(rich(run(none, subtle=True)))
    elif left > 0:
        rows.append(rich(run(f"and {left:,} more: type “queue” or “search” and a word", subtle=True)))
    return [heading(title, size="Medium") | {"separator": True}, *rows]


def _row(card: Card) -> Json:
    """Return a case of a list: two columns, for a phone does not wrap more."""
    name, _ = clip(line(card.author), _NAME)
    status, _ = clip(line(card.status), _STATUS)
    items = [rich(run(f"{headline(card)}, ", bold=True), run(isolated(name), bold=True)), rich(run(status))]
    if card.deadline:
        items.append(block(f"Answer by {when(card.deadline)}", size="Small", spacing="None"))
    items.append(rich(run(line(card.case_id), subtle=True), spacing="None"))
    button = {"type": "ActionSet", "actions": [opening(card)]}
    columns = [
        {"type": "Column", "width": "stretch", "items": items},
        {"type": "Column", "width": "auto", "items": [button], "verticalContentAlignment": "Center"},
    ]
    return {"type": "ColumnSet", "columns": columns, "separator": True}


def _sources(beats: Sequence[Beat], most: int) -> list[Json]:
    title = heading("Sources", size="Medium") | {"separator": True}
    if not beats:
        return [title, rich(run("No source has been read yet.", subtle=True))]
    # What is in trouble first, so that it is never among those left out.
    worst = sorted(beats, key=lambda beat: (not beat.error, beat.source))
    count = min(_SOURCES, most // 10)
    rows = [item for beat in worst[:count] for item in _source(beat, most)]
    left = len(worst) - count
    return [title, *rows, *([rich(run(f"and {left:,} more", subtle=True))] if left > 0 else [])]


def _source(beat: Beat, most: int) -> list[Json]:
    state = f" in trouble: {clip(line(beat.error), most)[0]}" if beat.error else " well"
    read = f"Read {when(beat.read_at)}" if beat.read_at else "Never read"
    found = f", found something {when(beat.found_at)}" if beat.found_at else ""
    return [
        rich(run(isolated(clip(line(beat.source), _NAME)[0]), bold=True), run(state)),
        block(f"{read}{found}", size="Small", isSubtle=True, spacing="None"),
    ]
