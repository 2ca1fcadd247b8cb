"""docs/running.md, held against the code: settings, variables, examples, numbers, what Redis must allow."""

from __future__ import annotations

import re
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from adapters.ops.metrics import rendered
from adapters.store.keys import Keys
from adapters.web import public_app
from bot.domain.case import State
from bot.domain.team import Group, Person
from bot.domain.value import Value
from bot.main.logs import FORMAT, LEVEL
from bot.ports import Signs
from bot.settings import load_settings, secret_name
from bot.settings.slack import Slack, SlackPlace
from bot.settings.sources import BlueskySource, FeedSource, SquareSource, WebhookSource
from bot.settings.teams import Teams, TeamsPlace
from bot.settings.values import Console, Model, Ops, Public, Settings
from bot.settings.wanted import ELSEWHERE, MODEL_KEY, SECRETS, SLACK, SOURCE_SECRET, TEAMS
from tests.image.reading import ROOT, said

PAGE = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
SECTIONS: dict[str, type[Value]] = {
    "`levelhead.toml`": Settings,
    "`[console]`": Console,
    "`[public]`": Public,
    "`[ops]`": Ops,
    "`[model]`": Model,
    "`[slack]`": Slack,
    "`[[slack.places]]`": SlackPlace,
    "`[teams]`": Teams,
    "`[[teams.places]]`": TeamsPlace,
    '`[[sources]]`, `kind = "webhook"`': WebhookSource,
    '`[[sources]]`, `kind = "feed"`': FeedSource,
    '`[[sources]]`, `kind = "bluesky"`': BlueskySource,
    '`[[sources]]`, `kind = "square"`': SquareSource,
    "`team.toml`, `[[people]]`": Person,
    "`team.toml`, `[[groups]]`": Group,
}


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table under a heading."""
    part = PAGE.split(f"\n### {heading}\n", 1)[1].split("\n#", 1)[0]
    lines = [line for line in part.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def wanted(model: type[Value]) -> dict[str, Any]:
    """Return the fields that stand in a file, and not in a section or a place of their own."""
    apart = {"kind", "places"}
    if model is Settings:
        apart |= {*ELSEWHERE, *(name for name in Settings.model_fields if is_a_section(name))}
    fields = model.model_fields.items()
    return {name: f for name, f in fields if name not in apart and SecretStr not in parts_of(f.annotation)}


def is_a_section(name: str) -> bool:
    return f"`[{name}]`" in SECTIONS or name == "sources"


def parts_of(annotation: Any) -> set[Any]:
    return {annotation, *(part for one in get_args(annotation) for part in parts_of(one))}


def as_written(default: Any) -> str:
    """Return a default as the table should show it."""
    if default is PydanticUndefined:
        return "needed"
    if default is None:
        return "none"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, (tuple, frozenset)):
        return f"`{sorted(default)}`"
    return f'`"{default}"`' if isinstance(default, str) else f"`{default}`"


def limits(field: Any) -> list[str]:
    """Return what the third cell has to name: bounds of numbers, the choices, the longest text."""
    found = list[str]()
    for rule in field.metadata:
        for bound in ("ge", "gt", "le", "lt", "max_length"):
            value = getattr(rule, bound, None)
            if value is not None:
                found.append(f"{value:g}" if isinstance(value, float) else str(value))
    for part in parts_of(field.annotation):
        if get_origin(part) is Literal:
            found += [f'"{choice}"' for choice in get_args(part)]
        if isinstance(part, type) and issubclass(part, StrEnum):
            found += [f'"{choice.value}"' for choice in part]
    return found


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_setting_stands_there_with_its_default(heading: str) -> None:
    found = {row[0].strip("`"): row[1] for row in rows(heading)}
    fields = wanted(SECTIONS[heading])
    if heading == "`levelhead.toml`":
        fields["data"].default = "data"  # as the reader of the file fills it in
    assert found == {name: as_written(field.default) for name, field in fields.items()}


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_setting_s_range_is_told(heading: str) -> None:
    may_be = {row[0].strip("`"): row[2] for row in rows(heading)}
    untold = {
        name: limit
        for name, field in wanted(SECTIONS[heading]).items()
        for limit in limits(field)
        if not may_be[name].startswith("as `") and not is_in(limit, may_be[name])
    }
    assert not untold


def is_in(limit: str, words: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(limit)}(?!\w)", words) is not None


def test_every_environment_variable_is_told_and_no_other() -> None:
    told = set(re.findall(r"^\| `([A-Z_<>]+)` \|", PAGE, re.MULTILINE))
    of_sources = {secret_name(kind, "x").replace("_X_", "_<NAME>_") for kind in SOURCE_SECRET}
    chats = {*SLACK.values(), *TEAMS.values()}
    assert told == {*SECRETS.values(), *chats, MODEL_KEY, *of_sources, FORMAT, LEVEL}
    assert secret_name("webhook", "reviews-eu").split("_", 2)[2] == "REVIEWS_EU_SECRET"


def test_the_first_settings_can_be_read(tmp_path: Path) -> None:
    block = PAGE.split("```toml\n# settings/levelhead.toml\n", 1)[1].split("```", 1)[0]
    (tmp_path / "levelhead.toml").write_text(block)
    (tmp_path / "protocol.toml").write_text("")
    demo = ROOT / "bot" / "demo" / "team.toml"
    (tmp_path / "team.toml").write_bytes(demo.read_bytes())
    env = {"LEVELHEAD_CONSOLE_SECRET": "c" * 64, "LEVELHEAD_WEBHOOK_REVIEWS_SECRET": "w" * 64}
    assert all(f"{name}=%s" in PAGE for name in env), "the ten lines make each secret that is needed"
    settings = load_settings(tmp_path, env)
    assert [str(settings.data)] == said("VOLUME")
    assert settings.shadow
    assert settings.console.host == settings.public.host == "0.0.0.0"  # noqa: S104 in the container


def test_the_console_behind_a_proxy_can_be_read() -> None:
    block = PAGE.split("tell Levelhead its name:\n\n```toml\n", 1)[1].split("```", 1)[0]
    assert Console.model_validate(tomllib.loads(block)["console"]).https


def test_the_user_of_redis_may_do_what_the_store_does_and_no_more() -> None:
    (line,) = re.findall(r"^ACL SETUSER .*$", PAGE, re.MULTILINE)
    allowed = {word[1:].upper() for word in line.split() if word.startswith("+")}
    folder = ROOT / "adapters" / "store"
    scripts = " ".join(path.read_text("utf-8") for path in folder.glob("scripts/*.lua"))
    used = set(re.findall(r"redis\.call\('([A-Z]+)'", scripts))
    assert used, "the scripts call Redis by names in quotes"
    for path in folder.glob("*.py"):
        used |= sent_in(path.read_text("utf-8"))
    assert allowed == {{"CONFIG": "CONFIG|GET", "SCRIPT": "SCRIPT|LOAD"}.get(name, name) for name in used}
    assert "~levelhead:*" in line


def sent_in(code: str) -> set[str]:
    """Return the commands that a module sends by itself: the first word of each."""
    plain = re.findall(r'\bsend\(\s*"([A-Z]+)"|_send\(\s*"([A-Z]+)"', code)
    listed = re.findall(r'[(\[]\(?"([A-Z]{3,})", ', code)
    return {name for pair in plain for name in pair if name} | {*listed}


def test_how_long_everything_is_kept_is_told() -> None:
    days = [k.days for k in (Keys.CLOSED_TTL, Keys.SEEN_TTL, Keys.TALLY_TTL, Keys.NUMBERS_TTL)]
    told = PAGE.split("## Backup", 1)[1].split("\n## ", 1)[0]
    assert all(f"{count} days" in told for count in days)
    assert f"{Keys.NEAR_TTL.total_seconds() / 3600:.0f} hours" in told


def test_every_page_it_points_to_is_there() -> None:
    pages = re.findall(r"\]\(([^)#]*)(?:#([^)]*))?\)", PAGE)
    titles = re.findall(r"^##+ (.*)$", PAGE, re.MULTILINE)
    headings = {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}
    assert pages
    for file, anchor in pages:
        assert not file or (ROOT / "docs" / file).exists(), file
        assert not anchor or anchor in headings, anchor


def test_every_number_that_is_named_is_told_by_the_process() -> None:
    body, _ = rendered(Signs(silence={"reviews": 1.0}), "")
    known = set(re.findall(r"^# TYPE (\w+)", body.decode(), re.MULTILINE))
    named = set(re.findall(r"\blevelhead_[a-z_]+", PAGE)) - {"levelhead_outside", "levelhead_record"}
    assert len(named) >= 5
    assert named <= known, named - known
    assert set(re.findall(r'state="(\w+)"', PAGE)) <= {state.value for state in State}


def test_a_proxy_lets_through_as_much_as_the_public_door_takes() -> None:
    from adapters.platforms.webhook import Webhook  # noqa: PLC0415 beside its one use

    door = PAGE.split("server_name hooks.example.com", 1)[1]
    size = re.search(r"client_max_body_size (\d+)m;", door)
    assert size is not None
    assert int(size[1]) * 1024 * 1024 == Webhook.max_body
    paths = {route.resource.canonical for route in public_app(None, limits={}).router.routes()}
    assert {"/hooks/{name}", "/healthz"} <= paths
