"""What the team channels ask of the bot: presses, cards, the trail, the day's numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.card import Card, card_of
from bot.domain.case import Case, State
from bot.domain.counting import balance
from bot.domain.decision import Dismiss
from bot.domain.team import Person, Team
from bot.domain.trail import tell_all
from bot.errors import AlreadyDone, BadInput, NoSuchCase, NotAllowed, Refused, StoreUnavailable
from bot.flows.parts import Parts
from bot.flows.pasted import open_case
from bot.flows.people import meet, team_of, team_of_trail
from bot.flows.review import press
from bot.flows.trouble import troubles_of
from bot.ports import CaseStore, Pasted, Press, Redraw, Refusal, Today, TrailLine

NOT_CONFIRMED = "Not confirmed: the record cannot be reached. Look at the card before you press again."
_REPEATED = Refusal("this press has counted already", repeated=True)


@dataclass(frozen=True, slots=True)
class Front:
    """The bot as a team channel sees it; implements `ports.Bot`."""

    parts: Parts

    @property
    def team(self) -> Team:
        """Everybody who may decide."""
        return self.parts.team

    @property
    def shadow(self) -> bool:
        """Whether everything happens but sending."""
        return self.parts.shadow

    async def press(self, press_: Press, /) -> Redraw | Refusal:
        """Take a decision."""
        by = press_.person or self.team.person(press_.by)
        if by is None:
            return Refusal("you are not on the team's list any more; ask whoever keeps team.toml")
        return await self._decide(press_, by)

    async def bring_in(self, pasted: Pasted, by: Person) -> Redraw | Refusal:
        """Make a case of what somebody found, or return the one it is already."""
        try:
            await meet(by, self.parts)
            case, already = await open_case(pasted, by, self.parts)
            return Redraw(await self._card(case, by), already=already)
        except BadInput as bad:
            return Refusal(str(bad))
        except StoreUnavailable:
            return Refusal(NOT_CONFIRMED, confirmed=False)

    async def _decide(self, pressed: Press, by: Person) -> Redraw | Refusal:
        try:
            await meet(by, self.parts)
            case = await press(pressed.case_id, pressed.decision, by, self.parts, once=pressed.once)
            return Redraw(await self._card(case, by))
        except AlreadyDone:
            return _REPEATED
        except (Refused, NotAllowed) as refused:
            return await self._refusal(str(refused), pressed, by)
        except NoSuchCase as missing:
            return Refusal(str(missing))
        except StoreUnavailable:
            return Refusal(NOT_CONFIRMED, confirmed=False)

    async def _refusal(self, says: str, pressed: Press, by: Person) -> Refusal:
        """Say why, with the card as it stands; the refusal is worth more than the card."""
        try:
            # What counted when it came for the first time is too late by its own doing.
            if pressed.once and await self.parts.store.told(pressed.once):
                return _REPEATED
            return Refusal(says, await self.card(pressed.case_id, by))
        except StoreUnavailable:
            return Refusal(says)

    async def _card(self, case: Case, viewer: Person) -> Card:
        return (await self._cards([case], viewer))[0]

    async def _cards(self, cases: Sequence[Case], viewer: Person) -> list[Card]:
        team = await team_of(self.parts, *cases)
        return [card_of(case, team, self.parts.protocol, viewer=viewer) for case in cases]

    async def queue(self, viewer: Person, *, first: int, count: int) -> tuple[Sequence[Card], int]:
        """Return open cards, worst first, and how many there are in all."""
        ids = await self.parts.store.open_cases(first=first, count=count)
        cases = await self.parts.store.get_many(ids)
        every, _ = await self.parts.store.count_cards()
        return await self._cards(cases, viewer), every

    async def card(self, case_id: str, viewer: Person) -> Card | None:
        """Return one card, `None` when there is no such case."""
        try:
            return await self._card(await self.parts.store.get(case_id), viewer)
        except NoSuchCase:
            return None

    async def trail(self, case_id: str) -> Sequence[TrailLine]:
        """Return the history of a case, oldest first."""
        return await trail_of(case_id, self.parts.store, self.team)

    async def search(self, text: str, viewer: Person, *, most: int) -> Sequence[Card]:
        """Return cards whose words, author or ID contain `text`, open ones first, then the newest."""
        found: list[Case] = []
        if not text.strip():
            return []
        async for case in self.parts.store.search(text.strip()):
            found.append(case)
            if len(found) >= most:
                break
        return await self._cards(found, viewer)

    async def today(self, viewer: Person) -> Today:
        """Return the day's numbers."""
        store = self.parts.store
        day = f"{self.parts.clock():%Y-%m-%d}"
        tally = await store.tally(day)
        sample = await store.get_many(tally.sample)
        paused = await store.paused()
        return Today(
            open_cases=await store.count_open(),
            waiting=(await store.count_cards())[1],
            counts=tally.counts,
            # A sampled case that somebody reopened stands in the queue now.
            sample=await self._cards([case for case in sample if case.state is State.CLOSED], viewer),
            beats=await store.beats(),
            asides=len(await store.asides()),
            balance=balance(await store.counts(day)),
            paused=f"{await self._name(paused[0])}, {paused[1]:%Y-%m-%d %H:%M} UTC" if paused else "",
            troubles=tuple((await troubles_of(store)).values()),
        )

    async def dismiss_many(
        self, case_ids: Sequence[str], *, outcome: str, reason: str, by: str
    ) -> Mapping[str, Redraw | Refusal]:
        """Dismiss several cases with one reason: one event each, each answered for itself."""
        person = self.team.person(by)
        if person is None:
            return {case_id: Refusal("you are not on the team's list any more") for case_id in case_ids}
        try:
            decision = Dismiss.model_validate({"outcome": outcome, "reason": reason})
        except ValueError as problem:
            raise BadInput("dismiss: choose what they are, and give a reason") from problem
        presses = [Press(case_id, decision, by) for case_id in dict.fromkeys(case_ids)]
        return {press_.case_id: await self._decide(press_, person) for press_ in presses}

    async def pause(self, by: Person) -> Refusal | None:
        """Stop publishing; `None` when it was done."""
        if not by.may("pause"):
            return Refusal("pause is for managers; ask one of them")
        await meet(by, self.parts)
        await self.parts.store.pause(by.id, self.parts.clock())
        return None

    async def resume(self, by: Person) -> Refusal | None:
        """Go on publishing; `None` when it was done."""
        if not by.may("resume"):
            return Refusal("resume is for managers; ask one of them")
        await self.parts.store.resume()
        return None

    async def _name(self, person_id: str) -> str:
        known = self.team.person(person_id)
        return known.name if known else (await self.parts.store.met([person_id])).get(person_id, person_id)

    async def stands(self, case_id: str) -> Mapping[str, str]:
        """Return under which name the card of a case is posted in each channel, on record."""
        return await self.parts.store.stands(case_id)

    async def revision(self) -> int:
        """Return a number that grows whenever any case changes."""
        return await self.parts.store.revision()


async def trail_of(case_id: str, store: CaseStore, team: Team) -> Sequence[TrailLine]:
    """Return the history of a case in human words, oldest first."""
    entries = await store.trail(case_id)
    lines = tell_all(entries, await team_of_trail(entries, team, store))
    return [TrailLine(at=line.at, who=line.who, says=line.says, text=line.text) for line in lines]
