"""The bench itself: that it runs, with numbers too small to say anything about speed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).parents[1]


def test_every_measurement_of_the_bench_works() -> None:
    command = [sys.executable, "-m", "bench", "--quick"]
    told = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False, timeout=100)
    assert told.returncode == 0, told.stderr
    rows = " ".join(told.stdout.split())
    for row in (
        "Mentions a second to a card, one worker; half",
        "Mentions a second to a card, one worker; all",
        "Two workers (two processes) : one worker",
        "A new critical mention's card",
        "Redis bytes of an open case",
        "Redis bytes of a noted mention",
        "Resident memory of the bot",
        "Milliseconds a draft outside the model",
        "Tokens of a draft's prompt",
        "Bytes of a draft's prompt",
        "Press to ack over HTTP",
        "Press to ack over Socket Mode",
        "Drawings of a Slack card",
        "Press to answer in Teams",
        "Cards a minute in a Slack channel",
        "`levelhead --help` : a bare typer program's",
    ):
        assert row in rows, f"{row!r} is missing in\n{told.stdout}"
