"""Microsoft's Agents Playground in a process, the bot that it talks to in another, and a person in Chromium.

Page: learn.microsoft.com/en-us/microsoft-365/agents-sdk/test-with-toolkit-project. The playground is from npm
(`make peers` installs it); its preload keeps it on loopback.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import REQUIRED, free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

HOME = Path(__file__).parents[2]
PEERS = HOME / "tests" / "peers"
CLI = PEERS / "node_modules" / "@microsoft" / "m365agentsplayground" / "cli.js"


@dataclass
class Playground:
    """A team's channel in the playground, with the bot behind it."""

    url: str
    page: Page
    bot: subprocess.Popen[str]

    def tell(self, do: str, **told: Any) -> dict[str, Any]:
        """Have the bot's side do something; returns its answer."""
        assert self.bot.stdin
        assert self.bot.stdout
        self.bot.stdin.write(json.dumps({"do": do, **told}) + "\n")
        self.bot.stdin.flush()
        return json.loads(self.bot.stdout.readline())

    def card(self, words: str) -> Locator:
        """The card that says these words."""
        return self.page.locator(".ac-adaptiveCard").filter(has_text=words).last

    def press(self, card: Locator, label: str) -> None:
        """Press a button of a card, behind its "More options" where it has no room."""
        button = card.get_by_role("button", name=label, exact=True)
        if not button.count():
            card.get_by_role("button", name="More options").last.click()
            button = self.page.get_by_role("menuitem", name=label, exact=True)
        button.click()

    def invoke(self, by: str, verb: str, data: dict[str, Any], message: str, channel: str) -> dict[str, Any]:
        """Press a button as somebody else, whom the playground's page cannot be."""
        body = {
            "name": "adaptiveCard/action",
            "value": {"action": {"type": "Action.Execute", "verb": verb, "data": data}},
            "from": {"id": by},
            "conversation": {"id": f"{channel};messageid={message}"},
            "replyToId": message,
        }
        return ask(f"{self.url}/_conversation/v1/invoke", body)


def ask(url: str, body: Any = None) -> Any:
    """Ask one of our own processes something."""
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(url, data, {"content-type": "application/json"})  # noqa: S310 our own address
    with urllib.request.urlopen(asked, timeout=20) as answer:  # noqa: S310
        raw = answer.read()
    return json.loads(raw) if raw.strip()[:1] in {b"{", b"["} else raw.decode()


@contextmanager
def a_playground(chromium: Browser, folder: Path) -> Iterator[Playground]:
    """Yield a playground whose channel is open in a browser."""
    if shutil.which("node") is None or not CLI.exists():
        says = "the Agents Playground is not installed: Teams was NOT tried in a Teams client"
        if REQUIRED:
            pytest.fail(says)
        pytest.skip(f"{says}; `make peers` installs what it can")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with _bot(folder, url) as (bot, door), _node(folder, port, door), _page(chromium, url) as page:
        yield Playground(url, page, bot)


@contextmanager
def _bot(folder: Path, url: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "tests.browser.playground_house", str(folder), url]
    with (folder / "bot.log").open("w") as log:
        bot = subprocess.Popen(
            command, cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            assert bot.stdout
            first = bot.stdout.readline()
            assert first, (folder / "bot.log").read_text()
            yield bot, json.loads(first)["door"]
        finally:
            assert bot.stdin
            assert bot.stdout
            bot.stdin.close()
            bot.wait(20)
            bot.stdout.close()


@contextmanager
def _node(folder: Path, port: int, door: str) -> Iterator[None]:
    shutil.copy(PEERS / "playground" / "config.yml", folder / ".m365agentsplayground.yml")
    command = ["node", str(CLI), "-e", door, "-c", "msteams", "-p", str(port), "--dt"]
    command += ["--service-url", f"http://127.0.0.1:{port}/_connector"]
    preload = f"--require {PEERS / 'playground' / 'loopback.cjs'}"
    env = os.environ | {"BROWSER": "none", "NODE_OPTIONS": preload}
    with (folder / "playground.log").open("wb") as log:
        node = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/_debug/ping", node, folder)
            yield
        finally:
            node.terminate()
            node.wait(10)


def _wait(url: str, node: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and node.poll() is None:
        try:
            if ask(url) == "pong":
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    pytest.fail((folder / "playground.log").read_text())


@contextmanager
def _page(chromium: Browser, url: str) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 1100})
    page = context.new_page()
    # Its fonts come from elsewhere, and nothing here goes there.
    page.route(
        "**/*", lambda r: r.continue_() if r.request.url.startswith((url, "data:", "blob:")) else r.abort()
    )
    page.goto(url)
    page.get_by_role("treeitem", name="Bakery - Mentions").click()
    # Before the first card: one that is posted earlier breaks the page's own store.
    page.get_by_text("Start a new post").first.wait_for()
    yield page
    context.close()
