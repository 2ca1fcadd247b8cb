"""What the operator sets: `levelhead.toml`, `team.toml`, and secrets, which come from the environment alone.

Without a `levelhead.toml` the demo's settings are used.
"""

from bot.settings.load import DEMO, load_settings
from bot.settings.slack import Slack, SlackPlace
from bot.settings.sources import (
    BlueskySource,
    FeedSource,
    Source,
    SquareSource,
    WebhookSource,
    is_loopback,
    secret_name,
)
from bot.settings.teams import Teams, TeamsPlace
from bot.settings.values import Console, Model, Ops, Public, Settings

__all__ = [
    "DEMO",
    "BlueskySource",
    "Console",
    "FeedSource",
    "Model",
    "Ops",
    "Public",
    "Settings",
    "Slack",
    "SlackPlace",
    "Source",
    "SquareSource",
    "Teams",
    "TeamsPlace",
    "WebhookSource",
    "is_loopback",
    "load_settings",
    "secret_name",
]
