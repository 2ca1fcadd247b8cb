"""People in Teams: they press what stands on a card, fill in what is open, and type; our door is told so."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.adapters.msteams import Answer, Json, Teams

CARD = "application/vnd.microsoft.card.adaptive"
MESSAGE = "application/vnd.microsoft.activity.message"


@dataclass
class Hands:
    """What people do, signed. `where` is the conversation they do it in, the channel unless it is given."""

    teams: Teams
    url: str
    people: dict[str, str]  # U1 and so on, to their 29: IDs
    sent: list[Json] = field(default_factory=list)

    async def deliver(self, body: Json) -> Answer:
        """Bring an activity to our door; it is kept, to come again."""
        self.sent.append(body)
        return await self.teams.post(self.url, body)

    async def again(self, **changes: Any) -> Answer:
        """Bring the last activity again: to the letter, or under another ID."""
        return await self.teams.post(self.url, self.sent[-1] | changes)

    def activity(self, kind: str, user: str, **more: Any) -> Json:
        return self.teams.activity(kind, by=self.people.get(user, user), **more)

    async def invoke(self, name: str, value: Json, user: str = "U1", **more: Any) -> Answer:
        return await self.deliver(self.activity("invoke", user, name=name, value=value, **more))

    # Buttons and forms

    async def press(self, message: Json, action: str, user: str = "U1", **more: Any) -> Answer:
        """Press what stands on a message, by the name of its decision, or of what it shows."""
        button = found(content_of(message), action)
        return await self.press_button(button, message["id"], user, **more)

    async def press_button(self, button: Json, on: str, user: str = "U1", **more: Any) -> Answer:
        data = copy.deepcopy(button["data"])
        if button["type"] == "Action.Execute":
            pressed = {**button, "data": data}
            value = {"action": pressed, "trigger": "manual"}
            return await self.invoke("adaptiveCard/action", value, user, reply_to=on, **more)
        value = {"data": data, "context": {"theme": "default"}}
        return await self.invoke("task/fetch", value, user, reply_to=on, **more)

    async def submit(
        self, form: Json, user: str = "U1", *, on: str = "", name: str = "task/submit", **typed: Any
    ) -> Answer:
        """Send a form that is open in a dialog, or in a card's place, with these words in it."""
        button = form["actions"][0]
        assert button["data"].get("lh", {}).get("w", "submit") == "submit"
        inputs = {one["id"]: one.get("value", "") for one in form["body"] if "id" in one}
        assert typed.keys() <= inputs.keys(), f"the form has {inputs.keys()} and not {typed.keys()}"
        data = {**copy.deepcopy(button["data"]), **inputs, **typed}
        if button["type"] == "Action.Execute":
            pressed = {**button, "data": data}
            return await self.invoke("adaptiveCard/action", {"action": pressed}, user, reply_to=on)
        return await self.invoke(name, {"data": data, "context": {"theme": "default"}}, user)

    # Words

    async def types(self, text: str, user: str = "U1", **more: Any) -> Answer:
        """Type something in one's own chat with the bot."""
        chat = self.teams.personal(self.people[user])
        return await self.deliver(self.activity("message", user, conversation=chat, text=text, **more))

    async def mentions(self, text: str, thread: str = "", user: str = "U1", **more: Any) -> Answer:
        """Say something in the channel, or in a thread there, that names the bot."""
        us = {"type": "mention", "text": "<at>Levelhead</at>", "mentioned": {"id": self.teams.bot}}
        given: Json = {"entities": [us], **more}
        where = self.teams.channel + (f";messageid={thread}" if thread else "")
        return await self.deliver(self.activity("message", user, conversation=where, text=text, **given))


def content_of(message: Json) -> Json:
    """Return the card of a message."""
    return message["attachments"][0]["content"]


def form_in(answer: Answer) -> Json:
    """Return the form that an answer shows: in a dialog, or in the card's place."""
    assert answer.status == 200, answer
    if "task" in answer.body:
        assert answer.body["task"]["type"] == "continue", answer.body
        return answer.body["task"]["value"]["card"]["content"]
    assert answer.body["type"] == CARD, answer.body
    return answer.body["value"]


def words_in(answer: Answer) -> str:
    """Return everything an answer says in words alone, or in a card that holds no form."""
    body = answer.body or {}
    if "task" in body:
        value = body["task"]["value"]
        return value if isinstance(value, str) else said(value["card"]["content"])
    value = body.get("value", "")
    return value if isinstance(value, str) else said(value)


def said(drawn: Any) -> str:
    """Return all the words of a card."""
    return "\n".join(_texts(drawn))


def _texts(drawn: Any) -> Iterator[str]:
    if isinstance(drawn, dict):
        for name, value in drawn.items():
            if name in {"text", "label", "title", "value"} and isinstance(value, str):
                yield value
            elif name != "data":
                yield from _texts(value)
    elif isinstance(drawn, list):
        for one in drawn:
            yield from _texts(one)


def buttons(drawn: Any) -> Iterator[Json]:
    """Yield every button of a card that comes back to us."""
    if isinstance(drawn, dict):
        if str(drawn.get("type", "")).startswith("Action.") and "lh" in drawn.get("data", {}):
            yield drawn
        for value in drawn.values():
            yield from buttons(value)
    elif isinstance(drawn, list):
        for one in drawn:
            yield from buttons(one)


def found(drawn: Json, action: str) -> Json:
    """Return a button by the decision it makes, or by what it does."""
    for one in buttons(drawn):
        held = one["data"]["lh"]
        if action in {held.get("k"), held.get("w")}:
            return one
    raise AssertionError(f"there is no {action!r} to press")
