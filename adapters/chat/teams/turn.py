"""One turn of botbuilder: it routes an activity by its type to our handler. Nothing else imports botbuilder.

Page: learn.microsoft.com/en-us/azure/bot-service/bot-builder-basics (activity processing). The library ended
with 2025. What it would fetch, send or check itself (by blocking calls) is left out: the request was checked
before, and what we say goes out over our own HTTP. It sees of an activity what it routes by, no more.
"""

# pyright: reportMissingTypeStubs=false

from __future__ import annotations

from typing import Any, Final, Protocol, cast

from botbuilder.core import ActivityHandler, CloudAdapterBase, InvokeResponse
from botbuilder.schema import Activity as Routed
from botbuilder.schema import ChannelAccount, ConversationAccount
from botframework.connector.auth import (
    AuthenticateRequestResult,
    BotFrameworkAuthentication,
    ClaimsIdentity,
    ConnectorFactory,
)

from adapters.chat.teams.activity import Activity, Json

_AUDIENCE: Final = "https://api.botframework.com"
_OK, _NOT_KNOWN = 200, 501


class Handler(Protocol):
    """What we do with what Teams told us: activities come as they were sent, verified."""

    async def invoke(self, activity: Json) -> Json | None:
        """Answer a press or a dialog; `{}` is an empty answer, `None` says that we know no such thing."""
        ...

    async def message(self, activity: Json) -> None:
        """Somebody wrote to us."""
        ...

    async def changed(self, activity: Json) -> None:
        """A conversation changed: who is in it, what it is called, whether our app is installed there."""
        ...


# The library has no types: its classes are cast here, once.
_Handler = cast("type[Any]", ActivityHandler)
_Adapter = cast("type[Any]", CloudAdapterBase)
_Authentication = cast("type[Any]", BotFrameworkAuthentication)
_Factory = cast("type[Any]", ConnectorFactory)


class Turns:
    """Takes verified activities, one turn each."""

    def __init__(self, handler: Handler) -> None:
        """`handler` is told of each; what it raises is raised to whoever gave us the activity."""
        self._handler = handler
        self._adapter = _Adapter(_NoAuthentication())

    async def turn(self, claims: Json, body: Json) -> tuple[int, Json | None]:
        """Return the status and the body to answer an activity with."""
        allowed: Any = AuthenticateRequestResult()
        allowed.claims_identity = ClaimsIdentity(claims, True)  # noqa: FBT003 as the library has it
        allowed.audience, allowed.caller_id = _AUDIENCE, None
        allowed.connector_factory = _NoConnector()
        turn = _Turn(self._handler, body)
        answer: Any = await self._adapter.process_activity(allowed, _routed(body), turn.on_turn)
        return (_OK, None) if answer is None else (int(answer.status), turn.answer or None)


def _routed(body: Json) -> Any:
    read = Activity.read(body)
    return Routed(
        type=read.type,
        name=read.name,
        id=read.id,
        channel_id=read.channel_id,
        service_url=read.service_url,
        from_property=ChannelAccount(id=read.user.id),
        conversation=ConversationAccount(id=read.conversation.id),
    )


class _Turn(_Handler):
    """One activity on its way to our handler."""

    def __init__(self, handler: Handler, body: Json) -> None:
        self._handler, self._body = handler, body
        #: Not through the library, which copies every part of what it is given: a card has hundreds.
        self.answer: Json | None = None

    async def on_invoke_activity(self, _: Any) -> Any:
        self.answer = await self._handler.invoke(self._body)
        return InvokeResponse(status=_NOT_KNOWN if self.answer is None else _OK)

    async def on_message_activity(self, _: Any) -> None:
        await self._handler.message(self._body)

    async def on_conversation_update_activity(self, _: Any) -> None:
        await self._handler.changed(self._body)

    async def on_installation_update(self, _: Any) -> None:
        await self._handler.changed(self._body)


class _NoConnector(_Factory):
    """Stands where the library's own way out would be; it insists on one, and no turn uses it."""

    async def create(self, *_: Any) -> object:
        return object()


class _NoAuthentication(_Authentication):
    """Refuses: a request was verified before it came here, or it does not come."""

    async def authenticate_request(self, *_: Any) -> Any:
        raise PermissionError("requests are verified at the door")

    async def authenticate_streaming_request(self, *_: Any) -> Any:
        raise PermissionError("requests are verified at the door")

    async def create_user_token_client(self, _: Any) -> None:
        return None

    def create_connector_factory(self, _: Any) -> Any:
        return _NoConnector()

    def create_bot_framework_client(self) -> Any:
        raise NotImplementedError("no other bots are called")

    def get_originating_audience(self) -> str:
        return _AUDIENCE
