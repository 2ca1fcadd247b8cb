"""A small team at work, in memory: a bot that keeps its promises, and the console in front of it."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientResponse, ClientSession, CookieJar, web
from yarl import URL

from adapters.chat.console.app import console_app
from adapters.chat.console.settings import ConsoleSettings
from adapters.web import Door
from bot.domain.card import Card, card_of
from bot.domain.case import WAITS_FOR_NOBODY, Case, State
from bot.domain.decide import Setting, decide
from bot.domain.decision import Dismiss, Edit
from bot.domain.draft import Draft, Finding, Verdict
from bot.domain.events import Entry
from bot.domain.team import Person
from bot.domain.trail import tell
from bot.domain.transitions import advance
from bot.errors import NotAllowed, Refused, StoreUnavailable
from bot.ports import Beat, Pasted, Press, Redraw, Refusal, Today, TrailLine
from tests.builders import TEAM, Watch, a_case, a_mention, opened, protocol

SECRET = "0123456789abcdef0123456789abcdef"


class TeamAtWork:
    """`ports.Bot` over a dictionary of cases. It warns of "guarantee", and may ask for two approvals."""

    def __init__(self, clock: Watch, *cases: Case) -> None:
        self.team, self.shadow, self.clock = TEAM, False, clock
        self.cases = {case.id: case for case in cases}
        self.entries: dict[str, list[Entry]] = {}
        self.reachable, self.changes = True, 1
        self.paused_by = ""
        self.beats: list[Beat] = []
        self.asides = 0
        self.troubles: Sequence[str] = ()
        self.counts: dict[str, int] = {}
        self.needs_two = False

    def put(self, case: Case) -> None:
        self.cases[case.id] = case
        self.changes += 1

    def _reach(self) -> None:
        if not self.reachable:
            raise StoreUnavailable("the record is away")

    def _card(self, case: Case, viewer: Person) -> Card:
        return card_of(case, TEAM, protocol(), viewer=viewer)

    def _checked(self, text: str) -> tuple[Finding, ...]:
        if self.needs_two:
            return (Finding(rule="L12", verdict=Verdict.SECOND, says="a second person must agree"),)
        if "guarantee" not in text:
            return ()
        return (Finding(rule="L5", verdict=Verdict.WARN, says="this is a promise", phrase="guarantee"),)

    async def press(self, press: Press) -> Redraw | Refusal:
        if not self.reachable:
            return Refusal("Not confirmed: the record cannot be reached.", confirmed=False)
        case, by = self.cases.get(press.case_id), TEAM.person(press.by)
        if case is None or by is None:
            return Refusal(f"there is no case {press.case_id!r}")
        draft = None
        if isinstance(press.decision, Edit) and case.draft:
            made = {"text": press.decision.text, "by": f"person:{by.id}"}
            made["findings"] = self._checked(press.decision.text)
            draft = Draft.model_validate({**case.draft.model_dump(), **made})
        findings = self._checked(case.draft.text) if case.draft else ()
        setting = Setting(
            at=self.clock(), by=by, team=TEAM, protocol=protocol(), findings=findings, draft=draft
        )
        try:
            events = decide(case, press.decision, setting)
        except (Refused, NotAllowed) as refused:
            return Refusal(str(refused), self._card(case, by))
        for event in events:
            case = advance(case, event, at=self.clock())
            entry = Entry(version=case.version, at=self.clock(), event=event)
            self.entries.setdefault(case.id, []).append(entry)
        self.put(case)
        return Redraw(self._card(case, by))

    async def queue(self, viewer: Person, *, first: int, count: int) -> tuple[Sequence[Card], int]:
        self._reach()
        ranked = sorted((c for c in self.cases.values() if c.open), key=lambda c: c.rank)
        return [self._card(case, viewer) for case in ranked[first : first + count]], len(ranked)

    async def card(self, case_id: str, viewer: Person) -> Card | None:
        self._reach()
        case = self.cases.get(case_id)
        return self._card(case, viewer) if case else None

    async def trail(self, case_id: str) -> Sequence[TrailLine]:
        self._reach()
        lines = [tell(entry, TEAM) for entry in self.entries.get(case_id, [])]
        return [TrailLine(at=line.at, who=line.who, says=line.says, text=line.text) for line in lines]

    async def search(self, text: str, viewer: Person, *, most: int) -> Sequence[Card]:
        self._reach()
        found = [c for c in self.cases.values() if text in c.mention.text or text in c.id]
        return [self._card(case, viewer) for case in found[:most]]

    async def today(self, viewer: Person) -> Today:
        self._reach()
        return Today(
            waiting=sum(case.open and case.rank < WAITS_FOR_NOBODY for case in self.cases.values()),
            open_cases=sum(case.open for case in self.cases.values()),
            counts=self.counts,
            sample=[self._card(c, viewer) for c in self.cases.values() if c.state is State.CLOSED],
            beats=self.beats,
            asides=self.asides,
            paused=self.paused_by,
            troubles=self.troubles,
        )

    async def dismiss_many(
        self, case_ids: Sequence[str], *, outcome: str, reason: str, by: str
    ) -> Mapping[str, Redraw | Refusal]:
        made = Dismiss.model_validate({"outcome": outcome, "reason": reason})
        return {one: await self.press(Press(case_id=one, decision=made, by=by)) for one in case_ids}

    async def bring_in(self, pasted: Pasted, by: Person) -> Redraw | Refusal:
        self._reach()
        if not pasted.text.strip():
            return Refusal("what did they write?")
        mention = a_mention(pasted.text, source="pasted", id="found", url=pasted.url or None)
        self.put(a_case(opened(), mention=mention))
        return Redraw(self._card(self.cases[mention.case_id], by))

    async def pause(self, by: Person) -> Refusal | None:
        self._reach()
        self.paused_by = f"{by.name}, 12:00 UTC"
        return None

    async def resume(self, by: Person) -> Refusal | None:
        self._reach()
        self.paused_by = ""
        return None

    async def stands(self, case_id: str) -> Mapping[str, str]:
        self._reach()
        return {"console": case_id} if case_id in self.cases else {}

    async def revision(self) -> int:
        self._reach()
        return self.changes


class Visitor:
    """Somebody at a browser without scripts: keeps cookies, reads the token from the page, posts forms."""

    def __init__(self, session: ClientSession, base: str, door: Door) -> None:
        self.session, self.base, self.token = session, base, ""
        self.leave = door.close

    @property
    def cookies(self) -> dict[str, str]:
        return {one.key: one.value for one in self.session.cookie_jar}

    def bring(self, cookies: Mapping[str, str]) -> None:
        self.session.cookie_jar.update_cookies(cookies, URL(self.base))

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with self.session.get(f"{self.base}{path}", headers=headers) as response:
            text = await response.text()
        if found := re.search(r'name="csrf" value="([0-9a-f]+)"', text):
            self.token = found[1]
        return response.status, text

    async def post(
        self, path: str, fields: Mapping[str, Any] | None = None, **headers: str
    ) -> ClientResponse:
        """Post a form as the last page got would have, and read the answer; it is not followed."""
        if not self.token:
            await self.get("/")
        form = [("csrf", self.token), *((fields or {}).items())]
        pairs = [(k, one) for k, v in form for one in (v if isinstance(v, list) else [v])]
        response = await self.session.post(
            f"{self.base}{path}", data=pairs, headers=headers, allow_redirects=False
        )
        await response.read()
        return response

    async def be(self, person: str) -> None:
        await self.post("/who", {"person": person})
        self.token = ""


@asynccontextmanager
async def visiting(
    bot: TeamAtWork, *, square: web.Application | None = None, **settings: Any
) -> AsyncGenerator[Visitor]:
    """A visitor at a console that listens on loopback; the settings are the demo's but for `settings`."""
    made = ConsoleSettings(**{"secret": SECRET, "port": 0, **settings})
    async with Door() as door:
        base = await door.open(console_app(bot, made, clock=bot.clock, square=square), "127.0.0.1", 0)
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
            yield Visitor(session, base, door)
