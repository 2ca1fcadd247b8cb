"""What is not configured is not imported, and what nobody asked for is not paid for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CONNECT = """
import asyncio, sys
from pathlib import Path
from bot.main import connect
from bot.settings import load_settings

async def main():
    async with connect(load_settings(Path(sys.argv[1]), {})):
        print("\\n".join(sys.modules))

asyncio.run(main())
"""
HELP = "import bot.cli, sys; print('\\n'.join(sys.modules))"


def modules(code: str, *arguments: str) -> set[str]:
    """The modules a fresh interpreter has after running `code`."""
    command = [sys.executable, "-c", code, *arguments]
    return set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())


def test_no_adapter_that_is_not_configured_is_imported(tmp_path: Path) -> None:
    (tmp_path / "levelhead.toml").write_text('demo = true\nbrand = "acme"\n')
    team = Path(__file__).parents[1] / "bot" / "demo" / "team.toml"
    (tmp_path / "team.toml").write_text(team.read_text())
    found = modules(CONNECT, str(tmp_path))
    assert "adapters.store.redis" in found
    assert not {name for name in found if name.startswith(("adapters.platforms.", "adapters.square"))}
    assert "aiohttp" not in found, "the pages are for `run` alone"


@pytest.mark.parametrize("name", ["pydantic", "redis", "aiohttp", "jinja2", "structlog", "bot.main"])
def test_asking_for_help_imports_nothing_heavy(name: str) -> None:
    assert name not in modules(HELP)
