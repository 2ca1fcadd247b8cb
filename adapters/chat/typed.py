"""What people type: the queue, a search, one case, the next one, pause and resume, the day's numbers.

Every answer is for whoever typed it alone; a chat draws it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from bot.domain.card import Card
from bot.domain.decision import Claim
from bot.domain.team import Person
from bot.errors import StoreUnavailable
from bot.ports import Bot, Press, Redraw, Refusal

#: What each command does, by how it is typed.
HELP: Final[Sequence[tuple[str, str]]] = (
    ("queue or queue 20", "what waits, worst first"),
    ("next", "the worst that nobody holds, claimed for you"),
    ("search late bread", "cases whose words, author or ID contain that"),
    ("case square:100", "one case, with its buttons"),
    ("stats", "the day so far"),
    ("pause, resume", "stop sending approved replies, and go on (managers)"),
)
#: Lines of a list.
_MOST, _FEW = 20, 10
#: So far down the queue the next free case is looked for.
_LOOKED_AT = 100
_WORD = 300
#: What does something, and so only once.
_ACTS = frozenset({"next", "pause", "resume"})


@dataclass(frozen=True, slots=True)
class Words:
    """An answer in words."""

    says: str


@dataclass(frozen=True, slots=True)
class One:
    """One case, with its buttons; `changed` where it was claimed just now."""

    card: Card
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """Several cases; `more` says what is not among them."""

    title: str
    cards: Sequence[Card]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Help:
    """What can be typed."""


@dataclass(frozen=True, slots=True)
class Done:
    """Something was changed for everybody."""

    says: str


Answer = Words | One | Listing | Help | Done
Verb = Callable[[Person, str], Awaitable[Answer]]


class Typed:
    """What can be typed to the bot of one chat."""

    def __init__(self, bot: Bot, *, prefix: str = "", home: str = "") -> None:
        """`prefix` stands before each command where people type them, `home` is what they call their page."""
        self._bot, self._prefix, self._home = bot, prefix, home
        self.verbs: Mapping[str, Verb] = {
            "queue": self.queue, "search": self.search, "case": self.case, "next": self.next,
            "pause": self.pause, "resume": self.resume, "stats": self.stats, "help": self.help,
        }  # fmt: skip

    async def answer(
        self,
        text: str,
        person: Callable[[], Awaitable[Person | Refusal]],
        once: Callable[[], Awaitable[bool]],
        also: Mapping[str, Verb] | None = None,
    ) -> Answer:
        """Answer what was typed. `also` are this chat's own commands; `once` is whether it is new."""
        verb, _, rest = text.strip().partition(" ")
        verb = verb.lower() or "help"
        verbs = {**self.verbs, **(also or {})}
        if verb not in verbs:
            return self._unknown(verb, list(verbs))
        who = await person()
        if isinstance(who, Refusal):
            return Words(who.says)
        try:
            if verb in _ACTS and not await once():
                return Words("that was asked before, and answered")
            return await verbs[verb](who, rest.strip())
        except StoreUnavailable:
            return Words("not confirmed: the record cannot be reached. Try again in a minute")

    async def queue(self, person: Person, rest: str) -> Answer:
        """What waits, worst first."""
        if rest and not (rest.isascii() and rest.isdigit() and 0 < int(rest[:9]) <= _MOST):
            return Words(f"how many? A number from 1 to {_MOST}, as in {self._prefix}queue 5")
        cards, total = await self._bot.queue(person, first=0, count=int(rest or _FEW))
        if not cards:
            return Words("nobody is waiting for an answer")
        left = total - len(cards)
        more = f"and {left:,} more; {self._home} shows them, and so does {self._prefix}search"
        return Listing(f"{total:,} in the queue, worst first", cards, more if left > 0 else "")

    async def search(self, person: Person, rest: str) -> Answer:
        """Cases whose words, author or ID contain a text."""
        if not rest:
            return Words(f"search for what? For example: {self._prefix}search late bread")
        found = await self._bot.search(rest[:_WORD], person, most=_FEW + 1)
        if not found:
            return Words(f"nothing has “{rest[:_WORD]}” in its words, its author or its ID")
        more = f"and more than {_FEW}: add a word to find fewer" if len(found) > _FEW else ""
        return Listing(f"Found for “{rest[:_WORD]}”", found[:_FEW], more)

    async def case(self, person: Person, rest: str) -> Answer:
        """One case, with its buttons."""
        case_id = rest.strip("`<> ")
        if not case_id:
            return Words(f"which one? Its ID stands at the foot of its card: {self._prefix}case square:100")
        card = await self._bot.card(case_id[:_WORD], person)
        if card is None:
            says = f"there is no case “{case_id[:_WORD]}”; {self._prefix}search finds one by its words"
            return Words(says)
        return One(card)

    async def next(self, person: Person, rest: str) -> Answer:  # noqa: ARG002 verbs are alike
        """The worst that nobody holds, claimed for whoever asks."""
        cards, _ = await self._bot.queue(person, first=0, count=_LOOKED_AT)
        for card in cards:
            if not any(action.decision == "claim" for action in card.actions):
                continue
            answer = await self._bot.press(Press(card.case_id, Claim(), person.id, person))
            if isinstance(answer, Redraw):
                return One(answer.card, changed=True)
            if not answer.confirmed:
                return Words(answer.says)
        return Words(f"nobody is waiting whom no colleague has taken on; {self._prefix}queue shows all")

    async def pause(self, person: Person, rest: str) -> Answer:  # noqa: ARG002 verbs are alike
        """Stop sending approved replies."""
        refusal = await self._bot.pause(person)
        done = "publishing is paused: approved replies wait until a manager resumes it"
        return Words(refusal.says) if refusal else Done(done)

    async def resume(self, person: Person, rest: str) -> Answer:  # noqa: ARG002 verbs are alike
        """Go on sending them."""
        refusal = await self._bot.resume(person)
        return Words(refusal.says) if refusal else Done("publishing goes on")

    async def stats(self, person: Person, rest: str) -> Answer:  # noqa: ARG002 verbs are alike
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
        return Words("\n".join(rows))

    async def help(self, person: Person, rest: str) -> Answer:  # noqa: ARG002 verbs are alike
        """What can be typed."""
        return Help()

    def _unknown(self, verb: str, verbs: Sequence[str]) -> Answer:
        near = get_close_matches(verb[:40], verbs, n=1, cutoff=0.5)
        meant = f" Did you mean {self._prefix}{near[0]}?" if near else ""
        us = self._prefix.strip() or "Levelhead"
        return Words(f"{us} does not know “{verb[:40]}”.{meant} It knows {', '.join(verbs)}")
