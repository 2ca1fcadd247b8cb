"""What Slack sends us, over HTTP or Socket Mode: one Bolt app that hands each thing to where it belongs.

Pages: docs.slack.dev/tools/bolt-python/concepts/async, /authentication/verifying-requests-from-slack,
/apis/events-api (retries). Bolt runs in the mode where a listener ends before its acknowledgement leaves. Who
we are it is told from memory: by itself it asks Slack at the first press, and loses it when Slack is away.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.after import Afterwards
from adapters.chat.slack.commands import Commands
from adapters.chat.slack.directory import Directory
from adapters.chat.slack.forms import Forms
from adapters.chat.slack.homes import Homes
from adapters.chat.slack.mentions import Mentions
from adapters.chat.slack.names import SHORTCUT
from adapters.chat.slack.pasted import FORM, Paste
from adapters.chat.slack.payloads import Event, Payload
from adapters.chat.slack.presses import Presses
from adapters.chat.slack.quiet import quiet_logger
from adapters.chat.slack.settings import SlackSettings
from adapters.chat.slack.taking import Kit
from adapters.chat.slack.telling import Teller
from adapters.chat.taking import ACKNOWLEDGE, Once, Taker
from bot.errors import BadSettings
from bot.ports import Bot, Clock

log = structlog.get_logger(__name__)

_ANY = re.compile(".*", re.DOTALL)
_NO_SHORTCUT = "this shortcut is from another version of the app; reinstall it from its manifest"

Body = dict[str, Any]
Ack = Callable[..., Awaitable[Any]]
Next = Callable[[], Awaitable[Any]]


def slack_app(
    bot: Bot,
    settings: SlackSettings,
    directory: Directory,
    *,
    clock: Clock,
    once: Once,
    after: Afterwards | None = None,
) -> AsyncApp:
    """Return the app. `once` keeps a name for at least an hour: longer than Slack tries anything again.

    What goes on after acknowledgements is in `after`; whoever stops the app waits for it to be finished.
    """
    if settings.mode == "http" and not settings.signing_secret:
        raise BadSettings("slack: over HTTP a signing secret is needed; without it anybody could press")
    after = after or Afterwards()
    web = directory.web
    homes = Homes(bot, web, directory, after)
    taker = Taker(bot, directory.find, once, after)
    kit = Kit(bot, settings, directory, web, clock, taker, after, Teller(web, settings), homes)
    app = AsyncApp(
        name="levelhead",
        logger=quiet_logger(),
        signing_secret=settings.signing_secret,
        client=AsyncWebClient(base_url=settings.api, retry_handlers=[], logger=quiet_logger()),
        before_authorize=_only_our_workspace(settings),
        authorize=_from_memory(settings),
        process_before_response=True,
        ignoring_self_events_enabled=False,  # it needs our user ID; `Mentions` looks itself
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    forms = Forms(kit)
    # Bolt asks them in turn, and the first that fits is taken: what people press most, then what they fill
    # in, with the form of the shortcut before all others.
    _listen_to_presses(app, Presses(kit, forms))
    _listen_to_words(app, kit)
    _listen_to_forms(app, forms)
    _listen_to_events(app, kit)
    return app


def _only_our_workspace(settings: SlackSettings) -> Callable[..., Awaitable[Any]]:
    async def look(body: Body, next: Next) -> BoltResponse | None:  # noqa: A002 Bolt gives it by this name
        team = _team(body)
        if settings.team and team != settings.team and body.get("type") != "url_verification":
            log.warning("slack_refused", reason="another workspace", team=team[:20])
            return BoltResponse(status=403, body={"error": "this app serves another workspace"})
        await next()
        return None

    return look


def _team(body: Mapping[str, Any]) -> str:
    for found in (body.get("team"), body.get("team_id"), body.get("user")):
        if isinstance(found, str):
            return found
        if isinstance(found, dict):
            named = cast("Body", found)
            team = named.get("team_id") if "team_id" in named else named.get("id")
            return str(team or "")
    return ""


def _from_memory(settings: SlackSettings) -> Callable[..., Awaitable[AuthorizeResult]]:
    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=settings.bot_token,
            bot_user_id="",
            bot_id="",
        )

    return authorize


def _listen_to_presses(app: AsyncApp, presses: Presses) -> None:
    """Buttons, and what went wrong with anything."""
    vendor = cast("Any", app)

    async def action(ack: Ack, body: Body) -> None:
        await presses.take(ack, body)

    async def broke(error: Exception) -> None:
        log.error("slack_listener_failed", exc_info=error)

    vendor.action(_ANY)(action)
    vendor.error(broke)


def _listen_to_forms(app: AsyncApp, forms: Forms) -> None:
    """Everything that is filled in."""
    vendor = cast("Any", app)

    async def submitted(ack: Ack, body: Body) -> None:
        await ack(await forms.submit(body))

    async def closed(ack: Ack) -> None:
        await ack()  # a form holds nothing that is not on its card

    vendor.view_submission(_ANY)(submitted)
    vendor.view_closed(_ANY)(closed)


def _listen_to_words(app: AsyncApp, kit: Kit) -> None:
    """Commands and shortcuts."""
    vendor, commands, paste = cast("Any", app), Commands(kit), Paste(kit)

    async def command(ack: Ack, body: Body) -> None:
        await commands.take(ack, body)

    async def shortcut(ack: Ack, body: Body) -> None:
        await ack()
        if body.get("callback_id") == SHORTCUT:
            kit.after.do(paste.ask(body))
        else:
            kit.after.do(kit.teller.alone(Payload.model_validate(body).spot, _NO_SHORTCUT))

    async def pasted(ack: Ack, body: Body) -> None:
        await ack(await paste.submit(body))

    vendor.command(_ANY)(command)
    vendor.shortcut(_ANY)(shortcut)
    vendor.view_submission(FORM)(pasted)


def _listen_to_events(app: AsyncApp, kit: Kit) -> None:
    """Messages that name us, and the App Home."""
    vendor, mentions = cast("Any", app), Mentions(kit)

    async def mentioned(body: Body) -> None:
        # Slack tells it again when it is not acknowledged: so it is, once it is taken in.
        await kit.after.within(kit.after.do(mentions.heard(body)), ACKNOWLEDGE)

    async def home(body: Body) -> None:
        event = Event.model_validate(body.get("event") or {})
        if event.tab == "home":
            kit.homes.opened(event.user)

    async def nothing() -> None:
        """Everything else that is said or happens is acknowledged, and left alone."""

    vendor.event("app_mention")(mentioned)
    vendor.event("app_home_opened")(home)
    vendor.event(_ANY)(nothing)
