"""What the operator sets of Slack: how it connects, and which cases stand in which of its channels."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, StringConstraints, model_validator

from bot.domain.assessment import Category, Severity
from bot.domain.mention import Name
from bot.domain.value import Language, Value


class SlackPlace(Value):
    """One Slack channel and the cases that stand there; empty lists take all.

    `severity` is the least that is taken. `risks` true takes only cases with dangers, false only those
    without. With `stub`, a case that is for another channel leaves a line here, without anybody's words.
    """

    name: Name
    channel: Annotated[str, StringConstraints(pattern=r"^[CG][A-Z0-9]{6,20}$")]
    languages: tuple[Language, ...] = ()
    platforms: tuple[Name, ...] = ()
    categories: tuple[Category, ...] = ()
    severity: Severity = Severity.LOW
    risks: bool | None = None
    stub: bool = False


class Slack(Value):
    """The Slack app. `team` is the workspace's ID; with it, no other workspace is heard."""

    mode: Literal["socket", "http"] = "socket"
    team: Annotated[str, StringConstraints(pattern=r"^(T[A-Z0-9]{6,20})?$")] = ""
    places: Annotated[tuple[SlackPlace, ...], Field(min_length=1)]
    bot_token: SecretStr | None = None
    app_token: SecretStr | None = None
    signing_secret: SecretStr | None = None

    @model_validator(mode="after")
    def _each_place_is_its_own(self) -> Self:
        for what in ("name", "channel"):
            names = [getattr(place, what) for place in self.places]
            if twice := {name for name in names if names.count(name) > 1}:
                raise ValueError(f"places: the {what} {min(twice)!r} is there twice; each needs its own")
        return self
