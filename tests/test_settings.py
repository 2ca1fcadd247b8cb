"""What the operator sets, and how a mistake is told: the file, the line, the name, what was expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import BadSettings
from bot.main.paging import pagers
from bot.settings import Settings, SquareSource, WebhookSource, load_settings

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "0123456789abcdef0123456789abcdef"
ENV = {
    "LEVELHEAD_CONSOLE_SECRET": SECRET,
    "LEVELHEAD_WEBHOOK_REVIEWS_SECRET": SECRET,
    "LEVELHEAD_SQUARE_PLAZA_TOKEN": SECRET,
}
TEAM = """\
[[people]]
id = "maya"
name = "Maya Oduya"
roles = ["responder"]

[[people]]
id = "tom"
name = "Tom Reis"
roles = ["manager"]
desks = ["legal"]
"""
GOOD = """\
brand = "acme"
shadow = true
data = "records"
undo_seconds = 5

[console]
port = 9000

[[sources]]
kind = "square"
name = "plaza"
url = "https://square.example.com"

[[sources]]
kind = "webhook"
name = "reviews"
platform = "reviews"
delivery = "assisted"
reason = "it has no API to answer by"
hosts = ["reviews.example.com"]
"""


def load(folder: Path, text: str = GOOD, team: str = TEAM, env: dict[str, str] = ENV) -> Settings:
    (folder / "levelhead.toml").write_text(text, encoding="utf-8")
    (folder / "team.toml").write_text(team, encoding="utf-8")
    return load_settings(folder, env)


def complaint(folder: Path, text: str = GOOD, team: str = TEAM, env: dict[str, str] = ENV) -> str:
    with pytest.raises(BadSettings) as wrong:
        load(folder, text, team, env)
    return str(wrong.value)


def test_addresses_of_pagers_come_from_the_environment_and_show_nowhere(tmp_path: Path) -> None:
    addresses = "json://user:hunter2@example.com\n  ntfys://hunter2"
    settings = load(tmp_path, env={**ENV, "LEVELHEAD_PAGER": addresses})
    assert [pager.name for pager in pagers(settings)] == ["pager 1 (json)", "pager 2 (ntfys)"]
    assert "hunter2" not in repr(settings) + repr(pagers(settings))
    assert pagers(load(tmp_path)) == ()
    said = complaint(tmp_path, f'pager = "{addresses.split(maxsplit=1)[0]}"\n{GOOD}')
    assert "set the environment variable LEVELHEAD_PAGER instead" in said


@pytest.mark.parametrize("second", ["hunter2", "json://", "+49 170 hunter2", "://hunter2"])
def test_what_is_no_address_of_a_pager_is_told_by_its_number_alone(tmp_path: Path, second: str) -> None:
    said = complaint(tmp_path, env={**ENV, "LEVELHEAD_PAGER": f"json://example.com {second}"})
    assert said.startswith("LEVELHEAD_PAGER: address 2 of ")
    assert "expected such as ntfys://ntfy.example.com/topic" in said
    assert "hunter2" not in said


def test_without_a_file_it_is_the_demo_and_its_data_stays_in_the_folder(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    assert settings.demo
    assert settings.data == tmp_path / "data"
    assert settings.console.sign_in == "choose"
    assert {role for person in settings.team.people for role in person.roles} == {
        "responder",
        "manager",
        "on_call",
    }
    assert isinstance(settings.sources[0], SquareSource)


def test_the_demos_webhook_is_off_until_it_has_a_secret(tmp_path: Path) -> None:
    assert "LEVELHEAD_WEBHOOK_REVIEWS_SECRET" in load_settings(tmp_path, {}).off[0]
    assert not [s for s in load_settings(tmp_path, {}).sources if isinstance(s, WebhookSource)]
    switched_on = load_settings(tmp_path, ENV)
    assert switched_on.off == ()
    assert [s.secret for s in switched_on.sources if isinstance(s, WebhookSource)]


def test_the_files_say_what_the_settings_are(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert not settings.demo
    assert (settings.brand, settings.shadow, settings.undo_seconds) == ("acme", True, 5)
    assert settings.data == tmp_path / "records"
    assert (settings.console.host, settings.console.port, settings.console.sign_in) == (
        "127.0.0.1",
        9000,
        "link",
    )
    assert settings.publish_timeout_seconds == 300
    square, webhook = settings.sources
    assert isinstance(square, SquareSource)
    assert isinstance(webhook, WebhookSource)
    assert square.token is not None
    assert square.token.get_secret_value() == webhook.secret.get_secret_value() == SECRET
    assert settings.team.name("tom") == "Tom Reis"


def test_no_secret_shows_when_settings_are_printed(tmp_path: Path) -> None:
    settings = load(tmp_path, env=ENV | {"REDIS_URL": "redis://:hunter2@127.0.0.1/0"})
    assert SECRET not in repr(settings)
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("undo_seconds = 5", "undo_second = 5"),
         "line 4, undo_second: unknown name; did you mean 'undo_seconds'?"),
        (("undo_seconds = 5", 'undo_seconds = "5"'),
         "line 4, undo_seconds: expected a whole number of seconds"),
        (("undo_seconds = 5", "undo_seconds = true"),
         "line 4, undo_seconds: expected a whole number of seconds"),
        (("shadow = true", 'shadow = "maybe"'), "line 2, shadow: expected true or false, found 'maybe'"),
        (("port = 9000", "port = 90000"),
         "line 7, console.port: expected a whole number from 0 to 65535, found 90000"),
        (("port = 9000", "prot = 9000"), "line 7, console.prot: unknown name; did you mean 'port'?"),
        (('brand = "acme"', "brand = acme"), "levelhead.toml line 1, column 9"),
        (('brand = "acme"\n', ""), "brand: is missing; expected a short name"),
        (('kind = "webhook"', 'kind = "web"'),
         'line 15, sources[2].kind: expected one of "webhook", "square"'),
        (('kind = "webhook"\n', ""), "line 14, sources[2].kind: is missing"),
        (('delivery = "assisted"', 'delivery = "api"'), "line 18, sources[2].delivery: expected one of"),
        (('hosts = ["reviews', 'host = ["reviews'),
         "line 20, sources[2].host: unknown name; did you mean 'hosts'?"),
        (('hosts = ["reviews.example.com"]\n', ""),
         'line 14, sources[2]: delivery "assisted" needs hosts'),
        (('name = "reviews"', 'name = "plaza"'), "'plaza' is taken"),
        (("https://square", "http://square"), "should begin with https"),
        (("https://square.example.com", "https://u:hunter2@square.example.com"),
         "url holds a user or a password"),
        (('url = "https://square.example.com"\n', ""), "only the demo has a square of its own"),
        (("port = 9000", "port = 8081"), "public.port: 8081 is the console's"),
        (("port = 9000", 'sign_in = "choose"'), 'line 7, console.sign_in: only the demo may "choose"'),
        (('data = "records"', 'data = "records"\nprotocol = "ours.toml"'),
         "line 4, protocol: there is no file"),
        (("shadow = true", "team = []"), "line 2, team: people stand in team.toml"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_what_was_expected(
    tmp_path: Path, change: tuple[str, str], expected: str
) -> None:
    assert change[0] in GOOD
    told = complaint(tmp_path, GOOD.replace(*change))
    assert expected in told
    assert "hunter2" not in told


@pytest.mark.parametrize(
    ("team", "expected"),
    [
        (
            TEAM.replace('"manager"', '"boss"'),
            "team.toml line 9, people[2].roles[1]: expected a list of 'responder'",
        ),
        (
            TEAM.replace('name = "Tom Reis"\n', ""),
            "team.toml line 6, people[2].name: is missing; expected their name",
        ),
        (TEAM.replace('"tom"', '"maya"'), "the id 'maya' is there twice"),
        (
            TEAM.replace("desks", "desk"),
            "team.toml line 10, people[2].desk: unknown name; did you mean 'desks'?",
        ),
        ("", "team.toml, people: is missing; expected at least one [[people]]"),
    ],
)
def test_a_mistake_about_the_people_is_told_in_the_same_way(tmp_path: Path, team: str, expected: str) -> None:
    assert expected in complaint(tmp_path, team=team)


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("shadow = true", "shadows = true").replace("port = 9000", 'port = "9000"')
    assert [line.split(":")[0] for line in complaint(tmp_path, text).splitlines()] == [
        "levelhead.toml line 2, shadows",
        "levelhead.toml line 7, console.port",
    ]


@pytest.mark.parametrize(
    ("line", "variable"),
    [
        ('redis_url = "redis://:hunter2@127.0.0.1"', "REDIS_URL"),
        ('console_secret = "hunter2hunter2hunter2"', "LEVELHEAD_CONSOLE_SECRET"),
    ],
)
def test_a_secret_in_the_file_is_refused_with_the_variable_to_use(
    tmp_path: Path, line: str, variable: str
) -> None:
    told = complaint(tmp_path, f"{line}\n{GOOD}")
    assert f"line 1, {line.split(maxsplit=1)[0]}: a secret does not belong in a file" in told
    assert f"set the environment variable {variable}" in told
    assert "hunter2" not in told


def test_a_webhooks_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path) -> None:
    told = complaint(tmp_path, GOOD + 'secret = "hunter2hunter2hunter2"\n')
    assert "line 21, sources[2].secret" in told
    assert "LEVELHEAD_WEBHOOK_REVIEWS_SECRET" in told
    assert "hunter2" not in told


@pytest.mark.parametrize("name", ["key", "api_key", "token"])
def test_a_models_key_in_the_file_is_refused_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    told = complaint(tmp_path, f'{GOOD}\n[model]\nname = "small"\n{name} = "hunter2hunter2"\n')
    assert f"model.{name}: a secret does not belong in a file" in told
    assert "LEVELHEAD_MODEL_KEY" in told
    assert "unknown name" not in told
    assert "hunter2" not in told


def test_a_model_without_a_name_is_told_what_a_models_name_is(tmp_path: Path) -> None:
    assert "model.name: is missing; expected the name of a model" in complaint(tmp_path, f"{GOOD}\n[model]\n")


@pytest.mark.parametrize("variable", sorted(ENV))
def test_a_missing_secret_is_told_by_its_variable(tmp_path: Path, variable: str) -> None:
    without = {key: value for key, value in ENV.items() if key != variable}
    assert f"set the environment variable {variable}" in complaint(tmp_path, env=without)


def test_a_secret_that_can_be_guessed_is_refused_and_so_is_half_a_rotation(tmp_path: Path) -> None:
    told = complaint(tmp_path, env=ENV | {"LEVELHEAD_CONSOLE_SECRET": "0123456789abcdef"})
    assert "LEVELHEAD_CONSOLE_SECRET is too short to be a secret; expected 32" in told
    for weak in ("short", f"{SECRET},short"):
        told = complaint(tmp_path, env=ENV | {"LEVELHEAD_WEBHOOK_REVIEWS_SECRET": weak})
        assert "LEVELHEAD_WEBHOOK_REVIEWS_SECRET is too short" in told
    assert load(tmp_path, env=ENV | {"LEVELHEAD_WEBHOOK_REVIEWS_SECRET": f"{SECRET},{SECRET}x"})


def test_an_address_that_is_no_redis_is_told_without_its_password(tmp_path: Path) -> None:
    told = complaint(tmp_path, env=ENV | {"REDIS_URL": "http://:hunter2@127.0.0.1"})
    assert "REDIS_URL should begin with redis://" in told
    assert "hunter2" not in told


def test_a_page_beyond_this_machine_without_sign_in_is_refused_even_in_the_demo(tmp_path: Path) -> None:
    text = 'demo = true\nbrand = "acme"\n[console]\nhost = "192.0.2.1"\nsign_in = "choose"\n'
    assert "line 4, console.host: '192.0.2.1' is beyond this machine" in complaint(tmp_path, text)
    assert load(tmp_path, text.replace("192.0.2.1", "127.0.0.1")).demo
    assert load(tmp_path, text.replace("choose", "link")).console.host == "192.0.2.1"


def test_a_file_that_cannot_be_read_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "levelhead.toml").write_bytes(b'brand = "\xff"')
    with pytest.raises(BadSettings, match="byte 10 is not UTF-8"):
        load_settings(tmp_path, ENV)
    (tmp_path / "levelhead.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(BadSettings, match=r"there is no team\.toml beside levelhead\.toml"):
        load_settings(tmp_path, ENV)
    with pytest.raises(BadSettings, match="there is no folder"):
        load_settings(tmp_path / "nowhere", ENV)


@pytest.mark.parametrize(
    "text", ["sources = 5", "sources = [5]", "console = 5", "data = 5", 'sources = [{kind="webhook"}]']
)
def test_the_wrong_shape_is_a_mistake_and_no_crash(tmp_path: Path, text: str) -> None:
    assert "levelhead.toml line 2, " in complaint(tmp_path, f'brand = "acme"\n{text}\n')
