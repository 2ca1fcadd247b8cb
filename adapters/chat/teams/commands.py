"""What people type in their own chat with the bot: the answer stands below, for them alone.

Pages: learn.microsoft.com/en-us/microsoftteams/platform/bots/how-to/create-a-bot-commands-menu and
/bots/how-to/conversations/conversation-basics. No command approves anything.
"""

from __future__ import annotations

import html
from typing import Any, Final

import structlog

from adapters.chat.asking import action_of
from adapters.chat.taking import ACKNOWLEDGE
from adapters.chat.teams import dialogs, names
from adapters.chat.teams.activity import Activity
from adapters.chat.teams.answers import note
from adapters.chat.teams.card import activity as as_message
from adapters.chat.teams.card import adapted, heading, message
from adapters.chat.teams.taking import Kit
from adapters.chat.teams.text import rich, run
from adapters.chat.typed import HELP, Answer, Done, Help, Listing, One, Typed, Words
from adapters.chat.words import sentence
from bot.domain.card import Card
from bot.domain.team import Person, Role
from bot.domain.value import digest
from bot.errors import BotError
from bot.ports import Refusal

log = structlog.get_logger(__name__)

Json = dict[str, Any]

WELCOME: Final = (
    "Hello, this is Levelhead. Cases stand as cards in your team's channel; here you can ask for them."
)
_TITLE: Final = "What can be typed here"
HOME: Final = ("home", "your claims, what waits for you, the queue, the sources, the day so far")
_NO_BUTTON: Final = (
    "this version of Teams sends buttons as messages, and nothing was done. Use a newer one, or the console"
)
#: So much of the queue is looked through for what is somebody's own.
_QUEUE = 100
#: What only waits for somebody else than those who did the last step.
_FOR_ME = ("second_approve", "answer", "acknowledge")


class Commands:
    """What can be typed to the bot."""

    def __init__(self, kit: Kit) -> None:
        """`kit` is what presses are taken with."""
        self._kit = kit
        self._typed = Typed(kit.bot, home="home")

    async def take(self, activity: Activity) -> None:
        """Answer what was typed; one that takes longer is answered when it is ready."""
        await self._kit.after.within(self._kit.after.do(self._take(activity)), ACKNOWLEDGE)

    async def welcome(self, activity: Activity) -> None:
        """Say who we are and what can be typed, once to each chat."""
        try:
            if await self._kit.taker.once(f"teams:hello:{digest(activity.conversation.id)}"):
                await self._send(activity, _help(WELCOME))
        except BotError as failure:
            log.warning("teams_not_told", error=type(failure).__name__)

    async def _take(self, activity: Activity) -> None:
        if names.OURS in activity.value:  # a button, from a client that knows no other way
            await self._kit.teller.alone(activity, _NO_BUTTON)
            return
        drawn = await self._answer(activity)
        try:
            await self._send(activity, drawn)
        except BotError as failure:
            log.warning("teams_not_told", error=type(failure).__name__)

    async def _answer(self, activity: Activity) -> Json:
        drawn: list[Json] = []

        async def who() -> Person | Refusal:
            return await self._kit.directory.find(activity.user.aad)

        async def once() -> bool:
            return await self._kit.taker.once(f"teams:{digest(f'{activity.conversation.id} {activity.id}')}")

        async def home(person: Person, _: str) -> Answer:
            drawn.append(await self._home(person))
            return Help()

        answer = await self._typed.answer(_plainly(activity.text), who, once, {HOME[0]: home})
        return as_message(drawn[0], "Levelhead") if drawn else self._drawn(answer)

    async def _home(self, person: Person) -> Json:
        queue, total = await self._kit.bot.queue(person, first=0, count=_QUEUE)
        on_call = [one.name for one in self._kit.bot.team.people if Role.ON_CALL in one.roles]
        mine = [card for card in queue if action_of(card, "release")]
        waiting = [card for card in queue if _waits(card)]
        return dialogs.home(person, mine, waiting, queue, total, await self._kit.bot.today(person), on_call)

    def _drawn(self, answer: Answer) -> Json:
        match answer:
            case Words(says) | Done(says):
                return note(sentence(says))
            case One(card):
                return message(card, inline=self._kit.settings.inline)
            case Listing(title, cards, more):
                return as_message(dialogs.listed(title, cards, more), title)
            case Help():
                return _help()

    async def _send(self, activity: Activity, drawn: Json) -> None:
        await self._kit.connector.send(activity.service_url, activity.conversation.id, drawn)


def _waits(card: Card) -> bool:
    return any(action_of(card, kind) for kind in _FOR_ME)


def _plainly(text: str) -> str:
    """Return what was typed: Teams escapes three signs, and people may begin with a slash."""
    return html.unescape(text).replace("\xa0", " ").strip().removeprefix("/").lstrip()


def _help(above: str = "") -> Json:
    rows = [rich(run(typed, bold=True), run(f": {does}"), spacing="Small") for typed, does in (*HELP, HOME)]
    hello = [rich(run(above))] if above else []
    body = [*hello, heading(_TITLE, size="Medium"), *rows]
    return as_message(adapted(body, above or _TITLE), above or _TITLE)
