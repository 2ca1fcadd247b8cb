"""Read the operator's files and environment, and tell every mistake with its file, line and name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import SecretStr, ValidationError

from bot.domain.team import Person, Role, Team
from bot.domain.toml_file import Grammar, Problem, listed, near, parse, problems_of
from bot.errors import BadSettings
from bot.settings.values import (
    Console,
    Public,
    Settings,
    SquareSource,
    WebhookSource,
    is_loopback,
    secret_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.domain.value import Value

FILE, TEAM_FILE = "levelhead.toml", "team.toml"
DEMO = Path(__file__).parent.parent / "demo"

#: A shorter secret can be guessed.
SHORTEST_SECRET = 16


def load_settings(folder: Path, env: Mapping[str, str], *, demo: bool = False) -> Settings:
    """Return the settings of `folder`; raises `BadSettings` with one line for each problem.

    Secrets are read from `env` alone. Relative paths in the file start at `folder`. With `demo`, or where
    there is no file, the demo's own settings are taken.
    """
    if not folder.is_dir():
        raise BadSettings(f"there is no folder {str(folder)!r}; expected the one where {FILE} stands")
    home = DEMO if demo or not (folder / FILE).exists() else folder
    text = _read(home / FILE)
    raw = parse(text, name=FILE)
    problems, elsewhere = [*_misplaced(raw)], list[str]()
    try:
        settings = Settings.model_validate(
            _filled(raw, folder, env) | {"team": _team(home), "folder": folder}
        )
    except ValidationError as wrong:
        problems += problems_of(wrong, raw, _GRAMMAR)
    else:
        problems += _crossed(settings)
        elsewhere += _in_the_environment(settings)
        if not problems and not elsewhere:
            return _without_what_is_off(settings)
    raise BadSettings("\n".join([*listed(FILE, text, problems), *elsewhere]))


def _without_what_is_off(settings: Settings) -> Settings:
    """Leave out what has no secret; outside the demo that is a mistake, and was told."""
    off = [source for source in settings.sources if source.kind == "webhook" and not _value(source.secret)]
    says = [f"source {s.name!r} is off: set {secret_name(s.kind, s.name)} to switch it on" for s in off]
    on = tuple(source for source in settings.sources if source not in off)
    return settings.model_copy(update={"sources": on, "off": tuple(says)})


def _value(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadSettings(
            f"there is no {file.name} beside {FILE}; expected [[people]] with id, name and roles"
        ) from None
    except UnicodeDecodeError as wrong:
        raise BadSettings(
            f"{file.name}: byte {wrong.start + 1} is not UTF-8; save the file as UTF-8"
        ) from None
    except OSError as wrong:
        raise BadSettings(f"{file.name} cannot be read: {wrong.strerror}") from None


def _team(home: Path) -> Team:
    text = _read(home / TEAM_FILE)
    raw = parse(text, name=TEAM_FILE)
    try:
        return Team.model_validate(raw)
    except ValidationError as wrong:
        problems = problems_of(wrong, raw, _TEAM_GRAMMAR)
        raise BadSettings("\n".join(listed(TEAM_FILE, text, problems))) from None


def _filled(raw: Mapping[str, Any], folder: Path, env: Mapping[str, str]) -> dict[str, Any]:
    """Return what the file says with whole paths, and with the secrets the environment holds."""
    filled = {"data": "data", **{key: value for key, value in raw.items() if key not in _ELSEWHERE}}
    for key in {"data", "protocol"} & set(filled):
        if isinstance(filled[key], str) and filled[key]:
            filled[key] = folder / Path(filled[key]).expanduser()
    for key, variable in _SECRETS.items():
        filled[key] = env.get(variable) or None
    if isinstance(raw.get("sources"), list):
        filled["sources"] = [_with_secret(source, env) for source in raw["sources"]]
    return filled


def _with_secret(source: Any, env: Mapping[str, str]) -> Any:
    if not isinstance(source, dict):
        return source
    entry = cast("dict[str, Any]", source)
    kept = {key: value for key, value in entry.items() if key not in _KEY.values()}
    kind, name = entry.get("kind"), entry.get("name")
    if kind in _KEY and isinstance(name, str) and (secret := env.get(secret_name(kind, name))):
        kept[_KEY[kind]] = secret
    return kept


# --- what each name wants


_SECRETS = {"redis_url": "REDIS_URL", "console_secret": "LEVELHEAD_CONSOLE_SECRET"}
_ELSEWHERE = {*_SECRETS, "team", "folder", "off"}
_KEY = {"webhook": "secret", "square": "token"}

_NAME = "a short name in small letters, digits, - and _"
_SECONDS, _SWITCH = "a whole number of seconds", "true or false"
_EXPECTED = {
    "allow_cli_approval": _SWITCH,
    "allowed_hosts": 'a list of host names such as ["levelhead.example.com"]',
    "brand": _NAME,
    "concurrency": "a whole number from 1 to 256",
    "console": "a section of its own, [console]",
    "data": "a folder in quotes",
    "delivery": 'one of "assisted", "report_only"',
    "demo": _SWITCH,
    "desks": 'a list of desks such as ["legal"]',
    "horizon_hours": "a whole number of hours, at most 8760",
    "host": 'an address to listen on, such as "127.0.0.1"',
    "hosts": 'a list of host names in small letters such as ["reviews.example.com"]',
    "id": "a short ID in quotes that stays the same for ever",
    "kind": 'one of "webhook", "square"',
    "languages": 'a list of language codes such as ["en", "es"]',
    "max_length": "a whole number of characters",
    "name": _NAME,
    "people": "at least one [[people]] with id, name and roles",
    "platform": _NAME,
    "poll_seconds": "a number of seconds from 0.1 to 3600",
    "port": "a whole number from 0 to 65535",
    "protocol": "a file in quotes",
    "public": "a section of its own, [public]",
    "publish_timeout_seconds": _SECONDS,
    "reason": "one sentence in quotes, for the card: why replies go this way",
    "roles": f"a list of {', '.join(repr(role.value) for role in Role)}",
    "shadow": _SWITCH,
    "https": _SWITCH,
    "sign_in": 'one of "choose", "link"',
    "sources": "[[sources]] tables, each with its kind",
    "undo_seconds": "a whole number of seconds, at most 3600",
    "url": 'an address in quotes such as "https://square.example.com"',
}
_TEAM_EXPECTED = _EXPECTED | {"name": "their name in quotes"}


def _names(model: type[Value], *but: str) -> set[str]:
    return set(model.model_fields) - {*but}


def _known(path: tuple[str | int, ...]) -> set[str]:
    match path:
        case ():
            return _names(Settings, *_ELSEWHERE)
        case ("console",):
            return _names(Console)
        case ("public",):
            return _names(Public)
        case _:
            return _names(WebhookSource, "secret") | _names(SquareSource, "token")


def _known_of_team(path: tuple[str | int, ...]) -> set[str]:
    return _names(Person) if path else {"people"}


_GRAMMAR = Grammar(_known, _EXPECTED)
_TEAM_GRAMMAR = Grammar(_known_of_team, _TEAM_EXPECTED)


# --- what one part says about another


def _misplaced(raw: Mapping[str, Any]) -> Iterator[Problem]:
    if "team" in raw:
        yield Problem(("team",), f"people stand in {TEAM_FILE}, not here")
    for key in {"folder", "off"} & raw.keys():
        yield Problem((key,), f"unknown name{near(key, _known(()))}")
    for key in _SECRETS.keys() & raw.keys():
        yield Problem((key,), _no_secret_here(_SECRETS[key]))
    given: Any = raw.get("sources")
    for number, source in enumerate(cast("list[Any]", given) if isinstance(given, list) else []):
        entry = cast("dict[str, Any]", source) if isinstance(source, dict) else {}
        for key in sorted({*_KEY.values()} & {*entry}):
            variable = secret_name(str(entry.get("kind", "webhook")), str(entry.get("name", "name")))
            yield Problem(("sources", number, key), _no_secret_here(variable))


def _no_secret_here(variable: str) -> str:
    return f"a secret does not belong in a file; set the environment variable {variable} instead"


def _crossed(settings: Settings) -> Iterator[Problem]:
    console, public = settings.console, settings.public
    if console.sign_in == "choose" and not settings.demo:
        yield Problem(("console", "sign_in"), 'only the demo may "choose"; with "link" each person signs in')
    if console.sign_in == "choose" and not is_loopback(console.host):
        yield Problem(
            ("console", "host"), f"{console.host!r} is beyond this machine, and nobody signs in there"
        )
    if console.port and console.port == public.port:
        yield Problem(("public", "port"), f"{public.port} is the console's; expected a port of its own")
    if settings.protocol and not settings.protocol.is_file():
        yield Problem(("protocol",), f"there is no file {str(settings.protocol)!r}")
    taken: set[str] = set()
    for number, source in enumerate(settings.sources):
        variable = secret_name("", source.name)
        if variable in taken:
            yield Problem(("sources", number, "name"), f"{source.name!r} is taken; each source needs its own")
        taken.add(variable)
        yield from (Problem(("sources", number), says) for says in _lacking(source, settings))


def _lacking(source: WebhookSource | SquareSource, settings: Settings) -> Iterator[str]:
    variable = secret_name(source.kind, source.name)
    if source.kind == "webhook" and not _value(source.secret) and not settings.demo:
        yield f"set the environment variable {variable} to a secret of {SHORTEST_SECRET} characters or more"
    if source.kind == "square" and source.url is None and not settings.demo:
        yield "url is missing; only the demo has a square of its own"
    if source.kind == "square" and source.url is not None and source.token is None:
        yield f"set the environment variable {variable} to the company account's token"


def _in_the_environment(settings: Settings) -> Iterator[str]:
    url = _value(settings.redis_url)
    if url and url.partition("://")[0] not in {"redis", "rediss", "unix"}:
        yield "REDIS_URL should begin with redis://, rediss:// or unix://"
    if settings.console_secret is None and settings.console.sign_in == "link" and not settings.demo:
        yield f"set the environment variable {_SECRETS['console_secret']}: sign-in links are made with it"
    found = {_SECRETS["console_secret"]: settings.console_secret}
    found |= {secret_name(s.kind, s.name): s.secret for s in settings.sources if s.kind == "webhook"}
    for variable, secret in found.items():
        if secret and any(
            len(part.strip()) < SHORTEST_SECRET for part in secret.get_secret_value().split(",")
        ):
            yield f"{variable} is too short to be a secret; expected {SHORTEST_SECRET} characters or more"
