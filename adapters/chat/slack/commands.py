"""`/levelhead`: what is typed after it, and the answer as a message for whoever typed it alone.

Page: docs.slack.dev/interactivity/implementing-slash-commands.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from adapters.chat.slack import limits, names
from adapters.chat.slack.message import headline, message, size
from adapters.chat.slack.payloads import Command, Json, unescaped
from adapters.chat.slack.taking import Kit
from adapters.chat.slack.text import clip, escaped, line, markup, plain, shown, when
from adapters.chat.taking import ACKNOWLEDGE
from adapters.chat.typed import HELP, Answer, Done, Help, Listing, One, Typed, Words
from adapters.chat.words import sentence
from bot.domain.card import Card
from bot.domain.team import Person
from bot.domain.value import digest
from bot.ports import Refusal

_STATUS = 150
#: Bytes kept free for what stands below a list.
_FOOT = 400

Ack = Callable[..., Awaitable[Any]]


class Commands:
    """What can be typed after `/levelhead`."""

    def __init__(self, kit: Kit) -> None:
        """`kit` is what presses are taken with."""
        self._kit = kit
        self._typed = Typed(kit.bot, prefix="/levelhead ", home="the App Home")

    async def take(self, ack: Ack, body: Mapping[str, Any]) -> None:
        """Answer a command; one that takes longer is acknowledged first."""
        command = Command.model_validate(body)
        work = self._kit.after.do(self._answer(command))
        if await self._kit.after.within(work, ACKNOWLEDGE):
            await ack(work.result())
            return
        await ack()
        self._kit.after.do(self._late(command, work))

    async def _late(self, command: Command, work: Awaitable[Json]) -> None:
        await self._kit.teller.respond(command.response_url, await work)

    async def _answer(self, command: Command) -> Json:
        async def who() -> Person | Refusal:
            return await self._kit.directory.find(command.user_id)

        async def once() -> bool:
            return await self._kit.taker.once(_identity(command))

        answer = await self._typed.answer(unescaped(command.text), who, once)
        if isinstance(answer, Done) or (isinstance(answer, One) and answer.changed):
            self._kit.homes.changed(command.user_id)
        return _drawn(answer)


def _identity(command: Command) -> str:
    return f"slack:{digest(command.trigger_id or command.response_url)}"


def _drawn(answer: Answer) -> Json:
    match answer:
        case Words(says) | Done(says):
            return _body(sentence(says), [])
        case One(card):
            drawn = message(card)
            return {"response_type": "ephemeral", "text": drawn.text, "blocks": drawn.blocks}
        case Listing(title, cards, more):
            return _list(title, cards, more)
        case Help():
            rows = "\n".join(f"{_bold(typed)}: {does}" for typed, does in HELP)
            return _body("What can be typed after /levelhead", [{"type": "section", "text": markup(rows)}])


def _bold(typed: str) -> str:
    """Return what is typed in bold, and not the words between."""
    return "*" + typed.replace(" or ", "* or *").replace(", ", "*, *") + "*"


def _body(text: str, blocks: list[Json]) -> Json:
    body: Json = {"response_type": "ephemeral", "text": clip(escaped(shown(text)), 3000)[0]}
    return body | ({"blocks": blocks} if blocks else {})


def _list(title: str, cards: Sequence[Card], more: str) -> Json:
    title = line(title)
    blocks: list[Json] = [{"type": "section", "text": plain(title)}]
    for card in cards:
        row = _row(card)
        if size([*blocks, row]) > limits.MESSAGE_BYTES - _FOOT:
            break
        blocks.append(row)
    left = len(cards) + 1 - len(blocks)
    cut = f"{left} of these had no room here; ask for fewer, or look in the App Home" if left else ""
    if foot := [plain(words) for words in (cut, more) if words]:
        blocks.append({"type": "context", "elements": foot})
    return _body(title, blocks)


def _row(card: Card) -> Json:
    status, _ = clip(line(card.status), _STATUS)
    row: Json = {
        "type": "section",
        "text": plain(f"{headline(card)}\n{status}\n{line(card.case_id)}"),
        "accessory": {
            "type": "button",
            "action_id": names.OPEN,
            "text": plain("Open"),
            "value": names.value(card),
        },
    }
    return row | ({"fields": [markup(f"Answer by {when(card.deadline)}")]} if card.deadline else {})
