"""What the fake Slack answers to each method of its Web API, as its pages say."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from tests.adapters.slack_rules import Wrong, check_message, check_view

if TYPE_CHECKING:
    from tests.adapters.slacks import Channel, Slack

Asked = dict[str, Any]


class Refuses(Exception):
    """Answered `{"ok": false, "error": ...}`."""

    def __init__(self, error: str, **more: Any) -> None:
        self.error, self.more = error, more
        super().__init__(error)


def _check(asked: Asked) -> None:
    try:
        check_message(asked)
    except Wrong as wrong:
        raise Refuses("invalid_blocks", response_metadata={"messages": [str(wrong)]}) from wrong


class Answers:
    """The methods, named with `_` for `.`; `self` is the fake Slack."""

    @property
    def _slack(self) -> Slack:
        return cast("Slack", self)

    # Who

    def auth_test(self, _: Asked) -> Asked:
        return {
            "url": "https://brightloaf.slack.example/", "team": "Brightloaf", "team_id": self._slack.team,
            "user": "levelhead", "user_id": self._slack.bot_user, "bot_id": self._slack.bot_id,
        }  # fmt: skip

    def users_info(self, asked: Asked) -> Asked:
        if asked["user"] not in self._slack.users:
            raise Refuses("user_not_found")
        return {"user": self._slack.users[asked["user"]]}

    def users_lookupByEmail(self, asked: Asked) -> Asked:  # noqa: N802 theirs
        if not asked.get("email"):
            raise Refuses("invalid_arguments")
        for user in self._slack.users.values():
            if user["profile"]["email"] == asked["email"] and not user["deleted"]:
                return {"user": user}
        raise Refuses("users_not_found")

    def usergroups_list(self, _: Asked) -> Asked:
        hidden = {"users"}
        groups = self._slack.groups.values()
        return {"usergroups": [{k: v for k, v in g.items() if k not in hidden} for g in groups]}

    def usergroups_users_list(self, asked: Asked) -> Asked:
        if asked["usergroup"] not in self._slack.groups:
            raise Refuses("no_such_subteam")
        return {"users": self._slack.groups[asked["usergroup"]]["users"]}

    # Messages

    def _channel(self, asked: Asked) -> Channel:
        name = asked.get("channel", "")
        channel = self._slack.direct(name) if name in self._slack.users else self._slack.channels.get(name)
        if channel is None or (channel.private and not channel.has_bot):
            raise Refuses("channel_not_found")
        return channel

    def _writable(self, asked: Asked, method: str) -> Channel:
        channel = self._channel(asked)
        if channel.archived:
            raise Refuses("is_archived")
        if not channel.has_bot:
            raise Refuses("not_in_channel")
        _check(asked)
        now = time.monotonic()
        last = max((at for at, _, name in self._slack.stamps if name == channel.id), default=-1e9)
        if now - last < self._slack.pace:
            raise Refuses("ratelimited")
        self._slack.stamps.append((now, method, channel.id))
        return channel

    def chat_postMessage(self, asked: Asked) -> Asked:  # noqa: N802 theirs
        channel = self._writable(asked, "chat.postMessage")
        ts = self._slack.next_ts()
        kept = ("text", "blocks", "metadata", "thread_ts", "unfurl_links", "unfurl_media")
        message = {
            "type": "message", "user": self._slack.bot_user, "bot_id": self._slack.bot_id,
            "app_id": self._slack.app, "ts": ts, **{k: asked[k] for k in kept if asked.get(k) is not None},
        }  # fmt: skip
        parent = channel.messages.get(asked.get("thread_ts") or ts)
        if asked.get("thread_ts") and parent is None:
            raise Refuses("thread_not_found")
        channel.messages[ts] = message
        return {"channel": channel.id, "ts": ts, "message": message}

    def chat_update(self, asked: Asked) -> Asked:
        channel = self._writable(asked, "chat.update")
        message = channel.messages.get(asked["ts"])
        if message is None:
            raise Refuses("message_not_found")
        if message["user"] != self._slack.bot_user:
            raise Refuses("cant_update_message")
        message |= {k: asked[k] for k in ("text", "blocks", "metadata") if asked.get(k) is not None}
        message["edited"] = {"user": self._slack.bot_user, "ts": self._slack.next_ts()}
        return {"channel": channel.id, "ts": asked["ts"], "text": message["text"], "message": message}

    def chat_delete(self, asked: Asked) -> Asked:
        channel = self._channel(asked)
        if channel.messages.pop(asked["ts"], None) is None:
            raise Refuses("message_not_found")
        return {"channel": channel.id, "ts": asked["ts"]}

    def chat_postEphemeral(self, asked: Asked) -> Asked:  # noqa: N802 theirs
        channel = self._channel(asked)
        if not channel.has_bot:
            raise Refuses("not_in_channel")
        _check(asked)
        self._slack.ephemerals.append(asked)
        return {"message_ts": self._slack.next_ts()}

    def chat_getPermalink(self, asked: Asked) -> Asked:  # noqa: N802 theirs
        channel = self._channel(asked)
        if asked["message_ts"] not in channel.messages:
            raise Refuses("message_not_found")
        stamp = asked["message_ts"].replace(".", "")
        return {"permalink": f"https://brightloaf.slack.example/archives/{channel.id}/p{stamp}"}

    def conversations_history(self, asked: Asked) -> Asked:
        channel = self._channel(asked)
        if not channel.has_bot:
            raise Refuses("not_in_channel")
        return self._page([m for m in channel.messages.values() if "thread_ts" not in m], asked, newest=True)

    def conversations_replies(self, asked: Asked) -> Asked:
        channel = self._channel(asked)
        if asked["ts"] not in channel.messages:
            raise Refuses("thread_not_found")
        every = channel.messages.values()
        return self._page([m for m in every if asked["ts"] in {m["ts"], m.get("thread_ts")}], asked)

    def _page(self, messages: list[Asked], asked: Asked, *, newest: bool = False) -> Asked:
        oldest, latest = float(asked.get("oldest") or 0), float(asked.get("latest") or "inf")
        inclusive = str(asked.get("inclusive", "")).lower() in {"1", "true"}
        within = [
            m for m in messages
            if oldest < float(m["ts"]) < latest or (inclusive and float(m["ts"]) in {oldest, latest})
        ]  # fmt: skip
        within.sort(key=lambda m: float(m["ts"]), reverse=newest)
        start, limit = int(asked.get("cursor") or 0), int(asked.get("limit") or 100)
        told = str(asked.get("include_all_metadata", "")).lower() in {"1", "true"}
        shown = [m if told else {k: v for k, v in m.items() if k != "metadata"} for m in within]
        more = start + limit < len(shown)
        return {
            "messages": shown[start : start + limit], "has_more": more,
            "response_metadata": {"next_cursor": str(start + limit) if more else ""},
        }  # fmt: skip

    def conversations_info(self, asked: Asked) -> Asked:
        channel = self._channel(asked)
        return {"channel": {
            "id": channel.id, "name": channel.name, "is_member": channel.has_bot,
            "is_private": channel.private, "is_archived": channel.archived,
        }}  # fmt: skip

    # Views

    def _view(self, asked: Asked, **own: Any) -> Asked:
        try:
            check_view(asked["view"])
        except Wrong as wrong:
            raise Refuses("invalid_arguments", response_metadata={"messages": [str(wrong)]}) from wrong
        state = {"values": {}}
        base = {"team_id": self._slack.team, "app_id": self._slack.app, "bot_id": self._slack.bot_id}
        return {"callback_id": "", "private_metadata": "", "external_id": "", **asked["view"], **base,
                "state": state, "hash": uuid4().hex[:12], **own}  # fmt: skip

    def _spend(self, asked: Asked) -> None:
        trigger = asked.get("trigger_id", "")
        if trigger not in self._slack.triggers:
            raise Refuses("invalid_trigger_id")
        if not self._slack.triggers[trigger]:
            raise Refuses("expired_trigger_id")
        self._slack.triggers[trigger] = False

    def views_open(self, asked: Asked) -> Asked:
        self._spend(asked)
        view = self._view(asked, id=f"V{uuid4().hex[:10]}", root_view_id="", previous_view_id=None)
        self._slack.views[view["id"]] = view
        return {"view": view}

    views_push = views_open

    def views_update(self, asked: Asked) -> Asked:
        found = self._slack.views.get(asked.get("view_id", ""))
        if found is None:
            raise Refuses("not_found")
        if asked.get("hash") and asked["hash"] != found["hash"]:
            raise Refuses("hash_conflict")
        view = self._view(asked, id=found["id"])
        self._slack.views[found["id"]] = view
        return {"view": view}

    def views_publish(self, asked: Asked) -> Asked:
        if asked["view"]["type"] != "home":
            raise Refuses("invalid_arguments")
        view = self._view(asked, id=f"VH{asked['user_id']}")
        self._slack.homes[asked["user_id"]] = view
        return {"view": view}

    # Socket Mode

    def apps_connections_open(self, _: Asked) -> Asked:
        return {"url": f"{self._slack.url.replace('http', 'ws', 1)}/link?ticket={self._slack.wire.ticket()}"}
