"""One case as a message in Slack: who, where, how bad, why and until when at a glance, within every limit.

Pages: docs.slack.dev/reference/methods/chat.postMessage, /messaging/message-metadata,
/reference/block-kit/blocks/header-block, /messaging/formatting-message-text (dates).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from adapters.chat.labels import ANSWERED, MARKS, NO_ROOM, Moment, marked_kind, moments, severity
from adapters.chat.labels import kind as kind_of
from adapters.chat.slack import limits
from adapters.chat.slack.buttons import actions
from adapters.chat.slack.drawing import everything, ours, reasons, theirs
from adapters.chat.slack.text import (
    Json,
    clip,
    escaped,
    in_utc,
    isolated,
    length_of,
    line,
    markup,
    paragraph,
    plain,
    rich,
    run,
    when,
)
from bot.domain.card import Card
from bot.domain.value import digest

#: How much of one text a card shows; the first that keeps the whole card within Slack's limit is taken.
_SHARES = (1_400, 800, 400, 200, 100, 50)
_STATUS, _NOTICE, _NAME = 300, 400, 60
_CHANNEL = re.compile(r"[CDG][A-Z0-9]{1,40}")
CARD, POINTER = "levelhead_card", "levelhead_pointer"


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted or updated. `text` is what a phone shows and a screen reader says."""

    text: str
    blocks: list[Json] = field(repr=False)
    metadata: Json

    @property
    def payload(self) -> Json:
        """The arguments of `chat.postMessage` and `chat.update`; no address in it is looked up by Slack."""
        return {
            "text": self.text,
            "blocks": self.blocks,
            "metadata": self.metadata,
            "unfurl_links": False,
            "unfurl_media": False,
        }


def nonce(lane: str, case_id: str) -> str:
    """Return what a card is found by after doubt: the same for each post of this case in this lane."""
    return digest(f"{lane}\n{case_id}")[:16]


def message(card: Card, *, lane: str = "slack", stub: bool = False, where: str = "") -> Message:
    """Return the card as a message of the channel with this `lane`.

    A `stub` has none of the author's words, name or handle, nor the draft; `where` is the Slack channel (its
    ID) in which the card stands in full.
    """
    if stub:
        return Message(_text(card, named=False), _stub(card, where), _metadata(CARD, card, lane))
    return Message(_text(card, named=True), _fitting(card), _metadata(CARD, card, lane))


def pointer(card: Card, where: str, *, lane: str = "slack") -> Message:
    """Return what stays where a card stood that now stands elsewhere: `where` is a channel's ID or a link."""
    moved = f"This card has moved{f' to {_place(where)}' if where else ''}."
    text = f"{escaped(marked_kind(card))}. {moved}"
    block = {"type": "section", "text": markup(text)}
    return Message(text, [block], _metadata(POINTER, card, lane))


def _metadata(event: str, card: Card, lane: str) -> Json:
    return {
        "event_type": event,
        "event_payload": {"case": card.case_id, "nonce": nonce(lane, card.case_id)},
    }


# --- the whole card


def _fitting(card: Card) -> list[Json]:
    for share in _SHARES:
        blocks = _blocks(card, share)
        if size(blocks) <= limits.MESSAGE_BYTES:
            return blocks
    return _frame(card, _SHARES[-1], [rich(paragraph(run(NO_ROOM)))])


def size(blocks: list[Json]) -> int:
    """Return how many bytes of JSON the blocks are."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def _blocks(card: Card, share: int) -> list[Json]:
    return _frame(card, share, [*theirs(card, share), *reasons(card, share), *ours(card, share)])


def _frame(card: Card, share: int, middle: list[Json]) -> list[Json]:
    return [
        {"type": "header", "text": plain(headline(card))},
        {"type": "section", "text": markup(_times(card)), "accessory": everything(card)},
        rich(*_status(card, share)),
        *middle,
        *actions(card),
        {"type": "context", "elements": [plain(f"Case {line(card.case_id)}")]},
    ]


def headline(card: Card, most: int = limits.HEADER) -> str:
    """Return how bad, what, who and where in one line; a name too long for it is cut, never the rest."""
    kind, comma, rest = card.title.partition(", ")
    where = f" on {card.platform}"
    mark = MARKS.get(card.severity, "")
    if not kind.lower().startswith(card.severity):
        kind = f"{severity(card)} {kind}"
    kind = f"{mark} {kind}".strip()
    if not comma or not rest.endswith(where):
        return clip(line(f"{kind}{comma}{rest}"), most)[0]
    name, _ = clip(line(rest.removesuffix(where)), most - length_of(f"{kind}, {where}") - 2)
    return f"{kind}, {isolated(name)}{where}"


def _times(card: Card) -> str:
    return "\n".join(_moment(one) for one in moments(card))


def _moment(moment: Moment) -> str:
    says = f"{moment.says} {when(moment.at, exact=moment.exact)}" if moment.at else moment.says
    return f"*{says}*" if moment.matters else says


def _status(card: Card, share: int) -> list[Json]:
    status = [paragraph(run(clip(line(card.status), min(share * 2, _STATUS))[0], bold=True))]
    if not card.notice:
        return status
    return [*status, paragraph(run(clip(line(card.notice), min(share * 2, _NOTICE))[0]))]


# --- what a phone shows, and what stands where the card itself may not


def _text(card: Card, *, named: bool) -> str:
    """Return the notification: our words, and of the author's the name alone, which cannot ping or link."""
    kind = f"{severity(card)} {kind_of(card)}"
    if named:
        name, _ = clip(line(card.author), _NAME)
        kind += f", {'back again: ' if ', back again: ' in card.title else ''}{escaped(isolated(name))}"
    parts = [f"{kind} on {escaped(card.platform)}"]
    if named:
        parts.append(escaped(clip(line(card.status), _STATUS)[0]))
    if card.deadline and card.state not in ANSWERED:
        parts.append(f"Answer by {in_utc(card.deadline)}")
    return ". ".join(parts) + "."


def _stub(card: Card, where: str) -> list[Json]:
    says = f"This case is not for an open channel. Its card is in {_place(where)}."
    return [
        {"type": "header", "text": plain(clip(marked_kind(card), limits.HEADER)[0])},
        {"type": "section", "text": markup(f"{_times(card)}\n{says}")},
    ]


def _place(where: str) -> str:
    """Return a channel or a link as markup; without either, where it is in words."""
    if _CHANNEL.fullmatch(where):
        return f"<#{where}>"
    if re.fullmatch(r"https://[\w./?=&%-]{1,500}", where):
        return f"<{where.replace('&', '&amp;')}|its new place>"
    return "a private channel"
