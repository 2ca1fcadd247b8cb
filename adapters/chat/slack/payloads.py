"""What Slack sends, as far as we read it, and what a modal carries until it is submitted.

Pages: docs.slack.dev/reference/interaction-payloads/block_actions-payload, /view-interactions-payload,
/shortcuts-interaction-payload, /interactivity/implementing-slash-commands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from adapters.chat.slack.telling import Spot
from bot.domain.actions import Action, Ask, Kind
from bot.domain.value import digest
from bot.errors import BadInput

Json = dict[str, Any]


class _Read(BaseModel):
    """Slack adds fields at any time; we read those we know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def _or_nothing(found: Any) -> Any:
    return {} if found is None else found


class Named(_Read):
    """A user, a channel or a team."""

    id: str = ""
    team_id: str = ""


class Container(_Read):
    """What the pressed button stood in."""

    type: str = ""
    message_ts: str = ""
    thread_ts: str = ""
    channel_id: str = ""
    is_ephemeral: bool = False


class View(_Read):
    """A modal, or the App Home."""

    id: str = ""
    type: str = ""
    hash: str = ""
    callback_id: str = ""
    private_metadata: str = ""
    state: Json = Field(default_factory=dict)

    @property
    def values(self) -> Mapping[str, Mapping[str, Any]]:
        """What was filled in, by block."""
        return self.state.get("values") or {}


Absent = BeforeValidator(_or_nothing)


class Payload(_Read):
    """An interaction: a pressed button, a submitted modal, a shortcut."""

    type: str = ""
    user: Annotated[Named, Absent] = Named()
    channel: Annotated[Named, Absent] = Named()
    container: Annotated[Container, Absent] = Container()
    view: Annotated[View, Absent] = View()
    message: Annotated[Json, Absent] = Field(default_factory=dict)
    actions: tuple[Json, ...] = ()
    trigger_id: str = ""
    response_url: str = ""

    @property
    def in_modal(self) -> bool:
        """Whether the button stood in a modal."""
        return self.view.type == "modal"

    @property
    def spot(self) -> Spot:
        """Where the presser stood."""
        channel = self.channel.id or self.container.channel_id
        return Spot(self.user.id, channel, self.container.thread_ts, self.response_url)

    def identity(self, body: Mapping[str, Any]) -> str:
        """Return what names this one press and no other: Slack makes a trigger_id for each."""
        return f"slack:{digest(self.trigger_id or repr(body))}"


class Meta(_Read):
    """What a form carries: its decision, and what the person saw when it opened."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    decision: Annotated[str, Field(alias="k", max_length=40)]
    case_id: Annotated[str, Field(alias="c", max_length=300)]
    hidden: Annotated[dict[str, str], Field(alias="h")] = {}
    asks: Annotated[tuple[tuple[str, Kind, str], ...], Field(alias="a")] = ()
    spot: Annotated[tuple[str, str, str], Field(alias="s")] = ("", "", "")

    @classmethod
    def of(cls, case_id: str, action: Action, spot: Spot) -> Meta:
        """Return what the form of `action` carries."""
        hidden = {ask.name: ask.value for ask in action.asks if ask.kind == "hidden"}
        asked = (ask for ask in action.asks if ask.kind != "hidden")
        asks: tuple[tuple[str, Kind, str], ...] = tuple((a.name, a.kind, a.label) for a in asked)
        where = (spot.channel, spot.thread, "")
        return cls(decision=action.decision, case_id=case_id, hidden=hidden, asks=asks, spot=where)

    @classmethod
    def read(cls, text: str) -> Meta:
        """Return what a submitted form carried; raises `BadInput`, in words for its sender."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as odd:
            raise BadInput("this form is from an older version, and nothing was done. Open it again") from odd

    def dump(self) -> str:
        """Return it as text."""
        return self.model_dump_json(by_alias=True, exclude_defaults=True)

    @property
    def action(self) -> Action:
        """The action as far as reading its fields goes."""
        asks = tuple(Ask(name=name, kind=kind, label=label) for name, kind, label in self.asks)
        return Action(decision=self.decision, label="", asks=asks)

    def where(self, payload: Payload) -> Spot:
        """Return where the form was opened from."""
        return Spot(payload.user.id, self.spot[0], self.spot[1])


class Command(_Read):
    """A slash command."""

    user_id: str = ""
    channel_id: str = ""
    text: str = ""
    trigger_id: str = ""
    response_url: str = ""

    @property
    def spot(self) -> Spot:
        """Where it was typed."""
        return Spot(self.user_id, self.channel_id, "", self.response_url)


class Event(_Read):
    """A message, or the opening of the App Home."""

    type: str = ""
    subtype: str = ""
    user: str = ""
    bot_id: str = ""
    text: str = ""
    channel: str = ""
    ts: str = ""
    thread_ts: str = ""
    tab: Literal["home", "messages", ""] = ""


def unescaped(text: str) -> str:
    """Return what was typed: three signs come escaped (docs.slack.dev/messaging/formatting-message-text)."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
