"""The thread under a card: what happened since, in human words, and what the author wrote next.

Pages: docs.slack.dev/reference/methods/chat.postMessage (thread_ts), and
/reference/block-kit/blocks/rich-text-block.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.chat.slack.limits import MESSAGE_BYTES
from adapters.chat.slack.message import size
from adapters.chat.slack.text import (
    Json,
    clip,
    date,
    escaped,
    isolated,
    line,
    paragraph,
    quote,
    rich,
    run,
    shown,
)
from bot.domain.card import Card
from bot.domain.trail import AUTHOR, US
from bot.ports import TrailLine

TRAIL = "levelhead_trail"
#: So many lines go into one message; of more, the newest: an outage is told by where things stand now.
MOST_LINES = 12
#: How much of one text is shown; the first that keeps a message within Slack's limit is taken.
_SHARES = (1_000, 500, 250, 120, 60)
_SAYS, _NOTIFIED = 300, 150
_LABELLED = "Hidden here, as it is abusive. The card has a button that shows it."


def reply(card: Card, trail: Sequence[TrailLine], told: int) -> Json:
    """Return the message that tells the trail from its line `told` on: there has to be one.

    Our own lines come without the texts they are about, which stand on the card.
    """
    fresh = trail[told:]
    lines = fresh[-MOST_LINES:]
    blocks: list[Json] = []
    for share in _SHARES:
        blocks = [*_left_out(len(fresh) - len(lines)), *(rich(*_told(card, one, share)) for one in lines)]
        if size(blocks) <= MESSAGE_BYTES:
            break
    return {
        "text": escaped(clip(_said(lines[-1]), _NOTIFIED)[0]),
        "blocks": blocks,
        "metadata": {"event_type": TRAIL, "event_payload": {"case": card.case_id, "lines": len(trail)}},
    }


def lines_of(metadata: object) -> int:
    """Return up to which line of the trail a message in the thread goes; 0 for anybody else's message."""
    match metadata:
        case {"event_type": "levelhead_trail", "event_payload": {"lines": int(lines)}}:
            return lines
        case _:
            return 0


def _left_out(count: int) -> list[Json]:
    if not count:
        return []
    says = f"{count} earlier {'line' if count == 1 else 'lines'} of the history: see the case in full."
    return [rich(paragraph(run(says, italic=True)))]


def _told(card: Card, one: TrailLine, share: int) -> list[Json]:
    says, _ = clip(f" {line(one.says)} ", min(_SAYS, max(share, 120)))
    who = run(isolated(clip(one.who, 60)[0]), bold=True)
    elements = [paragraph(who, run(says), date(one.at))]
    if not one.text or one.who == US:
        return elements
    if card.abusive and one.who == AUTHOR:
        return [*elements, paragraph(run(_LABELLED, italic=True))]
    return [*elements, quote(run(clip(shown(one.text), share)[0]))]


def _said(one: TrailLine) -> str:
    return f"{isolated(one.who)} {line(one.says)}"
