"""Anybody does anything, in any order, over the real record and the real square: the promises hold."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from adapters.square.model import Blocked
from bot.domain import events as e
from bot.domain.actions import Action, actions_of
from bot.domain.case import Case, State
from bot.domain.delivery import Receipt
from bot.domain.forms import read_form
from bot.domain.mention import Mention
from bot.domain.team import Person
from bot.domain.transitions import replay
from bot.errors import BotError
from bot.flows.review import press
from bot.worker import Pace
from tests.builders import MANAGER, ON_CALL, RESPONDER, Watch, protocol
from tests.flows.houses import LATE, MINUTE, a_house
from tests.flows.test_publish_doubt import CannotSay

T = TypeVar("T")
PEOPLE = st.sampled_from([RESPONDER, MANAGER, ON_CALL])
GUESTS = st.sampled_from(["ada", "ben", "cleo"])
TEXTS = st.sampled_from([
    LATE,
    "@brightloaf the staff were rude to my mother, awful",
    "@brightloaf there was glass in my bread, my son is injured",
    "@brightloaf lovely bread, thank you so much, delicious!",
    "@brightloaf su pan estaba duro y llegó tarde, pésimo servicio",
])  # fmt: skip
SPANS = st.sampled_from([1, 20, 61, 300, 1000, 4000, 90_000])
#: Which one of however many there are.
WHICH = st.integers(0, 30)
FAULTS = st.sampled_from([None, None, "busy", "error", "lost"])
#: What a person types where a form asks for more than it carries.
TYPED: dict[str, dict[str, str]] = {
    "edit": {"text": "Hello, thank you for telling us. We are sorry, and a person looks at it."},
    "redraft": {"instruction": "Make it warmer."},
    "escalate": {"to": "general", "reason": "an exception?"},
    "answer": {"text": "Yes, we may."},
    "snooze": {"minutes": "30"},
    "silence": {"reason": "known"},
    "dismiss": {"outcome": "troll", "reason": "as always"},
    "correct": {"category": "complaint"},
    "posted": {"url": "http://127.0.0.1/square/posts/9"},
    "resolve": {"lesson": ""},
    "moderate": {"how": "report", "reason": "a troll"},
}
LANES = ("triage", "draft", "publish", "time", "card:board")
#: Nobody has to do anything, or somebody is reminded to.
SETTLED = set(State) - {State.RECEIVED, State.OPENED, State.DRAFTED, State.APPROVED, State.PUBLISHING}


class NoKeys(CannotSay):
    """A platform that takes no key and cannot say what became of a reply: a second try is a second post."""

    async def reply(self, to: Mention, text: str, *, key: str) -> Receipt:
        return await super().reply(to, text, key=f"{key}.{self.tries}")


class Life(RuleBasedStateMachine):
    """One company's life. What is drawn never hangs on what happened, so that any life can be lived again."""

    runner: ClassVar[asyncio.Runner]
    url: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.stack = AsyncExitStack()
        self.watch = Watch()
        self.seen: dict[str, Case] = {}
        self.cases: list[Case] = []
        self.posts: list[str] = []
        self.faults = 0
        self.moderated = 0
        self.paused = False

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    @initialize(blind=st.booleans())
    def begin(self, *, blind: bool) -> None:
        self.run(self._begin(blind=blind))

    async def _begin(self, *, blind: bool) -> None:
        folder = self.stack.enter_context(TemporaryDirectory(prefix="lh-"))
        house = a_house(self.url, Path(folder), self.watch)
        self.house = await self.stack.enter_async_context(house)
        self.house.pace = Pace(lease=MINUTE, at_once=1)
        if blind:
            self.house.answers_through(NoKeys(self.house))
        await self.house.reads()  # from here on it is a known source
        for who in ("ada", "ben"):
            self.posts.append((await self.house.post(LATE, who, name=None)).id)
        await self.house.reads()
        await self.house.works()

    def teardown(self) -> None:
        self.run(self._end())

    async def _end(self) -> None:
        try:
            await self._settles()
        finally:
            await self.stack.aclose()

    # What happens outside

    @rule(text=TEXTS, who=GUESTS)
    def somebody_writes(self, text: str, who: str) -> None:
        self.posts.append(self.run(self.house.post(text, who, name=None)).id)

    @rule(text=TEXTS, who=GUESTS)
    def somebody_writes_in_private(self, text: str, who: str) -> None:
        with suppress(Blocked):
            self.run(self.house.site.run(self.house.site.message, who, text))

    @rule(which=WHICH, how=st.sampled_from(["mute", "block", "hide"]))
    def a_manager_moderates(self, which: int, how: str) -> None:
        if self.cases and self.moderated < 1:
            fields = {"how": how, "reason": "a troll"}
            decision = read_form("moderate", fields, at=self.watch())
            with suppress(BotError):
                self.run(press(pick(self.cases, which).id, decision, MANAGER, self.house.parts))
                self.moderated += 1

    @rule(which=WHICH, text=TEXTS)
    def an_author_edits(self, which: int, text: str) -> None:
        post = self.house.site.get(pick(self.posts, which))
        if post.deleted_at is None:
            self.house.site.edit(post.id, f"{text} ({self.house.site.newest_event()})")

    @rule(which=WHICH)
    def an_author_deletes(self, which: int) -> None:
        self.house.site.delete(pick(self.posts, which))

    @rule(which=WHICH, who=st.sampled_from(["author", "author", "ben", "brightloaf"]))
    def somebody_replies(self, which: int, who: str) -> None:
        post = self.house.site.get(pick(self.posts, which))
        if post.deleted_at is None:
            handle = post.author.handle if who == "author" else who
            reply = self.run(self.house.post("@brightloaf hello? awful", handle, None, post.id))
            if who != "brightloaf":
                self.posts.append(reply.id)

    @rule(kind=st.sampled_from(["busy", "error", "lost"]), call=st.sampled_from(["read", "write"]))
    def the_square_has_a_bad_moment(self, kind: Any, call: Any) -> None:
        self.faults += 1
        if self.faults < 6:
            self.house.site.fail_next(kind, call=call)

    # What the bot does

    @rule(seconds=SPANS)
    def the_bot_works(self, seconds: int) -> None:
        with suppress(BotError):
            self.run(self.house.reads())
        self.run(self.house.works(seconds=seconds))

    @rule(seconds=SPANS)
    def time_passes_and_the_source_is_down(self, seconds: int) -> None:
        self.run(self.house.works(seconds=seconds))

    @rule()
    def a_worker_claims_what_is_due_and_dies(self) -> None:
        self.run(self.house.store.claim(dict.fromkeys(LANES, 9), lease=MINUTE))

    # What people do

    @rule(which=WHICH, action=WHICH, by=PEOPLE, late=st.booleans())
    def somebody_presses(self, which: int, action: int, by: Person, *, late: bool) -> None:
        if self.cases:
            case = pick(self.cases, which)
            shown = self.seen.get(case.id, case) if late else case
            self.seen[case.id] = case
            if actions := actions_of(shown, protocol()):
                self._press(shown, pick(actions, action), by)

    @rule(by=PEOPLE, other=PEOPLE, seconds=st.sampled_from([0, 20, 61]), fault=FAULTS)
    def everything_is_approved(self, by: Person, other: Person, seconds: int, fault: Any) -> None:
        """Approvals are what the promises are about, and above all those that something happens to."""
        for who, case in itertools.product((by, other), self.cases):
            now = self.run(self.house.now(case))
            for action in actions_of(now, protocol()):
                if "approve" in action.decision:
                    self._press(now, action, who)
        if fault:
            self.house.site.fail_next(fault)
        self.run(self.house.works(seconds=seconds))
        if fault:  # what is tried again by itself is tried again by now
            self.run(self.house.works(seconds=61))

    def _press(self, shown: Case, action: Action, by: Person) -> None:
        fields = {ask.name: ask.value or "because" for ask in action.asks if ask.required}
        fields |= TYPED.get(action.decision, {})
        if action.decision == "fold":
            fields = {"into": self.cases[0].id}
        decision = read_form(action.decision, fields, at=self.watch())
        with suppress(BotError):
            self.run(press(shown.id, decision, by, self.house.parts))

    @rule()
    def publishing_is_paused_or_resumed(self) -> None:
        self.paused = not self.paused
        self.run(self.house.front.pause(MANAGER) if self.paused else self.house.front.resume(MANAGER))

    # What holds

    @invariant()
    def the_promises_hold(self) -> None:
        self.run(self._check())

    async def _check(self) -> None:
        self.cases = [case async for case in self.house.store.all_cases()]
        for case in self.cases:
            entries = await self.house.store.trail(case.id)
            assert replay(entries) == case, "the trail makes another case"
            await self._check_publications(case, [entry.event for entry in entries])
            await self._check_owed(case)

    async def _check_publications(self, case: Case, history: list[Any]) -> None:
        approved, down = 0, set[str]()
        for event in history:
            match event:
                case e.ReplyApproved():
                    approved += 1
                case e.ReplyPublished():
                    assert approved, "published without an approval"
                    approved = 0
                case e.ReplyRetracted():
                    down.add(event.reply)
                case _:
                    pass
        assert down == {reply.id for reply in case.replies if reply.retracted_at}
        approvals = sum(isinstance(event, e.ReplyApproved) for event in history)
        theirs = {case.mention.id, *(m.id.split("#")[0] for m in case.thread)}
        thread = partial(self.house.site.thread, private=True)
        posts = await self.house.site.run(thread, case.mention.id)
        ours = [post for post in posts if post.via == "api" and post.in_reply_to in theirs]
        assert len(ours) <= approvals, "more posts than approvals"
        # Whoever says that a reply is not there, and is wrong, has it sent again.
        denied = sum(isinstance(event, e.NotPostedFound) for event in history)
        live = [post for post in ours if post.deleted_at is None]
        assert len({post.text for post in live}) >= len(live) - denied, "the same words twice"
        assert not down & {post.id for post in live}, "taken down, and still there"
        private = {receipt.id for receipt in case.replies if receipt.private}
        for post in ours:
            assert post.id not in private or post.private_with, "what was private was posted in public"

    async def _check_owed(self, case: Case) -> None:
        """An open case is due in its lane, not much later than it says, or a person sees it set aside."""
        if not case.open:
            return
        store, lane = self.house.store, "card:board" if case.state is State.DRAFTED else str(case.lane)
        assert case.step_at is not None
        if await store._link.send("ZSCORE", store._keys.ready(lane), case.id) is not None:
            return
        due = await store._link.send("ZSCORE", store._keys.due(lane), case.id)
        assert due is not None, f"{case.id} is {case.state} and owed in no lane"
        latest = max(case.step_at, self.watch() + timedelta(minutes=10)).timestamp() * 1000
        assert float(due) <= latest + 1, f"{case.id} is {case.state} and due too late"

    async def _settles(self) -> None:
        """The weather clears: everything that was owed is paid, and every card is true."""
        while self.house.site.take_fault("read") or self.house.site.take_fault("write"):
            continue
        await self.house.front.resume(MANAGER)
        await self.house.reads()
        for _ in range(8):
            await self.house.works(seconds=70)
        await self._check()
        assert await self.house.store.asides() == []
        known = {case.mention.id for case in self.cases}
        known |= {m.id.split("#")[0] for case in self.cases for m in case.thread}
        for event in self.house.site.mentions(0, 200, private=True):
            theirs = event.kind != "deleted" and not event.post.author.is_company
            assert event.post.id in known or not theirs, f"{event.post.id} was lost"
        for case in self.cases:
            assert case.state in SETTLED, f"{case.id} stays {case.state}"
            assert case.moderating is None, f"{case.id} waits for its moderation for ever"
            assert case.retraction is None or case.retraction.doubted, f"{case.id} is never taken down"
            if case.carded:
                card = self.house.card(case)
                assert (card.version, card.actions) == (case.version, actions_of(case, protocol()))


def pick(some: Sequence[T], which: int) -> T:
    return some[which % len(some)]


def test_whatever_anybody_does_the_promises_hold(embedded_url: str) -> None:
    with asyncio.Runner() as runner:
        Life.runner, Life.url = runner, embedded_url
        run_state_machine_as_test(
            Life,
            settings=settings(
                max_examples=40,
                stateful_step_count=25,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=(Phase.generate,),  # a shorter life takes minutes to find
            ),
        )
