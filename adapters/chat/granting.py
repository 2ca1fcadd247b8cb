"""What a group of the team's chat gives the people in it, besides what team.toml gives them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.team import Person, Role

#: A name on a card is no longer than this.
_NAME = 80


@dataclass(frozen=True, slots=True)
class Grant:
    """What everybody in a group may do, besides what team.toml gives them."""

    roles: frozenset[Role] = frozenset()
    desks: frozenset[str] = frozenset()


def newcomer(person_id: str, name: str, grants: Iterable[Grant]) -> Person:
    """Return somebody who is in groups alone, and not in team.toml; some grant gives a role."""
    roles = frozenset(role for grant in grants for role in grant.roles)
    return Person(id=person_id, name=name[:_NAME], roles=roles)


def granted(person: Person, grants: Iterable[Grant]) -> Person:
    """Return `person` with what their groups give."""
    for grant in grants:
        changed = {"roles": person.roles | grant.roles, "desks": person.desks | grant.desks}
        person = person.model_copy(update=changed)
    return person
