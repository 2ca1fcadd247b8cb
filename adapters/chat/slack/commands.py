"""`/levelhead`: the queue, a search, one case, the next one, pause and resume, the day's numbers.

Page: docs.slack.dev/interactivity/implementing-slash-commands. Every answer is for whoever typed it alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from adapters.chat.slack import limits, names
from adapters.chat.slack.message import headline, message, size
from adapters.chat.slack.payloads import Command, Json, unescaped
from adapters.chat.slack.taking import Kit
from adapters.chat.slack.text import clip, escaped, line, markup, plain, shown, when
from adapters.chat.taking import ACKNOWLEDGE
from adapters.chat.words import sentence
from bot.domain.card import Card
from bot.domain.decision import Claim
from bot.domain.team import Person
from bot.domain.value import digest
from bot.errors import StoreUnavailable
from bot.ports import Press, Redraw, Refusal

HELP = (
    "*queue* or *queue 20*: what waits, worst first\n"
    "*next*: the worst that nobody holds, claimed for you\n"
    "*search late bread*: cases whose words, author or ID contain that\n"
    "*case square:100*: one case, with its buttons\n"
    "*stats*: the day so far\n"
    "*pause*, *resume*: stop sending approved replies, and go on (managers)"
)
#: Lines of a list: with their buttons they stay within Slack's fifty blocks.
_MOST, _FEW = 20, 10
#: So far down the queue the next free case is looked for.
_LOOKED_AT = 100
_STATUS = 150
_WORD = 300
#: Bytes kept free for what stands below a list.
_FOOT = 400

#: What does something, and so only once.
_ACTS = frozenset({"next", "pause", "resume"})

Answer = Json
Ack = Callable[..., Awaitable[Any]]
Verb = Callable[[Command, Person, str], Awaitable[Answer]]


class Commands:
    """What can be typed after `/levelhead`."""

    def __init__(self, kit: Kit) -> None:
        """`kit` is what presses are taken with."""
        self._kit, self._bot = kit, kit.bot
        self._verbs: Mapping[str, Verb] = {
            "queue": self.queue, "search": self.search, "case": self.case, "next": self.next,
            "pause": self.pause, "resume": self.resume, "stats": self.stats, "help": self.help,
        }  # fmt: skip

    async def take(self, ack: Ack, body: Mapping[str, Any]) -> None:
        """Answer a command; one that takes longer is acknowledged first."""
        command = Command.model_validate(body)
        work = self._kit.after.do(self._answer(command))
        if await self._kit.after.within(work, ACKNOWLEDGE):
            await ack(work.result())
            return
        await ack()
        self._kit.after.do(self._late(command, work))

    async def _late(self, command: Command, work: Awaitable[Answer]) -> None:
        await self._kit.teller.respond(command.response_url, await work)

    async def _answer(self, command: Command) -> Answer:
        verb, _, rest = unescaped(command.text).strip().partition(" ")
        known = self._verbs.get(verb.lower() or "help")
        if known is None:
            return _unknown(verb, list(self._verbs))
        person = await self._kit.directory.find(command.user_id)
        if isinstance(person, Refusal):
            return _words(person.says)
        try:
            if verb.lower() in _ACTS and not await self._kit.taker.once(_identity(command)):
                return _words("that was asked before, and answered")
            return await known(command, person, rest.strip())
        except StoreUnavailable:
            return _words("not confirmed: the record cannot be reached. Try again in a minute")

    async def queue(self, _: Command, person: Person, rest: str) -> Answer:
        """What waits, worst first."""
        if rest and not (rest.isascii() and rest.isdigit() and 0 < int(rest[:9]) <= _MOST):
            return _words(f"how many? A number from 1 to {_MOST}, as in /levelhead queue 5")
        cards, total = await self._bot.queue(person, first=0, count=int(rest or _FEW))
        if not cards:
            return _words("nobody is waiting for an answer")
        left = total - len(cards)
        more = (
            f"and {left:,} more; the App Home shows them, and so does /levelhead search" if left > 0 else ""
        )
        return _list(f"{total:,} in the queue, worst first", cards, more)

    async def search(self, _: Command, person: Person, rest: str) -> Answer:
        """Cases whose words, author or ID contain a text."""
        if not rest:
            return _words("search for what? For example: /levelhead search late bread")
        found = await self._bot.search(rest[:_WORD], person, most=_FEW + 1)
        if not found:
            return _words(f"nothing has “{rest[:_WORD]}” in its words, its author or its ID")
        more = f"and more than {_FEW}: add a word to find fewer" if len(found) > _FEW else ""
        return _list(f"Found for “{line(rest)[:_WORD]}”", found[:_FEW], more)

    async def case(self, _: Command, person: Person, rest: str) -> Answer:
        """One case, with its buttons."""
        case_id = rest.strip("`<> ")
        if not case_id:
            return _words("which one? Its ID stands at the foot of its card: /levelhead case square:100")
        card = await self._bot.card(case_id[:_WORD], person)
        if card is None:
            return _words(f"there is no case “{case_id[:_WORD]}”; /levelhead search finds one by its words")
        return _card(card)

    async def next(self, command: Command, person: Person, rest: str) -> Answer:  # noqa: ARG002 verbs are alike
        """The worst that nobody holds, claimed for whoever asks."""
        cards, _ = await self._bot.queue(person, first=0, count=_LOOKED_AT)
        for card in cards:
            if not any(action.decision == "claim" for action in card.actions):
                continue
            answer = await self._bot.press(Press(card.case_id, Claim(), person.id, person))
            if isinstance(answer, Redraw):
                self._kit.homes.changed(command.user_id)
                return _card(answer.card)
            if not answer.confirmed:
                return _words(answer.says)
        return _words("nobody is waiting whom no colleague has taken on; /levelhead queue shows all")

    async def pause(self, command: Command, person: Person, rest: str) -> Answer:  # noqa: ARG002 verbs are alike
        """Stop sending approved replies."""
        refusal = await self._bot.pause(person)
        if refusal is None:
            self._kit.homes.changed(command.user_id)
        done = "publishing is paused: approved replies wait until a manager resumes it"
        return _words(refusal.says if refusal else done)

    async def resume(self, command: Command, person: Person, rest: str) -> Answer:  # noqa: ARG002 verbs are alike
        """Go on sending them."""
        refusal = await self._bot.resume(person)
        if refusal is None:
            self._kit.homes.changed(command.user_id)
        return _words(refusal.says if refusal else "publishing goes on")

    async def stats(self, _: Command, person: Person, rest: str) -> Answer:  # noqa: ARG002 verbs are alike
        """The day so far."""
        today = await self._bot.today(person)
        closed = ", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in sorted(today.counts.items()))
        rows = [
            f"{today.open_cases:,} cases are open, and {today.waiting:,} of them wait for a person.",
            f"Read today: {today.balance or 'nothing yet'}.",
            f"Closed without a card today: {closed or 'nothing yet'}.",
        ]
        if today.paused:
            rows.append(f"Publishing is paused by {today.paused}.")
        troubled = [beat.source for beat in today.beats if beat.error]
        if troubled:
            rows.append(f"In trouble: {', '.join(troubled)}; levelhead check tells why.")
        if today.asides:
            rows.append(f"Set aside after several tries: {today.asides:,}; levelhead check tells why.")
        return _words("\n".join(rows))

    async def help(self, _: Command, person: Person, rest: str) -> Answer:  # noqa: ARG002 verbs are alike
        """What can be typed."""
        return _body("What can be typed after /levelhead", [{"type": "section", "text": markup(HELP)}])


def _identity(command: Command) -> str:
    return f"slack:{digest(command.trigger_id or command.response_url)}"


def _unknown(verb: str, verbs: Sequence[str]) -> Answer:
    near = get_close_matches(verb.lower()[:40], verbs, n=1, cutoff=0.5)
    meant = f" Did you mean /levelhead {near[0]}?" if near else ""
    return _words(f"/levelhead does not know “{verb[:40]}”.{meant} It knows {', '.join(verbs)}")


def _words(words: str) -> Answer:
    return _body(sentence(words), [])


def _body(text: str, blocks: list[Json]) -> Answer:
    body: Json = {"response_type": "ephemeral", "text": clip(escaped(shown(text)), 3000)[0]}
    return body | ({"blocks": blocks} if blocks else {})


def _card(card: Card) -> Answer:
    drawn = message(card)
    return {"response_type": "ephemeral", "text": drawn.text, "blocks": drawn.blocks}


def _list(title: str, cards: Sequence[Card], more: str) -> Answer:
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
