"""What may stand in `levelhead.toml` and `team.toml`: each name, in words for the person who writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.assessment import Category, Severity
from bot.domain.team import Group, Person, Role
from bot.domain.toml_file import Grammar
from bot.settings.slack import Slack, SlackPlace
from bot.settings.sources import BlueskySource, FeedSource, SquareSource, WebhookSource
from bot.settings.teams import Teams, TeamsPlace
from bot.settings.values import Console, Model, Ops, Public, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.value import Value

FILE, TEAM_FILE = "levelhead.toml", "team.toml"

#: Secrets of the whole, by setting: the variable that holds it.
SECRETS = {
    "redis_url": "REDIS_URL",
    "console_secret": "LEVELHEAD_CONSOLE_SECRET",
    "pager": "LEVELHEAD_PAGER",
}
MODEL_KEY = "LEVELHEAD_MODEL_KEY"
#: Slack's secrets, by setting.
SLACK = {
    "bot_token": "LEVELHEAD_SLACK_BOT_TOKEN",
    "app_token": "LEVELHEAD_SLACK_APP_TOKEN",
    "signing_secret": "LEVELHEAD_SLACK_SIGNING_SECRET",
}
#: That of Teams.
TEAMS = {"secret": "LEVELHEAD_TEAMS_SECRET"}
#: How people call the model's key who write it into the file.
MODEL_KEYS = {"key", "api_key", "token"}
ELSEWHERE = {*SECRETS, "team", "folder", "off"}
#: The secret of a source, by its kind.
SOURCE_SECRET = {"webhook": "secret", "square": "token", "bluesky": "password"}
SOURCE_SECRETS = {*SOURCE_SECRET.values(), "app_password"}
_SOURCES: Mapping[str, type[Value]] = {
    "webhook": WebhookSource, "square": SquareSource, "feed": FeedSource, "bluesky": BlueskySource,
}  # fmt: skip

_NAME = "a short name in small letters, digits, - and _"
_PRICE = "what a million tokens cost, as a number"
_SECONDS, _SWITCH = "a whole number of seconds", "true or false"
_EXPECTED = {
    "account": 'the handle of your account in quotes, such as "bakery.example.com"',
    "allow_cli_approval": _SWITCH,
    "allowed_hosts": 'a list of host names such as ["levelhead.example.com"]',
    "api": 'one of "chat.completions", "responses"',
    "base_url": 'an address in quotes such as "https://api.openai.com/v1"',
    "brand": _NAME,
    "but_not": 'a list of names that are not you, such as ["Brightloaf Records"]',
    "categories": "a list of kinds such as " + ", ".join(repr(category.value) for category in Category),
    "channel": 'the ID of a Slack channel in quotes, such as "C0123456789"',
    "concurrency": "a whole number from 1 to 256",
    "console": "a section of its own, [console]",
    "currency": 'three capital letters such as "EUR"',
    "data": "a folder in quotes",
    "delivery": 'one of "assisted", "report_only"',
    "demo": _SWITCH,
    "desks": 'a list of desks such as ["legal"]',
    "horizon_hours": "a whole number of hours, at most 8760",
    "host": 'an address to listen on, such as "127.0.0.1"',
    "hosts": 'a list of host names in small letters such as ["reviews.example.com"]',
    "id": "a short ID in quotes that stays the same for ever",
    "inline": _SWITCH,
    "kind": "one of " + ", ".join(f'"{kind}"' for kind in _SOURCES),
    "languages": 'a list of language codes such as ["en", "es"]',
    "max_length": "a whole number of characters",
    "mode": 'one of "socket", "http"',
    "model": "a section of its own, [model]",
    "model.name": 'the name of a model in quotes, such as "gpt-4.1"',
    "name": _NAME,
    "ops": "a section of its own, [ops]",
    "people": "at least one [[people]] with id, name and roles",
    "platform": _NAME,
    "places": "[[slack.places]] or [[teams.places]] tables, each with a name and a channel",
    "platforms": 'a list of platforms such as ["bluesky"]',
    "poll_seconds": "a number of seconds, 0.1 or more (a feed: 10 or more)",
    "port": "a whole number from 0 to 65535",
    "price_cached": _PRICE,
    "price_in": _PRICE,
    "price_out": _PRICE,
    "protocol": "a file in quotes",
    "public": "a section of its own, [public]",
    "publish_timeout_seconds": _SECONDS,
    "reason": "one sentence in quotes, for the card: why replies go this way",
    "record": "a folder in quotes",
    "reserved_percent": "a whole number from 0 to 100",
    "risks": _SWITCH,
    "roles": f"a list of {', '.join(repr(role.value) for role in Role)}",
    "severity": "one of " + ", ".join(repr(severity.value) for severity in Severity),
    "shadow": _SWITCH,
    "https": _SWITCH,
    "site": 'an address in quotes such as "https://bsky.app"',
    "sign_in": 'one of "choose", "link"',
    "slack": "a section of its own, [slack]",
    "sources": "[[sources]] tables, each with its kind",
    "stub": _SWITCH,
    "teams": "a section of its own, [teams]",
    "teams.app_id": "the Application (client) ID of the bot in quotes, 32 digits and letters with hyphens",
    "teams.places.channel": "the link to a channel of Teams in quotes, or its ID: 19:...@thread.tacv2",
    "teams.tenant": "the Directory (tenant) ID of your organisation in quotes",
    "teams.tenants": "a list of tenant IDs",
    "team": 'the ID of your Slack workspace in quotes, such as "T0123456789"',
    "timeout_seconds": "a number of seconds from 1 to 120",
    "tokens_a_day": "a whole number of tokens, 1 or more",
    "translate": "the name of a model in quotes",
    "triage": "the name of a model in quotes",
    "tries": "a whole number from 1 to 10",
    "undo_seconds": "a whole number of seconds, at most 3600",
    "url": 'an address in quotes such as "https://square.example.com"',
    "words": 'a list of words such as ["Brightloaf"]',
}
_TEAM_EXPECTED = _EXPECTED | {
    "groups": "[[groups]] tables, each with slack or teams, roles and desks",
    "groups.teams": 'the ID of a team in Teams in quotes, such as "19:...@thread.tacv2"',
    "people.teams": "their object ID in Entra in quotes, 32 digits and letters with hyphens",
    "email": "their e-mail address in Slack, in quotes",
    "name": "their name in quotes",
    "slack": 'their Slack ID in quotes, such as "U0123456789"',
}


def _names(model: type[Value], *but: str) -> set[str]:
    return set(model.model_fields) - {*but}


_SECTIONS: Mapping[tuple[str, ...], set[str]] = {
    (): _names(Settings, *ELSEWHERE),
    ("console",): _names(Console),
    ("public",): _names(Public),
    ("ops",): _names(Ops),
    ("model",): _names(Model, "key"),
    ("slack",): _names(Slack, *SLACK),
    ("slack", "places"): _names(SlackPlace),
    ("teams",): _names(Teams, *TEAMS),
    ("teams", "places"): _names(TeamsPlace),
}


def known(path: tuple[str | int, ...]) -> set[str]:
    """Return the names that may stand at `path`."""
    section = _SECTIONS.get(tuple(part for part in path if isinstance(part, str)))
    if section is not None:
        return section
    return {name for kind, source in _SOURCES.items() for name in _names(source, _secret(kind))}


def _secret(kind: str) -> str:
    return SOURCE_SECRET.get(kind, "")


def _known_of_team(path: tuple[str | int, ...]) -> set[str]:
    if not path:
        return {"people", "groups"}
    return _names(Group) if path[0] == "groups" else _names(Person)


GRAMMAR = Grammar(known, _EXPECTED)
TEAM_GRAMMAR = Grammar(_known_of_team, _TEAM_EXPECTED)
