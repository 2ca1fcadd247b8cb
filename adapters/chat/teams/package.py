"""The package from which Teams makes the app: its manifest and its two icons.

Pages under learn.microsoft.com/en-us/microsoftteams/platform: resources/schema/manifest-schema,
concepts/build-and-test/apps-package, bots/how-to/create-a-bot-commands-menu,
messaging-extensions/how-to/action-commands/define-action-command. No right to read messages is asked for: in
a channel we hear only what names us, and members of a channel are told to every bot in it.
"""

from __future__ import annotations

import io
import json
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from adapters.chat.address import public
from adapters.chat.teams.commands import HOME
from adapters.chat.teams.door import PATH
from adapters.chat.teams.pasted import COMMAND, TITLE

Json = dict[str, Any]

#: The first version that knows shared and private channels.
SCHEMA: Final = "1.25"
_SCHEMAS = "https://developer.microsoft.com/en-us/json-schemas/teams"
#: What can be typed in the bot's own chat. In a channel, words to us are about the card above them.
COMMANDS: Final = (
    ("queue", "What waits, worst first"),
    ("next", "The worst that nobody holds, claimed for you"),
    ("search", "Cases whose words, author or ID contain that, as in: search late bread"),
    ("case", "One case, with its buttons, as in: case square:100"),
    ("stats", "The day so far"),
    ("home", f"{HOME[1][:1].upper()}{HOME[1][1:]}"),
    ("pause", "Stop sending approved replies (managers)"),
    ("resume", "Go on sending them (managers)"),
    ("help", "What can be typed"),
)
#: The PNG of each icon that the manifest names.
ICONS: Final = ("color.png", "outline.png")
_FOLDER = Path(__file__).parent / "icons"
_SHORT = "Negative mentions with a calm reply drafted, for a person to approve"
_FULL = (
    "Levelhead watches the public places where people talk about your company. Each negative mention comes "
    "into your team's channel as a card, with a calm reply already drafted. A person approves it, edits it, "
    "hands it on or dismisses it; nothing is sent before. In your own chat with Levelhead you can ask for "
    "the queue, for a case, or for the day so far, and “Make this a case” on a message has a post "
    "answered that somebody found."
)
#: The first moment that a zip can name: what is in it was made at no other, so equal input is equal bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def manifest(app_id: str, url: str) -> Json:
    """Return the manifest. `url` is our public address, with or without `/teams/messages`.

    Raises `BadInput` for one that Teams posts nothing to.
    """
    address = public(url, PATH, "Teams")
    return {
        "$schema": f"{_SCHEMAS}/v{SCHEMA}/MicrosoftTeams.schema.json",
        "manifestVersion": SCHEMA,
        "version": _release(),
        "id": app_id,
        "developer": {
            "name": "Levelhead",
            "websiteUrl": address,
            "privacyUrl": address,
            "termsOfUseUrl": address,
        },
        "name": {"short": "Levelhead", "full": "Levelhead: a calm reply to every negative mention"},
        "description": {"short": _SHORT, "full": _FULL},
        "icons": {"color": ICONS[0], "outline": ICONS[1]},
        "accentColor": "#1f3a4d",
        "supportsChannelFeatures": "tier1",
        "defaultInstallScope": "team",
        "defaultGroupCapability": {"team": "bot"},
        "bots": [
            {
                "botId": app_id,
                "scopes": ["team", "personal"],
                "isNotificationOnly": False,
                "supportsFiles": False,
                "commandLists": [
                    {
                        "scopes": ["personal"],
                        "commands": [{"title": name, "description": does} for name, does in COMMANDS],
                    }
                ],
            }
        ],
        "composeExtensions": [
            {
                "botId": app_id,
                "commands": [
                    {
                        "id": COMMAND,
                        "type": "action",
                        "title": TITLE,
                        "description": "Have a post answered that somebody found",
                        "context": ["message"],
                        "fetchTask": True,
                    }
                ],
            }
        ],
        "validDomains": [urlsplit(address).hostname],
    }


def endpoint(url: str) -> str:
    """Return where the bot's registration has to say that we are; raises `BadInput`."""
    return f"{public(url, PATH, 'Teams')}{PATH}"


def package(app_id: str, url: str) -> bytes:
    """Return the zip that Teams takes: the same bytes for the same input. Raises `BadInput`."""
    text = json.dumps(manifest(app_id, url), indent=2, ensure_ascii=False)
    parts = {"manifest.json": text.encode()}
    parts |= {name: (_FOLDER / name).read_bytes() for name in ICONS}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # else by the machine it was made on
            archive.writestr(entry, content)
    return made.getvalue()


def _release() -> str:
    """Return our version as its three numbers, which is all that Teams takes."""
    numbers = version("levelhead").split("+")[0].split(".")
    return ".".join("".join(filter(str.isdigit, part)) or "0" for part in [*numbers, "0", "0"][:3])
