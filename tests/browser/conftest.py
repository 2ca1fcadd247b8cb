"""A real demo in a process of its own, and a real Chromium to look at it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

REQUIRED = os.environ.get("LEVELHEAD_PEERS") == "required"

SETTINGS = """
demo = true
brand = "brightloaf"
undo_seconds = {undo}

[console]
port = {port}
sign_in = "choose"

[[sources]]
kind = "square"
name = "square"
poll_seconds = 0.2
"""


def _missing(what: str) -> None:
    """Loud, and true only where a part cannot be installed; where it has to be there, a failure."""
    if REQUIRED:
        pytest.fail(f"{what}: the pages were NOT looked at")
    pytest.skip(f"{what}: the pages were NOT looked at in a browser; `make browser` installs what it can")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    binary = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if binary is None:
        _missing("no Chromium on this machine (apt: chromium)")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 it may not be installed
    except ImportError:
        _missing("Playwright is not installed")
    with sync_playwright() as playwright:
        quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
        browser = playwright.chromium.launch(executable_path=binary, args=quiet)
        yield browser
        browser.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(folder: Path, port: int, **secrets: str) -> Iterator[str]:
    """Run what is set up in `folder`; yields where it is. Stopped as a person does, with Ctrl-C."""
    command = Path(sys.executable).with_name("levelhead")
    url = f"http://127.0.0.1:{port}"
    with (folder / "run.log").open("ab") as log:
        env = os.environ | secrets
        process = subprocess.Popen([command, "run"], cwd=folder, stdout=log, stderr=log, env=env)
        try:
            _wait_until_it_answers(url, process, folder)
            yield url
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 our own address
                return
        except urllib.error.HTTPError:
            return  # "sign in first" is an answer
        except OSError:
            time.sleep(0.05)
    pytest.fail((folder / "run.log").read_text())


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A folder with settings of its own, and the port in them."""
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    (folder / "levelhead.toml").write_text(SETTINGS.format(undo=4, port=port))
    team = Path(__file__).parents[2] / "bot" / "demo" / "team.toml"
    (folder / "team.toml").write_text(team.read_text())
    return folder, port


@pytest.fixture(scope="session")
def demo(demo_folder: tuple[Path, int]) -> Iterator[str]:
    """The address of a running demo."""
    with running(*demo_folder) as url:
        yield url


Opener = Callable[..., "Page"]


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Opener]:
    """Open pages; afterwards every one of them must have run without an error."""
    contexts: list[Any] = []
    problems: list[str] = []

    def opener(url: str, *, wide: bool = True, dark: bool = False, script: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": 1280, "height": 900} if wide else {"width": 360, "height": 780},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.goto(url)
        return page

    yield opener
    for context in contexts:
        context.close()
    # A refused press answers 409 or 422, which Chromium notes as an error of its own.
    assert not [p for p in problems if "Failed to load resource" not in p]
