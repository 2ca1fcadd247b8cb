"""People at Slack: they press what stands on a card, fill in what is open, and type; Slack tells our app so.

`Hands` sends it as signed HTTP requests, `Wires` over Socket Mode: the payloads are the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from aiohttp import ClientSession

from tests.adapters.slacks import SECRET, Slack, signed

Json = dict[str, Any]


@dataclass
class Answered:
    """What our app acknowledged with."""

    status: int
    body: Any


class People:
    """What people do, as the payloads that Slack makes of it."""

    def __init__(self, slack: Slack) -> None:
        self.slack = slack

    async def deliver(self, kind: str, payload: Json, **more: Any) -> Answered:
        """Bring a payload (`interactive`, `slash_commands`, `events_api`) to our app."""
        raise NotImplementedError

    # Buttons

    async def press(self, message: Json, action: str, user: str = "U1", **more: Any) -> Answered:
        """Press what stands on a message, by the name of its decision or its action ID."""
        payload = self.pressing(message["blocks"], action, user, **more)
        payload["container"] |= {"type": "message", "message_ts": message["ts"], "channel_id": "C1"}
        return await self.deliver("interactive", {"message": message, "channel": {"id": "C1"}} | payload)

    async def press_in(self, view: Json, action: str, user: str = "U1", **more: Any) -> Answered:
        """Press a button that stands in a modal or on the App Home."""
        payload = self.pressing(view["blocks"], action, user, **more)
        payload["container"] |= {"type": "view", "view_id": view["id"]}
        payload.pop("response_url")
        return await self.deliver("interactive", payload | {"view": view})

    async def press_answer(self, answer: Json, action: str, user: str = "U1") -> Answered:
        """Press a button of a message that only this person sees."""
        payload = self.pressing(answer["blocks"], action, user)
        payload["container"] |= {"type": "message", "message_ts": self.slack.next_ts(), "is_ephemeral": True}
        return await self.deliver("interactive", payload | {"channel": {"id": "C1"}})

    def pressing(
        self, blocks: list[Json], action: str, user: str, *, good: bool = True, value: str | None = None
    ) -> Json:
        """Return the payload of a press; with `value`, of a button that carries another one."""
        block, element, option = _found(blocks, action)
        pressed = {name: element[name] for name in ("type", "action_id", "value") if name in element}
        pressed |= {"block_id": block.get("block_id", ""), "action_ts": self.slack.next_ts()}
        pressed |= {"selected_option": option} if option else {}
        pressed |= {"value": value} if value is not None else {}
        return {
            "type": "block_actions", "user": self._user(user), "api_app_id": self.slack.app,
            "team": {"id": self.slack.team, "domain": "brightloaf"}, "container": {},
            "trigger_id": self.slack.trigger(good=good), "actions": [pressed],
            "response_url": f"{self.slack.url}/respond/{uuid4().hex}",
        }  # fmt: skip

    # Forms

    def submission(self, view: Json, user: str = "U1", **typed: str) -> Json:
        """Return the payload of a form that was sent with these words (else with what stood in it)."""
        values = {}
        for block in view["blocks"]:
            if block["type"] == "input":
                name = block["block_id"]
                values[name] = {
                    block["element"]["action_id"]: _state(block["element"], typed.pop(name, None))
                }
        assert not typed, f"the form has no field {', '.join(typed)}"
        return {
            "type": "view_submission", "user": self._user(user), "api_app_id": self.slack.app,
            "team": {"id": self.slack.team}, "trigger_id": self.slack.trigger(),
            "view": {**view, "state": {"values": values}}, "response_urls": [],
        }  # fmt: skip

    async def submit(self, view: Json, user: str = "U1", **typed: str) -> Answered:
        """Send a form; what our app wants of the modal is done as Slack would."""
        answered = await self.deliver("interactive", self.submission(view, user, **typed))
        if isinstance(answered.body, dict):
            match answered.body.get("response_action"):
                case "update":
                    changed = self.slack._view({"view": answered.body["view"]}, id=view["id"])
                    self.slack.views[view["id"]] = changed
                case "errors":
                    fields = {block.get("block_id") for block in view["blocks"] if block["type"] == "input"}
                    assert answered.body["errors"].keys() <= fields, "an error at a field that is not there"
                case "clear":
                    self.slack.views.clear()
                case _:
                    pass
        return answered

    async def close(self, view: Json, user: str = "U1") -> Answered:
        """Close a form without sending it."""
        payload = {
            "type": "view_closed",
            "user": self._user(user),
            "team": {"id": self.slack.team},
            "view": view,
        }
        return await self.deliver("interactive", payload)

    def modal(self) -> Json:
        """The modal that was opened last."""
        return list(self.slack.views.values())[-1]

    # Words

    async def types(self, text: str, user: str = "U1", **more: Any) -> Answered:
        """Type a slash command."""
        return await self.deliver("slash_commands", {
            "command": "/levelhead", "text": text, "user_id": user, "channel_id": "C1",
            "team_id": self.slack.team, "api_app_id": self.slack.app, "trigger_id": self.slack.trigger(),
            "response_url": f"{self.slack.url}/respond/{uuid4().hex}", **more,
        })  # fmt: skip

    async def happens(self, event: Json, *, retry: int = 0, **more: Any) -> Answered:
        """Slack tells an event; with `retry`, again."""
        us = {"team_id": self.slack.team, "user_id": self.slack.bot_user, "is_bot": True}
        body = {
            "type": "event_callback", "team_id": self.slack.team, "api_app_id": self.slack.app,
            "event_id": f"Ev{uuid4().hex[:8]}", "authorizations": [us], "event": event, **more,
        }  # fmt: skip
        return await self.deliver("events_api", body, retry=retry)

    async def mentions(self, text: str, thread: str = "", user: str = "U1", **more: Any) -> Answered:
        """Somebody names our app in a channel, or in a thread there."""
        said = self.slack.says("C1", text, user=user, thread=thread)
        event = {**said, "type": "app_mention", "channel": "C1", **more}
        return await self.happens(event)

    async def opens_home(self, user: str = "U1") -> Answered:
        """Somebody opens the App Home."""
        return await self.happens({"type": "app_home_opened", "user": user, "tab": "home", "channel": "D1"})

    async def shortcut(
        self, message: Json, callback_id: str, user: str = "U1", *, good: bool = True
    ) -> Answered:
        """Somebody uses a shortcut on a message."""
        return await self.deliver("interactive", {
            "type": "message_action", "callback_id": callback_id, "user": self._user(user),
            "team": {"id": self.slack.team}, "channel": {"id": "C1"}, "message": message,
            "trigger_id": self.slack.trigger(good=good), "response_url": f"{self.slack.url}/respond/x",
        })  # fmt: skip

    def _user(self, user: str) -> Json:
        return {"id": user, "username": user.lower(), "team_id": self.slack.team}


class Hands(People):
    """Over HTTP, signed."""

    def __init__(self, slack: Slack, url: str, session: ClientSession) -> None:
        super().__init__(slack)
        self.url, self._session = url, session
        self.sent: list[tuple[str, dict[str, str]]] = []

    async def deliver(self, kind: str, payload: Json, **more: Any) -> Answered:
        match kind:
            case "events_api":
                body, form = json.dumps(payload), "application/json"
            case "slash_commands":
                body, form = urlencode(payload), "application/x-www-form-urlencoded"
            case _:
                body, form = urlencode({"payload": json.dumps(payload)}), "application/x-www-form-urlencoded"
        headers = {"Content-Type": form, **signed(body, SECRET)}
        if more.get("retry"):
            headers |= {"X-Slack-Retry-Num": str(more["retry"]), "X-Slack-Retry-Reason": "http_timeout"}
        return await self.post(body, headers)

    async def post(self, body: str | bytes, headers: Mapping[str, str]) -> Answered:
        """Post a body as it is; it is kept, to be replayed."""
        if isinstance(body, str):
            self.sent.append((body, dict(headers)))
        async with self._session.post(self.url, data=body, headers=headers) as answer:
            text = await answer.text()
        answered = Answered(answer.status, json.loads(text) if text.startswith("{") else text)
        if answered.status == 200 and answered.body:
            self.slack.acknowledgements.append(answered.body)
        return answered

    async def replay(self) -> Answered:
        """Send the last request again, byte for byte."""
        return await self.post(*self.sent[-1])


class Wires(People):
    """Over Socket Mode."""

    async def deliver(self, kind: str, payload: Json, **more: Any) -> Answered:
        body = await self.slack.wire.send(kind, payload, retry=more.get("retry", 0))
        if body:
            self.slack.acknowledgements.append(body)
        return Answered(200, body or "")


def _found(blocks: list[Json], action: str) -> tuple[Json, Json, Json | None]:
    """Find a button, a choice of a menu by `menu=choice`, or a decision wherever it stands."""
    for block, element in _elements(blocks):
        if element.get("action_id") in {action, f"lh:{action}"}:
            return block, element, None
        for option in element.get("options", ()):
            if f"{element.get('action_id')}={option['value']}" == action:
                return block, element, option
            if option["value"] == action and element["type"] == "overflow":
                return block, element, option
    raise AssertionError(f"there is no {action!r} to press")


def _elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    for block in blocks:
        for element in (*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else ())):
            yield block, element


def _state(element: Json, typed: str | None) -> Json:
    if element["type"] in {"static_select", "radio_buttons"}:
        chosen = element.get("initial_option")
        if typed is not None:
            chosen = next(option for option in element["options"] if option["value"] == typed)
        return {"type": element["type"], "selected_option": chosen}
    return {"type": element["type"], "value": typed if typed is not None else element.get("initial_value")}
