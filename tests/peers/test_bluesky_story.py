"""The whole story on Bluesky's own network: mention, card, approval, reply, and the author's answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from adapters.llm.offline import OfflineWriter
from adapters.platforms.bluesky import UNTAGGED, Bluesky
from adapters.store.redis import RedisStore
from adapters.triage.offline import OfflineClassifier
from bot.domain.case import Case, State
from bot.domain.delivery import Mode
from bot.domain.forms import read_form
from bot.domain.keywords import Keywords
from bot.flows.ingest import read
from bot.flows.parts import Parts
from bot.flows.review import press
from bot.ports import Platform
from bot.worker import Pace, Worker
from tests.builders import RESPONDER, TEAM, Watch, protocol
from tests.flows.houses import Board, approval
from tests.peers.networks import Network, Person
from tests.stores import a_store

pytestmark = [pytest.mark.peer, pytest.mark.timeout(180)]


@dataclass
class House:
    """The bot as it runs for one account on Bluehouse."""

    store: RedisStore
    watch: Watch
    bluesky: Bluesky
    company: Person
    board: Board = field(default_factory=Board)

    @property
    def parts(self) -> Parts:
        classifier, writer = OfflineClassifier(), OfflineWriter(protocol())
        platform = Platform(
            name="sky", mode=Mode.API, reason="they tagged us", max_length=self.bluesky.max_length,
            hosts=self.bluesky.hosts, untagged=UNTAGGED, measure=self.bluesky.measure, source=self.bluesky,
            publisher=self.bluesky,
        )  # fmt: skip
        return Parts(
            store=self.store, team=TEAM, protocol=protocol(), clock=self.watch, classifier=classifier,
            provisional=classifier.provisional, writer=writer, offline=writer, platforms={"sky": platform},
            channels={"board": self.board},
        )  # fmt: skip

    async def goes_on(self, **time: float) -> None:
        """Let time pass, read what is new, and do what is due."""
        self.watch.move(**time)
        lease = await self.store.cursors.take("sky", by="test", lease=timedelta(minutes=1))
        assert lease is not None
        await read(self.bluesky, cursors=self.store.cursors, lease=lease, parts=self.parts)
        await Worker(self.parts, Pace()).drain()

    async def case(self, uri: str) -> Case:
        return await self.store.get(f"sky:{uri}")


def name_of(company: Person) -> str:
    """A name that nobody else on the network uses."""
    return f"Brightloaf{company.did[-8:]}"


@pytest.fixture
async def house(network: Network, embedded_url: str) -> AsyncIterator[House]:
    watch = Watch(datetime.now(UTC))
    company = network.person("brightloaf", "Brightloaf")
    bluesky = Bluesky(
        name="sky",
        url=network.pds,
        account=company.handle,
        password=company.app_password(),
        keywords=Keywords(words=(name_of(company),)),
        clock=watch,
    )
    async with bluesky, a_store(embedded_url, watch, channels=("board",)) as store:
        yield House(store, watch, bluesky, company)


async def test_a_mention_becomes_a_card_a_reply_its_author_sees_and_their_answer_reopens_it(
    house: House, network: Network
) -> None:
    ada = network.person("ada", "Ada Park")
    uri = ada.post(
        f"@{house.company.handle} my order came two hours late and the bread was cold", people=[house.company]
    )
    await house.goes_on()
    case = await house.case(uri)
    assert case.state is State.IN_REVIEW
    assert house.board.cards[case.id].mention
    assert ada.sees_below(uri) == []

    await press(case.id, approval(case), RESPONDER, house.parts)
    await house.goes_on(seconds=21)
    case = await house.case(uri)
    assert (case.state, [receipt.text for receipt in case.replies]) == (
        State.PUBLISHED,
        [case.draft.text if case.draft else ""],
    )
    (seen,) = ada.sees_below(uri)
    assert (seen["uri"], seen["record"]["text"]) == (case.replies[0].id, case.replies[0].text)

    answer = ada.post("Thank you. It was order 12, can you check?", to=seen["uri"])
    await house.goes_on(minutes=5)
    case = await house.case(uri)
    assert [(message.id, message.by) for message in case.thread] == [(answer, "author")]
    assert case.state is State.IN_REVIEW

    await press(case.id, approval(case), RESPONDER, house.parts)
    await house.goes_on(seconds=21)
    case = await house.case(uri)
    assert case.state is State.PUBLISHED
    assert [post["uri"] for post in ada.sees_below(answer)] == [case.replies[1].id]
    assert len(ada.sees_below(uri)) == 1


async def test_a_post_that_only_uses_our_name_is_answered_by_hand(house: House, network: Network) -> None:
    ada = network.person("ada", "Ada Park")
    uri = ada.post(f"{name_of(house.company)} delivered two hours late and the bread was cold")
    await house.goes_on()
    case = await house.case(uri)
    assert (case.state, case.mention.tagged) == (State.IN_REVIEW, False)
    assert case.delivery is not None
    assert (case.delivery.mode, case.delivery.reason) == (Mode.ASSISTED, UNTAGGED)

    await press(case.id, approval(case), RESPONDER, house.parts)
    await house.goes_on(seconds=21)
    case = await house.case(uri)
    assert case.state is State.AWAITING_POST
    assert ada.sees_below(uri) == []

    by_hand = house.company.post(case.draft.text if case.draft else "", to=uri)
    await house.goes_on(minutes=5)
    address = f"https://bsky.app/profile/{house.company.did}/post/{by_hand.rsplit('/', 1)[-1]}"
    await press(case.id, read_form("posted", {"url": address}, at=house.watch()), RESPONDER, house.parts)
    case = await house.case(uri)
    assert case.state is State.PUBLISHED
    assert case.replies[0].url == address
