"""Who somebody in Teams is to us: a person of the team, or nobody, with what is needed to become one.

Pages: learn.microsoft.com/en-us/microsoftteams/platform/bots/how-to/get-teams-context (a member, all members
of a team) and /bots/how-to/conversations/conversation-basics (`aadObjectId`). A tenant in a request is the
conversation's, so a guest carries ours: only what Teams says of the member themselves tells who they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from adapters.chat.granting import Grant, granted, newcomer
from adapters.chat.memory import Memory, Unreachable
from adapters.chat.teams.connector import Connector
from adapters.chat.teams.known import Known
from adapters.chat.teams.refused import TeamsRefused
from adapters.chat.teams.settings import TeamsSettings
from bot.domain.team import Person, Team
from bot.errors import PlatformSilent, StoreUnavailable
from bot.ports import Clock, Refusal

log = structlog.get_logger(__name__)

Json = dict[str, Any]

_UNREACHABLE = Refusal(
    "Teams did not tell us who you are just now, so nothing was done. Try again in a minute"
)
_UNNAMED = Refusal(
    "Teams does not say which account you use, so nothing was done. People who join without an account of "
    "this organisation do not decide; sign in with yours"
)
#: What the Connector says where somebody is not in a conversation, or where there is no such one.
_NOT_THERE = 404
#: Where so many people were last seen is remembered.
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class _Profile:
    """What Teams says of a member. `why_not` tells why they can never decide; empty where they may."""

    name: str = ""
    addresses: tuple[str, ...] = ()
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class _Groups:
    """Which mapped teams each person is in."""

    of: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])


class Directory:
    """The team as Teams knows it. `ids` maps Entra object IDs and addresses to people's IDs."""

    def __init__(
        self,
        team: Team,
        connector: Connector,
        known: Known,
        settings: TeamsSettings,
        *,
        clock: Clock,
        ids: Mapping[str, str] | None = None,
        groups: Mapping[str, Grant] | None = None,
    ) -> None:
        """`groups` maps a team, by the ID of its first channel, to what it gives its members."""
        self._team, self._connector, self._known, self._settings = team, connector, known, settings
        self._ids = {_key(name): person for name, person in (ids or {}).items()}
        self._grants = dict(groups or {})
        self._profiles = Memory(self._ask, clock)
        self._groups = Memory(self._ask_groups, clock)
        self._seen: dict[str, tuple[str, str]] = {}

    def saw(self, user: str, conversation: str, called: str = "") -> None:
        """Remember where somebody was seen last, and what Teams calls them there (`29:...`)."""
        self._seen.pop(_key(user), None)
        while len(self._seen) >= _MOST:
            del self._seen[next(iter(self._seen))]
        self._seen[_key(user)] = (conversation.partition(";")[0], called or user)

    async def find(self, user: str) -> Person | Refusal:
        """Return the person with this Entra object ID, with what their teams give; else why they are none.

        Somebody who is only in a mapped team, and not in team.toml, has the ID `teams:<object ID>`.
        """
        user = _key(user)
        if not user:
            return _UNNAMED
        try:
            profile = await self._profiles.of(user)
        except Unreachable:
            return _UNREACHABLE
        if profile.why_not:
            return Refusal(profile.why_not)
        person = self._listed(user, profile)
        try:
            grants = await self._granted(user)
        except Unreachable:
            # Fewer rights than they have, never more; who has no others is not known now.
            return person or _UNREACHABLE
        if person is None and not any(grant.roles for grant in grants):
            return Refusal(
                f'you are not on the team\'s list; ask whoever keeps team.toml to add teams = "{user}"'
            )
        return granted(person or newcomer(f"teams:{user}", profile.name.strip() or user, grants), grants)

    async def warm(self) -> None:
        """Ask for everybody we know by their object ID, so that their first press does not wait."""
        for user in [name for name in self._ids if "@" not in name]:
            try:
                await self._profiles.of(user)
            except Unreachable:
                return

    def _listed(self, user: str, profile: _Profile) -> Person | None:
        found = (self._ids.get(name) for name in (user, *profile.addresses))
        own = next((person for person in found if person), None)
        return self._team.person(own) if own else None

    async def _granted(self, user: str) -> list[Grant]:
        if not self._grants:
            return []
        groups = await self._groups.of("")
        return [self._grants[name] for name in sorted(groups.of.get(user, frozenset()))]

    async def _ask(self, user: str) -> _Profile:
        """Ask where they were seen last, then in our channels, until one of these knows them."""
        seen, called = self._seen.get(user, ("", user))
        places = dict.fromkeys([seen, *(place.channel for place in self._settings.places)])
        service, refused = await self._service(), None
        for place in filter(None, places):
            try:
                member = await self._connector.member(service, place, called)
            except TeamsRefused as refusal:
                refused = refusal if refusal.status != _NOT_THERE else refused
                continue
            profile = _profile(user, member, self._settings)
            await self._keep(user, profile)
            return profile
        if refused:  # they may well be there: we are not
            raise refused
        return _Profile(
            why_not="Teams shows us nobody with your ID in our channels: ask a colleague, or to be added"
        )

    async def _keep(self, user: str, profile: _Profile) -> None:
        """Keep whose addresses these are, for messages to people whom team.toml has by their address."""
        if profile.why_not:
            return
        try:
            for address in profile.addresses:
                await self._known.keep_address(address, user)
        except StoreUnavailable:
            log.info("teams_not_kept", what="address")

    async def _ask_groups(self, _: str) -> _Groups:
        service = await self._service()
        of: dict[str, frozenset[str]] = {}
        for team in self._grants:
            async for member in self._connector.members(service, team):
                user = _object_id(member)
                of[user] = of.get(user, frozenset()) | {team}
        return _Groups(of)

    async def _service(self) -> str:
        try:
            return await self._known.service()
        except StoreUnavailable as away:
            raise PlatformSilent("where Teams listens is not known while the record is away") from away


def _key(name: str) -> str:
    return name.strip().casefold()


def _object_id(member: Mapping[str, Any]) -> str:
    return _key(str(member.get("aadObjectId") or member.get("objectId") or ""))


def _profile(user: str, member: Mapping[str, Any], settings: TeamsSettings) -> _Profile:
    """Read what Teams says of a member. What it does not say clearly never lets anybody decide."""
    tenant, role = _key(str(member.get("tenantId") or "")), _key(str(member.get("userRole") or ""))
    addresses = tuple(_key(str(member.get(name) or "")) for name in ("userPrincipalName", "email"))
    # Another organisation sets its people's addresses as it likes: they prove nobody of ours.
    own = tuple(filter(None, addresses)) if tenant == _key(settings.tenant) else ()
    return _Profile(str(member.get("name") or ""), own, _why_not(user, member, tenant, role, settings))


def _why_not(user: str, member: Mapping[str, Any], tenant: str, role: str, settings: TeamsSettings) -> str:
    if _object_id(member) != user:
        return "Teams does not say clearly who you are; sign in with your account of this organisation"
    if role == "guest" or "#ext#" in _key(str(member.get("userPrincipalName") or "")):
        return "guests do not decide here; ask a colleague, or an administrator for an account of your own"
    if tenant not in {_key(one) for one in settings.tenants}:
        return "people of other organisations do not decide here; ask a colleague of this organisation"
    if role != "user":
        return "people without an account of this organisation do not decide here; sign in with yours"
    return ""
