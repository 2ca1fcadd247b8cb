"""Colleagues whom only a channel vouches for: team.toml does not name them, and a card has to."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.case import Case
from bot.domain.events import Entry
from bot.domain.team import Person, Team
from bot.flows.parts import Parts
from bot.ports import CaseStore


async def meet(person: Person, parts: Parts) -> None:
    """Remember what somebody is called who is not in team.toml. Before they act: their card needs it."""
    if parts.team.person(person.id) is None and parts.met.get(person.id) != person.name:
        await parts.store.meet(person.id, person.name)
        parts.met[person.id] = person.name


async def team_of(parts: Parts, *cases: Case) -> Team:
    """Return the team with the names of all who had a hand in these cases."""
    return await _with_names(parts.team, {who for case in cases for who in _hands(case)}, parts)


async def team_of_trail(entries: Iterable[Entry], team: Team, store: CaseStore) -> Team:
    """Return the team with the names of all who stand in this history."""
    who = {str(getattr(one.event, name, None) or "") for one in entries for name in ("by", "first", "over")}
    missing = {person for person in who if person and team.person(person) is None}
    return team.model_copy(update={"guests": await store.met(missing)}) if missing else team


async def _with_names(team: Team, who: set[str], parts: Parts) -> Team:
    guests = {person for person in who if team.person(person) is None}
    if not guests:
        return team
    if unknown := guests - parts.met.keys():
        parts.met.update(await parts.store.met(unknown))
    return team.model_copy(update={"guests": {g: parts.met[g] for g in guests if g in parts.met}})


def _hands(case: Case) -> set[str]:
    """Return the IDs of everybody whom a card of this case may name."""
    asked, given, first = case.escalation, case.approval, case.first_approval
    hands = (
        case.brought_by,
        case.claim and case.claim.by,
        case.last and case.last.by,
        case.draft and case.draft.editor,
        first and first.by,
        given and given.by,
        given and given.first,
        asked and asked.by,
        asked and asked.acknowledged_by,
        case.retraction and case.retraction.by,
    )
    return {who for who in hands if who}
