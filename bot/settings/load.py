"""Read the operator's files and environment, and tell every mistake with its file, line and name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError

from bot.domain.team import Team
from bot.domain.toml_file import listed, parse, problems_of
from bot.errors import BadSettings
from bot.settings.crossed import crossed, in_the_environment, misplaced, value
from bot.settings.sources import secret_name
from bot.settings.values import Settings
from bot.settings.wanted import (
    ELSEWHERE,
    FILE,
    GRAMMAR,
    MODEL_KEY,
    MODEL_KEYS,
    SECRETS,
    SLACK,
    SOURCE_SECRET,
    SOURCE_SECRETS,
    TEAM_FILE,
    TEAM_GRAMMAR,
    TEAMS,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

DEMO = Path(__file__).parent.parent / "demo"


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
    problems, elsewhere = [*misplaced(raw)], list[str]()
    try:
        settings = Settings.model_validate(
            _filled(raw, folder, env) | {"team": _team(home), "folder": folder}
        )
    except ValidationError as wrong:
        problems += problems_of(wrong, raw, GRAMMAR)
    else:
        problems += crossed(settings)
        elsewhere += in_the_environment(settings)
        if not problems and not elsewhere:
            return _without_what_is_off(settings)
    raise BadSettings("\n".join([*listed(FILE, text, problems), *elsewhere]))


def _without_what_is_off(settings: Settings) -> Settings:
    """Leave out what has no secret; outside the demo that is a mistake, and was told."""
    off = [source for source in settings.sources if source.kind == "webhook" and not value(source.secret)]
    says = [f"source {s.name!r} is off: set {secret_name(s.kind, s.name)} to switch it on" for s in off]
    on = tuple(source for source in settings.sources if source not in off)
    return settings.model_copy(update={"sources": on, "off": tuple(says)})


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
        problems = problems_of(wrong, raw, TEAM_GRAMMAR)
        raise BadSettings("\n".join(listed(TEAM_FILE, text, problems))) from None


def _filled(raw: Mapping[str, Any], folder: Path, env: Mapping[str, str]) -> dict[str, Any]:
    """Return what the file says with whole paths, and with the secrets the environment holds."""
    filled = {"data": "data", **{key: value for key, value in raw.items() if key not in ELSEWHERE}}
    for key in {"data", "protocol"} & set(filled):
        if isinstance(filled[key], str) and filled[key]:
            filled[key] = folder / Path(filled[key]).expanduser()
    for key, variable in SECRETS.items():
        filled[key] = env.get(variable) or None
    if isinstance(raw.get("model"), dict):
        filled["model"] = _with_key(cast("dict[str, Any]", raw["model"]), folder, env)
    if isinstance(raw.get("slack"), dict):
        said = {key: value for key, value in cast("dict[str, Any]", raw["slack"]).items() if key not in SLACK}
        filled["slack"] = said | {key: env[name] for key, name in SLACK.items() if env.get(name)}
    if isinstance(raw.get("teams"), dict):
        said = {key: value for key, value in cast("dict[str, Any]", raw["teams"]).items() if key not in TEAMS}
        filled["teams"] = said | {key: env[name] for key, name in TEAMS.items() if env.get(name)}
    if isinstance(raw.get("sources"), list):
        filled["sources"] = [_with_secret(source, env) for source in raw["sources"]]
    return filled


def _with_key(model: dict[str, Any], folder: Path, env: Mapping[str, str]) -> dict[str, Any]:
    filled = {key: said for key, said in model.items() if key not in MODEL_KEYS}
    if isinstance(filled.get("record"), str) and filled["record"]:
        filled["record"] = folder / Path(filled["record"]).expanduser()
    return filled | ({"key": env[MODEL_KEY]} if env.get(MODEL_KEY) else {})


def _with_secret(source: Any, env: Mapping[str, str]) -> Any:
    if not isinstance(source, dict):
        return source
    entry = cast("dict[str, Any]", source)
    kept = {key: value for key, value in entry.items() if key not in SOURCE_SECRETS}
    kind, name = entry.get("kind"), entry.get("name")
    if kind in SOURCE_SECRET and isinstance(name, str) and (secret := env.get(secret_name(kind, name))):
        kept[SOURCE_SECRET[kind]] = secret
    return kept
