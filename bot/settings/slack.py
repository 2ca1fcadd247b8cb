"""What the operator sets of Slack: how it connects, and which cases stand in which of its channels."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, StringConstraints, model_validator

from bot.domain.value import Value
from bot.settings.places import Place, each_its_own


class SlackPlace(Place):
    """One Slack channel, by its ID."""

    channel: Annotated[str, StringConstraints(pattern=r"^[CG][A-Z0-9]{6,20}$")]


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
        each_its_own(self.places)
        return self
