"""The people: who they are, what they may decide, which desks they sit at."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from bot.domain.value import Language, PersonId, Value


class Role(StrEnum):
    """What somebody is here for."""

    RESPONDER = "responder"
    MANAGER = "manager"
    ON_CALL = "on_call"


ALL = frozenset(Role)
SENIOR = frozenset({Role.MANAGER, Role.ON_CALL})

#: Which roles may make a decision. What is not here, nobody may.
PERMISSIONS: Mapping[str, frozenset[Role]] = {
    "approve": ALL, "second_approve": ALL, "edit": ALL, "redraft": ALL, "escalate": ALL,
    "take_private": ALL, "retract": SENIOR, "taken_down": ALL, "left_up": ALL, "moderate": ALL,
    "acknowledge": SENIOR, "answer": SENIOR, "claim": ALL, "release": ALL, "take_over": SENIOR,
    "snooze": ALL, "silence": ALL, "dismiss": ALL, "correct": ALL, "undo": ALL, "posted": ALL,
    "not_posted": ALL, "fold": ALL, "unfold": ALL, "resolve": ALL, "reopen": ALL,
    "pause": frozenset({Role.MANAGER}), "resume": frozenset({Role.MANAGER}),
}  # fmt: skip


#: To take words or people out of sight is a manager's (M10); to look away, or tell the platform, is not.
MODERATION: Mapping[str, frozenset[Role]] = {
    "hide": frozenset({Role.MANAGER}), "block": frozenset({Role.MANAGER}), "mute": ALL, "report": ALL,
}  # fmt: skip


EntraId = Annotated[
    str, StringConstraints(pattern=r"^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?$", to_lower=True)
]


class Person(Value):
    """One colleague. `id` is short and stays the same for ever: the trail names people by it.

    `slack` says who they are in Slack, `teams` in Teams (their object ID in Entra), `email` in both.
    """

    id: PersonId
    name: Annotated[str, Field(min_length=1, max_length=80)]
    roles: frozenset[Role] = Field(min_length=1)
    desks: frozenset[str] = frozenset()
    languages: tuple[Language, ...] = ()
    slack: Annotated[str, StringConstraints(pattern=r"^([UW][A-Z0-9]{6,20})?$")] = ""
    teams: EntraId = ""
    email: Annotated[str, StringConstraints(pattern=r"^(\S+@\S+)?$", max_length=254)] = ""

    def reads(self, language: str, team_language: str) -> bool:
        """Whether they can judge a text in `language`; everybody reads the team's own."""
        return language in {*self.languages, team_language}

    def may(self, decision: str) -> bool:
        """Whether their roles, or for an escalation their desk, allow this kind of decision."""
        allowed = PERMISSIONS.get(decision, frozenset())
        return bool(self.roles & allowed) or (decision in {"acknowledge", "answer"} and bool(self.desks))


class Group(Value):
    """A group of people in the team's chat, and what everybody in it may do besides their own.

    `slack` is a user group there, by its handle or ID; `teams` a team there, by the ID of its first channel.
    """

    slack: Annotated[str, StringConstraints(pattern=r"^(@?[A-Za-z0-9][A-Za-z0-9._-]{0,79})?$")] = ""
    teams: Annotated[
        str, StringConstraints(pattern=r"^(19:[A-Za-z0-9_-]{8,128}@thread\.(tacv2|skype))?$")
    ] = ""
    roles: frozenset[Role] = frozenset()
    desks: frozenset[str] = frozenset()

    @model_validator(mode="after")
    def _it_is_somewhere(self) -> Self:
        if not (self.slack or self.teams):
            raise ValueError("groups: each needs slack or teams, so that its people are known")
        return self


class Team(Value):
    """Everybody who may decide."""

    people: tuple[Person, ...] = Field(min_length=1)
    groups: tuple[Group, ...] = ()
    #: Names of colleagues who are not in the file: a channel's user groups vouch for them.
    guests: Mapping[str, str] = Field(default_factory=dict[str, str])

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [person.id for person in self.people]
        if twice := {i for i in ids if ids.count(i) > 1}:
            raise ValueError(f"people: the id {min(twice)!r} is there twice; each person needs their own")
        return self

    def person(self, person_id: str) -> Person | None:
        """Return the person with this ID, `None` for a stranger or somebody who has left."""
        return next((p for p in self.people if p.id == person_id), None)

    def name(self, person_id: str) -> str:
        """Return how to call them on a card: their name, or the ID the trail has for somebody who left."""
        person = self.person(person_id)
        return person.name if person else self.guests.get(person_id, person_id)
