"""Who a Slack user is to us: a person of the team, or nobody, with what is needed to become one.

Pages: docs.slack.dev/reference/methods/users.info, /usergroups.list, /usergroups.users.list, and
/reference/objects/user-object. People are kept for ten minutes, and asked for again before that while they
are at work, so that a press hardly ever waits for Slack.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from adapters.chat.granting import Grant, granted, newcomer
from adapters.chat.memory import Memory, Unreachable
from adapters.chat.slack.web import Json, SlackRefused, SlackWeb
from bot.domain.team import Person, Team
from bot.ports import Clock, Refusal

#: What Slack says of somebody it will not show us.
_NOBODY = frozenset({"user_not_found", "user_not_visible", "users_not_found"})
_UNREACHABLE = Refusal(
    "Slack did not tell us who you are just now, so nothing was done. Try again in a minute"
)


@dataclass(frozen=True, slots=True)
class _Profile:
    """What Slack says of a user. `why_not` tells why they can never decide; empty where they may."""

    name: str = ""
    email: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class _Groups:
    """Which mapped user groups each user is in."""

    of: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])


class Directory:
    """The team as Slack knows it. `ids` maps Slack user IDs and e-mail addresses to people's IDs."""

    def __init__(
        self,
        team: Team,
        web: SlackWeb,
        *,
        clock: Clock,
        ids: Mapping[str, str] | None = None,
        groups: Mapping[str, Grant] | None = None,
        workspace: str = "",
    ) -> None:
        """`groups` maps a user group's handle or ID to its grant; `workspace` is ours, if it is known.

        `web` is open to whoever needs the same way to Slack.
        """
        self._team, self.web, self._workspace = team, web, workspace
        self._ids = {_key(name): person for name, person in (ids or {}).items()}
        self._grants = {name.removeprefix("@").casefold(): grant for name, grant in (groups or {}).items()}
        self._profiles = Memory(self._ask, clock)
        self._groups = Memory(self._ask_groups, clock)

    async def find(self, user: str) -> Person | Refusal:
        """Return the person a Slack user is, with the roles their groups give; else why they are none.

        A person who is only in a user group, and not in team.toml, has the ID `slack:<user ID>`.
        """
        try:
            profile = await self._profiles.of(user)
        except Unreachable:
            return _UNREACHABLE
        if profile.why_not:
            return Refusal(profile.why_not)
        own = self._ids.get(_key(user)) or (self._ids.get(_key(profile.email)) if profile.email else None)
        person = self._team.person(own) if own else None
        try:
            grants = await self._granted(user)
        except Unreachable:
            # Fewer rights than they have, never more; who has no others is not known now.
            return person or _UNREACHABLE
        if person is None and not any(grant.roles for grant in grants):
            return Refusal(
                f"you are not on the team's list; ask whoever keeps team.toml to add your Slack ID {user}"
            )
        newly = person or newcomer(f"slack:{user}", profile.name.strip() or user, grants)
        return granted(newly, grants)

    async def warm(self) -> None:
        """Ask for everybody we know by their user ID, so that their first press does not wait."""
        for user in [name.upper() for name in self._ids if "@" not in name]:
            try:
                await self._profiles.of(user)
            except Unreachable:
                return

    async def _granted(self, user: str) -> list[Grant]:
        if not self._grants:
            return []
        groups = await self._groups.of("")
        return [self._grants[name] for name in sorted(groups.of.get(user, frozenset()))]

    async def _ask(self, user: str) -> _Profile:
        try:
            answer = await self.web.read("users.info", user=user)
        except SlackRefused as refused:
            if refused.error in _NOBODY:
                return _Profile(
                    why_not="Slack shows us nobody with your ID: people of other workspaces do not decide"
                )
            raise
        return _profile(answer.get("user") or {}, self._workspace)

    async def _ask_groups(self, _: str) -> _Groups:
        listed = await self.web.read("usergroups.list")
        of: dict[str, frozenset[str]] = {}
        for group in cast("Iterable[Json]", listed.get("usergroups") or ()):
            names = {str(group.get("id", "")).casefold(), str(group.get("handle", "")).casefold()}
            mapped = frozenset(names & self._grants.keys())
            if not mapped:
                continue
            inside = await self.web.read("usergroups.users.list", usergroup=str(group["id"]))
            for user in cast("Iterable[str]", inside.get("users") or ()):
                of[user] = of.get(user, frozenset()) | mapped
        return _Groups(of)


def _key(name: str) -> str:
    return name.strip().casefold()


def _profile(user: Mapping[str, Any], workspace: str) -> _Profile:
    """Read Slack's user object; an address that was never confirmed proves nobody."""
    own = cast("Mapping[str, Any]", user.get("profile") or {})
    grid = cast("Mapping[str, Any]", user.get("enterprise_user") or {})
    teams = {str(user.get("team_id") or workspace), *cast("Iterable[str]", grid.get("teams") or ())}
    why_not = ""
    if user.get("deleted"):
        why_not = "this Slack account is deactivated"
    elif any(user.get(flag) for flag in ("is_bot", "is_workflow_bot", "is_connector_bot")):
        why_not = "apps and bots do not decide; a person has to"
    elif user.get("is_restricted") or user.get("is_ultra_restricted"):
        why_not = "guests do not decide here; ask a colleague, or an admin for a full account"
    elif user.get("is_stranger") or (workspace and workspace not in teams):
        why_not = "people of other organisations do not decide here; ask a colleague of this workspace"
    email = str(own.get("email") or "") if user.get("is_email_confirmed", True) else ""
    return _Profile(name=str(own.get("real_name") or user.get("name") or ""), email=email, why_not=why_not)
