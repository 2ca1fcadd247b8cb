"""The App Home: what is mine, what waits for me, the queue, the sources, who is on call, the day so far.

Pages: docs.slack.dev/surfaces/app-home, /reference/views/home-tab-views, /reference/methods/views.publish.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.chat.labels import in_queue
from adapters.chat.slack import limits, names
from adapters.chat.slack.message import headline
from adapters.chat.slack.text import (
    Json,
    clip,
    date,
    isolated,
    line,
    markup,
    paragraph,
    plain,
    rich,
    run,
    when,
)
from bot.domain.card import Card
from bot.domain.team import Person
from bot.ports import Beat, Today

#: So many cards of each list: with the rest of the page, under Slack's hundred blocks.
_MINE, _WAITING, _QUEUE = 15, 15, 30
_SOURCES, _TROUBLES = 20, 5
_STATUS = 200


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
    blocks = [
        {"type": "header", "text": plain(clip(f"Levelhead, for {line(viewer.name)}", limits.HEADER)[0])},
        *_paused(today),
        *_troubles(today),
        rich(*_day(today, total, on_call)),
        *_cards("My claims", mine, _MINE, len(mine), "You hold no case."),
        *_cards("Waiting for me", waiting_for_me, _WAITING, len(waiting_for_me), "Nothing."),
        *_cards("The queue, worst first", queue, _QUEUE, total, "Nobody is waiting for an answer."),
        *_sources(today.beats),
    ]
    return {"type": "home", "blocks": blocks[: limits.VIEW_BLOCKS]}


def _paused(today: Today) -> list[Json]:
    if not today.paused:
        return []
    says = f"⏸ Publishing is paused by {line(today.paused)}. Approved replies wait."
    return [{"type": "section", "text": plain(clip(says, limits.SECTION)[0])}]


def _troubles(today: Today) -> list[Json]:
    says = (f"⚠ A team channel takes no cards. {line(trouble)}" for trouble in today.troubles[:_TROUBLES])
    return [{"type": "section", "text": plain(clip(words, limits.SECTION)[0])} for words in says]


def _day(today: Today, total: int, on_call: Sequence[str]) -> list[Json]:
    names_ = ", ".join(isolated(name) for name in on_call) or "nobody"
    closed = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in sorted(today.counts.items()))
    parts = [
        paragraph(run(f"{today.waiting:,} waiting", bold=True), run(f", {in_queue(total)}")),
        paragraph(run("On call: ", bold=True), run(clip(names_, limits.SECTION // 3)[0])),
        paragraph(run("Read today: ", bold=True), run(today.balance or "nothing yet")),
        paragraph(
            run("Closed without a card today: ", bold=True),
            run(clip(closed, limits.SECTION // 3)[0] or "nothing yet"),
        ),
    ]
    if today.asides:
        what = "1 thing was" if today.asides == 1 else f"{today.asides:,} things were"
        parts.append(paragraph(run(f"⚠ {what} set aside", bold=True), run(": levelhead check tells why")))
    return parts


def _cards(title: str, cards: Sequence[Card], most: int, total: int, none: str) -> list[Json]:
    blocks: list[Json] = [{"type": "divider"}, {"type": "header", "text": plain(title)}]
    blocks += [_row(card) for card in cards[:most]]
    left = total - min(len(cards), most)
    if not cards:
        blocks.append({"type": "context", "elements": [plain(none)]})
    elif left > 0:
        says = f"and {left:,} more: /levelhead queue or /levelhead search"
        blocks.append({"type": "context", "elements": [plain(says)]})
    return blocks


def _row(card: Card) -> Json:
    status, _ = clip(line(card.status), _STATUS)
    row: Json = {
        "type": "section",
        "text": plain(f"{headline(card)}\n{status}"),
        "accessory": {
            "type": "button",
            "action_id": names.OPEN,
            "text": plain("Open"),
            "value": names.value(card),
        },
    }
    if card.deadline:
        row["fields"] = [markup(f"Answer by {when(card.deadline)}")]
    return row


def _sources(beats: Sequence[Beat]) -> list[Json]:
    blocks: list[Json] = [{"type": "divider"}, {"type": "header", "text": plain("Sources")}]
    if not beats:
        return [*blocks, {"type": "context", "elements": [plain("No source has been read yet.")]}]
    # What is in trouble first, so that it is never among those left out.
    worst = sorted(beats, key=lambda beat: (not beat.error, beat.source))
    rows = [paragraph(*_source(beat)) for beat in worst[:_SOURCES]]
    blocks.append(rich({"type": "rich_text_list", "style": "bullet", "elements": rows}))
    if len(worst) > _SOURCES:
        blocks.append({"type": "context", "elements": [plain(f"and {len(worst) - _SOURCES:,} more")]})
    return blocks


def _source(beat: Beat) -> list[Json]:
    read = [run(", read "), date(beat.read_at)] if beat.read_at else [run(", never read")]
    found = [run(", found something "), date(beat.found_at)] if beat.found_at else []
    state = f" in trouble: {clip(line(beat.error), _STATUS)[0]}" if beat.error else " well"
    return [run(isolated(beat.source), bold=True), run(state), *read, *found]
