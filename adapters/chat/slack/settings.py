"""What the Slack channel is set to: how it connects, and which cards stand where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class SlackPlace:
    """One Slack channel and the cases that stand there; empty sets take all. Its lane is `slack:<name>`.

    `severity` is the least that is taken. `risks`: True takes only cases with dangers, False only those
    without, `None` both. With `stub`, a case that is not for this place leaves a line here without its words.
    """

    name: str
    channel: str
    languages: frozenset[str] = frozenset()
    platforms: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    severity: str = "low"
    risks: bool | None = None
    stub: bool = False


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """How we are connected. `api` is Slack's own address but in tests; `team` is the workspace's ID."""

    mode: Literal["socket", "http"]
    bot_token: str = field(repr=False)
    places: tuple[SlackPlace, ...]
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    team: str = ""
    api: str = "https://slack.com/api/"
    console: str = ""  # where the web console is, for a link; empty for none
