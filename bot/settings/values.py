"""What the operator can set, as values: the console, the doors, the model, and the rest; sources apart."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, StringConstraints, model_validator

from bot.domain.mention import Name
from bot.domain.team import Team
from bot.domain.value import Value
from bot.settings.slack import Slack
from bot.settings.sources import Host, Source, address, is_near
from bot.settings.teams import Teams

Bind = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:-]{1,253}$")]
Port = Annotated[int, Field(strict=True, ge=0, le=65_535)]


class Console(Value):
    """The team's local web page. `allowed_hosts` are names it may be called by besides its own address.

    `https` says that browsers reach it by HTTPS alone, through a proxy: its cookies then go no other way.
    """

    host: Bind = "127.0.0.1"
    port: Port = 8080
    sign_in: Literal["choose", "link"] = "link"
    https: bool = False
    allowed_hosts: tuple[Host, ...] = ()


class Public(Value):
    """The door for pushed mentions, apart from the console's."""

    host: Bind = "127.0.0.1"
    port: Port = 8081


class Ops(Value):
    """The door for the operator's own machines: health and numbers. 0 takes any port."""

    host: Bind = "127.0.0.1"
    port: Port = 8082


class Model(Value):
    """Who drafts, reads and translates. `triage` and `translate` are other models, empty for the same one.

    `base_url` is any server that speaks the protocol of OpenAI; without it, OpenAI's own. Prices are what a
    million tokens cost in `currency`, 0 for unknown. Of the day's tokens (UTC), `reserved_percent` are kept
    for what is of high or critical severity.
    """

    name: Annotated[str, StringConstraints(pattern=r"^\S{1,80}$")]
    triage: Annotated[str, StringConstraints(pattern=r"^\S{0,80}$")] = ""
    translate: Annotated[str, StringConstraints(pattern=r"^\S{0,80}$")] = ""
    base_url: Annotated[str, StringConstraints(max_length=2000)] | None = None
    api: Literal["chat.completions", "responses"] = "chat.completions"
    timeout_seconds: Annotated[float, Field(ge=1, le=120)] = 20.0
    tries: Annotated[int, Field(strict=True, ge=1, le=10)] = 3
    tokens_a_day: Annotated[int, Field(strict=True, ge=1)] = 2_000_000
    reserved_percent: Annotated[int, Field(strict=True, ge=0, le=100)] = 25
    price_in: Annotated[float, Field(ge=0)] = 0.0
    price_cached: Annotated[float, Field(ge=0)] = 0.0
    price_out: Annotated[float, Field(ge=0)] = 0.0
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "USD"
    record: Path | None = None  # a folder for every prompt and answer, with personal data replaced
    key: SecretStr | None = None

    @model_validator(mode="after")
    def _the_key_stays_secret_on_its_way(self) -> Self:
        if self.base_url is not None:
            near = self.key is None and is_near(self.base_url)
            address("base_url", self.base_url, "https://api.openai.com/v1", plain=near)
        return self


class Settings(Value):
    """Everything the operator set, checked. `undo_seconds`, where it is set, stands above the protocol's.

    `sources` are the ones that are on; `off` says in words which are not, and what would switch each on.
    """

    folder: Path  # where the files stand, or would
    demo: bool = False
    brand: Name
    shadow: bool = False
    data: Path  # where the embedded store and the demo keep theirs
    protocol: Path | None = None
    allow_cli_approval: bool = False
    undo_seconds: Annotated[int, Field(strict=True, ge=0, le=3600)] | None = None
    publish_timeout_seconds: Annotated[int, Field(strict=True, ge=1, le=86_400)] = 300
    horizon_hours: Annotated[int, Field(strict=True, ge=0, le=8760)] = 24
    concurrency: Annotated[int, Field(strict=True, ge=1, le=256)] = 16
    console: Console = Console()
    public: Public = Public()
    ops: Ops = Ops()
    model: Model | None = None
    slack: Slack | None = None
    teams: Teams | None = None
    sources: tuple[Source, ...] = ()
    team: Team
    redis_url: SecretStr | None = None
    console_secret: SecretStr | None = None
    pager: SecretStr | None = None  # addresses, with spaces or new lines between
    off: tuple[str, ...] = ()
