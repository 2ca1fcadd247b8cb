"""What one part of the settings says about another, and what has to be in the environment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from bot.domain.mention import PASTED
from bot.domain.toml_file import Problem, near
from bot.settings.sources import Source, is_loopback, secret_name
from bot.settings.wanted import MODEL_KEY, MODEL_KEYS, SECRETS, SLACK, SOURCE_SECRETS, TEAM_FILE, TEAMS, known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic import SecretStr

    from bot.settings.slack import Slack
    from bot.settings.values import Settings

#: A shorter secret can be guessed.
SHORTEST_SECRET = 16
#: What sessions are signed with is longer.
SHORTEST_KEY = 32
#: What an address to page somebody begins with.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,40}://[^/\s]")


def misplaced(raw: Mapping[str, Any]) -> Iterator[Problem]:
    if "team" in raw:
        yield Problem(("team",), f"people stand in {TEAM_FILE}, not here")
    for key in {"folder", "off"} & raw.keys():
        yield Problem((key,), f"unknown name{near(key, known(()))}")
    for key in SECRETS.keys() & raw.keys():
        yield Problem((key,), _no_secret_here(SECRETS[key]))
    for section, secrets in {
        "model": dict.fromkeys(MODEL_KEYS, MODEL_KEY),
        "slack": SLACK,
        "teams": TEAMS,
    }.items():
        said: Any = raw.get(section)
        for key in sorted(secrets.keys() & {*(said if isinstance(said, dict) else {})}):
            yield Problem((section, key), _no_secret_here(secrets[key]))
    given: Any = raw.get("sources")
    for number, source in enumerate(cast("list[Any]", given) if isinstance(given, list) else []):
        entry = cast("dict[str, Any]", source) if isinstance(source, dict) else {}
        for key in sorted(SOURCE_SECRETS & {*entry}):
            variable = secret_name(str(entry.get("kind", "webhook")), str(entry.get("name", "name")))
            yield Problem(("sources", number, key), _no_secret_here(variable))


def _no_secret_here(variable: str) -> str:
    return f"a secret does not belong in a file; set the environment variable {variable} instead"


def crossed(settings: Settings) -> Iterator[Problem]:
    console = settings.console
    if console.sign_in == "choose" and not settings.demo:
        yield Problem(("console", "sign_in"), 'only the demo may "choose"; with "link" each person signs in')
    if console.sign_in == "choose" and not is_loopback(console.host):
        yield Problem(
            ("console", "host"), f"{console.host!r} is beyond this machine, and nobody signs in there"
        )
    if settings.protocol and not settings.protocol.is_file():
        yield Problem(("protocol",), f"there is no file {str(settings.protocol)!r}")
    yield from _doors(settings)
    taken: set[str] = set()
    brought_in = [n for n, source in enumerate(settings.sources) if source.name == PASTED]
    for number in brought_in:
        yield Problem(
            ("sources", number, "name"), f"{PASTED!r} is what colleagues bring in; expected another"
        )
    for number, source in enumerate(settings.sources):
        variable = secret_name("", source.name)
        if variable in taken:
            yield Problem(("sources", number, "name"), f"{source.name!r} is taken; each source needs its own")
        taken.add(variable)
        yield from (Problem(("sources", number), says) for says in _lacking(source, settings))


def _doors(settings: Settings) -> Iterator[Problem]:
    console, public, ops = settings.console.port, settings.public.port, settings.ops.port
    if console and console == public:
        yield Problem(("public", "port"), f"{public} is the console's; expected a port of its own")
    if ops and ops in {console, public}:
        whose = "the console's" if ops == console else "the public door's"
        yield Problem(("ops", "port"), f"{ops} is {whose}; expected a port of its own")


def _lacking(source: Source, settings: Settings) -> Iterator[str]:
    variable = secret_name(source.kind, source.name)
    if source.kind == "webhook" and not value(source.secret) and not settings.demo:
        yield f"set the environment variable {variable} to a secret of {SHORTEST_SECRET} characters or more"
    if source.kind == "square" and source.url is None and not settings.demo:
        yield "url is missing; only the demo has a square of its own"
    if source.kind == "square" and source.url is not None and source.token is None:
        yield f"set the environment variable {variable} to the company account's token"
    if source.kind == "bluesky" and not value(source.password) and not settings.demo:
        yield f"set the environment variable {variable} to an app password of {source.account}"


def in_the_environment(settings: Settings) -> Iterator[str]:
    url = value(settings.redis_url)
    if url and url.partition("://")[0] not in {"redis", "rediss", "unix"}:
        yield "REDIS_URL should begin with redis://, rediss:// or unix://"
    if settings.console_secret is None and settings.console.sign_in == "link" and not settings.demo:
        yield f"set the environment variable {SECRETS['console_secret']}: sign-in links are made with it"
    yield from _of_pager(value(settings.pager).split())
    yield from _of_slack(settings.slack)
    if settings.teams and not value(settings.teams.secret):
        yield f"set the environment variable {TEAMS['secret']}: Teams cannot be reached without it"
    model = settings.model
    if model and not value(model.key) and not (model.base_url and model.base_url.startswith("http://")):
        yield f"set the environment variable {MODEL_KEY} to the key of {model.base_url or 'OpenAI'}"
    found = {SECRETS["console_secret"]: settings.console_secret}
    found |= {secret_name(s.kind, s.name): s.secret for s in settings.sources if s.kind == "webhook"}
    for variable, secret in found.items():
        shortest = SHORTEST_KEY if variable == SECRETS["console_secret"] else SHORTEST_SECRET
        if secret and any(len(part.strip()) < shortest for part in secret.get_secret_value().split(",")):
            yield f"{variable} is too short to be a secret; expected {shortest} characters or more"


def _of_pager(addresses: Sequence[str]) -> Iterator[str]:
    for number, address in enumerate(addresses, 1):
        if not _ADDRESS.match(address):
            yield (
                f"{SECRETS['pager']}: address {number} of {len(addresses)} is not one of apprise's; "
                "expected such as ntfys://ntfy.example.com/topic, a space or a new line between two"
            )


def _of_slack(slack: Slack | None) -> Iterator[str]:
    if slack is None:
        return
    for key in ("bot_token", "app_token" if slack.mode == "socket" else "signing_secret"):
        if not value(getattr(slack, key)):
            yield f"set the environment variable {SLACK[key]}: Slack cannot be reached without it"


def value(secret: SecretStr | None) -> str:
    """Return the secret itself, empty for none."""
    return secret.get_secret_value() if secret else ""
