"""What we read of an activity: who did what, where. What Teams says besides is left alone.

Page: learn.microsoft.com/en-us/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
(Activity object).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self, TypeAlias, cast

from pydantic import AliasChoices, AliasPath, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.errors import BadInput

Json: TypeAlias = dict[str, Any]


def _text(given: Any) -> Any:
    return given if isinstance(given, str) else ""


def _object(given: Any) -> Any:
    # Copied as it is: pydantic would walk through all of it.
    return cast("Json", given) if isinstance(given, dict) else {}


#: Teams leaves out, or sends as null, what an activity does not have.
Text = Annotated[str, BeforeValidator(_text)]
_READ = ConfigDict(frozen=True, extra="ignore")


class User(BaseModel):
    """Who sent it: `id` is Teams' own for our bot (`29:...`), `aad` the one in Entra, "" for strangers."""

    model_config = _READ

    id: Text = ""
    aad: Text = Field(default="", validation_alias="aadObjectId")
    name: Text = ""


class Conversation(BaseModel):
    """Where it happened: in a channel `19:...@thread.tacv2;messageid=<first message of the thread>`."""

    model_config = _READ

    id: Text = ""
    type: Text = Field(default="", validation_alias="conversationType")
    tenant: Text = Field(default="", validation_alias="tenantId")


class Activity(BaseModel):
    """One thing that Teams told us. `reply_to` is the message it is about, such as the card pressed."""

    model_config = _READ

    type: Text = ""
    name: Text = ""
    id: Text = ""
    reply_to: Text = Field(default="", validation_alias="replyToId")
    user: Annotated[User, BeforeValidator(_object)] = Field(default=User(), validation_alias="from")
    conversation: Annotated[Conversation, BeforeValidator(_object)] = Conversation()
    tenant: Text = Field(
        default="",
        validation_alias=AliasChoices(
            AliasPath("channelData", "tenant", "id"), AliasPath("conversation", "tenantId")
        ),
    )
    team: Text = Field(default="", validation_alias=AliasPath("channelData", "team", "id"))
    channel: Text = Field(default="", validation_alias=AliasPath("channelData", "channel", "id"))
    channel_id: Text = Field(default="", validation_alias="channelId")  # the chat it came from: msteams
    service_url: Text = Field(default="", validation_alias="serviceUrl")
    value: Annotated[Json, BeforeValidator(_object)] = Field(default_factory=dict[str, Any])
    text: Text = ""

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Read a body; raises `BadInput`."""
        try:
            return cls.model_validate(body)
        except ValidationError:
            # Without the cause: it quotes what people wrote.
            raise BadInput("the body is no activity of Teams") from None
