"""The manifest from which Slack makes the app: what it listens to, and no scope that nothing here needs.

Pages under docs.slack.dev/reference: app-manifest; scopes/app_mentions.read, scopes/commands and
scopes/users.read.email; events/app_mention and events/app_home_opened; and for each method in `NEEDS` its own
under methods. `metadata.message:read` is not asked for: it is for events about metadata, while our own stands
in the history that we may read (methods/conversations.history names the scopes which that takes).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from adapters.chat.address import public
from adapters.chat.slack.door import PATH
from adapters.chat.slack.names import SHORTCUT

Json = dict[str, Any]

_HISTORY: Final = frozenset({"channels:history", "groups:history"})
_WRITE: Final = frozenset({"chat:write"})
_GROUPS: Final = frozenset({"usergroups:read"})
_NONE: Final[frozenset[str]] = frozenset()

#: Every method we call, and what the bot token needs for it in public and private channels.
NEEDS: Final[Mapping[str, frozenset[str]]] = {
    "apps.connections.open": _NONE,  # called with the app-level token, which has connections:write
    "auth.test": _NONE,
    "chat.delete": _WRITE,
    "chat.postEphemeral": _WRITE,
    "chat.postMessage": _WRITE,
    "chat.update": _WRITE,
    "conversations.history": _HISTORY,
    "conversations.info": frozenset({"channels:read", "groups:read"}),
    "conversations.replies": _HISTORY,
    "usergroups.list": _GROUPS,
    "usergroups.users.list": _GROUPS,
    "users.info": frozenset({"users:read", "users:read.email"}),  # the address maps people of team.toml
    "users.lookupByEmail": frozenset({"users:read.email"}),
    "views.open": _NONE,
    "views.publish": _NONE,
    "views.push": _NONE,
    "views.update": _NONE,
}
#: Every event we listen to, and its scopes.
EVENTS: Final[Mapping[str, frozenset[str]]] = {
    "app_home_opened": _NONE,
    "app_mention": frozenset({"app_mentions:read"}),
}
COMMAND: Final = "/levelhead"
_USAGE = "queue | next | search WORDS | case ID | stats | pause | resume | help"

#: What the bot token has to be granted, and no more.
SCOPES: Final = tuple(sorted({"commands"}.union(*NEEDS.values(), *EVENTS.values())))


def manifest(*, socket: bool, url: str = "") -> Json:
    """Return the manifest, for Socket Mode or for requests to `url`.

    `url` is our public address, with or without `/slack/events`. Raises `BadInput` for one that Slack posts
    nothing to.
    """
    address = {} if socket else {"request_url": f"{public(url, PATH, 'Slack')}{PATH}"}
    command: Json = {
        "command": COMMAND,
        "description": "The queue, a case, the next one, the day so far",
        "usage_hint": _USAGE,
        "should_escape": False,
    }
    return {
        "display_information": {
            "name": "Levelhead",
            "description": "Negative mentions with a calm reply drafted, for a person to approve",
            "background_color": "#1f3a4d",
        },
        "features": {
            # Its tab of messages is where somebody is told what came of a press in the App Home, where no
            # channel is; without it Slack refuses that (messages_tab_disabled). Nobody can write there.
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "Levelhead", "always_online": False},
            "shortcuts": [
                {
                    "name": "Make this a case",
                    "type": "message",
                    "callback_id": SHORTCUT,
                    "description": "Have a post answered that somebody found",
                }
            ],
            "slash_commands": [command | ({} if socket else {"url": address["request_url"]})],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**address, "bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True, **address},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": False,
        },
    }


def manifest_text(*, socket: bool, url: str = "") -> str:
    """Return the manifest as JSON, which Slack's page takes as it is."""
    return json.dumps(manifest(socket=socket, url=url), indent=2)
