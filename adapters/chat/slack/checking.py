"""What keeps Slack from working, each with what to do about it: token, scopes, clock, channels, connection.

Pages: docs.slack.dev/reference/methods/auth.test, /conversations.info, /apps.connections.open,
/reference/objects/conversation-object, /authentication/verifying-requests-from-slack. The scopes a token was
granted stand in the header X-OAuth-Scopes of every answer, where Slack's own Bolt reads them as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import httpx2

from adapters.chat.clocks import Found, Heard, compared
from adapters.chat.slack.door import PATH
from adapters.chat.slack.manifest import SCOPES
from adapters.chat.slack.settings import SlackPlace, SlackSettings
from adapters.chat.slack.text import clip, line
from adapters.chat.slack.web import Json, SlackWeb
from bot.errors import PlatformBusy, PlatformError
from bot.ports import Clock

_LATE = "every press that comes over HTTP is refused as too old"
_AGAIN = "paste what `levelhead slack manifest` prints into the app's page, and install the app again"


async def check(settings: SlackSettings, *, now: Clock) -> list[Found]:
    """Return what is well and what is not; it posts nothing, and no failure of Slack's is raised."""
    heard = Heard(httpx2.AsyncHTTPTransport(trust_env=False))
    found: list[Found] = []
    async with SlackWeb(settings, transport=heard) as web:
        before = now()
        try:
            who = await web.write("auth.test")
        except PlatformError as problem:
            found.append((False, "slack token", _says(problem)))
        else:
            found += _token(settings, who)
            found.append(_scopes(heard.headers.get("x-oauth-scopes")))
            found.append(compared(heard, "Slack", before, now(), then=_LATE))
            found += [one for place in settings.places for one in await _place(web, place)]
    found.append(await _socket(settings) if settings.mode == "socket" else _signing(settings))
    return found


def _says(problem: PlatformError) -> str:
    return f"{problem}; try again in a minute" if isinstance(problem, PlatformBusy) else str(problem)


def _named(answer: Json, key: str) -> str:
    """Return what Slack calls something: people chose the name."""
    return clip(line(str(answer.get(key) or "?")), 80)[0]


def _token(settings: SlackSettings, who: Json) -> Iterator[Found]:
    team, name = _named(who, "team_id"), _named(who, "team")
    if not who.get("bot_id"):
        says = "this token is a person's: put the app's Bot User OAuth Token there, which begins with xoxb-"
        yield (False, "slack token", says)
    elif settings.team and team != settings.team:
        says = (
            f"it is for the workspace {name} ({team}), and the settings name {settings.team}: "
            f'install the app there, or set team = "{team}" in [slack]'
        )
        yield (False, "slack token", says)
    else:
        yield (True, "slack token", f"works: {_named(who, 'user')} in {name} ({team})")
        if not settings.team:
            says = f'none is named: with team = "{team}" in [slack], no other one is ever heard'
            yield (None, "slack workspace", says)


def _scopes(granted: str | None) -> Found:
    if granted is None:
        return (None, "slack scopes", "Slack did not say which scopes the token has")
    has = {scope.strip() for scope in granted.split(",")} - {""}
    missing, more = [s for s in SCOPES if s not in has], sorted(has.difference(SCOPES))
    lacks = f"missing: {', '.join(missing)}" if missing else ""
    over = f"more than is used: {', '.join(more)}" if more else ""
    says = "; ".join(part for part in (lacks, over) if part)
    if not says:
        return (True, "slack scopes", "all that are used, and no others")
    return (False if missing else None, "slack scopes", f"{says}. To put it right, {_AGAIN}")


async def _place(web: SlackWeb, place: SlackPlace) -> list[Found]:
    name = f"slack channel {place.name}"
    try:
        answer = await web.read("conversations.info", channel=place.channel)
    except PlatformError as problem:
        return [(False, name, f"{place.channel}: {_says(problem)}")]
    channel: Json = answer.get("channel") or {}
    called = f"#{_named(channel, 'name')} ({place.channel})"
    if channel.get("is_archived"):
        says = f"{called} is archived: unarchive it, or name another channel in [[slack.places]]"
        return [(False, name, says)]
    if not channel.get("is_member"):
        return [(False, name, f"the app is not in {called}: type `/invite @Levelhead` there")]
    return [(True, name, f"{called} is there, and the app is in it"), *_readers(name, called, place, channel)]


def _readers(name: str, called: str, place: SlackPlace, channel: Json) -> Iterator[Found]:
    """Tell who else reads what stands there: an author's words, and drafts that nobody approved."""
    if channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"):
        yield (None, name, f"{called} is shared with another organisation: its people read every card")
    if place.risks is True and not channel.get("is_private"):
        yield (None, name, f"{called} takes the dangerous cases, and is open to the whole workspace")


async def _socket(settings: SlackSettings) -> Found:
    name = "slack socket mode"
    if not settings.app_token:
        says = "no app-level token: make one with connections:write on the app's page, Basic Information"
        return (False, name, f"{says}, and set LEVELHEAD_SLACK_APP_TOKEN to it")
    if not settings.app_token.startswith("xapp-"):
        says = "LEVELHEAD_SLACK_APP_TOKEN is no app-level token: that begins with xapp-"
        return (False, name, says)
    async with SlackWeb(replace(settings, bot_token=settings.app_token)) as web:
        try:
            await web.write("apps.connections.open")
        except PlatformError as problem:
            says = f"{problem}. It is about the app-level token, LEVELHEAD_SLACK_APP_TOKEN"
            return (False, name, says)
    return (True, name, "Slack gives us a connection")


def _signing(settings: SlackSettings) -> Found:
    name = "slack requests"
    if not settings.signing_secret:
        says = "set LEVELHEAD_SLACK_SIGNING_SECRET to the Signing Secret on the app's page, Basic Information"
        return (False, name, f"without it anybody could press: {says}")
    says = f"the signing secret is set; Slack has to reach {PATH} at the public address"
    return (True, name, says)
